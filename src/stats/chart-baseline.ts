import { noValue, type OrReason, SampleInvalid } from './interval.ts'

/** How the standard deviation of single values is estimated. The constants 1.128 and 3.267 are those of the
 * printed tables (and of R's qcc); 'exact' takes 2/sqrt(pi) = 1.128379 instead; 'sd' the sample's n - 1 one. */
export type SigmaEstimator = 'moving range' | 'exact moving range' | 'sd'

export interface BaselineOptions {
  /** Given centre or target, in the unit of the values. */
  readonly centre?: number | undefined
  /** Given standard deviation of one value. */
  readonly sigma?: number | undefined
  /** How many values from the first make the baseline; all when left out. */
  readonly baselinePeriods?: number | undefined
  readonly estimator?: SigmaEstimator | undefined
}

export interface ChartBaseline {
  readonly centre: number
  readonly sigma: number
  readonly centreIs: 'given' | 'estimated'
  readonly sigmaIs: 'given' | 'estimated'
  /** Values that the estimates come from. */
  readonly n: number
}

export const D2 = 1.128
export const D4 = 3.267
export const EXACT_D2 = 2 / Math.sqrt(Math.PI)
/** 1 + 3 d3 / d2 for the range of two normal values, d3² = 2 - 4/pi. */
export const EXACT_D4 = 1 + (3 * Math.sqrt(2 - 4 / Math.PI)) / EXACT_D2

/** Centre and standard deviation of a chart of single values, each given or estimated.
 * @param values in order of time
 * @returns 'too few' when something must be estimated from fewer than 2 values
 * @throws SampleInvalid when a given sigma is not positive
 * @see Montgomery 6.4; R qcc::sd.xbar.one
 */
export function chartBaseline(values: ArrayLike<number>, options: BaselineOptions): OrReason<ChartBaseline> {
  const n = Math.min(values.length, options.baselinePeriods ?? values.length)
  if (options.sigma !== undefined && !(options.sigma > 0))
    throw new SampleInvalid(`sigma must be positive, got ${options.sigma}`)
  if (n < 1 && options.centre === undefined) return noValue('too few', 'a centre needs at least 1 value')
  if (n < 2 && options.sigma === undefined)
    return noValue('too few', 'a standard deviation needs at least 2 values')
  return {
    centre: options.centre ?? meanOf(values, n),
    sigma: options.sigma ?? sigmaOf(values, n, options.estimator ?? 'moving range'),
    centreIs: options.centre === undefined ? 'estimated' : 'given',
    sigmaIs: options.sigma === undefined ? 'estimated' : 'given',
    n,
  }
}

/** Mean of the absolute differences of neighbours among the first n values. */
export function meanMovingRange(values: ArrayLike<number>, n: number): number {
  let sum = 0
  for (let i = 1; i < n; i++) sum += Math.abs(values[i]! - values[i - 1]!)
  return sum / (n - 1)
}

function sigmaOf(values: ArrayLike<number>, n: number, estimator: SigmaEstimator): number {
  if (estimator !== 'sd') return meanMovingRange(values, n) / (estimator === 'moving range' ? D2 : EXACT_D2)
  const mean = meanOf(values, n)
  let squares = 0
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2
  return Math.sqrt(squares / (n - 1))
}

function meanOf(values: ArrayLike<number>, n: number): number {
  const first = values[0]!
  let sum = 0
  // About the first value, so that a constant series has exactly its own value as mean.
  for (let i = 0; i < n; i++) sum += values[i]! - first
  return first + sum / n
}
