import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import type { Role } from '../../src/base/principal.ts'
import { recordInboundMail } from '../../src/channels/inbound.ts'
import { replyAddressOf, replyKey } from '../../src/channels/replyAddress.ts'
import { sendPraise } from '../../src/notify/praise.ts'
import { placeMember } from '../../src/people/members.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'
import { salesProgram } from './rig.ts'

let server: TestServer
let sales: Awaited<ReturnType<TestServer['workspace']>>
const caseId = stableId('case', 'api')

beforeAll(async () => {
  server = await startTestServer()
  sales = await server.workspace('Sales')
  const { parts } = server
  const text = salesProgram('  praiseFirst: { until: released }')
  await parts.programs.push(sales.workspaceId, [{ path: 'program.yaml', text }])
  const { version } = await parts.programs.active(sales.workspaceId)
  const now = systemClock.now()
  const answers = [
    ['good', 10, 's1', 'south'],
    ['bad', 5, 's1', 'south'],
    ['north', 4, 'n1', 'north'],
  ] as const
  await parts.database.inWorkspace(sales.workspaceId, async (tx) => {
    for (const [id, recommend, employee, unit] of answers)
      await tx.query(
        `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
           answered_at, answers, comment, context, version, employee_key, unit_key)
         values ($1, $2, 'call', 'call', 'survey', 'completed', 'sv', $3, $3, $4, 'Ord', '{}', $5, $6, $7)`,
        [
          sales.workspaceId,
          stableId('response', id),
          now,
          JSON.stringify({ recommend }),
          version,
          employee,
          unit,
        ],
      )
    await tx.query(
      `insert into cases (workspace_id, case_id, rule, response_id, unit_key, state, opened_at, contact_due_at, version)
       values ($1, $2, 'unhappy', $3, 'north', 'open', $4, $4, $5)`,
      [sales.workspaceId, caseId, stableId('response', 'north'), now, version],
    )
    await tx.query('insert into case_deadlines (workspace_id, case_id) values ($1, $2)', [
      sales.workspaceId,
      caseId,
    ])
  })
  await sendPraise(
    parts,
    sales.workspaceId,
    answers.map(([id]) => stableId('response', id)),
  )
})
afterAll(() => server.close())

async function person(role: Role, unitKey?: string, employeeKey?: string) {
  const email = `${role}${unitKey ?? ''}${employeeKey ?? ''}@example.se`.toLowerCase()
  await placeMember(
    server.parts.database,
    systemClock,
    sales.workspaceId,
    { email },
    { role, ...(unitKey ? { unitKey } : {}), ...(employeeKey ? { employeeKey } : {}) },
  )
  return server.signIn(email)
}

describe('praise and criticism by API', () => {
  const seen = async (who: Record<string, string> | string, query = '') =>
    (await ask(server, who, 'GET', `/v1/notifications${query}`))
      .json()
      .items.map(
        (each: { kind: string; reader: { key: string } | null }) => `${each.kind} ${each.reader?.key}`,
      )
      .sort()

  it('shows each what they may see: an employee what they are told, a manager their units', async () => {
    expect(await seen(sales.key)).toEqual(['criticism nm', 'criticism sm', 'praise s1', 'praise sm'])
    expect(await seen(await person('unitManager', 'south'))).toEqual([
      'criticism sm',
      'praise s1',
      'praise sm',
    ])
    expect(await seen(await person('employee', 'south', 's1'))).toEqual(['praise s1'])
    expect(await seen(await person('employee', 'south'))).toEqual([])
    expect(await seen(sales.key, '?state=held&employee=n1')).toEqual(['criticism nm'])
    const page = (await ask(server, sales.key, 'GET', '/v1/notifications?limit=3')).json()
    expect([page.items.length, page.total]).toEqual([3, 4])
    const rest = (await ask(server, sales.key, 'GET', `/v1/notifications?limit=3&cursor=${page.next}`)).json()
    expect([rest.items.length, rest.next]).toEqual([1, null])
    expect((await ask(server, sales.key, 'GET', '/v1/notifications?cursor=x')).statusCode).toBe(400)
  })

  it('lets those who lead the program release, keep out, and end the launch mode', async () => {
    const manager = await person('unitManager', 'south')
    for (const path of ['release', 'keep-out'])
      expect((await ask(server, manager, 'POST', `/v1/notifications/${path}`, {})).statusCode).toBe(403)
    expect((await ask(server, manager, 'GET', '/v1/praise-first')).json()).toMatchObject({
      active: true,
      held: 1,
    })
    // What is kept from somebody is not theirs to count.
    const employee = await person('employee', 'south', 's1')
    expect((await ask(server, employee, 'GET', '/v1/praise-first')).json()).toMatchObject({ held: 0 })
    const lead = await person('cxLead')
    const [held] = (await ask(server, lead, 'GET', '/v1/notifications?state=held&employee=s1')).json().items
    const body = { ids: [held.notificationId] }
    expect((await ask(server, lead, 'POST', '/v1/notifications/release', body)).json()).toEqual({
      settled: 1,
    })
    expect((await ask(server, lead, 'POST', '/v1/notifications/keep-out', {})).json()).toEqual({ settled: 1 })
    const ended = await ask(server, lead, 'PUT', '/v1/praise-first', { ended: true })
    expect(ended.json()).toMatchObject({ active: false, until: 'released', held: 0 })
  })
})

