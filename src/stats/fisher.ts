import { betaTerm, incompleteBeta } from './beta.ts'
import { chiSquareQuantile, chiSquareUpper } from './chi-square.ts'
import { SampleInvalid } from './interval.ts'
import { positiveQuantile } from './root.ts'

function bothTails(f: number, df1: number, df2: number): { lower: number; upper: number } {
  if (!(df1 > 0) || !(df2 > 0))
    throw new SampleInvalid(`F needs positive degrees of freedom, got ${df1}, ${df2}`)
  if (f <= 0) return { lower: 0, upper: 1 }
  if (f === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  if (df2 === Number.POSITIVE_INFINITY) {
    const upper = chiSquareUpper(f * df1, df1)
    return { lower: 1 - upper, upper }
  }
  const whole = df1 * f + df2
  return incompleteBeta(df1 / 2, df2 / 2, (df1 * f) / whole, df2 / whole)
}

/** P(F <= f).
 * @see R pf
 */
export function fisherCdf(f: number, df1: number, df2: number): number {
  return bothTails(f, df1, df2).lower
}

/** P(F > f): the p-value, accurate where it is small. */
export function fisherUpper(f: number, df1: number, df2: number): number {
  return bothTails(f, df1, df2).upper
}

/** Density of the F distribution at f > 0. */
export function fisherDensity(f: number, df1: number, df2: number): number {
  const whole = df1 * f + df2
  const a = df1 / 2
  const b = df2 / 2
  return (betaTerm(a, b, (df1 * f) / whole, df2 / whole) * a * b) / (a + b) / f
}

/** The f with P(F <= f) = p.
 * @throws SampleInvalid when p lies outside 0..1 or a df is not positive
 * @see R qf
 */
export function fisherQuantile(p: number, df1: number, df2: number): number {
  if (!(p >= 0 && p <= 1)) throw new SampleInvalid(`a probability must lie in 0..1, got ${p}`)
  if (!(df1 > 0) || !(df2 > 0))
    throw new SampleInvalid(`F needs positive degrees of freedom, got ${df1}, ${df2}`)
  if (p === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  if (df2 === Number.POSITIVE_INFINITY) return chiSquareQuantile(p, df1) / df1
  const density = (f: number) => fisherDensity(f, df1, df2)
  return p < 0.5
    ? positiveQuantile(p, (f) => fisherCdf(f, df1, df2), density, false)
    : positiveQuantile(1 - p, (f) => fisherUpper(f, df1, df2), density, true)
}
