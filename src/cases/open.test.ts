import { afterAll, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop } from '../../test/workshop.ts'
import { stableId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { openCases } from './open.ts'

afterAll(closeHouse)

const rules = `
    - { id: unjudged, when: repair.visits > 1 }
    - { id: mailed, when: "response.survey == 'repair' && response.touchpoint == 'repair' && response.language == 'nb' && response.wayIn == 'mail'" }
`

it('a recovery rule may ask which survey was answered, where, in which language and way; one that cannot be judged gives way', async () => {
  const workshop = await openWorkshop(
    '2026-03-01T12:00:00Z',
    shop.replace(/(rules:)[^-]*-.*\n/, `$1${rules}`),
  )
  const { database, clock, programs, workspaceId, rows } = workshop
  const { version } = await programs.active(workspaceId)
  const ids = ['mail', 'import'].map((wayIn) => ({ id: stableId(workspaceId, wayIn), wayIn }))
  await database.inWorkspace(workspaceId, async (tx) => {
    for (const { id, wayIn } of ids)
      await tx.query(
        `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
           answered_at, answers, context, version)
         values ($1, $2, 'repair', 'repair', $7, 'completed', 'nb', $3, $3, $4, $5, $6)`,
        [workspaceId, id, clock.now(), { recommend: 9 }, { at: clock.now().toISOString() }, version, wayIn],
      )
  })
  await openCases(
    { ...workshop, log: silentLog },
    workspaceId,
    ids.map(({ id }) => id),
  )
  expect(await rows('select rule, response_id from cases')).toEqual([
    { rule: 'mailed', response_id: ids[0]?.id },
  ])
}, 120_000)
