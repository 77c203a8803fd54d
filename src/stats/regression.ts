import type { Covariance } from './covariance.ts'
import { fisherUpper } from './fisher.ts'
import { type Interval, noValue, type OrReason, requireLevel } from './interval.ts'
import { invertPositive } from './linear.ts'
import { at, type Matrix, multiplyVector, submatrix } from './matrix.ts'
import { studentQuantile, studentTwoSided } from './student.ts'

export interface Coefficient {
  readonly estimate: number
  readonly se: OrReason<number>
  readonly t: OrReason<number>
  readonly p: OrReason<number>
  readonly interval: OrReason<Interval>
}

export interface Regression {
  readonly n: number
  readonly intercept: Coefficient
  readonly coefficients: readonly Coefficient[]
  readonly r2: number
  readonly adjustedR2: OrReason<number>
  /** Residual standard error. */
  readonly sigma: OrReason<number>
  readonly f: OrReason<number>
  readonly p: OrReason<number>
  readonly dfModel: number
  /** Rows less coefficients; no value where it is not known how many rows lie behind, or none is left. */
  readonly dfResidual: OrReason<number>
  /** Inverse of the drivers' covariances. */
  readonly inverse: Matrix
}

/** Least squares of the last column on all others, from means and covariances alone.
 * @returns 'singular' when a column is a combination of others, 'no variance' when the last is constant, 'too few'
 * when no degree of freedom is left; standard errors are 'not applicable' for pairwise or given covariances
 * without rows behind them
 * @see R summary(lm())
 */
export function regressionFromCovariance(covariance: Covariance, level = 0.95): OrReason<Regression> {
  requireLevel(level)
  const p = covariance.matrix.rows - 1
  const { n, matrix: s, means } = covariance
  const variance = at(s, p, p)
  if (!(variance > 0)) return noValue('no variance', 'the outcome is constant')
  const drivers = Array.from({ length: p }, (_, i) => i)
  const inverse = invertPositive(submatrix(s, drivers), 1e-11)
  if ('reason' in inverse) return inverse
  const withOutcome = drivers.map((i) => at(s, i, p))
  const b = multiplyVector(inverse, withOutcome)
  const explained = b.reduce((sum, value, i) => sum + value * withOutcome[i]!, 0)
  const r2 = explained / variance
  if (r2 > 1 + 1e-9) return noValue('singular', 'the correlations contradict each other')
  const dfResidual = n - 1 - p
  const intercept = means[p]! - b.reduce((sum, value, i) => sum + value * means[i]!, 0)
  const honest = covariance.basis !== 'pairwise' && n > 0
  const why = !honest
    ? noValue('not applicable', 'pairwise or given covariances have no single n')
    : dfResidual < 1
      ? noValue('too few')
      : undefined
  if (why) {
    const bare = (estimate: number): Coefficient => ({ estimate, se: why, t: why, p: why, interval: why })
    const coefficients = Array.from(b, bare)
    return {
      n,
      intercept: bare(intercept),
      coefficients,
      r2,
      adjustedR2: why,
      sigma: why,
      f: why,
      p: why,
      dfModel: p,
      dfResidual: why,
      inverse,
    }
  }
  const rss = Math.max(0, (n - 1) * (variance - explained))
  const sigma2 = rss / dfResidual
  const quantile = studentQuantile(0.5 + level / 2, dfResidual)
  const coefficient = (estimate: number, unscaled: number): Coefficient => {
    const se = Math.sqrt(sigma2 * unscaled)
    const interval: Interval = [estimate - quantile * se, estimate + quantile * se]
    if (se === 0) return { estimate, se, t: noValue('no variance'), p: noValue('no variance'), interval }
    return { estimate, se, t: estimate / se, p: studentTwoSided(estimate / se, dfResidual), interval }
  }
  const centred = multiplyVector(inverse, means.subarray(0, p))
  const lever = centred.reduce((sum, value, i) => sum + value * means[i]!, 0)
  const f =
    rss > 0 && p > 0 ? explained / p / (sigma2 / (n - 1)) : noValue('no variance', 'the fit is perfect')
  return {
    n,
    intercept: coefficient(intercept, 1 / n + lever / (n - 1)),
    coefficients: Array.from(b, (value, i) => coefficient(value, at(inverse, i, i) / (n - 1))),
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / dfResidual,
    sigma: Math.sqrt(sigma2),
    f,
    p: typeof f === 'number' ? fisherUpper(f, p, dfResidual) : f,
    dfModel: p,
    dfResidual,
    inverse,
  }
}
