import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { chatBody } from '../../src/channels/hooks/chat.ts'
import { createHookSender, deliverHooks } from '../../src/channels/hooks/deliver.ts'
import { listDeliveries, replayDeliveries } from '../../src/channels/hooks/deliveries.ts'
import {
  changeWebhook,
  createWebhook,
  putChatChannel,
  readWebhook,
  removeTarget,
  rotateSecret,
} from '../../src/channels/hooks/endpoints.ts'
import { type HookEvent, queueHooks } from '../../src/channels/hooks/outgoing.ts'
import { isInside, openPoster } from '../../src/channels/hooks/post.ts'
import { signatures } from '../../src/channels/hooks/signing.ts'
import { type JobStore, type Lane, openJobs } from '../../src/storage/jobs.ts'
import type { Database } from '../../src/storage/postgres.ts'
import { openExample, workspaceId } from '../surveyExample.ts'
import { openReceiver, type Receiver } from './receiver.ts'

let database: Database
let clock: VirtualClock
let jobs: JobStore
let lane: Lane
let receiver: Receiver
const poster = openPoster({ allowPrivate: true, timeout: 2000 })
const hooks = createHookSender({ poster, sole: true })
const parts = () => ({ database, clock, announce: lane.announce, hooks })
const within = <T>(work: Parameters<typeof database.inWorkspace<T>>[1]) =>
  database.inWorkspace(workspaceId, work)

beforeAll(async () => {
  ;({ database, clock } = await openExample())
  jobs = await openJobs(database, silentLog)
  lane = await jobs.lane('hooks', clock, true)
  await within(async (tx) => {
    for (const [key, path] of [
      ['no', '{no}'],
      ['no-west', '{no,no-west}'],
      ['se', '{se}'],
    ])
      await tx.query(
        `insert into units (workspace_id, unit_key, level, name, path) values ($1, $2, 'region', $2, $3)`,
        [workspaceId, key, path],
      )
  })
})
beforeEach(async () => {
  await receiver?.stop()
  receiver = await openReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await jobs.close()
  await database.close()
})

const drain = () =>
  lane.drain(async (kind) => {
    if (kind === 'hook.queued') await deliverHooks(parts(), workspaceId)
  })
/** Lives on until a time, doing everything when it falls due. */
async function live(until: Date) {
  for (;;) {
    const next = await lane.nextAt()
    if (next === undefined || next > until) break
    clock.moveTo(next)
    await drain()
  }
  clock.moveTo(until)
  await drain()
}
const later = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000)

let made = 0
const happening = (more: Partial<HookEvent> = {}): HookEvent => ({
  event: 'case.opened',
  id: String(++made),
  aboutId: stableId('case', String(made)),
  at: clock.now(),
  unitKey: 'no-west',
  data: { caseId: String(made) },
  ...more,
})
const happens = (...events: HookEvent[]) => within((tx) => queueHooks(tx, parts(), events))
const webhook = (more: object = {}) =>
  within((tx) =>
    createWebhook(
      tx,
      clock,
      { url: `${receiver.url}/hook`, events: ['case.opened'], ...more },
      poster.problem,
    ),
  )
const sequences = () => receiver.received.map(({ body }) => JSON.parse(body).sequence as number)

