import { Refusal } from '../base/errors.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Actor, act, type CaseAction, type CaseStanding, type CaseState } from './case.ts'

/** A case as stored, with what its list shows of the response and the person. */
export interface StoredCase extends CaseStanding, Row {
  caseId: string
  rule: string
  openedAt: Date
  contactDueAt: Date
  unitKey: string | null
  unitName: string | null
  contactId: string | null
  contactName: string | null
  contactKey: string | null
  responseId: string
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  version: string
}

export interface CaseEvent extends Row {
  revision: number
  at: Date
  kind: string
  actor: string | null
  note: string | null
}

const columns = `c.case_id as "caseId", c.state, c.rule, c.opened_at as "openedAt", c.contact_due_at as "contactDueAt",
  c.taken_at as "takenAt", c.closed_at as "closedAt", c.owner, c.owner_name as "ownerName", c.outcome, c.revision,
  c.unit_key as "unitKey", u.name as "unitName", c.contact_id as "contactId", p.name as "contactName",
  p.contact_key as "contactKey", c.response_id as "responseId", r.survey, r.answers, r.comment, c.version`
const tables = `cases c join responses r on r.response_id = c.response_id
  left join units u on u.unit_key = c.unit_key
  left join contacts p on p.contact_id = c.contact_id`

/** What is soonest due first; closed ones, latest closed first.
 * @param cursor `next` of the page before
 */
export async function listCases(
  tx: Tx,
  filter: { state?: CaseState; cursor?: string; limit: number },
  scope: UnitScope,
): Promise<{ items: StoredCase[]; next: string | null; total: number }> {
  const values: unknown[] = []
  const where = [withinUnit(scope, 'c.unit_key', values)]
  if (filter.state) {
    values.push(filter.state)
    where.push(`c.state = $${values.length}`)
  }
  const closed = filter.state === 'closed'
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from cases c where ${where.join(' and ')}`,
    values,
  )
  const by = closed ? 'c.closed_at' : 'c.contact_due_at'
  if (filter.cursor !== undefined) {
    const { at, id } = readCursor(filter.cursor)
    values.push(at, id)
    where.push(
      `(${by}, c.case_id) ${closed ? '<' : '>'} ($${values.length - 1}::timestamptz, $${values.length}::uuid)`,
    )
  }
  values.push(filter.limit + 1)
  const order = closed ? 'desc' : 'asc'
  const rows = await tx.query<StoredCase>(
    `select ${columns} from ${tables} where ${where.join(' and ')}
     order by ${by} ${order}, c.case_id ${order} limit $${values.length}`,
    values,
  )
  const items = rows.slice(0, filter.limit)
  const last = items.at(-1)
  const at = closed ? last?.closedAt : last?.contactDueAt
  const next = rows.length > filter.limit && last && at ? `${at.toISOString()}_${last.caseId}` : null
  return { items, next, total: count?.total ?? 0 }
}

function readCursor(cursor: string): { at: Date; id: string } {
  const [, time = '', id = ''] = /^([\dTZ:.-]{20,30})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) {
    throw new Refusal('request.malformed', undefined, [
      { where: 'querystring/cursor', message: 'expected `next` of an earlier page' },
    ])
  }
  return { at, id }
}

/** @throws Refusal thing.unknown, also for a case outside of the scope */
export async function readCase(tx: Tx, caseId: string, scope: UnitScope): Promise<StoredCase> {
  const values: unknown[] = [caseId]
  const within = withinUnit(scope, 'c.unit_key', values)
  const [found] = await tx.query<StoredCase>(
    `select ${columns} from ${tables} where c.case_id = $1 and ${within}`,
    values,
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}

export function caseHistory(tx: Tx, caseId: string): Promise<CaseEvent[]> {
  return tx.query<CaseEvent>(
    `select revision, at, kind, actor_name as actor, note from case_events where case_id = $1 order by revision`,
    [caseId],
  )
}

/** Carries out an action on a case, and notes it in the history and for the facts.
 * @throws Refusal thing.unknown, case.changed, case.closed
 */
export async function actOnCase(
  tx: Tx,
  caseId: string,
  action: CaseAction,
  revision: number,
  by: { actor: Actor; scope: UnitScope; at: Date },
): Promise<StoredCase> {
  await tx.query('select 1 from cases where case_id = $1 for update', [caseId])
  const found = await readCase(tx, caseId, by.scope)
  const { standing, event } = act(found, action, revision, by.actor, by.at)
  await tx.query(
    `update cases set state = $2, owner = $3, owner_name = $4, outcome = $5, taken_at = $6, closed_at = $7,
       revision = $8 where case_id = $1`,
    [
      caseId,
      standing.state,
      standing.owner,
      standing.ownerName,
      standing.outcome,
      standing.takenAt,
      standing.closedAt,
      standing.revision,
    ],
  )
  await tx.query(
    `insert into case_events (workspace_id, case_id, revision, at, actor, actor_name, kind, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.workspaceId,
      caseId,
      standing.revision,
      by.at,
      by.actor.id,
      by.actor.name,
      event,
      'note' in action ? (action.note ?? null) : null,
    ],
  )
  await appendOutbox(tx, 'case', [caseId])
  return { ...found, ...standing }
}
