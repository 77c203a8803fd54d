import { type Interval, noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'
import { normalQuantile, normalTwoSided } from './normal.ts'

/** How far two different categories agree: not at all, falling with the distance, or with its square. */
export type KappaWeights = 'nominal' | 'linear' | 'quadratic'

export interface CohenKappa {
  readonly n: number
  /** Part of the pairs in the same category, 0..1; not weighted. */
  readonly agreement: number
  readonly kappa: number
  /** For the interval: large-sample, without assuming that there is no agreement. */
  readonly se: OrReason<number>
  readonly interval: OrReason<Interval>
  /** Against kappa = 0, with the standard error under that hypothesis. */
  readonly z: OrReason<number>
  readonly p: OrReason<number>
}

/** Cohen's kappa of two raters from their table of counts.
 * @param table square: rows are the categories of the first rater, columns of the second, in order of size where
 * weights are used; distances are counted in categories
 * Where one rater used one category only, or linear weights see the means alone, kappa is 0 whatever the raters did, and
 * its errors are 'no variance'.
 * @returns 'empty group' without pairs, 'no variance' when both raters used one and the same category only
 * @see Cohen 1968; Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72:323; R psych::cohen.kappa, vcd::Kappa
 */
export function cohenKappa(
  table: readonly (readonly number[])[],
  weights: KappaWeights,
  level = 0.95,
): OrReason<CohenKappa> {
  const k = table.length
  let n = 0
  for (const row of table) {
    if (row.length !== k) throw new SampleInvalid('the table of two raters must be square')
    for (const count of row) {
      requireCount('a count', count)
      n += count
    }
  }
  if (n === 0) return noValue('empty group')
  const span = Math.max(1, k - 1)
  const weight = (i: number, j: number) => {
    if (weights === 'nominal') return i === j ? 1 : 0
    const distance = Math.abs(i - j) / span
    return weights === 'linear' ? 1 - distance : 1 - distance ** 2
  }
  const share = (i: number, j: number) => table[i]![j]! / n
  const all = Array.from({ length: k }, (_, i) => i)
  const sum = (f: (i: number) => number) => all.reduce((total, i) => total + f(i), 0)
  const rows = all.map((i) => sum((j) => share(i, j)))
  const columns = all.map((j) => sum((i) => share(i, j)))
  const observed = sum((i) => sum((j) => weight(i, j) * share(i, j)))
  const expected = sum((i) => sum((j) => weight(i, j) * rows[i]! * columns[j]!))
  if (!(1 - expected > 1e-15)) return noValue('no variance', 'both raters used one category')
  const rowMeans = all.map((i) => sum((j) => weight(i, j) * columns[j]!))
  const columnMeans = all.map((j) => sum((i) => weight(i, j) * rows[i]!))
  const spread0 = sum((i) =>
    sum((j) => rows[i]! * columns[j]! * (weight(i, j) - rowMeans[i]! - columnMeans[j]!) ** 2),
  )
  const variance0 = withoutNoise(spread0, expected ** 2)
  if (isConstant(rows) || isConstant(columns) || variance0 === 0) {
    // The formulas come to nought here, and what rounding leaves of them is no error of anything. So it is when all
    // marks of one rater lie to one side of the other's: linear weights then see their means alone.
    const none = noValue(
      'no variance',
      variance0 === 0 && !isConstant(rows) && !isConstant(columns)
        ? 'how often each rater used each category settles the weighted agreement'
        : 'one rater used one category only',
    )
    return { n, agreement: sum((i) => share(i, i)), kappa: 0, se: none, interval: none, z: none, p: none }
  }
  const kappa = (observed - expected) / (1 - expected)
  const spread = sum((i) =>
    sum((j) => share(i, j) * (weight(i, j) - (rowMeans[i]! + columnMeans[j]!) * (1 - kappa)) ** 2),
  )
  const variance = withoutNoise(spread, (kappa - expected * (1 - kappa)) ** 2)
  const se = Math.sqrt(variance / n) / (1 - expected)
  const se0 = Math.sqrt(variance0 / n) / (1 - expected)
  const half = normalQuantile(0.5 + level / 2) * se
  return {
    n,
    agreement: sum((i) => share(i, i)),
    kappa,
    se,
    interval: [Math.max(-1, kappa - half), Math.min(1, kappa + half)],
    z: kappa / se0,
    p: normalTwoSided(kappa / se0),
  }
}

const isConstant = (shares: readonly number[]) => shares.filter((share) => share > 0).length === 1

/** a - b, nought where it is rounding alone or below. */
const withoutNoise = (a: number, b: number) => (a - b > 1e-13 * Math.max(a, b) ? a - b : 0)
