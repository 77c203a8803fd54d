import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeCase } from '../../src/cases/store.ts'
import { createWebhook, putChatChannel } from '../../src/channels/hooks/endpoints.ts'
import { recordInboundMail } from '../../src/channels/inbound.ts'
import { replyAddressOf, replyKey } from '../../src/channels/replyAddress.ts'
import { sendPraise } from '../../src/notify/praise.ts'
import { keepOut, releaseHeld } from '../../src/notify/release.ts'
import { listNotifications, praiseFirstStanding, setPraiseFirst } from '../../src/notify/store.ts'
import { openReceiver, type Receiver } from '../channels/receiver.ts'
import { type NotifyRig, openNotifyRig, salesProgram } from './rig.ts'

let rig: NotifyRig
let receiver: Receiver
const start = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  rig = await openNotifyRig(salesProgram(''), start)
  receiver = await openReceiver()
})
afterAll(async () => {
  await rig.close()
  await receiver.stop()
})

const told = (id: string) =>
  rig.within(async (tx) => {
    const { items } = await listNotifications(tx, { limit: 200 }, {})
    return items.filter((each) => each.responseId === rig.idOf(id))
  })
const mailsOf = async (id: string) =>
  (await rig.mails()).filter((mail) => mail.html?.includes(rig.idOf(id)) || mail.text?.includes(rig.idOf(id)))
const readersOf = async (id: string) => (await mailsOf(id)).map((mail) => mail.recipient).sort()

