import { Temporal } from 'temporal-polyfill'
import { localeOf } from '../program/question.ts'
import type { Program } from '../program/schema.ts'
import type { QuietHours } from '../program/schema-notify.ts'
import { days } from '../program/schema-recovery.ts'

/** When somebody may be told: at once, or at the end of the quiet hours by their own clock. Where a clock change
 * gives a time of day twice, it is quiet both times; where it takes one away, what would begin or end then does so
 * as long after midnight as it would have.
 * @param zone IANA name of the reader's time zone
 */
export function tellAt(quiet: QuietHours | undefined, zone: string, at: Date): Date {
  if (!quiet) return at
  let moment = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
  // Quiet spans can follow each other: a night, a Saturday, a Sunday and a night.
  for (let spans = 0; spans < 20; spans++) {
    const end = endOfQuiet(quiet, moment)
    if (!end) break
    moment = end
  }
  return new Date(moment.epochMilliseconds)
}

/** The end of the quiet span that this moment is in; undefined when it is in none. */
function endOfQuiet(quiet: QuietHours, at: Temporal.ZonedDateTime): Temporal.ZonedDateTime | undefined {
  if (quiet.days?.includes(days[at.dayOfWeek - 1] as (typeof days)[number]))
    return at.toPlainDate().add({ days: 1 }).toZonedDateTime(at.timeZoneId)
  const from = Temporal.PlainTime.from(quiet.from)
  const to = Temporal.PlainTime.from(quiet.to)
  const time = at.toPlainTime()
  const after = (one: Temporal.PlainTime, other: Temporal.PlainTime) =>
    Temporal.PlainTime.compare(one, other) >= 0
  const overnight = after(from, to)
  const evening = after(time, from)
  const morning = !after(time, to)
  if (!(overnight ? evening || morning : evening && morning)) return undefined
  const date = overnight && evening ? at.toPlainDate().add({ days: 1 }) : at.toPlainDate()
  const local = date.toPlainDateTime(to)
  const end = local.toZonedDateTime(at.timeZoneId)
  // Of a time of day that comes twice, the first may have passed.
  return Temporal.ZonedDateTime.compare(end, at) > 0
    ? end
    : local.toZonedDateTime(at.timeZoneId, { disambiguation: 'later' })
}

/** The time zone a reader lives by: that of their unit's business hours, else of their language, else the workspace's. */
export function zoneOfReader(program: Program, reader: { unitKey: string | null; language: string }): string {
  const units = new Map((program.units?.list ?? []).map((unit) => [unit.key, unit]))
  for (let unit = units.get(reader.unitKey ?? ''); unit; unit = units.get(unit.parent ?? '')) {
    const zone = unit.hours === undefined ? undefined : program.hours?.[unit.hours]?.timeZone
    if (zone) return zone
  }
  const { zones } = program.notify?.quietHours ?? {}
  return zones?.[reader.language as keyof typeof zones] ?? program.workspace.timeZone
}

/** When a mail to a colleague may go: at once, or at the end of their quiet hours. */
export function mailColleagueAt(
  program: Program,
  { unitKey, language }: { unitKey: string | null; language: string | null },
  at: Date,
): Date {
  const spoken = language ?? program.workspace.languages[0] ?? 'en'
  return tellAt(program.notify?.quietHours, zoneOfReader(program, { unitKey, language: spoken }), at)
}

/** A moment by the clock of its reader; where a program knows several clocks, with the name of this one. */
export function momentText(program: Program, at: Date, zone: string, language: string): string {
  const zones = new Set([
    zone,
    program.workspace.timeZone,
    ...Object.values(program.hours ?? {}).flatMap(({ timeZone }) => timeZone ?? []),
  ])
  const told = { dateStyle: 'medium', timeStyle: 'short', timeZone: zone } as const
  const locale = localeOf(language)
  if (zones.size === 1) return at.toLocaleString(locale, told)
  const name = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')
  return `${at.toLocaleString(locale, told)} ${name?.value ?? zone}`
}
