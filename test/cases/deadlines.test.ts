import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { after, type CaseAction } from '../../src/cases/case.ts'
import { judgeDeadlines, workspacesWithDeadlines } from '../../src/cases/deadlines.ts'
import { readWaiting, takeDue } from '../../src/cases/due.ts'
import { tellCaseNews } from '../../src/cases/news.ts'
import { openCases } from '../../src/cases/open.ts'
import { outdatedMails } from '../../src/cases/outdated.ts'
import { type CaseEvent, openedStanding } from '../../src/cases/standing.ts'
import { changeCase } from '../../src/cases/store.ts'
import { tellOpened } from '../../src/cases/tellOpened.ts'
import { createWriter } from '../../src/channels/content.ts'
import type { Claimed } from '../../src/channels/queue.ts'
import { findOrAddUser } from '../../src/people/links.ts'
import type { Row, Tx } from '../../src/storage/postgres.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, type Recovery, recoveryShop } from './recovery.ts'

// The database takes its time to open on a busy machine.
beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const chain = `remind: [PT4H, PT1H], escalate: [{ after: PT0S, to: unitManager }, { after: PT24H, to: function.productOwner }], owner: [roundRobin.agent]`
const open = (start: string, rule = chain) =>
  openRecovery(
    start,
    recoveryShop(`recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, ${rule} }`),
  )
const act = (recovery: Recovery, action: CaseAction, id?: string) =>
  recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
    const [row] = await tx.query<{ id: string; revision: number }>(
      'select case_id as id, revision from case_deadlines where case_id = coalesce($1::uuid, case_id)',
      [id ?? null],
    )
    await changeCase(tx, recovery, {
      caseId: row!.id,
      action,
      actor: { id: 'anna', name: 'Anna', mandate: true },
      revision: row!.revision,
      at: recovery.clock.now(),
    })
  })
const standing = async (recovery: Recovery) =>
  (
    await recovery.rows<Record<string, unknown>>(
      'select state, reminded, missed_at, escalation, escalated_at, next_check_at, revision from cases join case_deadlines using (workspace_id, case_id)',
    )
  )[0]

