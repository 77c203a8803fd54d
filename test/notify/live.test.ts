import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { createHookSender } from '../../src/channels/hooks/deliver.ts'
import { createWebhook } from '../../src/channels/hooks/endpoints.ts'
import { openPoster } from '../../src/channels/hooks/post.ts'
import { savePosition } from '../../src/simulate/position.ts'
import { openNotifyRig, salesProgram } from './rig.ts'

it('a receiver that takes a post and never answers keeps no mail waiting, and gets its time when all stops', async () => {
  const open: ServerResponse[] = []
  const receiver = createServer((request, response) => {
    request.resume()
    open.push(response)
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const rig = await openNotifyRig(salesProgram(''), new Date('2026-03-02T09:00:00Z'))
  const poster = openPoster({ allowPrivate: true, timeout: 120_000 })
  rig.parts.hooks = createHookSender({ poster, sole: true })
  await rig.within((tx) => createWebhook(tx, rig.clock, { url, events: ['praise.given'] }, poster.problem))
  const recipients = async () => (await rig.mails()).map(({ recipient }) => recipient)
  try {
    rig.loop.start()
    await rig.answered({ id: 'first', recommend: 10, employee: 's1', unit: 'south' })
    await vi.waitUntil(() => open.length === 1, { timeout: 25_000 })
    await rig.answered({ id: 'second', recommend: 10, employee: 's2', unit: 'south' })
    await vi.waitUntil(async () => (await recipients()).includes('s2@example.se'), { timeout: 25_000 })
    expect(open[0]!.writableEnded).toBe(false)
  } finally {
    await vi.waitUntil(() => open.length === 2, { timeout: 25_000 })
    for (const response of open) response.end()
    await rig.loop.stop()
  }
  const states = await rig.within((tx) => tx.query('select distinct state from deliveries'))
  expect(states).toEqual([{ state: 'delivered' }])
  await rig.close()
  receiver.close()
}, 90_000)

it('a workspace that is being replayed is left to the replay: what falls due there waits until that has ended', async () => {
  const digests = '  digests: [{ id: day, every: day, at: "17:00", to: [unitManager], about: [praise] }]'
  const rig = await openNotifyRig(salesProgram(digests), new Date('2026-03-02T09:00:00Z'))
  const place = { fingerprint: 'x', version: 'v', until: rig.clock.now(), taken: 1 }
  const counts = { recorded: 0, duplicate: 0, refused: 0 }
  const replaying = (complete: boolean) =>
    savePosition(rig.parts.database, rig.workspaceId, { ...place, ...counts, complete }, rig.clock.now())
  const told = async () => (await rig.mails()).filter(({ subject }) => /Sales$/.test(subject)).length
  try {
    await rig.answered({ id: 'good', recommend: 10, employee: 's1', unit: 'south' })
    await rig.drain()
    const due = await rig.lane.nextAt()
    expect(due).toEqual(new Date('2026-03-02T16:00:00Z'))
    await replaying(false)
    rig.clock.moveTo(due!)
    rig.loop.start()
    await vi.waitUntil(async () => (await rig.lane.nextAt())! > due!, { timeout: 25_000 })
    expect(await told()).toBe(0)
    await replaying(true)
    rig.clock.moveTo((await rig.lane.nextAt())!)
    // To the manager of the team, and to the one of all.
    await vi.waitUntil(async () => (await told()) === 2, { timeout: 25_000 })
  } finally {
    await rig.loop.stop()
    await rig.close()
  }
}, 90_000)
