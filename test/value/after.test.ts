import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/base/log.ts'
import type { CaseAction, ProductAction } from '../../src/cases/case.ts'
import { openCases } from '../../src/cases/open.ts'
import { repriceCases } from '../../src/cases/reprice.ts'
import { changeCase } from '../../src/cases/store.ts'
import { createMailer } from '../../src/channels/deliver.ts'
import { createHookSender } from '../../src/channels/hooks/deliver.ts'
import { openPoster } from '../../src/channels/hooks/post.ts'
import { openTransport } from '../../src/channels/transport.ts'
import { idOf } from '../../src/events/apply.ts'
import { createLoop } from '../../src/loop.ts'
import { openColumns } from '../../src/storage/columns.ts'
import { planRefreshes, refreshDue } from '../../src/value/due.ts'
import { readMatrix } from '../../src/value/matrix.ts'
import { noteLoyalty } from '../../src/value/note.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { closeHouse } from '../workshop.ts'
import { type Club, openClub, yearly } from './club.ts'

afterAll(closeHouse)

let club: Club
const idsOfAnswers = async () =>
  (await club.rows<{ id: string }>('select response_id as id from responses order by answered_at desc')).map(
    (row) => row.id,
  )
beforeAll(async () => {
  club = await openClub('2025-12-31T12:00:00Z')
  const members = Array.from({ length: 10 }, (_, i) => `m${i}`)
  await club.pay(members.map((member) => ({ member, at: '2024-01-01T10:00:00Z', amount: 2000 })))
  await club.pay(members.slice(0, 8).map((member) => ({ member, at: '2025-01-01T10:00:00Z', amount: 2000 })))
  await club.pay([{ member: 'new', at: '2025-12-31T11:00:00Z', amount: 20 }])
  await club.say([{ member: 'm0', at: '2025-12-01T10:00:00Z', score: 5 }])
})

describe('cases that were opened before anything was reckoned', () => {
  it('get their priority by the next reckoning, and keep their revision', async () => {
    const [responseId] = await idsOfAnswers()
    await club.database.inWorkspace(club.workspaceId, (tx) =>
      tx.query(
        `with made as (
         insert into cases (workspace_id, case_id, rule, response_id, contact_id, state, opened_at, contact_due_at,
           version, band, recommended)
         select $1, gen_random_uuid(), 'r', $2, $3, s, '2025-12-01', '2025-12-03', 'v', 'detractor', 'mail'
         from unnest(array['open', 'closed']) as s returning workspace_id, case_id)
         insert into case_deadlines (workspace_id, case_id) select workspace_id, case_id from made`,
        [club.workspaceId, responseId, idOf.contact(club.workspaceId, 'm0')],
      ),
    )
    await refreshValues(club, club.workspaceId)
    const handled: string[] = []
    await club.lane.drain(async (kind) => {
      handled.push(kind)
      if (kind === 'value.refreshed') await repriceCases({ ...club, log: silentLog }, club.workspaceId)
    })
    expect(handled).toContain('value.refreshed')
    const cases = await club.rows(
      'select state, priority, value_segment, revision from cases join case_deadlines using (workspace_id, case_id) order by state desc',
    )
    expect(cases).toEqual([
      {
        state: 'open',
        priority: expect.closeTo(0.3 * (8000 / 3) * 0.3 - 20, 6),
        value_segment: 'A',
        revision: 1,
      },
      // Of a closed one it is told whose it was, as far as that is known first.
      { state: 'closed', priority: null, value_segment: 'A', revision: 1 },
    ])
    expect(await club.rows('select high_value from cases')).toEqual([
      { high_value: true },
      { high_value: true },
    ])
    const facts = async () => (await club.rows(`select 1 from outbox where kind = 'case'`)).length
    expect(await facts()).toBe(2)
    await repriceCases({ ...club, log: silentLog }, club.workspaceId)
    expect(await facts()).toBe(2)
  })

  it('are of high value by the program’s own condition, once it can be judged; from then on that stays', async () => {
    const rich = `${yearly}recovery:
  openWithin: P100Y
  highValue: "has(value.revenue) && value.revenue > 3000.0"
  rules: [{ id: low, when: answers.recommend <= 6 }]
`
    const own = await openClub('2025-12-31T12:00:00Z', rich)
    // Known, and nothing paid.
    await own.pay(['rich', 'poor'].map((member) => ({ member, at: '2025-11-01T10:00:00Z', amount: 0 })))
    await own.say([
      { member: 'rich', at: '2025-12-01T10:00:00Z', score: 5 },
      { member: 'poor', at: '2025-12-01T10:00:00Z', score: 5 },
    ])
    const ids = await own.rows<{ id: string }>('select response_id as id from responses')
    const parts = { ...own, log: silentLog }
    await openCases(
      parts,
      own.workspaceId,
      ids.map(({ id }) => id),
    )
    const high = async () =>
      Object.fromEntries(
        (
          await own.rows<{ who: string; high: boolean }>(
            'select contact_key as who, high_value as high from cases join contacts using (workspace_id, contact_id)',
          )
        ).map(({ who, high }) => [who, high]),
      )
    expect(await high()).toEqual({ rich: false, poor: false })
    const pay = async (member: string, amount: number, at: string) => {
      await own.pay([{ member, at, amount }])
      await refreshValues(own, own.workspaceId)
      await repriceCases(parts, own.workspaceId)
    }
    await pay('poor', 10, '2025-12-30T10:00:00Z')
    await pay('rich', 9000, '2025-12-30T10:00:00Z')
    expect(await high()).toEqual({ rich: true, poor: false })
    await pay('poor', 9000, '2025-12-31T10:00:00Z')
    expect(await high()).toEqual({ rich: true, poor: false })
  })
})

