import {
  hasTrend,
  isSeasonal,
  type Smoothed,
  type SmoothingModel,
  type SmoothingStart,
  type SmoothingWeights,
  smooth,
} from './exponential-smoothing.ts'
import { isNoValue, noValue, type OrReason, SampleInvalid } from './interval.ts'
import { leastSquaresBox } from './least-squares-box.ts'
import { modelApplies, smoothingStart } from './smoothing-start.ts'

export interface FitOptions {
  /** Length of the cycle; needed by the seasonal models. */
  readonly period?: number | undefined
  /** Weights that are given; those left out are fitted. */
  readonly weights?: Partial<SmoothingWeights> | undefined
  /** 'heuristic' as R's HoltWinters; 'fitted' together with the weights; or given. */
  readonly start?: 'heuristic' | 'fitted' | SmoothingStart | undefined
}

export interface SmoothingFit extends Smoothed {
  readonly model: SmoothingModel
  readonly period: number
  readonly weights: SmoothingWeights
  /** Which of the weights were fitted. */
  readonly fittedWeights: readonly (keyof SmoothingWeights)[]
  readonly start: SmoothingStart
  readonly startIs: 'heuristic' | 'fitted' | 'given'
}

/** Fits a model of exponential smoothing: the weights (and start values, when asked) with the least sum of squared
 * one-step errors. Searched from a grid of weights, so that a poor local minimum is not taken for the best.
 * @param values one a period, in order of time
 * @returns 'too few', 'not applicable' or 'out of range' as `smoothingStart`; 'not converged' when the search stops early
 * @see R HoltWinters; its own search may stop short of the least sum of squares
 */
export function fitSmoothing(
  model: SmoothingModel,
  values: ArrayLike<number>,
  options: FitOptions = {},
): OrReason<SmoothingFit> {
  const { start: wanted = 'heuristic', period = 0, weights: given = {} } = options
  const begun = typeof wanted === 'object' ? wanted : smoothingStart(model, values, period)
  if (isNoValue(begun)) return begun
  const start = wanted === 'fitted' ? beforeTheFirst(begun) : begun
  const cycle = isSeasonal(model) ? start.season.length : period
  if (!modelApplies(model, values, Math.max(2, cycle))) {
    return noValue('out of range', 'a multiplicative season needs positive values')
  }
  if (isSeasonal(model) && cycle < 2)
    throw new SampleInvalid('a seasonal model needs a season of at least 2 periods')
  if (values.length <= start.first) return noValue('too few', 'no value is left to be forecast')

  const names = weightNames(model).filter((name) => given[name] === undefined)
  const freeStart = wanted === 'fitted'
  const unpack = (point: ArrayLike<number>) => ({
    weights: {
      alpha: 0,
      beta: 0,
      gamma: 0,
      ...given,
      ...Object.fromEntries(names.map((name, i) => [name, point[i]!])),
    },
    start: freeStart ? unpackStart(model, start, point, names.length) : start,
  })
  const run = (point: ArrayLike<number>) => {
    const { weights, start } = unpack(point)
    return smooth(model, values, weights, start)
  }
  const freeCount = names.length + (freeStart ? packStart(model, start).length : 0)
  if (values.length - start.first < freeCount)
    return noValue('too few', `${freeCount} numbers cannot be fitted`)
  const best = search(run, names, freeStart ? packStart(model, start) : [])
  if (!best) return noValue('not converged', 'the least sum of squared errors was not found')
  const found = unpack(best)
  return {
    ...run(best),
    model,
    period: cycle,
    weights: found.weights,
    fittedWeights: names,
    start: found.start,
    startIs: typeof wanted === 'object' ? 'given' : wanted,
  }
}

const weightNames = (model: SmoothingModel): (keyof SmoothingWeights)[] => [
  'alpha',
  ...(hasTrend(model) ? (['beta'] as const) : []),
  ...(isSeasonal(model) ? (['gamma'] as const) : []),
]

const GRID = {
  alpha: [0.02, 0.1, 0.25, 0.5, 0.75, 0.97],
  beta: [0.005, 0.05, 0.2, 0.5, 0.9],
  gamma: [0.02, 0.2, 0.5, 0.9],
}
const STARTS = 6

/** The best of the minima that the most promising valleys of the grid lead to. */
function search(
  run: (point: ArrayLike<number>) => Smoothed,
  names: readonly (keyof SmoothingWeights)[],
  startValues: readonly number[],
): number[] | undefined {
  if (names.length === 0 && startValues.length === 0) return []
  let grid: number[][] = [[]]
  for (const name of names) grid = grid.flatMap((point) => GRID[name].map((value) => [...point, value]))
  const scored = grid
    .map((point) => [...point, ...startValues])
    .map((point) => ({ point, sse: run(point).sse }))
    .filter(({ sse }) => Number.isFinite(sse))
    .sort((a, b) => a.sse - b.sse)
  const low = [...names.map(() => 0), ...startValues.map(() => Number.NEGATIVE_INFINITY)]
  const high = [...names.map(() => 1), ...startValues.map(() => Number.POSITIVE_INFINITY)]
  let best: { point: Float64Array; sse: number; converged: boolean } | undefined
  for (const point of valleys(scored, names)) {
    const end = leastSquaresBox((trial) => run(trial).residuals, point, low, high)
    if (!best || end.sse < best.sse) best = end
  }
  return best?.converged ? Array.from(best.point) : undefined
}

/** The best grid points that lie apart: a point next to a better one leads down the same valley. */
function valleys(
  scored: readonly { readonly point: readonly number[] }[],
  names: readonly (keyof SmoothingWeights)[],
): (readonly number[])[] {
  const chosen: (readonly number[])[] = []
  const place = (point: readonly number[], i: number) => GRID[names[i]!].indexOf(point[i]!)
  for (const { point } of scored) {
    const near = chosen.some((other) =>
      names.every((_, i) => Math.abs(place(point, i) - place(other, i)) <= 1),
    )
    if (!near) chosen.push(point)
    if (chosen.length === STARTS) break
  }
  return chosen
}

/** Fitted start values stand before the first value, so that every value is forecast. */
const beforeTheFirst = (start: SmoothingStart): SmoothingStart => ({
  ...start,
  level: start.level - start.trend * start.first,
  first: 0,
})

/** The free start values in one row. The season's last is left out: the season sums to 0, or has mean 1. */
function packStart(model: SmoothingModel, start: SmoothingStart): number[] {
  return [start.level, ...(hasTrend(model) ? [start.trend] : []), ...start.season.slice(0, -1)]
}

function unpackStart(
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
