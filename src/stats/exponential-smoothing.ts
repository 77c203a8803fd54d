import { SampleInvalid } from './interval.ts'

// The four models of one recursion: level, trend and season are each smoothed or absent.
// In: a series, weights and start values. Out: one-step forecasts and the state after the last value.
// The season's weight gamma sees the value against the new level, as in R's HoltWinters.

export type SmoothingModel = 'simple' | 'holt' | 'additive' | 'multiplicative'

export interface SmoothingWeights {
  readonly alpha: number
  /** 0 in the simple model. */
  readonly beta: number
  /** 0 without a season. */
  readonly gamma: number
}

export interface SmoothingState {
  readonly level: number
  /** Per period; 0 in the simple model. */
  readonly trend: number
  /** One a period of the cycle, that of the next value first; empty without a season. */
  readonly season: readonly number[]
}

export interface SmoothingStart extends SmoothingState {
  /** Place of the first value that is forecast, from 0: the state stands just before it. */
  readonly first: number
}

export interface Smoothed {
  /** One-step forecasts of the values from `first` on. */
  readonly fitted: Float64Array
  readonly residuals: Float64Array
  readonly state: SmoothingState
  /** Sum of squared residuals. */
  readonly sse: number
}

export const isSeasonal = (model: SmoothingModel) => model === 'additive' || model === 'multiplicative'
export const hasTrend = (model: SmoothingModel) => model !== 'simple'

/** Where a run leaves what it finds. A search that runs a series thousands of times makes one and uses it again. */
export interface Track {
  /** One a value from `start.first` on, as `residuals`. */
  readonly fitted: Float64Array
  readonly residuals: Float64Array
  /** The swings as the run leaves them, in the order of `start.season`. */
  readonly season: Float64Array
  level: number
  trend: number
}

/** Room for one run over `count` values. */
export const makeTrack = (count: number, period: number): Track => ({
  fitted: new Float64Array(count),
  residuals: new Float64Array(count),
  season: new Float64Array(period),
  level: 0,
  trend: 0,
})

/** Runs one model of exponential smoothing over a series.
 * @param values one a period, in order of time
 * @param start.season as many as the cycle has periods, for the seasonal models
 * @throws SampleInvalid when a seasonal model has no season or a weight lies outside 0..1
 * @see Holt 1957; Winters 1960; R HoltWinters
 */
export function smooth(
  model: SmoothingModel,
  values: ArrayLike<number>,
  weights: SmoothingWeights,
  start: SmoothingStart,
): Smoothed {
  requireWeights(weights)
  const period = start.season.length
  if (isSeasonal(model) && period < 2)
    throw new SampleInvalid('a seasonal model needs a season of at least 2 periods')
  const count = Math.max(0, values.length - start.first)
  const track = makeTrack(count, period)
  const sse = smoothInto(track, model, values, weights, start)
  const { fitted, residuals, level, trend } = track
  const turned = Array.from(track.season, (_, i) => track.season[(i + count) % Math.max(1, period)]!)
  return { fitted, residuals, sse, state: { level, trend, season: turned } }
}

/** The recursion itself, into a track that is there; nothing is checked.
 * @returns the sum of squared residuals
 */
export function smoothInto(
  track: Track,
  model: SmoothingModel,
  values: ArrayLike<number>,
  weights: SmoothingWeights,
  start: SmoothingStart,
): number {
  const { fitted, residuals, season } = track
  const seasonal = isSeasonal(model)
  const multiplies = model === 'multiplicative'
  const { alpha, gamma } = weights
  const beta = hasTrend(model) ? weights.beta : 0
  const { first } = start
  const period = season.length
  const count = residuals.length
  season.set(start.season)
  let level = start.level
  let trend = hasTrend(model) ? start.trend : 0
  let sse = 0
  let turn = 0
  for (let i = 0; i < count; i++) {
    const value = values[first + i]!
    const swing = seasonal ? season[turn]! : 0
    const base = level + trend
    const forecast = multiplies ? base * swing : base + swing
    const miss = value - forecast
    fitted[i] = forecast
    residuals[i] = miss
    sse += miss * miss
    const before = level
    level = alpha * (multiplies ? value / swing : value - swing) + (1 - alpha) * base
    trend = beta * (level - before) + (1 - beta) * trend
    if (!seasonal) continue
    season[turn] = gamma * (multiplies ? value / level : value - level) + (1 - gamma) * swing
    if (++turn === period) turn = 0
  }
  track.level = level
  track.trend = trend
  return sse
}

/** Point forecasts 1..horizon periods ahead of a state. */
export function projectState(model: SmoothingModel, state: SmoothingState, horizon: number): number[] {
  return Array.from({ length: horizon }, (_, i) => {
    const base = state.level + (hasTrend(model) ? (i + 1) * state.trend : 0)
    if (!isSeasonal(model)) return base
    const swing = state.season[i % state.season.length]!
    return model === 'multiplicative' ? base * swing : base + swing
  })
}

/** @throws SampleInvalid when a weight lies outside 0..1 */
export function requireWeights(weights: SmoothingWeights): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!(weight >= 0 && weight <= 1)) throw new SampleInvalid(`${name} must lie in 0..1, got ${weight}`)
  }
}
