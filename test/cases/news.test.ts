import { afterAll, beforeAll, expect, it } from 'vitest'
import { noteAside } from '../../src/cases/aside.ts'
import type { CaseAction } from '../../src/cases/case.ts'
import { floodNote } from '../../src/cases/floodNote.ts'
import { noteNews, tellCaseNews } from '../../src/cases/news.ts'
import { newsNote } from '../../src/cases/newsNote.ts'
import { takeReplies } from '../../src/cases/replies.ts'
import type { CaseEventKind } from '../../src/cases/standing.ts'
import { changeCase, changeCases } from '../../src/cases/store.ts'
import { tellOpened } from '../../src/cases/tellOpened.ts'
import { recordInboundMail } from '../../src/channels/inbound.ts'
import type { Note } from '../../src/channels/note.ts'
import { replyAddressOf, replyKey } from '../../src/channels/replyAddress.ts'
import { listMailsAside, settleMailAside } from '../../src/channels/threads.ts'
import { findOrAddUser } from '../../src/people/links.ts'
import type { Program } from '../../src/program/schema.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, type Recovery, recoveryShop } from './recovery.ts'

beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const shopWith = (rule: string, more = '') =>
  `${recoveryShop(`recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, ${rule} }`)}\n${more}`

async function act(recovery: Recovery, by: string, action: CaseAction) {
  await recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
    const [row] = await tx.query<{ id: string; revision: number }>(
      'select case_id as id, revision from case_deadlines where open',
    )
    await changeCase(tx, recovery, {
      caseId: row!.id,
      action,
      actor: { id: by, name: by, mandate: true },
      revision: row!.revision,
      at: recovery.clock.now(),
    })
  })
}
const news = async (recovery: Recovery) => {
  await tellCaseNews(recovery.parts, recovery.workspaceId)
  const rows = await recovery.rows<{ recipient: string; content: Note; try_at: Date }>(
    `select recipient, content, try_at from messages where kind = 'caseNews' order by queued_at, recipient, content->>'subject'`,
  )
  return rows.map(({ recipient, content }) => ({ to: recipient.split('@')[0], ...content }))
}

it('those who are kept informed hear what others did with the case, together and at most once an hour', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], stakeholders: [{ who: person.pia }]'),
  )
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'kari', { kind: 'watch' })
  expect(await news(recovery)).toEqual([])
  await act(recovery, 'kari', { kind: 'forward', to: { id: 'bo', name: 'Bo' }, note: 'Yours.' })
  const ofOthers = async () => (await news(recovery)).filter(({ to }) => to !== 'anna')
  const [first, ...others] = await ofOthers()
  // Kari did it, and Bo gets a mail of his own; Anna, whose it was, has a test of her own.
  expect(others).toEqual([])
  expect(first).toMatchObject({ to: 'pia', rows: [['Passed on', 'ann, Team one, Bo']] })
  await act(recovery, 'bo', { kind: 'contact', channel: 'phone' })
  recovery.moveTo('2026-03-02T09:10:00Z')
  expect((await ofOthers()).map(({ to }) => to)).toEqual(['pia', 'kari'])
  await act(recovery, 'bo', { kind: 'close', outcome: 'solved' })
  recovery.moveTo('2026-03-02T09:30:00Z')
  expect(await ofOthers()).toHaveLength(2)
  recovery.moveTo('2026-03-02T10:10:00Z')
  const [, , ...later] = await ofOthers()
  expect(later).toMatchObject([
    { to: 'kari', subject: 'Hva det ble av en sak', rows: [['Avsluttet', 'ann, Team one, løst']] },
    {
      to: 'pia',
      rows: [
        ['Customer reached', 'ann, Team one, Bo'],
        ['Closed', 'ann, Team one, solved'],
      ],
    },
  ])
  recovery.moveTo('2026-03-03T10:00:00Z')
  expect(await ofOthers()).toHaveLength(4)
  expect(await recovery.rows('select 1 from case_news where told_at is null')).toEqual([])
})

