import { dayNumber, PERIODS, type Period, parseDate } from '../cells/dates.ts'
import { periodIndex } from '../cells/period-index.ts'
import type { ColumnProfile } from './profile.ts'

const MOST_EMPTY = 0.2
const LEAST_PERIODS = 8

/** The period that a column of dates is best cut into: by its length months, weeks or days; longer ones where those
 * would leave more than a fifth of the periods empty, so that monthly dates are months and yearly ones years.
 */
export function periodFor({ values, dateOrder, dateRange }: ColumnProfile): Period {
  const length = dateRange ? (Date.parse(dateRange.last) - Date.parse(dateRange.first)) / 86_400_000 : 0
  const dates = values.flatMap(({ value }) => parseDate(value, dateOrder) ?? [])
  // Years alone, or months alone, hold nothing shorter.
  const [years, months] = [
    dates.every(({ day, month }) => day === 1 && month === 1),
    dates.every(({ day }) => day === 1),
  ]
  if (dates.length > 1 && years) return 'year'
  const usual: Period = length > 370 || (dates.length > 1 && months) ? 'month' : length > 100 ? 'week' : 'day'
  // With too many different dates to list, no period of this length stays empty for long.
  if (dates.length === 0) return usual
  for (const period of PERIODS.slice(PERIODS.indexOf(usual))) {
    const all = dates.map((date) => periodIndex(date, period))
    const seen = new Set(all)
    const span = all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b)) + 1
    if (seen.size < Math.min(LEAST_PERIODS, new Set(dates.map(dayNumber)).size)) break
    if (span - seen.size <= MOST_EMPTY * span) return period
  }
  return usual
}
