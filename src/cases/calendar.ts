// For: when a case is to be looked at: its deadline, reminders before it, steps of escalation after it.
// In: a rule, the unit (whose business hours count), a time. Out: times.
import { addDuration, subtractDuration } from '../base/clock.ts'
import { type WorkingTime, workingMilliseconds, workingTime } from '../base/hours.ts'
import { usualFirstContact } from '../program/meaning-recovery.ts'
import type { Program } from '../program/schema.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'

/** Adds and takes away durations as a rule counts them: by the clock, or in the business hours of a unit. */
export interface Calendar {
  after(time: Date, duration: string): Date
  before(time: Date, duration: string): Date
}

export function calendarOf(program: Program, rule: RecoveryRule, unitKey: string | null): Calendar {
  const working = rule.hours === 'business' ? workingTimeOf(program, unitKey) : undefined
  if (working)
    return {
      after: (time, duration) => working.after(time, workingMilliseconds(duration)),
      before: (time, duration) => working.before(time, workingMilliseconds(duration)),
    }
  const { timeZone } = program.workspace
  return {
    after: (time, duration) => addDuration(time, duration, timeZone),
    before: (time, duration) => subtractDuration(time, duration, timeZone),
  }
}

/** When the customer is to have been contacted, counted from a time. */
export const contactDue = (calendar: Calendar, rule: RecoveryRule, from: Date): Date =>
  calendar.after(from, rule.firstContact ?? usualFirstContact)

/** Reminders of a deadline, the earliest first. */
export const remindersOf = (calendar: Calendar, rule: RecoveryRule, due: Date): Date[] =>
  (rule.remind ?? [])
    .map((duration) => calendar.before(due, duration))
    .sort((a, b) => a.getTime() - b.getTime())

/** Steps after a missed deadline, in the rule's order; none is earlier than the one before. */
export const escalationsOf = (
  calendar: Calendar,
  rule: RecoveryRule,
  due: Date,
): Array<{ at: Date; to: string }> =>
  (rule.escalate ?? []).map(({ after, to }) => ({ at: calendar.after(due, after), to }))

/** When a case that has just got its deadline is to be looked at first: reminders that would lie in the past are let go. */
export function firstCheck(calendar: Calendar, rule: RecoveryRule, due: Date, now: Date): Date {
  return remindersOf(calendar, rule, due).find((time) => time > now) ?? due
}

/** The next that is foreseen after a time: a reminder, the deadline, a step of escalation; null when all is over. */
export function nextForeseen(calendar: Calendar, rule: RecoveryRule, due: Date, now: Date): Date | null {
  if (due > now) return firstCheck(calendar, rule, due, now)
  return escalationsOf(calendar, rule, due).find(({ at }) => at > now)?.at ?? null
}

const calendars = new WeakMap<Program, Map<string, WorkingTime>>()

/** The business hours of a unit: its own, those of the nearest unit above that names some, else `usual`. */
export function workingTimeOf(program: Program, unitKey: string | null): WorkingTime | undefined {
  const units = new Map((program.units?.list ?? []).map((unit) => [unit.key, unit]))
  let name = 'usual'
  for (let unit = units.get(unitKey ?? ''); unit; unit = units.get(unit.parent ?? ''))
    if (unit.hours !== undefined) {
      name = unit.hours
      break
    }
  const hours = program.hours?.[name]
  if (!hours) return undefined
  const known = calendars.get(program) ?? new Map<string, WorkingTime>()
  calendars.set(program, known)
  const found = known.get(name) ?? workingTime({ timeZone: program.workspace.timeZone, ...hours })
  known.set(name, found)
  return found
}
