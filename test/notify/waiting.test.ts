import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseAction } from '../../src/cases/case.ts'
import { newDeadline } from '../../src/cases/deadline.ts'
import { outdatedMails } from '../../src/cases/outdated.ts'
import { applyProduct, changeCase } from '../../src/cases/store.ts'
import { readWithdrawn } from '../../src/cases/withdrawn.ts'
import { type Claimed, listTroubledMessages } from '../../src/channels/queue.ts'
import { keepLead } from '../../src/improve/referral.ts'
import { releaseHeld } from '../../src/notify/release.ts'
import { listNotifications } from '../../src/notify/store.ts'
import { type NotifyRig, openNotifyRig, salesProgram } from './rig.ts'

/** The sales company, quiet at night and at weekends, with deadlines that pass by night. */
const program = (notify = '') =>
  salesProgram(`  quietHours: { from: "20:00", to: "07:00", days: [sat, sun] }\n${notify}`).replace(
    /recovery: .*/,
    `recovery:
  rules:
    - id: long
      when: answers.recommend == 3
      owner: [unitManager]
      firstContact: PT14H
      remind: [PT10H, PT8H]
    - id: short
      when: answers.recommend <= 2
      owner: [unitManager]
      stakeholders: [{ who: function.lead }]
      firstContact: PT4H
      remind: [PT2H]
      escalate: [{ after: PT1H, to: managerAbove }]`,
  )

let rig: NotifyRig
// A Monday.
beforeAll(async () => {
  rig = await openNotifyRig(program(), new Date('2026-03-02T09:00:00Z'))
})
afterAll(() => rig.close())

const caseOf = (id: string) =>
  rig.within(async (tx) => {
    const [row] = await tx.query<{ caseId: string; revision: number }>(
      `select d.case_id as "caseId", d.revision from cases c join case_deadlines d on d.case_id = c.case_id
       where c.response_id = $1`,
      [rig.idOf(id)],
    )
    return row!
  })

async function act(id: string, by: string, action: CaseAction) {
  const checked = await rig.parts.programs.active(rig.workspaceId)
  const found = await caseOf(id)
  const change = { ...found, action, actor: { id: by, name: by, mandate: true }, at: rig.clock.now() }
  await rig.within((tx) => changeCase(tx, rig.parts, change, { checked }))
}

/** What became of the mails about a case: `kind reader`, and why one was not sent. */
async function mailsAbout(id: string) {
  const { caseId } = await caseOf(id)
  const rows = await rig.within((tx) =>
    tx.query<{ kind: string; recipient: string; state: string; error: string | null }>(
      'select kind, recipient, state, error from messages where about_id = $1 and content is null',
      [caseId],
    ),
  )
  return rows
    .map(({ kind, recipient, state, error }) => `${kind} ${recipient.split('@')[0]} ${error ?? state}`)
    .sort()
}

const newsTo = async (recipient: string) =>
  (await rig.mails()).filter(
    (mail) => mail.recipient === recipient && /Vad det blev/.test(mail.subject) && mail.text,
  )

it('who is kept informed of a case reads so, and whose it is', async () => {
  await rig.answered({ id: 'day', recommend: 1, comment: 'Tjatig', employee: 's1', unit: 'south' })
  await rig.drain()
  expect(await mailsAbout('day')).toEqual(['case sm sent', 'caseInformed head sent'])
  const mails = (await rig.mails()).filter(({ text }) => text?.includes('Tjatig'))
  const told = mails.find(
    ({ recipient, subject }) => recipient === 'head@example.se' && /ärende/.test(subject),
  )
  expect(told?.subject).toBe('Du hålls underrättad om ett ärende: 1/10, Syd')
  expect(told?.text).toMatch(/Ägaren tar kontakt med kunden;[\s\S]*Ägare: Sara Syd\n/)
  expect(told!.text! + told!.html!).not.toMatch(/behöver dig|%%/)
  await act('day', 'sm', { kind: 'close', outcome: 'solved' })
  await rig.drain()
})

