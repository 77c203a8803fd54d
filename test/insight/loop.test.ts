import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type FastifyInstance, fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/base/errors.ts'
import { ask } from '../../src/insight/answer.ts'
import { answerAll } from '../../src/insight/answerAll.ts'
import { loopMetrics } from '../../src/insight/loopMetrics.ts'
import { type LoopPage, standing } from '../../src/insight/loopPage.ts'
import { loopRoutes } from '../../src/insight/loopRoutes.ts'
import { parseAsk } from '../../src/insight/parse.ts'
import { project } from '../../src/insight/project.ts'
import { rebuildFacts } from '../../src/insight/rebuild.ts'
import { verifyFacts } from '../../src/insight/verify.ts'
import type { Program } from '../../src/program/schema.ts'
import { loopShares } from '../../src/program/schema-recovery.ts'
import {
  idOf,
  openWorkspace,
  putCase,
  putCustomer,
  putResponse,
  putThemes,
  visitProgram,
  type Workspace,
  ws,
} from './workspace.ts'

const program: Program = {
  ...visitProgram(),
  themes: [
    { id: 'delivery', name: { en: 'Delivery', sv: 'Leverans' } },
    { id: 'late', name: 'Late', parent: 'delivery' },
    { id: 'staff', name: 'Staff' },
  ],
  recovery: {
    rules: [{ id: 'unhappy', when: 'true' }],
    causes: [{ id: 'routing', name: { en: 'Routing', sv: 'Ruttplanering' } }],
    targets: [
      { share: 'contactedInTime', atLeast: 95, label: { en: 'Within two days', sv: 'Inom två dagar' } },
      { share: 'contactedInTime', where: 'case.highValue', atLeast: 60 },
      { share: 'missed', atMost: 60 },
      { share: 'solved', where: 'case.nothing', atLeast: 50 },
      { share: 'solved', where: 'case.channel == "message"', atLeast: 50 },
    ],
  },
} as Program

let place: Workspace
let app: FastifyInstance

// It is 2026-03-01 12:00; each case was opened on 1 February at 10 and is due on the 3rd at 10.
const soon = '2026-02-02T10:00:00Z'
const late = '2026-02-05T10:00:00Z'
const missed = { missed_at: '2026-02-03T10:00:00Z' }
const given: Array<{
  id: string
  state: 'open' | 'taken' | 'contacted' | 'closed'
  more: Record<string, unknown>
}> = [
  // Contacted in time and solved: three by phone, one by mail.
  ...['a', 'b', 'c'].map((id) => ({
    id,
    state: 'closed' as const,
    more: {
      ...{ contacted_at: soon, channel: 'phone', outcome: 'solved', cause: 'routing', owner: 'user:7' },
      ...{ owner_name: 'Åsa', closed_at: late, attempts: 2, band: 'strongDetractor' },
      ...{ learning: 'x', churn_before: 0.5, churn_after: id === 'a' ? 0.6 : 0.2 },
    },
  })),
  {
    id: 'd',
    state: 'closed',
    more: {
      ...{ contacted_at: soon, channel: 'mail', outcome: 'not solved', owner: 'e1', high_value: true },
      ...{ has_comment: true, solved_by_customer: false, reopened: 2, band: 'detractor' },
    },
  },
  // Late, but contacted: missed all the same.
  {
    id: 'e',
    state: 'contacted',
    more: { contacted_at: late, channel: 'phone', ...missed, high_value: true },
  },
  // Missed, and escalated.
  { id: 'f', state: 'open', more: { ...missed, escalated_at: late, decision_maker: true } },
  // The deadline passed and nobody has judged it yet.
  { id: 'g', state: 'taken', more: { forwarded: 2, priority_theme: true } },
  // Not yet due: not in the shares of contact.
  { id: 'h', state: 'open', more: { contact_due_at: '2026-03-02T10:00:00Z' } },
  // Closed without contact before it was due.
  { id: 'i', state: 'closed', more: { outcome: 'no answer', solved_by_customer: true, joined: 1 } },
]