describe('what a customer says of somebody’s work', () => {
  it('goes, when it is praise, at once to the one it is about and the manager, in their languages', async () => {
    const comment = 'Bästa samtalet i år! <b>Tack</b>'
    await rig.answered({ id: 'good', recommend: 10, comment, employee: 's2', unit: 'south' })
    await rig.drain()
    const mails = await mailsOf('good')
    expect(mails.map(({ recipient, subject }) => [recipient, subject]).sort()).toEqual([
      ['s2@example.se', 'A customer praises you: 10/10'],
      ['sm@example.se', 'En kund berömmer Kalle Dahl: 10/10'],
    ])
    for (const mail of mails) {
      expect(mail.text).toContain(comment)
      expect(mail.html).toContain('&lt;b&gt;Tack&lt;/b&gt;')
      expect(mail.html).toContain(`https://feedback.example.org/responses/${rig.idOf('good')}`)
      expect(mail.html! + mail.text!).not.toContain('%%')
    }
    expect((await told('good')).map(({ readerKey, state, mail }) => [readerKey, state, mail]).sort()).toEqual(
      [
        ['s2', 'queued', 'sent'],
        ['sm', 'queued', 'sent'],
      ],
    )
  })

  it('goes, when it is criticism, to the manager alone', async () => {
    await rig.answered({ id: 'bad', recommend: 5, comment: 'Tjatig.', employee: 's1', unit: 'south' })
    await rig.drain()
    expect(await readersOf('bad')).toEqual(['sm@example.se'])
  })

  it('is told once to a manager who is also the one it is about, whose criticism goes to the manager above', async () => {
    await rig.answered(
      { id: 'own praise', recommend: 9, employee: 'nm', unit: 'north' },
      { id: 'own fault', recommend: 5, employee: 'nm', unit: 'north' },
    )
    await rig.drain()
    expect(await readersOf('own praise')).toEqual(['head@example.se', 'nm@example.no'])
    expect(await readersOf('own fault')).toEqual(['head@example.se'])
  })

  it('is never criticism told to the one it is about, by whatever word of the policy', async () => {
    const to = 'to: [employeeManager, unitManager, person.s1, function.lead]'
    await rig.push(salesProgram('').replace('answers.recommend <= 6 }', `answers.recommend <= 6, ${to} }`))
    await rig.answered(
      { id: 'about one named', recommend: 5, employee: 's1', unit: 'south' },
      { id: 'about the manager', recommend: 5, employee: 'sm', unit: 'south' },
    )
    await rig.drain()
    expect(await readersOf('about one named')).toEqual(['head@example.se', 'sm@example.se'])
    expect(await readersOf('about the manager')).toEqual(['head@example.se', 's1@example.se'])
    await rig.push(salesProgram(''))
  })

  it('is, when it is criticism for a function, told to the nearest of it, and to nobody of another unit', async () => {
    const program = (leads: string) =>
      salesProgram('')
        .replace('answers.recommend <= 6 }', 'answers.recommend <= 6, to: [function.coach] }')
        .replace('role: manager, language: nb }', 'role: manager, language: nb, functions: [coach] }')
        .replace('functions: [lead]', `functions: [${leads}]`)
    await rig.push(program('lead'))
    await rig.answered(
      { id: 'for the north', recommend: 5, employee: 'n1', unit: 'north' },
      { id: 'for the south', recommend: 5, employee: 's1', unit: 'south' },
      { id: 'for no unit', recommend: 5 },
    )
    await rig.drain()
    expect(await readersOf('for the north')).toEqual(['nm@example.no'])
    expect(await told('for the south')).toMatchObject([{ state: 'dropped', reason: 'unseen' }])
    expect(await told('for no unit')).toMatchObject([{ state: 'dropped', reason: 'unseen' }])
    await rig.push(program('lead, coach'))
    await rig.answered({ id: 'for the south again', recommend: 5, employee: 's1', unit: 'south' })
    await rig.drain()
    expect(await readersOf('for the south again')).toEqual(['head@example.se'])
    await rig.push(salesProgram(''))
  })

  it('is told to nobody, with the reason, when there is nobody above, no address, or no employee', async () => {
    await rig.answered(
      { id: 'head', recommend: 2, employee: 'head', unit: 'all' },
      { id: 'no address', recommend: 10, employee: 'n1', unit: 'north' },
      { id: 'nobody', recommend: 10, unit: 'north' },
      { id: 'between', recommend: 7, employee: 's1', unit: 'south' },
    )
    await rig.drain()
    expect(await told('head')).toMatchObject([{ state: 'dropped', reason: 'noManager', readerKey: null }])
    const reasons = (await told('no address')).map(({ readerKey, reason }) => [readerKey, reason]).sort()
    expect(reasons).toEqual([
      ['n1', 'noAddress'],
      ['nm', null],
    ])
    expect(await told('nobody')).toMatchObject([{ state: 'dropped', reason: 'noEmployee' }])
    expect(await told('between')).toEqual([])
  })

  it('is told once, however often the news comes, and not when it is old', async () => {
    const ids = [rig.idOf('good'), rig.idOf('bad')]
    await Promise.all([1, 2].map(() => sendPraise(rig.parts, rig.workspaceId, ids)))
    await rig.drain()
    expect(await readersOf('good')).toHaveLength(2)
    const old = new Date(rig.clock.now().getTime() - 8 * 86_400_000)
    await rig.answered({ id: 'old', recommend: 10, employee: 's1', unit: 'south', at: old })
    await rig.drain()
    expect(await told('old')).toEqual([])
  })

  it('goes to webhooks and to a channel that the program names, and a case to its unit’s channel', async () => {
    const { problem } = rig.parts.hooks.poster
    await rig.within(async (tx) => {
      const url = (path: string) => `${receiver.url}/${path}`
      const events = ['praise.given', 'response.completed', 'case.opened'] as const
      await createWebhook(tx, rig.clock, { url: url('hook'), events }, problem)
      const channel = { format: 'slack', language: 'sv' } as const
      await putChatChannel(tx, rig.clock, { ...channel, name: 'wins', url: url('wins') }, problem)
      const south = {
        ...channel,
        name: 'south',
        url: url('south'),
        unitKey: 'south',
        events: ['case.opened'],
      }
      await putChatChannel(tx, rig.clock, south as never, problem)
    })
    const text = salesProgram('').replace(
      'praise: { when: answers.recommend >= 9 }',
      'praise: { when: answers.recommend >= 9, to: [employee, channel.wins, channel.nowhere] }',
    )
    // What the workspace lacks is told by whoever knows it, before anything is lost.
    const { warnings } = await rig.parts.programs.check(rig.workspaceId, [{ path: 'program.yaml', text }])
    expect(warnings).toMatchObject([
      { where: 'notify.praise.to[2]', message: expect.stringContaining('nowhere') },
    ])
    const lacking = ['This workspace has no chat channel nowhere: nobody is told there before it is made.']
    expect((await rig.push(text)).warnings).toEqual(lacking)
    expect(await rig.push(text)).toMatchObject({ changed: false, warnings: lacking })
    await rig.answered(
      { id: 'win', recommend: 10, comment: 'Toppen', employee: 's1', unit: 'south' },
      { id: 'loss', recommend: 1, employee: 's1', unit: 'south' },
    )
    await rig.drain()
    const posted = receiver.received.map(({ path, body }) => [path, JSON.parse(body)] as const)
    const hooks = posted.filter(([path]) => path === '/hook').map(([, body]) => body)
    expect(hooks.map((body) => body.type).sort()).toEqual([
      'case.opened',
      'praise.given',
      'response.completed',
      'response.completed',
    ])
    expect(hooks.find((body) => body.type === 'praise.given').data).toMatchObject({
      readers: ['s1'],
      response: { responseId: rig.idOf('win'), score: { value: 10 }, comment: 'Toppen', employeeKey: 's1' },
    })
    expect(posted.find(([path]) => path === '/wins')![1].text).toBe('En kund berömmer Ebba Ros')
    expect(posted.filter(([path]) => path === '/south')).toHaveLength(1)
    const channel = (await told('win')).find((each) => each.channel === 'wins')
    expect([channel?.state, channel?.mail]).toEqual(['queued', 'sent'])
    const dropped = (await told('win')).filter(({ state }) => state === 'dropped')
    expect(dropped).toMatchObject([{ channel: 'nowhere', reason: 'noChannel' }])
  })
})

