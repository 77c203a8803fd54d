import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoWaits, filledLine } from '../src/cli/replay.ts'
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

it('a demo that is filled ends on what was made, and where to see it', () => {
  const totals = {
    ...{ events: 9260, keptAside: 0, invitations: 3878, withheld: { quarantine: 9 }, comments: 700 },
    ...{ answers: { mail: 400, survey: 1088 }, cases: 424, mails: {} },
  }
  const report = {
    ...{ events: { recorded: 9260, duplicate: 0, refused: 0 }, totals, added: totals, batches: 1 },
    ...{ continued: false, spent: { reading: 0, events: 0, work: 0, answers: 0, facts: 0 } },
  }
  const line = (changed: boolean) =>
    filledLine({ ...report, changed, seconds: 39.4 }, 'http://localhost:4000')
  expect(line(true)).toContain(
    'The demo is filled, in 39 s: 9,260 events, 3,878 invitations, 1,488 answers, 424 cases.\nSee it at http://localhost:4000 (',
  )
  expect(line(false)).toContain('The demo was filled already: 9,260 events')
})
