import { SampleInvalid } from './interval.ts'

const HALF_LOG_TWO_PI = 0.9189385332046728
const EULER_GAMMA = 0.5772156649015329

/** (zeta(k) - 1) / k for k = 2..42, by direct summation with an Euler-Maclaurin remainder. */
const zetaTerms: readonly number[] = Array.from({ length: 41 }, (_, i) => {
  const k = i + 2
  const last = 12
  let sum = 0
  for (let n = 2; n < last; n++) sum += n ** -k
  const tail =
    last ** (1 - k) / (k - 1) +
    last ** -k / 2 +
    (k * last ** (-k - 1)) / 12 -
    (k * (k + 1) * (k + 2) * last ** (-k - 3)) / 720 +
    (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * last ** (-k - 5)) / 30240 -
    (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * (k + 5) * (k + 6) * last ** (-k - 7)) / 1209600
  return (sum + tail) / k
})

/** lgamma(2 + e) for |e| <= 1/2, accurate relative to its zero at e = 0. */
function lgammaNearTwo(e: number): number {
  let sum = 0
  let power = e
  for (const term of zetaTerms) {
    power *= -e
    sum -= power * term
  }
  return e * (1 - EULER_GAMMA) + sum
}

/** Natural logarithm of the gamma function.
 * @param x positive
 * @throws SampleInvalid when x is not positive
 * @see Abramowitz & Stegun 6.1.33 and 6.1.41; R lgamma
 */
export function lgamma(x: number): number {
  if (!(x > 0)) throw new SampleInvalid(`lgamma needs a positive number, got ${x}`)
  if (x === Number.POSITIVE_INFINITY) return x
  if (x >= 15) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x)
  if (x < 0.5) return lgammaNearTwo(x) - Math.log1p(x) - Math.log(x)
  if (x < 1.5) return lgammaNearTwo(x - 1) - Math.log(x)
  // Brought down to 1.5..2.5, where the series holds.
  let shifted = x
  let product = 1
  while (shifted > 2.5) {
    shifted -= 1
    product *= shifted
  }
  return lgammaNearTwo(shifted - 2) + Math.log(product)
}

/** The correction of Stirling's formula, from x = 15 on. */
function stirlingSeries(x: number): number {
  const xx = x * x
  return (
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / xx) / xx) / xx) / xx) / xx) / x
  )
}

/** log(x!) minus Stirling's formula for it; keeps large binomial and Poisson terms exact.
 * @see Loader 2000, "Fast and accurate computation of binomial probabilities"
 */
export function stirlingError(x: number): number {
  if (x >= 15) return stirlingSeries(x)
  if (x === 0) return 0
  return lgamma(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI
}

/** x log(x/m) + m - x without cancellation where x is near m (Loader's deviance part). */
export function devianceTerm(x: number, m: number): number {
  const difference = x - m
  if (Math.abs(difference) < 0.1 * (x + m)) {
    const v = difference / (x + m)
    let sum = difference * v
    let term = 2 * x * v
    for (let j = 1; j < 1000; j++) {
      term *= v * v
      const next = sum + term / (2 * j + 1)
      if (next === sum) return next
      sum = next
    }
    return sum
  }
  return x * Math.log(x / m) + m - x
}

/** x^a exp(-x) / Gamma(a + 1), exact for large a. */
export function gammaTerm(a: number, x: number): number {
  if (x === 0) return a === 0 ? 1 : 0
  if (a < 1) return Math.exp(a * Math.log(x) - x - lgamma(a + 1))
  return Math.exp(-stirlingError(a) - devianceTerm(a, x) - HALF_LOG_TWO_PI - 0.5 * Math.log(a))
}

/** Regularised incomplete gamma function, both tails, each accurate when small.
 * @param a shape, positive
 * @param x at least 0
 * @returns lower = P(a, x) and upper = Q(a, x) = 1 - P
 * @throws SampleInvalid when a <= 0 or x < 0
 * @see Abramowitz & Stegun 6.5.29 (series) and 6.5.31 (continued fraction); R pgamma
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (!(a > 0) || !(x >= 0)) throw new SampleInvalid(`incomplete gamma of a=${a}, x=${x}`)
  if (x === 0) return { lower: 0, upper: 1 }
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  const term = gammaTerm(a, x)
  if (x < a + 1) {
    let sum = 1
    let part = 1
    for (let n = 1; n < 1_000_000; n++) {
      part *= x / (a + n)
      sum += part
      if (part < sum * 1e-17) break
    }
    const lower = Math.min(1, term * sum)
    return { lower, upper: 1 - lower }
  }
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1_000_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = an * d + b
    if (Math.abs(d) < tiny) d = tiny
    c = b + an / c
    if (Math.abs(c) < tiny) c = tiny
    d = 1 / d
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  const upper = Math.min(1, term * a * h)
  return { lower: 1 - upper, upper }
}
