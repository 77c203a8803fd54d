import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/base/errors.ts'
import { askTable } from '../../src/cli/ask.ts'
import { ask } from '../../src/insight/answer.ts'
import { answerAll, askTogether } from '../../src/insight/answerAll.ts'
import type { Ask, AskRow } from '../../src/insight/ask.ts'
import { project } from '../../src/insight/project.ts'
import { rebuildFacts } from '../../src/insight/rebuild.ts'
import { differenceOf, noSums, scoreOf } from '../../src/insight/score.ts'
import { dropTables } from '../../src/insight/tables.ts'
import type { Tx } from '../../src/storage/postgres.ts'
import {
  openWorkspace,
  putCase,
  putCustomer,
  putDecision,
  putResponse,
  putVisit,
  touch,
  visitProgram,
  ws,
} from './workspace.ts'

let place: Awaited<ReturnType<typeof openWorkspace>>
const write = <T>(work: (tx: Tx) => Promise<T>) => place.database.inWorkspace(ws, work)
const asked = (question: Ask, unitKey?: string) => ask(place.parts, ws, question, { unitKey })
const rowOf = (rows: AskRow[], ...by: (string | null)[]) =>
  rows.find((row) => JSON.stringify(row.by) === JSON.stringify(by))

// 100 answers: 50 promoters, 30 passives, 20 detractors; 60 in the north (SP), 40 in the west (RJ).
const recommend = (i: number) => (i % 10 < 5 ? 10 : i % 10 < 8 ? 7 : 2)

beforeAll(async () => {
  place = await openWorkspace(visitProgram())
  await write(async (tx) => {
    await putCustomer(tx, 'anna', { state: 'SP', age: 40 })
    await putCustomer(tx, 'bo', { state: 'RJ', age: 30.5 })
    await putVisit(tx, 'late', 'anna', { price: 300, outcome: 'late', urgent: false })
    for (let i = 0; i < 100; i++) {
      const north = i < 60
      await putResponse(tx, {
        id: `a${i}`,
        customer: north ? 'anna' : 'bo',
        unit: north ? 'se-north' : 'no-west',
        ...(north ? { visit: 'late', frozenVisit: { outcome: i < 20 ? 'on time' : 'late', price: i } } : {}),
        at: i % 2 === 0 ? '2026-01-31T23:30:00Z' : '2026-01-15T10:00:00Z',
        answers: {
          recommend: recommend(i),
          satisfied: 1 + (i % 5),
          easy: 1 + (i % 7),
          speed: 1 + (i % 3),
          why: i % 4 === 0 ? ['staff', 'price'] : ['price'],
          ...(i % 2 === 0 ? { fixed: i % 6 === 0 ? 'yes' : 'no' } : {}),
        },
        ...(i === 3 ? { comment: 'good' } : {}),
      })
    }
    await putResponse(tx, {
      id: 'half',
      customer: 'anna',
      state: 'partial',
      answers: { satisfied: 5, recommend: 10 },
    })
    for (const id of ['d1', 'd2', 'd3', 'd4'])
      await putDecision(tx, { id, customer: 'anna', sent: true, unit: 'se-north' })
    await putDecision(tx, { id: 'd5', customer: 'bo', reason: 'quarantine' })
    await putResponse(tx, { id: 'answered', invitation: 'd1', customer: 'bo', answers: {} })
    await putCase(tx, { response: 'a2', state: 'open' })
  })
  await project(place.parts, ws)
})
afterAll(async () => {
  await place.close()
})

