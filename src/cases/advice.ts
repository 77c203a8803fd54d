import type { Principal } from '../base/principal.ts'
import { isUnsubscribed } from '../people/unsubscribed.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { knownLanguage, textIn } from '../program/question.ts'
import type { ProgramText } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Tx } from '../storage/postgres.ts'
import type { StoredCase } from './read.ts'
import { fillLetter } from './template.ts'

/** The channel and the text that the policy recommends, ready to be sent or read out. */
export async function adviceFor(
  tx: Tx,
  checked: CheckedProgram,
  found: StoredCase,
  { name }: Pick<Principal, 'name'>,
  language: string,
) {
  const [about] = await tx.query<{
    context: Context | null
    language: string
    email: string | null
    phone: string | null
    own: string | null
    unsubscribed: boolean | null
  }>(
    `select r.context, r.language, p.email, p.phone, p.language as own, ${isUnsubscribed('p')} as unsubscribed from responses r
     left join contacts p on p.contact_id = $2 where r.response_id = $1`,
    [found.responseId, found.contactId],
  )
  const rule = checked.program.recovery?.rules.find(({ id }) => id === found.rule)
  const template = found.template ?? rule?.template ?? null
  const spoken = knownLanguage(about?.own ?? about?.language ?? language)
  const subject = {
    context: about?.context ?? undefined,
    customer: { name: found.contactName, email: about?.email ?? null, phone: about?.phone ?? null },
    ownerName: found.ownerName ?? name,
  }
  const letters = Object.entries(checked.program.recovery?.templates ?? {}).map(([id, each]) => ({
    id,
    ...fillLetter(checked, each, subject, spoken),
  }))
  const letter = letters.find(({ id }) => id === template)
  const because = textIn((found.recommendedBecause ?? undefined) as ProgramText | undefined, language)
  return {
    channel: (found.recommended ?? 'phone') as ResponseChannel,
    because: because === '' ? null : because,
    template: letter ? template : null,
    language: spoken,
    subject: letter?.subject ?? null,
    body: letter?.body ?? null,
    letters,
    to: about?.email ?? null,
    phone: about?.phone ?? null,
    unsubscribed: about?.unsubscribed ?? false,
  }
}