describe('webhooks and channels by API', () => {
  const url = 'https://hooks.example.org/x'

  it('tell a secret once, and never again', async () => {
    const made = (
      await ask(server, sales.key, 'POST', '/v1/webhooks', { url, events: ['case.opened'] })
    ).json()
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const list = await ask(server, sales.key, 'GET', '/v1/webhooks')
    expect(list.body).not.toContain('whsec_')
    expect(list.json().items).toMatchObject([{ webhookId: made.webhookId, state: 'active', dead: 0 }])
    const turned = (await ask(server, sales.key, 'POST', `/v1/webhooks/${made.webhookId}/secret`)).json()
    expect(turned.secret).not.toBe(made.secret)
    const changed = await ask(server, sales.key, 'PUT', `/v1/webhooks/${made.webhookId}`, {
      state: 'paused',
      unitKey: 'south',
    })
    expect(changed.json()).toMatchObject({ state: 'paused', unitKey: 'south', events: ['case.opened'], url })
    const { deliveryId } = (
      await ask(server, sales.key, 'POST', `/v1/webhooks/${made.webhookId}/ping`)
    ).json()
    const deliveries = (await ask(server, sales.key, 'GET', `/v1/deliveries?target=${made.webhookId}`)).json()
    expect(deliveries.items).toMatchObject([{ deliveryId, event: 'ping', state: 'queued', sequence: 1 }])
    const replay = { target: made.webhookId, delivery: deliveryId }
    const all = await ask(server, sales.key, 'POST', '/v1/deliveries/replay', { target: made.webhookId })
    expect([all.statusCode, all.json().error.code]).toEqual([400, 'request.malformed'])
    expect((await ask(server, sales.key, 'POST', '/v1/deliveries/replay', replay)).json()).toEqual({
      replayed: 1,
    })
    expect((await ask(server, sales.key, 'DELETE', `/v1/webhooks/${made.webhookId}`)).statusCode).toBe(200)
    expect((await ask(server, sales.key, 'GET', `/v1/webhooks/${made.webhookId}`)).statusCode).toBe(404)
  })

  it('are refused where they lead inside, to unknown events, or to no unit; and are for administrators', async () => {
    const tries = [
      { url: 'https://10.0.0.1/x', events: ['case.opened'] },
      { url, events: ['case.opend'] },
      { url, events: [] },
      { url, events: ['case.opened'], unitKey: 'west' },
      { url, events: ['case.opened'], secret: 'mine' },
    ]
    for (const body of tries)
      expect((await ask(server, sales.key, 'POST', '/v1/webhooks', body)).statusCode).toBe(400)
    const lead = await person('cxLead')
    expect((await ask(server, lead, 'GET', '/v1/webhooks')).statusCode).toBe(403)
    expect((await ask(server, lead, 'GET', '/v1/chat-channels')).statusCode).toBe(403)
  })

  it('of chat never show their address', async () => {
    const body = { format: 'teams', url: 'https://teams.example.org/secret-path', language: 'sv' }
    const made = await ask(server, sales.key, 'PUT', '/v1/chat-channels/wins', body)
    expect(made.json()).toMatchObject({ name: 'wins', host: 'teams.example.org', events: [] })
    // Without an address it keeps its own.
    const { url: _, ...again } = body
    await ask(server, sales.key, 'PUT', '/v1/chat-channels/wins', { ...again, events: ['praise.given'] })
    const list = await ask(server, sales.key, 'GET', '/v1/chat-channels')
    expect(list.body).not.toContain('secret-path')
    expect(list.json().items).toMatchObject([{ name: 'wins', events: ['praise.given'] }])
    expect((await ask(server, sales.key, 'POST', '/v1/chat-channels/wins/ping')).statusCode).toBe(202)
    expect((await ask(server, sales.key, 'DELETE', '/v1/chat-channels/wins')).statusCode).toBe(200)
    expect((await ask(server, sales.key, 'PUT', '/v1/chat-channels/new', again)).statusCode).toBe(400)
  })

  it('are described in the document, each with the shape of what it is told', async () => {
    const document = (await ask(server, undefined, 'GET', '/v1/openapi.json')).json()
    const { schema } = document.webhooks['case.opened'].post.requestBody.content['application/json']
    expect(schema.properties.data.properties).toHaveProperty('contactDueAt')
    expect(Object.keys(document.webhooks)).toContain('response.completed')
  })
})

