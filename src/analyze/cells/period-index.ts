import { type CalendarDate, dayNumber, type Period, periodOf } from './dates.ts'

/** Whole number of a period, so that neighbours differ by 1: days and weeks from 1970, months and quarters from year 0. */
export function periodIndex(date: CalendarDate, period: Period): number {
  switch (period) {
    case 'day':
      return dayNumber(date)
    case 'week':
      // 1970-01-01 was a Thursday; weeks begin on Monday.
      return Math.floor((dayNumber(date) + 3) / 7)
    case 'month':
      return 12 * date.year + date.month - 1
    case 'quarter':
      return 4 * date.year + Math.ceil(date.month / 3) - 1
    default:
      return date.year
  }
}

/** The name of the period with this number, as `periodOf` gives it. */
export function periodName(index: number, period: Period): string {
  return periodOf(firstDay(index, period), period)
}

function firstDay(index: number, period: Period): CalendarDate {
  switch (period) {
    case 'day':
      return calendar(index)
    case 'week':
      return calendar(7 * index - 3)
    case 'month':
      return { year: Math.floor(index / 12), month: (index % 12) + 1, day: 1 }
    case 'quarter':
      return { year: Math.floor(index / 4), month: 3 * (index % 4) + 1, day: 1 }
    default:
      return { year: index, month: 1, day: 1 }
  }
}

function calendar(day: number): CalendarDate {
  const date = new Date(day * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** How many periods make a year; 7 days a week. */
export const usualCycle: Record<Period, number> = { day: 7, week: 52, month: 12, quarter: 4, year: 1 }
