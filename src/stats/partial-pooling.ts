import { noValue, type OrReason } from './interval.ts'
import { findMinimum } from './minimum.ts'
import type { Moments } from './moments.ts'
import { midranks } from './ranks.ts'
import { findRoot } from './root.ts'
import { withoutRoundingNoise } from './rounding-noise.ts'

/** dl: moments (DerSimonian-Laird); ml and reml: maximum likelihood, plain and restricted. */
export type PoolingMethod = 'dl' | 'ml' | 'reml'

/** Where the variance within units comes from: one pooled for all, estimated jointly with that between units
 * (ml and reml), or each unit's own. */
export type WithinVariance = 'pooled' | 'joint' | 'own'

export interface PooledUnit {
  readonly n: number
  readonly mean: number
  /** Standard error of the unit's own mean. */
  readonly se: number
  /** Drawn towards the mean of all units. */
  readonly shrunken: number
  /** Of the shrunken mean, with the uncertainty of the common mean. */
  readonly sd: number
  /** The same, the common mean taken as known. */
  readonly conditionalSd: number
  /** Part of the unit's own mean in the shrunken one, 0..1. */
  readonly weight: number
  /** 1 is the highest mean; ties share, and so do means that rounding alone tells apart (the thirteenth digit). */
  readonly rank: number
  readonly shrunkenRank: number
}

export interface PartialPooling {
  readonly method: PoolingMethod
  readonly within: WithinVariance
  readonly mean: number
  readonly meanSe: number
  /** τ²: variance between units. */
  readonly between: number
  /** σ²: variance within units; not for own variances. */
  readonly sigma2: OrReason<number>
  /** τ² / (τ² + σ²) */
  readonly icc: OrReason<number>
  readonly units: readonly PooledUnit[]
}

/** Partial pooling of unit means: every unit is drawn towards the mean of all, the more the fewer answers it has.
 * @param units moments of each unit, each with n >= 1
 * @returns 'too few' with fewer than two units or no unit of two answers (own: any unit of one), 'no variance'
 * when there is none within units
 * @see DerSimonian & Laird 1986; Efron & Morris 1975; R metafor::rma (pooled, own) and blup; R lme4::lmer (joint)
 */
export function partialPooling(
  units: readonly Moments[],
  method: PoolingMethod,
  within: WithinVariance = method === 'dl' ? 'pooled' : 'joint',
): OrReason<PartialPooling> {
  const k = units.length
  if (k < 2) return noValue('too few', 'fewer than two units')
  if (units.some((unit) => unit.n < 1)) return noValue('empty group')
  const n = units.reduce((sum, unit) => sum + unit.n, 0)
  const squares = units.reduce((sum, unit) => sum + unit.squares, 0)
  if (within === 'own') {
    if (units.some((unit) => unit.n < 2))
      return noValue('too few', 'a unit has one answer and no variance of its own')
    const own = units.map((unit) => unit.squares / (unit.n - 1) / unit.n)
    if (own.some((variance) => !(variance > 0))) return noValue('no variance', 'a unit is constant')
    const between = betweenVariance(units, own, method)
    return pool(units, own, between, method, within, noValue('not applicable', 'each unit has its own'))
  }
  if (n - k < 1) return noValue('too few', 'no unit has two answers')
  if (!(squares > 0)) return noValue('no variance', 'every unit is constant')
  if (within === 'joint' && method !== 'dl') {
    const { between, sigma2 } = jointVariances(units, squares, n, method)
    return pool(
      units,
      units.map((unit) => sigma2 / unit.n),
      between,
      method,
      within,
      sigma2,
    )
  }
  const sigma2 = squares / (n - k)
  const variances = units.map((unit) => sigma2 / unit.n)
  return pool(units, variances, betweenVariance(units, variances, method), method, 'pooled', sigma2)
}

function weighted(
  units: readonly Moments[],
  weights: readonly number[],
): { mean: number; total: number; spread: number } {
  const total = weights.reduce((sum, w) => sum + w, 0)
  const mean = units.reduce((sum, unit, i) => sum + weights[i]! * unit.mean, 0) / total
  const spread = units.reduce((sum, unit, i) => sum + weights[i]! * (unit.mean - mean) ** 2, 0)
  return { mean, total, spread }
}

