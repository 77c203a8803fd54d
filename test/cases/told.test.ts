import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseAction } from '../../src/cases/case.ts'
import { takeFollowUps } from '../../src/cases/followUp.ts'
import { changeCase } from '../../src/cases/store.ts'
import { createWriter } from '../../src/channels/content.ts'
import { createWebhook, putChatChannel } from '../../src/channels/hooks/endpoints.ts'
import type { Claimed } from '../../src/channels/queue.ts'
import { sendInvitations } from '../../src/invitations/send.ts'
import { hookCases } from '../../src/notify/hookSteps.ts'
import { recordAnswers } from '../../src/responses/record.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, type Recovery, recoveryShop } from './recovery.ts'

beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const shopWith = (rule: string, more = '') =>
  `${recoveryShop(`recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, ${rule} }`)}\n${more}`

async function act(recovery: Recovery, by: string, action: CaseAction) {
  const checked = await recovery.programs.active(recovery.workspaceId)
  await recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
    const [row] = await tx.query<{ id: string; revision: number }>(
      'select case_id as id, revision from case_deadlines',
    )
    const change = { action, actor: { id: by, name: by, mandate: true }, at: recovery.clock.now() }
    await changeCase(tx, recovery, { ...change, caseId: row!.id, revision: row!.revision }, { checked })
  })
}

/** The mails about cases as they would go out now, in the order in which they were queued. */
async function writtenMails(recovery: Recovery) {
  const claimed = await recovery.rows<Claimed & Record<string, unknown>>(
    `select message_id as "messageId", kind, about_id as "aboutId", recipient, content as note
     from messages where kind like 'case%' and content is null order by queued_at, kind, recipient`,
  )
  const write = createWriter({
    ...recovery,
    publicUrl: 'https://feedback.example.org',
    mailFrom: 'feedback@example.org',
    replyTo: 'reply@example.org',
  })
  return write(recovery.workspaceId, claimed, recovery.clock)
}

/** As writtenMails, `kind reader: what it quotes`. */
async function written(recovery: Recovery) {
  return (await writtenMails(recovery)).map((each) => {
    const said =
      'mail' in each ? /(\d+\/\d+)[\s\S]*?(first words|worse \w+|about Anna)/.exec(each.mail.text) : []
    return `${each.claimed.kind} ${each.claimed.recipient.split('@')[0]}: ${said?.[1]} ${said?.[2]}`
  })
}

const policy = 'owner: [person.anna], remind: [PT4H], escalate: [{ after: PT0S, to: unitManager }]'

it('mails of a case that a further answer joined or opened again quote the latest answer', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith(policy))
  await recovery.answer({ customer: 'ann', answers: { recommend: 4 }, comment: 'first words' })
  await recovery.notify()
  expect(await written(recovery)).toEqual(['case anna: 4/10 first words'])
  recovery.moveTo('2026-03-02T10:00:00Z')
  await recovery.answer({ customer: 'ann', answers: { recommend: 2 }, comment: 'worse words' })
  for (const time of ['2026-03-04T06:00:00Z', '2026-03-05T09:00:00Z']) {
    recovery.moveTo(time)
    await recovery.judge()
  }
  expect((await written(recovery)).slice(1)).toEqual([
    'caseReminder anna: 2/10 worse words',
    'caseEscalated kari: 2/10 worse words',
  ])
  await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
  await recovery.answer({ customer: 'ann', answers: { recommend: 1 }, comment: 'worse still' })
  await recovery.notify()
  expect(await written(recovery)).toContain('case anna: 1/10 worse still')
  const mails = (await writtenMails(recovery)).filter(({ claimed }) => claimed.kind === 'case')
  const told = mails.flatMap((each) => ('mail' in each ? [each.mail] : [])).at(-1)
  expect(told?.subject).toBe('A case is open again: ann, 1/10, Team one')
  expect(told?.text).toContain('Had been closed since: 5 Mar 2026')
})

