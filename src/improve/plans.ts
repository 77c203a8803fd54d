// For: the action plan with a customer or an account: what will be done, by whom, by when.
// In: what somebody writes. Out: plans with their items, history and mails.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Doing } from './doing.ts'
import type { OutreachReason } from './outreach.ts'
import { requireOwnUnit } from './store.ts'

export const itemStates = ['open', 'doing', 'done', 'dropped'] as const
export type ItemState = (typeof itemStates)[number]

export interface PlanItem {
  itemId: string
  what: string
  who: string | null
  whoName: string | null
  /** YYYY-MM-DD */
  dueOn: string | null
  state: ItemState
  doneAt: Date | null
}

export interface PlanFields {
  title: string
  owner: string | null
  ownerName: string | null
  items: Array<Omit<PlanItem, 'itemId' | 'doneAt'> & { itemId?: string }>
}

export interface StoredPlan extends Row {
  planId: string
  title: string
  contactId: string | null
  contactName: string | null
  accountId: string | null
  accountName: string | null
  caseId: string | null
  unitKey: string | null
  owner: string | null
  ownerName: string | null
  state: 'open' | 'closed'
  closedAt: Date | null
  createdAt: Date
  changedAt: Date
  revision: number
  items: PlanItem[]
}

const columns = `p.plan_id as "planId", p.title, p.contact_id as "contactId", c.name as "contactName",
  p.account_id as "accountId", coalesce(a.name, a.account_key) as "accountName", p.case_id as "caseId",
  p.unit_key as "unitKey", p.owner, p.owner_name as "ownerName", p.state, p.closed_at as "closedAt",
  p.created_at as "createdAt", p.changed_at as "changedAt", p.revision`
const tables = `plans p left join contacts c on c.contact_id = p.contact_id
  left join accounts a on a.account_id = p.account_id`

export interface PlanFilter {
  contactId?: string
  accountId?: string
  owner?: string
  state?: 'open' | 'closed'
  limit: number
}

/** Open plans first, by what is due next; then the closed ones. */
export async function listPlans(tx: Tx, filter: PlanFilter, scope: UnitScope): Promise<StoredPlan[]> {
  const values: unknown[] = []
  const where = [withinUnit(scope, 'p.unit_key', values)]
  for (const [column, value] of [
    ['p.contact_id', filter.contactId],
    ['p.owner', filter.owner],
    ['p.state', filter.state],
  ]) {
    if (value !== undefined) where.push(`${column} = $${values.push(value)}`)
  }
  if (filter.accountId !== undefined)
    where.push(`(p.account_id = $${values.push(filter.accountId)} or p.contact_id in (
      select c.contact_id from contacts c join accounts o on o.account_key = c.account_key
      where o.account_id = $${values.length}))`)
  values.push(filter.limit)
  const rows = await tx.query<StoredPlan>(
    `select ${columns} from ${tables} where ${where.join(' and ')}
     order by p.state = 'closed', (select min(i.due_on) from plan_items i where i.plan_id = p.plan_id
       and i.state in ('open', 'doing')) nulls last, p.changed_at desc, p.plan_id limit $${values.length}`,
    values,
  )
  return withItems(tx, rows)
}

/** @throws Refusal thing.unknown, also for one outside of the scope */
export async function readPlan(tx: Tx, planId: string, scope: UnitScope): Promise<StoredPlan> {
  const values: unknown[] = [planId]
  const rows = await tx.query<StoredPlan>(
    `select ${columns} from ${tables} where p.plan_id = $1 and ${withinUnit(scope, 'p.unit_key', values)}`,
    values,
  )
  const [found] = await withItems(tx, rows)
  if (!found) throw new Refusal('thing.unknown')
  return found
}