describe('a metric', () => {
  it('NPS has points, the adjusted Wald interval and counts', async () => {
    const { total, metric } = await asked({ metric: 'nps' })
    expect(metric).toEqual({ id: 'nps', kind: 'nps', label: 'NPS', unit: 'points', scale: [0, 10] })
    expect(total.value).toBe(30)
    expect(total.interval![0]).toBeCloseTo(14.1, 1)
    expect(total.interval![1]).toBeCloseTo(44.2, 1)
    expect(total.counts).toEqual({ promoters: 50, passives: 30, detractors: 20 })
  })

  it('CSAT has per cent, mean and Wilson interval, and leaves partial responses out', async () => {
    const { total, metric } = await asked({ metric: 'csat' })
    expect(metric.label).toBe('Satisfaction')
    expect(total).toMatchObject({
      n: 100,
      value: 40,
      mean: 3,
      counts: { satisfied: 40, neutral: 20, dissatisfied: 40 },
    })
    expect(total.interval![0]).toBeCloseTo(30.94, 2)
    expect(total.interval![1]).toBeCloseTo(49.8, 2)
  })

  it('CES is a mean with the share that agrees', async () => {
    const { total } = await asked({ metric: 'ces' })
    expect(total.value).toBeCloseTo(3.95, 10)
    expect(total.share).toBe(42)
  })

  it('a mean has a t interval, a share counts answers of choices and of several choices', async () => {
    const mean = (await asked({ metric: 'speed' })).total
    expect(mean.value).toBeCloseTo(1.99, 10)
    expect(mean.interval![1] - mean.value!).toBeCloseTo(mean.value! - mean.interval![0], 10)
    expect((await asked({ metric: 'friendly' })).total).toMatchObject({ n: 100, value: 25 })
    expect((await asked({ metric: 'fixed' })).total).toMatchObject({ n: 50, counts: { yes: 17, no: 33 } })
  })

  it('may count several answers of one response', async () => {
    const { rows, total } = await asked({ metric: 'both', by: ['unit.market'], over: 'month' })
    expect(total).toMatchObject({ n: 200 })
    expect(total.value).toBeCloseTo((300 + 395) / 200, 10)
    expect(rows.map((row) => row.n)).toEqual([60, 40, 60, 40])
  })

  it('and every program has responses, comments, invited, answered, withheld and cases', async () => {
    const value = async (metric: string) => (await asked({ metric })).total.value
    expect(await value('responses')).toBe(101)
    expect(await value('comments')).toBe(1)
    expect(await value('invited')).toBe(4)
    expect(await value('withheld')).toBe(1)
    expect(await value('cases')).toBe(1)
    expect((await asked({ metric: 'answered' })).total).toMatchObject({ n: 4, value: 25 })
  })
})

describe('groups', () => {
  it('have p against all others and p corrected for many', async () => {
    const { rows, fields } = await asked({ metric: 'csat', by: ['customer.state'] })
    expect(rows.map((row) => [row.by[0], row.n])).toEqual([
      ['SP', 60],
      ['RJ', 40],
    ])
    expect(rows[0]?.p).toBeCloseTo(1, 6)
    expect(rows[0]?.pAdjusted).toBeCloseTo(1, 6)
    expect(fields[0]).toMatchObject({ id: 'customer.state', label: 'State' })
  })

  it('are of fields as frozen or as they are now', async () => {
    const frozen = await asked({ metric: 'csat', by: ['visit.outcome@frozen'] })
    expect(frozen.rows.map((row) => [row.by[0], row.n])).toEqual([
      ['late', 40],
      [null, 40],
      ['on time', 20],
    ])
    const now = await asked({ metric: 'csat', by: ['visit.outcome'] })
    expect(now.rows.map((row) => [row.by[0], row.n])).toEqual([
      ['late', 60],
      [null, 40],
    ])
  })

  it('are the same by unit levels, whose values are all known, as by a field whose are not', async () => {
    for (const rest of [{ over: 'month' }, { over: 'week', from: '2026-01-20' }, {}] as const) {
      const levels = await asked({ metric: 'csat', by: ['unit.market', 'unit.team'], ...rest })
      const leaf = await asked({ metric: 'csat', by: ['unit'], ...rest })
      const plain = (rows: AskRow[]) => rows.map(({ by, ...row }) => ({ ...row, by: by.at(-1) }))
      expect(plain(levels.rows)).toEqual(plain(leaf.rows))
      expect(levels.rows.length).toBeGreaterThan(1)
    }
    // The response without a unit has no market.
    const { rows } = await asked({ metric: 'responses', by: ['unit.market'], over: 'year' })
    expect(rows.map((row) => [row.by[0], row.period, row.n])).toEqual([
      ['se', '2026-01-01', 60],
      ['no', '2026-01-01', 40],
      [null, '2026-01-01', 1],
    ])
  })

  it('are of two fields, of unit levels with names, and of several choices', async () => {
    const two = await asked({ metric: 'csat', by: ['unit.market', 'visit.outcome@frozen'] })
    expect(rowOf(two.rows, 'se', 'on time')?.n).toBe(20)
    expect(two.fields[0]?.labels.se).toBe('Sweden')
    const chosen = await asked({ metric: 'csat', by: ['answers.visit.why'] })
    expect(chosen.rows.map((row) => [row.by[0], row.n])).toEqual([
      ['price', 100],
      ['staff', 25],
    ])
    expect(chosen.total.n).toBe(100)
  })

  it('are cut to the largest when a limit is given, and the total stays', async () => {
    const { rows, total, truncated } = await asked({ metric: 'csat', by: ['customer.state'], limit: 1 })
    expect(rows.map((row) => row.by[0])).toEqual(['SP'])
    expect(total.n).toBe(100)
    expect(truncated).toBe(true)
  })

  it('are faint under 30 answers', async () => {
    const { rows } = await asked({ metric: 'csat', by: ['visit.outcome@frozen'] })
    expect(rowOf(rows, 'on time')?.faint).toBe(true)
    expect(rowOf(rows, 'late')?.faint).toBeUndefined()
  })

  it('of decisions are by their reason', async () => {
    const { rows } = await asked({ metric: 'withheld', by: ['decision.reason'] })
    expect(rows).toMatchObject([{ by: ['quarantine'], value: 1 }])
  })
})

