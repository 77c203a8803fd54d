// For: all that belongs on one page with a case.
// In: the case, and who reads it in which language. Out: its answers, people, history, advice, mails, what was alike.
import type { Principal } from '../base/principal.ts'
import { listCaseMails } from '../channels/threads.ts'
import { unitScope, visibleAnswer } from '../people/access.ts'
import { readAccountTimeline, readTimeline } from '../people/timeline.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import { responseOnWire } from '../responses/apiRoutes.ts'
import type { Tx } from '../storage/postgres.ts'
import { caseActor } from './actor.ts'
import { adviceFor } from './advice.ts'
import { allowedActions } from './case.ts'
import { casePeople } from './people.ts'
import { caseHistory, caseOnWire, readCase } from './read.ts'
import { similarCases } from './similar.ts'
import type { CaseEvent } from './standing.ts'
import { readWithdrawn } from './withdrawn.ts'

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
  const responses = await answersOf(tx, programs, checked, caseId, principal, language)
  const own = await programs.versionIn(tx, found.answerVersion)
  const events = await caseHistory(tx, caseId)
  return {
    ...caseOnWire(own, found),
    may: principal.scopes.includes('cases:write') ? allowedActions(found, actor) : [],
    events: events.map(({ actor: actorId, actorName, ...event }) => ({
      ...event,
      detail: withoutLot(event.detail),
      actor: actorName ?? actorId,
      actorId,
    })),
    withdrawn: await readWithdrawn(tx, caseId),
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
    mails: await listCaseMails(tx, caseId),
  }
}

/** Whoever works on a case that a trial follows up at once is not to know that it takes part: they might work otherwise. */
function withoutLot(detail: CaseEvent['detail']): CaseEvent['detail'] {
  if (detail?.arm !== 'now') return detail
  const { trial: _, arm: __, ...rest } = detail
  return rest
}

async function answersOf(
  tx: Tx,
  programs: Programs,
  { program }: CheckedProgram,
  caseId: string,
  principal: Principal,
  language: string,
) {
  const values: unknown[] = [caseId]
  // One that joined may be of another unit, or about whoever reads.
  const visible = visibleAnswer(unitScope(principal), 'r', program, values)
  const rows = await tx.query<{ responseId: string; joinedAt: Date }>(
    `select j.response_id as "responseId", j.joined_at as "joinedAt" from case_responses j
     join responses r on r.response_id = j.response_id
     where j.case_id = $1 and ${visible} order by j.joined_at desc, r.answered_at desc, j.response_id limit ${answersShown}`,
    values,
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
