import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { scopes } from '../src/base/principal.ts'
import { createApiKey } from '../src/people/apiKeys.ts'
import { createWorkspace } from '../src/people/workspaces.ts'
import { openPrograms } from '../src/program/store.ts'
import { type Database, openPostgres } from '../src/storage/postgres.ts'
import { startColumnsServer } from './columnsServer.ts'
import { startPostgres } from './postgres.ts'
import { delivered, shopFiles } from './program.ts'

const orders = 300
const main = resolve(import.meta.dirname, '../src/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'samklang-processes-'))
const running = new Set<ChildProcess>()
let postgres: Awaited<ReturnType<typeof startPostgres>>
let columns: Awaited<ReturnType<typeof startColumnsServer>>
let database: Database

beforeAll(async () => {
  postgres = await startPostgres()
  columns = await startColumnsServer(join(folder, 'columns'))
  database = openPostgres(postgres.url, systemClock)
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await database.close()
  await columns.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Running {
  child: ChildProcess
  address: string
}

/** A process of its own with a data folder of its own, on the stores that all share. */
async function start(
  name: string,
  roles: 'web' | 'worker',
  own: Record<string, string> = {},
): Promise<Running> {
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    CLICKHOUSE_URL: columns.url,
    SAMKLANG_ROLES: roles,
    SAMKLANG_DATA: join(folder, name),
    SAMKLANG_PORT: '0',
    SAMKLANG_SECRET: 'one secret that all of the processes share',
    SAMKLANG_LOG_LEVEL: 'error',
    ...own,
  }
  const child = spawn(process.execPath, [main, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let printed = ''
  const address = await new Promise<string>((found, failed) => {
    const read = (text: Buffer) => {
      printed += text.toString()
      const [, ready] = /ready at (\S+)[\s\S]*link=/.exec(printed) ?? []
      if (ready) found(ready)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => failed(new Error(`${name} ended with ${code}:\n${printed}`)))
  })
  return { child, address }
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined
  const come = async () => {
    found = await look()
    return found !== undefined
  }
  await expect.poll(come, { timeout: 60_000, message: what }).toBe(true)
  return found as T
}

it('a process that would keep facts of its own beside others is refused, and so are others beside it', async () => {
  const refused = (text: RegExp) => ({ message: expect.stringMatching(text) })
  const shared = await start('shared', 'web')
  await expect(start('apart', 'web', { CLICKHOUSE_URL: '' })).rejects.toMatchObject(
    refused(/ended with 1:[\s\S]*a chDB of its own[\s\S]*Set the same CLICKHOUSE_URL for all/),
  )
  shared.child.kill('SIGKILL')
  // However the other ended, the way is free at once.
  const apart = await start('apart', 'web', { CLICKHOUSE_URL: '' })
  for (const name of ['apart too', 'shared'])
    await expect(start(name, 'web', name === 'shared' ? {} : { CLICKHOUSE_URL: '' })).rejects.toMatchObject(
      refused(/Another Samklang works on this PostgreSQL[\s\S]*Set the same CLICKHOUSE_URL/),
    )
  apart.child.kill('SIGTERM')
  await once(apart.child, 'exit')
}, 120_000)

it('two webs and two workers on one PostgreSQL lose nothing and send no mail twice when half of them are killed', {
  timeout: 240_000,
}, async () => {
  // All at once on an empty database, each of them about to migrate it.
  const [web1, web2, worker1, worker2] = await Promise.all([
    start('web1', 'web'),
    start('web2', 'web'),
    start('worker1', 'worker'),
    start('worker2', 'worker'),
  ])
  const { id: workspaceId } = await createWorkspace({ database, clock: systemClock }, 'Shops')
  await openPrograms(database, systemClock).push(workspaceId, shopFiles)
  const { key } = await database.inWorkspace(workspaceId, (tx) =>
    createApiKey(tx, systemClock, { name: 'test', scopes }),
  )
  const count = async (sql: string) =>
    (await database.inWorkspace(workspaceId, (tx) => tx.query<{ n: number }>(sql)))[0]!.n
  const webs = [web1.address, web2.address]
  /** To one web, and to the next when that one is gone, as behind a load balancer; the request itself stays the same. */
  const send = async (turn: number, path: string, init: RequestInit): Promise<Response> => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const answer = await fetch(`${webs[(turn + attempt) % webs.length]}${path}`, {
        redirect: 'manual',
        ...init,
      }).catch(() => undefined)
      if (answer && answer.status < 500) return answer
    }
    throw new Error(`nobody answered ${path}`)
  }

  // Events; one web and one worker die on the way, and the worker takes with it what it had begun.
  const batches = Array.from({ length: orders / 10 }, (_, batch) =>
    Array.from({ length: 10 }, (_, index) => ({
      ...delivered(String(batch * 10 + index), 'malmo'),
      time: new Date().toISOString(),
    })),
  )
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const receive = async (batch: object[], turn: number) => {
    const answer = await send(turn, '/v1/events', { method: 'POST', headers, body: JSON.stringify(batch) })
    expect([turn, answer.status]).toEqual([turn, 200])
    expect(((await answer.json()) as { refused: number }).refused).toBe(0)
  }
  const half = batches.length / 2
  await Promise.all(batches.slice(0, half).map(receive))
  const rest = Promise.all(batches.slice(half).map((batch, index) => receive(batch, half + index)))
  await until('a first mail', async () =>
    (await count('select count(*) as n from mailbox')) > 0 ? true : undefined,
  )
  worker2.child.kill('SIGKILL')
  web2.child.kill('SIGKILL')
  await rest
  expect(await count('select count(*) as n from events')).toBe(orders)

  // What the dead worker had begun is given back after minutes; here these pass at once.
  await letMinutesPass(workspaceId)
  await until('every mail', async () =>
    (await count(`select count(*) as n from messages where state = 'sent'`)) === orders ? true : undefined,
  )

  // Answers, half to a web that is killed on the way and has another in its place.
  webs[1] = (await start('web3', 'web')).address
  const invitations = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ token: string }>('select token from invitations order by token'),
  )
  expect(invitations).toHaveLength(orders)
  const answer = async (token: string, turn: number) => {
    const body = new URLSearchParams({
      asked: 'satisfaction why parcel',
      'q.satisfaction': String(1 + (turn % 5)),
    })
    const done = await send(turn, `/s/${token}`, { method: 'POST', body })
    // Said to have been answered already when the web that took it died before it could say so.
    expect([200, 303]).toContain(done.status)
  }
  const answering = Promise.all(invitations.map(({ token }, turn) => answer(token, turn)))
  await until('a first answer', async () =>
    (await count('select count(*) as n from responses')) > 0 ? true : undefined,
  )
  web1.child.kill('SIGKILL')
  await answering

  const asked = await until('facts of all answers', async () => {
    const body = JSON.stringify({ metric: 'csat', by: ['unit'] })
    const told = await send(1, '/v1/ask', { method: 'POST', headers, body })
    const result = (await told.json()) as { total: { n: number; value: number; mean: number } }
    return result.total.n === orders ? result : undefined
  })
  // Of the scores 1 to 5, as many of each: two fifths are satisfied, the mean is 3.
  expect(asked.total.value).toBeCloseTo(40, 9)
  expect(asked.total.mean).toBeCloseTo(3, 9)
  await until('a case for every unhappy answer', async () =>
    (await count('select count(*) as n from cases')) === (orders * 2) / 5 ? true : undefined,
  )
  expect(await count(`select count(*) as n from mailbox where recipient like 'c%'`)).toBe(orders)
  expect(await count(`select count(distinct recipient) as n from mailbox where recipient like 'c%'`)).toBe(
    orders,
  )
  expect(await count('select count(*) - count(distinct message_id) as n from mailbox')).toBe(0)
  expect(await count(`select count(*) as n from responses where state = 'completed'`)).toBe(orders)
  worker1.child.kill('SIGTERM')
})

/** Moves what was begun fifteen minutes back, and lets the job store do the round it does every minute. */
async function letMinutesPass(workspaceId: string) {
  await database.script(
    `update pgboss.job set started_on = started_on - interval '15 minutes' where state = 'active'`,
  )
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(`update messages set claimed_at = claimed_at - interval '15 minutes' where state = 'sending'`),
  )
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(`update fact_projections set lease_until = lease_until - interval '15 minutes'`),
  )
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await database.script(text, values) }) },
    backend: 'postgres',
    schema: 'pgboss',
    schedule: false,
    supervise: false,
  })
  await boss.start()
  await boss.supervise('live')
  await boss.stop({ close: false })
}
