// For: how fast events and answers are taken in over HTTP, beside the bare store in the same run.
// In: a measured server; sizes. Out: rows of the bench table.
import { type Timed, timed } from './bare.ts'
import { connections, type Engine, type Host, post, startHost } from './hosted.ts'
import { eventsOf, formOf } from './shop.ts'
import { type BenchRow, median } from './table.ts'

const batchSize = 500

/** Rounds of both kinds of work in turn, so that both meet the same machine; the first one warms up and is not counted. */
async function inTurn(
  rounds: number,
  host: Host,
  round: (name: string) => Promise<{ ours: Timed; bare: Timed }>,
  prefix: string,
): Promise<{ value: number; ratio: number; cpu: number }> {
  const rates: number[] = []
  const ratios: number[] = []
  const cpus: number[] = []
  for (let index = 0; index <= rounds; index++) {
    const before = await host.call('cpu')
    const { ours, bare } = await round(`${prefix}${index}`)
    if (ours.rows !== bare.rows) throw new Error(`${ours.rows} were handed in, ${bare.rows} are stored`)
    if (index === 0) continue
    rates.push(ours.rows / ours.seconds)
    ratios.push(bare.seconds / ours.seconds)
    cpus.push(((await host.call('cpu')) - before) / ours.rows)
  }
  return { value: median(rates), ratio: median(ratios), cpu: median(cpus) }
}

/** Events, in batches of 500 over four connections. */
export async function benchEvents(host: Host, engine: Engine, quick: boolean): Promise<BenchRow[]> {
  const batches = quick ? 8 : 20
  const agent = connections(4)
  const headers = {
    authorization: `Bearer ${host.key}`,
    'content-type': 'application/cloudevents-batch+json',
  }
  const found = await inTurn(
    quick ? 3 : 5,
    host,
    async (round) => {
      const events = eventsOf(round, batches * batchSize)
      const bodies = Array.from({ length: batches }, (_, batch) =>
        Buffer.from(JSON.stringify(events.slice(batch * batchSize, (batch + 1) * batchSize))),
      )
      const seconds = await timed(4, bodies, async (body) => {
        const answer = await post(host, agent, '/v1/events', headers, body)
        const { recorded } = JSON.parse(answer.body)
        if (recorded !== batchSize) throw new Error(`${answer.status}: ${answer.body.slice(0, 300)}`)
      })
      return { ours: { rows: events.length, seconds }, bare: await host.call('bareEvents', round) }
    },
    'e',
  )
  agent.destroy()
  const name = `Events in, ${engine}, batches of 500 over 4 connections`
  return [{ name, value: found.value, unit: 'events/s', ratio: found.ratio, target: '>= 0.25 x bare store' }]
}

/** Answers, one form each, as a browser posts it; every answer is kept before it is thanked for. */
export async function benchResponses(host: Host, engine: Engine, quick: boolean): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const [atOnce, size] of [
    [1, 200],
    [8, 400],
    [32, 800],
  ] as const) {
    const agent = connections(atOnce)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const found = await inTurn(
      quick ? 3 : 5,
      host,
      async (round) => {
        const tokens = await host.call('invite', round, quick ? size / 2 : size)
        const forms = tokens.map((token, index) => ({ token, body: Buffer.from(formOf(index)) }))
        const seconds = await timed(atOnce, forms, async ({ token, body }) => {
          const { status } = await post(host, agent, `/s/${token}`, headers, body)
          if (status !== 303) throw new Error(`the form of ${token} was answered ${status}`)
        })
        return {
          ours: { rows: forms.length, seconds },
          bare: await host.call('bareResponses', round, atOnce),
        }
      },
      `r${atOnce}x`,
    )
    agent.destroy()
    const name = `Responses in, ${engine}, ${atOnce} at once`
    rows.push({
      name,
      value: found.value,
      unit: 'responses/s',
      ratio: found.ratio,
      target: '>= 0.25 x bare store',
    })
  }
  return rows
}

/** Both, on a server that takes in alone: what follows (decisions, mails, facts) waits, as with a web process. */
export async function benchRates(engine: Engine, what: Set<string>, quick: boolean): Promise<BenchRow[]> {
  const host = await startHost(engine)
  try {
    return [
      ...(what.has('events') ? await benchEvents(host, engine, quick) : []),
      ...(what.has('responses') ? await benchResponses(host, engine, quick) : []),
    ]
  } finally {
    await host.close()
  }
}
