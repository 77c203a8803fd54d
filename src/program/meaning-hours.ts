// For: the rules of business hours: zones and dates there are, spans in order, somebody who works at all.
// In: a document of the right form. Out: faults, reported with the path where they stand.
import { isDate } from '../base/clock.ts'
import { spansOf } from '../base/hours.ts'
import { suggestion } from '../base/nearest.ts'
import type { Program } from './schema.ts'
import { type BusinessHours, days } from './schema-recovery.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkHours(program: Program, report: Report): void {
  const names = Object.keys(program.hours ?? {})
  for (const [index, unit] of (program.units?.list ?? []).entries())
    if (unit.hours !== undefined && !names.includes(unit.hours))
      report(
        ['units', 'list', index, 'hours'],
        `there are no hours "${unit.hours}"${suggestion(unit.hours, names)}`,
      )
  for (const [name, hours] of Object.entries(program.hours ?? {}))
    checkCalendar(hours, ['hours', name], report)
}

function checkCalendar(
  { days: week, holidays = [], timeZone }: BusinessHours,
  path: Path,
  report: Report,
): void {
  if (timeZone !== undefined && !isZone(timeZone))
    report(
      [...path, 'timeZone'],
      `expected an IANA time zone, such as Europe/Stockholm; found "${timeZone.slice(0, 60)}"`,
    )
  if (days.every((day) => week[day] === undefined))
    report([...path, 'days'], 'expected at least one day on which somebody works', 'key')
  for (const day of days) {
    const written = week[day]
    let before = 0
    for (const [index, [start, end]] of spansOf(written).entries()) {
      const here = typeof written === 'string' ? [...path, 'days', day] : [...path, 'days', day, index]
      if (end <= start) report(here, 'a span ends after it begins')
      else if (start < before) report(here, 'the spans of a day stand in order and do not overlap')
      before = Math.max(before, end)
    }
  }
  for (const [index, date] of holidays.entries()) {
    const here = [...path, 'holidays', index]
    if (!isDate(date)) report(here, `there is no day ${date}`)
    else if (holidays.indexOf(date) < index) report(here, `${date} stands twice`)
  }
}

export function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
