import { afterAll, expect, it } from 'vitest'
import { silentLog } from '../src/base/log.ts'
import { judgeDeadlines } from '../src/cases/deadlines.ts'
import { openCases } from '../src/cases/open.ts'
import { recordEvents } from '../src/events/intake.ts'
import { importResponses } from '../src/responses/import.ts'
import { handleDemoCases } from '../src/simulate/demoCases.ts'
import { closeHouse, openWorkshop, shop } from './workshop.ts'

afterAll(closeHouse)

const program = `${shop.trimEnd()}
  causes: [{ id: parts, name: Parts }]
  actions: [{ id: mended, name: Mended }]
`

it("the demo's managers reach the unhappy and close old cases with cause and action; the newest wait or are under way", async () => {
  const workshop = await openWorkshop('2026-03-02T09:00:00Z', program)
  const { workspaceId, clock } = workshop
  const end = clock.now()
  const days = Array.from({ length: 80 }, (_, index) => index)
  await recordEvents(
    workshop,
    workspaceId,
    days.map((day) => ({
      specversion: '1.0',
      id: `${day}`,
      source: 'shop',
      type: 'repair.ordered',
      data: { customer: `c${day}`, repair: `r${day}`, unit: 'team1' },
    })),
  )
  const receipts = await importResponses(
    workshop,
    workspaceId,
    days.map((day) => ({
      source: 'shop',
      externalId: `${day}`,
      survey: 'repair',
      transaction: { type: 'repair', key: `r${day}` },
      answers: { recommend: 2 },
      answeredAt: new Date(end.getTime() - 0.9 * day * 86_400_000 - 3_600_000),
    })),
  )
  const ids = receipts.map((receipt) => (receipt as { responseId: string }).responseId)
  // Decided about when they were given, as in the time that a demo plays.
  const played = { now: () => end, at: (due: Date) => due }
  await openCases({ ...workshop, clock: played, log: silentLog }, workspaceId, ids)
  const cases = (await workshop.rows<{ id: string }>('select case_id as id from cases')).map(({ id }) => id)
  expect(await handleDemoCases(workshop, workspaceId, cases, end)).toBeGreaterThan(25)
  expect(await handleDemoCases(workshop, workspaceId, cases, end)).toBe(0)
  // Who is late acts when the deadline has been missed.
  await judgeDeadlines({ ...workshop, clock: played }, workspaceId)
  expect(await handleDemoCases(workshop, workspaceId, cases, end)).toBeGreaterThan(0)
  const [disorder] = await workshop.rows<Record<string, number>>(
    `select count(*) filter (where v.at < b.at) as backwards,
       count(distinct d.case_id) filter (where d.missed_at is not null and not exists (select from case_events m
         where m.case_id = d.case_id and m.kind = 'missed')) as untold,
       count(distinct d.case_id) filter (where c.first_contacted_at < d.missed_at) as reached
     from case_deadlines d join cases c using (case_id) join case_events v using (case_id)
     left join case_events b on b.case_id = v.case_id and b.revision = v.revision - 1`,
  )
  expect(disorder).toEqual({ backwards: 0, untold: 0, reached: 0 })
  const [found] = await workshop.rows<Record<string, number>>(
    `select count(*) filter (where state = 'closed') as closed, count(*) filter (where state <> 'closed') as underway,
       count(*) filter (where state = 'open') as waiting, count(*) filter (where contacted_at is not null) as contacted,
       count(*) filter (where outcome <> 'no answer' and (cause <> 'parts' or action <> 'mended' or churn_after is null)) as bare,
       count(*) filter (where closed_at > timestamptz '${end.toISOString()}') as early,
       count(*) filter (where missed_at is not null and coalesce(contacted_at, closed_at) is not null) as late,
       count(*) filter (where missed_at is not null and coalesce(contacted_at, closed_at) is null) as forgotten,
       count(distinct owner_name) as owners from cases join case_deadlines using (workspace_id, case_id)`,
  )
  expect(found).toMatchObject({ bare: 0, early: 0, owners: 1 })
  expect(found?.closed).toBeGreaterThan(20)
  expect(found?.waiting).toBeGreaterThan(3)
  expect(found?.underway).toBeGreaterThan(found?.waiting as number)
  expect(found?.contacted).toBeGreaterThan(20)
  expect(found?.late).toBeGreaterThan(0)
  expect(found?.late).toBeLessThan(12)
  expect(found?.forgotten).toBeLessThan(12)
})
