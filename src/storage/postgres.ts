// For: the truth. One interface over PostgreSQL (pg) and PGlite, with the same SQL for both.
// In: a database address or a data folder; the injected clock.
// Out: transactions in one workspace (row-level security on), or as owner across all of them.
import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { Clock } from '../base/clock.ts'

export type Row = Record<string, unknown>

/** A transaction. What it changes is seen by others only when the work that received it has returned. */
export interface Tx {
  readonly workspaceId: string | undefined
  /** One statement with $1, $2 … parameters. bigint and numeric come back as number, timestamptz as Date. */
  query<R extends Row = Row>(text: string, values?: unknown[]): Promise<R[]>
  /** Runs when the transaction has been committed, and never when it was rolled back. */
  afterCommit(work: () => void): void
}

export interface Database {
  readonly engine: 'postgres' | 'pglite'
  /** As the application's own role: sees and writes rows of this workspace alone. */
  inWorkspace<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** As the application's role with no workspace set: sees nothing. Only for the test of exactly that. */
  inNoWorkspace<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** As owner, across workspaces: migrations, sign-in, finding the workspaces there are. */
  asOwner<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Statements as owner outside of a transaction of ours; without values there may be several. */
  script(text: string, values?: unknown[]): Promise<Row[]>
  /** The same database with another clock, for virtual time; it shares the connections. */
  withClock(clock: Clock): Database
  close(): Promise<void>
}

type Query = (text: string, values?: unknown[]) => Promise<Row[]>

interface Connection {
  engine: 'postgres' | 'pglite'
  /** Runs `work` on one connection between BEGIN (followed by `opening`) and COMMIT or ROLLBACK. */
  transaction<T>(opening: string, work: (query: Query) => Promise<T>): Promise<T>
  script(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** Row-level security binds it. */
const applicationRole = 'samklang_app'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function database(connection: Connection, clock: Clock): Database {
  async function run<T>(
    settings: Record<string, string>,
    workspaceId: string | undefined,
    work: (tx: Tx) => Promise<T>,
  ) {
    const committed: Array<() => void> = []
    // pg-boss reads the time through one SQL function that honours this setting (see jobs.ts). All settings are made
    // by one statement, from left to right: each statement costs, and every transaction begins with this one.
    const opened = { search_path: 'samklang', 'samklang.now': clock.now().toISOString(), ...settings }
    const set = Object.entries(opened).map(([name, value]) => `set_config('${name}', '${value}', true)`)
    const result = await connection.transaction(`select ${set.join(', ')}`, (query) =>
      work({
        workspaceId,
        query: query as Tx['query'],
        afterCommit: (callback) => void committed.push(callback),
      }),
    )
    for (const callback of committed) callback()
    return result
  }
  return {
    engine: connection.engine,
    inWorkspace(workspaceId, work) {
      if (!uuidPattern.test(workspaceId)) return Promise.reject(new Error('a workspace id is a UUID'))
      return run({ 'samklang.workspace': workspaceId, role: applicationRole }, workspaceId, work)
    },
    inNoWorkspace: (work) => run({ role: applicationRole }, undefined, work),
    asOwner: (work) => run({}, undefined, work),
    script: (text, values) => connection.script(text, values),
    withClock: (other) => database(connection, other),
    close: () => connection.close(),
  }
}

const types = { int8: 20, numeric: 1700, timestamptz: 1184 } as const

/** PostgreSQL 15 or later. The login role owns the schema and may create the role samklang_app, or it exists. */
export function openPostgres(url: string, clock: Clock, connections = 10): Database {
  const parse = (oid: number, format: 'text' | 'binary' = 'text') =>
    oid === types.int8 || oid === types.numeric ? Number : pg.types.getTypeParser(oid, format as 'text')
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: { getTypeParser: parse as typeof pg.types.getTypeParser },
  })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return database(
    {
      engine: 'postgres',
      async transaction(opening, work) {
        const client = await pool.connect()
        try {
          await client.query(`begin; ${opening}`)
          const result = await work(async (text, values) => (await client.query(text, values)).rows)
          await client.query('commit')
          client.release()
          return result
        } catch (error) {
          // When even the rollback fails the connection is of no more use, and the pool drops it.
          await client.query('rollback').then(
            () => client.release(),
            (broken: Error) => client.release(broken),
          )
          throw error
        }
      },
      async script(text, values) {
        const result: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values)
        return Array.isArray(result) ? result.flatMap((each) => each.rows ?? []) : result.rows
      },
      close: () => pool.end(),
    },
    clock,
  )
}

/** PGlite in a folder, or in memory when no folder is given (tests). */
export async function openPglite(folder: string | undefined, clock: Clock): Promise<Database> {
  if (folder) mkdirSync(folder, { recursive: true })
  const lite = await PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    parsers: { [types.int8]: Number, [types.numeric]: Number },
  })
  let transactions = 0
  const tend = tending(lite)
  return database(
    {
      engine: 'pglite',
      async transaction(opening, work) {
        // PGlite answers in microtasks; without a pause now and then, timers and sockets would starve.
        if (++transactions % 8 === 0) await new Promise((resolve) => setImmediate(resolve))
        await tend()
        return lite.transaction(async (tx) => {
          await tx.exec(opening)
          return work(async (text, values) => (await tx.query<Row>(text, values)).rows)
        })
      },
      async script(text, values) {
        if (values?.length) return (await lite.query<Row>(text, values)).rows
        try {
          return (await lite.exec(text)).flatMap((each) => each.rows as Row[])
        } catch (error) {
          // A script that failed between its own BEGIN and COMMIT would leave the one connection unusable.
          await lite.exec('rollback')
          throw error
        }
      },
      close: () => lite.close(),
    },
    clock,
  )
}

/** PGlite has no autovacuum: left alone, the planner never learns how large tables have grown, and finished jobs stay
 * in the way of waiting ones. So tables are tended here, often at first and then every few thousand transactions, one
 * at a time with a pause between, since PGlite does not yield.
 */
function tending(lite: PGlite): () => Promise<void> {
  let since = 0
  let after = 200
  return async () => {
    if (++since < after) return
    since = 0
    after = Math.min(2 * after, 5000)
    const tables = await lite.query<{ name: string }>(
      `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables`,
    )
    for (const { name } of tables.rows) {
      await lite.exec(`vacuum (analyze) ${name}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
