import { once } from 'node:events'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { newId } from '../../src/base/ids.ts'
import { createSignInLink } from '../../src/people/links.ts'
import { appendOutbox } from '../../src/storage/outbox.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { startPostgres } from '../postgres.ts'
import { delivered } from '../program.ts'
import { startTestServer, type TestServer } from '../server.ts'

/** The one test that listens on a port: a browser's way in, live news, and an orderly stop, on PostgreSQL 18. */
describe('a server that listens', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>
  let server: TestServer
  let address: string
  let shops: Awaited<ReturnType<TestServer['workspace']>>
  const lines: string[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    server = await startTestServer({ log, database: openPostgres(postgres.url, systemClock) })
    shops = await server.workspace('Shops')
    address = await server.app.listen({ port: 0, host: '127.0.0.1' })
  }, 120_000)
  afterAll(async () => {
    await server.close()
    await postgres.stop()
  })

  async function signIn(): Promise<{ cookie: string; token: string }> {
    const link = await createSignInLink(server.parts)
    const token = new URL(link.url).searchParams.get('link')!
    const answer = await fetch(`${address}/auth/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address },
      body: JSON.stringify({ token }),
    })
    expect(answer.status).toBe(200)
    const [set] = answer.headers.getSetCookie()
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    return { cookie: set!.split(';')[0]!, token }
  }

  it('lets a browser in and tells it within a second that there are new facts', async () => {
    const { cookie } = await signIn()
    const stranger = await fetch(`${address}/v1/live`)
    expect(stranger.status).toBe(401)
    const live = await fetch(`${address}/v1/live?workspace=${shops.slug}`, { headers: { cookie } })
    expect([live.status, live.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe('retry: 2000\n\n')
    const at = new Date('2026-03-02T10:00:00Z')
    await server.parts.database.script(
      `insert into samklang.fact_projections (workspace_id, schema_hash, projected_at) values ($1, 'x', $2)`,
      [shops.workspaceId, at],
    )
    const since = performance.now()
    const news = (await reader.read()).value
    expect(performance.now() - since).toBeLessThan(1_000)
    expect(news).toBe(
      `event: changed\ndata: {"at":"${at.toISOString()}","watermark":"${at.toISOString()}"}\n\n`,
    )
    // A case is told of before its facts are there.
    await server.parts.database.inWorkspace(shops.workspaceId, (tx) =>
      appendOutbox(tx, 'case', [newId(systemClock)]),
    )
    const opened = performance.now()
    expect((await reader.read()).value).toMatch(/^event: cases\ndata: \{"at":"[^"]+"\}\n\n$/)
    expect(performance.now() - opened).toBeLessThan(1_000)
    await reader.cancel()
  })

  it('writes no token, key, address or name to its log', async () => {
    const { cookie, token } = await signIn()
    const survey = 'AAAAAAAAAAAAAAAAAAAAAA'
    const headers = { authorization: `Bearer ${shops.key}`, 'content-type': 'application/json' }
    await fetch(`${address}/s/${survey}?q=satisfaction&a=1`)
    await fetch(`${address}/sign-in?link=${token}`)
    await fetch(`${address}/v1/me`, { headers: { cookie } })
    await fetch(`${address}/v1/customers?search=Karin`, { headers })
    const body = JSON.stringify(delivered('log', 'malmo'))
    await fetch(`${address}/v1/events`, { method: 'POST', headers, body })
    expect(lines.filter((line) => line.includes('"route":"/s/:token"'))).toHaveLength(1)
    const written = lines.join('')
    for (const secret of [survey, token, shops.key, cookie, 'Karin', 'example.se', 'Customer log']) {
      expect(written).not.toContain(secret)
    }
  })

  it('finishes what is under way when it stops, and ends live news', async () => {
    const { cookie } = await signIn()
    const live = await fetch(`${address}/v1/live`, { headers: { cookie } })
    const arrived = once(server.app.server, 'request')
    const events = Array.from({ length: 500 }, (_, index) => delivered(`stop-${index}`, 'malmo'))
    const answer = fetch(`${address}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shops.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    })
    await arrived
    const closed = server.app.close()
    expect(await (await answer).json()).toMatchObject({ recorded: 500 })
    await live.text()
    await closed
    await expect(fetch(`${address}/healthz`)).rejects.toThrow()
  })
})
