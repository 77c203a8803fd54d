import { type Interval, noValue, type OrReason, requireLevel } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { type FollowUp, orderFollowUp, spanStarts } from './survival-times.ts'

/** log: on log S (R's default); log-log: on log(-log S), always within 0..1; plain: on S, cut at 0 and 1. */
export type SurvivalLimits = 'log' | 'log-log' | 'plain'

export interface SurvivalPoint {
  readonly time: number
  /** Still followed just before this time. */
  readonly atRisk: number
  readonly events: number
  readonly censored: number
  readonly survival: number
  /** Greenwood's standard error of the survival; 'no variance' where it is 0. */
  readonly se: OrReason<number>
  readonly interval: OrReason<Interval>
}

/** A Kaplan-Meier curve, kept in columns: there may be a million distinct times. */
export interface SurvivalCurve {
  readonly n: number
  readonly events: number
  readonly level: number
  readonly limits: SurvivalLimits
  /** How many distinct times there are, event or not. */
  readonly size: number
  readonly times: Float64Array
  /** One of the times, 0..size - 1. */
  point(index: number): SurvivalPoint
  /** All of them. */
  readonly points: readonly SurvivalPoint[]
}

export interface SurvivalQuantile {
  /** First time at which survival is at or below 1 - share; 'not reached' when it never is. */
  readonly time: OrReason<number>
  readonly low: OrReason<number>
  readonly high: OrReason<number>
}

/** Kaplan-Meier curve with Greenwood's errors.
 * @returns 'empty group' without customers
 * @throws SampleInvalid for times or events that cannot be
 * @see Kaplan & Meier 1958, JASA 53:457; Greenwood 1926; R survival::survfit
 */
export function kaplanMeier(
  followUp: FollowUp,
  options: { readonly limits?: SurvivalLimits | undefined; readonly level?: number | undefined } = {},
): OrReason<SurvivalCurve> {
  const { limits = 'log', level = 0.95 } = options
  requireLevel(level)
  const data = orderFollowUp(followUp)
  if (data.n === 0) return noValue('empty group', 'nobody was followed')
  const starts = spanStarts(data)
  const size = starts.length - 1
  const columns = {
    times: new Float64Array(size),
    events: new Float64Array(size),
    survival: new Float64Array(size),
    /** Standard error of log S. */
    errors: new Float64Array(size),
  }
  let survival = 1
  let greenwood = 0
  let all = 0
  for (let i = 0; i < size; i++) {
    let events = 0
    for (let k = starts[i]!; k < starts[i + 1]!; k++) events += data.events[k]!
    const atRisk = data.n - starts[i]!
    survival *= (atRisk - events) / atRisk
    greenwood += events === 0 ? 0 : events / (atRisk * (atRisk - events))
    all += events
    columns.times[i] = data.times[starts[i]!]!
    columns.events[i] = events
    columns.survival[i] = survival
    columns.errors[i] = Math.sqrt(greenwood)
  }
  const z = normalQuantile(1 - (1 - level) / 2)
  const point = (i: number): SurvivalPoint => {
    const survival = columns.survival[i]!
    const error = columns.errors[i]!
    return {
      time: columns.times[i]!,
      atRisk: data.n - starts[i]!,
      events: columns.events[i]!,
      censored: starts[i + 1]! - starts[i]! - columns.events[i]!,
      survival,
      se: survival > 0 ? survival * error : noValue('no variance', 'nobody is left'),
      interval: limitsOf(survival, error, z, limits),
    }
  }
  return {
    n: data.n,
    events: all,
    level,
    limits,
    size,
    times: columns.times,
    point,
    get points() {
      return Array.from({ length: size }, (_, i) => point(i))
    },
  }
}

/** @param error standard error of log S */
function limitsOf(survival: number, error: number, z: number, kind: SurvivalLimits): OrReason<Interval> {
  if (survival === 0) return noValue('no variance', 'nobody is left')
  if (kind === 'plain') {
    const reach = z * error * survival
    return [Math.max(0, survival - reach), Math.min(1, survival + reach)]
  }
  if (kind === 'log') return [survival * Math.exp(-z * error), Math.min(1, survival * Math.exp(z * error))]
  if (survival === 1) return noValue('no variance', 'nobody has left yet')
  const reach = (z * error) / Math.log(survival)
  return [Math.exp(Math.log(survival) * Math.exp(-reach)), Math.exp(Math.log(survival) * Math.exp(reach))]
}

/** Time by which a share of the customers has left, with the times where the limits of the curve cross it. Where the
 * curve lies flat at exactly that height, the middle of the flat part.
 * @param share 0..1; 0.5 is the median
 * @see Brookmeyer & Crowley 1982; R print(survfit), quantile.survfit
 */
export function survivalQuantile(curve: SurvivalCurve, share = 0.5): SurvivalQuantile {
  const limit = (side: 0 | 1) =>
    crossing(curve, ({ interval }) => ('reason' in interval ? null : (interval as Interval)[side]), 1 - share)
  return {
    time: crossing(curve, ({ survival }) => survival, 1 - share),
    low: limit(0),
    high: limit(1),
  }
}

const ALIKE = 1.4901161193847656e-8

function crossing(
  curve: SurvivalCurve,
  heightOf: (point: SurvivalPoint) => number | null,
  height: number,
): OrReason<number> {
  let first: { time: number; height: number } | undefined
  for (let i = 0; i < curve.size; i++) {
    const point = curve.point(i)
    const own = heightOf(point)
    if (own === null || !(own < height + ALIKE)) continue
    if (!first) {
      first = { time: point.time, height: own }
      if (Math.abs(own - height) >= ALIKE) break
    } else if (own < first.height) return (first.time + point.time) / 2
  }
  return first ? first.time : noValue('not reached')
}

export interface RestrictedMean {
  /** Mean time with the company up to `until`: the area under the curve. */
  readonly mean: number
  readonly se: number
  readonly until: number
}

/** Restricted mean survival time. After the last follow-up the curve is taken to go on flat.
 * @param until at least 0; the last time of the curve when left out
 * @see Irwin 1949; R print(survfit, rmean = until)
 */
export function restrictedMean(curve: SurvivalCurve, until = curve.times[curve.size - 1]!): RestrictedMean {
  const areas = new Float64Array(curve.size)
  let kept = 0
  let mean = 0
  let before = 0
  let height = 1
  for (; kept < curve.size && curve.times[kept]! <= until; kept++) {
    const { time, survival } = curve.point(kept)
    areas[kept] = (time - before) * height
    mean += areas[kept]!
    before = time
    height = survival
  }
  const last = (until - before) * height
  mean += last
  // The variance weighs each step by the squared area still to come after it.
  let variance = 0
  let rest = last
  for (let i = kept - 1; i >= 0; i--) {
    const { atRisk, events } = curve.point(i)
    if (atRisk > events) variance += (rest * rest * events) / (atRisk * (atRisk - events))
    rest += areas[i]!
  }
  return { mean, se: Math.sqrt(variance), until }
}
