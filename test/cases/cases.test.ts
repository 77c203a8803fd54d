import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../../src/base/principal.ts'
import { openCases } from '../../src/cases/open.ts'
import { tellOpened } from '../../src/cases/tellOpened.ts'
import { project } from '../../src/insight/project.ts'
import { roleScopes } from '../../src/people/access.ts'
import { type Columns, openColumns } from '../../src/storage/columns.ts'
import { delivered } from '../program.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'

let server: TestServer
let facts: Columns
let shops: Awaited<ReturnType<TestServer['workspace']>>
const answered = new Date(Date.now() - 86_400_000).toISOString()

/** Hands in an answer to the order's delivery, and gives its response's id. */
async function answer(
  order: string,
  satisfaction: number,
  more: Record<string, unknown> = {},
  answeredAt = answered,
) {
  const handedIn = {
    source: 'test',
    externalId: order,
    survey: 'delivery',
    contactKey: `customer-${order}`,
    transaction: { type: 'order', key: order },
    answers: { satisfaction, ...more },
    answeredAt,
  }
  const result = await ask(server, shops.key, 'POST', '/v1/responses', [handedIn])
  return result.json().receipts[0].responseId as string
}
const casesOf = async (key = shops.key, query = '') =>
  (await ask(server, key, 'GET', `/v1/cases${query}`)).json()
const open = (...ids: string[]) => openCases(server.parts, shops.workspaceId, ids)

let unhappyMalmo: string
beforeAll(async () => {
  facts = openColumns({ folder: mkdtempSync(join(tmpdir(), 'facts-')) })
  server = await startTestServer({ columns: facts })
  shops = await server.workspace('Shops')
  await ask(server, shops.key, 'POST', '/v1/events', [
    delivered('1', 'malmo'),
    delivered('2', 'bergen', { price: 9000 }),
    delivered('3', 'malmo'),
    delivered('4', 'se'),
  ])
  unhappyMalmo = await answer('1', 2, { why: 'It came late & wet.', parcel: 'broken' })
  await open(unhappyMalmo, await answer('2', 3), await answer('3', 5), await answer('4', 1))
})
afterAll(async () => {
  await server.close()
  await facts.close()
})

describe('a case is opened', () => {
  it('for each answer that a rule names, by the first rule that holds', async () => {
    const { items, total } = await casesOf()
    expect(total).toBe(3)
    expect(items.map((each: { rule: string; unit: string }) => [each.rule, each.unit])).toEqual([
      ['expensive', 'Bergen'],
      ['unhappy', expect.any(String)],
      ['unhappy', expect.any(String)],
    ])
  })

  it('to be answered within the rule’s time, or 48 hours, from when an answer given elsewhere came in', async () => {
    const { items } = await casesOf()
    const hours = (items as Array<{ contactDueAt: string; openedAt: string }>).map(
      ({ contactDueAt, openedAt }) => (Date.parse(contactDueAt) - Date.parse(openedAt)) / 3_600_000,
    )
    expect(hours.map(Math.round)).toEqual([4, 48, 48])
  })

  it('once, however often the news comes', async () => {
    await open(unhappyMalmo)
    await Promise.all([open(unhappyMalmo), open(unhappyMalmo)])
    expect((await casesOf()).total).toBe(3)
    const rows = await server.parts.database.script(
      `select count(*) filter (where kind = 'opened') as opened, count(distinct case_id) as cases from samklang.case_events`,
    )
    expect(rows[0]).toEqual({ opened: 3, cases: 3 })
  })

  it('and is told to the managers of its unit, or of the nearest above that has one', async () => {
    const ids = (await casesOf()).items.map((each: { caseId: string }) => each.caseId)
    await tellOpened(server.parts, shops.workspaceId, ids)
    await tellOpened(server.parts, shops.workspaceId, ids)
    const rows = await server.parts.database.script(
      `select u.name as unit, m.recipient from samklang.messages m join samklang.cases c on c.case_id = m.about_id
       join samklang.units u on u.unit_key = c.unit_key order by u.name`,
    )
    expect(rows).toEqual([
      { unit: 'Bergen', recipient: 'ola@example.no' },
      { unit: 'Malmö', recipient: 'karin@example.se' },
      { unit: 'Sweden', recipient: 'sven@example.se' },
    ])
  })
})

