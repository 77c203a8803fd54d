import { type Cuped, cuped, pairMoments } from '../../../stats/cuped.ts'
import { noValue, type OrReason } from '../../../stats/interval.ts'
import { type TTest, welch } from '../../../stats/mean.ts'
import { momentsOf } from '../../../stats/moments.ts'
import { withoutRoundingNoise } from '../../../stats/rounding-noise.ts'
import { atRows } from '../../inputs/kept-columns.ts'
import type { InitiativeRows } from './input.ts'

// The comparisons that need no regression: of the answers after, and of units and clusters by their means.
// In: the answers. Out: Welch's tests and CUPED. Means stand in columns: there may be a million units.

export interface Comparisons {
  readonly welch: {
    readonly post: OrReason<TTest>
    readonly change: OrReason<TTest>
    readonly clusterMeans: OrReason<TTest>
  }
  readonly cuped: OrReason<Cuped>
}

/** Welch on the answers after, on the change of each unit, on the means of the clusters; and CUPED. */
export function compareMeans(read: InitiativeRows, level: number): Comparisons {
  const { unit, cluster } = read
  const test = (a: ArrayLike<number>, b: ArrayLike<number>): OrReason<TTest> =>
    welch(momentsOf(a), momentsOf(b), level)
  const none = noValue('not applicable', 'no unit or cluster was named')
  const units = unit && meansBy(read, unit)
  const clusters = cluster === unit ? units : cluster && meansBy(read, cluster)
  const [others, own] = units ? units.map(whole) : []
  return {
    welch: {
      post: test(answersOf(read, 0, true), answersOf(read, 1, true)),
      change: others && own ? test(changeOf(others), changeOf(own)) : none,
      clusterMeans: clusters ? test(clusters[0].after, clusters[1].after) : none,
    },
    cuped: others && own ? cuped(pairOf(others), pairOf(own), level) : none,
  }
}

/** The answers of one arm before or after. */
export function answersOf(
  { value, treated, period, begin }: InitiativeRows,
  arm: number,
  after: boolean,
): Float64Array {
  const own = (i: number) => treated[i] === arm && period[i]! >= begin === after
  let count = 0
  for (let i = 0; i < value.length; i++) if (own(i)) count++
  const found = new Float64Array(count)
  let next = 0
  for (let i = 0; i < value.length; i++) if (own(i)) found[next++] = value[i]!
  return found
}

/** Mean of each unit (or cluster) before and after; NaN where it has no answer. */
interface Means {
  readonly before: Float64Array
  readonly after: Float64Array
}

/** The means of the others and of the treated; one seen in both arms counts as one in each. */
function meansBy(
  { value, treated, period, begin }: InitiativeRows,
  key: ArrayLike<number>,
): readonly [Means, Means] {
  let size = 0
  for (let i = 0; i < key.length; i++) if (key[i]! >= size) size = key[i]! + 1
  const sums = new Float64Array(4 * size)
  const counts = new Int32Array(4 * size)
  for (let i = 0; i < value.length; i++) {
    const place = (2 * treated[i]! + (period[i]! >= begin ? 1 : 0)) * size + key[i]!
    counts[place]!++
    sums[place]! += value[i]!
  }
  // Nothing divided by nothing is NaN: missing.
  const means = sums.map((sum, i) => sum / counts[i]!)
  const part = (of: number) => means.subarray(of * size, (of + 1) * size)
  return [
    { before: part(0), after: part(1) },
    { before: part(2), after: part(3) },
  ]
}

/** Those with both means. */
function whole({ before, after }: Means): Means {
  const both = new Uint32Array(before.length)
  let count = 0
  for (let i = 0; i < before.length; i++) if (!Number.isNaN(before[i]! + after[i]!)) both[count++] = i
  return {
    before: atRows(before, both.subarray(0, count)),
    after: atRows(after, both.subarray(0, count)),
  }
}

// What is left of 0.1 when 1000.1 and 1000.2 are held against each other differs in its last digits.
const changeOf = ({ before, after }: Means) =>
  after.map((mean, i) =>
    withoutRoundingNoise(mean - before[i]!, Math.max(Math.abs(mean), Math.abs(before[i]!))),
  )

const pairOf = ({ before, after }: Means) => pairMoments(before, after)