describe('after quiet hours', () => {
  const evening = new Date('2026-03-02T20:00:00Z')
  const bad = ['reached', 'closed', 'given', 'waiting'] as const

  beforeAll(async () => {
    await rig.live(evening)
    await rig.answered(
      ...bad.map((id) => ({ id, recommend: 1, employee: 's1', unit: 'south' })),
      { id: 'long', recommend: 3, employee: 's1', unit: 'south' },
      { id: 'by hand', recommend: 3, employee: 's1', unit: 'south' },
    )
    await rig.live(new Date('2026-03-02T20:30:00Z'))
    await act('given', 'sm', { kind: 'assign', to: { id: 's2', name: 'Kalle Dahl' } })
    // After the reminder.
    await rig.live(new Date('2026-03-02T23:00:00Z'))
    await act('reached', 'sm', { kind: 'contact', channel: 'phone' })
    await act('by hand', 'sm', { kind: 'contact', channel: 'phone' })
    await act('by hand', 'sm', { kind: 'escalate', to: [{ id: 'head', name: 'Hanna Head' }] })
    // After the deadline and the step of escalation.
    await rig.live(new Date('2026-03-03T02:00:00Z'))
    await act('closed', 'sm', { kind: 'close', outcome: 'solved' })
    const before = (await rig.mails()).length
    await rig.live(new Date('2026-03-03T05:59:59Z'))
    expect(await rig.mails()).toHaveLength(before)
    // The process is down while they end.
    rig.clock.moveTo(new Date('2026-03-03T06:30:00Z'))
    await rig.drain()
  })

  it('nobody is told that a customer waits who has been reached, or whose case is closed', async () => {
    expect(await mailsAbout('reached')).toEqual([
      'case sm contacted',
      'caseInformed head sent',
      'caseReminder sm contacted',
    ])
    expect(await mailsAbout('closed')).toEqual([
      'case sm closed',
      'caseEscalated head closed',
      'caseInformed head closed',
      'caseReminder sm closed',
    ])
    const news = (await newsTo('head@example.se')).map(({ text }) => text).join()
    expect(news).toMatch(/Kunden nådd: /)
    expect(news).toMatch(/Avslutat: .*löst/)
  })

  it('nobody is told of what is somebody else’s by now, nor reminded of a deadline that has passed', async () => {
    expect(await mailsAbout('given')).toEqual([
      'case s2 sent',
      'case sm notTheirs',
      'caseEscalated head sent',
      'caseInformed head repeated',
      'caseReminder s2 late',
    ])
    expect(await mailsAbout('waiting')).toEqual([
      'case sm sent',
      'caseEscalated head sent',
      'caseInformed head repeated',
      'caseReminder sm late',
    ])
  })

  it('a reminder of a case that is told in the same minute is not sent, and what a colleague has handed up is', async () => {
    // That it is theirs is told in the same minute, with the deadline.
    expect(await mailsAbout('long')).toEqual([
      'case sm sent',
      'caseReminder sm repeated',
      'caseReminder sm repeated',
    ])
    expect(await mailsAbout('by hand')).toEqual(['case sm contacted', 'caseEscalated head sent'])
  })

  it('a case tells who was not told any more, of what and why, when it was to be told', async () => {
    const { caseId } = await caseOf('reached')
    const at = new Date('2026-03-03T06:00:00Z')
    expect(await rig.within((tx) => readWithdrawn(tx, caseId))).toEqual(
      expect.arrayContaining([
        { at, to: 'Sara Syd', kind: 'case', reason: 'contacted' },
        { at, to: 'Sara Syd', kind: 'caseReminder', reason: 'contacted' },
      ]),
    )
    const { caseId: told } = await caseOf('day')
    expect(await rig.within((tx) => readWithdrawn(tx, told))).toEqual([])
  })

  it('a replay that looks later sends what was true when it was due', async () => {
    const { caseId } = await caseOf('closed')
    const judged = (sendingAt: Date) =>
      rig.within(async (tx) => {
        const messages = await tx.query<Claimed & Record<string, unknown>>(
          `select message_id as "messageId", kind, about_id as "aboutId", recipient, content as note, queued_at as "queuedAt"
           from messages where about_id = $1 and kind in ('case', 'caseEscalated') and content is null`,
          [caseId],
        )
        const found = await outdatedMails(
          tx,
          messages.map((each) => ({ ...each, sendingAt })),
          rig.clock,
        )
        return [...found.values()]
      })
    expect(await judged(new Date('2026-03-03T01:59:59Z'))).toEqual([])
    expect(await judged(new Date('2026-03-03T02:00:00Z'))).toEqual(['closed', 'closed'])
  })

  it('what was not sent is no trouble to look into, and stays so', async () => {
    await rig.live(new Date('2026-03-03T09:00:00Z'))
    expect((await mailsAbout('closed')).filter((mail) => mail.endsWith('closed'))).toHaveLength(4)
    expect(await rig.within(listTroubledMessages)).toEqual([])
  })
})

