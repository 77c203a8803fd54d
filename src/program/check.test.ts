import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rightProgram as base, rightLines as lines } from '../../test/rightProgram.ts'
import { wrongPrograms } from '../../test/wrongPrograms.ts'
import { checkProgram, checkReport, faultLines } from './check.ts'

const check = (text: string, path = 'program.yaml') => checkProgram([{ path, text }])

describe('a program', () => {
  it('is taken when it is right', () => {
    const { program, version, faults } = check(base)
    expect(faultLines(faults)).toBe('')
    expect(program?.version).toBe(version)
    expect(version).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each(wrongPrograms)('is refused by line: %j', ([from, to], at, message) => {
    expect(base).toContain(from)
    const text = base.replace(from, to)
    const [fault] = check(text).faults
    expect(fault && `${fault.where ? `${fault.where}: ` : ''}${fault.message}`).toBe(message)
    expect(text.split('\n')[fault!.line - 1]?.slice(fault!.column - 1)).toSatisfy((rest: string) =>
      rest.startsWith(at),
    )
  })

  it('prints a fault as file, line, column, path and message', () => {
    const { faults } = check(base.replace('kind: text,', 'kind: texts,'), 'shop.yaml')
    expect(faultLines(faults)).toBe(
      'shop.yaml:32:30 surveys.delivery.questions[1].kind: expected one of nps, csat, ces, rating, choice, multiChoice, text, contactMe; found "texts"; did you mean "text"?',
    )
  })

  it('is reported with what it holds, or with its faults and how many', () => {
    const { version } = check(base)
    expect(checkReport(check(base))).toBe(
      `Shop: no faults. Version ${version}: 1 event, 1 survey, 1 metric, 2 triggers.\n`,
    )
    expect(checkReport(check(base.replace('samklang: 1', 'samklang: 2')))).toBe(
      'program.yaml:1:11 samklang: expected 1, found 2\n1 fault\n',
    )
    const many = Array.from({ length: 300 }, (_, at) => `x${at}: 1`).join('\n')
    expect(checkReport(check(many))).toMatch(/\n200 faults or more\n$/)
  })

  it('warns of fields that no event maps, and says what need not be declared', () => {
    const fields = base
      .replace('    state: {', '    phone: { type: text }\n    region: { type: text }\n    state: {')
      .replace('fields: { weight:', 'fields: { height: { type: number }, weight:')
      .replace(', promisedAt: data.order.promised', '')
    const { faults, warnings } = check(fields)
    expect(faultLines(faults)).toBe('')
    const never = 'no event maps this field: it never has a value'
    expect(warnings.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      `contacts.fields.phone: ${never}; templates may name the phone of the mapping without declaring it`,
      `contacts.fields.region: ${never}`,
      `transactions.order.fields.promisedAt: ${never}`,
      `events."order.delivered".fields.height: ${never}`,
    ])
  })

  it('warns of an answer taken from what its survey is never sent about', () => {
    const visits = base
      .replace(
        'transactions:',
        'transactions:\n  visit: { fields: { who: { type: category, values: [new] } } }',
      )
      .replace('{ field: customer.state }', '{ field: visit.who }')
    const { faults, warnings } = check(visits)
    expect(faultLines(faults)).toBe('')
    expect(warnings.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      'transactions.visit.fields.who: no event maps this field: it never has a value',
      'surveys.delivery.questions[2].answeredBy.field: "delivery" is sent about order alone, which has no visit: the question is always asked',
    ])
  })

  it('may be written in several files', () => {
    const at = lines.indexOf('touchpoints:')
    const files = [
      { path: 'data.yaml', text: lines.slice(0, at).join('\n') },
      { path: 'listening.yaml', text: ['samklang: 1', ...lines.slice(at)].join('\n') },
    ]
    const result = checkProgram(files)
    expect(faultLines(result.faults)).toBe('')
    expect(result.version).toBe(check(base).version)
  })

  it('tells a key that two files give', () => {
    const more = {
      path: 'more.yaml',
      text: 'touchpoints:\n  delivery: { name: Again }\n  desk: { name: Desk }',
    }
    const { faults } = checkProgram([{ path: 'program.yaml', text: base }, more])
    expect(faultLines(faults)).toBe(
      'more.yaml:2:15 touchpoints.delivery.name: "name" is given already in program.yaml, line 22',
    )
  })

  it('keeps its version when only comments and layout change', () => {
    const { version } = check(
      `# A comment\n${base.replace('{ id: speed, name: Speed }', '{name: Speed, id: speed}')}`,
    )
    expect(version).toBe(check(base).version)
    expect(check(base.replace('> 100', '> 101')).version).not.toBe(version)
  })

  it('tells units that stand above themselves, or on the wrong level', () => {
    const units = [
      'units:',
      '  levels: [market, team]',
      '  list:',
      '    - { key: a, level: market, name: A, parent: b }',
      '    - { key: b, level: market, name: B, parent: a }',
      '    - { key: c, level: team, name: C, parent: d }',
      '    - { key: d, level: team, name: D, parent: a }',
      'employees:',
      '  - { key: e, name: E, unit: x }',
    ]
    expect(faultLines(check(`${base}\n${units.join('\n')}`).faults)).toBe(
      [
        'program.yaml:45:49 units.list[0].parent: the unit "a" stands above itself',
        'program.yaml:46:49 units.list[1].parent: the unit "b" stands above itself',
        'program.yaml:47:47 units.list[2].parent: a team stands below a level above it (market > team), "d" is a team',
        'program.yaml:50:30 employees[0].unit: there is no unit "x"; there is a, b, c, d',
      ].join('\n'),
    )
  })
})

describe('the programs that come with the product', () => {
  const folder = resolve(import.meta.dirname, '../../programs')
  it.each(readdirSync(folder))('%s is right', (name) => {
    const names = readdirSync(join(folder, name)).filter((file) => /\.ya?ml$/.test(file))
    const files = names.map((path) => ({ path, text: readFileSync(join(folder, name, path), 'utf8') }))
    expect(faultLines(checkProgram(files).faults)).toBe('')
  })
})
