import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weekdays, workingMilliseconds, workingTime } from './hours.ts'

const hour = 3_600_000
const office = '08:00-17:00'
const usual = { mon: office, tue: office, wed: office, thu: office, fri: office }
const stockholm = workingTime({
  days: usual,
  holidays: ['2026-12-24', '2026-12-25'],
  timeZone: 'Europe/Stockholm',
})
const workedAfter = (time: string, hours: number, calendar = stockholm) =>
  calendar.after(new Date(time), hours * hour).toISOString()

describe('working time', () => {
  it('runs while people work', () => {
    // A Tuesday in winter: 09:00 in Stockholm is 08:00Z.
    expect(workedAfter('2026-02-03T08:00:00Z', 4)).toBe('2026-02-03T12:00:00.000Z')
  })

  it('passes over nights, weekends and holidays', () => {
    expect(workedAfter('2026-02-03T14:00:00Z', 4)).toBe('2026-02-04T09:00:00.000Z')
    expect(workedAfter('2026-02-06T14:00:00Z', 4)).toBe('2026-02-09T09:00:00.000Z')
    expect(workedAfter('2026-12-23T15:00:00Z', 2)).toBe('2026-12-28T08:00:00.000Z')
  })

  it('ends on the last minute of a day rather than on the first of the next', () => {
    expect(workedAfter('2026-02-03T08:00:00Z', 8)).toBe('2026-02-03T16:00:00.000Z')
  })

  it('begins when somebody comes, for what arrives while nobody is there', () => {
    expect(workedAfter('2026-02-07T20:00:00Z', 0)).toBe('2026-02-09T07:00:00.000Z')
    expect(workedAfter('2026-02-07T20:00:00Z', 1)).toBe('2026-02-09T08:00:00.000Z')
  })

  it('knows several spans a day, and days that end at midnight', () => {
    const lunch = workingTime({ days: { mon: ['08:00-12:00', '13:00-15:00'] }, timeZone: 'UTC' })
    expect(workedAfter('2026-02-02T11:00:00Z', 2, lunch)).toBe('2026-02-02T14:00:00.000Z')
    expect(workedAfter('2026-02-02T12:30:00Z', 0, lunch)).toBe('2026-02-02T13:00:00.000Z')
    expect(workedAfter('2026-02-02T14:00:00Z', 2, lunch)).toBe('2026-02-09T09:00:00.000Z')
    const nights = workingTime({ days: { fri: '22:00-24:00', sat: '00:00-06:00' }, timeZone: 'UTC' })
    expect(workedAfter('2026-02-06T22:00:00Z', 5, nights)).toBe('2026-02-07T03:00:00.000Z')
  })

  it('goes by the zone it is given', () => {
    const perth = workingTime({ days: usual, timeZone: 'Australia/Perth' })
    expect(workedAfter('2026-02-06T08:30:00Z', 1, perth)).toBe('2026-02-09T00:30:00.000Z')
  })

  it('counts the hours that really pass in the nights when clocks change', () => {
    const night = workingTime({ days: { sun: '00:00-06:00' }, timeZone: 'Europe/Stockholm' })
    // 29 March 2026: from 02:00 to 03:00 there is nothing. 25 October: that hour comes twice.
    expect(workedAfter('2026-03-28T23:00:00Z', 3, night)).toBe('2026-03-29T02:00:00.000Z')
    expect(workedAfter('2026-10-24T22:00:00Z', 3, night)).toBe('2026-10-25T01:00:00.000Z')
    const length = (from: string, to: string) => night.between(new Date(from), new Date(to)) / hour
    expect(length('2026-03-28T00:00:00Z', '2026-03-30T00:00:00Z')).toBe(5)
    expect(length('2026-10-24T00:00:00Z', '2026-10-26T00:00:00Z')).toBe(7)
    const skipped = workingTime({
      days: { sun: ['02:15-02:45', '04:00-05:00'] },
      timeZone: 'Europe/Stockholm',
    })
    expect(workedAfter('2026-03-28T23:00:00Z', 0, skipped)).toBe('2026-03-29T02:00:00.000Z')
  })

  it('keeps the hour of the day over a change of clocks', () => {
    expect(workedAfter('2026-03-27T15:00:00Z', 2)).toBe('2026-03-30T07:00:00.000Z')
    expect(workedAfter('2026-10-23T14:00:00Z', 2)).toBe('2026-10-26T08:00:00.000Z')
  })

  it('cannot be counted when nobody ever works, nor in days', () => {
    expect(() => workingTime({ days: {}, timeZone: 'UTC' }).after(new Date(), 1)).toThrow(RangeError)
    expect(() => workingTime({ days: { mon: '8-17' }, timeZone: 'UTC' })).toThrow(RangeError)
    expect(() => workingMilliseconds('P1D')).toThrow(RangeError)
    expect(workingMilliseconds('PT1H30M')).toBe(1.5 * hour)
  })
})