describe('a deadline', () => {
  it('is reminded of, missed and escalated at its times, by jobs alone', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({})
    for (let next = await recovery.lane.nextAt(); next; next = await recovery.lane.nextAt()) {
      recovery.clock.moveTo(next)
      await recovery.drain()
    }
    expect(await recovery.history()).toEqual([
      'opened 2026-03-02T09:00',
      'reminded 2026-03-04T05:00',
      'reminded 2026-03-04T08:00',
      'missed 2026-03-04T09:00',
      'escalated 2026-03-04T09:00',
      'escalated 2026-03-05T09:00',
    ])
    expect(await standing(recovery)).toEqual({
      ...{ state: 'open', reminded: 2, missed_at: new Date('2026-03-04T09:00:00Z'), escalation: 2 },
      ...{ escalated_at: new Date('2026-03-04T09:00:00Z'), next_check_at: null, revision: 6 },
    })
    expect(await recovery.mails()).toEqual([
      'case anna',
      'caseEscalated kari',
      'caseEscalated pia',
      'caseReminder anna',
      'caseReminder anna',
    ])
    expect(await recovery.rows('select person, part from case_people order by person')).toEqual([
      { person: 'kari', part: 'escalated' },
      { person: 'pia', part: 'escalated' },
    ])
  })

  it('is judged late as it was, when the process was down and its jobs are lost', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({})
    await recovery.drain()
    // A new program is looked at once.
    expect(await workspacesWithDeadlines(recovery)).toContain(recovery.workspaceId)
    await recovery.judge()
    expect(await workspacesWithDeadlines(recovery)).not.toContain(recovery.workspaceId)
    await recovery.database.script(`delete from pgboss.job where name = '${(await laneOf(recovery)).name}'`)
    recovery.moveTo('2026-03-10T12:00:00Z')
    expect(await workspacesWithDeadlines(recovery)).toContain(recovery.workspaceId)
    await recovery.judge()
    await recovery.judge()
    const events = await recovery.rows<{ kind: string; at: Date; detail: Record<string, unknown> }>(
      'select kind, at, detail from case_events order by revision',
    )
    expect(events.map(({ kind, at }) => `${kind} ${at.toISOString()}`)).toEqual([
      'opened 2026-03-02T09:00:00.000Z',
      'missed 2026-03-04T09:00:00.000Z',
      'escalated 2026-03-04T09:00:00.000Z',
      'escalated 2026-03-05T09:00:00.000Z',
    ])
    expect(events.at(-1)?.detail).toEqual({
      people: [{ id: 'pia', name: 'Pia' }],
      who: 'function.productOwner',
      next: null,
      noted: '2026-03-10T12:00:00.000Z',
    })
    // Nobody is reminded of a deadline that has passed.
    expect(await recovery.mails()).toEqual(['case anna', 'caseEscalated kari', 'caseEscalated pia'])
    expect(await workspacesWithDeadlines(recovery)).not.toContain(recovery.workspaceId)
  })

  it('that the unit’s own manager missed goes to the one above, and says when nobody is there', async () => {
    const recovery = await open(
      '2026-03-02T09:00:00Z',
      `owner: [employee], escalate: [{ after: PT0S, to: unitManager }, { after: PT24H, to: managerAbove }]`,
    )
    await recovery.answer(
      { customer: 'ann', employee: 'kari' },
      { customer: 'ben', employee: 'nora' },
      { customer: 'cid' },
    )
    // Nobody may be given what is about them; so they are named by hand.
    await recovery.rows(
      `update cases set employee_key = null, owner = employee_key where employee_key is not null`,
    )
    recovery.moveTo('2026-03-10T12:00:00Z')
    await recovery.judge()
    const told = await recovery.rows<Record<string, unknown>>(
      `select c.owner, e.note, e.detail->'people'->0->>'id' as to from case_events e join cases c using (case_id)
       where e.kind = 'escalated' order by c.owner nulls last, e.revision`,
    )
    expect(told.map(({ owner, to, note }) => [owner, to, note])).toEqual([
      ['kari', 'nora', null],
      ['kari', 'nora', null],
      ['nora', null, 'noneAbove'],
      ['nora', null, 'noneAbove'],
      [null, 'kari', null],
      [null, 'nora', null],
    ])
  })

  it('does nothing twice when two judge at once', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer(...Array.from({ length: 20 }, () => ({})))
    recovery.moveTo('2026-03-10T12:00:00Z')
    await Promise.all([recovery.judge(), recovery.judge(), recovery.judge()])
    expect(
      await recovery.rows('select kind, count(*) as n from case_events group by kind order by kind'),
    ).toEqual([
      { kind: 'escalated', n: 40 },
      { kind: 'missed', n: 20 },
      { kind: 'opened', n: 20 },
    ])
    const kinds = (await recovery.mails()).map((mail) => mail.split(' ')[0])
    expect(kinds.filter((kind) => kind === 'caseEscalated')).toHaveLength(40)
  })

  it('is left alone where somebody changed the case since it was looked for, and judged with what is new', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({}, {})
    recovery.moveTo('2026-03-10T12:00:00Z')
    const within = <T>(work: (tx: Tx) => Promise<T>) =>
      recovery.database.inWorkspace(recovery.workspaceId, work)
    const now = recovery.clock.now()
    const waiting = await within((tx) => readWaiting(tx, now))
    const [first, second] = waiting.map(({ each }) => each.split(' ')[0])
    await act(recovery, { kind: 'note', note: 'Called in vain' }, first)
    const taken = await within((tx) => takeDue(tx, now, waiting))
    expect(taken.map(({ caseId }) => caseId)).toEqual([second])
    await recovery.judge()
    expect(
      await recovery.rows(
        'select kind, count(*) as n, max(revision) as last from case_events group by 1 order by 1',
      ),
    ).toEqual([
      { kind: 'escalated', n: 4, last: 5 },
      { kind: 'missed', n: 2, last: 3 },
      { kind: 'noted', n: 1, last: 2 },
      { kind: 'opened', n: 2, last: 1 },
    ])
    expect(await within((tx) => takeDue(tx, now, waiting))).toEqual([])
  })

  it('is kept by contact in time, and nothing more comes', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({})
    recovery.moveTo('2026-03-03T09:00:00Z')
    await act(recovery, { kind: 'contact', channel: 'phone' })
    recovery.moveTo('2026-03-10T09:00:00Z')
    await recovery.judge()
    expect(await standing(recovery)).toMatchObject({
      state: 'contacted',
      missed_at: null,
      next_check_at: null,
    })
    expect(await recovery.history()).toHaveLength(2)
  })

  it('is missed also when the customer is reached late, before anybody looked at the clock', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({})
    recovery.moveTo('2026-03-04T10:00:00Z')
    await act(recovery, { kind: 'contact', channel: 'phone' })
    await recovery.judge()
    expect(await standing(recovery)).toMatchObject({ missed_at: new Date('2026-03-04T09:00:00Z') })
    await act(recovery, { kind: 'close', outcome: 'solved' })
    expect(await standing(recovery)).toMatchObject({ missed_at: new Date('2026-03-04T09:00:00Z') })
  })

  it('begins anew when a case is opened again, and what was missed before stays so', async () => {
    const recovery = await open('2026-03-02T09:00:00Z')
    await recovery.answer({ customer: 'ann' })
    recovery.moveTo('2026-03-04T10:00:00Z')
    await recovery.judge()
    await act(recovery, { kind: 'close', outcome: 'not solved' })
    recovery.moveTo('2026-03-06T10:00:00Z')
    await recovery.answer({ customer: 'ann' })
    expect(await standing(recovery)).toMatchObject({
      ...{ state: 'open', reminded: 0, escalation: 0, missed_at: new Date('2026-03-04T09:00:00Z') },
      next_check_at: new Date('2026-03-08T06:00:00Z'),
    })
    recovery.moveTo('2026-03-08T10:00:00Z')
    await recovery.judge()
    expect((await recovery.history()).slice(-2)).toEqual([
      'missed 2026-03-08T10:00',
      'escalated 2026-03-08T10:00',
    ])
  })
})

