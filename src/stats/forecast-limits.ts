import { isSeasonal } from './exponential-smoothing.ts'
import type { SmoothingFit } from './fit-smoothing.ts'
import { noValue, type OrReason, requireLevel } from './interval.ts'
import { momentsOf, varianceOf } from './moments.ts'
import { normalQuantile } from './normal.ts'

/** 'proper': the step just ahead has the variance of the residuals. 'R': what predict.HoltWinters prints, which
 * differs in the multiplicative model alone: there the weight of the nearest error is alpha + gamma (1 - alpha)
 * in place of 1, and the season is looked up one place off, so that its limits are too narrow. */
export type LimitForm = 'proper' | 'R'

/** Half-widths of the prediction limits 1..horizon periods ahead, in the unit of the values.
 *
 * Variance ahead h: residual variance (n - 1) x sum over j < h of psi_j², psi_0 = 1,
 * psi_j = alpha (1 + j beta) + gamma (1 - alpha) where j is a whole number of cycles; in the multiplicative model
 * each psi_j is scaled by the season of the target over that of the error. With a weight of 0 for what the model lacks.
 * @returns 'too few' with fewer than 2 residuals
 * @see Yar & Chatfield 1990, International Journal of Forecasting 6:127; Chatfield & Yar 1991; R predict.HoltWinters
 */
export function forecastReach(
  fit: SmoothingFit,
  horizon: number,
  level = 0.95,
  form: LimitForm = 'proper',
): OrReason<number[]> {
  requireLevel(level)
  if (fit.residuals.length < 2) return noValue('too few', 'limits need at least 2 residuals')
  const variance = varianceOf(momentsOf(fit.residuals))
  const z = normalQuantile((1 + level) / 2)
  const { alpha, beta, gamma } = fit.weights
  const seasonal = isSeasonal(fit.model)
  const psi = (j: number) =>
    alpha * (1 + j * beta) + (seasonal && j % fit.period === 0 ? gamma * (1 - alpha) : 0)
  const ratio = seasonRatio(fit, form)
  return Array.from({ length: horizon }, (_, i) => {
    let sum = 0
    for (let j = 0; j <= i; j++) {
      const weight = j === 0 && !(form === 'R' && fit.model === 'multiplicative') ? 1 : psi(j)
      sum += (weight * ratio(i + 1, j)) ** 2
    }
    return z * Math.sqrt(variance * sum)
  })
}

/** Season of the period h ahead over that of the error j periods before it; 1 where seasons add or are absent. */
function seasonRatio(fit: SmoothingFit, form: LimitForm): (h: number, j: number) => number {
  if (fit.model !== 'multiplicative') return () => 1
  const { season, trend } = fit.state
  const m = season.length
  const turn = (h: number) => (((h - 1) % m) + m) % m
  if (form === 'proper') return (h, j) => season[turn(h)]! / season[turn(h - j)]!
  // R counts the coefficients a, b, s1 ... and takes b where the place works out as 0.
  return (h, j) => {
    const place = (((turn(h) + 1 - j) % m) + m) % m
    return season[turn(h)]! / (place === 0 ? trend : season[place - 1]!)
  }
}