it('whoever has a case hears that a colleague reached its customer, or closed it, and not what they did themselves', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'anna', { kind: 'attempt', channel: 'phone' })
  await act(recovery, 'kari', { kind: 'contact', channel: 'phone' })
  expect(await news(recovery)).toMatchObject([
    { to: 'anna', rows: [['Customer reached', 'ann, Team one, Anna']] },
  ])
  recovery.moveTo('2026-03-02T10:10:00Z')
  await act(recovery, 'kari', { kind: 'close', outcome: 'solved' })
  expect((await news(recovery)).slice(1)).toMatchObject([
    { to: 'anna', rows: [['Closed', 'ann, Team one, solved']] },
  ])
  recovery.moveTo('2026-03-02T12:10:00Z')
  await recovery.answer({ customer: 'bea' })
  await act(recovery, 'anna', { kind: 'contact', channel: 'phone' })
  await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
  expect(await news(recovery)).toHaveLength(2)
})

it('news that waits for the hour is told to nobody who sees the case no more by then', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], stakeholders: [{ who: person.pia }, { who: person.nora }]'),
  )
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'anna', { kind: 'contact', channel: 'phone' })
  expect((await news(recovery)).map(({ to }) => to)).toEqual(['nora', 'pia'])
  recovery.moveTo('2026-03-02T09:20:00Z')
  await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
  await recovery.rows(`update employees set unit_key = 'team2' where employee_key = 'pia'`)
  recovery.moveTo('2026-03-02T10:10:00Z')
  expect((await news(recovery)).map(({ to }) => to)).toEqual(['nora', 'pia', 'nora'])
  expect(await recovery.rows('select 1 from case_news where told_at is null')).toEqual([])
})

it('what comes from the customer is told to the owner and to those who watch at once, in their language', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'kari', { kind: 'watch' })
  await recovery.answer({ customer: 'ann', answers: { recommend: 0 } })
  expect(await news(recovery)).toMatchObject([
    { to: 'anna', title: 'A customer has written', rows: [['Another answer came', 'ann, Team one, Anna']] },
    { to: 'kari', title: 'En kunde har skrevet', rows: [['Et svar til kom', 'ann, Team one, Anna']] },
  ])
  recovery.moveTo('2026-03-02T09:05:00Z')
  await act(recovery, 'anna', { kind: 'close', outcome: 'no answer' })
  await recovery.rows(
    `insert into case_mails (workspace_id, mail_id, case_id, direction, message_id, sender, recipient, subject, text, at)
     select workspace_id, case_id, case_id, 'in', '<1@x>', 'ann@example.org', 'reply@x', 'Thank you', 'Well.', now() from cases`,
  )
  const [row] = await recovery.rows<{ id: string }>('select mail_id as id from case_mails')
  await takeReplies(recovery.parts, recovery.workspaceId, [row!.id])
  expect((await news(recovery)).slice(2)).toMatchObject([
    { to: 'anna', rows: [['Customer replied', 'ann, Team one, Anna']], action: { label: 'Open the case' } },
    // What a customer writes is not buried in what became of cases.
    { to: 'kari', title: 'En kunde har skrevet', rows: [['Kunden svarte', 'ann, Team one, Anna']] },
    { to: 'kari', title: 'Hva det ble av en sak', rows: [['Avsluttet', 'ann, Team one, ikke svar']] },
  ])
  expect(await recovery.rows('select state, news_revision is not null as news from cases')).toEqual([
    { state: 'closed', news: true },
  ])
})

it('a customer’s reply is told at once by itself, also to somebody whose news of other cases waits for the hour', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await recovery.rows(
    `insert into case_people (workspace_id, case_id, person, part, since)
     select workspace_id, case_id, 'kari', 'watcher', now() from cases`,
  )
  await act(recovery, 'anna', { kind: 'contact', channel: 'phone' })
  expect(await news(recovery)).toHaveLength(1)
  recovery.moveTo('2026-03-02T09:10:00Z')
  await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
  await recovery.answer({ customer: 'ann', answers: { recommend: 0 } })
  const [, ...soon] = await news(recovery)
  // It opened the case again, which is told when the hour has passed, with its closing.
  expect(soon).toEqual([])
  await recovery.answer({ customer: 'ann', answers: { recommend: 1 } })
  expect((await news(recovery)).slice(1)).toMatchObject([
    { to: 'anna', title: 'A customer has written', action: { label: 'Open the case' } },
    { to: 'kari', title: 'En kunde har skrevet', rows: [['Et svar til kom', 'ann, Team one, Anna']] },
  ])
  recovery.moveTo('2026-03-02T10:00:00Z')
  expect((await news(recovery)).slice(3)).toMatchObject([
    {
      to: 'kari',
      title: 'Hva det ble av en sak',
      rows: [['Avsluttet'], ['Åpnet igjen']].map((row) => [row[0], expect.any(String)]),
    },
  ])
})