it('a mail of a case says whose it is and how to reach them, so that whoever reads it on the road can act', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith(policy))
  await recovery.answer(
    { customer: 'Ann Bratt', phone: '+46 70 123' },
    { customer: null, answers: { recommend: 3 } },
  )
  await recovery.notify()
  const mails = (await writtenMails(recovery)).flatMap((each) => ('mail' in each ? [each.mail] : []))
  const [named, unknown] = mails.sort((one, other) => one.subject.localeCompare(other.subject)).reverse()
  expect(named?.subject).toBe('A customer needs you: Ann Bratt, 2/10, Team one')
  expect(named?.text).toContain('Customer: Ann Bratt\n')
  expect(named?.text).toContain('Recommended: phone: +46 70 123\n')
  expect(unknown?.subject).toBe('A customer needs you: 3/10, Team one')
  expect(unknown?.text).not.toMatch(/Customer:|%%|null/)
})

it('whoever is passed a case reads who did it and why, and that its deadline was missed already', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith(policy))
  await recovery.answer({ customer: 'ann', comment: 'first words' })
  await act(recovery, 'anna', { kind: 'forward', to: { id: 'bo', name: 'Bo' }, note: 'Bo knows pumps.' })
  const toBo = async () =>
    (await writtenMails(recovery)).flatMap((each) =>
      'mail' in each && each.claimed.recipient.startsWith('bo@') ? [each.mail.text] : [],
    )
  const [inTime] = await toBo()
  expect(inTime).toMatch(/First contact before: 4 Mar 2026, \d\d:\d\d\n/)
  expect(inTime).toContain('Passed on by: anna\n')
  expect(inTime).toContain('anna writes:\nBo knows pumps.\n')
  recovery.moveTo('2026-03-06T09:00:00Z')
  const [late] = await toBo()
  expect(late).toMatch(/First contact before: 4 Mar 2026, \d\d:\d\d \(missed\)\n/)
  await act(recovery, 'bo', {
    kind: 'escalate',
    to: [{ id: 'kari', name: 'Kari' }],
    note: 'Too dear for me.',
  })
  await act(recovery, 'bo', { kind: 'contact', channel: 'phone' })
  const all = (await writtenMails(recovery)).flatMap((each) => ('mail' in each ? [each] : []))
  const handedUp = all.find(({ claimed }) => claimed.kind === 'caseEscalated')
  expect(handedUp?.mail.text).toMatch(/Kunden nådd: 6\. mars 2026/)
  expect(handedUp?.mail.text).toContain('bo skriver:\nToo dear for me.\n')
})

it('of what is said of their own work nobody reads in such a mail', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith(policy))
  await recovery.answer({ customer: 'ann', answers: { recommend: 4 }, comment: 'first words' })
  await recovery.answer({
    customer: 'ann',
    answers: { recommend: 1 },
    comment: 'about Anna',
    employee: 'anna',
    at: new Date('2026-03-02T09:30:00Z'),
  })
  for (const time of ['2026-03-04T06:00:00Z', '2026-03-05T09:00:00Z']) {
    recovery.moveTo(time)
    await recovery.judge()
  }
  expect(await written(recovery)).toEqual([
    'caseReminder anna: 4/10 first words',
    'caseEscalated kari: 1/10 about Anna',
  ])
})

