import { afterAll, beforeAll, expect, it } from 'vitest'
import { tellCaseNews } from '../../src/cases/news.ts'
import type { Note } from '../../src/channels/note.ts'
import { findOrAddUser } from '../../src/people/links.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, type Recovery, recoveryShop, staff } from './recovery.ts'

beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const quiet = `notify: { quietHours: { from: '20:00', to: '07:00' } }`

/** Nora, who manages the north, has the cases. */
const shopOf = (employees = staff, more = '') =>
  `${recoveryShop(
    `recovery:\n  rules:\n    - { id: detractor, when: answers.recommend <= 6, owner: [managerAbove, unitManager] }\n${more}`,
    employees,
  )}\n${quiet}`

/** Team one goes south, which Nora does not see; there Kari is left to have its cases. */
const southwards = (program: string) =>
  program
    .replace('- { key: team1, level: team, name: Team one, parent: north }', '')
    .replace(
      '- { key: team2',
      `- { key: south, level: region, name: South }\n    - { key: team1, level: team, name: Team one, parent: south }\n    - { key: team2`,
    )

async function push(recovery: Recovery, text: string) {
  await recovery.programs.push(recovery.workspaceId, [{ path: 'shop.yaml', text }])
  await recovery.judge()
}

/** Mails by kind and reader: of the cases, how many; of what became of them, what stands in it. */
async function mails(recovery: Recovery) {
  await tellCaseNews(recovery.parts, recovery.workspaceId)
  const rows = await recovery.rows<{ kind: string; to: string; content: Note | null; at: Date }>(
    `select kind, split_part(recipient, '@', 1) as "to", content, try_at as at from messages
     order by queued_at, kind, recipient`,
  )
  return {
    cases: rows.filter(({ kind }) => kind === 'case').map(({ to, at }) => `${to} ${at.toISOString()}`),
    news: rows.flatMap(({ to, content, at }) =>
      content ? [{ to, at: at.toISOString(), rows: content.rows, action: content.action?.path }] : [],
    ),
  }
}

it('whose cases go on since a push moved their unit is told once of all of them, without the customers', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopOf())
  await recovery.answer({ customer: 'ann' }, { customer: 'eve' }, { customer: 'joe', unit: 'north' })
  await push(recovery, southwards(shopOf()))
  const owners = await recovery.rows('select owner from cases order by contact_id')
  expect(owners.map(({ owner }) => owner).sort()).toEqual(['kari', 'kari', 'nora'])
  const { cases, news } = await mails(recovery)
  expect(cases).toEqual(Array(2).fill('kari 2026-03-02T09:00:00.000Z'))
  const lost = 'No longer yours, since you do not see them any more'
  expect(news).toEqual([
    {
      ...{ to: 'nora', at: '2026-03-02T09:00:00.000Z', action: '/cases?tab=mine' },
      rows: [[lost, 'Team one, Kari ×2']],
    },
  ])
  await recovery.judge()
  expect((await mails(recovery)).news).toHaveLength(1)
})

it('nobody hears of it in their quiet hours, and of a hundred cases whoever has them now hears in one mail', async () => {
  const recovery = await openRecovery('2026-03-02T20:30:00Z', shopOf())
  await recovery.answer(...Array.from({ length: 100 }, (_, place) => ({ customer: `customer ${place}` })))
  await push(recovery, southwards(shopOf()))
  expect((await mails(recovery)).news).toEqual([])
  recovery.moveTo('2026-03-03T06:00:00Z')
  const { cases, news } = await mails(recovery)
  expect(cases).toEqual([])
  expect(news.map(({ to, rows, action }) => [to, rows?.length, rows?.at(-1)?.[1], action])).toEqual([
    ['kari', 11, 'og 90 til', '/cases?tab=mine'],
    ['nora', 1, 'Team one, Kari ×100', '/cases?tab=mine'],
  ])
})

it('who has left is told nothing of their cases; of those that nobody has the manager is who is away, else who leads', async () => {
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopOf())
  const { database, workspaceId, clock } = recovery
  const lea = await database.asOwner((tx) => findOrAddUser(tx, clock, 'lea@shop.invalid', 'Lea'))
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'cxLead', now())`,
      [workspaceId, lea],
    ),
  )
  await recovery.answer({ customer: 'ann' }, { customer: 'joe', unit: 'north' })
  await recovery.rows(
    `insert into absences (workspace_id, absence_id, employee_key, from_at, to_at)
     select workspace_id, workspace_id, 'kari', '2026-03-01', '2027-01-01' from workspaces`,
  )
  await push(recovery, shopOf(staff.replace(/.*key: nora.*\n/, '')))
  expect(await recovery.rows('select distinct owner from cases')).toEqual([{ owner: null }])
  expect(await mails(recovery)).toEqual({
    cases: ['kari 2026-03-02T09:00:00.000Z', 'lea 2026-03-02T09:00:00.000Z'],
    news: [],
  })
})

it('of a case that waits by lot neither is told before its time', async () => {
  const trial = '  trial: { id: wait, rules: [detractor], share: 0.5, delay: P3D }\n'
  const recovery = await openRecovery('2026-03-02T09:00:00Z', shopOf(staff, trial))
  await recovery.answer(...Array.from({ length: 20 }, (_, place) => ({ customer: `customer ${place}` })))
  const [{ held } = { held: 0 }] = await recovery.rows<{ held: number }>(
    `select count(hold_until) as held from cases`,
  )
  expect(held).toBeGreaterThan(0)
  expect(held).toBeLessThan(20)
  await push(recovery, southwards(shopOf(staff, trial)))
  const { cases } = await mails(recovery)
  expect(cases.filter((mail) => mail === 'kari 2026-03-05T09:00:00.000Z')).toHaveLength(held)
  expect(cases.filter((mail) => mail === 'kari 2026-03-02T09:00:00.000Z')).toHaveLength(20 - held)
  expect(await recovery.rows('select person, change, cases from case_news')).toEqual([
    { person: 'nora', change: 'movedFrom', cases: 20 - held },
  ])
})
