import { noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'

// The shifted beta-geometric model: every customer has a churn chance of their own, spread as Beta(alpha, beta).
// In: alpha and beta. Out: survival, retention and the discounted rest of a customer's life.
// Retention rises with tenure because those who would leave have left.

/** The spread of churn chances between customers, both positive. */
export interface SbgSpread {
  readonly alpha: number
  readonly beta: number
}

/** Share of the customers who renewed at least `renewals` times.
 * @see Fader & Hardie 2007, Journal of Interactive Marketing 21:76
 */
export function sbgSurvival(spread: SbgSpread, renewals: number): number {
  requireSpread(spread)
  requireCount('renewals', renewals)
  let share = 1
  for (let i = 1; i <= renewals; i++) share *= sbgRetention(spread, i)
  return share
}

/** Chance that a customer who has come to renewal `i` (from 1) renews: (beta + i - 1)/(alpha + beta + i - 1). */
export function sbgRetention({ alpha, beta }: SbgSpread, i: number): number {
  return (beta + i - 1) / (alpha + beta + i - 1)
}

/** Discounted expected residual lifetime, in payments: what is still to come from a customer who has made n payments,
 * standing just before the n-th renewal. Times the margin a period it is the residual lifetime value.
 *
 * (beta + n - 1)/(alpha + beta + n - 1) x 2F1(1, beta + n; alpha + beta + n; 1/(1 + d)); this counts the renewal that
 * is about to be decided, undiscounted.
 * @param n payments made, at least 1
 * @param discount a period, at least 0
 * @returns 'out of range' at discount 0 with alpha <= 1: the expectation is infinite
 * @see Fader & Hardie 2010, Marketing Science 29:85, equation 6
 */
export function derl(spread: SbgSpread, n: number, discount: number): OrReason<number> {
  requireSpread(spread)
  requireCount('n', n, 1)
  if (!(discount >= 0)) throw new SampleInvalid(`discount must be at least 0, got ${discount}`)
  const { alpha, beta } = spread
  if (discount === 0 && alpha <= 1) {
    return noValue('out of range', 'without a discount the expected rest of the life is infinite')
  }
  return sbgRetention(spread, n) * gaussFraction(beta + n, alpha + beta + n, 1 / (1 + discount))
}

/** Gauss's hypergeometric function 2F1(1, b; c; z) for 0 <= z <= 1 and c > b, or c > b + 1 at z = 1.
 * By its continued fraction, which converges also where the series creeps (z near 1).
 * @see Cuyt et al., Handbook of Continued Fractions for Special Functions, 15.3.4; R gsl::hyperg_2F1
 */
export function gaussFraction(b: number, c: number, z: number): number {
  if (!(c > b && b > 0 && z >= 0 && z <= 1))
    throw new SampleInvalid(`2F1(1, ${b}; ${c}; ${z}) is not for this formula`)
  if (z === 1) return (c - 1) / (c - b - 1)
  // 1/(1 - k1 z/(1 - k2 z/(1 - ...))), evaluated from the front by the modified Lentz method.
  let value = 1
  let above = 1
  let below = 0
  for (let step = 1; step < 10_000_000; step++) {
    const m = step >> 1
    const k =
      step % 2 === 1
        ? ((b + m) * (c + m - 1)) / ((c + 2 * m - 1) * (c + 2 * m))
        : (m * (c - b + m - 1)) / ((c + 2 * m - 2) * (c + 2 * m - 1))
    below = 1 / (1 - k * z * below)
    above = 1 - (k * z) / above
    const factor = above * below
    value *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return 1 / value
}

function requireSpread({ alpha, beta }: SbgSpread): void {
  if (!(alpha > 0 && beta > 0))
    throw new SampleInvalid(`alpha and beta must be positive, got ${alpha} and ${beta}`)
}
