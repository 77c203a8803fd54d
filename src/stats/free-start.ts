import {
  hasTrend,
  isSeasonal,
  makeTrack,
  type SmoothingModel,
  type SmoothingStart,
  type SmoothingWeights,
  smoothInto,
} from './exponential-smoothing.ts'
import { leastSquares, leaveResiduals } from './linear.ts'
import { matrixFromColumns } from './matrix.ts'

// For: exponential smoothing whose start values are fitted. In: a series and weights. Out: the start values with the
// least sum of squared errors beside these weights, and start values as one row of numbers.

export interface FreeStart {
  /** Runs with the best start values for these weights; `residuals` is its own until the next call.
   * @returns the sum of squared errors */
  readonly miss: (weights: SmoothingWeights) => number
  readonly residuals: Float64Array
  /** The start values themselves. */
  readonly startFor: (weights: SmoothingWeights) => SmoothingStart
}

/** Makes what finds the best start values for given weights: errors are linear in them, other than with a season that
 * multiplies, so that no search is needed. Start values that nothing hangs on stay as in `like`.
 * @param model simple, holt or additive
 * @param like where they stand and how long the cycle is
 * @see Golub & Pereyra 1973, SIAM J. Numerical Analysis 10:413, variable projection
 */
export function freeStart(model: SmoothingModel, values: ArrayLike<number>, like: SmoothingStart): FreeStart {
  const row = Float64Array.from(values)
  const nothing = new Float64Array(row.length)
  const track = makeTrack(row.length - like.first, like.season.length)
  const begun = packStart(model, like)
  // What one more of a start value adds to each forecast is the forecast of nothing but it.
  const units = begun.map((_, j) =>
    unpackStart(
      model,
      like,
      begun.map((_, i) => (i === j ? 1 : 0)),
      0,
    ),
  )
  const columns = units.map(() => makeTrack(track.residuals.length, like.season.length))
  const fitted = columns.map((column) => column.fitted)
  const run = (weights: SmoothingWeights) => {
    units.forEach((unit, j) => {
      smoothInto(columns[j]!, model, nothing, weights, unit)
    })
    smoothInto(track, model, row, weights, like)
  }
  return {
    miss: (weights) => {
      run(weights)
      return leaveResiduals(fitted, track.residuals)
    },
    residuals: track.residuals,
    startFor: (weights) => {
      run(weights)
      const moved = leastSquares(matrixFromColumns(fitted), track.residuals).coefficients
      return unpackStart(
        model,
        like,
        begun.map((value, j) => value + moved[j]!),
        0,
      )
    },
  }
}

/** The free start values in one row. The season's last is left out: the season sums to 0, or has mean 1. */
export function packStart(model: SmoothingModel, start: SmoothingStart): number[] {
  return [start.level, ...(hasTrend(model) ? [start.trend] : []), ...start.season.slice(0, -1)]
}

export function unpackStart(
  model: SmoothingModel,
  like: SmoothingStart,
  point: ArrayLike<number>,
  from: number,
): SmoothingStart {
  let next = from
  const level = point[next++]!
  const trend = hasTrend(model) ? point[next++]! : 0
  const season = like.season.slice(0, -1).map(() => point[next++]!)
  if (isSeasonal(model)) {
    const total = season.reduce((sum, swing) => sum + swing, 0)
    season.push((model === 'multiplicative' ? season.length + 1 : 0) - total)
  }
  return { level, trend, season, first: like.first }
}