describe('one case', () => {
  const caseOf = async (response: string) =>
    (await casesOf()).items.find((each: { responseId: string }) => each.responseId === response)

  it('comes with its answer, the O-data and what happened with the person', async () => {
    const { caseId } = await caseOf(unhappyMalmo)
    const found = (await ask(server, shops.key, 'GET', `/v1/cases/${caseId}?language=sv`)).json()
    expect(found).toMatchObject({
      comment: 'It came late & wet.',
      score: { question: 'satisfaction', value: 2 },
      contact: { name: 'Customer 1' },
      events: [{ kind: 'opened', revision: 1 }],
      response: { context: { transaction: { key: '1' } }, caseId },
    })
    expect(found.response.answers.map((each: { label: string | null }) => each.label)).toEqual([
      null,
      null,
      'Broken',
    ])
    expect(found.timeline.map((each: { kind: string; title: string }) => [each.kind, each.title])).toEqual([
      ['case', 'unhappy'],
      ['response', 'Efter leverans'],
      ['event', 'Order levererad'],
    ])
  })

  it('is taken, noted and closed by those who saw it as it is', async () => {
    const { caseId } = await caseOf(unhappyMalmo)
    const act = (what: string, body: object) =>
      ask(server, shops.key, 'POST', `/v1/cases/${caseId}/${what}`, body)
    expect((await act('take', { revision: 1 })).json()).toMatchObject({ state: 'taken', revision: 2 })
    const late = await act('record', { revision: 1, learning: 'too late' })
    expect([late.statusCode, late.json().error.code]).toEqual([409, 'case.changed'])
    for (const note of ['a\u0000b', 'half a \ud83d'])
      expect((await act('note', { note })).json().error).toMatchObject({
        code: 'request.malformed',
        message: expect.stringContaining('U+0000'),
      })
    expect((await act('note', { note: 'called, no answer' })).json().revision).toBe(3)
    expect((await act('close', { revision: 3, outcome: 'perhaps' })).statusCode).toBe(400)
    const closed = await act('close', { revision: 3, outcome: 'solved', note: 'new parcel sent' })
    expect(closed.json()).toMatchObject({ state: 'closed', outcome: 'solved', owner: { name: 'test' } })
    const again = await act('take', { revision: 4 })
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'case.closed'])
    const { events } = (await ask(server, shops.key, 'GET', `/v1/cases/${caseId}`)).json()
    expect(events.map((each: { kind: string; note: string | null }) => [each.kind, each.note])).toEqual([
      ['opened', null],
      ['taken', null],
      ['noted', 'called, no answer'],
      ['closed', 'new parcel sent'],
    ])
  })

  it('goes to one of two who take it at once', async () => {
    const { caseId } = (await casesOf(shops.key, '?state=open')).items[0]
    const url = `/v1/cases/${caseId}/take`
    const both = await Promise.all([1, 2].map(() => ask(server, shops.key, 'POST', url, { revision: 1 })))
    expect(both.map((each) => each.statusCode).sort()).toEqual([200, 409])
  })

  it('is found page by page', async () => {
    const first = await casesOf(shops.key, '?tab=all&limit=2')
    const second = await casesOf(shops.key, `?tab=all&limit=2&cursor=${encodeURIComponent(first.next)}`)
    const ids = [...first.items, ...second.items].map((each: { caseId: string }) => each.caseId)
    expect([new Set(ids).size, second.next]).toEqual([3, null])
    expect((await ask(server, shops.key, 'GET', '/v1/cases?cursor=x')).statusCode).toBe(400)
  })
})

