import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stableId } from '../../src/base/ids.ts'
import { ask } from '../../src/insight/answer.ts'
import { createCarrier } from '../../src/insight/carry.ts'
import type { InsightParts } from '../../src/insight/parts.ts'
import { openWorkspace, visitProgram } from './workspace.ts'

const [busy, second, third] = ['busy', 'second', 'third'].map((name) => stableId('workspace', name)) as [
  string,
  string,
  string,
]
let place: Awaited<ReturnType<typeof openWorkspace>>
const counted = async (workspaceId: string) => {
  const { total } = await ask(place.parts, workspaceId, { metric: 'responses' })
  return total.n
}

beforeAll(async () => {
  place = await openWorkspace(visitProgram())
  await place.database.asOwner(async (tx) => {
    for (const id of [busy, second, third])
      await tx.query(
        `insert into workspaces (workspace_id, slug, name, created_at) values ($1::uuid, $1::text, $1::text, $2)`,
        [id, place.clock.now()],
      )
  })
})
afterAll(() => place.close())

async function answer(workspaceId: string, name: string) {
  await place.database.inWorkspace(workspaceId, async (tx) => {
    await tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
         answered_at, answers, context, version)
       values ($1, $2, 'visit', 'visit', 'survey', 'completed', 'en', $3, $3, '{"satisfied": 5}', '{}', 'v1')`,
      [workspaceId, stableId(workspaceId, name), place.clock.now()],
    )
    await tx.query(
      `insert into outbox (workspace_id, kind, key, queued_at) values ($1, 'response', $2, $3)`,
      [workspaceId, stableId(workspaceId, name), place.clock.now()],
    )
  })
}

/** Parts whose writing of the busy workspace's facts is told first, and waits for what is returned. */
const withBusy = (writing: () => Promise<void>): InsightParts => ({
  ...place.parts,
  columns: {
    ...place.columns,
    async insert(table, rows, token) {
      if (table.includes(busy.replaceAll('-', ''))) await writing()
      return place.columns.insert(table, rows, token)
    },
  },
})

function carrierOf(parts: InsightParts, atOnce = 4) {
  let wanted = false
  const failures: string[] = []
  const carrier = createCarrier(parts, {
    atOnce,
    pause: async () => {},
    again: () => {
      wanted = true
    },
    failed: (_, workspaceId) => failures.push(workspaceId),
  })
  /** Rounds until none is asked for any more. */
  async function rounds() {
    do {
      wanted = false
      await carrier.round()
      await carrier.ended()
    } while (wanted)
  }
  return { carrier, rounds, failures }
}

describe('the facts of one workspace', () => {
  it('come while those of another are still being written', async () => {
    let release = () => {}
    const gate = new Promise<void>((open) => {
      release = open
    })
    const written: Array<() => void> = []
    const begun = new Promise<void>((told) => written.push(told))
    const parts = withBusy(async () => {
      written[0]!()
      await gate
    })
    const { carrier } = carrierOf(parts)
    await answer(busy, 'a1')
    await carrier.round()
    await begun
    // That one is held. What comes to others now is carried by the rounds that follow.
    await answer(second, 'b1')
    await carrier.round()
    await expect.poll(() => counted(second), { timeout: 20_000 }).toBe(1)
    release()
    await carrier.ended()
    expect(await counted(busy)).toBe(1)
  })

  it('come though another is filled without end', async () => {
    let more = 0
    const parts = withBusy(async () => {
      more += 1
      if (more > 200) throw new Error('it never stopped')
      await answer(busy, `more${more}`)
    })
    const { carrier } = carrierOf(parts, 1)
    await answer(busy, 'a2')
    await answer(second, 'b2')
    await carrier.round()
    await carrier.ended()
    await carrier.round()
    await carrier.ended()
    expect(await counted(second)).toBe(2)
  })

  it('come though those of another cannot be written', async () => {
    const parts = withBusy(async () => {
      throw new Error('the store is away')
    })
    const { rounds, failures } = carrierOf(parts, 1)
    await answer(busy, 'a3')
    await answer(third, 'c1')
    await rounds()
    await rounds()
    expect(await counted(third)).toBe(1)
    expect(new Set(failures)).toEqual(new Set([busy]))
    // It is made up for as soon as it can.
    const before = await counted(busy)
    await carrierOf(place.parts).rounds()
    expect(await counted(busy)).toBeGreaterThan(before)
  })
})