it('an answer that comes in after a webhook was made is told to it, whenever it was given; to a channel when it is news', async () => {
  // It came in before, though it is worked on after.
  await rig.answered({ id: 'before the webhook', recommend: 8, unit: 'south' })
  rig.clock.moveTo(new Date(rig.clock.now().getTime() + 1000))
  const url = `${receiver.url}/answers`
  const [hook, channel] = await rig.within(async (tx) => {
    const { problem } = rig.parts.hooks.poster
    const { webhook } = await createWebhook(tx, rig.clock, { url, events: ['response.completed'] }, problem)
    const team = {
      name: 'team',
      format: 'slack',
      language: 'sv',
      events: ['response.completed'],
      url,
    } as const
    return [webhook.webhookId, (await putChatChannel(tx, rig.clock, team, problem)).channelId]
  })
  // A clock of seconds at whoever hands it in says a moment before the webhook was made.
  const now = rig.clock.now().getTime()
  const second = new Date(now - 1)
  const minutes = new Date(now - 30 * 60_000)
  const year = new Date(now - 365 * 86_400_000)
  await rig.answered(
    { id: 'this second', recommend: 8, unit: 'south', at: second },
    { id: 'half an hour ago', recommend: 8, unit: 'south', at: minutes },
    { id: 'a year ago', recommend: 8, unit: 'south', at: year },
  )
  await rig.drain()
  const posted = await rig.within((tx) =>
    tx.query<{ target: string; about: string }>(
      'select target_id as target, about_id as about from deliveries where target_id = any($1::uuid[])',
      [[hook, channel]],
    ),
  )
  const toldTo = (id: string) => posted.flatMap(({ target, about }) => (target === id ? [about] : [])).sort()
  const ids = ['this second', 'half an hour ago', 'a year ago'].map(rig.idOf)
  expect(toldTo(hook!)).toEqual([...ids].sort())
  expect(toldTo(channel!)).toEqual(ids.slice(0, 2).sort())
})

