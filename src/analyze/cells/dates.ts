/** Calendar parts of a date; the time of day is not read. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof PERIODS)[number]

const yearFirst = /^\s*(\d{4})[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2}))?(?!\d)/
const weekOrQuarter =
  /^\s*((?:1[5-9]|20|21)\d{2})[-/.\s]?(kvartal|quarter|kv|kw|week|vecka|uke|[wqv])\.?\s?(\d{1,2})(?!\d)/i
const weekOrQuarterFirst =
  /^\s*(kvartal|quarter|kv|kw|week|wk|vecka|uke|uge|[wqv])\.?\s?(\d{1,2})[\s/-]+(\d{4})\s*$/i
const monthOfYear = /^\s*(\d{1,2})[-/](\d{4})\s*$/
const yearLast = /^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}(?![\d./-]))(?!\d)/
const weekday = /^\s*\p{L}{2,9}\.?,\s+/u
const monthMiddle = /^\s*(\d{1,2})(?:st|nd|rd|th|\.)?[\s/-]*(\p{L}{3,10})\.?[\s,/-]*(\d{4}|\d{2})(?!\d)/iu
const monthFirst = /^\s*(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/iu
// As spreadsheets write a month of a year: Jan-20.
const monthShort = /^\s*(\p{L}{3,10})\.?(?:-|\s?['’])(\d{2})\s*$/u
const monthAlone = /^\s*(\p{L}{3,10})\.?[\s,/-]+(\d{4})\s*$/u

/** Reads a date: 2026-01-31, 2026/1/31, 20260131, 2026-01, 2026, with or without a time behind it; 2026-W03 (ISO 8601),
 * 2026-Q3, W03 2026, Q3 2026, 01/2026 and Jan-26 as their first day; 31 Jan 2026, Jan 31, 2026 and 31-Jan-26 in several languages; seconds and
 * milliseconds since 1970 (10 and 13 digits) and the day numbers of spreadsheets (5 digits); with the order given,
 * 31.1.2026 and 1/31/26, where 69 to 99 are of the last century. Undefined when there is no such day.
 */
export function parseDate(text: string, order: 'ymd' | 'dmy' | 'mdy' = 'ymd'): CalendarDate | undefined {
  const digits = /^\s*(\d+)(?:\.\d+)?\s*$/.exec(text)?.[1]
  if (digits !== undefined && digits.length !== 8 && digits.length !== 6) return countedDate(digits)
  const first = yearFirst.exec(text)
  if (first) return existing(Number(first[1]), Number(first[2]), Number(first[3] ?? 1))
  const named = weekOrQuarter.exec(text)
  if (named) return startOf(Number(named[1]), named[2]!, Number(named[3]))
  const namedFirst = weekOrQuarterFirst.exec(text)
  if (namedFirst) return startOf(Number(namedFirst[3]), namedFirst[1]!, Number(namedFirst[2]))
  const month = monthOfYear.exec(text)
  if (month) return existing(Number(month[2]), Number(month[1]), 1)
  const last = order === 'ymd' ? null : yearLast.exec(text)
  if (last) {
    const [a, b] = [Number(last[1]), Number(last[2])]
    return order === 'dmy' ? existing(yearOf(last[3]!), b, a) : existing(yearOf(last[3]!), a, b)
  }
  return /\p{L}{3}/u.test(text) ? writtenDate(text.replace(weekday, '')) : undefined
}

/** Whether a text has the form of a month, quarter or week of a year: Jan-26, Q1 2026, 2026-W05. */
export const isPeriodName = (text: string) =>
  monthShort.test(text) || weekOrQuarterFirst.test(text) || weekOrQuarter.test(text)

/** Whether texts like Jan-01 are days without a year and no months of 2001 and on: every day from 01 to 31 occurs, or
 * from 01 to 28 in at most three months on end, and none that its month does not have.
 * @param texts different ones, of one column
 */
export function areDaysWithoutYear(texts: readonly string[]): boolean {
  const days = new Set<number>()
  const months = new Set<number>()
  for (const text of texts) {
    const found = monthShort.exec(text)
    // A leap year, for the 29th of February.
    const month = found ? monthOf(found[1]!) : 0
    if (!existing(2024, month, Number(found?.[2]))) return false
    days.add(Number(found![2]))
    months.add(month)
  }
  if (days.size === 31) return true
  const span = Math.max(...months) - Math.min(...months) + 1
  return days.size >= 28 && months.size <= 3 && span === months.size
}

const DAY_FIRST = /^(\d{1,2})[-./ ]{1,2}(\p{L}{3,10})\.?$/u
const MONTH_FIRST = /^(\p{L}{3,10})\.? (\d{1,2})$/u

/** Whether a text is a day of a month without its year beyond doubt: 1-Jan, Jan 01. */
export function isDayOfMonth(text: string): boolean {
  const first = DAY_FIRST.exec(text)
  const [day, month] = first ? [first[1], first[2]] : (MONTH_FIRST.exec(text)?.slice(1).toReversed() ?? [])
  return month !== undefined && existing(2024, monthOf(month), Number(day)) !== undefined
}

// 2026 is a year, 46053 a day of a spreadsheet, 1769817600 a second.
function countedDate(digits: string): CalendarDate | undefined {
  const count = Number(digits)
  if (digits.length === 4) return count >= 1500 && count <= 2200 ? existing(count, 1, 1) : undefined
  if (digits.length === 5) return count >= 20_000 && count <= 70_000 ? dayOf(count - 25_569) : undefined
  if (digits.length === 10) return dayOf(Math.floor(count / 86_400))
  return digits.length === 13 ? dayOf(Math.floor(count / 86_400_000)) : undefined
}

function dayOf(days: number): CalendarDate {
  const date = new Date(days * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

const yearOf = (text: string) =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900)

function writtenDate(text: string): CalendarDate | undefined {
  const middle = monthMiddle.exec(text)
  if (middle) return existing(yearOf(middle[3]!), monthOf(middle[2]!), Number(middle[1]))
  const first = monthFirst.exec(text)
  if (first) return existing(Number(first[3]), monthOf(first[1]!), Number(first[2]))
  const short = monthShort.exec(text)
  if (short) return existing(yearOf(short[2]!), monthOf(short[1]!), 1)
  const alone = monthAlone.exec(text)
  return alone ? existing(Number(alone[2]), monthOf(alone[1]!), 1) : undefined
}

let months: ReadonlyMap<string, number> | undefined

// 1..12 by the beginning of a month's name, 0 when it is none.
function monthOf(word: string): number {
  months ??= new Map(
    ['en', 'sv', 'nb', 'da', 'de', 'nl', 'fr', 'es', 'it', 'pt'].flatMap((language) => {
      const long = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
      return Array.from({ length: 12 }, (_, m) => [plain(long.format(Date.UTC(2026, m, 1))), m + 1] as const)
    }),
  )
  const start = plain(word)
  if (start === 'sept') return 9
  const found = new Set([...months].flatMap(([name, month]) => (name.startsWith(start) ? [month] : [])))
  return found.size === 1 ? [...found][0]! : 0
}

const plain = (word: string) => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

function startOf(year: number, name: string, part: number): CalendarDate | undefined {
  // Q and kv are quarters; W, v, KW and the words for it weeks.
  if (/^(?:q|kv)/i.test(name)) return part <= 4 ? existing(year, 3 * part - 2, 1) : undefined
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
