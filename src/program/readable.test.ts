import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { rightProgram as base } from '../../test/rightProgram.ts'
import { checkProgram, faultLines } from './check.ts'
import { ProgramSchema } from './schema.ts'
import { reportShape } from './shape.ts'
import type { Path } from './source.ts'

const check = (text: string) => checkProgram([{ path: 'program.yaml', text }])

describe('a program with faults of form and broken references', () => {
  const changed = (...changes: Array<[from: string, to: string]>) =>
    changes.reduce((text, [from, to]) => {
      expect(text).toContain(from)
      return text.replace(from, to)
    }, base)

  it('is told all of them at once, each at its place', () => {
    const text = changed(
      ['kind: text,', 'kind: texts,'],
      ['touchpoint: delivery', 'touchpoint: delivry'],
      ['field: customer.state', 'field: customer.stat'],
      ['type: number, unit: SEK', 'type: nummer'],
      ['event: order.delivered', 'event: order.deliverd'],
      ['when: event.weight > 2', 'when: event.wait > 2'],
    )
    expect(faultLines(check(text).faults).split('\n')).toEqual([
      expect.stringContaining('transactions.order.fields.price.type: expected one of'),
      expect.stringContaining('surveys.delivery.touchpoint: there is no touchpoint "delivry"'),
      expect.stringContaining('surveys.delivery.questions[1].kind: expected one of'),
      // The question before it could not be read; this one keeps its place.
      expect.stringContaining(
        'program.yaml:33:145 surveys.delivery.questions[2].answeredBy.field: customer has no field "stat"',
      ),
      expect.stringContaining('triggers.delivered.on.event: there is no event "order.deliverd"'),
      expect.stringContaining('triggers.delivered.when: event has no field "wait"'),
    ])
  })

  it('is told them in what stands beside a section that is misspelt', () => {
    const text = changed(
      ['surveys:', 'surveis:'],
      ['promised: { survey: delivery', 'promised: { survey: speed'],
    )
    expect(faultLines(check(text).faults)).toBe(
      [
        'program.yaml:1:1 "surveys" is missing: what is asked',
        'program.yaml:25:1 surveis: unknown key "surveis"; did you mean "surveys"?',
        'program.yaml:36:23 triggers.promised.survey: there is no survey "speed"',
      ].join('\n'),
    )
  })
})

describe('what cannot be read has no echo', () => {
  const olist = readFileSync(resolve(import.meta.dirname, '../../programs/olist/program.yaml'), 'utf8')

  it.each([
    ['the small one', parse(base) as object, true],
    ['that of Olist', parse(olist) as object, false],
  ])('whatever single thing in it is wrong: %s', (_, document, small) => {
    let wrong = 0
    for (const [index, path] of [...paths(document)].entries()) {
      // Every change in turn; all of them at every place would take a minute for a large program.
      for (const change of small ? changes : [changes[index % changes.length]!]) {
        const copy = structuredClone(document)
        alter(copy, path, change)
        const said: string[] = []
        reportShape(ProgramSchema, copy, (at, message) => said.push(`${JSON.stringify(at)} ${message}`))
        if (said.length === 0) continue
        wrong++
        const { faults } = check(JSON.stringify(copy))
        expect([change, path, faults.map((fault) => fault.message)]).toEqual([
          change,
          path,
          expect.objectContaining({ length: said.length }),
        ])
      }
    }
    expect(wrong).toBeGreaterThan(20)
  })
})

const changes = ['another kind', 'a list', 'left out', 'another name'] as const

function* paths(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    yield* paths(each, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

function alter(document: object, path: Path, change: (typeof changes)[number]) {
  let parent = document as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent
  const last = path.at(-1)!
  if (change === 'another kind') parent[last] = typeof parent[last] === 'number' ? 'seven' : 7
  else if (change === 'a list') parent[last] = [[true]]
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else {
    if (change === 'another name') parent[`${last}X x`] = parent[last]
    delete parent[last]
  }
}