it('what became of closed cases leads to where closed ones stand', () => {
  const program = { workspace: { languages: ['en'], name: 'Shop' } } as unknown as Program
  const path = (...changes: CaseEventKind[]) =>
    newsNote(
      program,
      { language: 'en' },
      changes.map((change, n) => ({ change, cases: 1, caseIds: [`c${n}`] })),
      new Map(),
    ).action?.path
  expect([
    path('contacted', 'forwarded'),
    path('closed', 'closed'),
    path('closed', 'contacted'),
    path('replied', 'joined'),
    path('escalated', 'escalated'),
    path('taken', 'taken'),
  ]).toEqual(['watching', 'closed', 'all', 'news', 'escalated', 'open'].map((tab) => `/cases?tab=${tab}`))
})

it('what came twice of one case is one case', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await recovery.answer({ customer: 'ann', answers: { recommend: 1 } })
  await recovery.answer({ customer: 'ann', answers: { recommend: 0 } })
  expect(await news(recovery)).toMatchObject([{ to: 'anna', title: 'A customer has written' }])
})

/** The customer of the only case writes so many letters, as they come in by SMTP. */
async function writes(recovery: Recovery, letters: number) {
  const { database, workspaceId, parts } = recovery
  const to = await database.inWorkspace(workspaceId, async (tx) => {
    const [row] = await tx.query<{ id: string }>('select case_id as id from cases')
    return replyAddressOf('reply@example.org', await replyKey(tx), row!.id)
  })
  for (let number = 0; number < letters; number++) {
    const id = `<${recovery.clock.now().getTime()}.${number}@example.org>`
    const raw = Buffer.from(
      `From: ann@example.org\r\nMessage-ID: ${id}\r\nSubject: Hello\r\n\r\nNow ${number}`,
    )
    const found = await recordInboundMail(parts, { from: 'ann@example.org', to, raw })
    const [row] = await recovery.rows<{ id: string }>('select case_id as id from cases')
    if (!('mailId' in found)) throw new Error('no such case')
    if (found.aside === null) await takeReplies(parts, workspaceId, [found.mailId])
    else await noteAside(parts, workspaceId, [row!.id])
    if (number % 5 === 0) await tellCaseNews(parts, workspaceId)
  }
}

it('a customer who writes often is told of at once and then every quarter of an hour, with how often', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'kari', { kind: 'watch' })
  await writes(recovery, 12)
  expect((await news(recovery)).map(({ to, title }) => `${to}: ${title}`)).toEqual([
    'anna: A customer has written',
    'kari: En kunde har skrevet',
  ])
  // An answer is another thing than a letter, and so is what others do.
  await recovery.answer({ customer: 'ann', answers: { recommend: 1 } })
  expect(await news(recovery)).toHaveLength(4)
  recovery.moveTo('2026-03-02T09:14:00Z')
  expect(await news(recovery)).toHaveLength(4)
  recovery.moveTo('2026-03-02T09:15:00Z')
  expect((await news(recovery)).slice(4)).toMatchObject([
    { to: 'anna', title: 'A customer has written', rows: [['Customer replied', 'ann, Team one, Anna ×11']] },
    { to: 'kari', rows: [['Kunden svarte', 'ann, Team one, Anna ×11']] },
  ])
  recovery.moveTo('2026-03-02T11:00:00Z')
  await writes(recovery, 1)
  expect(await news(recovery)).toHaveLength(8)
})

