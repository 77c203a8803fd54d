import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCases } from '../../src/cases/open.ts'
import { project } from '../../src/insight/project.ts'
import { type Columns, openColumns } from '../../src/storage/columns.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { openShops, type Shops } from './shop.ts'

let server: TestServer
let facts: Columns
let shops: Shops
let late: string
let lateCase: string

const words = {
  said: { en: 'The parcel was broken.', sv: 'Paketet var trasigt.' },
  did: { en: 'We changed the box.', sv: 'Vi bytte kartong.' },
}
const make = async (body: object) => (await shops.call('POST', '/v1/improvements', body)).json()
const put = (id: string, body: object) => shops.call('PUT', `/v1/improvements/${id}`, body)

beforeAll(async () => {
  facts = openColumns({ folder: mkdtempSync(join(tmpdir(), 'facts-')) })
  server = await startTestServer({ columns: facts })
  shops = await openShops(server, 'Shops')
  await shops.deliver(
    ...[
      ['1', 'malmo'],
      ['2', 'bergen'],
      ['3', 'malmo'],
      ['4', 'malmo', { state: 'Blekinge' }],
      ['5', 'malmo'],
    ].map((each) => each as [string, string]),
    ['6', 'malmo', { email: null }],
    ['7', 'malmo'],
  )
  late = await shops.answer('1', 2, { parcel: 'broken' })
  await openCases(server.parts, shops.workspaceId, [late])
  const [found] = await shops.sql<{ id: string }>('select case_id as id from cases')
  lateCase = found!.id
})
afterAll(async () => {
  await server.close()
  await facts.close()
})