describe('in the nights when clocks change', () => {
  it('48 hours are 48 hours, and a day is a day', async () => {
    // Sunday 29 March 2026 has 23 hours in Stockholm, Sunday 25 October has 25.
    const spring = await open('2026-03-28T11:00:00Z', 'firstContact: PT48H, remind: [PT36H]')
    await spring.answer({})
    expect((await standing(spring))?.next_check_at).toEqual(new Date('2026-03-28T23:00:00Z'))
    spring.moveTo('2026-03-28T23:00:00Z')
    await spring.judge()
    spring.moveTo('2026-03-30T11:00:00Z')
    await spring.judge()
    expect((await spring.history()).slice(1)).toEqual([
      'reminded 2026-03-28T23:00',
      'missed 2026-03-30T11:00',
    ])
    const days = await open('2026-10-24T10:00:00Z', 'firstContact: P2D, remind: [P1D]')
    await days.answer({})
    days.moveTo('2026-10-25T11:00:00Z')
    await days.judge()
    days.moveTo('2026-10-26T11:00:00Z')
    await days.judge()
    expect((await days.history()).slice(1)).toEqual(['reminded 2026-10-25T11:00', 'missed 2026-10-26T11:00'])
  })

  it('business hours keep to the clock on the wall', async () => {
    const business =
      'firstContact: PT4H, hours: business, remind: [PT1H], escalate: [{ after: PT2H, to: unitManager }]'
    for (const [start, due, escalated] of [
      ['2026-03-27T14:00:00Z', '2026-03-30T08:00', '2026-03-30T10:00'],
      ['2026-10-23T13:00:00Z', '2026-10-26T09:00', '2026-10-26T11:00'],
    ] as const) {
      const recovery = await openRecovery(
        start,
        `${recoveryShop(`recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, ${business} }`)}
hours:
  usual: { days: { mon: 08:00-17:00, fri: 08:00-17:00 } }`,
      )
      await recovery.answer({})
      recovery.moveTo('2026-11-30T00:00:00Z')
      await recovery.judge()
      expect((await recovery.history()).slice(1)).toEqual([`missed ${due}`, `escalated ${escalated}`])
    }
  })
})

it('nobody is mailed in the quiet hours, but of a deadline where the program lets that through', async () => {
  const quiet = (more: string) => `${recoveryShop(
    `recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, firstContact: PT2H, owner: [person.anna], escalate: [{ after: PT0S, to: unitManager }] }`,
  )}
notify: { quietHours: { from: '20:00', to: '07:00'${more} } }`
  for (const [more, escalated] of [
    ['', '2026-03-03T06:00:00.000Z'],
    [', letThrough: [caseDeadlines]', '2026-03-02T23:00:00.000Z'],
  ] as const) {
    const recovery = await openRecovery('2026-03-02T20:00:00Z', quiet(more))
    await recovery.answer({})
    await recovery.drain()
    recovery.moveTo('2026-03-02T23:00:00Z')
    await recovery.drain()
    const mails = await recovery.rows<{ kind: string; try_at: Date }>(
      'select kind, try_at from messages order by kind',
    )
    expect(mails.map(({ kind, try_at }) => [kind, try_at.toISOString()])).toEqual([
      ['case', '2026-03-03T06:00:00.000Z'],
      ['caseEscalated', escalated],
    ])
  }
})