it('what its reader has read on the page before the quarter of an hour is over is told to others alone', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'kari', { kind: 'watch' })
  await writes(recovery, 1)
  expect(await news(recovery)).toHaveLength(2)
  recovery.moveTo('2026-03-02T09:03:00Z')
  await writes(recovery, 2)
  recovery.moveTo('2026-03-02T09:05:00Z')
  await act(recovery, 'anna', { kind: 'read' })
  recovery.moveTo('2026-03-02T09:08:00Z')
  await recovery.answer({ customer: 'ann', answers: { recommend: 1 } })
  expect((await news(recovery)).slice(2).map(({ to, rows }) => [to, rows])).toEqual([
    ['anna', [['Another answer came', 'ann, Team one, Anna']]],
    ['kari', [['Et svar til kom', 'ann, Team one, Anna']]],
  ])
  recovery.moveTo('2026-03-02T09:15:00Z')
  expect((await news(recovery)).slice(4)).toMatchObject([
    { to: 'kari', rows: [['Kunden svarte', 'ann, Team one, Anna ×2']] },
  ])
  // What comes after it was read is told.
  recovery.moveTo('2026-03-02T09:16:00Z')
  await writes(recovery, 1)
  expect((await news(recovery)).slice(5)).toMatchObject([
    { to: 'anna', rows: [['Customer replied', 'ann, Team one, Anna']] },
  ])
  expect(await recovery.rows('select 1 from case_news where told_at is null')).toHaveLength(1)
})

it('what comes to a case that nobody owns, where there is no manager, is told to those who lead and see it, else to administrators', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [employee]'))
  const { database, workspaceId, clock } = recovery
  await recovery.rows(`update employees set role = null`)
  const join = async (name: string, role: string, unit: string | null) => {
    const user = await database.asOwner((tx) => findOrAddUser(tx, clock, `${name}@shop.invalid`, name))
    await database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        `insert into members (workspace_id, user_id, role, unit_key, created_at) values ($1, $2, $3, $4, now())`,
        [workspaceId, user, role, unit],
      ),
    )
  }
  await join('admin', 'admin', null)
  await join('other', 'cxLead', 'team2')
  await join('viewer', 'viewer', null)
  await recovery.answer({ customer: 'ann' })
  expect(await recovery.rows('select owner from cases')).toEqual([{ owner: null }])
  await writes(recovery, 1)
  expect((await news(recovery)).map(({ to, rows }) => [to, rows])).toEqual([
    ['admin', [['Customer replied', 'ann, Team one']]],
  ])
  await join('lea', 'cxLead', null)
  recovery.moveTo('2026-03-02T09:20:00Z')
  await writes(recovery, 2)
  recovery.moveTo('2026-03-02T09:40:00Z')
  expect((await news(recovery)).slice(1).map(({ to }) => to)).toEqual(['lea', 'lea'])
})

it('letters that are set aside as too many are told to the owner, once for a case and hour, with how many wait', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await writes(recovery, 22)
  const floods = async () => (await news(recovery)).filter(({ action }) => action?.path === '/cases#aside')
  expect(await floods()).toEqual([])
  recovery.moveTo('2026-03-02T09:01:00Z')
  const first = { to: 'anna', title: '2 letters were set aside', rows: [['ann, Team one, Anna', '2']] }
  expect(await floods()).toMatchObject([first])
  recovery.moveTo('2026-03-02T09:30:00Z')
  await writes(recovery, 2)
  expect(await floods()).toHaveLength(1)
  recovery.moveTo('2026-03-02T10:01:00Z')
  expect((await floods())[1]).toMatchObject({ title: '4 letters were set aside' })
  // What has been judged before the mail goes out is told no more.
  await recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
    for (const { mailId } of (await listMailsAside(tx, {}, { limit: 10 })).items)
      await settleMailAside(tx, recovery.parts, mailId, 'discarded', { id: 'anna', scope: {} })
    const [row] = await tx.query<{ id: string }>('select case_id as id from cases')
    await noteNews(tx, recovery.parts, [
      { person: 'anna', change: 'aside', caseIds: [row!.id], at: recovery.clock.now() },
    ])
  })
  recovery.moveTo('2026-03-02T11:30:00Z')
  expect(await floods()).toHaveLength(2)
})

