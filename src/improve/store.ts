import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { ActorName } from '../people/who.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Doing } from './doing.ts'
import {
  changed,
  type ImprovementChange,
  type ImprovementFields,
  type ImprovementStanding,
  type ImprovementState,
} from './improvement.ts'

export interface StoredImprovement extends ImprovementStanding, Row {
  improvementId: string
  unitName: string | null
  createdAt: Date
  createdBy: string | null
  changedAt: Date
  cases: number
  responses: number
  told: number
}

export interface ImprovementEvent extends Row {
  revision: number
  at: Date
  kind: string
  actor: string | null
  note: string | null
  detail: Record<string, unknown> | null
}

const columns = `i.improvement_id as "improvementId", i.title, i.theme, i.cause, i.action, i.owner,
  i.owner_name as "ownerName", i.unit_key as "unitKey", u.name as "unitName", to_char(i.due_on, 'YYYY-MM-DD') as "dueOn",
  i.state, i.done_at as "doneAt", i.metric, i.metric_where as "metricWhere", i.compare_where as "compareWhere", i.said,
  i.did, i.concerns, i.created_at as "createdAt", i.created_by as "createdBy", i.changed_at as "changedAt", i.revision,
  (select count(*) from improvement_links l where l.improvement_id = i.improvement_id and l.kind = 'case') as cases,
  (select count(*) from improvement_links l where l.improvement_id = i.improvement_id and l.kind = 'response') as responses,
  (select count(*) from improvement_tellings t where t.improvement_id = i.improvement_id and t.state = 'queued') as told`
const tables = 'improvements i left join units u on u.unit_key = i.unit_key'

/** What concerns all units is seen by everybody, and changed only by those who see all units. */
const readable = (scope: UnitScope, values: unknown[]) =>
  scope.unitKey === undefined ? 'true' : `(i.unit_key is null or ${withinUnit(scope, 'i.unit_key', values)})`

export interface ImprovementFilter {
  state?: ImprovementState
  theme?: string
  owner?: string
  /** Linked to this case, or to this response. */
  caseId?: string
  responseId?: string
  limit: number
}

/** Those under way first, by what is due; then what is done or dropped, latest first. */
export function listImprovements(
  tx: Tx,
  filter: ImprovementFilter,
  scope: UnitScope,
): Promise<StoredImprovement[]> {
  const values: unknown[] = []
  const where = [readable(scope, values)]
  const is = (column: string, value: string | undefined) => {
    if (value !== undefined) where.push(`${column} = $${values.push(value)}`)
  }
  is('i.state', filter.state)
  is('i.theme', filter.theme)
  is('i.owner', filter.owner)
  for (const [kind, id] of [
    ['case', filter.caseId],
    ['response', filter.responseId],
  ] as const) {
    if (id === undefined) continue
    where.push(`exists (select from improvement_links l where l.improvement_id = i.improvement_id
      and l.kind = '${kind}' and l.link_id = $${values.push(id)})`)
  }
  values.push(filter.limit)
  return tx.query<StoredImprovement>(
    `select ${columns} from ${tables} where ${where.join(' and ')}
     order by i.state in ('done', 'dropped'), i.due_on nulls last, i.changed_at desc, i.improvement_id
     limit $${values.length}`,
    values,
  )
}