describe('time', () => {
  it('is cut into periods in the time zone of the program', async () => {
    const { rows } = await asked({ metric: 'csat', over: 'month' })
    // Half past eleven in the evening of 31 January UTC is February in Stockholm.
    expect(rows.map((row) => [row.period, row.n])).toEqual([
      ['2026-01-01', 50],
      ['2026-02-01', 50],
    ])
  })

  it('runs from a date to before another', async () => {
    expect((await asked({ metric: 'csat', from: '2026-02-01' })).total.n).toBe(50)
    expect((await asked({ metric: 'csat', to: '2026-02-01' })).total.n).toBe(50)
    expect((await asked({ metric: 'csat', from: '2026-01-31T23:30:00Z' })).total.n).toBe(50)
    expect((await asked({ metric: 'csat', to: '2026-01-15' })).total).toMatchObject({
      n: 0,
      value: null,
      withheld: 'empty',
    })
  })

  it('is compared with the time as long before', async () => {
    const { total, rows } = await asked({
      metric: 'nps',
      by: ['customer.state'],
      from: '2026-02-01',
      to: '2026-03-01',
      compare: 'previous',
    })
    expect(total.n).toBe(50)
    expect(total.change?.value).toBeCloseTo(total.value! - 20, 10)
    expect(total.change?.p).toBeGreaterThan(0)
    expect(rows).toHaveLength(2)
    expect(rows[0]?.change).toBeDefined()
  })

  it('is compared period by period', async () => {
    const { rows, periods } = await asked({
      metric: 'csat',
      by: ['customer.state'],
      over: 'month',
      compare: 'previous',
    })
    const [january, february] = rows.filter((row) => row.by[0] === 'SP')
    expect(january?.change).toBeUndefined()
    expect(february?.change?.value).toBeCloseTo(february!.value! - january!.value!, 10)
    expect(periods?.map((row) => row.n)).toEqual([50, 50])
  })
})

