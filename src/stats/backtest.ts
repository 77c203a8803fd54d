import { type ForecastAccuracy, forecastAccuracy, naiveScale } from './forecast-accuracy.ts'
import { isNoValue, noValue, type OrReason, requireCount } from './interval.ts'

/** Forecasts with limits, as any method gives them. */
export interface Forecast {
  readonly forecast: readonly number[]
  /** Half-widths of the limits. */
  readonly reach: OrReason<readonly number[]>
}

export type Forecaster = (training: Float64Array, horizon: number) => OrReason<Forecast>

export interface Backtest {
  /** Cuts of the series that were forecast from. */
  readonly origins: number
  readonly horizon: number
  /** Over all origins and steps; MASE is the mean of errors in units of each training part's own scale. */
  readonly accuracy: ForecastAccuracy
  /** Share of the values that fell inside their limits. */
  readonly coverage: OrReason<number>
  /** One accuracy a step ahead. */
  readonly bySteps: readonly {
    readonly step: number
    readonly n: number
    readonly mae: number
    readonly rmse: number
  }[]
}

export interface BacktestOptions {
  readonly horizon: number
  /** Values before the first cut. */
  readonly least: number
  /** At most so many cuts, the latest ones. */
  readonly origins?: number | undefined
  /** Cycle of the naive scale of MASE. */
  readonly period?: number | undefined
  /** One a value: whether it was observed. Values that were filled in train the method and are not scored. */
  readonly observed?: readonly boolean[] | undefined
}

// Of a series that a method follows to the last digit the limits are as narrow as the rounding of its values.
const ROUNDING = 1e-9

/** Backtest with a rolling origin: the series is cut at each of the last possible places, the method sees what lies
 * before the cut (and fits itself anew), and is held against what came after.
 * @returns 'too few' when no cut leaves `least` values before and `horizon` after it, or nothing that was observed
 * lies behind a cut; or the method's own reason
 * @see Tashman 2000, International Journal of Forecasting 16:437
 */
export function backtest(
  values: Float64Array,
  method: Forecaster,
  options: BacktestOptions,
): OrReason<Backtest> {
  const { horizon, least, origins = 24, period = 1, observed } = options
  requireCount('horizon', horizon, 1)
  const last = values.length - horizon
  const first = Math.max(least, last - origins + 1)
  if (last < least) return noValue('too few', `a backtest needs at least ${least + horizon} values`)
  const actual: number[] = []
  const forecasts: number[] = []
  const steps: number[] = []
  const scaled: number[] = []
  let covered = 0
  let judged = 0
  let unscaled: OrReason<number> | undefined
  for (let cut = first; cut <= last; cut++) {
    const training = values.subarray(0, cut)
    const made = method(training, horizon)
    if (isNoValue(made)) return made
    const scale = naiveScale(training, period, observed)
    for (let step = 0; step < horizon; step++) {
      if (observed && !observed[cut + step]) continue
      const value = values[cut + step]!
      const miss = Math.abs(value - made.forecast[step]!)
      actual.push(value)
      steps.push(step)
      forecasts.push(made.forecast[step]!)
      if (typeof scale === 'number') scaled.push(miss / scale)
      else unscaled = scale
      if (!isNoValue(made.reach)) {
        judged++
        if (miss <= made.reach[step]! + ROUNDING * Math.abs(value)) covered++
      }
    }
  }
  const accuracy = forecastAccuracy(actual, forecasts, 1)
  if (isNoValue(accuracy)) return accuracy
  const mase = unscaled ?? scaled.reduce((sum, value) => sum + value, 0) / scaled.length
  return {
    origins: last - first + 1,
    horizon,
    accuracy: { ...accuracy, mase },
    coverage: judged > 0 ? covered / judged : noValue('too few', 'no limits to judge'),
    bySteps: stepErrors(actual, forecasts, steps, horizon),
  }
}

function stepErrors(
  actual: readonly number[],
  forecasts: readonly number[],
  steps: readonly number[],
  horizon: number,
): Backtest['bySteps'] {
  return Array.from({ length: horizon }, (_, step) => step).flatMap((step) => {
    const errors = actual.flatMap((value, i) => (steps[i] === step ? [value - forecasts[i]!] : []))
    const n = errors.length
    if (n === 0) return []
    return {
      step: step + 1,
      n,
      mae: errors.reduce((sum, error) => sum + Math.abs(error), 0) / n,
      rmse: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / n),
    }
  })
}
