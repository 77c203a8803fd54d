import { afterAll, beforeAll, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { closeHouse, openWorkshop, type Workshop } from '../workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop('2026-03-02T09:00:00Z')
}, 120_000)
afterAll(closeHouse)

it('takes up what was under way when its process died, and not before it was due', async () => {
  const { jobs, database, workspaceId } = shop
  const at = (time: string) => new Date(`2026-03-02T${time}:00Z`)
  const died = new VirtualClock(at('09:00'))
  const lane = await jobs.lane('replay-died', died, true)
  for (const kind of ['ends', 'fails'])
    await database.inWorkspace(workspaceId, (tx) => lane.announce(tx, { kind, workspaceId }, at('12:00')))
  died.moveTo(at('12:00'))
  await new Promise<void>((reached) => {
    void lane.drain((kind) => {
      if (kind === 'fails') return Promise.reject(new Error('no store'))
      reached()
      return new Promise(() => {})
    })
  })

  // A replay goes on from a time that it had noted before.
  const clock = new VirtualClock(at('10:00'))
  const again = await jobs.lane('replay-died', clock, true)
  const done: string[] = []
  const drain = () => again.drain(async (kind) => void done.push(kind))
  await drain()
  expect([done, await again.nextAt()]).toEqual([[], at('12:00')])
  clock.moveTo(at('12:00'))
  await drain()
  expect(done.sort()).toEqual(['ends', 'fails'])
})
