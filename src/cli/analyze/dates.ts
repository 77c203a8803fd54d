/** Calendar parts of a date; the time of day is not read. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof PERIODS)[number]

const yearFirst = /^\s*(\d{4})[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2}))?(?!\d)/
const weekOrQuarter = /^\s*(\d{4})[-/.\s]?([WQ])(\d{1,2})(?!\d)/i
const yearLast = /^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)/

/** Reads a date: 2026-01-31, 2026/1/31, 20260131, 2026-01, with or without a time behind it; 2026-W03 (ISO 8601) and
 * 2026-Q3 as their first day; with the order given,
 * 31.1.2026 and 1/31/2026. Undefined when there is no such day.
 */
export function parseDate(text: string, order: 'ymd' | 'dmy' | 'mdy' = 'ymd'): CalendarDate | undefined {
  const first = yearFirst.exec(text)
  if (first) return existing(Number(first[1]), Number(first[2]), Number(first[3] ?? 1))
  const named = weekOrQuarter.exec(text)
  if (named) return startOf(Number(named[1]), named[2]!.toUpperCase() === 'W', Number(named[3]))
  const last = order === 'ymd' ? null : yearLast.exec(text)
  if (!last) return undefined
  const [a, b] = [Number(last[1]), Number(last[2])]
  return order === 'dmy' ? existing(Number(last[3]), b, a) : existing(Number(last[3]), a, b)
}

function startOf(year: number, isWeek: boolean, part: number): CalendarDate | undefined {
  if (!isWeek) return part <= 4 ? existing(year, 3 * part - 2, 1) : undefined
  if (part < 1 || part > 53) return undefined
  // The fourth of January lies in the first week of its year.
  const fourth = Date.UTC(year, 0, 4) / 86_400_000
  const monday = fourth - ((((fourth + 3) % 7) + 7) % 7) + 7 * (part - 1)
  const date = new Date(monday * 86_400_000)
  const found = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  return periodOf(found, 'week') === `${year}-W${two(part)}` ? found : undefined
}

function existing(year: number, month: number, day: number): CalendarDate | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined
  return { year, month, day }
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days since 1970-01-01. */
export function dayNumber(date: CalendarDate): number {
  return Date.UTC(date.year, date.month - 1, date.day) / 86_400_000
}

const two = (n: number) => String(n).padStart(2, '0')

/** The name of the period that a date lies in: 2026-01-31, 2026-W05 (ISO 8601), 2026-01, 2026-Q1, 2026. */
export function periodOf(date: CalendarDate, period: Period): string {
  switch (period) {
    case 'day':
      return `${date.year}-${two(date.month)}-${two(date.day)}`
    case 'week': {
      const day = dayNumber(date)
      // A week belongs to the year of its Thursday.
      const thursday = day - ((((day + 3) % 7) + 7) % 7) + 3
      const year = new Date(thursday * 86_400_000).getUTCFullYear()
      return `${year}-W${two(1 + Math.floor((thursday - Date.UTC(year, 0, 1) / 86_400_000) / 7))}`
    }
    case 'month':
      return `${date.year}-${two(date.month)}`
    case 'quarter':
      return `${date.year}-Q${Math.ceil(date.month / 3)}`
    default:
      return String(date.year)
  }
}