it('what comes to an owner whom no mail reaches is told to the managers', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'pia', { kind: 'watch' })
  await act(recovery, 'key:telephony', { kind: 'take' })
  // That a system has it they hear at once, since its reminders are theirs from now on.
  const taken = ['Tatt av et system, som ikke leser e-post', 'ann, Team one, key:telephony']
  expect((await news(recovery)).filter(({ to }) => to === 'kari')).toMatchObject([
    { title: 'Hva det ble av en sak', rows: [taken] },
  ])
  await recovery.answer({ customer: 'ann', answers: { recommend: 0 } })
  const told = (await news(recovery)).filter(({ to }) => to === 'kari')
  expect(told.map(({ title }) => title)).toEqual(['En kunde har skrevet', 'Hva det ble av en sak'])
})

it('many cases that a system takes at once come to the managers in one mail; of what a person takes they hear nothing', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'a' }, { customer: 'b' }, { customer: 'c' })
  const take = (by: string, revision: number) =>
    recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
      const rows = await tx.query<{ id: string }>('select case_id as id from cases')
      const actor = { id: by, name: by, mandate: true }
      const at = recovery.clock.now()
      const changes = rows.map(({ id }) => ({
        caseId: id,
        action: { kind: 'take' } as const,
        actor,
        revision,
        at,
      }))
      await changeCases(tx, recovery, changes)
    })
  await take('bo', 1)
  const ofManager = async () => (await news(recovery)).filter(({ to }) => to === 'kari')
  expect(await ofManager()).toEqual([])
  await take('key:telephony', 2)
  const [mail, ...others] = await ofManager()
  expect(others).toEqual([])
  expect([mail?.to, mail?.rows?.length]).toEqual(['kari', 3])
})

it('whom a colleague takes a case from, or whose it is given away, is told at once and once; who has it already, or has left, is not', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith('owner: [person.anna]'))
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'anna', { kind: 'take' })
  expect(await news(recovery)).toEqual([])
  await act(recovery, 'bo', { kind: 'take' })
  const lost = { to: 'anna', rows: [['Taken over from you', 'ann, Team one, bo']] }
  expect(await news(recovery)).toMatchObject([lost])
  await act(recovery, 'bo', { kind: 'take' })
  await act(recovery, 'bo', { kind: 'assign', to: { id: 'pia', name: 'Pia' } })
  expect(await news(recovery)).toHaveLength(1)
  recovery.moveTo('2026-03-02T09:10:00Z')
  await act(recovery, 'kari', { kind: 'assign', to: { id: 'bo', name: 'Bo' } })
  expect((await news(recovery)).slice(1)).toMatchObject([
    { to: 'pia', rows: [['Taken over from you', 'ann, Team one, Bo']] },
  ])
  await recovery.rows(`update employees set active = false where employee_key = 'bo'`)
  await act(recovery, 'kari', { kind: 'take' })
  expect(await news(recovery)).toHaveLength(2)
})

it('nobody hears of it in their quiet hours', async () => {
  const recovery = await openRecovery(
    '2026-03-02T20:00:00Z',
    shopWith(
      'owner: [person.anna], stakeholders: [{ who: person.pia }]',
      `notify: { quietHours: { from: '20:00', to: '07:00' } }`,
    ),
  )
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'anna', { kind: 'contact', channel: 'phone' })
  expect(await news(recovery)).toEqual([])
  recovery.moveTo('2026-03-03T06:00:00Z')
  expect((await news(recovery)).map(({ to }) => to)).toEqual(['pia'])
})

