import {
  type BaselineOptions,
  type ChartBaseline,
  chartBaseline,
  D2,
  D4,
  EXACT_D2,
  EXACT_D4,
} from './chart-baseline.ts'
import { type Alarm, alarmsOf, type ChartPoint, chartPoint, emptyPoint } from './chart-point.ts'
import { isNoValue, type OrReason } from './interval.ts'

export interface IndividualsChart extends ChartBaseline {
  readonly points: readonly ChartPoint[]
  readonly alarms: readonly Alarm[]
  /** The first range is empty: a range stands at the later of its two values. */
  readonly ranges: {
    readonly centre: number
    readonly points: readonly ChartPoint[]
    readonly alarms: readonly Alarm[]
  }
}

/** Individuals and moving range chart: centre ± width x mean range / 1.128; ranges up to 3.267 x mean range.
 * @param values one a period, in order of time
 * @param options.width limits in standard deviations
 * @see Montgomery 6.4; R qcc(type = "xbar.one")
 */
export function individualsChart(
  values: ArrayLike<number>,
  options: BaselineOptions & { readonly width?: number | undefined } = {},
): OrReason<IndividualsChart> {
  const base = chartBaseline(values, options)
  if (isNoValue(base)) return base
  const { width = 3 } = options
  const points = Array.from(values, (value) =>
    chartPoint(value, base.centre - width * base.sigma, base.centre + width * base.sigma),
  )
  const exact = options.estimator === 'exact moving range'
  const centre = base.sigma * (exact ? EXACT_D2 : D2)
  const most = centre * (exact ? EXACT_D4 : D4)
  const ranges = Array.from(values, (value, i) =>
    i === 0 ? emptyPoint : chartPoint(Math.abs(value - values[i - 1]!), 0, most),
  )
  return {
    ...base,
    points,
    alarms: alarmsOf(points),
    ranges: { centre, points: ranges, alarms: alarmsOf(ranges) },
  }
}
