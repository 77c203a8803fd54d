import { UsageError } from '../options/usage-error.ts'
import type { Csv } from '../table/csv.ts'

/** Refuses answers in words for a Net Promoter Score: the best of five points would be a detractor.
 * @throws UsageError when the column is answered in words on other than eleven points
 */
export function refuseWordsForNps(csv: Csv, column: number): void {
  const points = csv.points(column)
  if (points === undefined || points === 11) return
  throw new UsageError(
    `NPS takes answers 0..10, and "${csv.columns[column]}" is answered in words on ${points} points; csat tells its shares, and a --value its mean`,
  )
}
