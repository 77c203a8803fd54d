// For: the periods one can look at. In: a choice and the day it counts from. Out: dates for an Ask; `to` is not included.
import type { Grain } from '../api/wire.ts'

export const periods = ['days30', 'days90', 'months12', 'all', 'custom'] as const
export type PeriodName = (typeof periods)[number]

export interface Span {
  from?: string
  to?: string
}

const dayLength = 86_400_000
export const isoDay = (at: Date) => at.toISOString().slice(0, 10)
/** The day it is in a time zone, such as 2026-12-24. */
const dayIn = (timeZone: string, at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)

/** @param end a time of the last day that is looked at
 * @param timeZone the workspace's: its days begin before or after those of whoever looks
 */
export function spanOf(name: PeriodName, end: Date, timeZone: string, custom: Span = {}): Span {
  const after = new Date(Date.parse(dayIn(timeZone, end)) + dayLength)
  const to = isoDay(after)
  if (name === 'days30') return { from: isoDay(new Date(after.getTime() - 30 * dayLength)), to }
  if (name === 'days90') return { from: isoDay(new Date(after.getTime() - 90 * dayLength)), to }
  if (name === 'months12') {
    const from = new Date(after)
    from.setUTCFullYear(from.getUTCFullYear() - 1)
    return { from: isoDay(from), to }
  }
  return name === 'custom' ? custom : {}
}

/** The grain whose points are neither few nor crowded over the span. */
export function grainOf(span: Span): Grain {
  if (!span.from) return 'month'
  const days = (new Date(span.to ?? Date.now()).getTime() - new Date(span.from).getTime()) / dayLength
  if (days <= 45) return 'day'
  if (days <= 190) return 'week'
  if (days <= 1500) return 'month'
  return 'quarter'
}
