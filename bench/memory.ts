// For: how much memory the whole server takes: stores, loop, mail and HTTP in one process.
// In: an engine. Out: its resident memory at rest, and the most it took while events and answers came in.
import { timed } from './bare.ts'
import { connections, type Engine, post, startHost } from './hosted.ts'
import { eventsOf, formOf } from './shop.ts'
import type { BenchRow } from './table.ts'

const mebibyte = 1024 * 1024

export async function benchMemory(engine: Engine, quick: boolean): Promise<BenchRow[]> {
  const host = await startHost(engine)
  try {
    await host.call('work')
    // Memory that is given back goes in the background, and a server is at rest far longer.
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    const rest = await host.call('memory')
    const agent = connections(8)
    const tokens = await host.call('invite', 'memory', quick ? 200 : 1000)
    const events = eventsOf('memory', quick ? 4_000 : 20_000)
    const eventHeaders = {
      authorization: `Bearer ${host.key}`,
      'content-type': 'application/cloudevents-batch+json',
    }
    const batches = Array.from({ length: events.length / 500 }, (_, batch) =>
      Buffer.from(JSON.stringify(events.slice(batch * 500, (batch + 1) * 500))),
    )
    const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' }
    await Promise.all([
      timed(4, batches, (body) => post(host, agent, '/v1/events', eventHeaders, body)),
      timed(4, tokens, (token) =>
        post(host, agent, `/s/${token}`, formHeaders, Buffer.from(formOf(token.length))),
      ),
    ])
    const load = await host.call('memory')
    agent.destroy()
    return [
      { name: `Memory at rest, ${engine}`, value: rest.now / mebibyte, unit: 'MB' },
      { name: `Memory under load, most, ${engine}`, value: load.most / mebibyte, unit: 'MB' },
    ]
  } finally {
    await host.close()
  }
}
