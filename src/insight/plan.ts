// For: what a metric is made of: at most four sums over rows of facts, all linear in sign.
// In: conditions in the words of the column store. Out: its SQL.
import type { FactKind } from '../storage/outbox.ts'

export type MetricKind = 'nps' | 'csat' | 'ces' | 'mean' | 'share' | 'count'

export interface MetricInfo {
  id: string
  kind: MetricKind
  label: string
  unit: 'points' | 'percent' | 'mean' | 'count'
  target?: number
  /** Of the questions whose answers it tells, from the lowest to the highest. */
  scale?: [number, number]
  /** Nothing that it is the mean of can be below: a duration or a number of times has 0. */
  least?: number
}

/** A sum over rows: of an expression, of those rows for which a condition holds. */
export interface Sum {
  of: string
  where?: string
  /** In groups by this field fewer rows are summed: those for which a condition on the group's key holds besides. */
  inGroupsBy?: { field: string; where(key: string): string }
}

/** The sum as it is in groups by these fields, whose keys are b0 and b1 in the query. */
export function inGroups({ inGroupsBy, ...sum }: Sum, by: ReadonlyArray<{ id: string }>): Sum {
  const at = by.findIndex(({ id }) => id === inGroupsBy?.field)
  if (inGroupsBy === undefined || at < 0) return sum
  const narrowed = inGroupsBy.where(`b${at}`)
  return { ...sum, where: sum.where === undefined ? narrowed : `${sum.where} and ${narrowed}` }
}

/** @param where conditions that hold for the rows besides */
export function sumSql(sum: Sum, where: readonly string[] = []): string {
  const conditions = [
    ...(sum.where === undefined ? [] : [sum.where]),
    ...where.filter((each) => each !== '1'),
  ]
  if (conditions.length === 0) return `sum(${sum.of})`
  return `sumIf(${sum.of}, ${conditions.map((each) => `(${each})`).join(' and ')})`
}

/** What one query sums. n answers; of these `top` and `low` in the classes that count; sum and sum of squares. */
export interface MetricPlan extends MetricInfo {
  fact: FactKind
  /** Conditions for a row to be counted. */
  where: string[]
  n: Sum
  top?: Sum
  low?: Sum
  sum?: Sum
  squares?: Sum
  /** The time a row belongs to. */
  time: string
  /** Several answers of one response, each counted: the rows are multiplied by this array, as `v`. */
  unfold?: string
}

/** The plan of a metric that every program has. */
export type BuiltInPlan = Omit<MetricPlan, 'id' | 'label'>

/** @param now gives the SQL of the time of asking: whether a deadline has passed depends on it */
export type PlanAt = (now: () => string) => BuiltInPlan
