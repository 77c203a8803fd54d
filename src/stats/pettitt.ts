import { noValue, type OrReason } from './interval.ts'
import { medianOf } from './median.ts'

export interface Pettitt {
  readonly n: number
  /** Largest |U|. */
  readonly statistic: number
  /** How many values lie before the probable change; several when U is equally large at each. */
  readonly after: readonly number[]
  /** Approximate two-sided p, good below 0.5. */
  readonly p: number
  readonly medianBefore: number
  /** Null when nothing lies after it. */
  readonly medianAfter: number | null
}

/** Pettitt's test of one change of level at an unknown time.
 * @param values in order of time, at least 3
 * @returns 'too few', or 'no variance' when all values are equal
 * @see Pettitt 1979, Applied Statistics 28:126; R trend::pettitt.test
 */
export function pettitt(values: ArrayLike<number>): OrReason<Pettitt> {
  const n = values.length
  if (n < 3) return noValue('too few', 'a change needs at least 3 values')
  const doubled = doubledRanks(values)
  if (!doubled) return noValue('no variance', 'all values are equal')
  // Twice the midranks are whole numbers, so U is exact and its ties are real ones.
  let running = 0
  let statistic = -1
  let after: number[] = []
  for (let k = 1; k <= n; k++) {
    running += doubled[k - 1]! - (n + 1)
    const size = Math.abs(running)
    if (size > statistic) {
      statistic = size
      after = []
    }
    if (size === statistic) after.push(k)
  }
  const p = Math.min(1, 2 * Math.exp((-6 * statistic * statistic) / (n ** 3 + n ** 2)))
  const [split = 1] = after
  return {
    n,
    statistic,
    after,
    p,
    medianBefore: medianOf(values, 0, split),
    medianAfter: split < n ? medianOf(values, split, n) : null,
  }
}

function doubledRanks(values: ArrayLike<number>): Float64Array | undefined {
  const n = values.length
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  if (values[order[0]!] === values[order[n - 1]!]) return undefined
  const doubled = new Float64Array(n)
  for (let start = 0; start < n; ) {
    let end = start + 1
    while (end < n && values[order[end]!] === values[order[start]!]) end++
    for (let i = start; i < end; i++) doubled[order[i]!] = start + 1 + end
    start = end
  }
  return doubled
}
