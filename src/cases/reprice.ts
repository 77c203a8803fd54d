import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { LoyaltyBand } from '../program/schema-value.ts'
import type { Programs } from '../program/store.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { type PriorityItem, priorityOf } from '../value/priority.ts'

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
}

const atOnce = 500

/** Puts the cases that are not closed in order anew, after values were reckoned: their priority, its terms and the
 * customer's segment. What agents do with a case is not touched by it, nor its revision. Safe to repeat.
 */
export async function repriceCases(
  parts: { database: Database; programs: Programs },
  workspaceId: string,
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  let after: string | undefined = '00000000-0000-0000-0000-000000000000'
  while (after !== undefined) {
    const from: string = after
    after = await parts.database.inWorkspace(workspaceId, (tx) => repricePage(tx, checked, from))
  }
}

/** @returns the last case looked at; undefined when there are no more */
async function repricePage(tx: Tx, checked: CheckedProgram, after: string): Promise<string | undefined> {
  const waiting = await tx.query<Waiting>(
    `select c.case_id as "caseId", c.response_id as "responseId", c.contact_id as "contactId",
       c.account_id as "accountId", c.band, coalesce(c.recommended, 'phone') as channel, r.survey, r.answers, r.context
     from cases c join responses r on r.workspace_id = c.workspace_id and r.response_id = c.response_id
     where c.workspace_id = $1 and c.state <> 'closed' and c.case_id > $2 order by c.case_id limit $3`,
    [tx.workspaceId, after, atOnce],
  )
  const priorities = await priorityOf(tx, checked, waiting satisfies PriorityItem[])
  const rows = waiting.map(({ caseId }, at) => ({
    id: caseId,
    priority: priorities?.[at]?.expected ?? null,
    terms: priorities?.[at]?.terms ?? null,
    segment: priorities?.[at]?.segment ?? null,
  }))
  const changed = await tx.query<{ id: string }>(
    `update cases c set priority = n.priority, priority_terms = n.terms, value_segment = n.segment
     from json_to_recordset($2::json) as n(id uuid, priority double precision, terms jsonb, segment text)
     where c.workspace_id = $1 and c.case_id = n.id and c.state <> 'closed'
       and (c.priority, c.priority_terms, c.value_segment) is distinct from (n.priority, n.terms, n.segment)
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