it('of a customer’s no in the night its owner is told once, whether its reminder waited as well or falls due as quiet hours end', async () => {
  const ids = ['waits too', 'at their end']
  await rig.answered(...ids.map((id) => ({ id, recommend: 3, employee: 's1', unit: 'south' })))
  await rig.drain()
  for (const id of ids) {
    await act(id, 'sm', { kind: 'contact', channel: 'phone' })
    await act(id, 'sm', { kind: 'close', outcome: 'solved' })
  }
  for (const [id, at] of [
    ['waits too', '2026-03-04T01:00:00Z'],
    ['at their end', '2026-03-04T02:00:00Z'],
  ] as const) {
    await rig.live(new Date(at))
    const checked = await rig.parts.programs.active(rig.workspaceId)
    const { caseId } = await caseOf(id)
    const deadline = newDeadline(checked, { rule: 'long', unitKey: 'south' }, new Date(at))
    await rig.within(async (tx) => {
      const action = {
        kind: 'reopened' as const,
        answeredAt: new Date(at),
        solved: false as const,
        ...deadline,
      }
      await applyProduct(tx, rig.parts, [{ caseId, at: new Date(at), action }])
      await rig.parts.announce(tx, { kind: 'case.opened', workspaceId: rig.workspaceId, caseIds: [caseId] })
      await rig.parts.announce(tx, { kind: 'cases.due', workspaceId: rig.workspaceId })
    })
  }
  // Reminders are due at 5 and 7, and at 6 and 8.
  await rig.live(new Date('2026-03-04T06:30:00Z'))
  for (const id of ids)
    expect(await mailsAbout(id)).toEqual(['case sm sent', 'case sm sent', 'caseReminder sm repeated'])
  await rig.live(new Date('2026-03-04T09:00:00Z'))
  for (const id of ids)
    expect(await mailsAbout(id)).toEqual([
      ...['case sm sent', 'case sm sent'],
      ...['caseReminder sm repeated', 'caseReminder sm sent'],
    ])
})

it('leads wait for the end of their reader’s quiet hours, as what else colleagues are told', async () => {
  const upsell = `promoters: { rules: [{ id: more, when: answers.recommend == 9, do: upsell, to: [unitManager] }] }`
  await rig.push(`${program()}${upsell}\n`)
  // Friday evening.
  await rig.live(new Date('2026-03-06T19:30:00Z'))
  await rig.answered({ id: 'happy', recommend: 9, employee: 's1', unit: 'south' })
  const { program: inForce } = await rig.parts.programs.active(rig.workspaceId)
  const about = { actId: rig.idOf('act'), responseId: rig.idOf('happy'), unitKey: 'south' }
  await rig.within((tx) =>
    keepLead(tx, rig.parts, inForce, about, { name: 'Eva Ny', email: 'eva@new.example' }),
  )
  const leads = async () =>
    (await rig.mails()).filter(({ subject }) => subject.startsWith('Någon att tala med')).length
  await rig.live(new Date('2026-03-09T05:59:59Z'))
  expect(await leads()).toBe(0)
  await rig.live(new Date('2026-03-09T06:00:00Z'))
  expect(await leads()).toBe(2)
})