async function withItems(tx: Tx, plans: StoredPlan[]): Promise<StoredPlan[]> {
  if (plans.length === 0) return plans
  const items = await tx.query<PlanItem & { planId: string; [column: string]: unknown }>(
    `select plan_id as "planId", item_id as "itemId", what, who, who_name as "whoName",
       to_char(due_on, 'YYYY-MM-DD') as "dueOn", state, done_at as "doneAt"
     from plan_items where plan_id = any($1::uuid[]) order by place`,
    [plans.map(({ planId }) => planId)],
  )
  return plans.map((plan) => ({
    ...plan,
    items: items
      .filter((item) => item.planId === plan.planId)
      .map(({ planId: _, ...item }) => item as PlanItem),
  }))
}

export interface NewPlan extends PlanFields {
  contactId?: string
  accountId?: string
  caseId?: string
}

/** @throws Refusal thing.unknown when the customer, the account or the case is not there; access.denied */
export async function createPlan(tx: Tx, plan: NewPlan, doing: Doing): Promise<string> {
  const { actor, scope, clock } = doing
  const [about] = await tx.query<{ unit: string | null; contact: boolean; account: boolean; case: boolean }>(
    `select coalesce((select k.unit_key from cases k where k.case_id = $3),
         (select c.unit_key from contacts c where c.contact_id = $1),
         (select a.unit_key from accounts a where a.account_id = $2)) as unit,
       exists (select from contacts where contact_id = $1) as contact,
       exists (select from accounts where account_id = $2) as account,
       exists (select from cases where case_id = $3) as case`,
    [plan.contactId ?? null, plan.accountId ?? null, plan.caseId ?? null],
  )
  for (const thing of ['contact', 'account', 'case'] as const) {
    if (plan[`${thing}Id`] !== undefined && !about?.[thing]) throw new Refusal('thing.unknown')
  }
  if (plan.contactId === undefined && plan.accountId === undefined) {
    throw new Refusal('request.malformed', 'A plan is with a customer or an account.')
  }
  await requireOwnUnit(tx, about?.unit ?? null, scope)
  const planId = newId(clock)
  const at = clock.now()
  await tx.query(
    `insert into plans (workspace_id, plan_id, title, contact_id, account_id, case_id, unit_key, owner, owner_name, state,
       created_at, created_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $10)`,
    [
      ...[tx.workspaceId, planId, plan.title, plan.contactId ?? null, plan.accountId ?? null],
      ...[plan.caseId ?? null, about?.unit ?? null, plan.owner, plan.ownerName, at, actor.name],
    ],
  )
  await putItems(tx, planId, plan.items, [], clock)
  await noteEvent(tx, planId, 1, 'created', doing)
  return planId
}

async function putItems(
  tx: Tx,
  planId: string,
  items: PlanFields['items'],
  before: readonly PlanItem[],
  clock: Clock,
): Promise<void> {
  const known = new Map(before.map((item) => [item.itemId, item]))
  const rows = items.map((item, place) => {
    const earlier = item.itemId === undefined ? undefined : known.get(item.itemId)
    return {
      id: earlier?.itemId ?? newId(clock),
      place,
      what: item.what,
      who: item.who,
      who_name: item.whoName,
      due: item.dueOn,
      state: item.state,
      done: item.state === 'done' ? (earlier?.doneAt ?? clock.now()) : null,
    }
  })
  await tx.query('delete from plan_items where plan_id = $1', [planId])
  await tx.query(
    `insert into plan_items (workspace_id, plan_id, item_id, place, what, who, who_name, due_on, state, done_at)
     select $1::uuid, $2::uuid, r.id, r.place, r.what, r.who, r.who_name, r.due, r.state, r.done
     from json_to_recordset($3::json) as r(id uuid, place int, what text, who text, who_name text, due date, state text,
       done timestamptz)`,
    [tx.workspaceId, planId, JSON.stringify(rows)],
  )
}

/** Takes the plan's title, owner, state and whole list of items as they are to be.
 * @throws Refusal thing.unknown, thing.changed when it has another revision than the one seen; access.denied
 */
