import {
  hasTrend,
  isSeasonal,
  makeTrack,
  type SmoothingModel,
  type SmoothingStart,
  type SmoothingWeights,
  smoothInto,
} from './exponential-smoothing.ts'
import { leastSquares } from './linear.ts'
import { matrix } from './matrix.ts'

// For: exponential smoothing whose start values are fitted. In: a series and weights. Out: the start values with the
// least sum of squared errors beside these weights, and start values as one row of numbers.

/** A start with what it misses. */
export interface StartFound {
  readonly start: SmoothingStart
  readonly residuals: Float64Array
  readonly sse: number
}

/** Makes what finds the best start values for given weights: errors are linear in them, other than with a season that
 * multiplies, so that no search is needed. Start values that nothing hangs on stay as in `like`.
 * @param model simple, holt or additive
 * @param like where they stand and how long the cycle is
 * @see Golub & Pereyra 1973, SIAM J. Numerical Analysis 10:413, variable projection
 */
export function freeStart(model: SmoothingModel, values: ArrayLike<number>, like: SmoothingStart) {
  const row = Float64Array.from(values)
  const nothing = new Float64Array(row.length)
  const track = makeTrack(row.length - like.first, like.season.length)
  const begun = packStart(model, like)
  const units = begun.map((_, j) => {
    const unit = unpackStart(
      model,
      like,
      begun.map((_, i) => (i === j ? 1 : 0)),
      0,
    )
    return unit
  })
  const design = matrix(track.residuals.length, units.length)
  return (weights: SmoothingWeights): StartFound => {
    units.forEach((unit, j) => {
      smoothInto(track, model, nothing, weights, unit)
      for (let i = 0; i < track.fitted.length; i++) design.data[i * units.length + j] = track.fitted[i]!
    })
    smoothInto(track, model, row, weights, like)
    const moved = leastSquares(design, track.residuals)
    const start = unpackStart(
      model,
      like,
      begun.map((value, j) => value + moved.coefficients[j]!),
      0,
    )
    return { start, residuals: moved.residuals, sse: moved.rss }
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
