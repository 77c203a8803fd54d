import { describe, expect, it } from 'vitest'
import type { Program } from '../program/schema.ts'
import { momentText, tellAt, zoneOfReader } from './quiet.ts'

const zone = 'Europe/Oslo'
const night = { from: '20:00', to: '07:00' }
const told = (quiet: Parameters<typeof tellAt>[0], at: string, where = zone) =>
  tellAt(quiet, where, new Date(at)).toISOString()

describe('in quiet hours', () => {
  it('one is told when they end, by the clock on the wall', () => {
    expect(told(night, '2026-06-01T18:30:00Z')).toBe('2026-06-02T05:00:00.000Z')
    expect(told(night, '2026-06-02T04:59:00Z')).toBe('2026-06-02T05:00:00.000Z')
    expect(told(night, '2026-06-02T05:00:00Z')).toBe('2026-06-02T05:00:00.000Z')
    expect(told(night, '2026-06-01T17:59:00Z')).toBe('2026-06-01T17:59:00.000Z')
  })

  it('of a night in which the clock changes they end at the same time of day', () => {
    // Forward on 29 March 2026: the night has ten hours.
    expect(told(night, '2026-03-28T19:30:00Z')).toBe('2026-03-29T05:00:00.000Z')
    // Back on 25 October 2026: it has twelve.
    expect(told(night, '2026-10-24T18:30:00Z')).toBe('2026-10-25T06:00:00.000Z')
  })

  it('that lie in the hour a clock change repeats are quiet both times, and never end in the past', () => {
    const early = { from: '01:00', to: '02:30' }
    expect(told(early, '2026-10-25T00:10:00Z')).toBe('2026-10-25T00:30:00.000Z')
    expect(told(early, '2026-10-25T00:40:00Z')).toBe('2026-10-25T00:40:00.000Z')
    expect(told(early, '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00.000Z')
  })

  it('that end in the hour a clock change leaves out end after it', () => {
    expect(told({ from: '01:00', to: '02:30' }, '2026-03-29T00:30:00Z')).toBe('2026-03-29T01:30:00.000Z')
  })

  it('that follow each other are one: a night, a weekend, a night', () => {
    const weekend = { ...night, days: ['sat' as const, 'sun' as const] }
    expect(told(weekend, '2026-06-05T18:30:00Z')).toBe('2026-06-08T05:00:00.000Z')
    expect(told(weekend, '2026-06-06T10:00:00Z')).toBe('2026-06-08T05:00:00.000Z')
  })

  it('that cover every day are let go after some, so that nothing waits for ever', () => {
    const always = { ...night, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as never }
    expect(new Date(told(always, '2026-06-05T18:30:00Z')).getUTCFullYear()).toBe(2026)
  })

  it('there are none unless the program says so', () => {
    expect(told(undefined, '2026-06-01T22:00:00Z')).toBe('2026-06-01T22:00:00.000Z')
  })
})

describe('the time zone of a reader', () => {
  const program = {
    workspace: { timeZone: 'Europe/Stockholm' },
    units: {
      levels: ['market', 'team'],
      list: [
        { key: 'fi', level: 'market', name: 'Suomi', hours: 'finland' },
        { key: 'fi-1', level: 'team', name: 'Tiimi', parent: 'fi' },
        { key: 'no', level: 'market', name: 'Norge' },
      ],
    },
    hours: { finland: { timeZone: 'Europe/Helsinki', days: {} } },
    notify: { quietHours: { ...night, zones: { nb: 'Europe/Oslo' } } },
  } as unknown as Program

  it('is that of the unit’s hours, then of the language, then of the workspace', () => {
    expect(zoneOfReader(program, { unitKey: 'fi-1', language: 'nb' })).toBe('Europe/Helsinki')
    expect(zoneOfReader(program, { unitKey: 'no', language: 'nb' })).toBe('Europe/Oslo')
    expect(zoneOfReader(program, { unitKey: null, language: 'sv' })).toBe('Europe/Stockholm')
  })
  it('is named beside a moment where a program knows several', () => {
    const at = new Date('2026-11-22T18:53:00Z')
    expect(momentText(program, at, 'Europe/Helsinki', 'sv')).toBe('22 nov. 2026 20:53 EET')
    expect(momentText(program, at, 'Europe/London', 'en')).toBe('22 Nov 2026, 18:53 GMT')
    const single = { workspace: { timeZone: 'Europe/Stockholm' } } as Program
    expect(momentText(single, at, 'Europe/Stockholm', 'sv')).toBe('22 nov. 2026 19:53')
  })
})