it('what praise first has held goes to those whom it concerns when it is released, to nobody twice', async () => {
  const held = 'praiseFirst: { until: released }'
  const both = `  ${held}\n  digests: []`
  await rig.push(salesProgram(both))
  // A Tuesday.
  await rig.live(new Date('2026-03-10T09:00:00Z'))
  await rig.answered(
    { id: 'held', recommend: 5, comment: 'Hållet tillbaka', employee: 's1', unit: 'south' },
    { id: 'about kalle', recommend: 5, comment: 'Om Kalle', employee: 's2', unit: 'south' },
    { id: 'of the head', recommend: 5, comment: 'Om Hanna', employee: 'head', unit: 'all' },
  )
  await rig.drain()
  // Sara goes north, Kalle leads the south from now on, and somebody stands above Hanna.
  const moved = salesProgram(both)
    .replace('email: sm@example.se, unit: south', 'email: sm@example.se, unit: north')
    .replace('unit: south, language: en }', 'unit: south, role: manager, language: en }')
    .replace(
      'employees:',
      'employees:\n  - { key: vd, name: Vera, email: vd@example.se, unit: group, role: manager }',
    )
    .replace('levels: [company, team]', 'levels: [group, company, team]')
    .replace(
      '{ key: all, level: company, name: Hela }',
      '{ key: group, level: group, name: Koncern }\n    - { key: all, level: company, name: Hela, parent: group }',
    )
  await rig.push(moved)
  const told = async (id: string) =>
    (await rig.within((tx) => listNotifications(tx, { limit: 200 }, {}))).items
      .filter(({ responseId }) => responseId === rig.idOf(id))
      .map(({ readerKey, state, reason, mail }) => [readerKey, state, reason, mail])
      .sort()
  const release = (ids?: readonly string[]) =>
    rig.within((tx) => releaseHeld(tx, rig.parts, { by: 'head', scope: {}, ...(ids ? { ids } : {}) }))
  expect(await told('of the head')).toEqual([[null, 'held', 'praiseFirst', null]])
  expect(await release()).toBe(3)
  expect(await release()).toBe(0)
  await rig.drain()
  expect(await told('held')).toEqual([
    ['s2', 'queued', null, 'sent'],
    ['sm', 'dropped', 'moved', null],
  ])
  // His own is told to the manager above, not to him who leads now.
  expect(await told('about kalle')).toEqual([
    ['head', 'queued', null, 'sent'],
    ['sm', 'dropped', 'moved', null],
  ])
  expect(await told('of the head')).toEqual([['vd', 'queued', null, 'sent']])
  const mails = (await rig.mails()).filter(({ text }) => /Hållet tillbaka|Om Kalle|Om Hanna/.test(text ?? ''))
  expect(mails.map(({ recipient }) => recipient).sort()).toEqual([
    'head@example.se',
    's2@example.se',
    'vd@example.se',
  ])
})

it('a digest that waits when the next is due comes in one with it, of all since the one before', async () => {
  await rig.push(
    program(
      '  digests: [{ id: day, every: day, at: "06:30", to: [unitManager], about: [praise, criticism] }]',
    ),
  )
  const digests = async () =>
    (await rig.mails()).filter(
      ({ recipient, subject }) => recipient === 'sm@example.se' && subject.endsWith(': Sales'),
    )
  // Friday to Monday.
  for (const [id, at] of [
    ['fri', '2026-03-13T10:00:00Z'],
    ['sat', '2026-03-14T10:00:00Z'],
    ['sun', '2026-03-15T10:00:00Z'],
  ] as const) {
    await rig.live(new Date(at))
    await rig.answered({ id, recommend: 10, comment: `Beröm ${id}`, employee: 's1', unit: 'south' })
  }
  const before = (await digests()).length
  await rig.live(new Date('2026-03-16T05:59:59Z'))
  expect(await digests()).toHaveLength(before)
  await rig.live(new Date('2026-03-16T06:00:00Z'))
  const [together, ...others] = (await digests()).slice(before)
  expect(others).toEqual([])
  expect(together?.subject).toBe('Vad som kommit från era kunder: Sales')
  expect(together?.text).toMatch(/Beröm: 3\n/)
  // The next tells of what has come since.
  await rig.answered({ id: 'mon', recommend: 10, employee: 's1', unit: 'south' })
  await rig.live(new Date('2026-03-17T06:00:00Z'))
  const [next, ...more] = (await digests()).slice(before + 1)
  expect(more).toEqual([])
  expect(next?.subject).toBe('Gårdagen från era kunder: Sales')
  expect(next?.text).toMatch(/Beröm: 1\n/)
})

