import { noValue, type OrReason } from './interval.ts'
import { pairOrder, tieSizes } from './inversions.ts'
import { normalTwoSided } from './normal.ts'

export interface MannKendall {
  readonly n: number
  /** Rising pairs less falling pairs. */
  readonly s: number
  /** Variance of S when there is no trend, corrected for ties. */
  readonly variance: number
  /** S over its largest possible size given the ties (tau-b, time having none). */
  readonly tau: number
  /** Normal score with the continuity correction: (|S| - 1) / sd, with the sign of S. */
  readonly z: number
  /** Two-sided. */
  readonly p: number
}

/** Mann-Kendall test of a monotonic trend.
 * @param values in order of time, equally spaced or not; at least 3
 * @returns S, tau, z and p; or 'too few', or 'no variance' when all values are equal
 * @see Mann 1945, Econometrica 13:245; Kendall 1975; R trend::mk.test(continuity = TRUE)
 */
export function mannKendall(values: ArrayLike<number>): OrReason<MannKendall> {
  const n = values.length
  if (n < 3) return noValue('too few', 'a trend needs at least 3 values')
  const pairs = pairOrder(values)
  const s = pairs.rising - pairs.falling
  const all = (n * (n - 1)) / 2
  const variance = mannKendallVariance(values)
  if (variance <= 0 || pairs.level === all) return noValue('no variance', 'all values are equal')
  // R's sign(0) * (|0| - 1) is 0 as well.
  const z = (Math.sign(s) * (Math.abs(s) - 1)) / Math.sqrt(variance)
  return {
    n,
    s,
    variance,
    tau: s / Math.sqrt((all - pairs.level) * all),
    z: s === 0 ? 0 : z,
    p: normalTwoSided(s === 0 ? 0 : z),
  }
}

/** Variance of S without a trend: (n(n-1)(2n+5) - sum of t(t-1)(2t+5) over the groups of t equal values) / 18. */
export function mannKendallVariance(values: ArrayLike<number>): number {
  const term = (t: number) => t * (t - 1) * (2 * t + 5)
  const ties = tieSizes(Float64Array.from(values).sort())
  return (term(values.length) - ties.reduce((sum, size) => sum + term(size), 0)) / 18
}
