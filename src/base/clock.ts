import { Temporal } from 'temporal-polyfill'

/** Where the time comes from. Loop, jobs and triggers read no other clock, so that years can be replayed. */
export interface Clock {
  now(): Date
  /** Of a clock that jumps over times at which something was due: the time at which that was done. */
  at?(due: Date): Date
}

/** The time that work which was due at `due`, and is done now, is written down with. */
export const timeOfWork = (clock: Clock, due: Date): Date => clock.at?.(due) ?? clock.now()

/** The earliest time that work which is done now is written down with: now, or where a clock that jumps has come from. */
export const sinceOfWork = (clock: Clock): Date => timeOfWork(clock, new Date(0))

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved; it never runs backwards. */
export class VirtualClock implements Clock {
  #now: Date

  constructor(start: Date) {
    this.#now = start
  }

  now(): Date {
    return this.#now
  }

  /** Moves to `time`; an earlier time than now leaves the clock where it is. */
  moveTo(time: Date): void {
    if (time > this.#now) this.#now = time
  }
}

/** Adds an ISO 8601 duration (P3M, PT48H, P1DT12H) in a time zone, so that a day is a day across clock changes.
 * @param zone IANA name, such as Europe/Stockholm
 * @throws RangeError when the duration or zone is malformed, or the time is none of the years 1 to 9999
 */
export function addDuration(time: Date, duration: string, zone = 'UTC'): Date {
  return moved(time, parsed(duration), zone, 1)
}

export function subtractDuration(time: Date, duration: string, zone = 'UTC'): Date {
  return moved(time, parsed(duration), zone, -1)
}

interface Parsed {
  duration: Temporal.Duration
  /** Of one without days and longer parts: the same everywhere. */
  milliseconds: number | undefined
}

/** A program has few durations, and they are added very often. */
const known = new Map<string, Parsed>()
const mostKnown = 1000

function parsed(text: string): Parsed {
  const before = known.get(text)
  if (before) return before
  const duration = Temporal.Duration.from(text)
  const { years, months, weeks, days } = duration
  const milliseconds = years || months || weeks || days ? undefined : duration.total('milliseconds')
  if (known.size >= mostKnown) known.clear()
  known.set(text, { duration, milliseconds })
  return { duration, milliseconds }
}

function moved(time: Date, { duration, milliseconds }: Parsed, zone: string, sign: 1 | -1): Date {
  if (milliseconds !== undefined && knownZone(zone)) return written(time.getTime() + sign * milliseconds)
  const at = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone)
  const there = sign === 1 ? at.add(duration) : at.subtract(duration)
  return written(there.epochMilliseconds)
}

const firstWritten = Date.parse('0001-01-01T00:00:00Z')
const lastWritten = Date.parse('9999-12-31T23:59:59.999Z')

/** A time that everything can write down: beyond these, a store would refuse all that is written with it. */
function written(milliseconds: number): Date {
  if (milliseconds >= firstWritten && milliseconds <= lastWritten) return new Date(milliseconds)
  throw new RangeError('the time is outside of the years 1 to 9999')
}

/** Zones that were found to be some. @throws RangeError when the zone is malformed */
const zones = new Set<string>()
function knownZone(zone: string): boolean {
  if (!zones.has(zone)) {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    zones.add(zone)
  }
  return true
}

/** True for a well-formed, non-negative ISO 8601 duration. */
export function isDuration(text: string): boolean {
  try {
    return Temporal.Duration.from(text).sign >= 0
  } catch {
    return false
  }
}

/** The longest duration that a program may name. */
export const longestDuration = 'P100Y'

/** True for one that is longer than anybody can mean. @throws RangeError when it is malformed */
export const isTooLong = (duration: string): boolean => meanDays(duration) > meanDays(longestDuration)

/** A day of the calendar, such as 2026-12-24. */
export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return found !== undefined && !Number.isNaN(found.getTime()) && found.toISOString().startsWith(text)
}

/** The day it is somewhere, such as 2026-12-24. */
export function dayIn(zone: string, time: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(time.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()
}

/** When a day such as 2026-12-24 begins somewhere. */
export function startOfDay(zone: string, day: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds)
}

const meanDaysOf = { years: 365.2425, months: 30.436875, weeks: 7, days: 1 } as const

/** How long a duration is on average, in days: a year is 365.2425, a month a twelfth of that.
 * @throws RangeError when the duration is malformed
 */
export function meanDays(duration: string): number {
  const { years, months, weeks, days, hours, minutes, seconds } = Temporal.Duration.from(duration)
  const whole =
    years * meanDaysOf.years + months * meanDaysOf.months + weeks * meanDaysOf.weeks + days * meanDaysOf.days
  return whole + (hours + minutes / 60 + seconds / 3600) / 24
}

/** The next time at which a clock on the wall of this zone shows the hour, after `time`. */
export function nextHour(time: Date, hour: number, zone: string): Date {
  const now = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(zone)
  const today = now.withPlainTime({ hour })
  const next = today.epochMilliseconds > time.getTime() ? today : today.add({ days: 1 })
  return new Date(next.epochMilliseconds)
}
