import { describe, expect, it } from 'vitest'
import { rightProgram } from '../../test/rightProgram.ts'
import { checkProgram, checkReport, faultLines } from './check.ts'

const notify = `
notify:
  praise: { when: answers.satisfaction >= 5, to: [employee, employeeManager, channel.wins, person.e1] }
  criticism: { when: "answers.satisfaction <= 2 && comment != ''", to: [employeeManager, function.lead] }
  praiseFirst: { until: 2026-12-01 }
  quietHours: { from: "20:00", to: "07:00", days: [sat], zones: { nb: Europe/Oslo }, letThrough: [caseDeadlines] }
  digests:
    - { id: weekly, every: week, on: mon, at: "07:30", to: [unitManager], about: [praise, overdue] }
    - { id: monthly, every: month, dayOfMonth: 2, at: "08:00", to: [employee, person.e1] }
units: { levels: [team], list: [{ key: u, level: team, name: U }] }
employees:
  - { key: e1, name: E, unit: u, functions: [lead] }
`
const faultsOf = (from = '', to = '') =>
  faultLines(checkProgram([{ path: 'p.yaml', text: rightProgram + notify.replace(from, to) }]).faults)

describe('praise and criticism of a program', () => {
  it('are right as they stand', () => expect(faultsOf()).toBe(''))

  const wrong: Array<[from: string, to: string, message: string]> = [
    ['[employeeManager, function.lead]', '[employee]', 'criticism never goes to the employee it is about'],
    ['function.lead]', 'function.led]', 'no employee has the function "led"; did you mean "lead"?'],
    ['person.e1] }\n  criticism', 'person.e2] }\n  criticism', 'there is no employee "e2"'],
    ['channel.wins', 'channel.Big Wins', 'notify.praise.to[2]'],
    ['channel.wins', 'roundRobin.lead', 'not in turns'],
    ['answers.satisfaction >= 5', 'answers.satisfacton >= 5', 'answers has no field "satisfacton"'],
    ['answers.satisfaction >= 5', 'answers.satisfaction', 'expected a condition'],
    ['2026-12-01', '2026-12-32', 'there is no day 2026-12-32'],
    ['2026-12-01', 'soon', 'notify.praiseFirst.until'],
    ['to: "07:00"', 'to: "20:00"', 'the quiet hours end when they begin'],
    ['to: "07:00"', 'to: "7"', 'a time of day such as 07:00'],
    ['days: [sat]', 'days: [mon, tue, wed, thu, fri, sat, sun]', 'nobody is ever told'],
    ['Europe/Oslo', 'Europe/Olso', 'expected an IANA time zone'],
    ['every: week, on: mon', 'every: day, on: mon', 'only a weekly digest has a day of the week'],
    ['every: month, dayOfMonth', 'every: week, dayOfMonth', 'only a monthly digest has a day of the month'],
    ['id: monthly', 'id: weekly', 'the digest "weekly" stands twice'],
    ['[unitManager]', '[accountOwner]', 'accountOwner is about one answer'],
    ['about: [praise, overdue]', 'about: [praise, prise]', 'did you mean "praise"?'],
    ['  criticism: { when', '  crticism: { when', 'criticism'],
  ]
  it.each(wrong)('are refused with %s -> %s', (from, to, message) => {
    expect(notify).toContain(from)
    expect(faultsOf(from, to)).toContain(message)
  })

  it('note the chat channels that the workspace must have, and warn of those that a known one lacks', () => {
    const files = [{ path: 'p.yaml', text: rightProgram + notify }]
    const alone = checkProgram(files)
    expect(alone.warnings).toEqual([])
    expect(alone.notes).toMatchObject([
      { where: 'notify.praise.to[2]', message: expect.stringContaining('wins') },
    ])
    expect(checkReport(alone)).toMatch(
      /\n1 note:\np\.yaml:\d+:\d+ notify\.praise\.to\[2\]: the workspace must have/,
    )
    const [warning] = checkProgram(files, { channels: new Set(['losses']) }).warnings
    expect(warning?.message).toBe(
      'this workspace has no chat channel wins: nobody is told there before it is made',
    )
    const there = checkProgram(files, { channels: new Set(['wins']) })
    expect([there.warnings, there.notes]).toEqual([[], []])
  })

  it('need both for the launch mode in which only the good goes out', () => {
    expect(faultsOf('  criticism: {', '  # criticism: {')).toContain('"criticism" is missing')
  })
})
