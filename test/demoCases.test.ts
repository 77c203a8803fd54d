import { afterAll, expect, it } from 'vitest'
import { recordEvents } from '../src/events/intake.ts'
import { handleDemoCases } from '../src/simulate/demoCases.ts'
import { closeHouse, openWorkshop } from './workshop.ts'

afterAll(closeHouse)

it("the demo's managers close old cases, work on some and leave the newest waiting", async () => {
  const shop = await openWorkshop('2026-03-02T09:00:00Z')
  await recordEvents(shop, shop.workspaceId, [
    {
      specversion: '1.0',
      id: '1',
      source: 'shop',
      type: 'repair.ordered',
      data: { customer: 'ann', repair: 'r1', unit: 'team1' },
    },
  ])
  await shop.database.inWorkspace(shop.workspaceId, async (tx) => {
    for (let day = 1; day <= 12; day++) {
      await tx.query(
        `with r as (
           insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
             answered_at, answers, context, version)
           values ($1, gen_random_uuid(), 'repair', 'repair', 'api', 'completed', 'en', $2, $2, '{}', '{}', 'v')
           returning response_id)
         insert into cases (workspace_id, case_id, rule, response_id, unit_key, state, opened_at, contact_due_at, version)
         select $1, gen_random_uuid(), 'detractor', response_id, 'team1', 'open', $2, $2, 'v' from r`,
        [shop.workspaceId, new Date(Date.UTC(2026, 0, day))],
      )
    }
  })
  await handleDemoCases(shop.database, shop.workspaceId, new Date('2026-03-02T09:00:00Z'))
  const states = await shop.rows(
    'select state, owner_name, count(*) as n from cases group by 1, 2 order by 1',
  )
  expect(states).toEqual([
    { state: 'closed', owner_name: 'Kari', n: 5 },
    { state: 'open', owner_name: null, n: 3 },
    { state: 'taken', owner_name: 'Kari', n: 4 },
  ])
})
