import { SampleInvalid } from './interval.ts'

/** Quantile by linear interpolation of the order statistics.
 * @param sorted ascending, without NaN, not empty
 * @param p 0..1
 * @see Hyndman & Fan 1996, type 7; R quantile
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0 || !(p >= 0 && p <= 1))
    throw new SampleInvalid(`quantile ${p} of ${sorted.length} values`)
  const place = (sorted.length - 1) * p
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (place - below) * (high - low)
}
