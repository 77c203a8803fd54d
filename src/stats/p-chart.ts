import { type Alarm, alarmsOf, type ChartPoint, chartPoint, emptyPoint } from './chart-point.ts'
import { noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'

export interface ShareCount {
  readonly successes: number
  readonly n: number
}

export interface PChart {
  readonly centre: number
  /** Whether the centre was given or estimated from the first `baselinePeriods`. */
  readonly baseline: 'given' | 'estimated'
  readonly points: readonly ChartPoint[]
  readonly alarms: readonly Alarm[]
}

export interface PChartOptions {
  /** Share 0..1 to hold the periods against; without it the pooled share of the baseline. */
  readonly centre?: number | undefined
  /** How many periods from the first make the baseline; all when left out. */
  readonly baselinePeriods?: number | undefined
  /** Limits in standard errors. */
  readonly width?: number | undefined
}

/** Control chart of a share with varying n: centre ± width x sqrt(c(1-c)/n), cut at 0 and 1.
 * @param counts one a period, in order of time; n may be 0
 * @returns 'too few' when the baseline holds no answers
 * @throws SampleInvalid when successes lie outside 0..n or the centre outside 0..1
 * @see Montgomery, Introduction to Statistical Quality Control, 7.3; R qcc(type = "p")
 */
export function pChart(counts: readonly ShareCount[], options: PChartOptions = {}): OrReason<PChart> {
  for (const { successes, n } of counts) {
    requireCount('n', n)
    requireCount('successes', successes)
    if (successes > n) throw new SampleInvalid(`${successes} successes of ${n}`)
  }
  const { width = 3 } = options
  let centre = options.centre
  if (centre === undefined) {
    const base = counts.slice(0, options.baselinePeriods ?? counts.length)
    const n = base.reduce((sum, period) => sum + period.n, 0)
    if (n === 0) return noValue('too few', 'the baseline holds no answers')
    centre = base.reduce((sum, period) => sum + period.successes, 0) / n
  } else if (!(centre >= 0 && centre <= 1)) throw new SampleInvalid(`a share must lie in 0..1, got ${centre}`)

  const middle = centre
  const points = counts.map(({ successes, n }) => {
    if (n === 0) return emptyPoint
    const reach = width * Math.sqrt((middle * (1 - middle)) / n)
    return chartPoint(successes / n, Math.max(0, middle - reach), Math.min(1, middle + reach))
  })
  return {
    centre,
    baseline: options.centre === undefined ? 'estimated' : 'given',
    points,
    alarms: alarmsOf(points),
  }
}
