import { type BaselineOptions, type ChartBaseline, chartBaseline } from './chart-baseline.ts'
import { type Alarm, alarmsOf, type ChartPoint, chartPoint } from './chart-point.ts'
import { isNoValue, type OrReason, SampleInvalid } from './interval.ts'

export interface EwmaChart extends ChartBaseline {
  readonly lambda: number
  readonly width: number
  /** Each point's value is the moving average, not the value of the period. */
  readonly points: readonly ChartPoint[]
  readonly alarms: readonly Alarm[]
}

export interface EwmaOptions extends BaselineOptions {
  /** Weight of the newest value, 0 < lambda <= 1. */
  readonly lambda?: number | undefined
  /** Limits in standard deviations of the average. */
  readonly width?: number | undefined
}

/** Exponentially weighted moving average with limits that widen with time:
 * target ± L sigma sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^2i)); the average starts at the target.
 * @param values one a period, in order of time
 * @throws SampleInvalid when lambda lies outside 0..1
 * @see Roberts 1959; Lucas & Saccucci 1990, Technometrics 32:1; R qcc::ewma
 */
export function ewmaChart(values: ArrayLike<number>, options: EwmaOptions = {}): OrReason<EwmaChart> {
  const { lambda = 0.2, width = 2.7 } = options
  if (!(lambda > 0 && lambda <= 1)) throw new SampleInvalid(`lambda must lie in 0..1, got ${lambda}`)
  const base = chartBaseline(values, options)
  if (isNoValue(base)) return base
  let average = base.centre
  const points = Array.from(values, (value, i) => {
    average += lambda * (value - average)
    const share = (lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * (i + 1)))
    const reach = width * base.sigma * Math.sqrt(share)
    return chartPoint(average, base.centre - reach, base.centre + reach)
  })
  return { ...base, lambda, width, points, alarms: alarmsOf(points) }
}