describe('while only the good goes out', () => {
  beforeAll(() => rig.push(salesProgram('  praiseFirst: { until: released }')))

  it('praise is told and criticism is held with its reason, also from webhooks and channels', async () => {
    const { problem } = rig.parts.hooks.poster
    await rig.within((tx) =>
      createWebhook(tx, rig.clock, { url: `${receiver.url}/critical`, events: ['criticism.given'] }, problem),
    )
    await rig.answered(
      { id: 'first good', recommend: 10, employee: 's1', unit: 'south' },
      { id: 'first bad', recommend: 5, employee: 's1', unit: 'south' },
      { id: 'second bad', recommend: 4, employee: 's2', unit: 'south' },
    )
    await rig.drain()
    expect(await readersOf('first good')).toEqual(['s1@example.se', 'sm@example.se'])
    expect(await readersOf('first bad')).toEqual([])
    expect(await told('first bad')).toMatchObject([
      { state: 'held', reason: 'praiseFirst', readerKey: 'sm', mail: null },
    ])
    expect(receiver.received.filter(({ path }) => path === '/critical')).toEqual([])
    const standing = await rig.within((tx) => praiseFirstStanding(tx, rig.parts, {}))
    expect(standing).toMatchObject({ active: true, until: 'released', held: 2 })
  })

  it('what was held goes out when it is released, or stays out; and what comes then is told at once', async () => {
    const [held] = await told('first bad')
    const by = { by: 'head', scope: {} }
    const elsewhere = { ids: [held!.notificationId], by: 'nm', scope: { unitKey: 'north' } }
    expect(await rig.within((tx) => releaseHeld(tx, rig.parts, elsewhere))).toBe(0)
    expect(await rig.within((tx) => releaseHeld(tx, rig.parts, { ...by, ids: [held!.notificationId] }))).toBe(
      1,
    )
    expect(await rig.within((tx) => releaseHeld(tx, rig.parts, { ...by, ids: [held!.notificationId] }))).toBe(
      0,
    )
    expect(await rig.within((tx) => keepOut(tx, rig.parts, by))).toBe(1)
    await rig.drain()
    expect(await readersOf('first bad')).toEqual(['sm@example.se'])
    expect(await readersOf('second bad')).toEqual([])
    expect(await told('second bad')).toMatchObject([
      { state: 'keptOut', reason: 'notReleased', settledBy: 'head' },
    ])
    expect(receiver.received.filter(({ path }) => path === '/critical')).toHaveLength(1)

    await rig.within((tx) => setPraiseFirst(tx, rig.parts, true, 'head'))
    await rig.answered({ id: 'third bad', recommend: 4, employee: 's2', unit: 'south' })
    await rig.drain()
    expect(await readersOf('third bad')).toEqual(['sm@example.se'])
  })

  it('until a date, it ends with that day’s beginning by the workspace’s clock', async () => {
    await rig.within((tx) => setPraiseFirst(tx, rig.parts, false, 'head'))
    await rig.push(salesProgram('  praiseFirst: { until: 2026-03-10 }'))
    await rig.live(new Date('2026-03-09T22:59:00Z'))
    await rig.answered({ id: 'before', recommend: 5, employee: 's1', unit: 'south' })
    await rig.live(new Date('2026-03-09T23:00:00Z'))
    await rig.answered({ id: 'after', recommend: 5, employee: 's1', unit: 'south' })
    await rig.drain()
    expect(await told('before')).toMatchObject([{ state: 'held' }])
    expect(await told('after')).toMatchObject([{ state: 'queued' }])
  })
})

