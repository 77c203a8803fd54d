import { type WorkingTime, weekdays, workingTime } from '../base/hours.ts'
import { workingTimeOf } from '../cases/calendar.ts'
import type { Program } from '../program/schema.ts'

/** When those of a unit work: as the program says, else every day, since nobody is called at night. */
export function officeHours(program: Program, unitKey: string | null): WorkingTime {
  return workingTimeOf(program, unitKey) ?? everyDay(program.workspace.timeZone)
}

const known = new Map<string, WorkingTime>()

function everyDay(timeZone: string): WorkingTime {
  const days = Object.fromEntries(weekdays.map((day) => [day, '07:00-18:00']))
  const found = known.get(timeZone) ?? workingTime({ days, timeZone })
  known.set(timeZone, found)
  return found
}

/** What somebody would do at a time, they do then or, where nobody is at work, some time after work has begun again. */
export function atWork(working: WorkingTime, time: Date): Date {
  const open = working.after(time, 0)
  return open.getTime() === time.getTime() ? time : working.after(open, time.getTime() % longestPause)
}

const longestPause = 90 * 60_000
