import { isBlank } from '../cells/cells.ts'
import { type CalendarDate, dayNumber, isPeriodName, parseDate } from '../cells/dates.ts'

export type DateOrder = 'ymd' | 'dmy' | 'mdy'

/** What one pass over a column tells, in memory that does not grow with the file. */
export interface ColumnProfile {
  readonly name: string
  readonly present: number
  readonly missing: number
  /** Different values; counted up to `LISTED`, estimated to a tenth of a per cent above. */
  readonly distinct: number
  readonly distinctIsExact: boolean
  /** How often each value occurs, most frequent first; empty when there are more than `LISTED`. */
  readonly values: readonly { readonly value: string; readonly n: number }[]
  readonly numbers: number
  /** Of the numbers, those that were answers in words ("Very satisfied", "5 - Very satisfied"). */
  readonly worded: number
  /** Of the numbers, when there are any. */
  readonly range?: { readonly low: number; readonly high: number; readonly mean: number; readonly sd: number }
  /** Whether all numbers are whole. */
  readonly whole: boolean
  /** How many numbers lie between two whole ones, where all are whole or halves; else 0. */
  readonly halves: number
  /** Dates understood in the order of parts that understands most. */
  readonly dates: number
  readonly dateOrder: DateOrder
  /** Whether the other order of day and month reads as many. */
  readonly dateIsOpen: boolean
  readonly dateRange?: { readonly first: string; readonly last: string }
  readonly meanLength: number
  /** Share of the present cells with a blank inside. */
  readonly spaced: number
  /** What the file says of the column besides its name: the question asked, the words beside its numbers. */
  readonly question: string
  /** Of answers in words: how many points their scale has. */
  readonly points?: number
  /** Whether the cells are codes: of equal length and beginning with zeros (00123), or standing for names. */
  readonly isCoded: boolean
}

/** What is known of a column before its cells are read. */
export interface KnownColumn {
  readonly question?: string
  readonly points?: number | undefined
  readonly isLabelled?: boolean
  readonly isCode?: boolean
  /** Days without a year are no dates. */
  readonly isYearless?: boolean
}

const LISTED = 2000
const BITS = 1 << 22
const ORDERS: readonly DateOrder[] = ['ymd', 'dmy', 'mdy']

