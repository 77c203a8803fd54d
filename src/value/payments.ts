import type { Row, Tx } from '../storage/postgres.ts'
import type { Payments, ValuePlan } from './value.ts'

/** A part of all customers, by the beginning of their ids, so that no statement is long. */
export interface Page {
  /** SQL of the only customers wanted, when they are few. */
  among?: string
  from: string
  /** Not included; null: to the end. */
  to: string | null
}

const atOnce = 1000

/** Ids are hashes, so that equal parts of their range hold about equally many. */
export function pagesOf(customers: number): Page[] {
  const count = Math.max(1, Math.ceil(customers / atOnce))
  const bound = (index: number) =>
    `${Math.floor((index / count) * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}-0000-0000-0000-000000000000`
  return Array.from({ length: count }, (_, index) => ({
    from: bound(index),
    to: index + 1 < count ? bound(index + 1) : null,
  }))
}

export async function countCustomers(tx: Tx, { kind }: ValuePlan): Promise<number> {
  const table = kind === 'contact' ? 'contacts' : 'accounts'
  const [row] = await tx.query<{ n: number }>(`select count(*) as n from ${table} where workspace_id = $1`, [
    tx.workspaceId,
  ])
  return row!.n
}

/** The time of the latest thing that is known to have happened: when sources fall silent, nobody leaves by that. */
export async function latestChange(tx: Tx): Promise<Date | undefined> {
  const [row] = await tx.query<{ at: Date | null }>(
    'select max(changed_at) as at from transactions where workspace_id = $1',
    [tx.workspaceId],
  )
  return row?.at ?? undefined
}

/** Which rows are a page's, for a column with the customer's id. */
export function inPage(column: string, page: Page, values: unknown[]): string {
  values.push(page.from)
  const from = `${column} >= $${values.length}::uuid`
  if (page.to === null) return from
  values.push(page.to)
  return `${from} and ${column} < $${values.length}::uuid`
}

/** SQL of all payments of a page up to a time, as `select customer, id, at, amount, refund, margin`. An amount below zero
 * is money given back. A margin is net of what was refunded, in proportion.
 * @param values the statement's parameters, the workspace first; those it needs are added
 */
export function paymentsSql(plan: ValuePlan, page: Page, until: Date, values: unknown[]): string {
  const column = plan.kind === 'contact' ? 't.contact_id' : 't.account_id'
  const parameter = (value: unknown) => `$${values.push(value)}`
  const number = (field: string) => {
    const name = `${parameter(field)}::text`
    return `case when jsonb_typeof(t.fields->${name}) = 'number' then (t.fields->>${name})::double precision end`
  }
  const among = page.among ? ` and ${column} in (${page.among})` : ''
  const share = `${parameter(plan.value.margin ?? 1)}::double precision`
  const each = plan.value.payments.map((payment) => {
    const at = payment.at
      ? `(case when t.fields->>${parameter(payment.at)}::text ~ '^\\d{4}-\\d\\d-\\d\\dT' then (t.fields->>$${values.length}::text)::timestamptz end)`
      : 't.started_at'
    const refund = payment.refund
      ? `greatest(0, coalesce(${number(payment.refund)}, 0))`
      : '0::double precision'
    const margin = payment.margin ? number(payment.margin) : 'null::double precision'
    return `select ${column} as customer, t.transaction_id as id, ${at} as at, ${number(payment.amount)} as amount,
        ${refund} as refund, ${margin} as own
      from transactions t
      where t.workspace_id = $1 and ${inPage(column, page, values)}${among} and t.type = ${parameter(payment.transaction)}::text`
  })
  return `select customer, id, at, amount, refund,
      coalesce(own * case when amount > 0 then 1 - refund / amount else 1 end, (amount - refund) * ${share}) as margin
    from (${each.join(' union all ')}) as told
    where amount is not null and at <= ${parameter(until)}::timestamptz`
}

/** One time that a customer came and stayed: from their first payment, or the first after they had left, to the last. */
export interface Life {
  /** Milliseconds since 1970. */
  firstAt: number
  lastAt: number
}

interface LifeRow extends Row {
  customer: string
  life: number
  first: number | null
  last: number | null
  payments: number
  revenue: number
  refunds: number
  margin: number
  times: number[]
  unit: string | null
  potential: number | null
}

export interface PaidPage {
  customers: Payments[]
  lives: Life[]
  /** When each customer paid, the earliest first, in milliseconds since 1970. */
  times: Map<string, number[]>
}

/** What the customers of a page have paid, and the lives they had. Who never paid is left out. */
export async function readPayments(tx: Tx, plan: ValuePlan, page: Page, until: Date): Promise<PaidPage> {
  // A table that has just been filled looks small to the planner, which would read all of it for every page.
  await tx.query(`select set_config('enable_seqscan', 'off', true)`)
  const values: unknown[] = [tx.workspaceId]
  const paid = paymentsSql(plan, page, until, values)
  values.push(plan.afterDays * 86_400)
  const after = `make_interval(secs => $${values.length}::double precision)`
  values.push(plan.value.potential ?? '')
  const potential = `$${values.length}::text`
  const [table, id] = plan.kind === 'contact' ? ['contacts', 'contact_id'] : ['accounts', 'account_id']
  const rows = await tx.query<LifeRow>(
    `with paid as (${paid}),
     told as (
       select *, max(at) filter (where amount > 0) over before as earlier from paid
       window before as (partition by customer order by at, id rows between unbounded preceding and 1 preceding)
     ),
     lived as (
       select *, count(*) filter (where amount > 0 and at - earlier > ${after})
         over (partition by customer order by at, id rows between unbounded preceding and current row) as life
       from told
     )
     select l.customer, l.life, p.unit_key as unit,
       case when jsonb_typeof(p.fields->${potential}) = 'number' then (p.fields->>${potential})::double precision end as potential,
       extract(epoch from min(at) filter (where amount > 0))::double precision * 1000 as first,
       extract(epoch from max(at) filter (where amount > 0))::double precision * 1000 as last,
       count(*) filter (where amount > 0) as payments,
       array_agg(extract(epoch from at)::double precision * 1000 order by at) filter (where amount > 0) as times,
       sum(greatest(amount, 0)) as revenue, sum(refund + greatest(-amount, 0)) as refunds, sum(margin) as margin
     from lived l join ${table} p on p.workspace_id = $1 and p.${id} = l.customer
     group by l.customer, l.life, p.unit_key, p.fields->${potential}, p.fields->>${potential}
     order by l.customer, l.life`,
    values,
  )
  const customers: Payments[] = []
  const lives: Life[] = []
  const times: PaidPage['times'] = new Map()
  for (const row of rows) {
    if (row.first === null || row.last === null) continue
    lives.push({ firstAt: row.first, lastAt: row.last })
    times.set(row.customer, [...(times.get(row.customer) ?? []), ...row.times])
    const known = customers.at(-1)
    if (known?.customerId !== row.customer) {
      customers.push({
        customerId: row.customer,
        unitKey: row.unit,
        potential: row.potential,
        firstAt: row.first,
        lastAt: row.last,
        frequency: row.payments,
        revenue: row.revenue,
        refunds: row.refunds,
        margin: row.margin,
        lives: 1,
        lifeFirstAt: row.first,
        lifeMargin: row.margin,
      })
      continue
    }
    known.lastAt = row.last
    known.frequency += row.payments
    known.revenue += row.revenue
    known.refunds += row.refunds
    known.margin += row.margin
    known.lives++
    known.lifeFirstAt = row.first
    known.lifeMargin = row.margin
  }
  return { customers, lives, times }
}
