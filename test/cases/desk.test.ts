import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeDeadlines } from '../../src/cases/deadlines.ts'
import { takeFollowUps } from '../../src/cases/followUp.ts'
import { takeReplies } from '../../src/cases/replies.ts'
import type { CaseEvent } from '../../src/cases/standing.ts'
import { list, show } from '../../src/cli/cases.ts'
import type { Product } from '../../src/cli/product.ts'
import { sendInvitations } from '../../src/invitations/send.ts'
import { recordAnswers } from '../../src/responses/record.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { openDesk } from './deskProgram.ts'

type Who = string | Record<string, string>
let server: TestServer
let desk: Awaited<ReturnType<typeof openDesk>>
let anna: Record<string, string>
let bo: Record<string, string>
let karin: Record<string, string>
let first: string
let second: string
/** Who was quicker. */
let quicker: string

beforeAll(async () => {
  server = await startTestServer()
  await server.signIn()
  desk = await openDesk(server, 'Desk')
  const agent = { role: 'employee', unitKey: 'malmo' } as const
  anna = await desk.member('anna@example.se', { ...agent, employeeKey: 'anna' })
  bo = await desk.member('bo@example.se', { ...agent, employeeKey: 'bo' })
  karin = await desk.member('karin@example.se', {
    role: 'unitManager',
    unitKey: 'malmo',
    employeeKey: 'karin',
  })
  first = (await desk.unhappy('1', 'c1', 'malmo', { phone: '040-1' })).caseId
  second = (
    await desk.unhappy('2', 'c2', 'malmo', { price: 9000, why: 'The box was open, and 5 % off is no help.' })
  ).caseId
  await desk.unhappy('3', 'c3', 'bergen', { company: 'Other' })
}, 90_000)
afterAll(() => server.close())

const get = async (who: Who, url: string) => (await ask(server, who, 'GET', url)).json()
const post = (who: Who, url: string, body: unknown = {}) => ask(server, who, 'POST', url, body)
const act = (who: Who, id: string, what: string, body: object = {}) =>
  post(who, `/v1/cases/${id}/${what}`, body)
const codeOf = (answer: { statusCode: number; json(): { error?: { code: string } } }) => [
  answer.statusCode,
  answer.json().error?.code,
]
const idsOf = (page: { items: Array<{ caseId: string }> }) => page.items.map(({ caseId }) => caseId)

