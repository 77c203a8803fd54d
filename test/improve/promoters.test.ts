import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCases } from '../../src/cases/open.ts'
import { activatePromoters } from '../../src/improve/promoters.ts'
import { project } from '../../src/insight/project.ts'
import { type Columns, openColumns } from '../../src/storage/columns.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { openShops, type Shops } from './shop.ts'

let server: TestServer
let facts: Columns
let shops: Shops
beforeAll(async () => {
  facts = openColumns({ folder: mkdtempSync(join(tmpdir(), 'facts-')) })
  server = await startTestServer({ columns: facts })
  shops = await openShops(server, 'Shops')
})
afterAll(async () => {
  await server.close()
  await facts.close()
})

interface Mail {
  recipient: string
  tryAt: Date
  content: {
    subject: string
    intro: string
    language: string
    rows?: [string, string][]
    action?: { path: string }
    from?: string
  }
}
const mails = (kind: string) =>
  shops.sql<Mail>(
    `select recipient, content, try_at as "tryAt" from messages where kind = $1 order by recipient, message_id`,
    [kind],
  )
const activate = (...ids: string[]) => activatePromoters(server.parts, shops.workspaceId, ids)
const acts = async (query = '') => (await shops.call('GET', `/v1/promoters${query}`)).json().items
const form = (token: string, fields: Record<string, string>) =>
  server.app.inject({
    method: 'POST',
    url: `/r/${token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  })
const tokenOf = async (order: string) => {
  const [found] = await shops.sql<{ token: string }>(
    `select p.token from promoter_acts p join responses r on r.response_id = p.response_id where r.external_id = $1
     and p.token is not null`,
    [order],
  )
  return found!.token
}

describe('an action plan with a customer', () => {
  let contactId: string
  beforeAll(async () => {
    await shops.deliver(['p1', 'malmo'])
    const [found] = await shops.sql<{ id: string }>(
      `select contact_id as id from contacts where contact_key = 'customer-p1'`,
    )
    contactId = found!.id
  })
  const items = [
    { what: 'A new box', who: { id: 'karin', name: 'Karin' }, dueOn: '2020-01-31', state: 'open' },
    { what: 'Call again', who: null, dueOn: null, state: 'open' },
  ]

  it('says what, who and by when, and keeps what changed', async () => {
    const made = (await shops.call('POST', '/v1/plans', { title: 'Back on track', contactId, items })).json()
    expect(made).toMatchObject({
      state: 'open',
      contact: { id: contactId },
      items: [{ overdue: true }, { overdue: false }],
    })
    const customer = async () => (await shops.call('GET', `/v1/customers/${contactId}`)).json()
    // A day of the plan ends with that day where the company is.
    expect((await customer()).actions).toMatchObject([
      {
        kind: 'planItem',
        id: made.planId,
        title: 'A new box',
        owner: 'Karin',
        dueAt: '2020-01-31T23:00:00.000Z',
      },
      { kind: 'planItem', title: 'Call again', dueAt: null },
    ])
    // The page of their company shows it too, and no other company's does.
    await shops.sql(
      `insert into accounts (workspace_id, account_id, account_key, created_at)
       select c.workspace_id, gen_random_uuid(), k, now() from contacts c, unnest(array['acme', 'other']) as k
       where c.contact_id = $1`,
      [contactId],
    )
    await shops.sql(`update contacts set account_key = 'acme' where contact_id = $1`, [contactId])
    const accounts = await shops.sql<{ id: string }>(
      `select account_id as id from accounts where account_key in ('acme', 'other') order by account_key`,
    )
    const ofAccount = async ({ id }: { id: string }) =>
      (await shops.call('GET', `/v1/plans?account=${id}`)).json().items
    expect(await ofAccount(accounts[0]!)).toMatchObject([{ planId: made.planId, contact: { id: contactId } }])
    expect(await ofAccount(accounts[1]!)).toEqual([])
    await shops.sql(`update contacts set account_key = null where contact_id = $1`, [contactId])
    const [first] = made.items
    const change = { revision: 1, items: [{ ...items[0], itemId: first.itemId, state: 'done' }] }
    const changed = (await shops.call('PUT', `/v1/plans/${made.planId}`, change)).json()
    expect(changed.items).toHaveLength(1)
    expect(changed.items[0].doneAt).not.toBeNull()
    expect(changed.history[1].detail.items).toEqual([
      { what: 'A new box', from: 'open', to: 'done' },
      { what: 'Call again', to: 'removed' },
    ])
    expect((await shops.call('PUT', `/v1/plans/${made.planId}`, change)).statusCode).toBe(409)
    const closed = (
      await shops.call('PUT', `/v1/plans/${made.planId}`, { revision: 2, state: 'closed' })
    ).json()
    expect(closed.closedAt).not.toBeNull()
    const { actions, timeline } = await customer()
    expect(actions).toEqual([])
    const plans = timeline.filter((each: { kind: string }) => each.kind.startsWith('plan'))
    expect(plans).toMatchObject([
      { kind: 'planItem', title: 'A new box', detail: 'done', planId: made.planId },
      { kind: 'plan', title: 'Back on track', detail: 'closed', planId: made.planId },
    ])
    expect(
      (await shops.call('GET', `/v1/plans?contact=${contactId}&state=closed`)).json().items,
    ).toHaveLength(1)
  })

  it('names who does an item as the program does, and takes nobody who is not there', async () => {
    const plan = { title: 'By whom', contactId, items: [{ ...items[1], who: { id: 'karin', name: 'K.' } }] }
    const made = (await shops.call('POST', '/v1/plans', plan)).json()
    expect(made.items[0].who).toEqual({ id: 'karin', name: 'Karin' })
    const url = `/v1/plans/${made.planId}`
    const put = (revision: number, ...whos: Array<{ id: string; name: string }>) =>
      shops.call('PUT', url, { revision, items: whos.map((who) => ({ ...items[1], who })) })
    const unknown = await put(1, { id: 'nobody', name: 'Somebody' })
    expect([unknown.statusCode, unknown.json().error.code]).toEqual([422, 'person.unknown'])
    // Who has left stays where they are known already, by the name they had.
    await shops.sql(`update employees set active = false where employee_key = 'karin'`)
    const stays = (await put(1, { id: 'karin', name: '?' }, { id: 'me', name: '?' })).json()
    expect(stays.items.map((each: { who: { name: string } }) => each.who.name)).toEqual(['Karin', 'test'])
    expect(stays.items[1].who.id).toMatch(/^key:/)
    await shops.sql(`update employees set active = true where employee_key = 'karin'`)
    await shops.call('PUT', url, { revision: 2, items: [], state: 'closed' })
  })

  it('is followed up with the customer by mail, unless they want none', async () => {
    const { planId } = (await shops.call('POST', '/v1/plans', { title: 'Second', contactId, items })).json()
    const follow = (body = 'Hello.', more = {}) =>
      shops.call('POST', `/v1/plans/${planId}/followups`, { subject: 'How it goes', body, ...more })
    const write = async (body: string) => (await follow(body)).json()
    const first = (await Promise.all([follow(), follow(), follow()])).map((each) => each.json())
    expect(first.filter(({ plan }) => plan)).toMatchObject([
      { withheld: null, plan: { mails: [{ state: 'queued' }], revision: 2 } },
    ])
    expect(first.flatMap(({ error }) => error?.code ?? [])).toEqual(['plan.told', 'plan.told'])
    const [mail] = await mails('plan')
    expect(mail).toMatchObject({
      recipient: 'cp1@example.se',
      content: {
        subject: 'How it goes',
        rows: [
          ['A new box', 'To be done, by 31 Jan 2020'],
          ['Call again', 'To be done'],
        ],
      },
    })
    expect((await follow()).statusCode).toBe(409)
    expect((await shops.call('GET', `/v1/plans/${planId}`)).json()).toMatchObject({ revision: 2 })
    // The same words at another time, and of items that stand otherwise, say something else.
    expect((await follow('Hello.', { sendAt: '2099-01-01T08:00:00Z' })).statusCode).toBe(200)
    await shops.call('PUT', `/v1/plans/${planId}`, { revision: 3, items: [{ ...items[0], state: 'done' }] })
    expect((await follow()).statusCode).toBe(200)
    expect(await mails('plan')).toHaveLength(3)
    await shops.sql('update contacts set unsubscribed_at = now() where contact_id = $1', [contactId])
    expect(await write('Bye.')).toMatchObject({ withheld: 'unsubscribed' })
    expect(await mails('plan')).toHaveLength(3)
    await shops.sql('update contacts set unsubscribed_at = null where contact_id = $1', [contactId])
    expect(await write('Bye.')).toMatchObject({ withheld: null })
  })

  it('is owned by somebody there is, by the name they have', async () => {
    const make = (owner: object | null) =>
      shops.call('POST', '/v1/plans', { title: 'Owned', contactId, owner })
    const made = (await make({ id: 'karin', name: 'K' })).json()
    expect(made.owner).toEqual({ id: 'karin', name: 'Karin' })
    expect((await make({ id: 'nobody', name: 'Nobody' })).json().error.code).toBe('person.unknown')
    const own = (await make(null)).json().owner
    expect(own.id).toMatch(/^key:/)
    const put = async (revision: number, owner: object | null) =>
      (await shops.call('PUT', `/v1/plans/${made.planId}`, { revision, owner })).json()
    expect((await put(1, { id: 'nobody', name: 'Karin' })).error.code).toBe('person.unknown')
    expect((await put(1, null)).owner).toBeNull()
    expect((await put(2, { id: 'karin', name: null })).owner).toEqual({ id: 'karin', name: 'Karin' })
    await shops.sql(`update employees set active = false where employee_key = 'karin'`)
    // One who has left stays the owner until somebody else is named.
    expect((await put(3, { id: 'karin', name: 'K' })).owner).toEqual({ id: 'karin', name: 'Karin' })
    await shops.sql(`update employees set active = true where employee_key = 'karin'`)
  })

  it('is with somebody there is, within the unit of who asks', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect((await shops.call('POST', '/v1/plans', { title: 'x', contactId: nobody })).statusCode).toBe(404)
    expect((await shops.call('POST', '/v1/plans', { title: 'x' })).statusCode).toBe(400)
    const bergen = await server.key(shops.workspaceId, ['cases:read', 'cases:write'], 'bergen')
    expect((await ask(server, bergen, 'POST', '/v1/plans', { title: 'x', contactId })).statusCode).toBe(403)
    expect((await ask(server, bergen, 'GET', '/v1/plans')).json().items).toEqual([])
  })
})

describe('those who are content', () => {
  beforeAll(async () => {
    const orders = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    await shops.deliver(
      ...orders.map(
        (order) =>
          [order, 'malmo', order === '4' ? { price: 2000 } : {}] as [string, string, Record<string, unknown>],
      ),
    )
  })

  it('are thanked by the rule that holds, once, in words filled in', async () => {
    const happy = await shops.answer('1', 5)
    const unhappy = await shops.answer('2', 1)
    await Promise.all([activate(happy, unhappy), activate(happy)])
    await activate(happy)
    const sent = await mails('promoter')
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      recipient: 'c1@example.se',
      content: { subject: 'Thank you, Customer 1', intro: 'We are glad in Malmö.' },
    })
    expect(sent[0]?.content.action).toBeUndefined()
    expect(await acts('?kind=thanks')).toMatchObject([{ state: 'sent', rule: 'thank' }])
  })

  it('are left alone, with all that would follow, when they said it long ago', async () => {
    const weeksAgo = new Date(Date.now() - 3 * 7 * 86_400_000).toISOString()
    await shops.deliver(['old', 'malmo', { price: 2000 }])
    const before = (await mails('promoter')).length
    await activate(await shops.answer('old', 5, {}, weeksAgo))
    const old = (await acts('?state=withheld')).filter((each: { reason: string }) => each.reason === 'tooOld')
    expect(old.map((each: { kind: string }) => each.kind).sort()).toEqual(['thanks', 'upsell'])
    expect(await mails('promoter')).toHaveLength(before)
    // What later tests count is without it.
    await shops.sql(`with gone as (delete from responses where external_id = 'old' returning response_id)
      delete from promoter_acts where response_id in (select response_id from gone)`)
  })

  it('are left alone when they want no mail, have an open case, or were thanked lately', async () => {
    await shops.sql(`update contacts set unsubscribed_at = now() where contact_key = 'customer-3'`)
    await openCases(server.parts, shops.workspaceId, [await shops.answer('2b', 1)])
    await shops.sql(
      `update cases set contact_id = (select contact_id from contacts where contact_key = 'customer-2')`,
    )
    await activate(
      await shops.answer('3', 5),
      await other('customer-2', '2c'),
      await other('customer-1', '1b'),
    )
    const withheld = await acts('?state=withheld')
    expect(withheld.map((each: { reason: string }) => each.reason).sort()).toEqual([
      ...['askedBefore', 'openCase', 'unsubscribed'],
    ])
  })
  /** A further answer of somebody. */
  async function other(contactKey: string, externalId: string) {
    const handedIn = {
      ...{ source: 'test', externalId, survey: 'delivery', contactKey },
      ...{ answers: { satisfaction: 5 }, answeredAt: new Date().toISOString() },
    }
    const result = await ask(server, shops.key, 'POST', '/v1/responses', [handedIn])
    return result.json().receipts[0].responseId as string
  }

  it('wait when a mail went to them a moment ago', async () => {
    const id = await shops.answer('8', 5)
    const asked = new Date(Date.now() - 3_600_000)
    await shops.sql(
      `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, trigger, survey, touchpoint,
         language, state, due_at, sent_at, version)
       select workspace_id, response_id, response_id, 'x', contact_id, 'delivered', survey, touchpoint, 'en', 'sent', $2, $2,
         version from responses where response_id = $1`,
      [id, asked],
    )
    await activate(id)
    const mail = (await mails('promoter')).find(({ recipient }) => recipient === 'c8@example.se')
    expect(mail?.tryAt.getTime()).toBe(asked.getTime() + 86_400_000)
  })

  it('become a lead of the manager, besides being thanked', async () => {
    await activate(await shops.answer('4', 5, { why: 'More of this, please.' }))
    expect((await acts('?kind=upsell')).map((each: object) => each)).toMatchObject([
      { state: 'open', owner: 'karin', ownerName: 'Karin', contactName: 'Customer 4' },
    ])
    const mail = (await mails('promoter')).find(({ recipient }) => recipient === 'karin@example.se')
    expect(mail?.content).toMatchObject({
      subject: 'Somebody to talk to: Customer 4',
      quotes: [{ text: 'More of this, please.' }],
    })
    const [lead] = await acts('?kind=upsell&owner=karin')
    const customer = async () => (await shops.call('GET', `/v1/customers/${lead.contactId}`)).json()
    const known = await customer()
    expect(known.actions).toMatchObject([{ kind: 'lead', id: lead.actId, title: 'more', owner: 'Karin' }])
    expect(known.timeline).toContainEqual(
      expect.objectContaining({ kind: 'promoter', title: 'upsell', detail: 'open' }),
    )
    const won = { revision: 1, state: 'won', value: 5000 }
    expect((await shops.call('POST', `/v1/promoters/${lead.actId}`, won)).json()).toMatchObject({
      state: 'won',
      value: 5000,
    })
    expect((await shops.call('POST', `/v1/promoters/${lead.actId}`, won)).statusCode).toBe(409)
  })

  it('pass a link on: opening it counts nothing, going on and leaving a name do', async () => {
    await activate(await shops.answer('5', 5, { why: 'friends' }))
    const token = await tokenOf('5')
    const mail = (await mails('promoter')).find(({ recipient }) => recipient === 'c5@example.se')
    expect(mail?.content.action?.path).toBe(`/r/${token}`)
    const page = await server.app.inject({ url: `/r/${token}`, headers: { 'accept-language': 'sv' } })
    expect(page.body).toContain('Rekommenderas till dig: Shops')
    // In a language of the workspace: of those that the browser wishes, else its first.
    const inLanguage = async (wish: string) =>
      (await server.app.inject({ url: `/r/${token}`, headers: { 'accept-language': wish } })).body
    expect(await inLanguage('nb,sv;q=0.8')).toContain('<html lang="sv"')
    expect(await inLanguage('nb')).toContain('<html lang="en"')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    await server.app.inject({ method: 'HEAD', url: `/r/${token}` })
    const [before] = await acts('?kind=referral')
    expect(before).toMatchObject({ clicks: 0, leads: 0 })
    const gone = await form(token, { do: 'go' })
    expect([gone.statusCode, gone.headers.location]).toEqual([303, 'https://shops.example/new'])
    const lead = { do: 'lead', name: '<b>Eva</b>', email: 'Eva@new.example', message: 'Two shops' }
    expect((await form(token, lead)).statusCode).toBe(200)
    await form(token, { ...lead, email: 'eva@new.example' })
    expect((await form(token, { do: 'lead', name: 'x', email: 'none' })).statusCode).toBe(422)
    const [after] = await acts('?kind=referral')
    expect(after).toMatchObject({ clicks: 1, leads: 1 })
    const { items } = (await shops.call('GET', '/v1/leads')).json()
    expect(items).toMatchObject([
      { name: '<b>Eva</b>', email: 'Eva@new.example', from: 'Customer 5', state: 'open' },
    ])
    const told = (await mails('promoter')).filter(({ content }) => content.subject.includes('Eva'))
    expect(told.map(({ content }) => [content.intro, content.rows, content.action])).toEqual([
      [
        'Customer 5 has passed your link on. This is who asks you to get in touch.',
        [
          ['Name', '<b>Eva</b>'],
          ['E-mail', 'Eva@new.example'],
        ],
        { label: 'Open the leads', path: '/promoters' },
      ],
    ])
    await shops.call('POST', `/v1/leads/${items[0].leadId}`, { state: 'won', value: 700 })
  })

  it('say yes to being named, and enter the register; or change their mind', async () => {
    await activate(await shops.answer('6', 5, { why: 'name me' }))
    const token = await tokenOf('6')
    expect((await form(token, { do: 'lead', name: 'x', email: 'x@y.z' })).statusCode).toBe(200)
    expect((await shops.call('GET', '/v1/ambassadors')).json().items).toEqual([])
    const opened = async () => (await server.app.inject({ url: `/r/${token}` })).body
    expect(await opened()).toContain('value="yes"')
    expect((await form(token, { do: 'yes' })).body).toContain('noted your answer: “Yes, gladly”')
    await form(token, { do: 'yes' })
    // Opened again it says what was answered, and asks only for the other.
    const again = await opened()
    expect(again).toMatch(/We noted your answer on \d+ \w+ \d{4}: “Yes, gladly”\./)
    expect(again).toContain('value="no">Change it to “No, thank you”')
    expect(again).not.toContain('value="yes"')
    const register = async () => (await shops.call('GET', '/v1/ambassadors')).json().items
    expect(await register()).toMatchObject([{ name: 'Customer 6', state: 'active', because: 'reference' }])
    await form(token, { do: 'no' })
    expect(await register()).toMatchObject([{ state: 'left' }])
    expect(await opened()).toMatch(/“No, thank you”[\s\S]*value="yes">Change it to “Yes, gladly”/)
    const [act] = await acts('?kind=reference')
    expect(act.state).toBe('declined')
    const enter = { active: true, because: 'spoke at the fair' }
    expect((await shops.call('PUT', `/v1/ambassadors/${act.contactId}`, enter)).json()).toMatchObject({
      ...{ state: 'active', because: 'spoke at the fair' },
    })
  })

  it('and what came of each rule is counted, with its share and interval', async () => {
    await activate(await shops.answer('7', 5, { why: 'write' }))
    await form(await tokenOf('7'), { do: 'go' })
    const { items } = (await shops.call('GET', '/v1/promoters/outcomes')).json()
    const of = (rule: string) => items.find((each: { rule: string }) => each.rule === rule)
    expect(of('refer')).toMatchObject({
      acted: 1,
      clicks: 1,
      leads: 1,
      value: 700,
      leadsWon: { n: 1, value: 100 },
      succeeded: { n: 1, value: 100 },
    })
    const none = { n: 0, value: null, interval: null }
    expect([of('thank').succeeded, of('review').succeeded]).toEqual([none, none])
    expect(of('reference').succeeded).toMatchObject({ n: 1, value: 0 })
    expect(of('review')).toMatchObject({ acted: 1, followed: { n: 1, value: 100 } })
    expect(of('more')).toMatchObject({ acted: 1, value: 5000, succeeded: { n: 1, value: 100 } })
    expect(of('thank')).toMatchObject({
      acted: 3,
      withheld: { askedBefore: 1, openCase: 1, unsubscribed: 1 },
    })
  })

  it('as metrics too, which can be asked by whatever answers can', async () => {
    await project({ ...server.parts, columns: facts }, shops.workspaceId)
    const total = async (metric: string, where?: string) => {
      const asked = { metric, ...(where ? { where } : {}) }
      const { total: row } = (await shops.call('POST', '/v1/ask', asked)).json()
      return [row.counts?.yes ?? row.value, row.n]
    }
    expect(await total('promotersActivated')).toEqual([6, 9])
    expect(await total('referralLeads', "unit.shop == 'malmo'")).toEqual([1, 1])
    expect(await total('referralLeads', "unit.shop == 'bergen'")).toEqual([0, 0])
    expect(await total('reviewsFollowed')).toEqual([1, 1])
    expect(await total('referencesAccepted')).toEqual([0, 1])
    expect(await total('upsellsWon')).toEqual([1, 1])
    const { rows } = (await shops.call('POST', '/v1/ask', { metric: 'responses', by: ['promoter'] })).json()
    expect(rows.map((row: { by: string[]; n: number }) => [row.by[0], row.n])).toEqual([
      ...[
        ['thanks', 3],
        ['reference', 1],
        ['referral', 1],
        ['review', 1],
        ['upsell', 1],
      ],
    ])
  })

  it('and a link that is none leads nowhere', async () => {
    for (const token of ['nothing', 'a'.repeat(22)])
      expect((await server.app.inject(`/r/${token}`)).statusCode).toBe(404)
  })
})