it.each([
  ['when clocks go forward', 'Europe/Stockholm', '2026-03-27T11:00:00Z', '2026-03-30T05:00:00Z'],
  ['when clocks go back', 'Europe/Stockholm', '2026-10-23T11:00:00Z', '2026-10-26T06:00:00Z'],
  ['where clocks stay', 'Africa/Lagos', '2026-10-30T11:00:00Z', '2026-11-02T06:00:00Z'],
])(
  'digests of a quiet weekend come as one, also %s and nobody answers meanwhile',
  async (_, zone, friday, monday) => {
    await rig.live(new Date(friday))
    const daily = (id: string, at: string) =>
      `{ id: ${id}${Date.parse(friday) / 1000}, every: day, at: "${at}", to: [unitManager] }`
    await rig.push(
      program(`  digests: [${daily('morning', '06:30')}, ${daily('night', '02:30')}]`).replace(
        'Europe/Stockholm',
        zone,
      ),
    )
    const digests = async () =>
      (await rig.mails()).filter(
        ({ recipient, subject }) => recipient === 'sm@example.se' && subject.endsWith(': Sales'),
      )
    const before = (await digests()).length
    await rig.answered(
      { id: friday, recommend: 10, employee: 's1', unit: 'south' },
      { id: `${friday} unhappy`, recommend: 2, employee: 's1', unit: 'south' },
    )
    await rig.live(new Date(Date.parse(monday) - 1))
    expect(await digests()).toHaveLength(before)
    await rig.live(new Date(monday))
    const onMonday = (await digests()).slice(before).map(({ text }) => text?.match(/Beröm: \d/)?.[0])
    expect(onMonday).toEqual(['Beröm: 1', 'Beröm: 1'])
    // The next answer is of the next day's digests.
    await rig.live(new Date(Date.parse(monday) + 3_600_000))
    await rig.answered({ id: monday, recommend: 10, employee: 's1', unit: 'south' })
    await rig.drain()
    expect(await digests()).toHaveLength(before + 2)
  },
)

it('a digest that waited while nothing ran comes in one with the one that fell due meanwhile', async () => {
  await rig.live(new Date('2026-11-06T11:00:00Z'))
  await rig.push(program('  digests: [{ id: down, every: day, at: "06:30", to: [unitManager] }]'))
  const digests = async () =>
    (await rig.mails()).filter(
      ({ recipient, subject }) => recipient === 'sm@example.se' && subject.endsWith(': Sales'),
    )
  // Saturday's waits when the process goes down, and on Tuesday it is up again.
  await rig.answered(
    { id: 'down', recommend: 10, employee: 's1', unit: 'south' },
    { id: 'down unhappy', recommend: 2, employee: 's1', unit: 'south' },
  )
  await rig.live(new Date('2026-11-07T11:00:00Z'))
  const before = (await digests()).length
  rig.clock.moveTo(new Date('2026-11-10T09:00:00Z'))
  await rig.drain()
  await rig.answered({ id: 'up', recommend: 7, employee: 's1', unit: 'south' })
  await rig.drain()
  const [together, ...others] = (await digests()).slice(before)
  expect(others).toEqual([])
  expect(together?.text).toMatch(/Beröm: 1\n/)
})