beforeAll(async () => {
  place = await openWorkspace(program)
  await place.database.inWorkspace(ws, async (tx) => {
    await putCustomer(tx, 'anna', { state: 'SP' })
    for (const [index, { id, state, more }] of given.entries()) {
      const unit = index % 2 === 0 ? 'se-north' : 'no-west'
      await putResponse(tx, { id, customer: 'anna', unit, answers: { recommend: 2 } })
      await putCase(tx, {
        response: id,
        state,
        unit,
        more: { ...more, contact_id: idOf('contact', 'anna'), reason: id, themes: index < 2 ? ['late'] : [] },
      })
    }
    for (const id of ['n1', 'n2']) await putResponse(tx, { id, answers: { recommend: 10 }, unit: 'no-west' })
    await putThemes(tx, 'a', ['late', 'staff'])
    await putThemes(tx, 'n1', ['delivery'])
    await tx.query(
      `insert into recovery_decisions (workspace_id, response_id, handling, reason, decided_at, version)
       values ($1, $2, 'reply', 'capped', '2026-02-01', 'v1'), ($1, $3, 'none', 'no rule holds', '2026-02-01', 'v1')`,
      [ws, idOf('response', 'n1'), idOf('response', 'n2')],
    )
  })
  await project(place.parts, ws)
  app = fastify()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.addHook('onRequest', async (request) => {
    const unitKey = request.headers.unit as string | undefined
    request.principal = {
      ...{ kind: 'key', id: 'key', name: 'key', workspaceId: ws, scopes: ['ask:read'] },
      ...(unitKey ? { unitKey } : {}),
    }
  })
  loopRoutes(app, place.parts)
})
afterAll(async () => {
  await app.close()
  await place.close()
})

const asked = (text: string, unitKey?: string) =>
  ask(place.parts, ws, parseAsk(text), unitKey ? { unitKey } : {})
const share = async (text: string) => {
  const { total } = await asked(text)
  return [total.counts?.yes, total.n]
}

describe('a share of the loop', () => {
  it('has the denominator the docs tell', async () => {
    expect(await share('contactedInTime')).toEqual([4, 8])
    expect(await share('contacted')).toEqual([5, 8])
    expect(await share('missed')).toEqual([3, 8])
    expect(await share('solved')).toEqual([3, 5])
    expect(await share('followedUpSolved')).toEqual([1, 2])
    expect(await share('causeKnown')).toEqual([3, 5])
    expect(await share('learned')).toEqual([3, 5])
    expect(await share('quoted')).toEqual([0, 5])
    expect(await share('churnReduced')).toEqual([2, 3])
    expect(await share('escalated')).toEqual([1, 9])
    expect(await share('forwarded')).toEqual([1, 9])
    expect(await share('reopened')).toEqual([1, 5])
    expect(await share('contactedByPhone')).toEqual([4, 5])
    expect(await share('contactedByMail')).toEqual([1, 5])
    expect(await share('contactedByMeeting')).toEqual([0, 5])
    expect(await share('contactedByMessage')).toEqual([0, 5])
  })

  it('counts feedback that got a contact or a reply as handled', async () => {
    expect(await share('handled')).toEqual([6, 11])
    expect(await share('handled where handling == "reply"')).toEqual([1, 1])
    expect(await share('handled where band in ["detractor", "strongDetractor"]')).toEqual([5, 9])
  })

  it('and the mean hours and attempts to first contact', async () => {
    expect((await asked('hoursToContact')).total).toMatchObject({ n: 5, value: (4 * 24 + 96) / 5 })
    expect((await asked('attemptsToContact')).total).toMatchObject({ n: 5, value: 6 / 5 })
  })

  it('whose intervals begin no lower than at 0: by t alone both would, of five cases that lie so far apart', async () => {
    for (const metric of ['hoursToContact', 'attemptsToContact']) {
      const { value, interval } = (await asked(metric)).total
      expect([metric, interval![0]]).toEqual([metric, 0])
      expect(interval![1] - value!).toBeGreaterThan(value!)
    }
  })

  it('exists for everything the loop can be held to', async () => {
    for (const metric of loopShares) expect((await asked(metric)).metric.unit).toBe('percent')
    const told = Object.entries(loopMetrics).filter(([, plan]) => plan(() => 'now()').unit === 'percent')
    expect(told.map(([name]) => name).sort()).toEqual([...loopShares].sort())
  })

  it('has an interval and p, by any field and under any condition of cases', async () => {
    const { rows, fields } = await asked('contactedInTime by case.owner')
    expect(rows.map(({ by, n, value }) => [by[0], n, value])).toEqual([
      [null, 4, 0],
      ['user:7', 3, 100],
      ['e1', 1, 100],
    ])
    expect(rows[1]?.interval?.[0]).toBeCloseTo(43.85, 2)
    expect(rows[1]?.p).toBeLessThan(0.05)
    expect(fields[0]?.labels).toEqual({ 'user:7': 'Åsa' })
    expect(await share('contacted where case.highValue')).toEqual([2, 2])
    expect(await share('contacted where case.band in ["detractor", "strongDetractor"]')).toEqual([4, 4])
    expect(await share('solved where case.hoursToContact < 48')).toEqual([3, 4])
    expect(await share('contactedInTime where customer.state == "SP" from 2026-02-01 to 2026-02-02')).toEqual(
      [4, 8],
    )
    expect((await asked('missed by unit.market over month')).rows).toHaveLength(2)
  })
})

