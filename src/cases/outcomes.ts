// For: what customers did after their case: whether they paid again, stayed, and what they brought.
// In: which cases, how long afterwards. Out: one row a customer, for their first such case; of cases whose time is over.
import type { Clock } from '../base/clock.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { harmStop } from '../stats/harm-stop.ts'
import { hasValue } from '../stats/interval.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { paymentsSql } from '../value/payments.ts'
import { valuePlan } from '../value/value.ts'
import type { HarmOf } from './rank.ts'
import { standingTables } from './store.ts'
import type { Trial } from './trial.ts'

/** What counts as paying, whose it is, and for how long one looks. */
export interface OutcomePlan {
  of: 'contact' | 'account'
  /** ISO 8601; from the opening of the case. */
  window: string
  /** Who has paid nothing for so long has left; ISO 8601. */
  leftAfter: string
  /** Transaction types that pay; none: every transaction counts. */
  pays: string[]
  /** Whether a margin is known. */
  money: boolean
  /** SQL of payments as `select customer, at, margin, bought`; the parameters it needs are added to the values.
   * @param among SQL of the customers wanted
   */
  paidSql(among: string, until: Date, values: unknown[]): string
}

/** A year, as one looks once a year at who came back. */
const usualWindow = 'P1Y'

/** How the program tells that a customer came back: by the payments of its `value`, or, where it declares none, by
 * any transaction.
 */
export function outcomePlan(checked: Pick<CheckedProgram, 'program'>, window?: string): OutcomePlan {
  const value = valuePlan(checked)
  if (!value) {
    return {
      ...{ of: 'contact', window: window ?? usualWindow, leftAfter: window ?? usualWindow },
      ...{ pays: [], money: false },
      paidSql: (among) =>
        `select t.contact_id as customer, t.started_at as at, null::double precision as margin, true as bought
         from transactions t where t.workspace_id = $1 and t.contact_id in (${among})`,
    }
  }
  const { after } = value.value.churn
  return {
    ...{ of: value.kind, window: window ?? after, leftAfter: after },
    ...{ pays: value.value.payments.map(({ transaction }) => transaction), money: true },
    paidSql: (among, until, values) => {
      const page = { among, from: '00000000-0000-0000-0000-000000000000', to: null }
      // Money that was given back is no payment, but it is missing from the margin.
      return `select customer, at, margin, amount > 0 as bought from (${paymentsSql(value, page, until, values)}) as each_paid`
    },
  }
}

export interface CaseOutcome extends Row {
  customer: string
  /** How the case was handled within the window. */
  contact: 'inTime' | 'late' | 'never'
  arm: 'now' | 'later' | null
  paid: boolean
  /** Had not left when the window ended. */
  stayed: boolean
  /** Margin within the window; null where none is known. */
  margin: number | null
}

export interface OutcomeFilter {
  from?: Date
  /** Not included. */
  to?: Date
  /** Only cases of this trial. */
  trial?: string
}

