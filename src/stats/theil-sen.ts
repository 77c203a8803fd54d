import { type Interval, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { pairOrderOf } from './inversions.ts'
import { mannKendallVariance } from './mann-kendall.ts'
import { medianOf } from './median.ts'
import { normalQuantile } from './normal.ts'

export interface TheilSen {
  readonly n: number
  /** Median of the slopes of all pairs: change of the value per unit of time. */
  readonly slope: number
  /** median(values) - slope x median(times) */
  readonly intercept: number
  readonly level: number
  /** Sen's limits of the slope by the tie-corrected variance of S. */
  readonly limits: OrReason<Interval>
}

// Up to here all slopes are written down and sorted (two million at most); above, they are counted.
const LISTED = 2000

/** Theil-Sen slope with Sen's limits.
 * @param values in order of time, at least 2
 * @param times strictly rising; 1, 2, 3 ... when left out
 * @throws SampleInvalid when the times do not rise or the lengths differ
 * @see Sen 1968, JASA 63:1379; R trend::sens.slope; the intercept is Conover's
 */
export function theilSen(
  values: ArrayLike<number>,
  times?: ArrayLike<number>,
  level = 0.95,
): OrReason<TheilSen> {
  requireLevel(level)
  const n = values.length
  const at = times ?? Float64Array.from({ length: n }, (_, i) => i + 1)
  if (at.length !== n) throw new SampleInvalid(`${n} values but ${at.length} times`)
  for (let i = 1; i < n; i++) if (!(at[i]! > at[i - 1]!)) throw new SampleInvalid('times must rise strictly')
  if (n < 2) return noValue('too few', 'a slope needs at least 2 values')

  const pick = n <= LISTED ? pickFromList(values, at) : pickByCounting(values, at)
  const pairs = (n * (n - 1)) / 2
  const half = Math.floor(pairs / 2)
  const slope = pairs % 2 === 1 ? pick(half + 1) : (pick(half) + pick(half + 1)) / 2

  const reach = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(Math.max(0, mannKendallVariance(values)))
  const lowest = Math.round((pairs - reach) / 2)
  const highest = Math.round((pairs + reach) / 2 + 1)
  const limits: OrReason<Interval> =
    lowest < 1 || highest > pairs
      ? noValue('too few', 'the limits lie outside the slopes of so few values')
      : [pick(lowest), pick(highest)]
  return { n, slope, intercept: medianOf(values) - slope * medianOf(at), level, limits }
}

/** The k-th smallest slope, k from 1. */
type Pick = (k: number) => number

function pickFromList(values: ArrayLike<number>, at: ArrayLike<number>): Pick {
  const n = values.length
  const slopes = new Float64Array((n * (n - 1)) / 2)
  let next = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) slopes[next++] = (values[j]! - values[i]!) / (at[j]! - at[i]!)
  }
  slopes.sort()
  return (k) => slopes[k - 1]!
}

/** Searches the slope: at a trial slope b, the pairs below it are those where value - b x time falls. Secant steps,
 * since the counts rise smoothly where there are many slopes, with a bisection between them, since scores make jumps.
 */
function pickByCounting(values: ArrayLike<number>, at: ArrayLike<number>): Pick {
  const n = values.length
  const tilted = new Float64Array(n)
  const room = new Float64Array(n)
  const counts = (slope: number) => {
    for (let i = 0; i < n; i++) tilted[i] = values[i]! - slope * at[i]!
    const { falling, level } = pairOrderOf(tilted, room)
    return { below: falling, upTo: falling + level }
  }
  // The steepest and the flattest slope of all are found between neighbours.
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 1; i < n; i++) {
    const slope = (values[i]! - values[i - 1]!) / (at[i]! - at[i - 1]!)
    least = Math.min(least, slope)
    most = Math.max(most, slope)
  }
  const flat = counts(0)
  const pairs = (n * (n - 1)) / 2
  return (k) => {
    // Scores tie often, and then the slope of many pairs is exactly nought.
    if (flat.below < k && k <= flat.upTo) return 0
    const rising = flat.upTo < k
    let low = rising ? Math.max(0, least) : least
    let high = rising ? most : Math.min(0, most)
    // Pairs up to each end, less k - 1/2: the sign changes between them.
    let lowGap = (rising ? flat.upTo : 0) - k + 0.5
    let highGap = (rising ? pairs : flat.below) - k + 0.5
    for (let round = 0; ; round++) {
      if (high - low <= 1e-14 * Math.max(Math.abs(low), Math.abs(high))) return high
      const secant = low + ((high - low) * -lowGap) / (highGap - lowGap)
      const inside = secant > low && secant < high
      const trial = round % 3 !== 2 && inside ? secant : low + (high - low) / 2
      if (trial <= low || trial >= high) return high
      const gap = counts(trial).upTo - k + 0.5
      if (gap > 0) {
        high = trial
        highGap = gap
        // An end that stays put twice is pulled in (the Illinois rule).
        if (round % 3 === 1) lowGap /= 2
      } else {
        low = trial
        lowGap = gap
        if (round % 3 === 1) highGap /= 2
      }
    }
  }
}
