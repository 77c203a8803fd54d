import { noValue, type OrReason } from './interval.ts'
import { placeOf } from './ranks.ts'

/** How different two ratings are. */
export type RatingLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio'

// Every pair of values is looked at.
const MOST_VALUES = 5000

export interface Krippendorff {
  /** Units with at least two ratings. */
  readonly units: number
  /** Ratings in them. */
  readonly ratings: number
  readonly alpha: number
}

/** Krippendorff's alpha: agreement of any number of raters, with ratings missing.
 * @param units for each unit its ratings, NaN where a rater gave none; nominal categories as any numbers
 * @param times how many units have these ratings, 1 each when left out
 * @returns 'too few' without a unit of two ratings, 'no variance' when all ratings are the same, 'out of range' for ratios of
 * ratings below 0
 * @see Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; R irr::kripp.alpha
 */
export function krippendorff(
  units: readonly ArrayLike<number>[],
  level: RatingLevel,
  times?: ArrayLike<number>,
): OrReason<Krippendorff> {
  const pairable = units
    .map((unit, i) => ({
      ratings: Array.from(unit).filter((rating) => !Number.isNaN(rating)),
      often: times?.[i] ?? 1,
    }))
    .filter(({ ratings, often }) => ratings.length >= 2 && often > 0)
  if (pairable.length === 0) return noValue('too few', 'no unit has two ratings')
  const values = [...new Set(pairable.flatMap(({ ratings }) => ratings))].sort((a, b) => a - b)
  const v = values.length
  if (v > MOST_VALUES) return noValue('out of range', `more than ${MOST_VALUES} different ratings`)
  if (v === 1) return noValue('no variance', 'all ratings are the same')
  if (level === 'ratio' && values[0]! < 0)
    return noValue('out of range', 'ratios of ratings below 0 say nothing')
  const totals = new Float64Array(v)
  const coincidences = new Map<number, number>()
  let n = 0
  let whole = 0
  for (const { ratings: unit, often } of pairable) {
    whole += often
    const counts = new Map<number, number>()
    for (const rating of unit) {
      const place = placeOf(values, rating)
      counts.set(place, (counts.get(place) ?? 0) + 1)
      totals[place]! += often
      n += often
    }
    const places = [...counts]
    for (const [a, countA] of places) {
      for (const [b, countB] of places) {
        if (a === b) continue
        const key = a * v + b
        coincidences.set(key, (coincidences.get(key) ?? 0) + (often * countA * countB) / (unit.length - 1))
      }
    }
  }
  const below = new Float64Array(v + 1)
  for (let i = 0; i < v; i++) below[i + 1] = below[i]! + totals[i]!
  const difference = (a: number, b: number): number => {
    switch (level) {
      case 'nominal':
        return 1
      case 'ordinal': {
        const [low, high] = a < b ? [a, b] : [b, a]
        return (below[high + 1]! - below[low]! - (totals[a]! + totals[b]!) / 2) ** 2
      }
      case 'interval':
        return (values[a]! - values[b]!) ** 2
      default:
        return ((values[a]! - values[b]!) / (values[a]! + values[b]!)) ** 2
    }
  }
  let observed = 0
  for (const [key, count] of coincidences) observed += count * difference(Math.floor(key / v), key % v)
  let expected = 0
  for (let a = 0; a < v; a++) {
    for (let b = 0; b < v; b++) if (a !== b) expected += totals[a]! * totals[b]! * difference(a, b)
  }
  if (!(expected > 0)) return noValue('no variance')
  return { units: whole, ratings: n, alpha: 1 - ((n - 1) * observed) / expected }
}
