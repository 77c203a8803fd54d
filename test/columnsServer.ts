// For: several processes on one column store, where no ClickHouse server is to be had.
// In: a folder. Out: an address that answers as ClickHouse's HTTP interface does, with chDB, the same engine, behind it.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Session } from 'chdb'

/** Takes what @clickhouse/client sends: the statement in the body or, of an insert, in ?query=, with parameters and
 * settings in the address. What a server does besides (users, sessions, compression) it does not.
 */
export async function startColumnsServer(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const session = new Session(folder)
  let last: Promise<unknown> = Promise.resolve()
  // Settings and parameters belong to the one session, so requests take turns.
  const inTurn = (sql: string) => {
    const mine = last.then(() => session.queryAsync(sql))
    last = mine.catch(() => {})
    return mine
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/ping') return response.end('Ok.\n')
    const body = await bodyOf(request)
    const query = searchParams.get('query')
    const set = [...searchParams].flatMap(([name, value]) =>
      ofTheServer.has(name) ? [] : [`SET ${name} = '${value.replace(/['\\]/g, '\\$&')}'; `],
    )
    try {
      const result = await inTurn(`${set.join('')}${query ? `${query}\n${body}` : body}`)
      response.end(Buffer.from(result.bytes()))
    } catch (error) {
      const { message } = error as Error
      response.writeHead(500, { 'x-clickhouse-exception-code': /Code: (\d+)/.exec(message)?.[1] ?? '1002' })
      response.end(message)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await last
      session.close()
    },
  }
}

/** Parts of the address that are neither a parameter nor a setting of the engine. */
const ofTheServer = new Set(['query', 'query_id', 'database', 'session_id', 'role', 'wait_end_of_query'])

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
