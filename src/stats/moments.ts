import { requireCount, SampleInvalid } from './interval.ts'

/** The sufficient statistics of a column: enough for every mean, variance and t test. */
export interface Moments {
  readonly n: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly squares: number
}

/** Moments of an array; NaN is a missing value. Two passes, so that a large mean does no harm. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let n = 0
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    n++
    sum += value
  }
  if (n === 0) return { n, mean: 0, squares: 0 }
  const rough = sum / n
  let squares = 0
  let rest = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const deviation = value - rough
    squares += deviation * deviation
    rest += deviation
  }
  return { n, mean: rough + rest / n, squares: Math.max(0, squares - (rest * rest) / n) }
}

/** Moments from n, sum and sum of squares, as a database returns them. Loses digits when mean² is far larger
 * than the variance; let the database centre the column first if so.
 * @throws SampleInvalid when the sums cannot belong together
 */
export function momentsFromSums(n: number, sum: number, sumSquares: number): Moments {
  requireCount('n', n)
  if (n === 0) return { n, mean: 0, squares: 0 }
  const squares = sumSquares - (sum * sum) / n
  if (squares < -1e-9 * Math.max(1, sumSquares)) {
    throw new SampleInvalid(`sum of squares ${sumSquares} is too small for n=${n}, sum=${sum}`)
  }
  return { n, mean: sum / n, squares: Math.max(0, squares) }
}

/** Moments of the values 0, 1, 2, ... (or first, first + 1, ...) from how often each occurs. */
export function momentsFromCounts(counts: ArrayLike<number>, first = 0): Moments {
  let n = 0
  let sum = 0
  for (let i = 0; i < counts.length; i++) {
    requireCount('a count', counts[i]!)
    n += counts[i]!
    sum += counts[i]! * (first + i)
  }
  if (n === 0) return { n, mean: 0, squares: 0 }
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < counts.length; i++) squares += counts[i]! * (first + i - mean) ** 2
  return { n, mean, squares }
}

/** Moments of two columns laid end to end.
 * @see Chan, Golub & LeVeque 1983, The American Statistician 37:242
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b
  if (b.n === 0) return a
  const n = a.n + b.n
  const shift = b.mean - a.mean
  return {
    n,
    mean: a.mean + (shift * b.n) / n,
    squares: a.squares + b.squares + (shift * shift * a.n * b.n) / n,
  }
}

/** Sample variance (n - 1); NaN is never returned: ask only when n >= 2. */
export function varianceOf(moments: Moments): number {
  if (moments.n < 2) throw new SampleInvalid('a variance needs two values')
  return moments.squares / (moments.n - 1)
}
