import type { AskRow } from './ask.ts'

/** Hides what few answers would tell about single people, and what would tell it by subtraction: where only one group
 * of a whole is hidden, the whole less the others would be that group, so the next smallest is hidden with it.
 * Rows are changed in place; n stays, so that it can be seen why.
 * @param least the smallest group that may be shown
 */
export function suppress(rows: AskRow[], least: number): void {
  const wholes = new Map<string, AskRow[]>()
  for (const row of rows) {
    const whole = row.period ?? ''
    wholes.set(whole, [...(wholes.get(whole) ?? []), row])
  }
  for (const group of wholes.values()) {
    // Where nobody answered there is nobody to protect.
    const few = group.filter((row) => row.n < least && row.withheld !== 'empty')
    for (const row of few) hide(row, 'tooFew')
    if (few.length === 0) continue
    const hidden = few.reduce((sum, row) => sum + row.n, 0)
    const next = group.filter((row) => row.n >= least).sort((a, b) => a.n - b.n)[0]
    if (next && (few.length === 1 || hidden < least)) hide(next, 'protects')
  }
}

/** Hides what few answers would tell, and what would tell it of the few that a condition leaves out.
 * @param others how many it leaves out
 */
export function suppressWhole(row: AskRow, others: number, least: number): void {
  if (row.withheld === 'empty') return
  if (row.n < least) hide(row, 'tooFew')
  else if (others > 0 && others < least && !row.withheld) hide(row, 'protects')
}

function hide(row: AskRow, reason: 'tooFew' | 'protects'): void {
  row.value = null
  row.interval = null
  row.withheld = reason
  const others = [
    'mean',
    'share',
    'shareInterval',
    'counts',
    'p',
    'pAdjusted',
    'change',
    'noInterval',
  ] as const
  for (const told of others) delete row[told]
}
