// For: one column store for all processes on one PostgreSQL. chDB belongs to one process, and others would ask it in vain.
// In: the address of PostgreSQL; whether this process keeps the facts in a chDB of its own.
// Out: a lock there while the process lives: with chDB alone, with ClickHouse together with others; or none to be had.
import pg from 'pg'
import type { Log } from '../base/log.ts'

export interface ColumnsLock {
  close(): Promise<void>
}

/** One of PostgreSQL's advisory locks; migrate.ts has two others. */
const number = 5_281_606
const againAfter = 5000

/** A connection of its own holds it, so that it goes with the process however that ends. Where the connection breaks it is
 * taken anew; whoever came between is told of in the log.
 * @returns undefined when another process is in the way
 */
export async function lockColumns(
  url: string,
  log: Log,
  own: 'chdb' | 'clickhouse',
): Promise<ColumnsLock | undefined> {
  const take = `select pg_try_advisory_lock${own === 'chdb' ? '' : '_shared'}($1) as taken`
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function lock(): Promise<boolean> {
    const next = new pg.Client({ connectionString: url, keepAlive: true })
    // Told once, however it breaks.
    next.once('error', () => lost(next))
    next.once('end', () => lost(next))
    next.on('error', () => {})
    try {
      await next.connect()
      const { rows } = await next.query<{ taken: boolean }>(take, [number])
      if (rows[0]?.taken && !closed) {
        client = next
        return true
      }
    } catch (error) {
      await next.end().catch(() => {})
      throw error
    }
    await next.end()
    return false
  }

  function lost(gone: pg.Client) {
    if (gone !== client || closed) return
    client = undefined
    gone.end().catch(() => {})
    again()
  }

  /** PostgreSQL was away, as when it is started anew. */
  function again() {
    timer = setTimeout(async () => {
      try {
        if (await lock()) return
        if (!closed) log.error(`since PostgreSQL was away: ${inTheWay(own)}`)
      } catch {
        // Still away; whatever needs it says so.
      }
      if (!closed) again()
    }, againAfter)
    timer.unref()
  }

  if (!(await lock())) return undefined
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}

/** What is the matter, and what to set. */
export const inTheWay = (own: 'chdb' | 'clickhouse'): string =>
  own === 'chdb'
    ? 'Another Samklang works on this PostgreSQL (DATABASE_URL), and this one would keep the facts in a chDB of its own, which no other process can read. Set the same CLICKHOUSE_URL for all of them, or stop the other.'
    : 'Another Samklang works on this PostgreSQL (DATABASE_URL) and keeps the facts in a chDB of its own, which no other process can read. Set the same CLICKHOUSE_URL for that one as well, or stop it.'
