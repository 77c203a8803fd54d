import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../src/insight/answer.ts'
import { askTogether } from '../../src/insight/answerAll.ts'
import type { Ask } from '../../src/insight/ask.ts'
import { project } from '../../src/insight/project.ts'
import { rebuildFacts } from '../../src/insight/rebuild.ts'
import { verifyFacts } from '../../src/insight/verify.ts'
import {
  type Answered,
  openWorkspace,
  putCustomer,
  putDecision,
  putResponse,
  touch,
  visitProgram,
  ws,
} from './workspace.ts'

let place: Awaited<ReturnType<typeof openWorkspace>>
const asked = (question: Ask) => ask(place.parts, ws, question)
const told = async (metric: string) => (await asked({ metric })).total.value
const questions = ['recommend', 'satisfied', 'easy', 'comment'] as const
const scores = { recommend: 10, satisfied: 5, easy: 7, comment: 'well' }

/** Answers to the first so many questions; all of them is a finished answer. */
const upTo = (id: string, many: number, at = '2026-02-01T10:00:00Z'): Answered => ({
  id,
  at,
  invitation: id,
  customer: 'anna',
  answers: Object.fromEntries(questions.slice(0, many).map((question) => [question, scores[question]])),
  last: questions[many - 1]!,
  state: many === questions.length ? 'completed' : 'partial',
})
async function take(...given: Answered[]) {
  await place.database.inWorkspace(ws, async (tx) => {
    for (const each of given) await putResponse(tx, each)
  })
  await project(place.parts, ws)
}

// Ten are asked, eight begin: one leaves after the first question, three after the second, four finish.
const came = [1, 2, 2, 2, 4, 4, 4, 4]
beforeAll(async () => {
  place = await openWorkspace(visitProgram())
  await place.database.inWorkspace(ws, async (tx) => {
    await putCustomer(tx, 'anna', { state: 'SP' })
    for (let i = 0; i < 10; i++) await putDecision(tx, { id: `i${i}`, customer: 'anna', sent: true })
  })
  await take(...came.map((many, i) => upTo(`i${i}`, many)))
})
afterAll(() => place.close())

describe('an answer that is not finished', () => {
  it('is counted as begun at once, and no score of it as a score', async () => {
    expect(await told('started')).toBe(8)
    expect(await told('responses')).toBe(4)
    expect(await told('begun')).toBe(80)
    expect(await told('answered')).toBe(40)
    expect(await told('completion')).toBe(50)
    expect((await asked({ metric: 'csat' })).total.n).toBe(4)
    expect((await asked({ metric: 'nps' })).total.n).toBe(4)
  })

  it('counts where it was left: of those who answered a question, the share that left right after it', async () => {
    const { rows, total, fields } = await asked({ metric: 'dropOff', by: ['question'] })
    expect(rows.map(({ by, n, value }) => [by[0], n, value])).toEqual([
      ['visit.recommend', 8, 12.5],
      ['visit.satisfied', 7, (100 * 3) / 7],
      ['visit.comment', 4, 0],
      ['visit.easy', 4, 0],
    ])
    expect(total).toMatchObject({ n: 8, value: 50 })
    // All less such a group is not the others, so there is nothing to hold it against.
    expect(rows.every(({ p }) => p === undefined)).toBe(true)
    expect(fields[0]?.labels).toMatchObject({ 'visit.easy': 'It was easy to get my issue handled.' })
    const left = await asked({
      metric: 'started',
      by: ['lastQuestion'],
      where: 'lastQuestion != "visit.comment"',
    })
    expect(left.rows.map(({ by, value }) => [by[0], value])).toEqual([
      ['visit.satisfied', 3],
      ['visit.recommend', 1],
    ])
  })

  it('is told alike by periods, and among many Asks at once', async () => {
    const whole = await asked({ metric: 'dropOff', by: ['question'] })
    const monthly = await asked({ metric: 'dropOff', by: ['question'], over: 'month' })
    const plain = (rows: typeof whole.rows) => rows.map(({ by, n, value }) => [by, n, value])
    expect(plain(monthly.rows)).toEqual(plain(whole.rows))
    expect(monthly.periods).toMatchObject([{ n: 8, value: 50 }])
    const together = askTogether(place.parts, ws)
    const several = await Promise.all([
      together({ metric: 'dropOff', by: ['question'] }),
      together({ metric: 'completion', by: ['question'] }),
      together({ metric: 'dropOff' }),
    ])
    expect(several[0]).toEqual(whole)
    expect(several[1]?.total).toMatchObject({ n: 8, value: 50 })
    expect(several[2]?.total).toMatchObject({ n: 8, value: 50 })
  })

  it('leaves no trace of where it was when it grows and is finished, however often it is delivered', async () => {
    await take(upTo('i8', 1))
    expect(await told('started')).toBe(9)
    await take(upTo('i8', 2, '2026-02-02T10:00:00Z'))
    await take(upTo('i8', 4, '2026-02-03T10:00:00Z'))
    await place.database.inWorkspace(ws, (tx) => touch(tx, 'response', 'i8'))
    await project(place.parts, ws)
    expect(await told('started')).toBe(9)
    expect((await asked({ metric: 'csat' })).total.n).toBe(5)
    const { rows, total } = await asked({ metric: 'dropOff', by: ['question'] })
    expect(rows.slice(0, 2).map(({ n, counts }) => [n, counts?.yes])).toEqual([
      [9, 1],
      [8, 3],
    ])
    expect(total).toMatchObject({ n: 9, counts: { yes: 4, no: 5 } })
    expect(await told('begun')).toBe(90)
  })

  it('counts without what O-data answered', async () => {
    await place.database.inWorkspace(ws, async (tx) => {
      await putResponse(tx, { ...upTo('known', 2), last: 'satisfied' })
      await tx.query(`update responses set provenance = '{"recommend": {}}' where response_id = (
        select response_id from responses where invitation_id is not null and last_question = 'satisfied' limit 1)`)
      const [row] = await tx.query<{ response_id: string }>(
        `select response_id from responses where provenance <> '{}'`,
      )
      await tx.query(
        `insert into outbox (workspace_id, kind, key, queued_at) values ($1, 'response', $2, now())`,
        [ws, row!.response_id],
      )
    })
    await project(place.parts, ws)
    const { rows } = await asked({
      metric: 'started',
      by: ['question'],
      where: 'lastQuestion == "visit.satisfied"',
    })
    expect(rows.map(({ by, n }) => [by[0], n])).toEqual([
      ['visit.satisfied', 4],
      ['visit.recommend', 3],
    ])
  })

  it('is the same when the facts are made anew, and in both stores', async () => {
    const before = await asked({ metric: 'dropOff', by: ['question'] })
    expect((await verifyFacts(place.parts, ws)).differences).toEqual([])
    await rebuildFacts(place.parts, ws)
    expect(await asked({ metric: 'dropOff', by: ['question'] })).toEqual(before)
    const report = await verifyFacts(place.parts, ws)
    expect(report.differences).toEqual([])
    // A partial answer that the facts have missed is told.
    await place.database.inWorkspace(ws, (tx) =>
      tx.query(
        `update responses set last_question = 'easy' where state = 'partial' and last_question = 'recommend'`,
      ),
    )
    expect((await verifyFacts(place.parts, ws)).differences.map(({ what }) => what)).toEqual([
      'left after: visit.easy',
      'left after: visit.recommend',
    ])
  })
})