describe('what is seen', () => {
  it('is narrowed to a unit and those below it', async () => {
    expect((await asked({ metric: 'csat' }, 'se')).total.n).toBe(60)
    expect((await asked({ metric: 'csat' }, 'se-north')).total.n).toBe(60)
    expect((await asked({ metric: 'csat' }, 'se-south')).total.n).toBe(0)
    expect((await asked({ metric: 'csat' }, 'elsewhere')).total.n).toBe(0)
    expect((await asked({ metric: 'csat', by: ['unit'] }, 'no')).rows.map((row) => row.by[0])).toEqual([
      'no-west',
    ])
    expect((await asked({ metric: 'answered' }, 'no')).total.n).toBe(0)
    // A condition cannot widen it.
    expect((await asked({ metric: 'csat', where: 'unit == "no-west" || true' }, 'se')).total.n).toBe(60)
  })

  it('is filtered by a condition', async () => {
    expect(
      (await asked({ metric: 'csat', where: 'customer.state == "SP" && visit.price@frozen >= 50' })).total.n,
    ).toBe(10)
    expect((await asked({ metric: 'csat', where: `customer.state in ["RJ", "x') or 1 --"]` })).total.n).toBe(
      40,
    )
    expect((await asked({ metric: 'csat', where: '!has(visit.price@frozen)' })).total.n).toBe(40)
  })

  it('keeps what few answers tell about one employee', async () => {
    await write(async (tx) => {
      await tx.query(`update responses set employee_key = case
        when response_id in (select response_id from responses order by response_id limit 3) then 'few'
        when unit_key = 'no-west' then 'west' else 'north' end`)
      for (let i = 0; i < 100; i++) await touch(tx, 'response', `a${i}`)
    })
    await project(place.parts, ws)
    const { rows, total } = await asked({ metric: 'csat', by: ['employee'] })
    expect(rowOf(rows, 'few')).toMatchObject({ value: null, withheld: 'tooFew' })
    expect(rows.filter((row) => row.withheld === 'protects')).toHaveLength(1)
    expect(rows.filter((row) => row.value !== null)).toHaveLength(1)
    expect(total.value).toBe(40)
  })

  it.each([
    ['names them', 'employee == "few"', { n: 3, value: null, withheld: 'tooFew' }],
    [
      'names them among groups',
      'employee in ["few"] && customer.state in ["SP", "RJ"]',
      { n: 3, value: null },
    ],
    ['leaves them out', 'employee != "few"', { n: 97, value: null, withheld: 'protects' }],
    [
      'leaves them out of some',
      'employee != "few" && unit in ["se-north", "no-west"]',
      { value: null, withheld: 'protects' },
    ],
    ['leaves them out by another way', '!(employee == "few" && true)', { n: 97, value: null }],
    ['names somebody with many', 'employee == "west"', { value: expect.any(Number) }],
  ])('keeps it from a condition that %s', async (_, where, expected) => {
    expect((await asked({ metric: 'csat', where })).total).toMatchObject(expected)
    const { rows, periods = [] } = await asked({
      metric: 'csat',
      where,
      by: ['customer.state'],
      over: 'year',
    })
    for (const row of [...rows, ...periods]) expect(row.n >= 5 || row.value === null).toBe(true)
  })
})

describe('what is withheld about one employee', () => {
  // Whom nobody answered about, who has few answers, and all but them.
  const conditions = ['employee == "nobody"', 'employee == "few"', 'employee != "few"']
  it.each(conditions)('is the same in the total and where there are no groups: %s', async (where) => {
    for (const metric of ['fixed', 'csat', 'responses']) {
      const { total, rows } = await asked({ metric, where })
      expect(rows).toEqual([{ ...total, by: [] }])
    }
    expect((await asked({ metric: 'fixed', where: 'employee == "nobody"' })).total).toMatchObject({
      n: 0,
      withheld: 'empty',
    })
  })

  it.each(conditions)('is the same among many Asks at once: %s', async (where) => {
    const together = askTogether(place.parts, ws)
    const asks: Ask[] = [
      { metric: 'csat', where },
      { metric: 'csat', where, by: ['customer.state'] },
      { metric: 'fixed', where, over: 'year' },
      { metric: 'csat' },
    ]
    const alone = await Promise.all(asks.map((each) => asked(each)))
    expect(await Promise.all(asks.map((each) => together(each)))).toEqual(alone)
  })
})

describe('what cannot be asked is refused with the nearest', () => {
  const cases: Array<[Ask, string]> = [
    [{ metric: 'csta' }, 'did you mean "csat"?'],
    [{ metric: 'csat', by: ['customer.stat'] }, 'did you mean "customer.state"?'],
    [{ metric: 'csat', by: ['customer.email'] }, 'There is no field "customer.email"'],
    [{ metric: 'csat', by: ['decision.reason'] }, 'There is no field "decision.reason" for csat'],
    [{ metric: 'csat', where: 'visit.prise > 3' }, 'did you mean "visit.price"?'],
    [{ metric: 'csat', where: 'visit.price > "a"' }, 'a number cannot be compared with a text'],
    [{ metric: 'csat', where: 'visit.price +' }, 'where:'],
    [{ metric: 'csat', where: 'visit.price' }, 'true or false'],
    [{ metric: 'csat', where: 'visit.outcome.matches("a.*")' }, 'cannot be asked'],
    [{ metric: 'csat', from: '2026-13-01' }, 'neither a date'],
    [{ metric: 'csat', from: '2026-03-01', to: '2026-03-01' }, 'after "from"'],
    [{ metric: 'csat', compare: 'previous' }, 'needs "from"'],
    [{ metric: '__proto__' }, 'There is no metric'],
    [{ metric: 'csat', by: ['unit.constructor'] }, 'There is no field'],
  ]
  for (const [question, message] of cases) {
    it(JSON.stringify(question), async () => {
      const refusal = await asked(question).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(refusal).toBeInstanceOf(Refusal)
      expect((refusal as Refusal).code).toBe('ask.invalid')
      expect((refusal as Refusal).message).toContain(message)
    })
  }
})

