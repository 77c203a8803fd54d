import { type BaselineOptions, type ChartBaseline, chartBaseline } from './chart-baseline.ts'
import { type Side, sideOf } from './chart-point.ts'
import { isNoValue, noValue, type OrReason } from './interval.ts'

export interface CusumPoint {
  /** Sums in standard deviations, both counted from 0 upwards. */
  readonly high: number
  readonly low: number
  /** Periods since the sum last stood at 0: the change is thought to have begun then. */
  readonly highRun: number
  readonly lowRun: number
  /** After a change of level one sum may still lie above the limit when the other passes it. */
  readonly outside: Side | 'both' | false
}

export interface CusumAlarm {
  readonly index: number
  readonly side: Side
  /** The sum that crossed, in standard deviations. */
  readonly value: number
  readonly limit: number
  /** Where the run that led to the alarm began, from 0. */
  readonly since: number
}

export interface CusumChart extends ChartBaseline {
  readonly allowance: number
  readonly decision: number
  readonly points: readonly CusumPoint[]
  readonly alarms: readonly CusumAlarm[]
}

export interface CusumOptions extends BaselineOptions {
  /** k, in standard deviations: half the shift that should be found. */
  readonly allowance?: number | undefined
  /** h, in standard deviations. */
  readonly decision?: number | undefined
  /** Both sums begin here, in standard deviations: h/2 gives the fast initial response. */
  readonly headStart?: number | undefined
}

/** Tabular CUSUM, two-sided: C+ = max(0, C+ + z - k), C- = max(0, C- - z - k); an alarm is strictly above h. Where both
 * sums are, both are alarms, the upper first.
 * @param values one a period, in order of time
 * @returns 'too few', or 'no variance' when the estimated standard deviation is 0
 * @see Page 1954, Biometrika 41:100; Montgomery 9.1; R qcc::cusum(se.shift = 2k, decision.interval = h)
 */
export function cusumChart(values: ArrayLike<number>, options: CusumOptions = {}): OrReason<CusumChart> {
  const { allowance = 0.5, decision = 5, headStart = 0 } = options
  const base = chartBaseline(values, options)
  if (isNoValue(base)) return base
  if (base.sigma === 0)
    return noValue('no variance', 'the baseline does not vary, so there is no unit to sum in')
  let high = headStart
  let low = headStart
  let highRun = 0
  let lowRun = 0
  const points: CusumPoint[] = Array.from(values, (value) => {
    const z = (value - base.centre) / base.sigma
    high = Math.max(0, high + z - allowance)
    low = Math.max(0, low - z - allowance)
    highRun = high > 0 ? highRun + 1 : 0
    lowRun = low > 0 ? lowRun + 1 : 0
    const above = sideOf(high, 0, decision) !== false
    const below = sideOf(low, 0, decision) !== false
    const outside = above && below ? 'both' : above ? 'above' : below && 'below'
    return { high, low, highRun, lowRun, outside }
  })
  const alarms = points.flatMap(({ outside, ...point }, index) =>
    SIDES.flatMap(([side, sum, run]): CusumAlarm[] =>
      outside === side || outside === 'both'
        ? [{ index, side, value: point[sum], limit: decision, since: index - point[run] + 1 }]
        : [],
    ),
  )
  return { ...base, allowance, decision, points, alarms }
}

const SIDES = [
  ['above', 'high', 'highRun'],
  ['below', 'low', 'lowRun'],
] as const