/** @throws Refusal thing.unknown, also for one outside of the scope */
export async function readImprovement(tx: Tx, id: string, scope: UnitScope): Promise<StoredImprovement> {
  const values: unknown[] = [id]
  const [found] = await tx.query<StoredImprovement>(
    `select ${columns} from ${tables} where i.improvement_id = $1 and ${readable(scope, values)}`,
    values,
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}

export function improvementHistory(tx: Tx, id: string): Promise<ImprovementEvent[]> {
  return tx.query<ImprovementEvent>(
    `select revision, at, kind, actor_name as actor, note, detail from improvement_events
     where improvement_id = $1 order by revision`,
    [id],
  )
}

/** @throws Refusal access.denied for somebody narrowed to a unit who writes for another, or for all */
export async function requireOwnUnit(tx: Tx, unitKey: string | null, scope: UnitScope): Promise<void> {
  if (scope.unitKey === undefined) return
  const values: unknown[] = [unitKey]
  const [own] = await tx.query(`select where ${withinUnit(scope, '$1', values)}`, values)
  if (!own) throw new Refusal('access.denied', 'It belongs to another unit, or to all of them.')
}

export async function createImprovement(
  tx: Tx,
  fields: ImprovementFields,
  { actor, scope, clock }: Doing,
): Promise<string> {
  await requireOwnUnit(tx, fields.unitKey, scope)
  const id = newId(clock)
  const at = clock.now()
  await tx.query(
    `insert into improvements (workspace_id, improvement_id, title, theme, cause, action, owner, owner_name, unit_key,
       due_on, state, metric, metric_where, compare_where, said, did, concerns, created_at, created_by, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposed', $11, $12, $13, $14, $15, $16, $17, $18, $17)`,
    [
      ...[tx.workspaceId, id, fields.title, fields.theme, fields.cause, fields.action, fields.owner],
      ...[fields.ownerName, fields.unitKey, fields.dueOn, fields.metric, fields.metricWhere],
      ...[fields.compareWhere, JSON.stringify(fields.said), JSON.stringify(fields.did), fields.concerns],
      ...[at, actor.name],
    ],
  )
  await noteEvent(tx, id, 1, 'created', actor, at)
  return id
}

/** @throws Refusal thing.unknown, thing.changed, improvement.cannotMove, access.denied */
export async function changeImprovement(
  tx: Tx,
  id: string,
  change: ImprovementChange,
  revision: number,
  doing: Doing & { note?: string | undefined },
): Promise<StoredImprovement> {
  const { actor, scope, clock, note } = doing
  const found = await locked(tx, id, scope)
  const at = clock.now()
  const result = changed(found, change, revision, at)
  if (!result) return found
  const next = result.standing
  await requireOwnUnit(tx, next.unitKey, scope)
  await tx.query(
    `update improvements set title = $2, theme = $3, cause = $4, action = $5, owner = $6, owner_name = $7, unit_key = $8,
       due_on = $9, state = $10, done_at = $11, metric = $12, metric_where = $13, compare_where = $14, said = $15, did = $16,
       concerns = $17, changed_at = $18, revision = $19 where improvement_id = $1`,
    [
      ...[id, next.title, next.theme, next.cause, next.action, next.owner, next.ownerName, next.unitKey],
      ...[next.dueOn, next.state, next.doneAt, next.metric, next.metricWhere, next.compareWhere],
      ...[JSON.stringify(next.said), JSON.stringify(next.did), next.concerns, at, next.revision],
    ],
  )
  await noteEvent(tx, id, next.revision, result.event, actor, at, result.detail, note)
  return readImprovement(tx, id, scope)
}

async function locked(tx: Tx, id: string, scope: UnitScope): Promise<StoredImprovement> {
  await tx.query('select 1 from improvements where improvement_id = $1 for update', [id])
  const found = await readImprovement(tx, id, scope)
  await requireOwnUnit(tx, found.unitKey, scope)
  return found
}

/** What somebody does that adds, and so needs no revision seen; it raises the revision by one. */
export async function addEvent(
  tx: Tx,
  id: string,
  kind: 'linked' | 'unlinked' | 'told',
  { actor, scope, clock }: Doing,
  detail: object,
): Promise<void> {
  const { revision } = await locked(tx, id, scope)
  const at = clock.now()
  await tx.query(
    'update improvements set revision = revision + 1, changed_at = $2 where improvement_id = $1',
    [id, at],
  )
  await noteEvent(tx, id, revision + 1, kind, actor, at, detail)
}

async function noteEvent(
  tx: Tx,
  id: string,
  revision: number,
  kind: string,
  actor: ActorName,
  at: Date,
  detail?: object,
  note?: string,
): Promise<void> {
  await tx.query(
    `insert into improvement_events (workspace_id, improvement_id, revision, at, actor, actor_name, kind, note, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[tx.workspaceId, id, revision, at, actor.id, actor.name, kind, note ?? null],
      detail ? JSON.stringify(detail) : null,
    ],
  )
}
