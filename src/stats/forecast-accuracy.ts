import { noValue, type OrReason, SampleInvalid } from './interval.ts'

export interface ForecastAccuracy {
  readonly n: number
  /** Mean of value less forecast. */
  readonly me: number
  readonly mae: number
  readonly rmse: number
  /** Mean of |error| in per cent of the value; 'out of range' when a value is 0. */
  readonly mape: OrReason<number>
  /** Mean of |error| over the scale; 'no variance' when the scale is 0. */
  readonly mase: OrReason<number>
}

/** How far forecasts were from what came.
 * @param actual, forecast equally long, at least 1
 * @param scale mean |change| over one cycle in the training values, see `naiveScale`
 * @see Hyndman & Koehler 2006, International Journal of Forecasting 22:679; R forecast::accuracy
 */
export function forecastAccuracy(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  scale: OrReason<number>,
): OrReason<ForecastAccuracy> {
  const n = actual.length
  if (forecast.length !== n) throw new SampleInvalid(`${n} values but ${forecast.length} forecasts`)
  if (n === 0) return noValue('too few', 'no forecasts to judge')
  let sum = 0
  let absolute = 0
  let squares = 0
  let relative = 0
  for (let i = 0; i < n; i++) {
    const error = actual[i]! - forecast[i]!
    sum += error
    absolute += Math.abs(error)
    squares += error * error
    relative += Math.abs(error / actual[i]!)
  }
  const mae = absolute / n
  return {
    n,
    me: sum / n,
    mae,
    rmse: Math.sqrt(squares / n),
    mape: Number.isFinite(relative) ? (100 * relative) / n : noValue('out of range', 'a value is 0'),
    mase: typeof scale === 'number' ? mae / scale : scale,
  }
}

/** Mean |change| from one cycle to the next in the training values: the unit of MASE.
 * @param observed one a value: only changes between two values that were observed count
 * @returns 'too few' unless there is more than one cycle; 'no variance' when nothing changes
 */
export function naiveScale(
  values: ArrayLike<number>,
  period: number,
  observed?: readonly boolean[],
): OrReason<number> {
  let changes = 0
  let sum = 0
  for (let i = period; i < values.length; i++) {
    if (observed && !(observed[i] && observed[i - period])) continue
    sum += Math.abs(values[i]! - values[i - period]!)
    changes++
  }
  if (changes === 0) return noValue('too few', 'MASE needs more than one cycle of values')
  return sum > 0 ? sum / changes : noValue('no variance', 'the values do not change from cycle to cycle')
}