describe('themes', () => {
  it('can be asked by of answers and of cases, each with what it is part of', async () => {
    const responses = await asked('responses by theme')
    expect(responses.rows.map(({ by, n }) => [by[0], n])).toEqual([
      ['delivery', 2],
      ['late', 1],
      ['staff', 1],
    ])
    expect(responses.total.n).toBe(11)
    expect(responses.fields[0]?.labels.delivery).toBe('Delivery')
    expect((await asked('nps where "delivery" in theme')).total.n).toBe(2)
    expect((await asked('nps where !("delivery" in themes)')).total.n).toBe(9)
    expect((await asked('cases by theme')).rows.map(({ by, n }) => [by[0], n])).toEqual([
      ['delivery', 2],
      ['late', 2],
    ])
  })
})

describe('many Asks at once', () => {
  it('are answered as each would be alone', async () => {
    const texts = [
      ...[
        'contactedInTime',
        'nps',
        'hoursToContact by case.owner',
        'cases by theme',
        'responses by theme over month',
      ],
      ...[
        'nps by unit.market, unit.team over month',
        'contacted by unit.team, unit.market',
        'nope',
        'cases by nope',
      ],
      ...[
        'missed over month compare previous',
        'cases from 2026-02-01 compare previous',
        'nps by case.owner',
      ],
      ...[
        'contacted by case.highValue, unit.team limit 2',
        'both by employee',
        'csat where customer.age > 7',
      ],
      ...['solved by case.closedAt', 'cases where now > case.contactDueAt', 'friendly by answers.visit.why'],
    ]
    const asks = texts.map((text) => parseAsk(text))
    const together = await answerAll(place.parts, ws, asks, { unitKey: 'se' }, 'sv')
    for (const [index, asked] of asks.entries()) {
      const alone = await ask(place.parts, ws, asked, { unitKey: 'se' }, 'sv').catch(
        (error: Refusal) => error,
      )
      expect(together[index], texts[index]).toEqual(alone)
    }
    expect(together.filter((each) => each instanceof Refusal)).toHaveLength(3)
    expect(await answerAll(place.parts, ws, [])).toEqual([])
  })

  it('also when a rebuild has just taken their tables away', async () => {
    const alone = await asked('cases')
    const query = place.columns.query
    let first = true
    const columns = {
      ...place.columns,
      query: (async (sql: string, values?: Record<string, unknown>) => {
        if (first && sql.includes('union all')) await rebuildFacts(place.parts, ws)
        first = false
        return query(sql, values)
      }) as typeof query,
    }
    const [again] = await answerAll({ ...place.parts, columns }, ws, [parseAsk('cases'), parseAsk('missed')])
    expect((again as typeof alone).total).toEqual(alone.total)
  })
})