it('more escalations than a person reads come in one mail, and the few of another person each in its own', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    // Not theirs, or they would be handed on to somebody above them.
    shopWith('owner: [person.anna], escalate: [{ after: PT0S, to: unitManager }]'),
  )
  const customers = (from: string) => Array.from({ length: 30 }, (_, n) => ({ customer: `${from}${n}` }))
  await recovery.answer(...customers('early'), { customer: 'far', unit: 'north' })
  recovery.moveTo('2026-03-02T09:20:00Z')
  await recovery.answer(...customers('late'))
  recovery.moveTo('2026-03-04T09:00:00Z')
  await Promise.all([recovery.judge(), recovery.judge()])
  expect((await recovery.mails()).filter((mail) => mail.startsWith('caseEscalated'))).toEqual([
    'caseEscalated nora',
  ])
  // Within a minute there may be more of them.
  expect(await news(recovery)).toEqual([])
  recovery.moveTo('2026-03-04T09:01:00Z')
  const [mail, ...others] = await news(recovery)
  expect(others).toEqual([])
  expect(mail).toMatchObject({
    to: 'kari',
    title: '30 saker holdt ikke fristen og er løftet opp til deg',
    action: { path: '/cases?tab=escalated' },
  })
  expect(mail!.rows).toHaveLength(11)
  expect(mail!.rows?.[0]?.[0]).toBe('Ikke holdt 4. mars 2026, 10:00, løftet opp til deg')
  expect(mail!.rows?.at(-1)).toEqual(['Ikke holdt, løftet opp til deg', 'og 20 til'])
  await recovery.judge()
  expect(await news(recovery)).toHaveLength(1)
  // The next ones wait for no hour: each would have been a mail at once.
  recovery.moveTo('2026-03-04T09:20:00Z')
  await recovery.judge()
  expect(await news(recovery)).toHaveLength(1)
  recovery.moveTo('2026-03-04T09:21:00Z')
  expect(await news(recovery)).toHaveLength(2)
})

it('what others did with cases is told after the mail of many that tells of them, which leaves out what is the reader’s own by then', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith(
      'owner: [person.anna], escalate: [{ after: PT0S, to: unitManager }, { after: PT30S, to: managerAbove }, { after: PT40S, to: function.productOwner }]',
    ),
  )
  await recovery.answer(...Array.from({ length: 30 }, (_, n) => ({ customer: `c${n}` })))
  recovery.moveTo('2026-03-04T09:00:00Z')
  await recovery.judge()
  await act(recovery, 'nora', { kind: 'assign', to: { id: 'kari', name: 'Kari' } })
  for (const at of ['2026-03-04T09:00:30Z', '2026-03-04T09:00:40Z']) {
    recovery.moveTo(at)
    await recovery.judge()
  }
  const toKari = async () =>
    (await news(recovery)).filter(({ to }) => to === 'kari').map(({ title }) => title)
  expect(await toKari()).toEqual([])
  recovery.moveTo('2026-03-04T09:01:00Z')
  expect((await toKari()).sort()).toEqual([
    '29 saker holdt ikke fristen og er løftet opp til deg',
    'Hva det ble av 30 saker',
  ])
})

it.each([
  ['en', '3 cases are yours now, and news of 2 more', 'Yours now'],
  ['sv', '3 ärenden är nu dina, och nytt om 2 till', 'Nu ditt'],
  ['nb', '3 saker er nå dine, og nytt om 2 til', 'Nå din'],
])(
  'what has become the reader’s stands before what became of other cases, in %s',
  (language, title, label) => {
    const program = { workspace: { languages: ['en'] } } as unknown as Program
    const told = [
      { change: 'escalated' as const, cases: 4, caseIds: ['a', 'b', 'd', 'e'] },
      { change: 'assigned' as const, cases: 3, caseIds: ['a', 'b', 'c'] },
    ]
    const note = newsNote(program, { language }, told, new Map())
    expect(note.title).toBe(title)
    expect(note.rows?.slice(0, 3).map(([of]) => of)).toEqual([label, label, label])
  },
)

