import { CovarianceSums, PairwiseSums } from './covariance.ts'
import { drivers } from './drivers.ts'
import { hasValue, type Interval, isNoValue, noValue, type OrReason } from './interval.ts'
import { quantileOfSorted } from './quantile.ts'
import { randomFrom, resample } from './random.ts'

export interface DriverLimits {
  readonly lmg: OrReason<Interval>
  readonly lmgShare: OrReason<Interval>
  readonly johnson: OrReason<Interval>
  readonly johnsonShare: OrReason<Interval>
  readonly pearson: OrReason<Interval>
}

/** Percentile bootstrap limits of the driver measures: rows drawn with replacement.
 * @param columns drivers and, last, the outcome; NaN is missing
 * @param rounds resamples, e.g. 1000
 * @param seed whole number; the same seed gives the same limits
 * @see Efron & Tibshirani 1993, ch. 13
 */
export function driverLimits(
  columns: readonly Float64Array[],
  options: {
    readonly rounds: number
    readonly seed: number
    readonly basis: 'complete' | 'pairwise'
    readonly level?: number
  },
): readonly DriverLimits[] {
  const level = options.level ?? 0.95
  const n = columns[0]?.length ?? 0
  const p = columns.length - 1
  const random = randomFrom(options.seed)
  const measures = ['lmg', 'lmgShare', 'johnson', 'johnsonShare', 'pearson'] as const
  const draws = Array.from({ length: p }, () => new Map(measures.map((name) => [name, [] as number[]])))
  const row = new Float64Array(columns.length)
  for (let round = 0; round < options.rounds; round++) {
    const times = resample(n, random)
    const sums =
      options.basis === 'pairwise' ? new PairwiseSums(columns.length) : new CovarianceSums(columns.length)
    for (let i = 0; i < n; i++) {
      if (times[i] === 0) continue
      for (let j = 0; j < row.length; j++) row[j] = columns[j]![i]!
      sums.add(row, times[i])
    }
    const found = drivers(sums.result(), 0, level)
    if (isNoValue(found)) continue
    found.drivers.forEach((driver, j) => {
      for (const name of measures)
        if (hasValue(driver[name])) draws[j]!.get(name)!.push(driver[name] as number)
    })
  }
  const limits = (values: number[]): OrReason<Interval> => {
    if (values.length < 0.9 * options.rounds || values.length < 20)
      return noValue('too few', 'resamples without a value')
    const sorted = values.sort((a, b) => a - b)
    return [quantileOfSorted(sorted, (1 - level) / 2), quantileOfSorted(sorted, (1 + level) / 2)]
  }
  return draws.map((own) => {
    const [lmg, lmgShare, johnson, johnsonShare, pearson] = measures.map((name) => limits(own.get(name)!))
    return {
      lmg: lmg!,
      lmgShare: lmgShare!,
      johnson: johnson!,
      johnsonShare: johnsonShare!,
      pearson: pearson!,
    }
  })
}
