import { type Covariance, correlationsOf } from './covariance.ts'
import { isNoValue, noValue, type OrReason } from './interval.ts'
import { johnsonWeights } from './johnson.ts'
import { invertPositive } from './linear.ts'
import { lmg, MOST_LMG_DRIVERS } from './lmg.ts'
import { at, multiplyVector, submatrix } from './matrix.ts'
import { type Coefficient, type Regression, regressionFromCovariance } from './regression.ts'

export interface Driver {
  readonly mean: number
  readonly sd: number
  /** Pearson correlation with the outcome. */
  readonly pearson: OrReason<number>
  readonly standardisedBeta: OrReason<number>
  readonly vif: OrReason<number>
  /** Part of R², in R² units and as a share of it. */
  readonly lmg: OrReason<number>
  readonly lmgShare: OrReason<number>
  readonly johnson: OrReason<number>
  readonly johnsonShare: OrReason<number>
  readonly coefficient: OrReason<Coefficient>
}

export interface Drivers {
  readonly n: number
  readonly basis: Covariance['basis']
  readonly r2: OrReason<number>
  readonly regression: OrReason<Regression>
  readonly drivers: readonly Driver[]
}

/** Fewest answers for a driver analysis that holds: FORMULAS.md, "Defaults". */
export function leastForDrivers(drivers: number): number {
  return Math.max(100, 15 * drivers)
}

/** How strongly each driver goes with the outcome, from means and covariances (outcome last).
 * Drivers without variance take no part: their own values are 'no variance', those of the others stand.
 * @returns 'too few' under `least` rows, 'no variance' when the outcome is constant
 * @see FORMULAS.md; `lmg`, `johnsonWeights`, `regressionFromCovariance`
 */
export function drivers(
  covariance: Covariance,
  least = leastForDrivers(covariance.matrix.rows - 1),
  level = 0.95,
): OrReason<Drivers> {
  const p = covariance.matrix.rows - 1
  // Of a matrix alone it may not be known how many rows lie behind it (n 0).
  const unknown = covariance.basis === 'given' && covariance.n === 0
  if (covariance.n < least && !unknown) return noValue('too few', `${covariance.n} rows, ${least} needed`)
  const { matrix: s, means } = covariance
  if (!(at(s, p, p) > 0)) return noValue('no variance', 'the outcome is constant')
  const used = Array.from({ length: p }, (_, i) => i).filter((i) => at(s, i, i) > 0)
  if (used.length === 0) return noValue('no variance', 'all drivers are constant')
  const kept = [...used, p]
  const part: Covariance = {
    ...covariance,
    means: Float64Array.from(kept, (i) => means[i]!),
    matrix: submatrix(s, kept),
  }
  const k = used.length
  const all = correlationsOf(part.matrix)
  const inner = Array.from({ length: k }, (_, i) => i)
  const correlations = submatrix(all, inner)
  const r = inner.map((i) => at(all, i, k))
  const regression = regressionFromCovariance(part, level)
  const inverse = invertPositive(correlations, 1e-11)
  const lmgs =
    k > MOST_LMG_DRIVERS
      ? noValue('out of range', `more than ${MOST_LMG_DRIVERS} drivers`)
      : lmg(correlations, r)
  const weights = johnsonWeights(correlations, r)
  const total = (values: OrReason<Float64Array>) =>
    isNoValue(values) ? 0 : (values as Float64Array).reduce((a, b) => a + b, 0)
  const r2 = isNoValue(regression)
    ? isNoValue(lmgs)
      ? regression
      : total(lmgs)
    : (regression as Regression).r2
  const betas = isNoValue(inverse) ? inverse : multiplyVector(inverse as typeof correlations, r)
  const pick = (values: OrReason<Float64Array>, i: number): OrReason<number> =>
    isNoValue(values) ? values : (values as Float64Array)[i]!
  const share = (values: OrReason<Float64Array>, i: number): OrReason<number> => {
    if (isNoValue(values)) return values
    const sum = total(values)
    return sum > 0 ? (values as Float64Array)[i]! / sum : noValue('no variance')
  }
  return {
    n: covariance.n,
    basis: covariance.basis,
    r2,
    regression,
    drivers: Array.from({ length: p }, (_, column): Driver => {
      const common = { mean: means[column]!, sd: Math.sqrt(at(s, column, column)) }
      const i = used.indexOf(column)
      if (i < 0) {
        const none = noValue('no variance')
        return {
          ...common,
          pearson: none,
          standardisedBeta: none,
          vif: none,
          lmg: none,
          lmgShare: none,
          johnson: none,
          johnsonShare: none,
          coefficient: none,
        }
      }
      return {
        ...common,
        pearson: r[i]!,
        standardisedBeta: pick(betas, i),
        vif: isNoValue(inverse) ? inverse : at(inverse as typeof correlations, i, i),
        lmg: pick(lmgs, i),
        lmgShare: share(lmgs, i),
        johnson: pick(weights, i),
        johnsonShare: share(weights, i),
        coefficient: isNoValue(regression) ? regression : (regression as Regression).coefficients[i]!,
      }
    }),
  }
}
