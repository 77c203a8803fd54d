import type { Grain } from '../api/wire.ts'
import type { Formats } from '../words/format.ts'

/** A period as the server names it (its first day), as people say it. */
export function periodName(period: string, grain: Grain | undefined, formats: Formats): string {
  const start = new Date(
    period.length === 4 ? `${period}-01-01` : period.length === 7 ? `${period}-01` : period,
  )
  if (Number.isNaN(start.getTime())) return period
  if (grain === 'year') return String(start.getUTCFullYear())
  if (grain === 'quarter') return `${start.getUTCFullYear()} Q${Math.floor(start.getUTCMonth() / 3) + 1}`
  if (grain === 'month') return formats.month(start)
  return formats.utcDay(start)
}