describe('two agents', () => {
  it('who take one case at once: one has it, the other is told', async () => {
    const both = await Promise.all([anna, bo].map((who) => act(who, first, 'take', { revision: 1 })))
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
    const has = await get(anna, `/v1/cases/${first}`)
    quicker = has.owner.id
    const [owner, other] = quicker === 'anna' ? [anna, bo] : [bo, anna]
    expect(codeOf(await act(other, first, 'contact', { revision: 2, channel: 'phone' }))).toEqual([
      403,
      'case.notYours',
    ])
    expect(codeOf(await act(other, first, 'assign', { revision: 2, to: 'me' }))).toEqual([
      403,
      'access.denied',
    ])
    // What only adds is refused to nobody, and hinders nobody.
    const notes = await Promise.all(
      [anna, bo, karin].map((who) => act(who, first, 'note', { note: 'Seen.' })),
    )
    expect(notes.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    const contacted = await act(owner, first, 'contact', { revision: 2, channel: 'phone', note: 'Reached.' })
    expect(contacted.json()).toMatchObject({ state: 'contacted', revision: 6, channel: 'phone' })
    expect(contacted.json().firstContactedAt).toBe(contacted.json().contactedAt)
    expect(contacted.json().contactedAt).not.toBeNull()
  })

  it('forward, take over, escalate and watch; the history tells all of it', async () => {
    expect((await act(karin, second, 'assign', { revision: 1, to: 'anna' })).json()).toMatchObject({
      state: 'open',
      owner: { id: 'anna', name: 'Anna', there: true },
    })
    expect(
      (await act(anna, second, 'forward', { revision: 2, to: 'bo', note: 'Bo knows the carrier.' })).json(),
    ).toMatchObject({
      owner: { id: 'bo' },
      forwarded: 1,
    })
    expect((await act(anna, second, 'watch')).json()).toMatchObject({ watching: true })
    expect((await act(bo, second, 'escalate', { note: 'I may not refund.' })).statusCode).toBe(200)
    const found = await get(bo, `/v1/cases/${second}`)
    expect(found.escalatedAt).not.toBeNull()
    expect(found.people).toMatchObject([
      { person: 'anna', part: 'watcher' },
      { person: 'karin', name: 'Karin', part: 'escalated' },
    ])
    expect(
      found.events.map((each: { kind: string; actor: string | null }) => [each.kind, each.actor]),
    ).toEqual([
      ['opened', null],
      ['assigned', 'Karin'],
      ['forwarded', 'Anna'],
      ['watched', 'Anna'],
      ['escalated', 'Bo'],
    ])
    expect(found.events[2].detail).toMatchObject({ from: 'anna', to: 'bo', toName: 'Bo' })
    expect(found.may).toEqual([
      'take',
      'forward',
      'note',
      'attempt',
      'contact',
      'escalate',
      'record',
      'close',
      'watch',
      'unwatch',
    ])
    expect((await act(anna, second, 'unwatch')).json()).toMatchObject({ watching: false })
  })

  it('give a case to nobody who is not there or does not see it', async () => {
    const revision = (await get(karin, `/v1/cases/${second}`)).revision
    expect(codeOf(await act(karin, second, 'assign', { revision, to: 'nobody' }))).toEqual([
      422,
      'person.unknown',
    ])
    await desk.member('ola@example.no', { role: 'unitManager', unitKey: 'no', employeeKey: 'ola' })
    const answer = await act(karin, second, 'assign', { revision, to: 'ola' })
    expect(codeOf(answer)).toEqual([422, 'person.cannot'])
  })
})

describe('a case is closed', () => {
  it('with an outcome, and a cause the program declares, or is told what is missing', async () => {
    const { revision } = await get(karin, `/v1/cases/${first}`)
    const close = (body: object) => act(karin, first, 'close', { revision, ...body })
    const missing = await close({ outcome: 'solved' })
    expect(codeOf(missing)).toEqual([422, 'case.incomplete'])
    expect(missing.json().error.faults).toEqual([
      { where: 'body/cause', message: 'expected one of logistics, carrier' },
    ])
    expect(codeOf(await close({ outcome: 'solved', cause: 'weather' }))).toEqual([422, 'case.incomplete'])
    expect(codeOf(await close({}))).toEqual([400, 'request.malformed'])
    const closed = await close({
      outcome: 'solved',
      cause: 'carrier',
      action: 'refunded',
      churnBefore: 0.5,
      churnAfter: 0.1,
      learning: 'Ring before.',
      quote: 'You called!',
    })
    expect(closed.json()).toMatchObject({
      state: 'closed',
      outcome: 'solved',
      cause: 'carrier',
      action: 'refunded',
    })
    const { record } = await get(karin, `/v1/cases/${first}`)
    expect(record).toEqual({
      cause: 'carrier',
      action: 'refunded',
      churnBefore: 0.5,
      churnAfter: 0.1,
      learning: 'Ring before.',
      quote: 'You called!',
    })
  })

  it('and opened again with a deadline of its own', async () => {
    const { revision } = await get(karin, `/v1/cases/${first}`)
    const again = (await act(anna, first, 'reopen', { revision, note: 'She called back.' })).json()
    expect(again).toMatchObject({
      state: 'open',
      reopened: 1,
      outcome: null,
      contactedAt: null,
      cause: 'carrier',
    })
    const hours = (Date.parse(again.contactDueAt) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(47)
    expect(hours).toBeLessThan(49)
  })
})

describe('the inbox', () => {
  it('has tabs with their counts, of the unit of who asks', async () => {
    const mine = await get(bo, '/v1/cases?tab=mine')
    expect(idsOf(mine)).toContain(second)
    expect(mine.counts).toMatchObject({
      mine: quicker === 'bo' ? 2 : 1,
      open: 2,
      unassigned: 0,
      escalated: 1,
      overdue: 1,
      closed: 0,
      held: 0,
    })
    const all = await get(desk.key, '/v1/cases')
    expect(all.counts).toMatchObject({ mine: 0, open: 3, unassigned: 0 })
    expect(all.total).toBe(3)
  })

  it('filters by all that a case is known by', async () => {
    const found = async (query: string) => idsOf(await get(desk.key, `/v1/cases?${query}`)).length
    expect(await found('rule=expensive')).toBe(1)
    expect(await found('reason=unhappy')).toBe(3)
    expect(await found('unit=se')).toBe(2)
    expect(await found('owner=bo')).toBe(quicker === 'bo' ? 2 : 1)
    expect(await found('owner=none')).toBe(0)
    expect(await found('owner=ola')).toBe(1)
    expect(await found('text=open%205%20%25')).toBe(1)
    expect(await found('text=name%20c1')).toBe(1)
    expect(await found('text=acme')).toBe(2)
    expect(await found('text=_')).toBe(0)
    // The beginnings of words, all of them, and no other pieces; an address as it is written.
    expect(await found('text=ACM')).toBe(2)
    expect(await found('text=cme')).toBe(0)
    expect(await found('text=acme%20nowhere')).toBe(0)
    expect(await found('theme=delivery')).toBe(0)
    expect(await found('overdue=true')).toBe(2)
    expect(await found('dueWithin=P3D')).toBe(3)
    // Those and one that was reached after its deadline.
    expect(await found('missed=true')).toBe(3)
    expect(await found('from=2020-01-01&to=2099-01-01')).toBe(3)
    expect(await found('to=2020-01-01')).toBe(0)
    expect(await found('from=2099-01-01')).toBe(0)
    expect(await found('state=closed')).toBe(0)
    expect(codeOf(await ask(server, desk.key, 'GET', '/v1/cases?dueWithin=Px'))).toEqual([
      400,
      'request.malformed',
    ])
  })

  it('is paged without losing or repeating any, while cases come and go', async () => {
    for (const sort of ['due', 'priority', 'newest']) {
      const seen: string[] = []
      let cursor = ''
      for (let page = 0; page < 10; page++) {
        const answer = await get(desk.key, `/v1/cases?sort=${sort}&limit=1${cursor}`)
        seen.push(...idsOf(answer))
        if (page === 0) await desk.unhappy(`new-${sort}`, `new-${sort}`, 'bergen', { company: 'New' })
        if (answer.next === null) break
        cursor = `&cursor=${encodeURIComponent(answer.next)}`
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining([first, second]))
    }
    const { next } = await get(desk.key, '/v1/cases?sort=due&limit=1')
    expect((await ask(server, desk.key, 'GET', `/v1/cases?sort=newest&cursor=${next}`)).statusCode).toBe(400)
  })
})

describe('many at once', () => {
  it('each by its own revision, with a receipt for each', async () => {
    const all = (await get(desk.key, '/v1/cases?limit=200')).items as Array<{
      caseId: string
      revision: number
    }>
    const items = all.map(({ caseId, revision }) => ({ caseId, revision }))
    const stale = { ...items[0]!, revision: items[0]!.revision + 5 }
    const given = [stale, ...items.slice(1), { caseId: '00000000-0000-8000-8000-000000000000', revision: 1 }]
    const taken = (await post(desk.key, '/v1/cases/bulk', { do: 'take', items: given })).json()
    expect([taken.done, taken.refused]).toEqual([items.length - 1, 2])
    expect(taken.receipts[0]).toMatchObject({ caseId: stale.caseId, status: 'refused', code: 'case.changed' })
    expect(taken.receipts.at(-1)).toMatchObject({ status: 'refused', code: 'thing.unknown' })
    expect(taken.receipts[1]).toMatchObject({ status: 'done', revision: items[1]!.revision + 1 })
  })

  it('an ill-formed one is told the faults of its own form alone', async () => {
    const items = [{ caseId: first, revision: 0 }]
    const faultsOf = async (body: object) => {
      const answer = await post(desk.key, '/v1/cases/bulk', body)
      expect(codeOf(answer)).toEqual([400, 'request.malformed'])
      return answer
        .json()
        .error.faults.map(({ where, message }: Record<string, string>) => `${where}: ${message}`)
    }
    const revision = 'body/items/0/revision: must be >= 1'
    expect(await faultsOf({ do: 'take', items })).toEqual([revision])
    expect(await faultsOf({ do: 'reply', items })).toEqual([
      'body: must have required properties template',
      revision,
    ])
    expect(await faultsOf({ do: 'fly', items })).toEqual([
      'body/do: must be one of take, assign, close, reply',
    ])
    expect(await faultsOf({ items })).toEqual(['body: must have required properties do'])
  })

  it('closes those that can be, within the unit of who asks', async () => {
    const all = (await get(desk.key, '/v1/cases?limit=200&unit=no')).items as Array<{
      caseId: string
      revision: number
    }>
    const items = all.map(({ caseId, revision }) => ({ caseId, revision }))
    expect(items.length).toBeGreaterThan(2)
    const close = { do: 'close', items, outcome: 'not solved', cause: 'logistics', note: 'Sold off.' }
    expect((await post(karin, '/v1/cases/bulk', close)).json()).toMatchObject({
      done: 0,
      refused: items.length,
    })
    expect((await post(desk.key, '/v1/cases/bulk', close)).json()).toMatchObject({
      done: items.length,
      refused: 0,
    })
    expect((await get(desk.key, '/v1/cases?tab=closed')).items).toHaveLength(items.length)
    const none = { ...close, items: [] }
    expect((await post(desk.key, '/v1/cases/bulk', none)).statusCode).toBe(400)
  })

  it('gives them to somebody who sees them', async () => {
    const reopened = await get(desk.key, '/v1/cases?tab=closed')
    for (const { caseId, revision } of reopened.items.slice(0, 1))
      await act(desk.key, caseId, 'reopen', { revision, note: 'Again.' })
    const all = (await get(desk.key, '/v1/cases?limit=200')).items as Array<{
      caseId: string
      revision: number
      unitKey: string
    }>
    const items = all.map(({ caseId, revision }) => ({ caseId, revision }))
    const given = (await post(desk.key, '/v1/cases/bulk', { do: 'assign', to: 'anna', items })).json()
    const codes = all.map(({ unitKey }, index) => [unitKey, given.receipts[index].code])
    expect(codes.sort()).toEqual([
      ['bergen', 'person.cannot'],
      ['malmo', undefined],
      ['malmo', undefined],
    ])
  })
})

describe('a saved view', () => {
  it('is kept, shared, changed and removed by whoever made it', async () => {
    const body = { page: 'cases', name: 'Late ones', filter: { tab: 'overdue', sort: 'priority' } }
    const made = await post(anna, '/v1/views', body)
    expect(made.statusCode).toBe(201)
    const { viewId } = made.json()
    expect((await get(bo, '/v1/views?page=cases')).items).toEqual([])
    const put = (who: Who, more: object) =>
      ask(server, who, 'PUT', `/v1/views/${viewId}`, { ...body, ...more })
    expect((await put(anna, { shared: true })).json()).toMatchObject({ shared: true, mine: true })
    expect((await get(bo, '/v1/views?page=cases')).items).toMatchObject([
      { viewId, mine: false, filter: body.filter },
    ])
    expect((await put(bo, { name: 'Mine now' })).statusCode).toBe(404)
    expect((await ask(server, bo, 'DELETE', `/v1/views/${viewId}`)).statusCode).toBe(404)
    expect((await ask(server, anna, 'DELETE', `/v1/views/${viewId}`)).statusCode).toBe(200)
    expect((await get(anna, '/v1/views')).items).toEqual([])
  })
})

describe('the case page', () => {
  it('has answers, advice with its names filled in, and both timelines', async () => {
    const found = await get(karin, `/v1/cases/${second}?language=en`)
    expect(found.responses).toHaveLength(1)
    expect(found.advice).toMatchObject({
      channel: 'mail',
      template: 'sorry',
      to: 'c2@example.se',
      subject: 'Your order, Name c2',
    })
    expect(found.advice.body).toMatch(
      /^Hello Name c2 of Acme,\n\nwhat went wrong in Malmö with 2 \(c2@example\.se, no number, Acme\)\? \S+$/,
    )
    const reachable = await get(karin, `/v1/cases/${first}?language=en`)
    expect(reachable.advice.body).toContain('(c1@example.se, 040-1, Acme)')
    const people = found.accountTimeline.map((each: { contact: { name: string } }) => each.contact.name)
    expect(new Set(people)).toEqual(new Set(['Name c1', 'Name c2']))
    expect(found.timeline.every((each: { at: string }) => each.at)).toBe(true)
  })

  it('gets no reply that goes to many when its customer wants none; one written to them alone is another matter', async () => {
    const { database } = server.parts
    const since = (at: string) =>
      database.script(`update samklang.contacts set unsubscribed_at = ${at} where contact_key = 'c2'`)
    await since('now()')
    const { revision } = await get(karin, `/v1/cases/${second}`)
    const items = [{ caseId: second, revision }]
    const many = (await post(karin, '/v1/cases/bulk', { do: 'reply', template: 'sorry', items })).json()
    expect(many.receipts).toMatchObject([{ status: 'refused', code: 'case.unsubscribed' }])
    await since('null')
  })

  it('shows closed cases like it and what came of them', async () => {
    const { database } = server.parts
    await database.script(
      `update samklang.cases set themes = '{late,delivery}' where case_id = any($1::uuid[])`,
      [[first, second]],
    )
    const { revision } = await get(karin, `/v1/cases/${first}`)
    await act(karin, first, 'close', { revision, outcome: 'solved', cause: 'carrier', action: 'refunded' })
    const { similar } = await get(karin, `/v1/cases/${second}`)
    expect(similar).toMatchObject([
      { caseId: first, outcome: 'solved', cause: 'carrier', action: 'refunded' },
    ])
    expect(similar[0].score).toBeGreaterThanOrEqual(0.65)
    expect(similar[0].alike.slice(0, 4)).toEqual(['theme:delivery', 'theme:late', 'reason', 'unit'])
    // Nothing of another unit, however alike.
    const [bergen] = (await get(desk.key, '/v1/cases?tab=all&unit=no')).items
    await database.script(`update samklang.cases set themes = '{late}' where case_id = $1`, [bergen.caseId])
    expect((await get(karin, `/v1/cases/${second}`)).similar).toHaveLength(1)
  })
})

describe('the desk', () => {
  it('knows the policy in the language asked for', async () => {
    const policy = await get(anna, '/v1/cases/policy?language=sv')
    expect(policy).toMatchObject({
      causes: [
        { id: 'logistics', name: 'Logistik', parent: null },
        { id: 'carrier', parent: 'logistics' },
      ],
      templates: [{ id: 'sorry', name: 'Förlåt' }],
      targets: [{ share: 'contactedInTime', label: 'I tid', atLeast: 95 }],
      causeNeeded: true,
      reasons: ['unhappy'],
      rules: [
        { id: 'expensive', label: 'Dyrt och missnöjd' },
        { id: 'unhappy', label: 'unhappy' },
      ],
    })
  })

  it('knows whom cases can be given to, and who is away', async () => {
    const from = new Date(Date.now() - 3_600_000).toISOString()
    const to = new Date(Date.now() + 86_400_000).toISOString()
    expect((await post(anna, '/v1/absences', { from, to })).statusCode).toBe(201)
    expect(codeOf(await post(anna, '/v1/absences', { employeeKey: 'bo', from, to }))).toEqual([
      403,
      'access.denied',
    ])
    expect((await post(karin, '/v1/absences', { employeeKey: 'bo', from, to })).statusCode).toBe(201)
    expect(codeOf(await post(karin, '/v1/absences', { employeeKey: 'ola', from, to }))).toEqual([
      403,
      'access.denied',
    ])
    expect(codeOf(await post(anna, '/v1/absences', { from: to, to: from }))).toEqual([
      400,
      'request.malformed',
    ])
    const { items } = await get(anna, '/v1/people')
    const people = new Map(items.map((each: { id: string }) => [each.id, each]))
    expect([...people.keys()].sort()).toEqual(['anna', 'bo', 'karin', 'parcels', 'sven'])
    expect(people.get('anna')).toMatchObject({
      absentUntil: to,
      functions: ['agent'],
      member: true,
      openCases: 1,
    })
    expect(people.get('sven')).toMatchObject({ absentUntil: null, manager: true, member: false })
    const away = (await get(karin, '/v1/absences')).items as Array<{ absenceId: string; employeeKey: string }>
    expect(away.map(({ employeeKey }) => employeeKey).sort()).toEqual(['anna', 'bo'])
    const own = away.find(({ employeeKey }) => employeeKey === 'anna')
    const others = away.find(({ employeeKey }) => employeeKey === 'bo')
    expect((await ask(server, anna, 'DELETE', `/v1/absences/${others?.absenceId}`)).statusCode).toBe(403)
    expect((await ask(server, anna, 'DELETE', `/v1/absences/${own?.absenceId}`)).statusCode).toBe(200)
    expect((await get(karin, '/v1/absences')).items).toHaveLength(1)
  })

  it('tells a member which employee they are', async () => {
    expect(await get(anna, '/v1/me')).toMatchObject({
      actor: 'anna',
      employee: { key: 'anna', name: 'Anna', functions: ['agent'] },
    })
  })
})

describe('customers and accounts', () => {
  it('come with their health, what is open, and the people around them', async () => {
    const [acme] = (await get(karin, '/v1/accounts?search=acm')).items
    expect(acme).toMatchObject({ key: 'Acme', people: 2 })
    const page = await get(karin, `/v1/accounts/${acme.id}`)
    expect(page.people.map((each: { key: string }) => each.key).sort()).toEqual(['c1', 'c2'])
    expect(page.people[0]).toMatchObject({ lastScore: { value: 1 }, values: { state: 'Skåne' } })
    expect(page.health).toMatchObject({ answers: 2, openCases: 1, overdueCases: 1 })
    // Each of two people has answered once: none of them says otherwise than before.
    expect(page.health.scores).toMatchObject([{ trend: null, series: [{}, {}] }])
    expect(page.actions).toMatchObject([{ caseId: second, contactName: 'Name c2' }])
    expect(page.values).toEqual({ class: 'A' })
    const c2 = page.people.find((each: { key: string }) => each.key === 'c2')
    const customer = await get(karin, `/v1/customers/${c2.id}`)
    expect(customer).toMatchObject({
      account: { id: acme.id, key: 'Acme' },
      health: {
        openCases: 1,
        scores: [{ question: 'satisfaction', latest: 1, trend: null, from: 1, to: 5 }],
      },
      actions: [{ caseId: second }],
    })
    expect(customer.people).toHaveLength(2)
  })

  it('are doing better or worse than the same person did before', async () => {
    const answer = (order: string, customer: string, satisfaction: number) =>
      desk.unhappy(order, customer, 'bergen', { company: 'Two', satisfaction })
    await answer('two-1', 'gil', 2)
    await answer('two-2', 'gun', 1)
    const [two] = (await get(desk.key, '/v1/accounts?search=two')).items
    const trend = async () => (await get(desk.key, `/v1/accounts/${two.id}`)).health.scores[0].trend
    const later = (order: string) =>
      server.parts.database.script(
        `update samklang.responses set answered_at = answered_at + interval '1 hour' where external_id = $1`,
        [order],
      )
    await later('two-2')
    expect(await trend()).toBeNull()
    await answer('two-3', 'gil', 5)
    await later('two-3')
    await later('two-3')
    expect(await trend()).toBe('better')
  })

  it('are seen from their own unit alone', async () => {
    const [other] = (await get(desk.key, '/v1/accounts?search=other')).items
    expect((await get(karin, '/v1/accounts')).items.map((each: { key: string }) => each.key)).toEqual([
      'Acme',
    ])
    expect((await ask(server, karin, 'GET', `/v1/accounts/${other.id}`)).statusCode).toBe(404)
    // An agent sees those of the unit as its manager does.
    const seen = (await get(anna, '/v1/customers')).items.map((each: { key: string }) => each.key).sort()
    expect(seen).toEqual(['c1', 'c2'])
  })
})

describe('the customer', () => {
  let caseId: string
  const stands = () => get(karin, `/v1/cases/${caseId}`)
  const lettersTo = (address: string) =>
    server.parts.database.script(
      `select kind from samklang.messages where recipient = $1 order by queued_at, kind`,
      [address],
    )

  it('is written to from the case, which counts as contact, and the answer comes back to it', async () => {
    caseId = (await desk.unhappy('90', 'c90', 'malmo')).caseId
    const letter = { subject: 'Your order', text: 'What may we do?' }
    const sent = await act(karin, caseId, 'mail', { revision: 1, ...letter })
    expect(sent.json()).toMatchObject({ state: 'contacted', channel: 'mail' })
    expect(codeOf(await act(karin, caseId, 'mail', { revision: 1, ...letter }))).toEqual([
      409,
      'case.changed',
    ])
    const { mails, events } = await stands()
    expect(mails).toMatchObject([
      { direction: 'out', recipient: 'c90@example.se', subject: 'Your order', state: 'queued' },
    ])
    expect(events.at(-1)).toMatchObject({
      kind: 'contacted',
      note: 'Your order',
      detail: { mailId: mails[0].mailId },
    })
    expect(await lettersTo('c90@example.se')).toEqual([{ kind: 'letter' }])
  })

  it('who is written to by template with many others gets one in their own words', async () => {
    const other = await desk.unhappy('91', 'c91', 'malmo')
    await server.parts.database.script(`update samklang.contacts set email = null where contact_key = 'c91'`)
    const third = await desk.unhappy('92', 'c92', 'malmo')
    const items = [other, third].map((each) => ({ caseId: each.caseId, revision: 1 }))
    const answer = (await post(karin, '/v1/cases/bulk', { do: 'reply', template: 'sorry', items })).json()
    expect(answer.receipts).toMatchObject([
      { status: 'refused', code: 'case.noAddress' },
      { status: 'done', revision: 2 },
    ])
    const { mails } = await get(karin, `/v1/cases/${third.caseId}`)
    expect(mails).toMatchObject([{ subject: 'Your order, Name c92', actor: 'karin' }])
    expect(mails[0].text).toContain('Hello Name c92 of Acme,')
    const none = await post(karin, '/v1/cases/bulk', { do: 'reply', template: 'none', items })
    expect(codeOf(none)).toEqual([422, 'case.incomplete'])
  })

  it('is asked whether it was solved although they were asked lately, and a no opens the case again', async () => {
    const { revision } = await stands()
    await act(karin, caseId, 'close', { revision, outcome: 'solved', cause: 'carrier' })
    await sendInvitations(server.parts, desk.workspaceId)
    const [invitation] = await server.parts.database.script(
      `select i.token, i.state, d.trigger from samklang.invitations i
       join samklang.decisions d on d.decision_id = i.decision_id where i.case_id = $1`,
      [caseId],
    )
    expect(invitation).toMatchObject({ state: 'sent', trigger: 'recovery.followUp' })
    const said = {
      token: invitation?.token as string,
      answers: { solved: 'no' },
      complete: true,
      at: new Date(),
      wayIn: 'survey' as const,
    }
    const [receipt] = await recordAnswers(server.parts, desk.workspaceId, [said])
    const responseIds = [(receipt as { responseId: string }).responseId]
    await takeFollowUps(server.parts, desk.workspaceId, responseIds)
    await takeFollowUps(server.parts, desk.workspaceId, responseIds)
    const found = await stands()
    expect(found).toMatchObject({ state: 'open', solvedByCustomer: false, reopened: 1, outcome: null })
    const kinds = found.events.map((each: { kind: string }) => each.kind)
    expect(kinds).toEqual(['opened', 'contacted', 'closed', 'followedUp', 'reopened'])
    expect(found.responses).toHaveLength(2)
    // What the case was about stands in the list, not the answer to whether it was solved.
    expect(found.comment).toBe('It was late.')
    const [decision] = await server.parts.database.script(
      'select handling, reason, case_id from samklang.recovery_decisions where response_id = $1',
      responseIds,
    )
    expect(decision).toEqual({ handling: 'reopened', reason: 'followUpNo', case_id: caseId })
  })

  it('is not asked about a case that was opened again meanwhile, nor after they unsubscribed', async () => {
    const contact = async (revision: number) => act(karin, caseId, 'contact', { revision, channel: 'phone' })
    const close = async () => {
      const { revision } = await stands()
      await contact(revision)
      return act(karin, caseId, 'close', { revision: revision + 1, outcome: 'solved' })
    }
    const closed = (await close()).json()
    // Their no was of the closing before; of this one they have not said anything, nor of what is opened again.
    expect(await stands()).toMatchObject({ state: 'closed', outcome: 'solved', solvedByCustomer: null })
    const alike = await desk.unhappy('93', 'c93', 'malmo')
    const ids = [caseId, alike.caseId]
    await server.parts.database.script(
      `update samklang.cases set themes = '{late}' where case_id = any($1::uuid[])`,
      [ids],
    )
    const { similar } = await get(karin, `/v1/cases/${alike.caseId}`)
    expect(similar[0]).toMatchObject({ caseId, outcome: 'solved', solvedByCustomer: null })
    await act(karin, caseId, 'reopen', { revision: closed.revision, note: 'Not yet.' })
    expect(await stands()).toMatchObject({ state: 'open', solvedByCustomer: null })
    await sendInvitations(server.parts, desk.workspaceId)
    await close()
    await server.parts.database.script(
      `update samklang.contacts set unsubscribed_at = now() where contact_key = 'c90'`,
    )
    await sendInvitations(server.parts, desk.workspaceId)
    const rows = await server.parts.database.script(
      `select d.reason from samklang.invitations i join samklang.decisions d on d.decision_id = i.decision_id
       where i.case_id = $1 and i.state = 'withheld' order by d.decided_at`,
      [caseId],
    )
    expect(rows.map(({ reason }) => reason)).toEqual(['overtaken', 'unsubscribed'])
  })

  it('who writes about a closed case leaves it closed, as news that somebody reads; an absence note is none', async () => {
    const receive = async (mailId: string, automatic: boolean) => {
      await server.parts.database.script(
        `insert into samklang.case_mails (workspace_id, mail_id, case_id, direction, message_id, sender, recipient, subject,
           text, automatic, at) values ($1, $2, $3, 'in', $4, 'c90@example.se', 'reply@example.se', 'Re: Your order', 'No.', $5, now())`,
        [desk.workspaceId, mailId, caseId, `<${mailId}@example.se>`, automatic],
      )
      await takeReplies(server.parts, desk.workspaceId, [mailId])
      await takeReplies(server.parts, desk.workspaceId, [mailId])
      return (await stands()).events.slice(-2).map((each: { kind: string }) => each.kind)
    }
    expect(await receive('00000000-0000-8000-8000-000000000001', true)).toEqual(['contacted', 'closed'])
    expect((await stands()).news).toBe(false)
    expect(await receive('00000000-0000-8000-8000-000000000002', false)).toEqual(['closed', 'replied'])
    const closed = await stands()
    expect(closed).toMatchObject({ state: 'closed', outcome: 'solved', news: true })
    expect(closed.firstContactedAt).not.toBeNull()
    const tab = await get(anna, '/v1/cases?tab=news')
    expect([idsOf(tab), tab.counts.news]).toEqual([[caseId], 1])
    const { revision } = closed
    expect((await act(anna, caseId, 'read', { revision })).json()).toMatchObject({ news: false })
    expect((await act(anna, caseId, 'read', { revision })).json()).toMatchObject({ revision: revision + 1 })
    expect((await get(anna, '/v1/cases?tab=news')).counts.news).toBe(0)
    expect((await act(karin, caseId, 'reopen', { revision: revision + 1, note: 'No.' })).statusCode).toBe(200)
    expect((await stands()).mails.map((each: { automatic: boolean }) => each.automatic)).toEqual([
      false,
      true,
      false,
    ])
  })

  it('and what was written both ways stands in the timeline', async () => {
    const { timeline } = await stands()
    const letters = timeline.filter(({ kind }: { kind: string }) => kind === 'letter')
    expect(letters.map(({ detail }: { detail: string }) => detail)).toEqual(['in', 'in', 'out'])
    expect(letters[0]).toMatchObject({ title: 'Re: Your order', caseId })
  })

  it('and colleagues are told by mail what they are given', async () => {
    const { revision } = await stands()
    const before = await lettersTo('anna@example.se')
    await act(karin, caseId, 'assign', { revision, to: 'anna' })
    expect(await lettersTo('anna@example.se')).toEqual([...before, { kind: 'case' }])
  })
})

describe('a case is given to somebody who is away', () => {
  it('and whoever gives it is told until when; alone or with others', async () => {
    const day = 86_400_000
    const [from, to] = [-day, day].map((ms) => new Date(Date.now() + ms).toISOString())
    const { absenceId } = (await post(karin, '/v1/absences', { employeeKey: 'bo', from, to })).json()
    const { caseId } = await desk.unhappy('70', 'c70', 'malmo')
    const given = (await act(karin, caseId, 'assign', { revision: 1, to: 'bo' })).json()
    const warning = { code: 'person.away', name: 'Bo', until: to, message: `Bo is away until ${to}.` }
    expect(given).toMatchObject({ owner: { id: 'bo' }, warnings: [warning] })
    const bulk = { do: 'assign', items: [{ caseId, revision: 2 }] }
    const other = (await post(karin, '/v1/cases/bulk', { ...bulk, to: 'anna' })).json()
    expect(other).toMatchObject({ done: 1, warnings: [] })
    const again = { do: 'assign', items: [{ caseId, revision: 3 }] }
    expect((await post(karin, '/v1/cases/bulk', { ...again, to: 'bo' })).json()).toMatchObject({
      done: 1,
      warnings: [warning],
    })
    // Refused, nothing was given to anybody.
    const stale = (await post(karin, '/v1/cases/bulk', { ...again, to: 'bo' })).json()
    expect(stale).toMatchObject({ done: 0, warnings: [] })
    // Of one's own absence one knows.
    expect((await act(bo, caseId, 'take', { revision: 4 })).json()).toMatchObject({ warnings: [] })
    await act(karin, caseId, 'close', { revision: 5, outcome: 'no answer' })
    await ask(server, karin, 'DELETE', `/v1/absences/${absenceId}`)
  })
})

describe('on the command line', () => {
  it('cases are listed, and one is told with its history', async () => {
    const lines: string[] = []
    const io = { out: (text: string) => void lines.push(text), err: () => {}, isTerminal: false, folder: '.' }
    const product = { parts: server.parts } as unknown as Product
    const argv = ['--workspace', desk.slug]
    expect(await list([...argv, '--tab', 'all', '--text', 'open'], io, product)).toBe(0)
    expect(lines.join('')).toContain(`${second}  `)
    expect(lines.splice(0).join('')).toMatch(/\n1 of 1\n$/)
    await show([second, ...argv], io, product)
    expect(lines.join('')).toMatch(/forwarded by Anna: Bo knows the carrier\./)
    await expect(list([...argv, '--tab', 'mine'], io, product)).rejects.toThrow('There are the tabs')
    await expect(show(['x', ...argv], io, product)).rejects.toThrow('by its id')
  })

  it('cases stand as in the inbox: with news, then who waits, the soonest due first, then who was reached', async () => {
    const told = await Promise.all(['96', '97', '98'].map((id) => desk.unhappy(id, `c${id}`, 'malmo')))
    const [reached, wrote] = told.map(({ caseId }) => caseId)
    await act(desk.key, reached as string, 'contact', { revision: 1, channel: 'phone' })
    await server.parts.database.script('update samklang.cases set news_revision = 1 where case_id = $1', [
      wrote,
    ])
    const lines: string[] = []
    const io = { out: (text: string) => void lines.push(text), err: () => {}, isTerminal: false, folder: '.' }
    const product = { parts: server.parts } as unknown as Product
    await list(['--workspace', desk.slug], io, product)
    const { items } = await get(desk.key, '/v1/cases?tab=open&limit=200')
    const shown = lines.slice(0, -1).map((line) => line.slice(0, 36))
    expect(shown).toEqual(items.slice(0, 30).map(({ caseId }: { caseId: string }) => caseId))
    expect(lines[0]).toMatch(/^[0-9a-f-]{36} {2}open {2}news {2}due 2/)
    expect(lines.find((line) => line.startsWith(reached as string))).toMatch(/ {2}contacted {2}since 2/)
    const kinds = lines.slice(0, -1).map((line) => / {2}(news|due|since) /.exec(line)?.[1])
    expect([...new Set(kinds)]).toEqual(['news', 'due', 'since'])
    const due = lines.flatMap((line) => /^\S+ {2}\w+ {2}due (\S+)/.exec(line)?.[1] ?? [])
    expect(due).toEqual([...due].sort())
  })
})

describe('a deadline that is found late', () => {
  it('stands in the history where it passed, before what was done meanwhile, and its revision tells that it is new', async () => {
    // Opened in March and looked at now: the process was down when the deadline passed.
    const { caseId } = await desk.unhappy('86', 'c86', 'malmo')
    await act(anna, caseId, 'note', { note: 'They are travelling.' })
    await judgeDeadlines(server.parts, desk.workspaceId)
    const { events, revision } = await get(anna, `/v1/cases/${caseId}`)
    expect(events.map(({ kind, revision }: CaseEvent) => [kind, revision])).toEqual([
      ['opened', 1],
      ['missed', 3],
      ['noted', 2],
    ])
    expect([events[1].at, revision]).toEqual(['2026-03-05T08:00:00.000Z', 3])
    const lines: string[] = []
    const io = { out: (text: string) => void lines.push(text), err: () => {}, isTerminal: false, folder: '.' }
    await show([caseId, '--workspace', desk.slug], io, { parts: server.parts } as unknown as Product)
    expect(lines.join('')).toMatch(/opened by[\s\S]*missed by[\s\S]*noted by/)
  })
})

describe('somebody of another unit', () => {
  it('can do nothing with a case, and finds none of it in lists', async () => {
    const norwegian = await desk.keyOf(undefined, 'no')
    for (const [what, body] of Object.entries({
      take: { revision: 1 },
      note: { note: 'x' },
      attempt: { channel: 'phone' },
      contact: { revision: 1, channel: 'phone' },
      escalate: { note: 'x' },
      record: { revision: 1, learning: 'x' },
      close: { revision: 1, outcome: 'no answer' },
      reopen: { revision: 1, note: 'x' },
      read: { revision: 1 },
      watch: {},
      unwatch: {},
    }))
      expect([what, (await act(norwegian, second, what, body)).statusCode]).toEqual([what, 404])
    expect((await ask(server, norwegian, 'GET', `/v1/cases/${second}`)).statusCode).toBe(404)
    const seen = (await get(norwegian, '/v1/cases?tab=all&limit=200')).items as Array<{ unitKey: string }>
    expect(new Set(seen.map(({ unitKey }) => unitKey))).toEqual(new Set(['bergen']))
    expect((await get(norwegian, '/v1/cases?text=acme')).items).toEqual([])
    expect((await get(norwegian, '/v1/people')).items.map((each: { id: string }) => each.id)).toEqual(['ola'])
  })
})

describe('an account of several units', () => {
  it("is counted from the reader's own unit", async () => {
    // A colleague whom another unit served, and failed, counts there alone.
    const counts = async (asker: Who) => {
      const [{ people, openCases }] = (await get(asker, '/v1/accounts?search=acm')).items
      return { people, openCases }
    }
    const [here, everywhere] = [await counts(karin), await counts(desk.key)]
    await desk.unhappy('95', 'c95', 'bergen')
    expect(await counts(karin)).toEqual(here)
    expect(await counts(desk.key)).toEqual({
      people: everywhere.people + 1,
      openCases: everywhere.openCases + 1,
    })
  })
})
