import { afterAll, describe, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop } from '../../test/workshop.ts'
import { stableId } from '../base/ids.ts'
import { silentLog } from '../base/log.ts'
import { openCases } from './open.ts'

afterAll(closeHouse)

const rule = (when: string) => shop.replace(/when: has\(answers\.recommend\).*\}/, `when: "${when}" }`)

async function casesBy(when: string): Promise<number> {
  const workshop = await openWorkshop('2026-03-01T12:00:00Z', rule(when))
  const { database, clock, programs, workspaceId } = workshop
  const { version } = await programs.active(workspaceId)
  const id = stableId(workspaceId, 'answer')
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
         answered_at, answers, context, version)
       values ($1, $2, 'repair', 'repair', 'mail', 'completed', 'nb', $3, $3, $4, $5, $6)`,
      [workspaceId, id, clock.now(), { recommend: 9 }, { at: clock.now().toISOString() }, version],
    ),
  )
  await openCases({ ...workshop, log: silentLog }, workspaceId, [id])
  return (await workshop.rows('select 1 as one from cases')).length
}

describe('a recovery rule', () => {
  it('may ask which survey was answered, in which language and way', async () => {
    expect(await casesBy("response.survey == 'repair' && response.touchpoint == 'repair'")).toBe(1)
    expect(await casesBy("response.language == 'nb' && response.wayIn == 'mail'")).toBe(1)
    expect(await casesBy("response.survey == 'other'")).toBe(0)
  })

  it('opens nothing when a part of it is missing', async () => {
    expect(await casesBy('repair.visits > 1')).toBe(0)
  })
})