function betweenVariance(
  units: readonly Moments[],
  variances: readonly number[],
  method: PoolingMethod,
): number {
  if (method === 'dl') {
    const weights = variances.map((v) => 1 / v)
    const { total, spread } = weighted(units, weights)
    const squared = weights.reduce((sum, w) => sum + w * w, 0)
    return Math.max(0, (spread - (units.length - 1)) / (total - squared / total))
  }
  const deviance = (tau2: number) => {
    const weights = variances.map((v) => 1 / (v + tau2))
    const { total, spread } = weighted(units, weights)
    const logs = variances.reduce((sum, v) => sum + Math.log(v + tau2), 0)
    return logs + spread + (method === 'reml' ? Math.log(total) : 0)
  }
  const typical = variances.reduce((sum, v) => sum + v, 0) / variances.length
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const unit of units) {
    low = Math.min(low, unit.mean)
    high = Math.max(high, unit.mean)
  }
  const most = high - low
  return leastOnHalfLine(deviance, typical * 1e-8, Math.max(typical * 1e4, 4 * most * most))
}

// The least value on [0, high], searched on a log scale; the point 0 itself wins when nothing is lower. The place
// is then made sharp by the zero of the slope, since a minimum alone is known to half the digits only.
function leastOnHalfLine(f: (x: number) => number, low: number, high: number): number {
  const u = findMinimum((u) => f(Math.exp(u)), Math.log(low), Math.log(high), 120)
  const x = Math.exp(u)
  if (f(0) <= f(x) || u - Math.log(low) < 1e-3) return 0
  const h = 1e-4
  const slope = (v: number) => f(Math.exp(v + h)) - f(Math.exp(v - h))
  if (slope(u - 0.01) < 0 && slope(u + 0.01) > 0) return Math.exp(findRoot(slope, u - 0.01, u + 0.01, 1e-13))
  return x
}

function jointVariances(
  units: readonly Moments[],
  squares: number,
  n: number,
  method: PoolingMethod,
): { between: number; sigma2: number } {
  const df = method === 'reml' ? n - 1 : n
  // λ = τ²/σ²; σ² is known once λ is.
  const at = (lambda: number) => {
    const weights = units.map((unit) => unit.n / (1 + unit.n * lambda))
    const { total, spread } = weighted(units, weights)
    const sigma2 = (squares + spread) / df
    const logs = units.reduce((sum, unit) => sum + Math.log1p(unit.n * lambda), 0)
    return { sigma2, deviance: df * Math.log(sigma2) + logs + (method === 'reml' ? Math.log(total) : 0) }
  }
  const typical = units.length / n
  const lambda = leastOnHalfLine((l) => at(l).deviance, typical * 1e-8, Math.max(1e6, typical * 1e8))
  const { sigma2 } = at(lambda)
  return { between: lambda * sigma2, sigma2 }
}

function pool(
  units: readonly Moments[],
  variances: readonly number[],
  between: number,
  method: PoolingMethod,
  within: WithinVariance,
  sigma2: OrReason<number>,
): PartialPooling {
  const { mean, total } = weighted(
    units,
    variances.map((v) => 1 / (v + between)),
  )
  const meanVariance = 1 / total
  const made = units.map((unit, i) => {
    const v = variances[i]!
    const weight = between / (between + v)
    const conditional = weight * v
    return {
      n: unit.n,
      mean: unit.mean,
      se: Math.sqrt(v),
      shrunken: mean + weight * (unit.mean - mean),
      sd: Math.sqrt(conditional + (1 - weight) ** 2 * meanVariance),
      conditionalSd: Math.sqrt(conditional),
      weight,
    }
  })
  // A mean is as exact as the answers are large: their size is told by the means and by the spread about them.
  const answers = units.reduce((sum, unit) => sum + unit.n, 0)
  const spread = Math.sqrt(units.reduce((sum, unit) => sum + unit.squares, 0) / answers)
  const size = units.reduce((most, unit) => Math.max(most, Math.abs(unit.mean)), spread)
  const ranksOf = (means: readonly number[]) =>
    midranks(means.map((own) => -withoutRoundingNoise(own, size))).ranks
  const ranks = ranksOf(made.map((unit) => unit.mean))
  const shrunkenRanks = ranksOf(made.map((unit) => unit.shrunken))
  return {
    method,
    within,
    mean,
    meanSe: Math.sqrt(meanVariance),
    between,
    sigma2,
    icc: typeof sigma2 === 'number' ? between / (between + sigma2) : sigma2,
    units: made.map((unit, i) => ({ ...unit, rank: ranks[i]!, shrunkenRank: shrunkenRanks[i]! })),
  }
}