describe('an improvement', () => {
  it('goes from theme to action, tied to cases and answers, with a history', async () => {
    const made = await make({
      ...{
        title: 'A stronger box',
        theme: 'parcel',
        action: 'Buy another box',
        unit: 'malmo',
        dueOn: '2020-01-31',
      },
      ...{ owner: { id: 'karin', name: 'Karin' }, caseIds: [lateCase], responseIds: [late] },
    })
    expect(made).toMatchObject({
      ...{ state: 'proposed', overdue: true, links: { cases: 1, responses: 1 }, revision: 2 },
      ...{ unit: { key: 'malmo', name: 'Malmö' }, owner: { id: 'karin', name: 'Karin' } },
    })
    const decided = (
      await put(made.improvementId, { revision: 2, state: 'decided', note: 'at the meeting' })
    ).json()
    expect(decided).toMatchObject({
      state: 'decided',
      revision: 3,
      linked: { cases: [{ caseId: lateCase }] },
    })
    expect(decided.history.map((each: { kind: string }) => each.kind)).toEqual(['created', 'linked', 'moved'])
    expect(decided.history[2]).toMatchObject({
      note: 'at the meeting',
      detail: { state: { from: 'proposed', to: 'decided' } },
    })
    const listed = (await shops.call('GET', `/v1/improvements?case=${lateCase}&state=decided`)).json()
    expect(listed.items.map((each: { title: string }) => each.title)).toEqual(['A stronger box'])
    await shops.call('POST', `/v1/improvements/${made.improvementId}/link`, {
      caseIds: [lateCase],
      remove: true,
    })
    expect((await shops.call('GET', `/v1/improvements/${made.improvementId}`)).json().links.cases).toBe(0)
  })

  it('is not lost between two who change it, and takes only the moves there are', async () => {
    const { improvementId: id } = await make({ title: 'Call before delivery' })
    const both = await Promise.all([
      put(id, { revision: 1, action: 'one' }),
      put(id, { revision: 1, action: 'other' }),
    ])
    expect(both.map((each) => each.statusCode).sort()).toEqual([200, 409])
    const jump = await put(id, { revision: 2, state: 'done' })
    expect([jump.statusCode, jump.json().error.code]).toEqual([409, 'improvement.cannotMove'])
    await put(id, { revision: 2, state: 'decided' })
    const done = (await put(id, { revision: 3, state: 'done' })).json()
    expect(done.doneAt).not.toBeNull()
    expect((await put(id, { revision: 4, state: 'doing' })).json()).toMatchObject({
      doneAt: null,
      revision: 5,
    })
    expect((await put(id, { revision: 5 })).json().revision).toBe(5)
  })

  it('names themes, causes, units and conditions that there are', async () => {
    for (const body of [{ theme: 'parcl' }, { cause: 'none' }, { unit: 'lund' }, { concerns: 'themes ==' }]) {
      expect((await shops.call('POST', '/v1/improvements', { title: 'x', ...body })).statusCode).toBe(400)
    }
  })

  it('names a metric, conditions and an owner that there are, also later', async () => {
    const refused = async (body: object) => {
      const answer = await shops.call('POST', '/v1/improvements', { title: 'x', ...body })
      const { code, faults, message } = answer.json().error
      return [answer.statusCode, code, faults?.[0]?.where ?? message]
    }
    expect(await refused({ metric: 'bogus' })).toEqual([400, 'request.malformed', 'body/metric'])
    expect(await refused({ where: '(((' })).toEqual([400, 'request.malformed', 'body/where'])
    expect(await refused({ metric: 'csat', compareWhere: "unit.shp == 'x'" })).toEqual([
      ...[400, 'request.malformed', 'body/compareWhere'],
    ])
    expect((await refused({ owner: { id: 'ghost', name: 'Ghost' } })).slice(0, 2)).toEqual([
      ...[422, 'person.unknown'],
    ])
    // What may be left empty says what it has to be, and not that it is not null.
    const form = await shops.call('POST', '/v1/improvements', { title: 'x', theme: 5 })
    expect(form.json().error.faults).toEqual([{ where: 'body/theme', message: 'must be string' }])
    const made = await make({ title: 'x', where: 'case.hasComment', owner: { id: 'karin', name: 'who?' } })
    expect(made).toMatchObject({ where: 'case.hasComment', owner: { id: 'karin', name: 'Karin' } })
    const renamed = await shops.call('PUT', `/v1/improvements/${made.improvementId}`, {
      revision: made.revision,
      owner: { id: 'karin', name: 'U' },
    })
    expect(renamed.json()).toMatchObject({ owner: { id: 'karin', name: 'Karin' } })
    // A condition of cases says nothing about answers.
    const change = await put(made.improvementId, { revision: 1, metric: 'csat' })
    expect([change.statusCode, change.json().error.faults[0].where]).toEqual([400, 'body/where'])
    expect((await put(made.improvementId, { revision: 1, metric: 'solved' })).statusCode).toBe(200)
  })

  it('is seen and changed within the unit of who asks; what is for all is only seen', async () => {
    const bergen = await server.key(shops.workspaceId, ['cases:read', 'cases:write'], 'bergen')
    const { improvementId: forAll } = await make({ title: 'For all' })
    const { improvementId: inMalmo } = await make({ title: 'In Malmö', unit: 'malmo' })
    expect((await ask(server, bergen, 'GET', `/v1/improvements/${inMalmo}`)).statusCode).toBe(404)
    expect((await ask(server, bergen, 'GET', `/v1/improvements/${forAll}`)).statusCode).toBe(200)
    const change = { revision: 1, title: 'Mine' }
    expect((await ask(server, bergen, 'PUT', `/v1/improvements/${forAll}`, change)).statusCode).toBe(403)
    expect((await ask(server, bergen, 'POST', '/v1/improvements', { title: 'x' })).statusCode).toBe(403)
    expect(
      (await ask(server, bergen, 'POST', '/v1/improvements', { title: 'x', unit: 'bergen' })).statusCode,
    ).toBe(201)
    const foreign = await make({ title: 'x' })
    const link = await ask(server, bergen, 'POST', `/v1/improvements/${foreign.improvementId}/link`, {
      caseIds: [lateCase],
    })
    expect(link.json()).toEqual({ changed: 0 })
  })
})

