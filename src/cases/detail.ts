// For: all that belongs on one page with a case.
// In: the case, and who reads it in which language. Out: its answers, people, history, advice, mails, what was alike.
import type { Principal } from '../base/principal.ts'
import { unitScope } from '../people/access.ts'
import { readAccountTimeline, readTimeline } from '../people/timeline.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { knownLanguage, textIn } from '../program/question.ts'
import type { ProgramText } from '../program/schema.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import { responseOnWire } from '../responses/apiRoutes.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { caseActor } from './actor.ts'
import { allowedActions } from './case.ts'
import { casePeople } from './people.ts'
import { caseHistory, caseOnWire, readCase, type StoredCase } from './read.ts'
import { similarCases } from './similar.ts'
import { fillTemplate } from './template.ts'

/** More answers than this of one case are not shown. */
const answersShown = 20

/** One case with everything that belongs to it.
 * @param program the active one: titles and templates are of today
 * @throws Refusal thing.unknown, also outside of the person's unit
 */
export async function caseDetail(
  tx: Tx,
  programs: Programs,
  checked: CheckedProgram,
  caseId: string,
  principal: Principal,
  language: string,
) {
  const scope = unitScope(principal)
  const actor = caseActor(principal)
  const found = await readCase(tx, caseId, { me: actor.id, scope })
  const { contactId, accountId } = found
  const responses = await answersOf(tx, programs, caseId, principal, language)
  const own = await programs.versionIn(tx, found.version)
  const events = await caseHistory(tx, caseId)
  return {
    ...caseOnWire(own, found),
    may: principal.scopes.includes('cases:write') ? allowedActions(found, actor) : [],
    events: events.map(({ actor: actorId, actorName, ...event }) => ({
      ...event,
      actor: actorName ?? actorId,
      actorId,
    })),
    people: await casePeople(tx, caseId),
    record: {
      cause: found.cause,
      action: found.action,
      churnBefore: found.churnBefore,
      churnAfter: found.churnAfter,
      learning: found.learning,
      quote: found.quote,
    },
    response: await responseOnWire(tx, programs, found.responseId, principal, language),
    responses,
    timeline: contactId === null ? [] : await readTimeline(tx, checked.program, contactId, language, scope),
    accountTimeline:
      accountId === null ? [] : await readAccountTimeline(tx, checked.program, accountId, language, scope),
    similar: await similarCases(tx, found, scope),
    priorityTerms: await priorityTerms(tx, caseId),
    advice: await adviceFor(tx, checked, found, principal, language),
    mails: await mailsOf(tx, caseId),
  }
}

async function answersOf(tx: Tx, programs: Programs, caseId: string, principal: Principal, language: string) {
  const rows = await tx.query<{ responseId: string; joinedAt: Date }>(
    `select j.response_id as "responseId", j.joined_at as "joinedAt" from case_responses j
     join responses r on r.response_id = j.response_id
     where j.case_id = $1 order by r.answered_at desc, j.response_id limit ${answersShown}`,
    [caseId],
  )
  const themes = await tx.query<{ id: string; theme: string; by: string; found: string[] }>(
    `select response_id as id, theme, by, found from response_themes where response_id = any($1::uuid[]) order by theme`,
    [rows.map((row) => row.responseId)],
  )
  const answers = []
  for (const { responseId, joinedAt } of rows) {
    answers.push({
      responseId,
      joinedAt,
      themes: themes.filter(({ id }) => id === responseId).map(({ id: _, ...theme }) => theme),
      response: await responseOnWire(tx, programs, responseId, principal, language),
    })
  }
  return answers
}

async function priorityTerms(tx: Tx, caseId: string): Promise<Record<string, unknown> | null> {
  const [row] = await tx.query<{ terms: Record<string, unknown> | null }>(
    'select priority_terms as terms from cases where case_id = $1',
    [caseId],
  )
  return row?.terms ?? null
}

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
  }>(
    `select r.context, r.language, p.email, p.phone, p.language as own from responses r
     left join contacts p on p.contact_id = $2 where r.response_id = $1`,
    [found.responseId, found.contactId],
  )
  const rule = checked.program.recovery?.rules.find(({ id }) => id === found.rule)
  const template = found.template ?? rule?.template ?? null
  const spoken = knownLanguage(about?.own ?? about?.language ?? language)
  const letter = template
    ? fillTemplate(
        checked,
        template,
        {
          context: about?.context ?? undefined,
          customerName: found.contactName,
          ownerName: found.ownerName ?? name,
        },
        spoken,
      )
    : undefined
  const because = textIn((found.recommendedBecause ?? undefined) as ProgramText | undefined, language)
  return {
    channel: (found.recommended ?? 'phone') as ResponseChannel,
    because: because === '' ? null : because,
    template: letter ? template : null,
    language: spoken,
    subject: letter?.subject ?? null,
    body: letter?.body ?? null,
    to: about?.email ?? null,
    phone: about?.phone ?? null,
  }
}

export interface CaseMail extends Row {
  mailId: string
  direction: 'in' | 'out'
  at: Date
  sender: string
  recipient: string
  subject: string
  text: string
  actor: string | null
  automatic: boolean
  attachments: Array<{ name: string; type: string; size: number }>
}

/** The letters of a case, out and in, in their order; not those that were put aside. */
export async function mailsOf(tx: Tx, caseId: string): Promise<CaseMail[]> {
  const [table] = await tx.query<{ there: boolean }>(`select to_regclass('case_mails') is not null as there`)
  if (!table?.there) return []
  return tx.query<CaseMail>(
    `select mail_id as "mailId", direction, at, sender, recipient, subject, text, actor_name as actor, automatic,
       attachments
     from case_mails where case_id = $1 and (aside is null or settled = 'accepted') order by at, mail_id`,
    [caseId],
  )
}