/** One row for each customer: their first case of the filter, if its window is over by `now`. */
export function readOutcomes(
  tx: Tx,
  plan: OutcomePlan,
  filter: OutcomeFilter,
  now: Date,
  scope: UnitScope = {},
): Promise<CaseOutcome[]> {
  const values: unknown[] = [tx.workspaceId]
  const parameter = (value: unknown) => `$${values.push(value)}`
  const paid = plan.paidSql('select customer from over', now, values)
  const until = `${parameter(now)}::timestamptz`
  const window = `${parameter(plan.window)}::interval`
  const left = `${parameter(plan.leftAfter)}::interval`
  const customer = plan.of === 'contact' ? 'c.contact_id' : 'c.account_id'
  const where = [`c.workspace_id = $1`, `${customer} is not null`, withinUnit(scope, 'c.unit_key', values)]
  if (filter.from) where.push(`c.opened_at >= ${parameter(filter.from)}`)
  if (filter.to) where.push(`c.opened_at < ${parameter(filter.to)}`)
  if (filter.trial !== undefined) {
    where.push(`c.trial = ${parameter(filter.trial)}`, 'c.trial_arm is not null')
  }
  return tx.query<CaseOutcome>(
    `with chosen as (
       select distinct on (${customer}) ${customer} as customer, c.opened_at, c.opened_at + ${window} as ends_at,
         coalesce(c.first_contacted_at, c.contacted_at) as contacted_at,
         coalesce(c.first_due_at, c.contact_due_at) as contact_due_at, d.missed_at, c.trial_arm
       from ${standingTables} where ${where.join(' and ')}
       order by ${customer}, c.opened_at, c.case_id
     ),
     over as (select * from chosen where ends_at <= ${until}),
     paid as (${paid})
     select o.customer, o.trial_arm as arm,
       case when o.contacted_at is null or o.contacted_at > o.ends_at then 'never'
         when o.missed_at is null and o.contacted_at <= o.contact_due_at then 'inTime' else 'late' end as contact,
       count(p.at) filter (where p.bought and p.at > o.opened_at) > 0 as paid,
       count(p.at) filter (where p.bought and p.at > o.ends_at - ${left}) > 0 as stayed,
       ${plan.money ? 'coalesce(sum(p.margin) filter (where p.at > o.opened_at), 0)' : 'null'}::double precision as margin
     from over o
     left join paid p on p.customer = o.customer and p.at <= o.ends_at and p.at > least(o.opened_at, o.ends_at - ${left})
     group by o.customer, o.trial_arm, o.contacted_at, o.ends_at, o.missed_at, o.contact_due_at, o.opened_at
     order by o.customer`,
    values,
  )
}

export interface TrialStanding extends Row {
  arm: 'now' | 'later'
  /** Customers to whom a lot fell. */
  customers: number
  cases: number
}

/** How many take part in a trial. */
export function readTrialStanding(tx: Tx, plan: OutcomePlan, trial: string): Promise<TrialStanding[]> {
  const customer = plan.of === 'contact' ? 'contact_id' : 'account_id'
  return tx.query<TrialStanding>(
    `select trial_arm as arm, count(distinct coalesce(${customer}, case_id)) as customers, count(*) as cases
     from cases where workspace_id = $1 and trial = $2 and trial_arm is not null group by 1 order by 1 desc`,
    [tx.workspaceId, trial],
  )
}

/** How many stayed in each arm, of those whose window is over. */
export function armsOf(rows: readonly CaseOutcome[]) {
  const count = (arm: CaseOutcome['arm']) => {
    const members = rows.filter((row) => row.arm === arm)
    return { successes: members.filter((row) => row.stayed).length, n: members.length }
  }
  return { now: count('now'), later: count('later') }
}

/** How often it is looked for harm; a trial is judged the same however often one looks. */
const harmEvery = 3_600_000

/** Watches trials for harm: looks at most once an hour, however many cases are opened. */
export function harmWatch(clock: Clock): HarmOf {
  const seen = new Map<string, { until: number; harmed: boolean }>()
  return async (tx, checked, trial) => {
    const key = `${tx.workspaceId} ${trial.id} ${trial.stop?.harm}`
    const now = clock.now()
    const known = seen.get(key)
    if (known && now.getTime() < known.until) return known.harmed
    const harmed = await harmOfTrial(tx, checked, trial, now)
    seen.set(key, { until: now.getTime() + harmEvery, harmed })
    return harmed
  }
}

/** Whether those who wait in a trial are retained less than it allows, for certain, however often one looks. */
export async function harmOfTrial(
  tx: Tx,
  checked: CheckedProgram,
  trial: Trial,
  now: Date,
): Promise<boolean> {
  const rows = await readOutcomes(tx, outcomePlan(checked), { trial: trial.id }, now)
  const arms = armsOf(rows)
  const judged = harmStop(arms.now, arms.later, (trial.stop?.harm ?? 0) / 100)
  return hasValue(judged) && judged.stop
}
