// For: counting in working time: across nights, weekends, holidays and the nights when clocks change.
// In: the spans of each weekday, holidays, a time zone. Out: moments some working time after or before others.
import { Temporal } from 'temporal-polyfill'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** When somebody works. A span is such as 08:00-17:00, and may end at 24:00; those of a day are in order. */
export interface WorkingHours {
  days: Partial<Record<Weekday, string | readonly string[]>>
  /** Days on which nobody works, such as 2026-12-24. */
  holidays?: readonly string[]
  /** IANA name. */
  timeZone: string
}

/** Working time runs while a span is open; its two ends belong to it. */
export interface WorkingTime {
  /** The moment when that much working time has passed since `from`; with none, the first moment of work from then.
   * @param milliseconds at least 0
   */
  after(from: Date, milliseconds: number): Date
  /** The latest moment that lies that much working time before `until`. */
  before(until: Date, milliseconds: number): Date
  /** Working time between two moments, in milliseconds; `to` is not before `from`. */
  between(from: Date, to: Date): number
}

interface Span {
  start: number
  end: number
}

const minute = 60_000

/** No holidays go on for longer: a week with work in it comes before. */
const mostEmptyYears = 4

/** Made once for each calendar: what it has worked out of a year is kept.
 * @throws RangeError when a span or the zone is malformed, and from its functions when nobody ever works
 */
export function workingTime({ days, holidays = [], timeZone }: WorkingHours): WorkingTime {
  const closed = new Set(holidays)
  const week = weekdays.map((day) => spansOf(days[day]))
  const years = new Map<number, Span[]>()

  /** The spans that begin in a year of the zone, in order; none reaches into another. */
  function spansIn(year: number): Span[] {
    const known = years.get(year)
    if (known) return known
    const spans: Span[] = []
    let midnight = momentOf(new Temporal.PlainDate(year, 1, 1), 0, timeZone)
    for (let day = new Temporal.PlainDate(year, 1, 1); day.year === year; ) {
      const tomorrow = day.add({ days: 1 })
      const nextMidnight = momentOf(tomorrow, 0, timeZone)
      // On most days the clock runs evenly, and a time of day is so many minutes after midnight.
      const even = nextMidnight - midnight === 1440 * minute
      const moment = (minutes: number) =>
        even ? midnight + minutes * minute : momentOf(day, minutes, timeZone)
      for (const [from, to] of closed.has(day.toString()) ? [] : week[day.dayOfWeek - 1]!) {
        const [start, end] = [moment(from), moment(to)]
        if (end > start) spans.push({ start, end })
      }
      day = tomorrow
      midnight = nextMidnight
    }
    years.set(year, spans)
    return spans
  }

  // A year of the zone begins a little before or after that of UTC.
  const yearOf = (time: number, days: number) => new Date(time + days * 1440 * minute).getUTCFullYear()

  /** Spans that end at or after a moment, onwards. */
  function* onwards(from: number): Generator<Span> {
    let empty = 0
    for (let year = yearOf(from, -2); empty <= mostEmptyYears; year++) {
      const spans = spansIn(year)
      const first = lowest(spans, ({ end }) => end >= from)
      if (first < spans.length) empty = 0
      else empty++
      for (let at = first; at < spans.length; at++) yield spans[at]!
    }
    throw new RangeError('nobody ever works')
  }

  /** Spans that begin at or before a moment, backwards. */
  function* backwards(until: number): Generator<Span> {
    let empty = 0
    for (let year = yearOf(until, 2); empty <= mostEmptyYears; year--) {
      const spans = spansIn(year)
      const last = lowest(spans, ({ start }) => start > until) - 1
      if (last >= 0) empty = 0
      else empty++
      for (let at = last; at >= 0; at--) yield spans[at]!
    }
    throw new RangeError('nobody ever works')
  }

  return {
    after(from, milliseconds) {
      let left = milliseconds
      for (const span of onwards(from.getTime())) {
        const start = Math.max(span.start, from.getTime())
        if (left <= span.end - start) return new Date(start + left)
        left -= span.end - start
      }
      throw new RangeError('nobody ever works')
    },
    before(until, milliseconds) {
      let left = milliseconds
      for (const span of backwards(until.getTime())) {
        const end = Math.min(span.end, until.getTime())
        if (left <= end - span.start) return new Date(end - left)
        left -= end - span.start
      }
      throw new RangeError('nobody ever works')
    },
    between(from, to) {
      let worked = 0
      for (const span of onwards(from.getTime())) {
        if (span.start >= to.getTime()) break
        worked += Math.min(span.end, to.getTime()) - Math.max(span.start, from.getTime())
      }
      return worked
    },
  }
}

/** Hours of working time that a duration without days stands for, in milliseconds; PT16H is 16 hours of work.
 * @throws RangeError when it has days or more: how long a working day is, is not said
 */
export function workingMilliseconds(duration: string): number {
  const found = known.get(duration)
  if (found !== undefined) return found
  const parsed = Temporal.Duration.from(duration)
  if (parsed.years || parsed.months || parsed.weeks || parsed.days)
    throw new RangeError('working time is counted in hours, such as PT16H')
  const milliseconds = parsed.total('milliseconds')
  if (known.size >= 1000) known.clear()
  known.set(duration, milliseconds)
  return milliseconds
}
const known = new Map<string, number>()

/** Minutes since midnight of both ends of each span. @throws RangeError when one is none */
export function spansOf(day: string | readonly string[] | undefined): Array<[start: number, end: number]> {
  const spans = day === undefined ? [] : typeof day === 'string' ? [day] : day
  return spans.map((span) => {
    const [, h1, m1, h2, m2] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(span) ?? []
    if (m2 === undefined) throw new RangeError(`"${span}" is no span such as 08:00-17:00`)
    return [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)]
  })
}

/** A time of day on a day. One that the clock jumps over is the moment of the jump; one that comes twice, the first. */
function momentOf(day: Temporal.PlainDate, minutes: number, timeZone: string): number {
  const date = minutes === 1440 ? day.add({ days: 1 }) : day
  const sinceMidnight = minutes % 1440
  const plain = date.toPlainDateTime({ hour: Math.floor(sinceMidnight / 60), minute: sinceMidnight % 60 })
  const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  if (zoned.toPlainDateTime().equals(plain)) return zoned.epochMilliseconds
  // Just after, for a time at the very beginning of the gap is the moment of the jump itself.
  const jump = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  return jump?.epochMilliseconds ?? zoned.epochMilliseconds
}

/** The first index for which it holds, in a list where it holds from there on; the length when for none. */
function lowest(spans: readonly Span[], holds: (span: Span) => boolean): number {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(spans[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
