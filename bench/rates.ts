// For: how fast events and answers are taken in over HTTP, beside the bare store in the same run.
// In: a kind of store; sizes. Out: rows of the bench table.
import { type Timed, timed } from './bare.ts'
import { connections, type Engine, type Host, post, startHost } from './hosted.ts'
import { eventsOf, formOf } from './shop.ts'
import { type BenchRow, median } from './table.ts'

const batchSize = 500
const target = '>= 0.25 x bare store'

interface Rounds {
  count: number
  key: string
  /** Makes a round ready; what it gives hands everything in and tells the seconds that took. */
  ours(round: string): Promise<() => Promise<number>>
  bare(round: string): Promise<Timed & { alone?: Timed }>
}

/** Both kinds of work in turn, so that both meet the same machine; the first round warms up and is not counted. */
async function inTurn(host: Host, { count, key, ours, bare }: Rounds) {
  const rates: number[] = []
  const ratios: number[] = []
  const cpuRatios: number[] = []
  const aloneRatios: number[] = []
  for (let index = 0; index <= count; index++) {
    const round = `${key}${index}`
    const work = await ours(round)
    const before = await host.call('cpu')
    const seconds = await work()
    const cpu = (await host.call('cpu')) - before
    const plain = await bare(round)
    if (index === 0) continue
    rates.push(plain.rows / seconds)
    ratios.push(plain.seconds / seconds)
    cpuRatios.push(plain.cpu / cpu)
    if (plain.alone) aloneRatios.push(plain.alone.seconds / seconds)
  }
  return {
    value: median(rates),
    ratio: median(ratios),
    cpuRatio: median(cpuRatios),
    ...(aloneRatios.length > 0 ? { aloneRatio: median(aloneRatios) } : {}),
    target,
  }
}

/** Events, in batches of 500 over four connections. */
async function benchEvents(host: Host, engine: Engine, quick: boolean): Promise<BenchRow> {
  const batches = quick ? 8 : 20
  const agent = connections(4)
  const headers = {
    authorization: `Bearer ${host.key}`,
    'content-type': 'application/cloudevents-batch+json',
  }
  const found = await inTurn(host, {
    count: quick ? 3 : 7,
    key: 'e',
    async ours(round) {
      const events = eventsOf(round, batches * batchSize)
      const bodies = Array.from({ length: batches }, (_, batch) =>
        Buffer.from(JSON.stringify(events.slice(batch * batchSize, (batch + 1) * batchSize))),
      )
      return () =>
        timed(4, bodies, async (body) => {
          const answer = await post(host, agent, '/v1/events', headers, body)
          const { recorded } = JSON.parse(answer.body)
          if (recorded !== batchSize) throw new Error(`${answer.status}: ${answer.body.slice(0, 300)}`)
        })
    },
    bare: (round) => host.call('bareEvents', round, batches * batchSize),
  })
  agent.destroy()
  const name = `Events in, ${engine}, batches of 500 over 4 connections`
  return { name, unit: 'events/s', ...found }
}

/** Answers, one form each, as a browser posts it; every answer is kept before it is thanked for. */
async function benchResponses(
  host: Host,
  engine: Engine,
  atOnce: number,
  size: number,
  rounds: number,
): Promise<BenchRow> {
  const agent = connections(atOnce)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const found = await inTurn(host, {
    count: rounds,
    key: `r${atOnce}x`,
    async ours(round) {
      const tokens = await host.call('invite', round, size)
      const forms = tokens.map((token, index) => ({ token, body: Buffer.from(formOf(index)) }))
      return () =>
        timed(atOnce, forms, async ({ token, body }) => {
          const { status } = await post(host, agent, `/s/${token}`, headers, body)
          if (status !== 303) throw new Error(`the form of ${token} was answered ${status}`)
        })
    },
    bare: (round) => host.call('bareResponses', round, atOnce, size),
  })
  agent.destroy()
  return { name: `Responses in, ${engine}, ${atOnce} at once`, unit: 'responses/s', ...found }
}

/** A server that has just started is slower: V8 compiles PGlite's functions well only once they have run for a while. */
async function warmUp(host: Host, answers: number): Promise<void> {
  const agent = connections(32)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const tokens = await host.call('invite', 'warm', answers)
  await timed(32, tokens.slice(answers / 2), (token) =>
    post(host, agent, `/s/${token}`, headers, Buffer.from(formOf(0))),
  )
  await timed(1, tokens.slice(0, answers / 2), (token) =>
    post(host, agent, `/s/${token}`, headers, Buffer.from(formOf(0))),
  )
  await host.call('bareResponses', 'warm', 1, answers)
  agent.destroy()
}

/** Both, on a server that takes in alone: what follows (decisions, mails, facts) waits, as with a web process. */
export async function benchRates(engine: Engine, what: Set<string>, quick: boolean): Promise<BenchRow[]> {
  const host = await startHost(engine)
  try {
    const rows: BenchRow[] = []
    if (what.has('events')) rows.push(await benchEvents(host, engine, quick))
    if (!what.has('responses')) return rows
    await warmUp(host, quick ? 2000 : 4000)
    for (const [atOnce, size] of [
      [1, 200],
      [8, 400],
      [32, 800],
    ] as const) {
      rows.push(await benchResponses(host, engine, atOnce, quick ? size / 2 : size, quick ? 3 : 7))
    }
    return rows
  } finally {
    await host.close()
  }
}