it('more new cases than a person reads come in one mail, less those that are answered by then, and each once', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], stakeholders: [{ who: person.pia }]'),
  )
  const { database, workspaceId, clock } = recovery
  await recovery.answer(...Array.from({ length: 30 }, (_, n) => ({ customer: `c${n}` })))
  await recovery.notify()
  await recovery.notify()
  expect(await recovery.mails()).toEqual([])
  const ids = (await recovery.rows<{ id: string }>('select case_id as id from cases order by 1')).map(
    ({ id }) => id,
  )
  const actor = { id: 'anna', name: 'Anna', mandate: true }
  const doing = (caseId: string, action: CaseAction) =>
    database.inWorkspace(workspaceId, (tx) =>
      changeCases(tx, recovery, [{ caseId, action, actor, revision: 1, at: clock.now() }]),
    )
  recovery.moveTo('2026-03-02T09:00:30Z')
  await doing(ids[0]!, { kind: 'contact', channel: 'phone' })
  await doing(ids[1]!, { kind: 'close', outcome: 'no answer' })
  await doing(ids[2]!, { kind: 'assign', to: { id: 'bo', name: 'Bo' } })
  const ofNew = async () => (await news(recovery)).filter(({ title }) => title?.includes('new case'))
  expect(await ofNew()).toEqual([])
  recovery.moveTo('2026-03-02T09:01:00Z')
  const [anna, pia, ...others] = await ofNew()
  expect(others).toEqual([])
  expect(anna).toMatchObject({
    to: 'anna',
    title: '27 new cases wait for you',
    action: { path: '/cases?tab=mine' },
  })
  expect(anna!.rows).toHaveLength(11)
  expect(anna!.rows?.[0]?.[0]).toBe('New, due 4 Mar 2026, 10:00')
  expect(pia).toMatchObject({
    to: 'pia',
    title: '29 new cases that you are kept informed of',
    action: { path: '/cases?tab=watching' },
  })
  // Why the rest was left out stands in the histories.
  const why = await recovery.rows(
    `select kind, about_id as id, error as why from messages where state = 'withdrawn' order by kind, about_id`,
  )
  expect(why).toEqual([
    { kind: 'case', id: ids[0], why: 'contacted' },
    { kind: 'case', id: ids[1], why: 'closed' },
    { kind: 'case', id: ids[2], why: 'notTheirs' },
    { kind: 'caseInformed', id: ids[1], why: 'closed' },
  ])
  // Done again, as after a crash, it tells those that are new since, of whom there are a few.
  await recovery.answer(...Array.from({ length: 3 }, (_, n) => ({ customer: `later${n}` })))
  const rows = await recovery.rows<{ id: string }>(`select case_id as id from cases where owner = 'anna'`)
  const annas = rows.map(({ id }) => id)
  await tellOpened(recovery.parts, workspaceId, annas)
  await tellOpened(recovery.parts, workspaceId, annas)
  recovery.moveTo('2026-03-02T09:05:00Z')
  expect(await ofNew()).toHaveLength(2)
  expect((await recovery.mails()).filter((mail) => !mail.startsWith('caseNews'))).toEqual([
    'case anna',
    'case anna',
    'case anna',
    'case bo',
    'caseInformed pia',
    'caseInformed pia',
    'caseInformed pia',
  ])
})

it('of many reminders those that are untrue when they are told are left out: reached, closed, somebody else’s, too late', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], remind: [PT4H, PT30S]'),
  )
  await recovery.answer(...Array.from({ length: 30 }, (_, n) => ({ customer: `c${n}` })))
  const { database, workspaceId, clock } = recovery
  const ids = (await recovery.rows<{ id: string }>('select case_id as id from cases order by 1')).map(
    ({ id }) => id,
  )
  const actor = { id: 'anna', name: 'Anna', mandate: true }
  const doing = (caseId: string, action: CaseAction) =>
    database.inWorkspace(workspaceId, (tx) =>
      changeCases(tx, recovery, [{ caseId, action, actor, revision: 2, at: clock.now() }]),
    )
  recovery.moveTo('2026-03-04T05:00:00Z')
  await recovery.judge()
  await doing(ids[0]!, { kind: 'contact', channel: 'phone' })
  await doing(ids[1]!, { kind: 'close', outcome: 'no answer' })
  await doing(ids[2]!, { kind: 'assign', to: { id: 'bo', name: 'Bo' } })
  recovery.moveTo('2026-03-04T05:01:00Z')
  const [mail] = (await news(recovery)).filter(({ to }) => to === 'anna')
  expect(mail).toMatchObject({
    title: '27 customers wait for you, with deadlines that are near',
    action: { path: '/cases?tab=mine' },
  })
  expect(mail!.rows?.[0]?.[0]).toBe('Due 4 Mar 2026, 10:00')
  expect(mail!.rows?.at(-1)).toEqual(['Due soon', 'and 17 more'])
  // Half a minute before the deadline the second one cannot wait for the rest of its flood.
  const near = async () => (await news(recovery)).filter(({ title }) => title?.includes('near'))
  recovery.moveTo('2026-03-04T08:59:30Z')
  await recovery.judge()
  expect(await near()).toHaveLength(1)
  recovery.moveTo('2026-03-04T08:59:45Z')
  expect(await near()).toHaveLength(2)
})

