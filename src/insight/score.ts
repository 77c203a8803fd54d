// For: the statistics of one cell of an answer, and of the difference between two.
// In: the sums of a metric. Out: value, interval, counts; p-values. All arithmetic is that of src/stats.
import { hasValue, type Interval, type OrReason } from '../stats/interval.ts'
import { meanInterval, welch } from '../stats/mean.ts'
import { type Moments, momentsFromSums } from '../stats/moments.ts'
import { type NpsCounts, nps, npsDifference, withinScale } from '../stats/nps.ts'
import { shareDifference } from '../stats/share-difference.ts'
import { wilson } from '../stats/wilson.ts'
import type { AskRow } from './ask.ts'
import type { MetricKind, MetricPlan } from './plan.ts'

/** The sums of one cell, as the column store gives them. */
export interface Sums {
  n: number
  top: number
  low: number
  sum: number
  squares: number
  /** Answers with those that a condition about single people leaves out. */
  whole: number
}

export const noSums: Sums = { n: 0, top: 0, low: 0, sum: 0, squares: 0, whole: 0 }

export const addSums = (a: Sums, b: Sums): Sums => combine(a, b, 1)
export const subtractSums = (a: Sums, b: Sums): Sums => combine(a, b, -1)

const combine = (a: Sums, b: Sums, sign: 1 | -1): Sums => ({
  n: a.n + sign * b.n,
  top: a.top + sign * b.top,
  low: a.low + sign * b.low,
  sum: a.sum + sign * b.sum,
  squares: a.squares + sign * b.squares,
  whole: a.whole + sign * b.whole,
})

export type Score = Omit<AskRow, 'by' | 'period'>

/** Under this many answers a result is shown in grey (FORMULAS: customer results). */
const faintUnder = 30

/** Of one answer alone nothing is known of how far answers lie apart. */
const noInterval = { interval: null, noInterval: 'tooFew' } as const

/** Value, interval and counts of one cell, in the unit of the metric. */
export function scoreOf(metric: Pick<MetricPlan, 'kind' | 'scale' | 'least'>, sums: Sums): Score {
  const { n, top, low } = sums
  if (metric.kind === 'count') return { n, value: n, interval: null }
  if (n <= 0) return { n: 0, value: null, interval: null, withheld: 'empty' }
  const faint = n < faintUnder ? { faint: true } : {}
  if (metric.kind === 'share') {
    return {
      n,
      value: percent(top, n),
      interval: shareInterval(top, n),
      counts: { yes: top, no: n - top },
      ...faint,
    }
  }
  if (metric.kind === 'nps') {
    const score = nps(npsCounts(sums))
    if (!hasValue(score)) return { n, value: null, interval: null, withheld: 'empty' }
    const counts = { ...npsCounts(sums) }
    // Three answers are added to the one, so that the interval lies about a quarter of it and does not reach it.
    if (n === 1) return { n, value: score.nps, ...noInterval, counts, ...faint }
    const [lower, upper] = withinScale(score.adjustedWald)
    return { n, value: score.nps, interval: [lower, upper], counts, ...faint }
  }
  const mean = meanInterval(moments(sums))
  const found =
    hasValue(mean) && hasValue(mean.interval) ? { interval: asPossible(mean.interval, metric) } : noInterval
  const average = sums.sum / n
  if (metric.kind === 'mean') return { n, value: average, ...found, mean: average, ...faint }
  const between = n - top - low
  if (metric.kind === 'csat') {
    const counts = { satisfied: top, neutral: between, dissatisfied: low }
    return { n, value: percent(top, n), interval: shareInterval(top, n), mean: average, counts, ...faint }
  }
  const counts = { agree: top, neutral: between, disagree: low }
  const share = { share: percent(top, n), shareInterval: shareInterval(top, n) }
  return { n, value: average, ...found, mean: average, ...share, counts, ...faint }
}

export interface Difference {
  /** Second minus first, in the unit of the metric. */
  value: number
  p: number | null
  interval: [number, number] | null
}

/** The difference of two cells, second minus first; null when one is empty. */
export function differenceOf(kind: MetricKind, first: Sums, second: Sums): Difference | null {
  if (kind === 'count') return { value: second.n - first.n, p: null, interval: null }
  if (first.n <= 0 || second.n <= 0) return null
  if (kind === 'nps') {
    const compared = npsDifference(npsCounts(first), npsCounts(second))
    if (!hasValue(compared)) return null
    const value = scored(second) - scored(first)
    // As little as one answer alone has an interval does it differ from others: it is the three added that would.
    if (first.n === 1 || second.n === 1) return { value, p: null, interval: null }
    const { p, interval } = compared.adjusted
    return { value, p, interval: pair(interval) }
  }
  if (kind === 'csat' || kind === 'share') {
    const compared = shareDifference(
      { successes: first.top, n: first.n },
      { successes: second.top, n: second.n },
    )
    if (!hasValue(compared)) return null
    const [lower, upper] = compared.interval
    return {
      value: 100 * compared.difference,
      p: valueOrNull(compared.p),
      interval: [100 * lower, 100 * upper],
    }
  }
  const compared = welch(moments(first), moments(second))
  const value = second.sum / second.n - first.sum / first.n
  if (!hasValue(compared)) return { value, p: null, interval: null }
  return { value, p: compared.p, interval: pair(compared.interval) }
}

/** The t interval as far as there can be such a mean: what is cut away never holds it, so that it covers as often. */
function asPossible(interval: Interval, { scale, least }: Pick<MetricPlan, 'scale' | 'least'>) {
  const [from, to] = scale ?? [least ?? Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return pair(withinScale(interval, from, to))
}

const npsCounts = ({ n, top, low }: Sums): NpsCounts => ({
  promoters: top,
  passives: n - top - low,
  detractors: low,
})
const scored = ({ n, top, low }: Sums) => (100 * (top - low)) / n
const percent = (successes: number, n: number) => (100 * successes) / n
const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high]
const valueOrNull = (value: OrReason<number>) => (hasValue(value) ? value : null)
const moments = ({ n, sum, squares }: Sums): Moments => momentsFromSums(n, sum, squares)

function shareInterval(successes: number, n: number): [number, number] {
  const [low, high] = wilson(successes, n)
  return [100 * low, 100 * high]
}