it('two steps that reach one person come in one mail after their quiet hours, which says which step it is', async () => {
  const recovery = await openRecovery(
    '2026-03-02T19:00:00Z',
    `${recoveryShop(
      `recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, firstContact: PT2H, owner: [person.anna], escalate: [{ after: PT0S, to: unitManager }, { after: PT2H, to: employeeManager }, { after: P2D, to: managerAbove }] }`,
    )}
notify: { quietHours: { from: '20:00', to: '07:00' } }`,
  )
  await recovery.answer({ employee: 'bo' })
  for (const time of ['2026-03-02T21:00:00Z', '2026-03-02T23:00:00Z']) {
    recovery.moveTo(time)
    await recovery.judge()
  }
  expect((await recovery.history()).slice(1)).toEqual([
    'missed 2026-03-02T21:00',
    'escalated 2026-03-02T21:00',
    'escalated 2026-03-02T23:00',
  ])
  const mails = () =>
    recovery.rows<{ messageId: string; aboutId: string; recipient: string }>(
      `select message_id as "messageId", about_id as "aboutId", recipient from messages
       where kind = 'caseEscalated' and recipient = 'kari@shop.invalid'`,
    )
  const [mail, ...others] = await mails()
  expect(others).toEqual([])
  const write = createWriter({
    ...{ database: recovery.database, programs: recovery.programs },
    ...{ publicUrl: 'http://shop.test', mailFrom: 'shop@shop.test', replyTo: 'r@shop.test' },
  })
  const clock = { now: () => new Date('2026-03-03T07:00:00Z') }
  const [written] = await write(
    recovery.workspaceId,
    [{ ...mail!, kind: 'caseEscalated', note: null }],
    clock,
  )
  expect((written as { mail: { text: string } }).mail.text).toContain('Løftet: av reglene, trinn 2 av 3')
})