describe('any working week', () => {
  const zone = fc.constantFrom('Europe/Stockholm', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata')
  const day = fc
    .uniqueArray(fc.integer({ min: 0, max: 48 }), { minLength: 2, maxLength: 6 })
    .map((cuts) => [...cuts].sort((a, b) => a - b))
    .map((cuts) =>
      Array.from(
        { length: Math.floor(cuts.length / 2) },
        (_, at) => `${clock(cuts[2 * at]!)}-${clock(cuts[2 * at + 1]!)}`,
      ),
    )
  const clock = (half: number) =>
    `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`
  const week = fc
    .record({
      ...Object.fromEntries(weekdays.map((each) => [each, fc.option(day, { nil: undefined })])),
      wed: day,
    })
    .map((days) => Object.fromEntries(Object.entries(days).filter(([, spans]) => spans !== undefined)))
  const calendar = fc.record({ days: week, timeZone: zone }, { requiredKeys: ['days', 'timeZone'] })
  // Around both changes of clocks.
  const time = fc
    .constantFrom('2026-03-25T00:00:00Z', '2026-10-21T00:00:00Z', '2026-12-28T00:00:00Z')
    .chain((start) =>
      fc.integer({ min: 0, max: 8 * 24 * 60 }).map((m) => new Date(Date.parse(start) + m * 60_000)),
    )
  const amount = fc.integer({ min: 0, max: 60 * 60 }).map((minutes) => minutes * 60_000)

  const local = (at: Date, timeZone: string) => {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(at)
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
    return { day: part('weekday').toLowerCase(), minute: Number(part('hour')) * 60 + Number(part('minute')) }
  }
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

  it('never ends outside of working time', () => {
    fc.assert(
      fc.property(calendar, time, amount, ({ days, timeZone }, from, add) => {
        const found = workingTime({ days, timeZone }).after(from, add)
        // Its end belongs to a span, so that the minute before is looked at as well.
        const within = [found, new Date(found.getTime() - 60_000)].some((at) => {
          const { day, minute } = local(at, timeZone)
          return ((days as Record<string, string[]>)[day] ?? []).some((span) => {
            const [start, end] = span.split('-').map(minutes)
            return minute >= start! && minute < end!
          })
        })
        expect(within).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('adds in parts as at once, and later when begun later', () => {
    fc.assert(
      fc.property(calendar, time, amount, amount, (given, from, one, two) => {
        const working = workingTime(given)
        expect(working.after(working.after(from, one), two)).toEqual(working.after(from, one + two))
        const later = new Date(from.getTime() + one)
        expect(working.after(later, two).getTime()).toBeGreaterThanOrEqual(working.after(from, two).getTime())
      }),
      { numRuns: 60 },
    )
  })

  it('takes back what it added, and measures it', () => {
    fc.assert(
      fc.property(calendar, time, amount, (given, from, add) => {
        const working = workingTime(given)
        const start = working.after(from, 0)
        const end = working.after(start, add)
        expect(working.between(start, end)).toBe(add)
        const back = working.before(end, add)
        expect(working.between(back, end)).toBe(add)
        // From the end of a span it comes back to the beginning of the next: no work lies between the two.
        const [earlier, later] = back < start ? [back, start] : [start, back]
        expect(working.between(earlier, later)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })
})
