// For: writing to the customer of a case, one by hand or many by template.
// In: what is said, and the revision that was seen. Out: a letter queued on the case's thread, noted as contact by mail.
import { Refusal } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import type { Principal } from '../base/principal.ts'
import { queueLetter } from '../channels/threads.ts'
import { signatureOf } from '../people/who.ts'
import type { Tx } from '../storage/postgres.ts'
import type { ActionParts } from './actions.ts'
import { type Acting, actingAs } from './actor.ts'
import { adviceFor } from './advice.ts'
import { readCase, readCases, type StoredCase } from './read.ts'
import { type ChangeReceipt, changeCase, changeCases, type SeenCase } from './store.ts'

export interface LetterParts extends ActionParts {
  publicUrl: string
}

interface Written {
  to: string
  subject: string
  body: string
  language: string
  consentOf?: string
}

/** Sends a letter, and notes it as contact by mail; the answer comes back to the case.
 * @throws Refusal as `act`; thing.unknown; case.noAddress when the customer has no e-mail address
 */
export async function writeLetter(
  parts: LetterParts,
  principal: Principal,
  caseId: string,
  letter: { revision: number; subject: string; text: string },
): Promise<StoredCase> {
  const { workspaceId } = principal
  const { actor, scope, checked, at } = await actingAs(parts, principal)
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const found = await readCase(tx, caseId, { me: actor.id, scope })
    const { to, language } = await adviceFor(tx, checked, found, principal, 'en')
    if (to === null) throw new Refusal('case.noAddress')
    const mailId = letterId(workspaceId, caseId, letter.revision)
    const action = { kind: 'contact', channel: 'mail', note: letter.subject, mailId } as const
    await changeCase(tx, parts, { caseId, action, actor, revision: letter.revision, at }, { scope, checked })
    const written = { to, language, subject: letter.subject, body: letter.text }
    await send(tx, parts, caseId, mailId, written, actor, signatureOf(actor, checked.program))
    return readCase(tx, caseId, { me: actor.id, scope })
  })
}

/** Writes to each customer by a template, filled in and in their language; who has no address, or has asked for no mails
 * that go to many, is refused. A letter to one alone is a colleague's own, and goes to them too.
 * @throws Refusal case.incomplete when the program has no such template
 */
export async function writeMany(
  parts: LetterParts,
  principal: Principal,
  items: readonly SeenCase[],
  template: string,
): Promise<ChangeReceipt[]> {
  const acting = await actingAs(parts, principal)
  if (!acting.checked.program.recovery?.templates?.[template])
    throw new Refusal('case.incomplete', `The program has no template ${template}.`)
  const receipts: ChangeReceipt[] = []
  for (let start = 0; start < items.length; start += atOnce) {
    const some = items.slice(start, start + atOnce)
    receipts.push(
      ...(await parts.database.inWorkspace(principal.workspaceId, (tx) =>
        writeSome(tx, parts, principal, acting, some, template),
      )),
    )
  }
  return receipts
}

/** Letters of one transaction: one must not hold up everybody else for long. */
const atOnce = 100

async function writeSome(
  tx: Tx,
  parts: LetterParts,
  principal: Principal,
  { actor, scope, checked, at }: Acting,
  items: readonly SeenCase[],
  template: string,
): Promise<ChangeReceipt[]> {
  const cases = await readCases(
    tx,
    items.map(({ caseId }) => caseId),
    { me: actor.id, scope },
  )
  const written = new Map<string, Written>()
  const unreachable = new Map<string, Refusal>()
  for (const found of cases) {
    const advice = await adviceFor(tx, checked, { ...found, template }, principal, 'en')
    const { to, subject, body, language } = advice
    if (advice.unsubscribed) unreachable.set(found.caseId, new Refusal('case.unsubscribed'))
    else if (to !== null && subject !== null && body !== null) {
      const consentOf = found.contactId
      written.set(found.caseId, { to, subject, body, language, ...(consentOf ? { consentOf } : {}) })
    } else unreachable.set(found.caseId, new Refusal('case.noAddress'))
  }
  const reachable = items.filter(({ caseId }) => !unreachable.has(caseId))
  const changed = await changeCases(
    tx,
    parts,
    reachable.map(({ caseId, revision }) => {
      const mailId = letterId(tx.workspaceId as string, caseId, revision)
      const note = written.get(caseId)?.subject ?? ''
      return { caseId, revision, actor, at, action: { kind: 'contact', channel: 'mail', note, mailId } }
    }),
    { scope, checked },
  )
  const waiting = [...changed]
  const receipts: ChangeReceipt[] = []
  for (const { caseId, revision } of items) {
    const refusal = unreachable.get(caseId)
    if (refusal) {
      receipts.push({ caseId, status: 'refused', refusal })
      continue
    }
    const receipt = waiting.shift() as ChangeReceipt
    receipts.push(receipt)
    const letter = written.get(caseId)
    if (receipt.status === 'done' && letter)
      await send(
        tx,
        parts,
        caseId,
        letterId(tx.workspaceId as string, caseId, revision),
        letter,
        actor,
        signatureOf(actor, checked.program),
      )
  }
  return receipts
}

/** One letter for each revision that was seen, so that the same request twice sends one. */
const letterId = (workspaceId: string, caseId: string, revision: number) =>
  stableId(workspaceId, 'letter', caseId, String(revision))

async function send(
  tx: Tx,
  parts: LetterParts,
  caseId: string,
  mailId: string,
  letter: Written,
  actor: { id: string; name: string },
  from: string,
) {
  await queueLetter(tx, parts, { ...letter, caseId, mailId, from, actor })
}
