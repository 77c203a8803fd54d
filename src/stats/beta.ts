import { devianceTerm, lgamma, stirlingError } from './gamma.ts'
import { SampleInvalid } from './interval.ts'

/** Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) x^a y^b with y = 1 - x, exact for large a and b.
 * @see Loader 2000; R dbinom
 */
export function betaTerm(a: number, b: number, x: number, y: number): number {
  const n = a + b
  if (a < 1 && b < 1) {
    return Math.exp(lgamma(n + 1) - lgamma(a + 1) - lgamma(b + 1) + a * Math.log(x) + b * Math.log(y))
  }
  const log =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    devianceTerm(a, n * x) -
    devianceTerm(b, n * y) -
    0.5 * (Math.log(2 * Math.PI) + Math.log(a) + Math.log(b / n))
  return Math.exp(log)
}

/** Regularised incomplete beta function, both tails, each accurate when small.
 * @param x from 0 to 1
 * @param y 1 - x, given apart where the caller has it without cancellation
 * @returns lower = I_x(a, b) and upper = 1 - I_x(a, b)
 * @throws SampleInvalid when a or b is not positive or x lies outside 0..1
 * @see DiDonato & Morris 1992, ACM TOMS 18:360 (continued fraction); R pbeta
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): { lower: number; upper: number } {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1)) {
    throw new SampleInvalid(`incomplete beta of a=${a}, b=${b}, x=${x}`)
  }
  if (x === 0) return { lower: 0, upper: 1 }
  if (y === 0) return { lower: 1, upper: 0 }
  const term = (betaTerm(a, b, x, y) * a * b) / (a + b)
  if (x * (a + b + 2) < a + 1) {
    const lower = Math.min(1, term * continuedFraction(a, b, x, y))
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, term * continuedFraction(b, a, y, x))
  return { lower: 1 - upper, upper }
}

// The contracted fraction with y = 1 - x written out: nothing cancels when a is huge and x near 1.
function continuedFraction(a: number, b: number, x: number, y: number): number {
  const tiny = 1e-300
  const safe = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  const denominator = (m: number) =>
    m +
    (m === 0 ? 0 : (m * (b - m) * x) / (a + 2 * m - 1)) +
    ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (a + 2 * m + 1)
  let f = safe(denominator(0))
  let c = f
  let d = 0
  for (let m = 1; m < 1_000_000; m++) {
    const whole = a + 2 * m - 1
    const top = ((m * (a + m - 1)) / whole) * ((a + b + m - 1) / whole) * (b - m) * x * x
    const bottom = denominator(m)
    d = 1 / safe(bottom + top * d)
    c = safe(bottom + top / c)
    const step = c * d
    f *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return 1 / f
}
