import { incompleteBeta } from './beta.ts'
import { devianceTerm, stirlingError } from './gamma.ts'
import { SampleInvalid } from './interval.ts'
import { normalQuantile, normalTwoSided } from './normal.ts'
import { positiveQuantile } from './root.ts'

// Above this the t and the normal distribution agree to the last digit.
const PRACTICALLY_NORMAL = 1e15

/** Density of Student's t.
 * @see Loader 2000; R dt
 */
export function studentDensity(t: number, df: number): number {
  requireDf(df)
  const square = t * t
  const height = -devianceTerm(df / 2, (df + 1) / 2) + stirlingError((df + 1) / 2) - stirlingError(df / 2)
  const fall =
    square > 0.2 * df
      ? (df / 2) * Math.log1p(square / df)
      : square / 2 - devianceTerm(df / 2, (df + square) / 2)
  return Math.exp(height - fall) / Math.sqrt(2 * Math.PI * (1 + square / df))
}

function requireDf(df: number): void {
  if (!(df > 0)) throw new SampleInvalid(`degrees of freedom must be positive, got ${df}`)
}

/** P(|T| > |t|): the two-sided p-value, accurate where it is small.
 * @param df positive, whole or not
 * @see R 2 * pt(-abs(t), df)
 */
export function studentTwoSided(t: number, df: number): number {
  requireDf(df)
  if (df > PRACTICALLY_NORMAL) return normalTwoSided(t)
  if (Math.abs(t) === Number.POSITIVE_INFINITY) return 0
  const square = t * t
  if (square === Number.POSITIVE_INFINITY) return 0
  return incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square)).lower
}

/** P(T > t). */
export function studentUpper(t: number, df: number): number {
  const both = studentTwoSided(t, df) / 2
  return t >= 0 ? both : 1 - both
}

/** P(T <= t). */
export function studentCdf(t: number, df: number): number {
  return studentUpper(-t, df)
}

/** The t with P(T <= t) = p.
 * @throws SampleInvalid when p lies outside 0..1 or df is not positive
 * @see R qt
 */
export function studentQuantile(p: number, df: number): number {
  requireDf(df)
  if (!(p >= 0 && p <= 1)) throw new SampleInvalid(`a probability must lie in 0..1, got ${p}`)
  if (p === 0) return Number.NEGATIVE_INFINITY
  if (p === 1) return Number.POSITIVE_INFINITY
  if (p === 0.5) return 0
  if (df > PRACTICALLY_NORMAL) return normalQuantile(p)
  const target = Math.min(p, 1 - p)
  const size = positiveQuantile(
    target,
    (t) => studentTwoSided(t, df) / 2,
    (t) => studentDensity(t, df),
    true,
    Math.abs(normalQuantile(target)),
  )
  return p < 0.5 ? -size : size
}