describe('GET /v1/loop', () => {
  const get = async (query = '', headers = {}) => {
    const answer = await app.inject({ url: `/v1/loop${query}`, headers })
    expect(answer.statusCode).toBe(200)
    return answer.json() as LoopPage
  }

  it('gives each share with its Ask, which gives the same number again', async () => {
    const page = await get()
    expect(page.shares).toHaveLength(25)
    for (const { text, row } of page.shares) expect((await asked(text)).total).toEqual(row)
  })

  it('holds them to the targets of the program, also one that cannot be asked', async () => {
    const { targets } = await get('?language=sv')
    expect(
      targets.map(({ label, standing: where, certain, told }) => [label, where, certain, told?.row.n]),
    ).toEqual([
      ['Inom två dagar', 'notMet', true, 8],
      ['Kontaktade i tid', 'notMet', false, 2],
      ['Missade', 'met', false, 8],
      ['solved', 'unknown', false, undefined],
      ['Lösta', 'unknown', false, 0],
    ])
    expect(targets[3]?.fault).toMatch(/no field "case.nothing"/)
  })

  it('tells the shares of those who matter, and of each group', async () => {
    const page = await get('?by=unit.team&from=2026-01-01&over=month')
    const high = page.whose.find(({ id }) => id === 'highValue')
    expect(high?.cells.contactedInTime?.row).toMatchObject({ n: 2, value: 50 })
    expect(high?.cells.contactedInTime?.text).toBe('contactedInTime where case.highValue from 2026-01-01')
    const { groups } = page
    expect(groups?.rows.map(({ label, cells }) => [label, cells.cases?.n, cells.contacted?.n])).toEqual([
      ['North', 5, 5],
      ['West', 4, 3],
    ])
    expect(groups?.asks.missed?.text).toBe('missed by unit.team from 2026-01-01')
    expect(page.shares[0]?.periods?.map(({ period, n }) => [period, n])).toEqual([['2026-02-01', 8]])
  })

  it('stays within the unit of who asks, and under a condition', async () => {
    expect((await get('', { unit: 'no' })).shares[1]?.row).toMatchObject({ n: 3 })
    const page = await get('?where=case.highValue')
    expect(page.shares.map(({ metric }) => metric.id)).not.toContain('handled')
    expect((await get('?where=band=="detractor"')).shares.map(({ metric }) => metric.id)).toContain('handled')
    expect(page.whose[2]?.cells.contacted?.text).toBe(
      'contacted where (case.highValue) && (case.band in ["strongDetractor", "detractor"])',
    )
    expect((await app.inject({ url: '/v1/loop?by=case.nothing' })).statusCode).toBe(422)
  })
})

it('a target is certain when the whole interval stands on its side', () => {
  expect(standing({ value: 90, interval: [80, 95] }, { atLeast: 85 })).toEqual({
    standing: 'met',
    certain: false,
  })
  expect(standing({ value: 90, interval: [86, 95] }, { atLeast: 85 })).toEqual({
    standing: 'met',
    certain: true,
  })
  expect(standing({ value: 20, interval: [12, 30] }, { atMost: 10 })).toEqual({
    standing: 'notMet',
    certain: true,
  })
  expect(standing({ value: null, interval: null }, { atMost: 10 })).toEqual({
    standing: 'unknown',
    certain: false,
  })
})

it('the facts of cases and themes agree with the truth', async () => {
  const report = await verifyFacts(place.parts, ws)
  expect(report.differences).toEqual([])
  await place.database.inWorkspace(ws, (tx) =>
    tx.query(`update case_deadlines set missed_at = '2026-02-04' where case_id = $1`, [idOf('case', 'g')]),
  )
  expect((await verifyFacts(place.parts, ws)).differences.map(({ what }) => what)).toEqual(['cases: missed'])
})

it('the first round of a case stays in the shares when it is opened again', async () => {
  const names = ['contactedInTime', 'missed', 'solved', 'causeKnown', 'contactedByPhone', 'contactedByMail']
  const shares = async () =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await share(name)])))
  const before = await shares()
  await place.database.inWorkspace(ws, async (tx) => {
    await putResponse(tx, { id: 'again', customer: 'anna', unit: 'no-west', answers: { recommend: 2 } })
    const first = { first_contacted_at: soon, first_due_at: '2026-02-03T10:00:00Z', first_channel: 'phone' }
    const now = { contact_due_at: late, missed_again_at: late, reopened: 1, cause: 'routing' }
    await putCase(tx, {
      response: 'again',
      state: 'open',
      unit: 'no-west',
      more: { ...first, ...now, reason: 'again' },
    })
  })
  await project(place.parts, ws)
  const plus = (name: string, yes: number, n: number) => [before[name][0] + yes, before[name][1] + n]
  expect(await shares()).toEqual({
    contactedInTime: plus('contactedInTime', 1, 1),
    missed: plus('missed', 0, 1),
    solved: plus('solved', 0, 0),
    causeKnown: plus('causeKnown', 1, 1),
    contactedByPhone: plus('contactedByPhone', 1, 1),
    contactedByMail: plus('contactedByMail', 0, 1),
  })
  expect(await share('contactedInTime where case.missedAgain')).toEqual([1, 1])
})
