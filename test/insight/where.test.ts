import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/base/errors.ts'
import { stableId } from '../../src/base/ids.ts'
import { createTableSql, factColumns } from '../../src/insight/facts.ts'
import { askFields } from '../../src/insight/fields.ts'
import { Parameters } from '../../src/insight/parameters.ts'
import { whereSql } from '../../src/insight/where.ts'
import { compileCondition } from '../../src/program/conditions.ts'
import { type Columns, openColumns } from '../../src/storage/columns.ts'
import { visitProgram } from './workspace.ts'

const program = visitProgram()
const declared = new Map([...askFields(program)].filter(([, field]) => field.facts.includes('response')))
// Without what the program says of their values, so that any text may be compared.
const fields = new Map([...declared].map(([id, { values: _, ...field }]) => [id, field]))
const now = new Date('2026-03-01T12:00:00.000Z')
const table = 'where_test'
let columns: Columns

interface Answer {
  state?: string
  age?: number
  price?: number
  frozenPrice?: number
  outcome?: string
  urgent?: boolean
  doneAt?: Date
  note?: string
  satisfied?: number
  fixed?: string
  why: string[]
  call?: boolean
}

const texts = [
  'SP',
  'RJ',
  'late',
  'on time',
  '',
  "o'hara",
  'back\\slash',
  '"quoted"',
  'tab\there',
  'ÅÄÖ',
  'x%_',
  '{p1:String}',
]
const text = fc.constantFrom(...texts)
const number = fc.constantFrom(0, 1, 2, 5, 5.5, -3, 100, 0.1, 1e6)
const time = fc.constantFrom(
  new Date('2026-02-28T23:30:00.000Z'),
  new Date('2026-03-01T12:00:00.000Z'),
  new Date('2025-12-31T23:59:59.999Z'),
  new Date('2024-02-29T00:00:00.000Z'),
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 })
const answer = fc.record({
  state: maybe(text),
  age: maybe(number),
  price: maybe(number),
  frozenPrice: maybe(number),
  outcome: maybe(text),
  urgent: maybe(fc.boolean()),
  doneAt: maybe(time),
  note: maybe(text),
  satisfied: maybe(fc.integer({ min: 1, max: 5 })),
  fixed: maybe(fc.constantFrom('yes', 'no')),
  why: fc.subarray(['staff', 'price']),
  call: maybe(fc.boolean()),
})

// fast-check's own generator with a fixed seed: the same thousand rows each time.
const answers = fc.sample(answer, { numRuns: 1000, seed: 7 }) as Answer[]

const row = (each: Answer, index: number) => ({
  key: stableId('row', String(index)),
  batch: 1,
  sign: 1,
  at: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
  survey: 'visit',
  now_contact_state: each.state ?? null,
  now_contact_age: each.age ?? null,
  now_visit_price: each.price ?? null,
  frozen_visit_price: each.frozenPrice ?? null,
  now_visit_outcome: each.outcome ?? null,
  now_visit_urgent: each.urgent ?? null,
  now_visit_doneAt: each.doneAt?.toISOString() ?? null,
  now_visit_note: each.note ?? null,
  q_visit_satisfied: each.satisfied ?? null,
  q_visit_fixed: each.fixed ?? null,
  q_visit_why: each.why,
  q_visit_call: each.call ?? null,
})

const given = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const variables = (each: Answer) => ({
  customer: given({ state: each.state, age: each.age }),
  visit: given({
    price: each.price,
    outcome: each.outcome,
    urgent: each.urgent,
    doneAt: each.doneAt,
    note: each.note,
  }),
  frozen: { visit: given({ price: each.frozenPrice }) },
  answers: {
    visit: given({
      satisfied: each.satisfied,
      fixed: each.fixed,
      why: each.why.length > 0 ? each.why : undefined,
      call: each.call,
    }),
  },
  survey: 'visit',
  now,
})

// Made once for all conditions: they are judged four hundred thousand times.
const judged = answers.map((each, index) => ({
  key: stableId('row', String(index)),
  variables: variables(each),
}))

/** Rows for which CEL says true; a condition that cannot be judged is not true. */
function byCel(cel: string): string[] {
  const condition = compileCondition(cel)
  return judged.flatMap((each) => {
    try {
      return condition(each.variables) ? [each.key] : []
    } catch {
      return []
    }
  })
}

async function bySql(cel: string): Promise<string[]> {
  const parameters = new Parameters()
  const { open, protecting } = whereSql(cel, fields, parameters, now)
  const sql = [...open, ...protecting].join(' and ')
  const rows = await columns.query<{ key: string }>(
    `select key from ${table} where ${sql}`,
    parameters.values,
  )
  return rows.map((each) => each.key)
}

beforeAll(async () => {
  columns = openColumns({ folder: mkdtempSync(join(tmpdir(), 'samklang-where-')) })
  await columns.command(createTableSql(table, factColumns(program, 'response'), 'UTC'))
  await columns.insert(table, answers.map(row))
})
afterAll(() => columns.close())

const quoted = (value: string) => JSON.stringify(value)

const textField = fc.constantFrom('customer.state', 'visit.outcome', 'visit.note', 'answers.visit.fixed')
const numberField = fc.constantFrom('customer.age', 'visit.price', 'frozen.visit.price')
const anyField = fc.constantFrom(
  ...[
    'customer.state',
    'visit.price',
    'visit.doneAt',
    'visit.urgent',
    'answers.visit.why',
    'answers.visit.satisfied',
  ],
)
const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
const double = number.map((value) => (Number.isInteger(value) ? `${value}.0` : String(value)))

