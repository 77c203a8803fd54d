import { Temporal } from 'temporal-polyfill'
import type { ProgramDigest } from '../program/schema-notify.ts'
import { days } from '../program/schema-recovery.ts'

/** When a digest goes out next, after a time: at its time of day, on its day. */
export function nextTurn(digest: ProgramDigest, zone: string, after: Date): Date {
  const from = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(zone)
  const at = Temporal.PlainTime.from(digest.at)
  // Longer than a month, so that every turn has its day.
  for (let ahead = 0; ahead <= 62; ahead++) {
    const date = from.toPlainDate().add({ days: ahead })
    if (!isItsDay(digest, date)) continue
    const turn = date.toZonedDateTime({ timeZone: zone, plainTime: at })
    if (turn.epochMilliseconds > after.getTime()) return new Date(turn.epochMilliseconds)
  }
  throw new Error(`the digest ${digest.id} has no turn`)
}

function isItsDay(digest: ProgramDigest, date: Temporal.PlainDate): boolean {
  if (digest.every === 'day') return true
  if (digest.every === 'week') return days[date.dayOfWeek - 1] === (digest.on ?? 'mon')
  return date.day === (digest.dayOfMonth ?? 1)
}

/** What the first digest of a kind reaches back to: one turn. */
export function turnBefore(digest: ProgramDigest, zone: string, turn: Date): Date {
  const span = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } }[digest.every]
  const at = Temporal.Instant.fromEpochMilliseconds(turn.getTime()).toZonedDateTimeISO(zone)
  return new Date(at.subtract(span).epochMilliseconds)
}
