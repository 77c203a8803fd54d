import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../src/events/apply.ts'
import { recordEvents } from '../../src/events/intake.ts'
import { importResponses } from '../../src/responses/import.ts'
import { membersOfCell, quadrantOf } from '../../src/value/matrix.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { club, yearly } from './club.ts'

let server: TestServer
let workspaceId: string
let key: string
let eastKey: string

const program = club(
  yearly.replace(
    'churn: {',
    `segments:
    - { id: gold, name: { en: Gold }, when: value.margin >= 1500.0, high: true }
    - { id: plain, when: value.rlv >= 0.0 }
  churn: {`,
  ),
)
/** A year after the first fees, so that all of it has just happened. */
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

beforeAll(async () => {
  server = await startTestServer()
  const made = await server.workspace('club')
  workspaceId = made.workspaceId
  key = made.key
  await server.parts.programs.push(workspaceId, [{ path: 'club.yaml', text: program }])
  let fee = 0
  const paid = (member: string, days: number, amount: number, hall = 'west') => ({
    specversion: '1.0',
    id: String(++fee),
    source: 'till',
    type: 'fee.paid',
    time: daysAgo(days),
    data: { member, amount, hall, fee: `F${fee}` },
  })
  const members = Array.from({ length: 12 }, (_, i) => `m${i}`)
  const events = [
    ...members.map((member, i) => paid(member, 760, i < 6 ? 2000 : 200, i % 2 === 0 ? 'east' : 'west')),
    ...members
      .slice(0, 10)
      .map((member, i) => paid(member, 390, i < 6 ? 2000 : 200, i % 2 === 0 ? 'east' : 'west')),
    paid('today', 0, 10),
  ]
  await recordEvents(server.parts, workspaceId, events)
  const scores: Array<[string, number]> = [
    ['m0', 1],
    ['m1', 5],
    ['m2', 9],
    ['m3', 7],
    ['m6', 0],
    ['m7', 10],
    ['m11', 0],
  ]
  await importResponses(
    server.parts,
    workspaceId,
    scores.map(([member, recommend]) => ({
      source: 'letters',
      externalId: member,
      survey: 'mood',
      contactKey: member,
      answers: { recommend },
      answeredAt: new Date(daysAgo(2)),
    })),
  )
  await refreshValues(server.parts, workspaceId)
  eastKey = await server.key(workspaceId, ['read', 'customers:read', 'ask:read'], 'east')
})
afterAll(() => server.close())

