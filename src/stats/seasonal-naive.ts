import { noValue, type OrReason, requireCount, requireLevel } from './interval.ts'
import { normalQuantile } from './normal.ts'

export interface SeasonalNaive {
  readonly period: number
  /** One-step forecasts of the values from `first` on. */
  readonly fitted: Float64Array
  readonly residuals: Float64Array
  readonly first: number
  readonly forecast: readonly number[]
  /** Half-widths of the limits: z x root mean square residual x sqrt(number of cycles ahead). */
  readonly reach: readonly number[]
}

/** The value of one cycle ago; with a period of 1 the last value.
 * @param values one a period, in order of time
 * @param period at least 1
 * @returns 'too few' unless there is more than one cycle
 * @see Hyndman & Athanasopoulos, Forecasting 5.2 and 5.5; R forecast::snaive
 */
export function seasonalNaive(
  values: ArrayLike<number>,
  period: number,
  horizon: number,
  level = 0.95,
): OrReason<SeasonalNaive> {
  requireCount('period', period, 1)
  requireLevel(level)
  const n = values.length
  if (n <= period) return noValue('too few', `the naive forecast needs more than one cycle of ${period}`)
  const fitted = Float64Array.from({ length: n - period }, (_, i) => values[i]!)
  const residuals = fitted.map((value, i) => values[i + period]! - value)
  const sigma = Math.sqrt(residuals.reduce((sum, miss) => sum + miss * miss, 0) / residuals.length)
  const z = normalQuantile((1 + level) / 2)
  const ahead = Array.from({ length: horizon }, (_, i) => i)
  return {
    period,
    fitted,
    residuals,
    first: period,
    forecast: ahead.map((i) => values[n - period + (i % period)]!),
    reach: ahead.map((i) => z * sigma * Math.sqrt(Math.floor(i / period) + 1)),
  }
}
