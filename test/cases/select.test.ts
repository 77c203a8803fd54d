import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { openDesk } from './deskProgram.ts'

let server: TestServer
let desk: Awaited<ReturnType<typeof openDesk>>
let karin: Record<string, string>
let olaKey: string
const contacts = new Map<string, string>()

beforeAll(async () => {
  server = await startTestServer()
  await server.signIn()
  desk = await openDesk(server, 'Chosen')
  karin = await desk.member('karin@example.se', {
    role: 'unitManager',
    unitKey: 'malmo',
    employeeKey: 'karin',
  })
  // No rule holds for the first two; the third has a case by the policy.
  await desk.unhappy('1', 'glad', 'malmo', { satisfaction: 5 })
  await desk.unhappy('2', 'gladToo', 'malmo', { satisfaction: 4, company: 'Other' })
  await desk.unhappy('3', 'cross', 'malmo', { company: 'Third' })
  await desk.unhappy('4', 'north', 'bergen', { satisfaction: 5, company: 'Fourth' })
  const { items } = (await ask(server, desk.key, 'GET', '/v1/customers')).json()
  for (const { id, key } of items) contacts.set(key, id)
  olaKey = await desk.keyOf(['cases:write', 'cases:read'], 'no')
}, 90_000)
afterAll(() => server.close())

const open = (who: string | Record<string, string>, items: object[], note?: string) =>
  ask(server, who, 'POST', '/v1/cases/open', { items, ...(note ? { note } : {}) })
const of = (key: string) => ({ contactId: contacts.get(key) as string })
const get = async (url: string) => (await ask(server, desk.key, 'GET', url)).json()

describe('cases opened by hand', () => {
  it('are opened once for each customer, with owner and deadline by the policy, and say who opened them', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => open(karin, [of('glad'), of('glad'), of('cross')], 'They renew in May.')),
    )
    expect([first?.statusCode, second?.statusCode]).toEqual([200, 200])
    const both = [first?.json(), second?.json()]
    expect(both.map((each) => each.opened).sort()).toEqual([0, 1])
    expect(both.map((each) => each.open).sort()).toEqual([2, 3])
    const receipts = both.flatMap((each) => each.receipts)
    const [{ caseId }] = receipts.filter(({ status }: { status: string }) => status === 'opened')
    const found = await get(`/v1/cases/${caseId}`)
    expect(found).toMatchObject({
      state: 'open',
      reason: 'selected',
      rule: 'selected',
      owner: { id: 'karin' },
      contact: { name: 'Name glad' },
    })
    expect(new Date(found.contactDueAt).getTime() - new Date(found.openedAt).getTime()).toBe(48 * 3_600_000)
    expect(found.events).toMatchObject([{ kind: 'opened', actor: 'Karin', note: 'They renew in May.' }])
    expect(found.responses).toHaveLength(1)
    // Whoever has a case by the policy keeps that one.
    const cross = receipts.filter(({ status, caseId: id }) => status === 'open' && id !== caseId)
    expect((await get(`/v1/cases/${cross[0].caseId}`)).reason).toBe('unhappy')
  })

  it('for an account are about the latest answer of its people; an account with an open case gets none', async () => {
    const accounts = (await get('/v1/accounts')).items as Array<{ id: string; name: string }>
    const idOf = (name: string) => accounts.find((each) => each.name === name)?.id
    const items = ['Other', 'Third'].map((name) => ({ accountId: idOf(name) }))
    const made = (await open(desk.key, items)).json()
    expect(made.receipts.map(({ status }: { status: string }) => status)).toEqual(['opened', 'open'])
    expect(await get(`/v1/cases/${made.receipts[0].caseId}`)).toMatchObject({
      account: { name: 'Other' },
      contact: { name: 'Name gladToo' },
    })
  })

  it('stay within the unit of who asks, and need an answer to be about', async () => {
    const outside = (await open(karin, [of('north')])).json()
    expect(outside).toMatchObject({ opened: 0, refused: 1, receipts: [{ code: 'case.noAnswer' }] })
    const other = { ...of('north'), responseId: '00000000-0000-8000-8000-000000000000' }
    expect((await open(olaKey, [other])).json()).toMatchObject({ refused: 1 })
    expect((await open(olaKey, [of('north'), of('glad')])).json()).toMatchObject({ opened: 1, refused: 1 })
    const reader = await desk.keyOf(['cases:read'])
    expect((await open(reader, [of('glad')])).statusCode).toBe(403)
    expect((await open(desk.key, [])).statusCode).toBe(400)
  })
})
