import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoWaits } from '../src/cli/replay.ts'
import type { Database } from '../src/storage/postgres.ts'
import { openExample, start, workspaceId } from './surveyExample.ts'

let database: Database
beforeAll(async () => {
  ;({ database } = await openExample())
})
afterAll(() => database.close())

const note = (work: string, state: object) =>
  database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into progress (workspace_id, work, state, changed_at) values ($1, $2, $3, $4)
       on conflict (workspace_id, work) do update set state = excluded.state`,
      [workspaceId, work, JSON.stringify(state), start],
    ),
  )

it('a demo that was begun is gone on with until it is filled; other replays are not', async () => {
  await note('replay', { taken: 5, complete: false })
  expect(await demoWaits(database)).toBe(false)
  await note('demo-end', { end: start })
  expect(await demoWaits(database)).toBe(true)
  await note('replay', { taken: 9, complete: true })
  expect(await demoWaits(database)).toBe(false)
})
