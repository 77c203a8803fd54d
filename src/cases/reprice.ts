// For: putting cases in order anew when it is known anew what customers are worth.
// In: values that were reckoned, cases that were opened again. Out: priority, terms and segment of cases that are not closed; of a case that was opened
// before anything was known of its customer, also of a closed one, the segment and whether they were of high value.
import type { Log } from '../base/log.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { LoyaltyBand } from '../program/schema-value.ts'
import type { Programs } from '../program/store.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { type PriorityItem, priorityOf } from '../value/priority.ts'
import { readAnswered } from './candidates.ts'
import { judgeBy } from './judge.ts'

interface Waiting extends Row {
  caseId: string
  responseId: string
  contactId: string | null
  accountId: string | null
  band: LoyaltyBand | null
  channel: string
  survey: string
  answers: Record<string, unknown>
  context: Context
  closed: boolean
  /** The answer the case was opened with. */
  openedBy: string
  /** Nothing was known of the customer's value so far. */
  unknown: boolean
}

const atOnce = 500

/** Puts the cases that are not closed in order anew, after values were reckoned, or of these those that were opened again
 * and so were passed over while they were closed: their priority by the latest answer, its
 * terms and the customer's segment. A case that was opened before its customer's value was known gets segment and high
 * value as they are first known; from then on high value stays. What agents do with a case is not touched by it, nor its
 * revision. Safe to repeat.
 */
export async function repriceCases(
  parts: { database: Database; programs: Programs; log: Log },
  workspaceId: string,
  caseIds?: readonly string[],
): Promise<void> {
  if (caseIds?.length === 0) return
  const checked = await parts.programs.active(workspaceId)
  let after: string | undefined = '00000000-0000-0000-0000-000000000000'
  while (after !== undefined) {
    const from: string = after
    after = await parts.database.inWorkspace(workspaceId, (tx) =>
      repricePage(tx, parts, checked, from, caseIds),
    )
  }
}

/** The answer that joined a case last; what its customer says of the case itself is none. */
const latest = `case when c.joined = 0 then c.response_id else coalesce((
  select j.response_id from case_responses j
  join responses x on x.workspace_id = j.workspace_id and x.response_id = j.response_id
  left join invitations i on i.workspace_id = x.workspace_id and i.invitation_id = x.invitation_id
  where j.workspace_id = c.workspace_id and j.case_id = c.case_id and i.case_id is null
  order by j.joined_at desc, x.answered_at desc, j.response_id limit 1), c.response_id) end`

/** @returns the last case looked at; undefined when there are no more */
async function repricePage(
  tx: Tx,
  parts: { log: Log },
  checked: CheckedProgram,
  after: string,
  caseIds: readonly string[] | undefined,
): Promise<string | undefined> {
  const waiting = await tx.query<Waiting>(
    `select c.case_id as "caseId", r.response_id as "responseId", c.response_id as "openedBy",
       c.contact_id as "contactId", c.account_id as "accountId", c.band, coalesce(c.recommended, 'phone') as channel,
       r.survey, r.answers, r.context, c.state = 'closed' as closed, c.value_segment is null as unknown
     from cases c cross join lateral (select ${latest} as response_id offset 0) l
     join responses r on r.workspace_id = c.workspace_id and r.response_id = l.response_id
     where c.workspace_id = $1 and (c.state <> 'closed' or c.value_segment is null) and c.case_id > $2
       and ($4::uuid[] is null or c.case_id = any($4::uuid[]))
     order by c.case_id limit $3`,
    [tx.workspaceId, after, atOnce, caseIds ?? null],
  )
  const priorities = await priorityOf(tx, checked, waiting satisfies PriorityItem[])
  const priced = waiting.map((each, at) => ({ ...each, priority: priorities?.[at] }))
  const firstKnown = priced.filter(({ unknown, priority }) => unknown && priority?.segment)
  const high = await highValueOf(
    tx,
    parts,
    checked,
    firstKnown.map(({ openedBy }) => openedBy),
  )
  const rows = priced.map(({ caseId, closed, unknown, openedBy, priority }) => ({
    id: caseId,
    closed,
    priority: priority?.expected ?? null,
    terms: priority?.terms ?? null,
    segment: priority?.segment ?? null,
    high: unknown && (high?.get(openedBy) ?? priority?.high ?? false),
  }))
  const changed = await tx.query<{ id: string }>(
    `update cases c set value_segment = n.segment, high_value = c.high_value or n.high,
       priority = case when n.closed then c.priority else n.priority end,
       priority_terms = case when n.closed then c.priority_terms else n.terms end
     from json_to_recordset($2::json)
       as n(id uuid, closed boolean, priority double precision, terms jsonb, segment text, high boolean)
     where c.workspace_id = $1 and c.case_id = n.id and (c.state = 'closed') = n.closed
       and (not n.closed or n.segment is not null)
       and ((c.priority, c.priority_terms, c.value_segment) is distinct from (n.priority, n.terms, n.segment) or n.high)
     returning c.case_id as id`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  await appendOutbox(
    tx,
    'case',
    changed.map(({ id }) => id),
  )
  return waiting.length < atOnce ? undefined : waiting.at(-1)!.caseId
}

/** Whether the program's own condition calls the customers of these answers of high value; undefined where it has none. */
async function highValueOf(
  tx: Tx,
  parts: { log: Log },
  checked: CheckedProgram,
  responseIds: readonly string[],
): Promise<Map<string, boolean> | undefined> {
  const { highValue } = checked.program.recovery ?? {}
  if (highValue === undefined) return undefined
  const judged = await judgeBy(tx, parts, await readAnswered(tx, responseIds), async ({ answeredAt }) => ({
    checked,
    at: answeredAt,
  }))
  return new Map(judged.map(({ candidate, holds }) => [candidate.responseId, holds(highValue) === true]))
}
