import { KENDALL_EXACT_BELOW, kendallExactP } from './exact-rank.ts'
import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { pairOrder } from './inversions.ts'
import { normalTwoSided } from './normal.ts'
import { placeOf } from './ranks.ts'

export interface Kendall {
  readonly n: number
  readonly tau: number
  /** Whether p counts the orders exactly; else by the normal approximation with the variance for ties. */
  readonly exact: boolean
  readonly z: OrReason<number>
  /** Two-sided. */
  readonly p: OrReason<number>
}

/** Kendall's tau-b in n log n steps. Without ties and with fewer than 50 pairs p is exact.
 * @param x and y of equal length, without NaN
 * @returns 'too few' under 2 pairs, 'no variance' when a column is constant
 * @see Knight 1966, JASA 61:436; Kendall 1970, Rank Correlation Methods; R cor.test(method = "kendall")
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): OrReason<Kendall> {
  const n = x.length
  if (y.length !== n) throw new SampleInvalid(`columns of ${n} and ${y.length} values`)
  if (n < 2) return noValue('too few')
  const distinctX = distinct(x)
  const distinctY = distinct(y)
  if (distinctX.values.length === 1 || distinctY.values.length === 1) return noValue('no variance')
  // One sortable number a pair: x first, then y.
  const width = distinctY.values.length
  const keys = new Float64Array(n)
  for (let i = 0; i < n; i++)
    keys[i] = placeOf(distinctX.values, x[i]!) * width + placeOf(distinctY.values, y[i]!)
  keys.sort()
  let both = 0
  for (let i = 0; i < n; ) {
    let end = i + 1
    while (end < n && keys[end] === keys[i]) end++
    both += pairs(end - i)
    i = end
  }
  const order = keys.map((key) => key % width)
  const discordant = pairOrder(order).falling
  const all = pairs(n)
  const tiedX = distinctX.sizes.reduce((sum, t) => sum + pairs(t), 0)
  const tiedY = distinctY.sizes.reduce((sum, t) => sum + pairs(t), 0)
  const score = all - tiedX - tiedY + both - 2 * discordant
  const tau = score / Math.sqrt(all - tiedX) / Math.sqrt(all - tiedY)
  if (n < KENDALL_EXACT_BELOW && distinctX.values.length === n && distinctY.values.length === n) {
    const none = noValue('not applicable', 'p counts the orders exactly')
    return { n, tau, exact: true, z: none, p: kendallExactP((all + score) / 2, n) }
  }
  const variance = scoreVariance(n, distinctX.sizes, distinctY.sizes)
  if (!(variance > 0)) return { n, tau, exact: false, z: noValue('too few'), p: noValue('too few') }
  const z = score / Math.sqrt(variance)
  return { n, tau, exact: false, z, p: normalTwoSided(z) }
}

const pairs = (n: number) => (n * (n - 1)) / 2

function scoreVariance(n: number, tiesX: readonly number[], tiesY: readonly number[]): number {
  const sum = (ties: readonly number[], f: (t: number) => number) =>
    ties.reduce((total, t) => total + f(t), 0)
  const full = (t: number) => t * (t - 1) * (2 * t + 5)
  const two = (t: number) => t * (t - 1)
  const three = (t: number) => t * (t - 1) * (t - 2)
  const base = (full(n) - sum(tiesX, full) - sum(tiesY, full)) / 18
  const second = (sum(tiesX, two) * sum(tiesY, two)) / (2 * two(n))
  const third = n > 2 ? (sum(tiesX, three) * sum(tiesY, three)) / (9 * three(n)) : 0
  return base + second + third
}

function distinct(values: ArrayLike<number>): { values: Float64Array; sizes: number[] } {
  const sorted = Float64Array.from(values).sort()
  const found: number[] = []
  const sizes: number[] = []
  for (const value of sorted) {
    if (found.length > 0 && found[found.length - 1] === value) sizes[sizes.length - 1]!++
    else {
      found.push(value)
      sizes.push(1)
    }
  }
  return { values: Float64Array.from(found), sizes }
}
