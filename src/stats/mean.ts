import { type Interval, noValue, type OrReason, requireLevel } from './interval.ts'
import { type Moments, varianceOf } from './moments.ts'
import { studentQuantile, studentTwoSided } from './student.ts'

export interface Mean {
  readonly n: number
  readonly mean: number
  readonly sd: OrReason<number>
  readonly se: OrReason<number>
  readonly interval: OrReason<Interval>
}

export interface TTest {
  /** Second mean minus first. */
  readonly difference: number
  readonly se: number
  readonly interval: Interval
  readonly t: number
  readonly df: number
  /** Two-sided. */
  readonly p: number
}

/** A mean with its t interval.
 * @param level of the interval, 0..1
 * @returns 'empty group' when n = 0; sd, se and interval are 'too few' when n = 1
 * @see Student 1908; R t.test(x)$conf.int
 */
export function meanInterval(moments: Moments, level = 0.95): OrReason<Mean> {
  requireLevel(level)
  const { n, mean } = moments
  if (n === 0) return noValue('empty group')
  if (n === 1)
    return { n, mean, sd: noValue('too few'), se: noValue('too few'), interval: noValue('too few') }
  const sd = Math.sqrt(varianceOf(moments))
  const se = sd / Math.sqrt(n)
  const half = studentQuantile(0.5 + level / 2, n - 1) * se
  return { n, mean, sd, se, interval: [mean - half, mean + half] }
}

/** Welch's test of two means with unequal variances, second minus first.
 * @returns 'empty group', 'too few' (fewer than two in a group) or 'no variance' (both constant, but for
 *   rounding)
 * @see Welch 1947, Biometrika 34:28; R t.test(x, y)
 */
export function welch(first: Moments, second: Moments, level = 0.95): OrReason<TTest> {
  requireLevel(level)
  if (first.n === 0 || second.n === 0) return noValue('empty group')
  if (first.n < 2 || second.n < 2) return noValue('too few')
  const va = varianceOf(first) / first.n
  const vb = varianceOf(second) / second.n
  const variance = va + vb
  if (isNothing(variance, first, second)) return noValue('no variance')
  // Scaled by the sum, so that tiny variances do not underflow when squared.
  const wa = va / variance
  const wb = vb / variance
  const df = 1 / ((wa * wa) / (first.n - 1) + (wb * wb) / (second.n - 1))
  return tTest(second.mean - first.mean, Math.sqrt(variance), df, level)
}

/** Student's test of two means with a pooled variance, second minus first.
 * @see R t.test(x, y, var.equal = TRUE)
 */
export function pooledT(first: Moments, second: Moments, level = 0.95): OrReason<TTest> {
  requireLevel(level)
  if (first.n === 0 || second.n === 0) return noValue('empty group')
  const df = first.n + second.n - 2
  if (df < 1) return noValue('too few')
  const variance = ((first.squares + second.squares) / df) * (1 / first.n + 1 / second.n)
  if (isNothing(variance, first, second)) return noValue('no variance')
  return tTest(second.mean - first.mean, Math.sqrt(variance), df, level)
}

/** Whether an error is no more than rounding of the means, where R's t.test says "data are essentially constant". */
function isNothing(variance: number, first: Moments, second: Moments): boolean {
  const rounding = 10 * Number.EPSILON * Math.max(Math.abs(first.mean), Math.abs(second.mean))
  return !(variance > 0) || Math.sqrt(variance) < rounding
}

function tTest(difference: number, se: number, df: number, level: number): TTest {
  const half = studentQuantile(0.5 + level / 2, df) * se
  const t = difference / se
  return {
    difference,
    se,
    interval: [difference - half, difference + half],
    t,
    df,
    p: studentTwoSided(t, df),
  }
}
