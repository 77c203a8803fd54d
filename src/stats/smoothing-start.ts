import { isSeasonal, type SmoothingModel, type SmoothingStart } from './exponential-smoothing.ts'
import { noValue, type OrReason } from './interval.ts'

/** Start values from the beginning of the series, as R's HoltWinters takes them.
 *
 * simple: level is the first value, forecasts begin at the second. holt: level is the second value, trend the
 * second less the first, forecasts begin at the third. Seasonal: the first two cycles are decomposed by a
 * centred moving average; level and trend are the line through that average (its first point is 1), the season
 * is the mean deviation (or ratio) of each period, centred; forecasts begin at the second cycle.
 * @param period length of the cycle; unused without a season
 * @returns 'too few'; 'out of range' for a multiplicative season of values that are not positive
 * @see R HoltWinters(start.periods = 2), decompose
 */
export function smoothingStart(
  model: SmoothingModel,
  values: ArrayLike<number>,
  period: number,
): OrReason<SmoothingStart> {
  const n = values.length
  if (model === 'simple') {
    if (n < 2) return noValue('too few', 'simple smoothing needs at least 2 values')
    return { level: values[0]!, trend: 0, season: [], first: 1 }
  }
  if (model === 'holt') {
    if (n < 3) return noValue('too few', "Holt's model needs at least 3 values")
    return { level: values[1]!, trend: values[1]! - values[0]!, season: [], first: 2 }
  }
  if (period < 2) return noValue('not applicable', 'a season needs a cycle of at least 2 periods')
  if (n < 2 * period)
    return noValue('too few', `a season of ${period} needs at least two cycles, ${2 * period} values`)
  const multiplies = model === 'multiplicative'
  if (multiplies && !allPositive(values))
    return noValue('out of range', 'a multiplicative season needs positive values')
  const average = centredAverage(values, 2 * period, period)
  const line = lineThrough(average.filter((value) => !Number.isNaN(value)))
  return { ...line, season: seasonFigure(values, average, period, multiplies), first: period }
}

/** Whether a model can be used at all on a series with this cycle. */
export function modelApplies(model: SmoothingModel, values: ArrayLike<number>, period: number): boolean {
  return !isSeasonal(model) || (period >= 2 && (model === 'additive' || allPositive(values)))
}

function allPositive(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) return false
  return true
}

/** Moving average over one cycle, NaN where it does not reach; the ends weigh half when the cycle is even. */
function centredAverage(values: ArrayLike<number>, n: number, period: number): number[] {
  const half = Math.floor(period / 2)
  return Array.from({ length: n }, (_, i) => {
    if (i < half || i >= n - half) return Number.NaN
    let sum = 0
    for (let j = -half; j <= half; j++) {
      const end = period % 2 === 0 && Math.abs(j) === half
      sum += values[i + j]! * (end ? 0.5 : 1)
    }
    return sum / period
  })
}

function lineThrough(points: readonly number[]): { level: number; trend: number } {
  const n = points.length
  const middle = (n + 1) / 2
  const mean = points.reduce((sum, value) => sum + value, 0) / n
  let cross = 0
  let square = 0
  points.forEach((value, i) => {
    cross += (i + 1 - middle) * (value - mean)
    square += (i + 1 - middle) ** 2
  })
  const trend = square > 0 ? cross / square : 0
  return { level: mean - trend * middle, trend }
}

function seasonFigure(
  values: ArrayLike<number>,
  average: readonly number[],
  period: number,
  multiplies: boolean,
): number[] {
  const figure = Array.from({ length: period }, (_, turn) => {
    let sum = 0
    let count = 0
    for (let i = turn; i < average.length; i += period) {
      if (Number.isNaN(average[i]!)) continue
      sum += multiplies ? values[i]! / average[i]! : values[i]! - average[i]!
      count++
    }
    return sum / count
  })
  const mean = figure.reduce((sum, swing) => sum + swing, 0) / period
  return figure.map((swing) => (multiplies ? swing / mean : swing - mean))
}