describe('letters by API', () => {
  const receive = async (forged: boolean, number: number) => {
    const { database, clock, announce } = server.parts
    const key = await database.inWorkspace(sales.workspaceId, replyKey)
    const to = replyAddressOf('reply@example.org', forged ? 'another' : key, caseId)
    const raw = [
      `Message-ID: <${number}@example.no>`,
      'From: Kari <kari@example.no>',
      'Subject: =?utf-8?q?Sm=C3=B8r?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hei',
      '--x',
      'Content-Type: text/html; name="a.html"',
      'Content-Disposition: attachment; filename="../a.html"',
      '',
      '<script>alert(1)</script>',
      '--x--',
    ].join('\r\n')
    return recordInboundMail(
      { database, clock, announce },
      { from: 'kari@example.no', to, raw: Buffer.from(raw) },
    )
  }

  it('are listed on their case, with attachments that no browser opens as ours', async () => {
    await receive(false, 1)
    const { items } = (await ask(server, sales.key, 'GET', `/v1/cases/${caseId}/mails`)).json()
    expect(items).toMatchObject([
      { direction: 'in', subject: 'Smør', text: 'Hei', attachments: [{ name: '../a.html' }] },
    ])
    const got = await server.app.inject({
      url: `/v1/case-mails/${items[0].mailId}/attachments/0`,
      headers: { authorization: `Bearer ${sales.key}` },
    })
    expect(got.body.trim()).toBe('<script>alert(1)</script>')
    expect(got.headers['content-type']).toBe('application/octet-stream')
    expect(got.headers['content-disposition']).toBe("attachment; filename*=UTF-8''..%2Fa.html")
    const south = await person('unitManager', 'south')
    for (const path of [`/v1/cases/${caseId}/mails`, `/v1/case-mails/${items[0].mailId}/raw`])
      expect((await ask(server, south, 'GET', path)).statusCode).toBe(404)
  })

  it('that were kept aside are judged by those who work on the case', async () => {
    await receive(true, 2)
    const south = await person('unitManager', 'south')
    expect((await ask(server, south, 'GET', '/v1/case-mails/aside')).json().items).toEqual([])
    const north = await person('unitManager', 'north')
    const [kept] = (await ask(server, north, 'GET', '/v1/case-mails/aside')).json().items
    expect(kept.aside).toBe('forged')
    expect((await ask(server, south, 'POST', `/v1/case-mails/${kept.mailId}/accept`)).statusCode).toBe(404)
    expect((await ask(server, north, 'POST', `/v1/case-mails/${kept.mailId}/accept`)).statusCode).toBe(200)
    const { items } = (await ask(server, north, 'GET', `/v1/cases/${caseId}/mails`)).json()
    expect(items).toHaveLength(2)
  })

  it('that were kept aside come page by page, each once, also where several came in the same moment', async () => {
    for (let number = 3; number < 8; number++) await receive(true, number)
    await server.parts.database.inWorkspace(sales.workspaceId, (tx) =>
      tx.query(
        `update case_mails set at = '2026-03-02T09:00:00Z' where aside is not null and settled is null`,
      ),
    )
    const page = async (query: string) =>
      (await ask(server, sales.key, 'GET', `/v1/case-mails/aside${query}`)).json()
    const all = await page('')
    expect(all).toMatchObject({ total: 5, next: null })
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const found = await page(`?limit=2${next && `&cursor=${encodeURIComponent(next)}`}`)
      expect(found.total).toBe(5)
      seen.push(...found.items.map(({ mailId }: { mailId: string }) => mailId))
      next = found.next
    }
    expect(seen).toEqual(all.items.map(({ mailId }: { mailId: string }) => mailId))
    expect(await page('?cursor=nonsense')).toMatchObject({
      error: { code: 'request.malformed' },
    })
  })
})

it('a manager reads no criticism of themselves, nor of a manager above', async () => {
  const { parts } = server
  const { version } = await parts.programs.active(sales.workspaceId)
  const about = [
    ['of the manager', 'sm'],
    ['of the head', 'head'],
    ['of a seller', 's1'],
  ] as const
  const ids = about.map(([id]) => stableId('response', id))
  await parts.database.inWorkspace(sales.workspaceId, async (tx) => {
    for (const [id, employee] of about)
      await tx.query(
        `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
           answered_at, answers, comment, context, version, employee_key, unit_key)
         values ($1, $2, 'call', 'call', 'survey', 'completed', 'sv', now(), now(), '{"recommend": 4}', $3, '{}', $4, $5, 'south')`,
        [sales.workspaceId, stableId('response', id), id, version, employee],
      )
  })
  await sendPraise(parts, sales.workspaceId, ids)
  const told = async (who: Record<string, string> | string) => {
    const page = (await ask(server, who, 'GET', '/v1/notifications?kind=criticism&limit=200')).json()
    const comments = page.items.map((each: { comment: string }) => each.comment) as string[]
    return about.map(([id]) => id).filter((id) => comments.includes(id))
  }
  expect(await told(sales.key)).toEqual(['of the manager', 'of the head', 'of a seller'])
  expect(await told(await person('unitManager', 'south', 'sm'))).toEqual(['of a seller'])
})
