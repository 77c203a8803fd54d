// For: what the customer says about a case that was closed: did we solve it?
// In: completed answers to the follow-up question. Out: noted on their cases; a no opens the case again.
import { type Clock, timeOfWork } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import type { ProductAction } from './case.ts'
import { newDeadline } from './deadline.ts'
import type { DecisionReason } from './policy.ts'
import { applyProduct } from './store.ts'

interface Answered extends Row {
  responseId: string
  survey: string
  answers: Record<string, unknown>
  answeredAt: Date
  caseId: string
  rule: string
  unitKey: string | null
  version: string
}

/** Notes what customers say of their closed cases. An answer that was noted is not noted again. */
export async function takeFollowUps(
  parts: { database: Database; clock: Clock; programs: Programs; announce: Announce },
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const answers = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<Answered>(
      `select r.response_id as "responseId", r.survey, r.answers, r.answered_at as "answeredAt",
         c.case_id as "caseId", c.rule, c.unit_key as "unitKey", r.version
       from responses r join invitations i on i.invitation_id = r.invitation_id join cases c on c.case_id = i.case_id
       where r.response_id = any($1::uuid[]) and r.state = 'completed'
         and not exists (select from case_events e where e.case_id = c.case_id and e.kind = 'followedUp'
           and e.detail->>'responseId' = r.response_id::text)
       order by r.answered_at, r.response_id`,
      [responseIds],
    ),
  )
  const changes: Array<{ caseId: string; action: ProductAction; at: Date }> = []
  for (const { caseId, responseId, answeredAt, survey, answers: given, version, ...about } of answers) {
    const checked = await parts.programs.version(workspaceId, version)
    const solved = saysSolved(checked, survey, given)
    if (solved === undefined) continue
    const at = timeOfWork(parts.clock, answeredAt)
    changes.push({ caseId, at, action: { kind: 'followedUp', solved, responseId } })
    if (solved) continue
    const deadline = newDeadline(checked, about, at)
    changes.push({ caseId, at, action: { kind: 'reopened', responseId, answeredAt, solved, ...deadline } })
  }
  if (changes.length === 0) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    await applyProduct(tx, parts, changes)
    await keepHandling(tx, changes)
    const caseIds = changes.flatMap(({ action, caseId }) => (action.kind === 'reopened' ? [caseId] : []))
    if (caseIds.length === 0) return
    await parts.announce(tx, { kind: 'case.opened', workspaceId, caseIds })
    await parts.announce(tx, { kind: 'cases.due', workspaceId })
  })
}

/** A no that opened its case again is handled by that; the recovery policy has nothing more to decide about it. */
async function keepHandling(
  tx: Tx,
  changes: ReadonlyArray<{ action: ProductAction; at: Date }>,
): Promise<void> {
  const rows = changes.flatMap(({ action, at }) =>
    action.kind === 'reopened' && action.responseId ? [{ response: action.responseId, at }] : [],
  )
  if (rows.length === 0) return
  const kept = await tx.query<{ id: string }>(
    `insert into recovery_decisions (workspace_id, response_id, rule, handling, reason, case_id, unit_key, decided_at,
       version)
     select c.workspace_id, r.response, c.rule, 'reopened', $2, c.case_id, c.unit_key, r.at, c.version
     from json_to_recordset($1::json) as r(response uuid, at timestamptz)
     join case_responses j on j.response_id = r.response join cases c on c.case_id = j.case_id
     on conflict do nothing returning response_id as id`,
    [JSON.stringify(rows), 'followUpNo' satisfies DecisionReason],
  )
  await appendOutbox(
    tx,
    'response',
    kept.map(({ id }) => id),
  )
}

const yes = ['yes', 'true', 'solved']

/** What the survey's first choice question says: a choice called yes, true or solved is a yes, where there is none the
 * first one; every other is a no.
 * @returns undefined when it was not answered
 */
export function saysSolved(
  { program }: CheckedProgram,
  survey: string,
  answers: Record<string, unknown>,
): boolean | undefined {
  const question = program.surveys[survey]?.questions.find(({ kind }) => kind === 'choice')
  const answer = question && answers[question.id]
  if (question?.kind !== 'choice' || typeof answer !== 'string') return undefined
  const meant = question.choices.find(({ value }) => yes.includes(value)) ?? question.choices[0]
  return answer === meant?.value
}