describe('a case that is opened again', () => {
  it('has the priority that was reckoned while it was closed, in whatever way it was opened', async () => {
    const own = await openClub(
      '2025-12-31T12:00:00Z',
      `${yearly}recovery: { openWithin: P100Y, rules: [{ id: low, when: answers.recommend <= 6 }] }`,
    )
    const members = ['byHand', 'byAnswer', 'closed']
    const others = Array.from({ length: 10 }, (_, i) => `m${i}`)
    await own.pay(
      [...members, ...others].map((member) => ({ member, at: '2024-01-01T10:00:00Z', amount: 2000 })),
    )
    await own.pay(
      [...members, ...others.slice(2)].map((member) => ({
        member,
        at: '2025-01-01T10:00:00Z',
        amount: 2000,
      })),
    )
    await own.pay([{ member: 'new', at: '2025-12-31T11:00:00Z', amount: 20 }])
    await own.say(members.map((member) => ({ member, at: '2025-12-01T10:00:00Z', score: 5 })))
    const columns = openColumns({ folder: mkdtempSync(join(tmpdir(), 'facts-')) })
    const loop = createLoop(
      {
        ...{ ...own, columns, log: silentLog, publicUrl: 'https://club.example', sole: true },
        mailer: createMailer({
          ...{ transport: openTransport('smtp://localhost:9'), toMailbox: false },
          ...{ mailFrom: 'club@example.org', sole: true },
        }),
        hooks: createHookSender({ poster: openPoster({ allowPrivate: true }), sole: true }),
      },
      own.lane,
    )
    await loop.drain()
    const cases = async () =>
      new Map(
        (
          await own.rows<{
            who: string
            id: string
            priority: number | null
            state: string
            revision: number
          }>(
            `select contact_key as who, case_id as id, priority, state, revision
             from cases join case_deadlines using (workspace_id, case_id) join contacts using (workspace_id, contact_id)`,
          )
        ).map((each) => [each.who, each]),
      )
    const before = await cases()
    expect([...before.values()].map(({ priority }) => priority)).toEqual([null, null, null])
    const actor = { id: 'user:1', name: 'Kim', mandate: true }
    const at = own.clock.now()
    const change = async (
      who: string,
      action: CaseAction | ProductAction,
      by: typeof actor | null = actor,
    ) => {
      const { id: caseId, revision } = (await cases()).get(who)!
      await own.database.inWorkspace(own.workspaceId, (tx) =>
        changeCase(tx, own, { caseId, action, at, ...(by ? { actor: by, revision } : {}) }),
      )
    }
    for (const who of members) await change(who, { kind: 'close', outcome: 'solved' })
    await refreshValues(own, own.workspaceId)
    await loop.drain()
    expect((await cases()).get('byHand')).toMatchObject({ state: 'closed', priority: null })
    await change('byHand', { kind: 'reopen', note: 'They called.', contactDueAt: at })
    await change('byAnswer', { kind: 'reopened', contactDueAt: at }, null)
    await loop.drain()
    const after = await cases()
    expect(after.get('byHand')).toMatchObject({ state: 'open', priority: expect.any(Number) })
    expect(after.get('byAnswer')).toMatchObject({ state: 'open', priority: expect.any(Number) })
    expect(after.get('closed')).toMatchObject({ state: 'closed', priority: null })
    await columns.close()
  })
})

