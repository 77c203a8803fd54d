import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Compile } from 'typebox/compile'
import { systemClock } from '../src/base/clock.ts'
import { newId } from '../src/base/ids.ts'
import { createLog } from '../src/base/log.ts'
import type { Scope } from '../src/base/principal.ts'
import { scopes } from '../src/base/principal.ts'
import { createServer } from '../src/http/server.ts'
import { createApiKey } from '../src/people/apiKeys.ts'
import { migrate } from '../src/storage/migrate.ts'
import { type Database, openPglite } from '../src/storage/postgres.ts'

export const testUrl = 'http://localhost:4000'

export interface TestServer {
  app: FastifyInstance
  database: Database
  /** A new workspace; gives its id and a key with these scopes (all when left out). */
  workspace(
    name: string,
    granted?: readonly Scope[],
    unitKey?: string,
  ): Promise<{ workspaceId: string; key: string }>
  key(workspaceId: string, granted: readonly Scope[], unitKey?: string): Promise<string>
  close(): Promise<void>
}

/** The real server on a real PGlite. Every JSON answer is held against the schema its route documents. */
export async function startTestServer(portalFolder = 'no-portal'): Promise<TestServer> {
  const clock = systemClock
  const database = await openPglite(undefined, clock)
  await migrate(database)
  const app = await createServer(
    { database, clock, log: createLog('error', false), publicUrl: testUrl },
    { publicUrl: testUrl, secret: 'a secret of at least 32 characters', trustProxy: false, portalFolder },
  )
  async function key(workspaceId: string, granted: readonly Scope[], unitKey?: string) {
    const made = await database.inWorkspace(workspaceId, (tx) =>
      createApiKey(tx, clock, { name: 'test', scopes: granted, ...(unitKey ? { unitKey } : {}) }),
    )
    return made.key
  }
  return {
    app,
    database,
    key,
    async workspace(name, granted = scopes, unitKey) {
      const workspaceId = newId(clock)
      await database.script(
        'insert into samklang.workspaces (workspace_id, slug, name, created_at) values ($1, $2, $2, $3)',
        [workspaceId, name, clock.now()],
      )
      return { workspaceId, key: await key(workspaceId, granted, unitKey) }
    },
    async close() {
      await app.close()
      await database.close()
    },
  }
}

/** Asks with a key, as JSON; the answer must have the shape its route documents. */
export async function ask(
  server: TestServer,
  key: string | undefined,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  requireDocumented(server.app, method, url, answer)
  return answer
}

function requireDocumented(
  app: FastifyInstance,
  method: string,
  url: string,
  answer: LightMyRequestResponse,
) {
  if (!String(answer.headers['content-type']).startsWith('application/json')) return
  const found = app.findRoute({ method: method as 'GET', url: url.split('?')[0]! }) as unknown as {
    store?: { schema?: { response?: Record<string, object> } }
  } | null
  const schema = found?.store?.schema?.response?.[answer.statusCode]
  if (!schema) return
  const check = Compile(schema)
  const value: unknown = answer.json()
  if (!check.Check(value)) {
    throw new Error(
      `${method} ${url} answers otherwise than documented: ${JSON.stringify(check.Errors(value))}`,
    )
  }
}
