import { chiSquareUpper } from './chi-square.ts'
import { noValue, type OrReason, requireCount } from './interval.ts'

export interface Contingency {
  readonly n: number
  readonly chiSquare: number
  readonly df: number
  readonly p: number
  /** Cramer's V, 0..1. */
  readonly v: number
  /** V less what chance gives, 0..1. */
  readonly vCorrected: OrReason<number>
  /** The smallest count expected; under 5 the p-value is rough. */
  readonly leastExpected: number
}

/** Chi-square test and Cramer's V of a table of counts; empty rows and columns are passed over.
 * @param table rows of counts
 * @returns 'too few' when fewer than two rows or columns have counts
 * @see R chisq.test(correct = FALSE); Cramer 1946; Bergsma 2013, Journal of the Korean Statistical Society 42:323
 */
export function contingency(table: readonly (readonly number[])[]): OrReason<Contingency> {
  for (const row of table) for (const count of row) requireCount('a count', count)
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0))
  const columns = (table[0] ?? []).map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0))
  const n = rows.reduce((sum, count) => sum + count, 0)
  const r = rows.filter((count) => count > 0).length
  const c = columns.filter((count) => count > 0).length
  if (r < 2 || c < 2) return noValue('too few', 'fewer than two categories')
  let chiSquare = 0
  let leastExpected = Number.POSITIVE_INFINITY
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = (rows[i]! / n) * columns[j]!
      if (expected === 0) return
      leastExpected = Math.min(leastExpected, expected)
      chiSquare += (count - expected) ** 2 / expected
    })
  })
  const df = (r - 1) * (c - 1)
  const v = Math.sqrt(chiSquare / n / Math.min(r - 1, c - 1))
  let vCorrected: OrReason<number> = noValue('too few')
  if (n > 1) {
    const phi = Math.max(0, chiSquare / n - df / (n - 1))
    const rows_ = r - (r - 1) ** 2 / (n - 1)
    const columns_ = c - (c - 1) ** 2 / (n - 1)
    const least = Math.min(rows_ - 1, columns_ - 1)
    if (least > 0) vCorrected = Math.sqrt(phi / least)
  }
  return { n, chiSquare, df, p: chiSquareUpper(chiSquare, df), v, vCorrected, leastExpected }
}