describe('a webhook', () => {
  it('is signed as Standard Webhooks says: the vector of its libraries', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
    expect(signatures([secret], id, 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it('is told once of what it asked for, signed, numbered, and only of its unit', async () => {
    const { webhook: made, secret } = await webhook({ unitKey: 'no' })
    const event = happening()
    await happens(event, happening({ unitKey: 'se' }), happening({ event: 'case.closed' }), happening())
    expect(await happens(event)).toBe(0)
    await drain()
    expect(sequences().sort()).toEqual([1, 2])
    const [first] = receiver.received
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signed } = first!.headers
    const key = Buffer.from(secret.slice(6), 'base64')
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${first!.body}`).digest('base64')
    expect(signed).toBe(`v1,${expected}`)
    expect(Number(timestamp)).toBe(Math.floor(clock.now().getTime() / 1000))
    expect(JSON.parse(first!.body)).toMatchObject({ type: 'case.opened', timestamp: event.at.toISOString() })
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })

  it('whose receiver is down for a day gets everything when it is back, each under one id', async () => {
    const { webhook: made } = await webhook()
    await receiver.stop()
    for (let hour = 0; hour < 24; hour++) {
      await happens(happening(), happening(), happening())
      await live(later(1))
    }
    expect(receiver.received).toEqual([])
    expect(await within((tx) => readWebhook(tx, made.webhookId))).toMatchObject({ waiting: 72, dead: 0 })
    await receiver.start()
    await live(later(1))
    // The next event wakes all that waits.
    await happens(happening())
    await drain()
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(73)
    expect(new Set(ids).size).toBe(73)
    expect([...sequences()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 73 }, (_, index) => index + 1),
    )
    await live(later(100))
    expect(receiver.received).toHaveLength(73)
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })

  it('that is refused is tried with growing waits over about three days, then given up, and can be replayed', async () => {
    const { webhook: made } = await webhook()
    receiver.answer = 500
    const times: number[] = []
    const began = clock.now().getTime()
    receiver.answer = () => {
      times.push((clock.now().getTime() - began) / 3_600_000)
      return 500
    }
    await happens(happening())
    await live(later(120))
    expect(times).toHaveLength(10)
    expect(times.at(-1)).toBeGreaterThan(72)
    expect(times.at(-1)).toBeLessThan(80)
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']))
    expect(ids.size).toBe(1)
    const target = made.webhookId
    const [dead] = (await within((tx) => listDeliveries(tx, { target, state: 'dead', limit: 9 }))).items
    expect(dead).toMatchObject({ attempts: 10, status: 500, error: 'it answered 500: told' })
    receiver.answer = 204
    expect(await within((tx) => replayDeliveries(tx, parts(), { target, state: 'dead' }))).toBe(1)
    await drain()
    expect(receiver.received.at(-1)!.headers['webhook-id']).toBe(dead!.deliveryId)
    expect(await within((tx) => readWebhook(tx, target))).toMatchObject({ waiting: 0, dead: 0 })
    await within((tx) => removeTarget(tx, 'webhook', target))
  })

  it('can be given a span again under the same ids', async () => {
    const { webhook: made } = await webhook()
    const target = made.webhookId
    await happens(happening())
    await live(later(1))
    const from = clock.now()
    await happens(happening(), happening())
    await live(later(1))
    const before = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(await within((tx) => replayDeliveries(tx, parts(), { target, from }))).toBe(2)
    await drain()
    const again = receiver.received.slice(3).map(({ headers }) => headers['webhook-id'])
    expect(again.sort()).toEqual(before.slice(1).sort())
    await within((tx) => removeTarget(tx, 'webhook', target))
  })

  it('is signed with both secrets for a day after a change, then with the new one', async () => {
    const { webhook: made, secret: old } = await webhook()
    const { secret } = await within((tx) => rotateSecret(tx, clock, made.webhookId))
    const holds = (one: string, at: number) => {
      const { headers, body } = receiver.received[at]!
      const id = headers['webhook-id'] as string
      const timestamp = Number(headers['webhook-timestamp'])
      return (headers['webhook-signature'] as string)
        .split(' ')
        .includes(signatures([one], id, timestamp, body))
    }
    await happens(happening())
    await drain()
    expect([holds(old, 0), holds(secret, 0)]).toEqual([true, true])
    await live(later(25))
    await happens(happening())
    await drain()
    expect([holds(old, 1), holds(secret, 1)]).toEqual([false, true])
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })

  it('whose receiver is gone for good is asked no more until it is put back in force', async () => {
    const { webhook: made } = await webhook()
    receiver.answer = 410
    await happens(happening())
    await drain()
    await happens(happening())
    await live(later(200))
    expect(receiver.received).toHaveLength(1)
    expect(await within((tx) => readWebhook(tx, made.webhookId))).toMatchObject({ state: 'gone', dead: 2 })
    receiver.answer = 200
    await within((tx) => changeWebhook(tx, made.webhookId, { state: 'active' }, poster.problem))
    await happens(happening())
    await drain()
    // What came up meanwhile has its place in the sequence, and comes when it is asked for.
    expect(sequences()).toEqual([1, 3])
    await within((tx) => replayDeliveries(tx, parts(), { target: made.webhookId, state: 'dead' }))
    await drain()
    expect(sequences().sort()).toEqual([1, 1, 2, 3])
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })

  it('gets from two processes at once each event once', async () => {
    const { webhook: made } = await webhook()
    await happens(...Array.from({ length: 250 }, () => happening()))
    const process = () => ({ ...parts(), hooks: createHookSender({ poster, sole: false }) })
    await Promise.all([deliverHooks(process(), workspaceId), deliverHooks(process(), workspaceId)])
    expect(receiver.received).toHaveLength(250)
    expect(new Set(sequences()).size).toBe(250)
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })

  it('that a process was posting when it died is posted again under the same id', async () => {
    const { webhook: made } = await webhook()
    await happens(happening())
    const dies = new Error('the process died')
    const dying = {
      ...parts(),
      hooks: createHookSender({
        poster: {
          problem: poster.problem,
          post: async (...posted: Parameters<typeof poster.post>) => {
            await poster.post(...posted)
            throw dies
          },
        },
        sole: true,
      }),
    }
    await expect(deliverHooks(dying, workspaceId)).rejects.toThrow(dies)
    await deliverHooks({ ...parts(), hooks: createHookSender({ poster, sole: true }) }, workspaceId)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })
})

describe('an address inside one’s own network', () => {
  const guarded = openPoster({ allowPrivate: false, timeout: 1000 })

  it('is refused when a webhook is made, however it is written', async () => {
    for (const url of [
      'https://127.0.0.1/x',
      'https://[::1]/x',
      'https://[::ffff:10.0.0.1]/x',
      'https://169.254.169.254/latest/meta-data',
      'https://0x7f000001/x',
      'https://2130706433/',
      'https://localhost/x',
      'http://example.org/x',
      'https://user:secret@example.org/x',
      'ftp://example.org/',
    ])
      expect(guarded.problem(url), url).toBeDefined()
    expect(guarded.problem('https://example.org/hook')).toBeUndefined()
    const refused = within((tx) =>
      createWebhook(tx, clock, { url: receiver.url, events: ['ping'] }, guarded.problem),
    )
    await expect(refused).rejects.toMatchObject({ code: 'request.malformed' })
  })

  it('is not posted to when a harmless name leads there', async () => {
    const misled = openPoster({
      allowPrivate: false,
      timeout: 1000,
      lookup: (_host, _asked, told) => told(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    const url = receiver.url.replace('http://127.0.0.1', 'https://hooks.example.org')
    expect(misled.problem(url)).toBeUndefined()
    const posted = await misled.post(url, {}, '{}')
    expect(posted).toEqual({ error: 'it leads to a private address' })
    expect(receiver.received).toEqual([])
  })

  it('is told apart from public ones', () => {
    expect(
      ['10.1.2.3', '100.64.0.1', 'fd00::1', 'fe80::1', '::', '224.0.0.1', '::ffff:10.0.0.1'].map(isInside),
    ).not.toContain(false)
    expect(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'].map(isInside)).not.toContain(true)
  })

  it('cannot be reached through a redirect either', async () => {
    const { webhook: made } = await webhook()
    receiver.answer = 302
    receiver.headers = { location: `${receiver.url}/elsewhere` }
    await happens(happening())
    await drain()
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
    await within((tx) => removeTarget(tx, 'webhook', made.webhookId))
  })
})

describe('a chat channel', () => {
  const text = {
    title: 'Praise for Ola: 10/10',
    rows: [['Unit', 'Norge <Vest>']] as const,
    quote: 'Great! @channel <!channel> *bold* [x](http://evil)\nsecond',
    link: { label: 'Read it', url: 'https://feedback.example.org/responses/1' },
  }

  it('gets the format it takes, in which a customer’s words call nobody', () => {
    const slack = JSON.stringify(chatBody.slack(text))
    expect(slack).toContain('&lt;!channel&gt;')
    expect(slack).toContain('>second')
    const mattermost = (chatBody.mattermost(text) as { text: string }).text
    expect(mattermost).toContain('> Great! @\u200bchannel')
    expect(mattermost).toContain('\\[x\\]\\(http://evil\\)')
    expect(mattermost).toContain('[Read it](https://feedback.example.org/responses/1)')
    expect(chatBody.teams(text)).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl' }] },
        },
      ],
    })
  })

  it('of a unit is told of its own cases, one that is named of what names it, and later when it is to be quiet', async () => {
    const channel = (name: string, more: object) =>
      within((tx) =>
        putChatChannel(
          tx,
          clock,
          { name, format: 'slack', url: `${receiver.url}/${name}`, language: 'nb', ...more },
          poster.problem,
        ),
      )
    const west = await channel('west', { unitKey: 'no-west', events: ['case.opened'] })
    const wins = await channel('wins', {})
    expect(west.host).not.toContain('/west')
    const chat = (language: string) => ({ title: `in ${language}` })
    await happens(happening({ chat }), happening({ chat, unitKey: 'se' }))
    await happens(happening({ event: 'praise.given', chat, channels: ['wins'], chatAt: later(2) }))
    await drain()
    expect(receiver.received.map(({ path }) => path)).toEqual(['/west'])
    expect(JSON.parse(receiver.received[0]!.body).text).toBe('in nb')
    expect(receiver.received[0]!.headers['webhook-signature']).toBeUndefined()
    await live(later(3))
    expect(receiver.received.map(({ path }) => path)).toEqual(['/west', '/wins'])
    for (const { channelId } of [west, wins]) await within((tx) => removeTarget(tx, 'chat', channelId))
  })
})