describe('in quiet hours', () => {
  it('of a night in which the clock changes, people are told when their own morning comes', async () => {
    await rig.push(salesProgram('  quietHours: { from: "20:00", to: "07:00", zones: { nb: Europe/London } }'))
    await rig.live(new Date('2026-03-28T21:00:00Z'))
    await rig.answered(
      { id: 'night', recommend: 10, employee: 's1', unit: 'south' },
      { id: 'night north', recommend: 5, employee: 'n1', unit: 'north' },
      { id: 'night case', recommend: 1, employee: 's2', unit: 'south' },
    )
    const cases = async () =>
      (await rig.mails()).filter(({ subject }) => subject.startsWith('En kund behöver dig: 1/10'))
    const before = (await cases()).length
    await rig.live(new Date('2026-03-29T04:59:59Z'))
    expect(await cases()).toHaveLength(before)
    expect(await readersOf('night')).toEqual([])
    await rig.live(new Date('2026-03-29T05:00:00Z'))
    expect(await readersOf('night')).toEqual(['s1@example.se', 'sm@example.se'])
    expect(await cases()).toHaveLength(before + 1)
    // Seven in London is an hour later.
    expect(await readersOf('night north')).toEqual([])
    await rig.live(new Date('2026-03-29T06:00:00Z'))
    expect(await readersOf('night north')).toEqual(['nm@example.no'])
  })
})

describe('a digest', () => {
  const digests = `
  digests:
    - { id: week, every: week, on: mon, at: "08:00", to: [unitManager] }
    - { id: own, every: day, at: "17:00", to: [employee], about: [praise] }
    - { id: lead, every: month, dayOfMonth: 1, at: "08:00", to: [function.lead], about: [praise, criticism] }
`
  const digestsOf = async (recipient: string) =>
    (await rig.mails()).filter((mail) => mail.recipient === recipient && /Sales$/.test(mail.subject))

  it('tells each reader what concerns them, at its time, once', async () => {
    await rig.push(salesProgram(digests))
    // A Tuesday.
    await rig.live(new Date('2026-04-07T10:00:00Z'))
    await rig.answered(
      { id: 'd1', recommend: 10, comment: 'Kunnig och snabb', employee: 's1', unit: 'south' },
      { id: 'd2', recommend: 9, employee: 's1', unit: 'south' },
      { id: 'd3', recommend: 2, comment: 'Fick vänta', employee: 's2', unit: 'south' },
    )
    await rig.live(new Date('2026-04-07T15:00:00Z'))
    const [own, ...more] = await digestsOf('s1@example.se')
    expect(more).toEqual([])
    expect(own!.subject).toBe('Gårdagen från era kunder: Sales')
    expect(own!.text).toMatch(/Beröm: 2/)
    expect(own!.text).toContain('Kunnig och snabb')
    expect(own!.text).not.toMatch(/Kritik|vänta/)
    // Nobody who has nothing to read is written to.
    expect(await digestsOf('s2@example.se')).toEqual([])
    await rig.live(new Date('2026-04-13T06:00:00Z'))
    const [week] = await digestsOf('sm@example.se')
    expect(week!.text).toMatch(/Beröm: 2\s+Kritik: 1\s+Öppna ärenden: \d/)
    expect(week!.text).toContain('Beröm: Ebba Ros')
    expect(week!.text).toContain('Fick vänta')
    await rig.loop.drain()
    expect(await digestsOf('sm@example.se')).toHaveLength(1)
    expect((await digestsOf('nm@example.no')).map((mail) => mail.text).join()).not.toContain('Fick vänta')
  })

  it('comes monthly on its day, to those of a function with all units, also when the clock has changed', async () => {
    await rig.live(new Date('2026-04-30T10:00:00Z'))
    await rig.answered({ id: 'd4', recommend: 10, employee: 's1', unit: 'south' })
    await rig.live(new Date('2026-05-01T05:59:59Z'))
    expect(
      await digestsOf('head@example.se').then((mails) =>
        mails.filter((mail) => /Månaden/.test(mail.subject)),
      ),
    ).toEqual([])
    await rig.live(new Date('2026-05-01T06:00:00Z'))
    const [month] = (await digestsOf('head@example.se')).filter((mail) => /Månaden/.test(mail.subject))
    expect(month!.text).toMatch(/Beröm: 3\s+Kritik: 1/)
    // Nobody answered for more than two weeks, so that the week's next turn came late, and covers them all.
    expect((await digestsOf('sm@example.se')).map(({ subject }) => subject)).toEqual([
      'Veckan från era kunder: Sales',
      'Vad som kommit från era kunder: Sales',
    ])
  })
})

