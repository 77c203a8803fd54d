import { gammaTerm, incompleteGamma } from './gamma.ts'
import { SampleInvalid } from './interval.ts'
import { positiveQuantile } from './root.ts'

/** P(X <= x) of the chi-square distribution.
 * @see R pchisq
 */
export function chiSquareCdf(x: number, df: number): number {
  return x <= 0 ? 0 : incompleteGamma(df / 2, x / 2).lower
}

/** P(X > x): the p-value, accurate where it is small. */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : incompleteGamma(df / 2, x / 2).upper
}

/** Density of the chi-square distribution at x > 0. */
export function chiSquareDensity(x: number, df: number): number {
  return (gammaTerm(df / 2, x / 2) * df) / 2 / x
}

/** The x with P(X <= x) = p.
 * @throws SampleInvalid when p lies outside 0..1 or df is not positive
 * @see R qchisq
 */
export function chiSquareQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) throw new SampleInvalid(`a probability must lie in 0..1, got ${p}`)
  if (!(df > 0)) throw new SampleInvalid(`degrees of freedom must be positive, got ${df}`)
  if (p === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  const density = (x: number) => chiSquareDensity(x, df)
  return p < 0.5
    ? positiveQuantile(p, (x) => chiSquareCdf(x, df), density, false, df)
    : positiveQuantile(1 - p, (x) => chiSquareUpper(x, df), density, true, df)
}