describe('you said, we did', () => {
  let id: string
  const preview = async () => (await shops.call('POST', `/v1/improvements/${id}/tell/preview`, {})).json()
  beforeAll(async () => {
    for (const order of ['2', '3', '4', '5', '6']) await shops.answer(order, 3, { parcel: 'broken' })
    await shops.answer('7', 3, { parcel: 'whole' })
    await shops.sql(`update contacts set unsubscribed_at = now() where contact_key = 'customer-3'`)
    await shops.sql(`update contacts set language = 'sv' where contact_key = 'customer-2'`)
    await shops.sql(`update contacts set email = null where contact_key = 'customer-6'`)
    await invite('5', 'asked5')
    const concerns = `has(answers.parcel) && answers.parcel == 'broken'`
    const made = await make({ title: 'A stronger box', concerns, responseIds: [late], ...words })
    id = made.improvementId
  })
  /** An invitation sent a moment ago, by whose link the answer was given. */
  async function invite(order: string, token: string) {
    await shops.sql(
      `with made as (insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, trigger, survey,
         touchpoint, language, state, due_at, sent_at, version)
       select r.workspace_id, gen_random_uuid(), gen_random_uuid(), $2, r.contact_id, 'delivered', 'delivery', 'delivery',
         'en', 'sent', $3::timestamptz, $3::timestamptz, r.version
       from responses r where r.external_id = $1 returning invitation_id)
       update responses set invitation_id = (select invitation_id from made) where external_id = $1`,
      [order, token.padEnd(22, '0'), new Date()],
    )
  }

  const page = async (token: string) => (await server.app.inject(`/s/${token.padEnd(22, '0')}`)).body

  it('stands behind the old link of all whom it concerns from the day it is decided, with its state', async () => {
    const { improvementId, revision } = await make({
      ...{ title: 'A thinner box', concerns: `has(answers.parcel) && answers.parcel == 'broken'` },
      said: { en: 'The box is too thick.' },
    })
    const move = (at: number, state: string) => put(improvementId, { revision: at, state })
    await invite('3', 'asked3')
    expect(await page('asked3')).not.toContain('too thick')
    await move(revision, 'decided')
    // Customer 3 wants no mails and is left out of every telling; 5 is told of another improvement.
    for (const token of ['asked3', 'asked5']) {
      expect(await page(token)).toContain('The box is too thick.')
      expect(await page(token)).toContain('Decided')
    }
    await invite('7', 'asked7')
    expect(await page('asked7')).not.toContain('too thick')
    await move(revision + 1, 'doing')
    expect(await page('asked3')).toContain('Under way')
    await put(improvementId, { revision: revision + 2, state: 'done', did: { en: 'Thinner now.' } })
    expect(await page('asked3')).toContain('Thinner now.')
    await move(revision + 3, 'doing')
    await move(revision + 4, 'dropped')
    expect(await page('asked3')).not.toContain('too thick')
  })

  it('leaves out whoever shares an address with somebody who was mailed lately, or wants no mail', async () => {
    const withheld = async (email: string) => {
      await shops.sql('update contacts set email = $1 where contact_key = $2', [email, 'customer-2'])
      return (await preview()).withheldCount
    }
    const addressOf = async (customer: string) =>
      (
        await shops.sql<{ email: string }>('select email from contacts where contact_key = $1', [customer])
      )[0]!.email
    const own = await addressOf('customer-2')
    const mailed = await addressOf('customer-5')
    expect(await withheld(` ${mailed.toUpperCase()}`)).toMatchObject({ recentMail: 2, unsubscribed: 1 })
    await shops.sql(
      `insert into unsubscribed_addresses (workspace_id, address, at)
       select workspace_id, 'shared@home.invalid', now() from contacts limit 1`,
    )
    expect(await withheld('Shared@home.invalid')).toMatchObject({ recentMail: 1, unsubscribed: 2 })
    await withheld(own)
  })

  it('is told to nobody with an open case before that is closed', async () => {
    const open = await preview()
    expect([open.count, open.withheldCount.openCase]).toEqual([1, 1])
    const { revision } = (await shops.call('GET', `/v1/cases/${lateCase}`)).json()
    const close = { revision, outcome: 'no answer', note: 'Gone away.' }
    expect((await shops.call('POST', `/v1/cases/${lateCase}/close`, close)).statusCode).toBe(200)
    const closed = await preview()
    expect([closed.count, closed.withheldCount.openCase]).toEqual([2, undefined])
  })

  it('previews whom it concerns, who is left out and why, and the mail in each language', async () => {
    const seen = await preview()
    expect(seen.count).toBe(2)
    expect(
      seen.recipients.map((each: { name: string; language: string }) => [each.name, each.language]).sort(),
    ).toEqual([
      ['Customer 1', 'en'],
      ['Customer 2', 'sv'],
    ])
    expect(seen.withheldCount).toEqual({ unsubscribed: 1, noConsent: 1, recentMail: 1, noAddress: 1 })
    expect(seen.mails.find((each: { language: string }) => each.language === 'sv')).toEqual({
      ...{ language: 'sv', subject: 'Du sa, vi gjorde', count: 1 },
      ...{ said: words.said.sv, did: words.did.sv, reader: 'Customer 2' },
    })
  })

  it('asks for the words in every language that somebody reads', async () => {
    const found = (await shops.call('GET', `/v1/improvements/${id}`)).json()
    await put(id, { revision: found.revision, did: { en: words.did.en } })
    const refused = await shops.call('POST', `/v1/improvements/${id}/tell/preview`, {})
    expect(refused.json().error.faults).toEqual([{ where: 'did/sv', message: 'is missing' }])
    await put(id, { revision: found.revision + 1, did: words.did })
  })

  it('fills in names as letters do, and refuses those that stand for nothing when they are written', async () => {
    const { revision } = (await shops.call('GET', `/v1/improvements/${id}`)).json()
    const wrong = {
      revision,
      said: { en: 'Dear {{customer.nam}} {{kund.x | du}}', sv: '{order.key} {så} ({{}})' },
    }
    const faults: { where: string; message: string }[] = (await put(id, wrong)).json().error.faults
    expect(faults.map(({ where, message }) => `${where}: ${message.split('; there are')[0]}`)).toEqual([
      'body/said/en: {{customer.nam}} stands for nothing; did you mean "customer.name"?',
      'body/said/en: {{kund.x | du}} stands for nothing',
      'body/said/sv: {{}} stands for nothing',
      'body/said/sv: expected {{order.key}}; found {order.key}',
    ])
    const said = {
      ...words.said,
      sv: 'Paket {{order.key}} till {{customer.name}} var trasigt{{employee.name}}.',
    }
    await put(id, { revision, said })
    const { mails } = await preview()
    expect(mails.find((each: { language: string }) => each.language === 'sv')).toMatchObject({
      said: 'Paket 2 till Customer 2 var trasigt.',
      reader: 'Customer 2',
    })
    await put(id, {
      revision: revision + 1,
      said: words.said,
      did: { ...words.did, en: '{{customer.name}}: better.' },
    })
  })

  it('tells of what is done, each person once, also when two press the button', async () => {
    const early = await shops.call('POST', `/v1/improvements/${id}/tell`, {})
    expect(early.json().error.code).toBe('improvement.cannotMove')
    const { revision } = (await shops.call('GET', `/v1/improvements/${id}`)).json()
    await put(id, { revision, state: 'decided' })
    await put(id, { revision: revision + 1, state: 'done' })
    const told = await Promise.all([1, 2].map(() => shops.call('POST', `/v1/improvements/${id}/tell`, {})))
    expect(told.map((each) => each.json().told).sort()).toEqual([0, 2])
    const mails = await shops.sql<{
      recipient: string
      content: { subject: string; quotes: { text: string }[] }
    }>(`select recipient, content from messages where kind = 'youSaidWeDid' order by recipient`)
    expect(
      mails.map(({ recipient, content }) => [recipient, content.subject, content.quotes[1]?.text]),
    ).toEqual([
      ['c1@example.se', 'You said, we did', 'Customer 1: better.'],
      ['c2@example.se', 'Du sa, vi gjorde', words.did.sv],
    ])
    expect((await preview()).withheldCount.told).toBe(2)
  })

  it('reaches later who could not be written to before', async () => {
    await shops.sql(`update invitations set sent_at = sent_at - interval '2 days'`)
    expect((await shops.call('POST', `/v1/improvements/${id}/tell`, {})).json()).toEqual({
      told: 1,
      withheld: 3,
    })
    const [mail] = await shops.sql<{ content: { action: { path: string }; consentOf: string } }>(
      `select content from messages where kind = 'youSaidWeDid' and recipient = 'c5@example.se'`,
    )
    expect(mail?.content).toMatchObject({
      action: { path: '/s/asked50000000000000000' },
      consentOf: expect.any(String),
    })
  })

  it('and stands behind the old link, for the one whose answer it was', async () => {
    expect(await page('asked5')).toContain('What your answer changed')
    expect(await page('asked5')).toContain('Customer 5: better.')
    expect(await page('asked7')).not.toContain('changed')
    expect((await page('asked5')).length).toBeLessThan(3000)
    const { revision } = (await shops.call('GET', `/v1/improvements/${id}`)).json()
    await put(id, { revision, state: 'doing' })
    expect(await page('asked5')).toContain('Under way')
    expect(await page('asked5')).not.toContain('better.')
  })

  it('is for those who may write to customers', async () => {
    const agent = await server.key(shops.workspaceId, ['cases:read', 'cases:write'])
    expect((await ask(server, agent, 'POST', `/v1/improvements/${id}/tell`, {})).statusCode).toBe(403)
  })
})

