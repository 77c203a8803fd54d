import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { at, type Matrix } from './matrix.ts'

/** More drivers than this would need more than 2^20 subsets. */
export const MOST_LMG_DRIVERS = 20

// A driver whose variance given the others falls below this part of its own adds nothing.
const COLLINEAR = 1e-11

/** R² of the outcome on every subset of the drivers, by one walk over the tree of subsets in which each step
 * takes one driver out of the remaining covariances: no subset is ever fitted anew.
 * @param correlations of the drivers
 * @param r correlations of the drivers with the outcome
 * @returns place s holds R² of the subset whose drivers are the bits of s; 'singular' when the matrix is not
 * one of correlations (possible with pairwise ones)
 */
export function subsetR2(correlations: Matrix, r: ArrayLike<number>): OrReason<Float64Array> {
  const p = correlations.rows
  if (p > MOST_LMG_DRIVERS) throw new SampleInvalid(`LMG takes at most ${MOST_LMG_DRIVERS} drivers, got ${p}`)
  const r2 = new Float64Array(2 ** p)
  // One working matrix for each depth: drivers in 0..p-1, the outcome in p.
  const width = p + 1
  const levels = Array.from({ length: p + 1 }, () => new Float64Array(width * width))
  const top = levels[0]!
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) top[i * width + j] = at(correlations, i, j)
    top[i * width + p] = r[i]!
  }
  let broken = false
  const visit = (depth: number, next: number, subset: number, explained: number): void => {
    const now = levels[depth]!
    for (let j = next; j < p; j++) {
      const variance = now[j * width + j]!
      const withOutcome = now[j * width + p]!
      const mine = subset | (1 << j)
      if (variance < -1e-9) broken = true
      const counts = variance > COLLINEAR
      const total = counts ? explained + (withOutcome * withOutcome) / variance : explained
      if (total > 1 + 1e-9) broken = true
      r2[mine] = total
      if (j === p - 1) continue
      const later = levels[depth + 1]!
      for (let a = j + 1; a < p; a++) {
        const factor = counts ? now[j * width + a]! / variance : 0
        for (let b = a; b <= p; b++) later[a * width + b] = now[a * width + b]! - factor * now[j * width + b]!
      }
      visit(depth + 1, j + 1, mine, total)
    }
  }
  visit(0, 0, 0, 0)
  return broken ? noValue('singular', 'the correlations contradict each other') : r2
}

/** LMG: the mean increase of R² when a driver enters, over all orders of entry (Shapley values of R²).
 * @returns one value a driver; they add up to R²
 * @see Lindeman, Merenda & Gold 1980; Grömping 2006, Journal of Statistical Software 17(1); R relaimpo calc.relimp
 */
export function lmg(correlations: Matrix, r: ArrayLike<number>): OrReason<Float64Array> {
  const p = correlations.rows
  const r2 = subsetR2(correlations, r)
  if ('reason' in r2) return r2
  // Orders in which k given drivers come before and p - 1 - k after, as a part of all orders: k!(p-1-k)!/p!.
  const weights = new Float64Array(p)
  weights[0] = 1 / p
  for (let k = 1; k < p; k++) weights[k] = (weights[k - 1]! * k) / (p - k)
  const sizes = new Uint8Array(r2.length)
  for (let s = 1; s < sizes.length; s++) sizes[s] = sizes[s >> 1]! + (s & 1)
  const shares = new Float64Array(p)
  for (let j = 0; j < p; j++) {
    const bit = 1 << j
    let sum = 0
    for (let s = 0; s < r2.length; s++) {
      if ((s & bit) === 0) sum += weights[sizes[s]!]! * (r2[s | bit]! - r2[s]!)
    }
    shares[j] = sum
  }
  return shares
}
