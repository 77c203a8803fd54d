import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { createHookSender } from '../../src/channels/hooks/deliver.ts'
import { createWebhook } from '../../src/channels/hooks/endpoints.ts'
import { openPoster } from '../../src/channels/hooks/post.ts'
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