const get = async (url: string, who = key) => {
  const answer = await ask(server, who, 'GET', url)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('GET /v1/value/model', () => {
  it('tells how values were reckoned', async () => {
    const model = await get('/v1/value/model')
    expect(model).toMatchObject({
      kind: 'contact',
      currency: 'SEK',
      customers: 13,
      left: 2,
      discount: 0.1,
      retention: {
        chosen: 'constant',
        decided: 12,
        renewed: 10,
        curve: [{ renewal: 1, atRisk: 12, renewed: 10 }],
      },
      churn: { model: { value: null, reason: 'too few' }, calibration: null },
      save: { value: 0.3, source: 'save.prior', biased: false },
    })
    expect(model.retention.constant.value).toBeCloseTo(10 / 12, 12)
  })
  it('is not there before the first refresh', async () => {
    const other = await server.workspace('other')
    expect((await ask(server, other.key, 'GET', '/v1/value/model')).statusCode).toBe(404)
    expect((await ask(server, other.key, 'GET', '/v1/value/matrix')).statusCode).toBe(404)
  })
})

describe('GET /v1/value/matrix', () => {
  it('counts customers by value and loyalty, and what is at risk', async () => {
    const { cells, quadrants, segments, left } = await get('/v1/value/matrix')
    expect(segments).toEqual([
      { id: 'gold', name: { en: 'Gold' }, high: true },
      { id: 'plain', name: null, high: false },
      { id: 'other', name: null, high: false },
    ])
    expect(left).toBe(2)
    const cell = (segment: string, band: string | null) =>
      cells.find(
        (each: { segment: string; band: string | null }) => each.segment === segment && each.band === band,
      )
    expect(cell('gold', 'strongDetractor')).toMatchObject({ quadrant: 'save', customers: 1, foretold: 1 })
    expect(cell('gold', 'detractor').customers).toBe(1)
    expect(cell('gold', 'promoter')).toMatchObject({ quadrant: 'activate', customers: 1 })
    expect(cell('gold', null)).toMatchObject({ quadrant: null, customers: 2, atRisk: 0, foretold: 0 })
    expect(cell('plain', 'strongDetractor')).toMatchObject({ quadrant: 'automate', customers: 1 })
    const rlv = (1000 * (10 / 12)) / (1.1 - 10 / 12)
    expect(cell('gold', 'strongDetractor').atRisk).toBeCloseTo(0.5 * rlv, 6)
    const save = quadrants.find((each: { quadrant: string }) => each.quadrant === 'save')
    expect(save).toMatchObject({ customers: 2 })
    expect(save.atRisk).toBeCloseTo((0.5 + 0.3) * rlv, 6)
  })
  it('shows a unit its own customers', async () => {
    const { quadrants, left } = await get('/v1/value/matrix', eastKey)
    expect(quadrants.map((each: { customers: number }) => each.customers)).toEqual([1, 1, 1, 0])
    expect(left).toBe(1)
  })
  it('is for those who may see customers', async () => {
    const viewer = await server.key(workspaceId, ['read', 'ask:read'])
    expect((await ask(server, viewer, 'GET', '/v1/value/matrix')).statusCode).toBe(403)
  })
})

describe('GET /v1/value/people', () => {
  it('lists a quadrant, most value at risk first, page by page', async () => {
    const first = await get('/v1/value/people?quadrant=save&limit=1')
    expect(first).toMatchObject({
      total: 2,
      items: [{ key: 'm0', band: 'strongDetractor', openCase: false }],
    })
    const second = await get(
      `/v1/value/people?quadrant=save&limit=1&cursor=${encodeURIComponent(first.next)}`,
    )
    expect(second).toMatchObject({ next: null, items: [{ key: 'm1', band: 'detractor' }] })
    const none = await get('/v1/value/people?segment=gold&band=none')
    expect(none.items.map((each: { key: string }) => each.key).toSorted()).toEqual(['m4', 'm5'])
    expect((await get('/v1/value/people?quadrant=save', eastKey)).items).toHaveLength(1)
    expect((await ask(server, key, 'GET', '/v1/value/people?cursor=x')).statusCode).toBe(400)
  })
  it('can be taken whole to open cases on', async () => {
    const members = await server.parts.database.inWorkspace(workspaceId, (tx) =>
      membersOfCell(tx, { quadrant: 'save' }, {}),
    )
    expect(members.map((each) => each.contactId)).toEqual(
      ['m0', 'm1'].map((each) => idOf.contact(workspaceId, each)),
    )
    expect(members.every((each) => each.responseId !== null && each.accountId === null)).toBe(true)
    const chosen = await server.parts.database.inWorkspace(workspaceId, (tx) =>
      membersOfCell(
        tx,
        { quadrant: 'save' },
        {},
        { chosen: [idOf.contact(workspaceId, 'm1'), idOf.contact(workspaceId, 'm7')] },
      ),
    )
    expect(chosen).toHaveLength(1)
  })
})

describe('GET /v1/customers/:id', () => {
  it('tells what the customer is worth', async () => {
    const { value } = await get(`/v1/customers/${idOf.contact(workspaceId, 'm0')}`)
    expect(value).toMatchObject({
      kind: 'contact',
      segment: 'gold',
      model: 'constant',
      frequency: 2,
      rfm: { recency: expect.any(Number), frequency: expect.any(Number), monetary: expect.any(Number) },
      band: 'strongDetractor',
      churn: 0.5,
      leftAt: null,
    })
    expect(value.rlv.low).toBeLessThan(value.rlv.value)
  })
  it('tells of who left, and nothing of who never paid', async () => {
    expect((await get(`/v1/customers/${idOf.contact(workspaceId, 'm11')}`)).value).toMatchObject({
      rlv: { value: 0 },
      segment: 'plain',
      leftAt: expect.any(String),
    })
  })
})

describe('quadrants', () => {
  it('follow value and loyalty', () => {
    expect(quadrantOf(true, 'detractor')).toBe('save')
    expect(quadrantOf(true, 'passive')).toBe('activate')
    expect(quadrantOf(false, 'strongDetractor')).toBe('automate')
    expect(quadrantOf(false, 'promoter')).toBe('leave')
    expect(quadrantOf(true, null)).toBeNull()
  })
})