describe('somebody who is narrowed to a unit', () => {
  const scopes: readonly Scope[] = roleScopes.unitManager

  it('sees what belongs to it and to those below it, and nothing else', async () => {
    const swedish = await server.key(shops.workspaceId, scopes, 'se')
    const bergen = await server.key(shops.workspaceId, scopes, 'bergen')
    const names = async (key: string, url: string) =>
      (await ask(server, key, 'GET', url))
        .json()
        .items.map((each: { unit: string }) => each.unit)
        .sort()
    expect(await names(swedish, '/v1/cases?tab=all')).toEqual(['Malmö', 'Sweden'])
    expect(await names(bergen, '/v1/cases')).toEqual(['Bergen'])
    expect(await names(swedish, '/v1/responses')).toEqual(['Malmö', 'Malmö', 'Sweden'])
    expect(await names(bergen, '/v1/responses')).toEqual(['Bergen'])
    expect(await names(bergen, '/v1/responses?unit=se')).toEqual([])
    const people = async (key: string) => (await ask(server, key, 'GET', '/v1/customers')).json().items.length
    expect([await people(shops.key), await people(swedish), await people(bergen)]).toEqual([4, 3, 1])
  })

  it('asks about those answers alone', async () => {
    await project({ ...server.parts, columns: facts }, shops.workspaceId)
    const csat = async (key: string) =>
      (await ask(server, key, 'POST', '/v1/ask', { metric: 'csat' })).json().total.n
    const counts = [
      shops.key,
      await server.key(shops.workspaceId, scopes, 'se'),
      await server.key(shops.workspaceId, scopes, 'bergen'),
    ]
    expect(await Promise.all(counts.map(csat))).toEqual([4, 3, 1])
  })

  it('is told of others’ things that there are none', async () => {
    const bergen = await server.key(shops.workspaceId, scopes, 'bergen')
    const [others] = (await casesOf(shops.key, '?tab=all')).items.filter(
      (each: { unit: string }) => each.unit !== 'Bergen',
    )
    for (const url of [
      `/v1/cases/${others.caseId}`,
      `/v1/responses/${others.responseId}`,
      `/v1/customers/${others.contact.id}`,
    ]) {
      expect([url, (await ask(server, bergen, 'GET', url)).statusCode]).toEqual([url, 404])
    }
    const take = await ask(server, bergen, 'POST', `/v1/cases/${others.caseId}/take`, { revision: 1 })
    expect(take.statusCode).toBe(404)
  })

  it('sees nothing when the unit is not there', async () => {
    const key = await server.key(shops.workspaceId, scopes, 'bergen')
    await server.parts.database.script(
      `update samklang.api_keys set unit_key = 'gone' where unit_key = 'bergen'`,
    )
    expect((await casesOf(key)).total).toBe(0)
  })
})

describe('answers handed in', () => {
  it('are judged one by one; what does not fit is kept aside and can be mended', async () => {
    const good = {
      source: 'x',
      externalId: '1',
      survey: 'delivery',
      answers: { satisfaction: 4 },
      answeredAt: answered,
    }
    const bad = { ...good, externalId: '2', answers: { satisfaction: 9 } }
    const result = await ask(server, shops.key, 'POST', '/v1/responses', [good, bad, good, { more: 1 }])
    expect(result.json()).toMatchObject({ imported: 1, duplicate: 1, refused: 2 })
    const { recordId } = result.json().receipts[1]
    const mended = { record: { ...bad, answers: { satisfaction: 1 } } }
    const played = await ask(server, shops.key, 'POST', `/v1/kept-aside/${recordId}/replay`, mended)
    expect(played.json().receipt.status).toBe('recorded')
    const found = (await ask(server, shops.key, 'GET', '/v1/responses?band=detractor&from=2026-03-01')).json()
    expect(found.items.map((each: { score: { value: number } }) => each.score.value)).toContain(1)
    expect((await ask(server, shops.key, 'GET', '/v1/responses?text=WET%20late')).json().total).toBe(1)
    expect((await ask(server, shops.key, 'GET', '/v1/responses?from=soon')).statusCode).toBe(400)
  })
})

it('an answer says what the policy made of it, and why, by itself and among all that happened with the person', async () => {
  const longAgo = new Date(Date.now() - 21 * 86_400_000).toISOString()
  await ask(server, shops.key, 'POST', '/v1/events', [delivered('5', 'malmo')])
  const old = await answer('5', 1, {}, longAgo)
  const read = async (id: string) => (await ask(server, shops.key, 'GET', `/v1/responses/${id}`)).json()
  expect((await read(old)).decision).toBeNull()
  await open(old)
  const tooOld = { handling: 'none', reason: 'tooOld' }
  const found = await read(old)
  expect([found.decision, found.caseId]).toEqual([tooOld, null])
  expect((await read(unhappyMalmo)).decision).toEqual({ handling: 'case', reason: 'opened' })
  const decisionsOf = async (id: string) => {
    const { timeline } = (await ask(server, shops.key, 'GET', `/v1/customers/${id}`)).json()
    return (timeline as Array<{ kind: string; decision?: object }>)
      .filter(({ kind, decision }) => kind === 'response' || decision)
      .map(({ decision }) => decision)
  }
  expect(await decisionsOf(found.contact.id)).toEqual([tooOld])
})