it('a no to whether it was solved is told to the owner by one mail, at once, also without reminders', async () => {
  const survey = `  solved:
    name: Solved?
    touchpoint: repair
    kind: transactional
    questions:
      - { id: solved, kind: choice, text: Solved?, choices: [{ value: 'yes', text: Yes }, { value: 'no', text: No }] }
      - { id: why, kind: text, text: Why? }
triggers:`
  const program = shopWith('owner: [person.anna]', '  followUp: { survey: solved, after: PT0S }')
    .replace('triggers:', survey)
    .concat(`\nnotify: { quietHours: { from: '20:00', to: '07:00' } }`)
  const recovery = await openRecovery('2026-03-02T09:00:00Z', program)
  await recovery.answer({ customer: 'ann', answers: { recommend: 4 }, comment: 'first words' })
  await recovery.drain()
  const says = async (solved: string) => {
    await act(recovery, 'anna', { kind: 'contact', channel: 'phone' })
    await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
    await sendInvitations(recovery.parts, recovery.workspaceId)
    const [invitation] = await recovery.rows<{ token: string }>(
      `select token from invitations where state = 'sent' order by due_at desc limit 1`,
    )
    const at = recovery.clock.now()
    const answer = {
      token: invitation!.token,
      answers: { solved, ...(solved === 'no' ? { why: 'It still drips.' } : {}) },
      complete: true,
      at,
      wayIn: 'survey' as const,
    }
    const [receipt] = await recordAnswers(recovery.parts, recovery.workspaceId, [answer])
    const ids = [(receipt as { responseId: string }).responseId]
    for (let time = 0; time < 2; time++) {
      await takeFollowUps(recovery.parts, recovery.workspaceId, ids)
      await recovery.drain()
    }
    return (await written(recovery)).filter((mail) => mail.startsWith('case '))
  }
  expect(await written(recovery)).toHaveLength(1)
  recovery.moveTo('2026-03-03T10:00:00Z')
  expect(await says('no')).toEqual(['case anna: 4/10 first words', 'case anna: 4/10 first words'])
  const [first, told] = (await writtenMails(recovery)).flatMap((each) => ('mail' in each ? [each.mail] : []))
  for (const mail of [first, told]) expect(mail?.subject).toMatch(/4\/10, Team one$/)
  expect(told?.subject).toBe('The customer says it is not solved: ann, 4/10, Team one')
  expect(told?.text).toMatch(/^The customer says it is not solved\n[\s\S]*Had been closed since: 3 Mar 2026/)
  expect(told?.text).toMatch(/in their words:\nIt still drips\.\n\nIn their words:\nfirst words/)
  const [reopened] = await recovery.rows<{ detail: object }>(
    `select detail from case_events where kind = 'reopened'`,
  )
  expect(reopened?.detail).toMatchObject({ solved: false })
  recovery.moveTo('2026-03-04T09:00:00Z')
  expect(await says('yes')).toHaveLength(2)
  // In the evening it waits for the morning, once.
  await act(recovery, 'anna', {
    kind: 'reopen',
    note: 'Not yet.',
    contactDueAt: recovery.clock.now(),
    next: null,
  })
  recovery.moveTo('2026-03-04T21:00:00Z')
  await says('no')
  const waiting = await recovery.rows<{ kind: string; at: Date }>(
    `select kind, try_at as at from messages where kind = 'case' order by queued_at`,
  )
  expect(waiting.map(({ at }) => at.toISOString())).toEqual([
    '2026-03-02T09:00:00.000Z',
    '2026-03-03T10:00:00.000Z',
    '2026-03-05T06:00:00.000Z',
  ])
})

it('posts and chat tell of the latest answer, and of the one it was opened with', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopWith(policy))
  const { workspaceId, database } = recovery
  await database.inWorkspace(workspaceId, async (tx) => {
    const target = { url: 'https://hook.example.org/', events: ['case.opened', 'case.changed'] as const }
    await createWebhook(tx, recovery.clock, target, () => undefined)
    const channel = { name: 'team', format: 'slack', language: 'en' } as const
    await putChatChannel(tx, recovery.clock, { ...channel, ...target }, () => undefined)
  })
  const [first] = await recovery.answer({
    customer: 'ann',
    answers: { recommend: 4 },
    comment: 'first words',
  })
  await act(recovery, 'anna', { kind: 'close', outcome: 'solved' })
  recovery.moveTo('2026-03-02T10:00:00Z')
  const [latest] = await recovery.answer({ customer: 'ann', answers: { recommend: 1 }, comment: 'worse now' })
  const [row] = await recovery.rows<{ id: string }>('select case_id as id from cases')
  const hooks = { ...recovery.parts, publicUrl: 'https://feedback.example.org' }
  await hookCases(hooks as never, workspaceId, [row!.id])
  const posted = await recovery.rows<{ target: string; event: string; body: string }>(
    'select target, event, body from deliveries order by sequence',
  )
  const changed = posted.filter(({ event }) => event === 'case.changed')
  const [hook] = changed.filter(({ target }) => target === 'webhook').map(({ body }) => JSON.parse(body))
  expect(hook.data).toMatchObject({
    responseId: first,
    latestResponseId: latest,
    change: { kind: 'reopened' },
  })
  const chat = changed.filter(({ target }) => target === 'chat').map(({ body }) => body)
  expect(chat).toHaveLength(1)
  expect(chat[0]).toContain('worse now')
  expect(chat[0]).toContain('1/10')
})