describe('its effect', () => {
  it('is the metric since against before, beside all others meanwhile', async () => {
    const day = 86_400_000
    const done = new Date(Date.now() - 40 * day)
    const at = (days: number) => new Date(done.getTime() + days * day).toISOString()
    // Malmö goes from 20 to 80 per cent content; Bergen from 50 to 60.
    const share = { malmo: [20, 80], bergen: [50, 60] } as const
    for (const [shop, [before, after]] of Object.entries(share)) {
      const orders = Array.from({ length: 100 }, (_, i) => `${shop}${i}`)
      await shops.deliver(...orders.map((order) => [order, shop] as [string, string]))
      const answers = orders.map((order, i) => ({
        ...{ source: 'test', externalId: order, survey: 'delivery', contactKey: `customer-${order}` },
        transaction: { type: 'order', key: order },
        answers: { satisfaction: (i % 50) * 2 < (i < 50 ? before : after) ? 5 : 1 },
        answeredAt: at(i < 50 ? -1 - (i % 20) : 1 + (i % 20)),
      }))
      await ask(server, shops.key, 'POST', '/v1/responses', answers)
    }
    await project({ ...server.parts, columns: facts }, shops.workspaceId)
    const made = await make({ title: 'New hours', metric: 'csat', where: "unit.shop == 'malmo'" })
    const effect = async (query = '?window=P30D') =>
      (await shops.call('GET', `/v1/improvements/${made.improvementId}/effect${query}`)).json()
    expect(await effect()).toMatchObject({ missing: 'notDone', verdict: 'cannotTell' })
    await put(made.improvementId, { revision: 1, state: 'decided' })
    await put(made.improvementId, { revision: 2, state: 'done', doneAt: done.toISOString() })
    const told = await effect()
    expect(told).toMatchObject({ label: 'beforeAndAfter', complete: true, verdict: 'better' })
    expect(told.told.row).toMatchObject({ n: 50, value: 80, change: { value: expect.closeTo(60, 9) } })
    expect(told.others.row).toMatchObject({ n: 50, value: 60, change: { value: expect.closeTo(10, 9) } })
    expect(told.others.text).toContain(`where !(unit.shop == 'malmo')`)
    expect(told.net.value).toBeCloseTo(50, 10)
    // Four shares of fifty: z times the root of the sum of p(1-p)/50.
    const half = 1.959964 * Math.sqrt((0.16 + 0.16 + 0.25 + 0.24) / 50) * 100
    expect(told.net.interval[1] - told.net.value).toBeCloseTo(half, 3)
    expect(await effect('?window=P90D')).toMatchObject({ complete: false })
    const without = await make({ title: 'Without a metric' })
    const { missing } = (await shops.call('GET', `/v1/improvements/${without.improvementId}/effect`)).json()
    expect(missing).toBe('metric')
  })
})
