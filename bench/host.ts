// For: the measured server: the product as `serve` joins it, in a process of its own, so that who asks costs it nothing.
// In: calls over the process's channel (see Calls). Out: HTTP on a free port; what the bare store takes for the same rows.
import type { AddressInfo } from 'node:net'
import { processConfig } from '../src/base/config.ts'
import { createLog } from '../src/base/log.ts'
import { giveBack } from '../src/cli/giveBack.ts'
import { openProduct, type Product } from '../src/cli/product.ts'
import { startDemo } from '../src/cli/replay.ts'
import { createServer } from '../src/http/server.ts'
import { createApiKey } from '../src/people/apiKeys.ts'
import { createSignInLink } from '../src/people/links.ts'
import { createWorkspace } from '../src/people/workspaces.ts'
import { type Bare, cpuSeconds, openBare, type Timed } from './bare.ts'
import { files, invite, inviteAgain } from './shop.ts'

export interface Opened {
  port: number
  key: string
}

let product: Product
let bare: Bare
let workspaceId: string
let version: string

/** What a bench asks of its server. Times are seconds. */
export const calls = {
  async open(): Promise<Opened> {
    const config = processConfig()
    product = await openProduct(config, createLog(config.logLevel, false))
    const app = await createServer(product.parts, {
      publicUrl: config.publicUrl,
      secret: 'a secret of at least 32 characters',
      trustProxy: false,
    })
    await app.listen({ port: config.port, host: '127.0.0.1' })
    const { parts } = product
    workspaceId = (await createWorkspace(parts, 'Bench')).id
    version = (await parts.programs.push(workspaceId, files)).version
    const { key } = await parts.database.inWorkspace(workspaceId, (tx) =>
      createApiKey(tx, parts.clock, { name: 'bench', scopes: ['events:write'] }),
    )
    bare = await openBare(parts.database, config.databaseUrl)
    return { port: (app.server.address() as AddressInfo).port, key }
  },
  invite: (round: string, count: number) =>
    invite(product.parts.database, workspaceId, version, round, count),
  bareEvents: async (round: string, count: number) => complete(await bare.events(workspaceId, round), count),
  bareResponses: async (round: string, atOnce: number, count: number) =>
    complete(await bare.responses(workspaceId, round, atOnce), count),
  /** From now on what follows is done as well: decisions, mails, cases, facts. */
  async work() {
    product.loop.start()
    giveBack()
  },
  /** Fills the demo, works on live, and gives a link that signs its owner in. */
  async demo(): Promise<{ link: string; workspace: string }> {
    const quiet = { out: () => {}, err: () => {}, isTerminal: false, folder: process.cwd() }
    const { workspace, filled } = await startDemo(product, quiet)
    await filled
    workspaceId = workspace.id
    product.loop.start()
    giveBack()
    const { url } = await createSignInLink({ ...product.parts, ...processConfig() })
    return { link: url, workspace: workspace.slug }
  },
  inviteDemo: (round: string, count: number) =>
    inviteAgain(product.parts.database, workspaceId, round, count, new Date()),
  /** Milliseconds from the answers of a round to their cases and to the mails that tell of those they opened. */
  async followed(round: string): Promise<{ opened: number[]; mailed: number[] }> {
    const rows = await product.parts.database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        `select extract(epoch from e.at - r.answered_at) * 1000 as opened,
           (select extract(epoch from min(m.sent_at) - r.answered_at) * 1000 from messages m
            where m.about_id = e.case_id and m.kind = 'case' and e.kind = 'opened') as mailed
         from responses r join case_responses c using (response_id) join cases o using (case_id)
         join case_events e on e.case_id = c.case_id
           and case e.kind when 'opened' then o.response_id = r.response_id
             when 'joined' then e.detail->>'responseId' = r.response_id::text end
         where r.comment like $1 || '%'`,
        [`mark-${round}-`],
      ),
    )
    const numbers = (name: string) =>
      rows
        .map((row) => row[name])
        .filter((each) => each !== null)
        .map(Number)
    return { opened: numbers('opened'), mailed: numbers('mailed') }
  },
  async memory() {
    return { now: process.memoryUsage.rss(), most: process.resourceUsage().maxRSS * 1024 }
  },
  cpu: () => cpuSeconds(product.parts.database),
}

function complete<T extends Timed>(done: T, count: number): T {
  if (done.rows !== count) throw new Error(`${count} were handed in, ${done.rows} are stored`)
  return done
}

process.on(
  'message',
  async ({ id, name, values }: { id: number; name: keyof typeof calls; values: never[] }) => {
    const call = calls[name] as (...values: never[]) => Promise<unknown>
    try {
      process.send?.({ id, result: await call(...values) })
    } catch (error) {
      process.send?.({ id, error: (error as Error).stack })
    }
  },
)
// The bench's end is this process's end; its data goes with it.
process.on('disconnect', () => process.exit(0))
