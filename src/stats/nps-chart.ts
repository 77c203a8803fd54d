import { type Alarm, alarmsOf, type ChartPoint, chartPoint, emptyPoint } from './chart-point.ts'
import { noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'

export interface NpsCount {
  readonly promoters: number
  readonly detractors: number
  /** Promoters, passives and detractors together. */
  readonly n: number
}

export interface NpsChart {
  /** NPS in points, -100..100. */
  readonly centre: number
  /** Standard deviation of one answer, in points. */
  readonly sigma: number
  readonly baseline: 'given' | 'estimated'
  readonly points: readonly ChartPoint[]
  readonly alarms: readonly Alarm[]
}

export interface NpsChartOptions {
  /** Given shares 0..1 of promoters and detractors; they make both centre and sigma. */
  readonly shares?: { readonly promoters: number; readonly detractors: number } | undefined
  /** A given centre in points; sigma then still comes from the baseline (or the shares). */
  readonly centre?: number | undefined
  readonly baselinePeriods?: number | undefined
  readonly width?: number | undefined
}

/** Control chart of NPS with varying n: centre ± width x 100 sqrt((p + d - (p - d)²) / n), cut at -100 and 100.
 * @param counts one a period, in order of time; n may be 0
 * @returns 'too few' when the baseline holds no answers and no shares were given
 * @throws SampleInvalid for counts or shares that cannot be
 * @see the trinomial standard error of NPS (no n - 1) on a Shewhart chart
 */
export function npsChart(counts: readonly NpsCount[], options: NpsChartOptions = {}): OrReason<NpsChart> {
  for (const { promoters, detractors, n } of counts) {
    for (const [name, count] of Object.entries({ promoters, detractors, n })) requireCount(name, count)
    if (promoters + detractors > n)
      throw new SampleInvalid(`${promoters} promoters and ${detractors} detractors of ${n}`)
  }
  const { width = 3 } = options
  const shares = options.shares ?? baselineShares(counts.slice(0, options.baselinePeriods ?? counts.length))
  if (!shares) return noValue('too few', 'the baseline holds no answers')
  const { promoters: p, detractors: d } = shares
  if (!(p >= 0 && d >= 0 && p + d <= 1 + 1e-12)) throw new SampleInvalid(`shares ${p} and ${d} cannot be`)

  const centre = options.centre ?? 100 * (p - d)
  const sigma = 100 * Math.sqrt(Math.max(0, p + d - (p - d) ** 2))
  const points = counts.map((count) => {
    if (count.n === 0) return emptyPoint
    const reach = (width * sigma) / Math.sqrt(count.n)
    const nps = (100 * (count.promoters - count.detractors)) / count.n
    return chartPoint(nps, Math.max(-100, centre - reach), Math.min(100, centre + reach))
  })
  const given = options.shares !== undefined || options.centre !== undefined
  return { centre, sigma, baseline: given ? 'given' : 'estimated', points, alarms: alarmsOf(points) }
}

function baselineShares(base: readonly NpsCount[]): { promoters: number; detractors: number } | undefined {
  const n = base.reduce((sum, period) => sum + period.n, 0)
  if (n === 0) return undefined
  return {
    promoters: base.reduce((sum, period) => sum + period.promoters, 0) / n,
    detractors: base.reduce((sum, period) => sum + period.detractors, 0) / n,
  }
}
