import { SPEARMAN_EXACT_UP_TO, spearmanExactP } from './exact-rank.ts'
import { type Interval, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { midranks } from './ranks.ts'
import { studentTwoSided } from './student.ts'

/** What a correlation needs of two columns. */
export interface PairMoments {
  readonly n: number
  readonly meanX: number
  readonly meanY: number
  /** Sums of squared deviations, and of their products. */
  readonly xx: number
  readonly yy: number
  readonly xy: number
}

export interface Correlation {
  readonly n: number
  readonly r: number
  readonly t: OrReason<number>
  readonly df: number
  /** Two-sided. */
  readonly p: OrReason<number>
  /** By Fisher's z; needs n > 3. */
  readonly interval: OrReason<Interval>
}

/** Moments of two columns of equal length, without NaN. */
export function pairMoments(x: ArrayLike<number>, y: ArrayLike<number>): PairMoments {
  const n = x.length
  if (y.length !== n) throw new SampleInvalid(`columns of ${n} and ${y.length} values`)
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < n; i++) {
    meanX += x[i]! / n
    meanY += y[i]! / n
  }
  let xx = 0
  let yy = 0
  let xy = 0
  let restX = 0
  let restY = 0
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX
    const dy = y[i]! - meanY
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
    restX += dx
    restY += dy
  }
  if (n > 0) {
    xx -= (restX * restX) / n
    yy -= (restY * restY) / n
    xy -= (restX * restY) / n
  }
  return { n, meanX, meanY, xx: isRounding(xx, meanX, n) ? 0 : xx, yy: isRounding(yy, meanY, n) ? 0 : yy, xy }
}

// A constant column leaves squares of the size of rounding.
function isRounding(squares: number, mean: number, n: number): boolean {
  return squares <= n * (16 * Number.EPSILON * mean) ** 2
}

/** Pearson's correlation with its t test and Fisher interval. With a column of 0 and 1 it is the point-biserial one.
 * @returns 'too few' under 2 pairs, 'no variance' when a column is constant; with 2 pairs t and p are 'too few'
 * @see R cor.test
 */
export function pearson(moments: PairMoments, level = 0.95): OrReason<Correlation> {
  requireLevel(level)
  const { n, xx, yy, xy } = moments
  if (n < 2) return noValue('too few')
  if (!(xx > 0) || !(yy > 0)) return noValue('no variance')
  const rough = xy / Math.sqrt(xx) / Math.sqrt(yy)
  // Points on a line come out one rounding away from 1.
  const r = Math.abs(rough) > 1 - 1e-15 ? Math.sign(rough) : rough
  return { n, r, ...tTest(r, n), interval: fisherInterval(r, n, level) }
}

function tTest(r: number, n: number): { t: OrReason<number>; df: number; p: OrReason<number> } {
  const df = n - 2
  if (df < 1) return { t: noValue('too few'), df, p: noValue('too few') }
  const rest = (1 - r) * (1 + r)
  if (!(rest > 0)) return { t: noValue('no variance', 'the points lie on a line'), df, p: 0 }
  const t = r * Math.sqrt(df / rest)
  return { t, df, p: studentTwoSided(t, df) }
}

function fisherInterval(r: number, n: number, level: number): OrReason<Interval> {
  if (n <= 3) return noValue('too few')
  if (Math.abs(r) === 1) return [r, r]
  const z = Math.atanh(r)
  const half = normalQuantile(0.5 + level / 2) / Math.sqrt(n - 3)
  return [Math.tanh(z - half), Math.tanh(z + half)]
}

export interface Spearman {
  readonly n: number
  readonly r: number
  /** Whether p is of rho's own distribution; else of t with n - 2 degrees of freedom. */
  readonly exact: boolean
  readonly t: OrReason<number>
  readonly df: number
  /** Two-sided. */
  readonly p: OrReason<number>
}

/** Spearman's rank correlation. Without ties and with up to 1290 pairs p is that of rho itself, else of t.
 * @param x and y of equal length, without NaN
 * @see R cor.test(method = "spearman")
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): OrReason<Spearman> {
  const a = midranks(x)
  const b = midranks(y)
  const found = pearson(pairMoments(a.ranks, b.ranks))
  if ('reason' in found) return found
  const { n, r, t, df, p } = found
  if (n < 3 || n > SPEARMAN_EXACT_UP_TO || a.ties.length < n || b.ties.length < n)
    return { n, r, exact: false, t, df, p }
  let distance = 0
  for (let i = 0; i < n; i++) distance += (a.ranks[i]! - b.ranks[i]!) ** 2
  const none = noValue('not applicable', 'p is of the distribution of rho itself')
  return { n, r, exact: true, t: none, df, p: spearmanExactP(distance, n) }
}