describe('the answer', () => {
  it('says how far the facts have come and under which program', async () => {
    const result = await asked({ metric: 'csat' })
    expect(result.watermark).toBe('2026-03-01T12:00:00.000Z')
    expect(result.version).toBe('v1')
  })

  it('has the columns of a program that was pushed a moment ago', async () => {
    const program = visitProgram()
    program.contacts!.fields = { ...program.contacts!.fields, segment: { type: 'category' } } as never
    place.active.program = program
    const { rows } = await asked({ metric: 'csat', by: ['customer.segment'] })
    expect(rows).toMatchObject([{ by: [null], n: 100 }])
  })
})

describe('an interval', () => {
  it('is left out where one answer alone says nothing of it, and why is told', async () => {
    const { total } = await asked({ metric: 'nps', where: 'hasComment' })
    expect(total).toMatchObject({ n: 1, value: 100, interval: null, noInterval: 'tooFew' })
    expect((await asked({ metric: 'ces', where: 'hasComment' })).total).toMatchObject({
      ...{ n: 1, interval: null, noInterval: 'tooFew' },
    })
    const shown = askTable(await asked({ metric: 'nps', where: 'hasComment', by: ['unit.market'] }))
    expect(shown).toMatch(/100\.0\s+none of one answer/)
    expect((await asked({ metric: 'cases' })).total.noInterval).toBeUndefined()
  })

  it('and no difference either: what one answer says is as near to others as it may be', () => {
    const [one, two, many] = [1, 2, 800].map((n) => ({ ...noSums, n, low: n }))
    expect(differenceOf('nps', many!, one!)).toEqual({ value: 0, p: null, interval: null })
    expect(differenceOf('nps', one!, many!)?.p).toBeNull()
    expect(differenceOf('nps', many!, two!)?.p).toBeGreaterThan(0)
  })

  it('of NPS holds its own value from two answers on', () => {
    for (let n = 2; n <= 40; n++)
      for (let top = 0; top <= n; top++)
        for (let low = 0; top + low <= n; low++) {
          const { value, interval } = scoreOf({ kind: 'nps' }, { ...noSums, n, top, low })
          expect(interval![0]).toBeLessThanOrEqual(value!)
          expect(interval![1]).toBeGreaterThanOrEqual(value!)
        }
  })

  it('of a mean ends where there can be no lower or higher mean: at the ends of its scale, and of hours at 0', () => {
    // Two answers: the lowest of the scale and the highest.
    const two = (low: number, high: number) => ({
      ...{ ...noSums, n: 2, sum: low + high, squares: low * low + high * high },
    })
    expect(scoreOf({ kind: 'mean', scale: [1, 5] }, two(1, 5)).interval).toEqual([1, 5])
    expect(scoreOf({ kind: 'ces', scale: [1, 7] }, two(1, 7)).interval).toEqual([1, 7])
    const hours = scoreOf({ kind: 'mean', least: 0 }, two(1, 9)).interval
    expect(hours![0]).toBe(0)
    expect(hours![1]).toBeGreaterThan(50)
    // Of what may be less than nothing all of it is shown.
    expect(scoreOf({ kind: 'mean' }, two(1, 9)).interval![0]).toBeLessThan(-40)
  })
})

describe('facts that the column store does not hold', () => {
  it('are told as missing, with what to do, one Ask alone or several; made anew they are there', async () => {
    const [facts] = await write((tx) =>
      tx.query<{ generation: number }>('select generation from fact_projections'),
    )
    // As where the process asks a chDB of its own, and another wrote the facts.
    await dropTables(place.columns, ws, facts!.generation)
    await expect(asked({ metric: 'nps' })).rejects.toMatchObject({ code: 'facts.missing', status: 503 })
    await expect(asked({ metric: 'nps' })).rejects.toThrow(/CLICKHOUSE_URL.*samklang facts rebuild/)
    const all = answerAll(place.parts, ws, [{ metric: 'nps' }, { metric: 'csat' }])
    await expect(all).rejects.toMatchObject({ code: 'facts.missing' })
    await rebuildFacts(place.parts, ws)
    expect((await asked({ metric: 'nps' })).total.n).toBe(100)
  })
})
