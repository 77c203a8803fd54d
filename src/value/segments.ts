import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed } from '../program/conditions.ts'
import { rfmScores } from '../stats/rfm.ts'
import type { Residual } from './residual.ts'
import { dayMs, type Payments, type ValuePlan } from './value.ts'

/** What is known of a customer before they are put in a segment. */
export interface Valued extends Payments {
  recency: number
  monetary: number
  r: number
  f: number
  m: number
  periods: number
  marginAPeriod: number
  leftAt: number | null
  residual: Residual
  churn: number | null
}

/** `value` as conditions see it; what is not known is absent. rfm is 555 for the best. */
export function valueVariables(customer: {
  recency: number
  frequency: number
  monetary: number
  revenue: number
  margin: number
  potential: number | null
  r: number
  f: number
  m: number
  rlv: number | null
  churn: number | null
  segment?: string
}): Record<string, number | string> {
  const { recency, frequency, monetary, revenue, margin, potential, r, f, m, rlv, churn, segment } = customer
  return {
    recency,
    frequency,
    monetary,
    revenue,
    margin,
    rfm: 100 * r + 10 * f + m,
    ...(potential === null ? {} : { potential }),
    ...(rlv === null ? {} : { rlv }),
    ...(churn === null ? {} : { churn }),
    ...(segment === undefined ? {} : { segment }),
  }
}

/** RFM of everybody who paid, the periods they paid for, and whether they have left.
 * @param asOf milliseconds since 1970
 */
export function reckon(
  customers: readonly Payments[],
  plan: ValuePlan,
  asOf: number,
): Array<Omit<Valued, 'residual' | 'churn'>> {
  const scores = rfmScores({
    last: customers.map((each) => each.lastAt),
    frequency: customers.map((each) => each.frequency),
    monetary: customers.map((each) => each.revenue - each.refunds),
  })
  const [period, slack, after] = [plan.periodDays, plan.slackDays, plan.afterDays].map((days) => days * dayMs)
  return customers.map((each, i) => {
    const periods = 1 + Math.floor((each.lastAt - each.lifeFirstAt + slack!) / period!)
    return {
      ...each,
      recency: Math.max(0, (asOf - each.lastAt) / dayMs),
      monetary: each.revenue - each.refunds,
      r: scores[i]!.recency,
      f: scores[i]!.frequency,
      m: scores[i]!.monetary,
      periods,
      marginAPeriod: each.lifeMargin / periods,
      leftAt: each.lastAt + after! <= asOf ? each.lastAt + after! : null,
    }
  })
}

export interface Segmented {
  segment: string
  /** Counts as high value. */
  high: boolean
}

/** Customers for whom no declared segment holds. */
export const otherSegment = 'other'

/** Customers who are too few to be ranked by thirds. */
export const unrankedSegment = 'unranked'
/** Fewer who have not left than this are not ranked: a third of them would be a handful. */
const fewestRanked = 9

/** The segments of a program, the most valuable first, with those that count as high value. */
export function segmentsOf({ value }: ValuePlan): Segmented[] {
  const declared = value.segments ?? ['A', 'B', 'C'].map((id) => ({ id, high: undefined }))
  const flagged = declared.some((each) => each.high)
  const all = declared.map(({ id, high }, at) => ({ segment: id, high: flagged ? high === true : at === 0 }))
  return value.segments ? [...all, { segment: otherSegment, high: false }] : all
}

/** The segment of each customer: the first that holds; or by thirds of the residual value (of the margin where there is
 * none) among those who have not left: A for whom fewer than a third are better, B fewer than two; who left is in C.
 * While they are too few to be ranked, nobody is.
 */
export function segment(checked: CheckedProgram, plan: ValuePlan, customers: readonly Valued[]): Segmented[] {
  const known = new Map(segmentsOf(plan).map((each) => [each.segment, each]))
  const declared = plan.value.segments
  if (!declared) {
    return thirds(customers).map((id) => known.get(id) ?? { segment: unrankedSegment, high: false })
  }
  const conditions = declared.map(({ id, when }) => ({ id, holds: checked.condition(when) }))
  return customers.map((customer) => {
    const variables = { value: valueVariables({ ...customer, rlv: customer.residual.value }) }
    const found = conditions.find(({ holds }) => {
      try {
        return holds(variables)
      } catch (error) {
        // A part of it is not known of this customer.
        if (error instanceof ConditionFailed) return false
        throw error
      }
    })
    return known.get(found?.id ?? otherSegment)!
  })
}

function thirds(customers: readonly Valued[]): string[] {
  const worth = (each: Valued) => each.residual.value ?? each.margin
  const staying = customers.filter((each) => each.leftAt === null)
  if (staying.length < fewestRanked) return customers.map(() => unrankedSegment)
  const descending = Float64Array.from(staying, worth).sort().reverse()
  const better = new Map<number, number>()
  descending.forEach((value, at) => {
    if (!better.has(value)) better.set(value, at)
  })
  return customers.map((each) =>
    each.leftAt === null ? 'ABC'[Math.floor((3 * better.get(worth(each))!) / descending.length)]! : 'C',
  )
}