/** Collects the profile of one column, cell by cell. */
export class Profiler {
  readonly #name: string
  readonly #read: (cell: string) => number
  readonly #known: KnownColumn
  #present = 0
  #missing = 0
  #numbers = 0
  #worded = 0
  #whole = true
  #halves = 0
  #finer = false
  #low = Number.POSITIVE_INFINITY
  #high = Number.NEGATIVE_INFINITY
  #mean = 0
  #squares = 0
  #length = 0
  #spaced = 0
  #coded = 0
  // -1 before the first cell, 0 when the cells are of different lengths.
  #width = -1
  readonly #counted: readonly RegExp[]
  #listed: Map<string, number> | undefined = new Map()
  #seen: Uint8Array | undefined
  readonly #dates = ORDERS.map((order) => ({
    order,
    n: 0,
    first: undefined as CalendarDate | undefined,
    last: undefined as CalendarDate | undefined,
    days: new Set<number>(),
    months: new Set<number>(),
  }))

  /** @param read how the numbers of the file are read */
  constructor(name: string, read: (cell: string) => number, known: KnownColumn = {}) {
    this.#name = name
    this.#known = known
    this.#counted = [...(YEAR.test(name) ? [YEAR_ALONE] : []), ...(MOMENT.test(name) ? [MOMENT_COUNTED] : [])]
    this.#read = read
  }

  add(cell: string): void {
    if (isBlank(cell)) {
      this.#missing++
      return
    }
    this.#present++
    if (!this.#listed) {
      this.#mark(cell)
      this.#learn(cell, 1)
      return
    }
    // While the different values are few, each is looked at once, at the end.
    this.#listed.set(cell, (this.#listed.get(cell) ?? 0) + 1)
    if (this.#listed.size > LISTED) this.#stopListing()
  }

  /** Too many different values to list: from here on a bit a value (linear counting). */
  #stopListing(): void {
    this.#seen = new Uint8Array(BITS >> 3)
    for (const [value, n] of this.#listed!) {
      this.#mark(value)
      this.#learn(value, n)
    }
    this.#listed = undefined
  }

  /** Takes a value that occurs n times into the sums. */
  #learn(cell: string, n: number): void {
    this.#length += n * cell.length
    if (cell.trim().includes(' ')) this.#spaced += n
    const value = this.#read(cell)
    if (!Number.isNaN(value)) {
      this.#number(value, n)
      if (this.#known.isLabelled || !/\d/.test(cell)) this.#worded += n
    }
    if (!this.#known.isYearless && mayBeDate(cell, this.#counted)) this.#date(cell, n)
    if (CODED.test(cell)) this.#coded += n
    if (this.#width === -1) this.#width = cell.length
    else if (this.#width !== cell.length) this.#width = 0
  }

  #number(value: number, n: number): void {
    this.#numbers += n
    if (!Number.isInteger(value)) {
      this.#whole = false
      this.#halves += n
    }
    if (!Number.isInteger(2 * value)) this.#finer = true
    if (value < this.#low) this.#low = value
    if (value > this.#high) this.#high = value
    const gap = value - this.#mean
    this.#mean += (gap * n) / this.#numbers
    this.#squares += n * gap * (value - this.#mean)
  }

  #date(cell: string, n: number): void {
    for (const found of this.#dates) {
      const date = parseDate(cell, found.order)
      if (!date) continue
      found.n += n
      found.days.add(date.day)
      found.months.add(date.month)
      if (!found.first || isBefore(date, found.first)) found.first = date
      if (!found.last || isBefore(found.last, date)) found.last = date
    }
  }

  #mark(text: string): void {
    // FNV-1a, then mixed so that all bits count.
    let hash = 0x811c9dc5
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    const bit = (hash ^ (hash >>> 16)) & (BITS - 1)
    this.#seen![bit >> 3]! |= 1 << (bit & 7)
  }

  /** To be asked once, after the last cell. */
  profile(): ColumnProfile {
    for (const [value, n] of this.#listed ?? []) this.#learn(value, n)
    const best = this.#order()
    const others = this.#dates.filter(({ order, n }) => order !== best.order && n === best.n)
    const iso = (date: CalendarDate) => new Date(dayNumber(date) * 86_400_000).toISOString().slice(0, 10)
    const values = [...(this.#listed ?? [])].map(([value, n]) => ({ value, n }))
    return {
      name: this.#name,
      present: this.#present,
      missing: this.#missing,
      distinct: this.#listed?.size ?? this.#estimate(),
      distinctIsExact: this.#listed !== undefined,
      values: values.sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1)),
      numbers: this.#numbers,
      worded: this.#worded,
      ...(this.#numbers > 0 && {
        range: {
          low: this.#low,
          high: this.#high,
          mean: this.#mean,
          sd: this.#numbers > 1 ? Math.sqrt(this.#squares / (this.#numbers - 1)) : 0,
        },
      }),
      whole: this.#numbers > 0 && this.#whole,
      halves: this.#finer ? 0 : this.#halves,
      dates: best.n,
      dateOrder: best.order,
      dateIsOpen: best.order !== 'ymd' && others.length > 0,
      ...(best.first && best.last && { dateRange: { first: iso(best.first), last: iso(best.last) } }),
      meanLength: this.#present > 0 ? this.#length / this.#present : 0,
      spaced: this.#present > 0 ? this.#spaced / this.#present : 0,
      question: this.#known.question ?? '',
      ...(this.#known.points !== undefined && { points: this.#known.points }),
      isCoded:
        (this.#known.isCode ?? false) ||
        (this.#coded >= 0.01 * this.#present && this.#coded > 0 && this.#width >= 4),
    }
  }

  // The order that reads most dates. Where day and month can be taken either way, dates that all fall on one day of
  // different months are the months of a report.
  #order() {
    const best = this.#dates.reduce((most, found) => (found.n > most.n ? found : most))
    const other = this.#dates.find(({ order }) => order === 'mdy')!
    const isMonthly = other.n === best.n && other.days.size === 1 && other.months.size > 1
    return best.order === 'dmy' && isMonthly && best.days.size > 1 ? other : best
  }

  #estimate(): number {
    let set = 0
    for (const byte of this.#seen!) for (let b = byte; b > 0; b &= b - 1) set++
    const estimate = set >= BITS ? this.#present : Math.round(-BITS * Math.log(1 - set / BITS))
    return Math.min(estimate, this.#present)
  }
}

const isBefore = (a: CalendarDate, b: CalendarDate) =>
  a.year !== b.year ? a.year < b.year : a.month !== b.month ? a.month < b.month : a.day < b.day

const CODED = /^0\d+$/
const YEAR = /(^|[_\s.-])(years?|år|jahr|année|ano|season|time|date)$/i
const YEAR_ALONE = /^(?:1[5-9]|20|21)\d\d$/
// Seconds since 1970 and the day numbers of spreadsheets are dates only where the name says so.
const MOMENT = /date|datum|dato|timestamp|created|(^|[_\s.-])(time|at|on)$/i
const MOMENT_COUNTED = /^(?:[2-6]\d{4}(?:\.\d+)?|1[0-9]{9}|1[0-9]{12})$/

// A digit first, and a separator or exactly eight digits; or the name of a month: so that plain numbers and texts are
// not tried as dates.
function mayBeDate(cell: string, counted: readonly RegExp[]): boolean {
  const text = cell.trim()
  const first = text.charCodeAt(0)
  if (text.length > 40) return false
  if (!(first >= 48 && first <= 57))
    return isPeriodName(text) || (/^\p{L}{3,10}[.,]*\s+[\d\p{L}]/u.test(text) && /\d{4}/.test(text))
  if (counted.some((shape) => shape.test(text))) return true
  if (text.length < 6) return false
  if (/^\d+$/.test(text)) return text.length === 8 && /^(19|20)/.test(text)
  if (/^\d{1,2}(?:st|nd|rd|th|\.)?[\s/-]*\p{L}{3,10}\.?[\s,/-]*\d{2}/iu.test(text)) return true
  return isPeriodName(text) || (/^\d{1,4}[-/.]\d/.test(text) && !/^\d+\.\d+$/.test(text))
}