describe('an answer that came after all that is known to have happened', () => {
  it('is the score of its customer, also when values are made anew', async () => {
    const own = await openClub('2026-03-01T12:00:00Z')
    await own.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 100 }])
    await own.say([{ member: 'a', at: '2026-02-20T10:00:00Z', score: 9 }])
    const made = await refreshValues(own, own.workspaceId)
    expect(made).toEqual({ customers: 1, asOf: new Date('2026-02-01T10:00:00Z') })
    expect(await own.rows('select band from customer_values')).toEqual([{ band: 'promoter' }])
  })

  it('data that come soon after a program are not waited for until the night', async () => {
    const own = await openClub('2026-03-01T12:00:00Z')
    const drain = () =>
      own.lane.drain(async (kind) => {
        if (kind === 'value.due') await refreshDue(own, own.workspaceId)
      })
    await planRefreshes(own)
    await drain()
    await own.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 100 }])
    own.clock.moveTo(new Date('2026-03-01T12:10:00Z'))
    await drain()
    expect(await own.rows('select 1 from customer_values')).toHaveLength(1)
  })
})

describe('a new answer', () => {
  const cellOf = async (band: string) => {
    const { cells } = await club.database.inWorkspace(club.workspaceId, (tx) =>
      readMatrix(tx, [{ segment: 'A', high: true }], {}),
    )
    return cells.find((each) => each.segment === 'A' && each.band === band)!
  }
  it('moves its customer in the matrix at once', async () => {
    expect(await cellOf('detractor')).toMatchObject({ customers: 1 })
    await club.say([
      { member: 'm0', at: '2025-12-20T10:00:00Z', score: 9 },
      { member: 'm0', at: '2025-12-30T10:00:00Z', score: 1 },
      { member: 'stranger', at: '2025-12-30T10:00:00Z', score: 1 },
    ])
    await noteLoyalty(club, club.workspaceId, await idsOfAnswers())
    expect(await cellOf('detractor')).toMatchObject({ customers: 0 })
    const { customers, atRisk } = await cellOf('strongDetractor')
    expect(customers).toBe(1)
    expect(atRisk).toBeCloseTo(0.5 * (8000 / 3), 6)
  })
  it('that is older than the one noted moves nobody', async () => {
    await club.say([{ member: 'm0', at: '2025-12-10T10:00:00Z', score: 10 }])
    const older = await club.rows<{ id: string }>(
      `select response_id as id from responses where (answers->>'recommend')::int = 10`,
    )
    await noteLoyalty(
      club,
      club.workspaceId,
      older.map((each) => each.id),
    )
    expect(await cellOf('strongDetractor')).toMatchObject({ customers: 1 })
  })
  it('ends as the next reckoning does', async () => {
    const before = await cellOf('strongDetractor')
    await refreshValues(club, club.workspaceId)
    expect(await cellOf('strongDetractor')).toEqual(before)
  })
})