it('a step that means nobody goes to the managers of the unit, else to those who lead; else the reason is written down', async () => {
  const escalated = async ({ managers, lead }: { managers: boolean; lead: boolean }) => {
    const recovery = await open(
      '2026-03-02T09:00:00Z',
      'owner: [person.anna], stakeholders: [{ who: person.pia }], escalate: [{ after: PT0S, to: employee }]',
    )
    const { database, workspaceId, clock } = recovery
    const user = await database.asOwner((tx) => findOrAddUser(tx, clock, 'lead@shop.invalid', 'Lea'))
    if (!managers) await recovery.rows(`update employees set role = 'employee' where role = 'manager'`)
    if (lead)
      await database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'cxLead', now())`,
          [workspaceId, user],
        ),
      )
    await recovery.answer({})
    recovery.moveTo('2026-03-05T00:00:00Z')
    await recovery.judge()
    const rows = await recovery.rows<Record<string, unknown>>(
      `select note, detail->'people' as people, detail->>'because' as because from case_events where kind = 'escalated'`,
    )
    const mails = (await recovery.mails()).filter((mail) => mail.startsWith('caseEscalated'))
    await tellCaseNews(recovery.parts, workspaceId)
    const news = await recovery.rows(`select recipient from messages where kind = 'caseNews'`)
    return { ...rows[0], mails, news }
  }
  // Whoever is kept informed hears of it where somebody was reached.
  const pia = [{ recipient: 'pia@shop.invalid' }]
  expect(await escalated({ managers: true, lead: true })).toMatchObject({
    ...{ people: [{ id: 'kari', name: 'Kari' }], because: 'unitManager' },
    ...{ mails: ['caseEscalated kari'], news: pia },
  })
  expect(await escalated({ managers: false, lead: true })).toMatchObject({
    ...{ people: [{ name: 'Lea' }], because: 'cxLead', mails: ['caseEscalated lead'], news: pia },
  })
  expect(await escalated({ managers: false, lead: false })).toEqual({
    ...{ note: 'noEmployee', people: [], because: null, mails: [], news: [] },
  })
})

it('a step that means the owner alone, who knows, goes to the managers of the unit', async () => {
  const recovery = await open(
    '2026-03-02T09:00:00Z',
    'owner: [person.anna], escalate: [{ after: PT0S, to: person.anna }]',
  )
  await recovery.answer({})
  recovery.moveTo('2026-03-05T00:00:00Z')
  await recovery.judge()
  expect(
    await recovery.rows(
      `select note, detail->'people'->0->>'id' as to, detail->>'because' as because from case_events where kind = 'escalated'`,
    ),
  ).toEqual([{ note: null, to: 'kari', because: 'unitManager' }])
})

it('by a clock that jumps over days each mail goes out when it was due, and none is taken for the repetition of another', async () => {
  const recovery = await open('2026-03-02T09:00:00Z')
  const ids = await recovery.given({})
  // All of it is done on Friday, as in a replay, where no clock stood in between.
  const friday = new Date('2026-03-06T12:00:00Z')
  const clock = { now: () => friday, at: (due: Date) => (due < friday ? due : friday) }
  const parts = { ...recovery.parts, database: recovery.database.withClock(clock), clock }
  await openCases(parts, recovery.workspaceId, ids)
  const [found] = await recovery.rows<{ id: string }>('select case_id as id from cases')
  await tellOpened(parts, recovery.workspaceId, [found!.id])
  await judgeDeadlines(parts, recovery.workspaceId)
  const mails = await recovery.rows<Claimed & Row>(
    `select message_id as "messageId", kind, about_id as "aboutId", recipient, content as note, queued_at as "queuedAt",
       try_at as "sendingAt" from messages order by queued_at, kind`,
  )
  expect(mails.map(({ kind, sendingAt }) => `${kind} ${sendingAt!.toISOString().slice(0, 16)}`)).toEqual([
    'case 2026-03-02T09:00',
    'caseReminder 2026-03-04T05:00',
    'caseReminder 2026-03-04T08:00',
    'caseEscalated 2026-03-04T09:00',
    'caseEscalated 2026-03-05T09:00',
  ])
  const outdated = await recovery.database.inWorkspace(recovery.workspaceId, (tx) =>
    outdatedMails(tx, mails, clock),
  )
  expect([...outdated.values()]).toEqual([])
})

it('a manager who is also the agent is escalated past', async () => {
  const recovery = await open(
    '2026-03-02T09:00:00Z',
    'owner: [employeeManager], escalate: [{ after: PT0S, to: employeeManager }]',
  )
  await recovery.answer({ employee: 'kari' }, { employee: 'bo' })
  recovery.moveTo('2026-03-05T00:00:00Z')
  await recovery.judge()
  expect(await recovery.rows('select employee_key, owner from cases order by 1')).toEqual([
    { employee_key: 'bo', owner: 'kari' },
    { employee_key: 'kari', owner: 'nora' },
  ])
})

it('the history alone gives how a case stands', async () => {
  const recovery = await open('2026-03-02T09:00:00Z')
  await recovery.answer({ customer: 'ann' })
  recovery.moveTo('2026-03-04T10:00:00Z')
  await recovery.judge()
  await recovery.answer({ customer: 'ann' })
  const events = await recovery.rows<CaseEvent & Record<string, unknown>>(
    'select revision, at, kind, actor, actor_name as "actorName", note, detail from case_events order by revision',
  )
  const [opened, ...rest] = events
  const { owner, ownerName, contactDueAt, next } = opened!.detail as Record<string, string>
  const told = rest.reduce(
    after,
    openedStanding({
      owner: { id: owner!, name: ownerName! },
      at: opened!.at,
      answeredAt: opened!.at,
      contactDueAt: new Date(contactDueAt!),
      next: new Date(next!),
    }),
  )
  const [stored] = await recovery.rows(
    `select state, owner, contact_due_at as "contactDueAt", next_check_at as "nextCheckAt", missed_at as "missedAt",
       escalated_at as "escalatedAt", reminded, escalation, joined, revision, settled_revision as "settledRevision",
       last_answer_at as "lastAnswerAt", assigned_at as "assignedAt"
     from cases join case_deadlines using (workspace_id, case_id)`,
  )
  expect(told).toMatchObject(stored!)
})

async function laneOf(recovery: Recovery) {
  const [row] = await recovery.database.script(
    `select name from pgboss.job where data->>'workspaceId' = '${recovery.workspaceId}' limit 1`,
  )
  return row as { name: string }
}