describe('a case that a trial lets wait', () => {
  it('is posted to nobody before it has waited, unless somebody works on it', async () => {
    const { problem } = rig.parts.hooks.poster
    const events = ['case.opened', 'case.changed'] as const
    await rig.within((tx) => createWebhook(tx, rig.clock, { url: `${receiver.url}/held`, events }, problem))
    await rig.push(
      salesProgram('').replace(
        'owner: [unitManager] }]',
        'owner: [unitManager] }], trial: { id: wait, rules: [unhappy], share: 0.5, delay: P10D }',
      ),
    )
    await rig.answered(
      ...Array.from({ length: 12 }, (_, i) => ({ id: `held ${i}`, recommend: 1, unit: 'south' })),
    )
    await rig.drain()
    const posted = () =>
      receiver.received
        .filter(({ path }) => path === '/held')
        .map(({ body }) => JSON.parse(body))
        .filter(({ type, data }) => type === 'case.opened' || data.change.actor !== null)
        .map(({ type, data }) => `${type} ${data.caseId}`)
    const held = await rig.within((tx) =>
      tx.query<{ id: string }>('select case_id as id from cases where hold_until > $1', [rig.clock.now()]),
    )
    expect(held.length).toBeGreaterThan(1)
    expect(posted()).toHaveLength(12 - held.length)
    const [early] = held as [{ id: string }]
    await rig.within((tx) =>
      changeCase(tx, rig.parts, {
        caseId: early.id,
        action: { kind: 'take' },
        actor: { id: 'sm', name: 'Sara', mandate: true },
        revision: 1,
        at: rig.clock.now(),
      }),
    )
    await rig.drain()
    expect(posted().slice(12 - held.length)).toEqual([`case.opened ${early.id}`, `case.changed ${early.id}`])
    await rig.live(new Date(rig.clock.now().getTime() + 11 * 86_400_000))
    const opened = posted().filter((each) => each.startsWith('case.opened'))
    expect([opened.length, new Set(opened).size]).toEqual([12, 12])
  })
})

it('a flood of letters on a case: its owner hears at once, then of the rest, and of what was set aside', async () => {
  await rig.push(salesProgram(''))
  await rig.answered({ id: 'flooded', recommend: 1, unit: 'north' })
  await rig.drain()
  const before = (await rig.mails()).length
  const to = await rig.within(async (tx) => {
    const [row] = await tx.query<{ id: string }>('select case_id as id from cases where response_id = $1', [
      rig.idOf('flooded'),
    ])
    return replyAddressOf('reply@example.org', await replyKey(tx), row!.id)
  })
  const inbound = { ...rig.parts, announce: rig.lane.announce }
  for (let number = 0; number < 25; number++) {
    const raw = Buffer.from(`From: kai@example.no\r\nMessage-ID: <${number}@example.no>\r\n\r\nHei`)
    await recordInboundMail(inbound, { from: 'kai@example.no', to, raw })
    if (number === 0) await rig.drain()
  }
  await rig.live(new Date(rig.clock.now().getTime() + 20 * 60_000))
  const told = (await rig.mails()).slice(before)
  expect(told.map(({ recipient, subject }) => `${recipient}: ${subject}`)).toEqual([
    'nm@example.no: En kunde har skrevet',
    'nm@example.no: 5 brev er lagt til side',
    'nm@example.no: En kunde har skrevet',
  ])
  expect(told[2]!.text).toContain('×19')
  expect(told[1]!.text).toContain('https://feedback.example.org/cases?workspace=sales#aside')
})