const atom = fc.oneof(
  fc.tuple(textField, fc.constantFrom('==', '!='), text).map(([a, op, b]) => `${a} ${op} ${quoted(b)}`),
  fc
    .tuple(textField, fc.constantFrom('<', '>='), fc.constantFrom('RJ', 'late'))
    .map(([a, op, b]) => `${a} ${op} "${b}"`),
  fc.tuple(numberField, operator, double).map(([a, op, b]) => `${a} ${op} ${b}`),
  fc.tuple(numberField, operator, numberField).map(([a, op, b]) => `${a} ${op} ${b}`),
  fc
    .tuple(numberField, fc.constantFrom('+', '-', '*'), double, operator, double)
    .map(([a, sum, b, op, c]) => `${a} ${sum} ${b} ${op} ${c}`),
  fc.tuple(numberField, operator).map(([a, op]) => `-${a} / 2.0 ${op} 1.0`),
  fc.tuple(textField, fc.subarray(texts)).map(([a, list]) => `${a} in [${list.map(quoted).join(', ')}]`),
  fc
    .tuple(textField, fc.constantFrom('startsWith', 'endsWith', 'contains'), text)
    .map(([a, method, b]) => `${a}.${method}(${quoted(b)})`),
  fc.constantFrom(
    '"staff" in answers.visit.why',
    '"other" in answers.visit.why',
    'size(answers.visit.why) > 1',
  ),
  fc
    .tuple(fc.constantFrom('size(visit.note)', 'visit.note.size()'), operator)
    .map(([a, op]) => `${a} ${op} 4`),
  anyField.map((a) => `has(${a})`),
  fc.constantFrom(
    'visit.urgent',
    'answers.visit.call',
    'visit.urgent == answers.visit.call',
    'visit.urgent != true',
  ),
  operator.map((op) => `visit.doneAt ${op} now`),
  operator.map((op) => `visit.doneAt ${op} timestamp("2025-12-31T23:59:59.999Z")`),
  operator.map((op) => `now - visit.doneAt ${op} duration("36h30m")`),
  operator.map((op) => `visit.doneAt + duration("24h") ${op} now`),
  operator.map((op) => `daysBetween(visit.doneAt, now) ${op} 1.5`),
  fc.constantFrom(
    'visit.doneAt.getFullYear() == 2026',
    'visit.doneAt.getMonth("Europe/Stockholm") == 2',
    'visit.doneAt.getDate() == 28',
    'visit.doneAt.getDayOfWeek() == 0',
    'visit.doneAt.getHours("Europe/Stockholm") == 0',
  ),
  fc.tuple(fc.integer({ min: 1, max: 5 }), operator).map(([a, op]) => `answers.visit.satisfied ${op} ${a}`),
  fc.constant('survey == "visit"'),
)

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map((a) => `!(${a})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}))

describe('a condition gives the same rows in SQL as in CEL', () => {
  it('for any condition over a thousand rows with holes', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (cel) => {
        expect([cel, new Set(await bySql(cel))]).toEqual([cel, new Set(byCel(cel))])
      }),
      { numRuns: 400, seed: 11 },
    )
  }, 120_000)

  it('and the rows are not all or none', async () => {
    const some = await bySql('customer.state == "SP" || visit.price@frozen > 1.0')
    expect(some.length).toBeGreaterThan(100)
    expect(some.length).toBeLessThan(900)
  })
})

describe('a value that a category does not have is told, in the words of the program check', () => {
  const told = (cel: string) => {
    try {
      return whereSql(cel, declared, new Parameters(), now)
    } catch (error) {
      return (error as Refusal).faults
    }
  }
  for (const [cel, message] of [
    ['visit.outcome == "lat"', '"lat" is none of its values; did you mean "late"?'],
    ['"early" != frozen.visit.outcome', '"early" is none of its values; there is on time, late'],
    [
      '!(visit.outcome@frozen in ["late", "ontime"])',
      '"ontime" is none of its values; did you mean "on time"?',
    ],
    ['"stuff" in answers.visit.why', '"stuff" is none of its values; did you mean "staff"?'],
  ] as const) {
    it(cel, () => {
      expect(told(cel)).toEqual([{ where: '/where', message }])
    })
  }

  it('and not where the program lets a field have any value', () => {
    expect(told('customer.state == "XX" && visit.outcome == "late"')).toMatchObject({ protecting: [] })
  })
})

describe('nothing of a condition becomes SQL', () => {
  for (const value of [`x') or 1=1 --`, '{p1:String}', '\\', "'", '\u0000', ') settings max_threads = 1']) {
    it(JSON.stringify(value), async () => {
      const parameters = new Parameters()
      const where = whereSql(`customer.state == ${quoted(value)}`, fields, parameters, now)
      expect(where).toEqual({ open: ['(`now_contact_state` = {p1:String})'], protecting: [] })
      expect(parameters.values).toEqual({ p1: value })
      expect(await bySql(`customer.state != ${quoted(value)}`)).toHaveLength(
        answers.filter((each) => each.state !== undefined && each.state !== value).length,
      )
    })
  }
})
