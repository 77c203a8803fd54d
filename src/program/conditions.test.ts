import { describe, expect, it } from 'vitest'
import { checkProgram, faultLines } from './check.ts'
import { ConditionFailed } from './conditions.ts'
import type { Context } from './context.ts'
import { deriveFields } from './derive.ts'

const text = `
samklang: 1
workspace: { name: Clinic, languages: [en], timeZone: Europe/Oslo }
contacts: { as: patient, fields: { age: { type: number }, since: { type: time } } }
transactions:
  visit:
    fields:
      plannedAt: { type: time }
      startedAt: { type: time }
      # Written before what they need: order does not matter.
      waited: { type: category, values: [short, long], derive: "visit.waitedDays > 1 ? 'long' : 'short'" }
      waitedDays: { type: number, derive: 'daysBetween(visit.plannedAt, visit.startedAt)' }
      minutes: { type: number }
      hours: { type: number, derive: visit.minutes / 60 }
      due: { type: time, derive: "visit.plannedAt + duration('24h')" }
      rare: { type: boolean, derive: 'visit.minutes in [1, 2.5]' }
  repair: { fields: { done: { type: boolean } } }
events:
  visit.done: { about: visit, fields: { at: { type: time } }, map: { transaction: { key: data.id } } }
touchpoints: {}
metrics: {}
surveys: {}
`
const { program, faults } = checkProgram([{ path: 'p.yaml', text }])
if (!program) throw new Error(faultLines(faults))
const now = new Date('2026-03-10T12:00:00Z')
const context: Context = {
  at: now.toISOString(),
  contact: { key: 'p1', language: 'nb', fields: { age: 40, since: '2020-01-01T00:00:00.000Z' } },
  transaction: { type: 'visit', key: 'v1', fields: { minutes: 30, plannedAt: '2026-03-01T00:00:00.000Z' } },
  unit: { key: 'oslo', level: 'team', name: 'Oslo', path: ['no', 'oslo'] },
}
const judge = (cel: string, extras = {}) =>
  program.condition(cel)(program.variables(context, { now, ...extras }))

describe('a condition', () => {
  it.each([
    ['patient.age == 40', true],
    ['patient.age in [39, 40]', true],
    ['patient.age in [39, 40.5]', false],
    ['patient.age + 1 > 40.5', true],
    ['patient.key == "p1" && patient.language == "nb"', true],
    ['patient.since < now', true],
    ['daysBetween(patient.since, now) > 365 * 6', true],
    ['now - visit.plannedAt > duration("48h")', true],
    ['has(visit.startedAt)', false],
    ['has(visit.startedAt) && visit.startedAt < now', false],
    ['has(repair.done)', false],
    ['has(account.name) || has(employee.name)', false],
    ['"no" in unit.path', true],
    ['visit.minutes / 7 > 4', true],
  ])('%s is %s', (cel, expected) => {
    expect(judge(cel)).toBe(expected)
  })

  it('speaks of answers, the event and the response when they are given', () => {
    const response = { survey: 's', touchpoint: 't', language: 'nb', wayIn: 'mail' }
    const extras = {
      answers: { score: 2, ways: ['a', 'b'], call: true },
      event: { at: now.toISOString() },
      response,
    }
    expect(judge('answers.score <= 2 && "a" in answers.ways && answers.call', extras)).toBe(true)
    expect(judge('answers.score in [1, 2]', extras)).toBe(true)
    expect(judge('event.at == now', extras)).toBe(true)
    expect(judge('response.wayIn == "mail"', extras)).toBe(true)
  })

  it.each(['visit.startedAt < now', 'answers.score < 3', 'patient.age', 'patient.age ==', 'repair.done'])(
    'cannot be judged when a part is missing, or it is none: %s',
    (cel) => {
      expect(() => judge(cel)).toThrow(ConditionFailed)
    },
  )

  it('is compiled once', () => {
    expect(program.condition('patient.age > 1')).toBe(program.condition('patient.age > 1'))
  })
})

describe('derived fields', () => {
  const derive = (fields: Record<string, string | number | boolean>) =>
    deriveFields(program.program, 'visit', fields, now)

  it('are computed in the order they need each other', () => {
    const fields = {
      plannedAt: '2026-03-01T00:00:00.000Z',
      startedAt: '2026-03-03T12:00:00.000Z',
      minutes: 90,
    }
    expect(derive(fields)).toEqual({
      ...fields,
      waitedDays: 2.5,
      waited: 'long',
      hours: 1.5,
      due: '2026-03-02T00:00:00.000Z',
      rare: false,
    })
  })

  it('are left out while a part of them is missing, and forget what they were', () => {
    expect(derive({ minutes: 30, waitedDays: 9, waited: 'long' })).toEqual({
      minutes: 30,
      hours: 0.5,
      rare: false,
    })
  })

  it('leave other scopes as they are', () => {
    expect(deriveFields(program.program, 'contact', { age: 1 }, now)).toEqual({ age: 1 })
    expect(deriveFields(program.program, 'constructor', { age: 1 }, now)).toEqual({ age: 1 })
  })
})
