import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Compile } from 'typebox/compile'
import { systemClock } from '../src/base/clock.ts'
import { createLog, type Log } from '../src/base/log.ts'
import { type Scope, scopes } from '../src/base/principal.ts'
import type { RouteParts } from '../src/http/routes.ts'
import { createServer } from '../src/http/server.ts'
import { createApiKey } from '../src/people/apiKeys.ts'
import { createSignInLink } from '../src/people/links.ts'
import { createWorkspace } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import type { Columns } from '../src/storage/columns.ts'
import { type Lane, openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import type { Database } from '../src/storage/postgres.ts'
import { openStore } from './cluster.ts'
import { shopFiles } from './program.ts'

export const testUrl = 'http://localhost:4000'
/** What a browser sends from a page of this server. */
export const fromOwnPage = { host: 'localhost:4000', origin: testUrl }

export interface TestServer {
  app: FastifyInstance
  parts: RouteParts
  lane: Lane
  /** A new workspace with the program of shops; gives its id and a key with every scope. */
  workspace(name: string): Promise<{ workspaceId: string; slug: string; key: string }>
  key(workspaceId: string, granted?: readonly Scope[], unitKey?: string): Promise<string>
  /** Headers of a person who has signed in; the first one is the owner. */
  signIn(email?: string): Promise<Record<string, string>>
  close(): Promise<void>
}

/** The real server with the real job store, on a real PGlite unless another database is given. */
export async function startTestServer(
  own: { portalFolder?: string; publicUrl?: string; log?: Log; database?: Database; columns?: Columns } = {},
): Promise<TestServer> {
  const { portalFolder = 'no-portal', publicUrl = testUrl, log = createLog('error', false) } = own
  const clock = systemClock
  const database = own.database ?? (await openStore(undefined, clock))
  await migrate(database)
  const jobs = await openJobs(database, log)
  const lane = await jobs.lane('live', clock, true)
  const programs = openPrograms(database, clock)
  const columns = own.columns ? { columns: own.columns } : {}
  const parts = { database, clock, announce: lane.announce, programs, log, publicUrl, ...columns }
  const app = await createServer(parts, {
    publicUrl,
    secret: 'a secret of at least 32 characters',
    trustProxy: false,
    portalFolder,
  })
  async function key(workspaceId: string, granted: readonly Scope[] = scopes, unitKey?: string) {
    const made = await database.inWorkspace(workspaceId, (tx) =>
      createApiKey(tx, clock, { name: 'test', scopes: granted, ...(unitKey ? { unitKey } : {}) }),
    )
    return made.key
  }
  return {
    app,
    parts,
    lane,
    key,
    async workspace(name) {
      const { id, slug } = await createWorkspace(parts, name)
      await programs.push(id, shopFiles)
      return { workspaceId: id, slug, key: await key(id) }
    },
    async signIn(email) {
      const link = await createSignInLink(parts, email === undefined ? {} : { email })
      const token = new URL(link.url).searchParams.get('link')
      // Each from an address of their own: sign-in counts tries by address.
      visitors = (visitors + 1) % 250
      const remoteAddress = `10.0.0.${visitors}`
      const request = { method: 'POST', url: '/auth/link', payload: { token }, headers: fromOwnPage } as const
      const answer = await app.inject({ ...request, remoteAddress })
      if (answer.statusCode !== 200) throw new Error(`sign-in answered ${answer.body}`)
      return { ...fromOwnPage, cookie: cookieOf(answer) }
    },
    async close() {
      await app.close()
      await jobs.close()
      await database.close()
    },
  }
}
let visitors = 0

/** The Cookie header a browser would send after this answer. */
export const cookieOf = (answer: LightMyRequestResponse) =>
  answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Asks with an API key, or with the headers of a person; the answer must have the shape its route documents. */
export async function ask(
  server: TestServer,
  who: string | Record<string, string> | undefined,
  method: Method,
  url: string,
  body?: unknown,
): Promise<LightMyRequestResponse> {
  const headers = typeof who === 'string' ? { authorization: `Bearer ${who}` } : (who ?? {})
  const payload = body === undefined ? {} : { payload: body as object }
  const answer = await server.app.inject({ method, url, headers, ...payload })
  requireDocumented(server.app, method, url, answer)
  return answer
}

interface Documented {
  responses?: Record<string, { content?: Record<string, { schema?: object }> }>
}

function requireDocumented(
  app: FastifyInstance,
  method: Method,
  url: string,
  answer: LightMyRequestResponse,
) {
  if (answer.statusCode >= 400) return
  const path = url.split('?')[0]!
  const document = app.swagger() as { paths: Record<string, Record<string, Documented>> }
  const operations = Object.entries(document.paths)
    .filter(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')))
  const operation = operations[0]?.[1][method.toLowerCase()]
  const schema = operation?.responses?.[answer.statusCode]?.content?.['application/json']?.schema
  if (!schema) throw new Error(`${method} ${path} documents no answer ${answer.statusCode}`)
  const check = Compile(schema)
  const value: unknown = answer.json()
  if (check.Check(value)) return
  const [first] = check.Errors(value)
  throw new Error(`${method} ${url} answers otherwise than documented: ${JSON.stringify(first)}`)
}