export async function changePlan(
  tx: Tx,
  planId: string,
  change: Partial<PlanFields> & { state?: 'open' | 'closed' },
  revision: number,
  doing: Doing,
): Promise<StoredPlan> {
  const before = await lockedPlan(tx, planId, doing.scope)
  if (before.revision !== revision) throw new Refusal('thing.changed')
  const { items, state = before.state, title = before.title } = change
  const owner = change.owner === undefined ? before : change
  const at = doing.clock.now()
  await tx.query(
    `update plans set title = $2, owner = $3, owner_name = $4, state = $5,
       closed_at = case when $5 = 'closed' then coalesce(closed_at, $6::timestamptz) end,
       changed_at = $6::timestamptz, revision = revision + 1 where plan_id = $1`,
    [planId, title, owner.owner, owner.ownerName ?? null, state, at],
  )
  if (items) await putItems(tx, planId, items, before.items, doing.clock)
  const after = await readPlan(tx, planId, doing.scope)
  const kind = state === before.state ? 'changed' : state === 'closed' ? 'closed' : 'reopened'
  await noteEvent(tx, planId, after.revision, kind, doing, differences(before, after))
  return after
}

/** What is otherwise than before, item by item. */
function differences(before: StoredPlan, after: StoredPlan): object {
  const old = new Map(before.items.map((item) => [item.itemId, item]))
  const items = after.items.flatMap((item) => {
    const earlier = old.get(item.itemId)
    old.delete(item.itemId)
    if (!earlier) return [{ what: item.what, to: 'added' }]
    return JSON.stringify(earlier) === JSON.stringify(item)
      ? []
      : [{ what: item.what, from: earlier.state, to: item.state }]
  })
  const removed = [...old.values()].map(({ what }) => ({ what, to: 'removed' }))
  const title = before.title === after.title ? {} : { title: { from: before.title, to: after.title } }
  const owner = before.owner === after.owner ? {} : { owner: { from: before.owner, to: after.owner } }
  return { ...title, ...owner, items: [...items, ...removed] }
}

/** The plan, held until the transaction ends.
 * @throws Refusal thing.unknown
 */
export async function lockedPlan(tx: Tx, planId: string, scope: UnitScope): Promise<StoredPlan> {
  await tx.query('select 1 from plans where plan_id = $1 for update', [planId])
  return readPlan(tx, planId, scope)
}

/** Writes down in the history of a plan what was done. */
export async function noteEvent(
  tx: Tx,
  planId: string,
  revision: number,
  kind: 'created' | 'changed' | 'closed' | 'reopened' | 'followedUp',
  { actor, clock }: Doing,
  detail?: object,
): Promise<void> {
  await tx.query(
    `insert into plan_events (workspace_id, plan_id, revision, at, actor, actor_name, kind, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[tx.workspaceId, planId, revision, clock.now(), actor.id, actor.name, kind],
      detail ? JSON.stringify(detail) : null,
    ],
  )
}

export interface PlanEvent extends Row {
  revision: number
  at: Date
  kind: string
  actor: string | null
  detail: Record<string, unknown> | null
}

export interface PlanMail extends Row {
  mailId: string
  contactId: string
  contactName: string | null
  subject: string
  body: string
  sendAt: Date
  state: 'queued' | 'withheld'
  reason: OutreachReason | null
}

export async function planHistory(
  tx: Tx,
  planId: string,
): Promise<{ events: PlanEvent[]; mails: PlanMail[] }> {
  return {
    events: await tx.query<PlanEvent>(
      `select revision, at, kind, actor_name as actor, detail from plan_events where plan_id = $1 order by revision`,
      [planId],
    ),
    mails: await tx.query<PlanMail>(
      `select m.mail_id as "mailId", m.contact_id as "contactId", c.name as "contactName", m.subject, m.body,
         m.send_at as "sendAt", m.state, m.reason
       from plan_mails m left join contacts c on c.contact_id = m.contact_id
       where m.plan_id = $1 order by m.at, m.mail_id`,
      [planId],
    ),
  }
}