it('of many reminders that a standstill made too late the histories say so, and nobody is told', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], remind: [PT4H]'),
  )
  await recovery.answer(...Array.from({ length: 30 }, (_, n) => ({ customer: `c${n}` })))
  recovery.moveTo('2026-03-04T05:00:00Z')
  await recovery.judge()
  recovery.moveTo('2026-03-04T09:00:30Z')
  expect(await news(recovery)).toEqual([])
  expect(
    await recovery.rows(
      `select kind, recipient, error as why, count(distinct about_id) as n from messages
       where state = 'withdrawn' group by 1, 2, 3`,
    ),
  ).toEqual([{ kind: 'caseReminder', recipient: 'anna@shop.invalid', why: 'late', n: 30 }])
})

it.each([
  ['en', 'A case missed its deadline and was handed up to you'],
  ['sv', 'Ett ärende missade sin tidsgräns och har lyfts upp till dig'],
  ['nb', 'En sak holdt ikke fristen og er løftet opp til deg'],
])('of many deadlines one that is left is one, in %s', (language, title) => {
  const program = { workspace: { languages: ['en'], timeZone: 'Europe/Oslo' } } as unknown as Program
  const one = [{ change: 'handedUp' as const, cases: 1, caseIds: ['a'] }]
  const told = {
    customer: 'Ann',
    unit: null,
    owner: null,
    outcome: null,
    due: new Date('2026-03-04T09:00:00Z'),
  }
  expect(floodNote(program, { language, unitKey: null }, one, new Map([['a', told]])).title).toBe(title)
})

it('a case that is new and nearly due stands in a mail of many once, by what is latest', () => {
  const program = { workspace: { languages: ['en'], timeZone: 'Europe/Oslo' } } as unknown as Program
  const told = [
    { change: 'opened' as const, cases: 3, caseIds: ['a', 'b', 'c'] },
    { change: 'dueSoon' as const, cases: 2, caseIds: ['a', 'b'] },
    { change: 'dueSoon' as const, cases: 2, caseIds: ['a', 'b'] },
  ]
  const note = floodNote(program, { language: 'en', unitKey: null }, told, new Map())
  expect(note.title).toBe('3 cases that are new, near their deadline or past it')
  expect(note.rows).toHaveLength(3)
  const all = floodNote(
    program,
    { language: 'en', unitKey: null },
    [...told, { ...told[1]!, caseIds: ['c'], cases: 1 }],
    new Map(),
  )
  expect(all.title).toBe('3 customers wait for you, with deadlines that are near')
})

it('an owner who signs in but is no employee is reminded, and told what is handed up', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    shopWith('owner: [person.anna], remind: [PT4H]'),
  )
  const { database, workspaceId } = recovery
  const user = await database.asOwner((tx) => findOrAddUser(tx, recovery.clock, 'lead@shop.invalid', 'Lea'))
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'cxLead', now())`,
      [workspaceId, user],
    ),
  )
  const lea = { id: `user:${user}`, name: 'Lea' }
  await recovery.answer({ customer: 'ann' })
  await act(recovery, 'kari', { kind: 'assign', to: lea })
  recovery.moveTo('2026-03-04T06:00:00Z')
  await recovery.judge()
  await act(recovery, 'kari', { kind: 'escalate', to: [lea] })
  expect(await recovery.mails()).toEqual(['case lead', 'caseEscalated lead', 'caseReminder lead'])
})
