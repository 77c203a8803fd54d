import { incompleteBeta } from './beta.ts'
import { type Interval, requireCount, requireLevel, SampleInvalid } from './interval.ts'
import { findRoot } from './root.ts'

/** A share that is believed before it is counted: as if `weight` cases had been seen, `mean` of them with success. */
export interface ShareBelief {
  /** 0..1. */
  readonly mean: number
  /** More than 0. */
  readonly weight: number
}

/** The mean and equal-tailed interval of a share after counting, from a beta prior.
 * @param successes whole number, 0..n
 * @returns mean (weight x prior + successes)/(weight + n), and the interval of Beta(a + successes, b + n - successes)
 * @throws SampleInvalid when the counts or the belief cannot be
 * @see Gelman et al., Bayesian Data Analysis, 2.4; R qbeta
 */
export function updatedShare(
  belief: ShareBelief,
  successes: number,
  n: number,
  level = 0.95,
): { mean: number; interval: Interval } {
  requireCount('n', n)
  requireCount('successes', successes)
  requireLevel(level)
  if (successes > n) throw new SampleInvalid(`successes ${successes} of ${n}`)
  if (!(belief.mean >= 0 && belief.mean <= 1 && belief.weight > 0))
    throw new SampleInvalid(`a belief of ${belief.mean} with weight ${belief.weight}`)
  const a = belief.weight * belief.mean + successes
  const b = belief.weight * (1 - belief.mean) + n - successes
  const tail = (1 - level) / 2
  return {
    mean: a / (a + b),
    interval: [betaQuantile(tail, a, b), betaQuantile(1 - tail, a, b)],
  }
}

/** The share below which Beta(a, b) has p of its mass; a or b of 0 puts all of it at 0 or 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p > 0 && p < 1 && a >= 0 && b >= 0 && a + b > 0))
    throw new SampleInvalid(`quantile ${p} of beta ${a}, ${b}`)
  if (a === 0) return 0
  if (b === 0) return 1
  return findRoot((x) => (x >= 1 ? 1 : incompleteBeta(a, b, x).lower) - p, 0, 1)
}
