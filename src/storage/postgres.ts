// For: the truth. One interface over PostgreSQL (pg) and PGlite, with the same SQL for both.
// In: a database address or a data folder; the injected clock.
// Out: transactions in one workspace (row-level security on), or as owner across all of them.
import { mkdirSync } from 'node:fs'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import pg from 'pg'
import type { Clock } from '../base/clock.ts'

export type Row = Record<string, unknown>

/** A statement that runs all the time: each connection plans it once and knows it by its name from then on. Its values
 * are text or null; its own text says of which type each is ($1::uuid). */
export interface Prepared {
  readonly name: string
  readonly text: string
}

export type Statement = string | Prepared

/** A transaction. What it changes is seen by others only when the work that received it has returned. */
export interface Tx {
  readonly workspaceId: string | undefined
  /** One statement with $1, $2 … parameters. bigint and numeric come back as number, timestamptz as Date. */
  query<R extends Row = Row>(statement: Statement, values?: unknown[]): Promise<R[]>
  /** Runs when the transaction has been committed, and never when it was rolled back. */
  afterCommit(work: () => void): void
}

export interface Database {
  readonly engine: 'postgres' | 'pglite'
  /** As the application's own role: sees and writes rows of this workspace alone. */
  inWorkspace<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same for statements that need nothing of each other: they go to the store in one trip, with the beginning and
   * the end of their transaction. `work` asks for all of them before it waits for the first. */
  inWorkspaceAtOnce<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** As the application's role with no workspace set: sees nothing. Only for the test of exactly that. */
  inNoWorkspace<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** As owner, across workspaces: migrations, sign-in, finding the workspaces there are. */
  asOwner<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Statements as owner outside of a transaction of ours; without values there may be several. */
  script(statement: Statement, values?: unknown[]): Promise<Row[]>
  /** The same database with another clock, for virtual time; it shares the connections. */
  withClock(clock: Clock): Database
  close(): Promise<void>
}

type Query = (statement: Statement, values?: unknown[]) => Promise<Row[]>

interface Asked {
  statement: Prepared
  values: unknown[]
}

interface Connection {
  engine: 'postgres' | 'pglite'
  /** Runs `work` on one connection between BEGIN (followed by `opening`) and COMMIT or ROLLBACK. */
  transaction<T>(opening: string, work: (query: Query) => Promise<T>): Promise<T>
  /** The rows of each statement, all of them run in one transaction that is over when they come. */
  atOnce(opening: string, asked: readonly Asked[]): Promise<Row[][]>
  script(statement: string, values?: unknown[]): Promise<Row[]>
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
    transact = connection.transaction,
  ) {
    const committed: Array<() => void> = []
    // pg-boss reads the time through one SQL function that honours this setting (see jobs.ts).
    const opened = { search_path: 'samklang', 'samklang.now': clock.now().toISOString(), ...settings }
    const set = Object.entries(opened).map(([name, value]) => `set local ${name} = '${value}'`)
    const result = await transact(set.join('; '), (query) =>
      work({
        workspaceId,
        query: query as Tx['query'],
        afterCommit: (callback) => void committed.push(callback),
      }),
    )
    for (const callback of committed) callback()
    return result
  }
  function inWorkspace<T>(workspaceId: string, work: (tx: Tx) => Promise<T>, transact?: typeof atOnce) {
    if (!uuidPattern.test(workspaceId)) return Promise.reject(new Error('a workspace id is a UUID'))
    return run({ 'samklang.workspace': workspaceId, role: applicationRole }, workspaceId, work, transact)
  }
  const atOnce: Connection['transaction'] = (opening, work) => gathered(connection, opening, work)
  return {
    engine: connection.engine,
    inWorkspace: (workspaceId, work) => inWorkspace(workspaceId, work),
    inWorkspaceAtOnce: (workspaceId, work) => inWorkspace(workspaceId, work, atOnce),
    inNoWorkspace: (work) => run({ role: applicationRole }, undefined, work),
    asOwner: (work) => run({}, undefined, work),
    async script(statement, values) {
      if (typeof statement === 'string') return connection.script(statement, values)
      const [rows] = await connection.atOnce('', [{ statement, values: values ?? [] }])
      return rows!
    },
    withClock: (other) => database(connection, other),
    close: () => connection.close(),
  }
}

/** A transaction whose statements are gathered until `work` waits for them, and then sent together. */
async function gathered<T>(
  connection: Connection,
  opening: string,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const asked: Array<Asked & { resolve: (rows: Row[]) => void; reject: (error: unknown) => void }> = []
  let sent = false
  let failed: { error: unknown } | undefined
  const result = work(async (statement, values = []) => {
    if (sent) throw new Error('the transaction has ended')
    if (typeof statement === 'string') throw new Error('only prepared statements go together')
    return new Promise((resolve, reject) => asked.push({ statement, values, resolve, reject }))
  })
  result.catch((error) => {
    failed = { error }
  })
  // Behind everything that `work` can do without the store.
  await undefined
  await new Promise<void>((resolve) => process.nextTick(resolve))
  sent = true
  if (failed) throw failed.error
  if (asked.length === 0) return result
  try {
    const rows = await connection.atOnce(opening, asked)
    asked.forEach(({ resolve }, index) => {
      resolve(rows[index]!)
    })
  } catch (error) {
    for (const { reject } of asked) reject(error)
  }
  return result
}

const types = { int8: 20, numeric: 1700, timestamptz: 1184 } as const

/** PostgreSQL 15 or later. The login role owns the schema and may create the role samklang_app, or it exists. */
export function openPostgres(url: string, clock: Clock, connections = 10): Database {
  const parse = (oid: number, format: 'text' | 'binary' = 'text') =>
    oid === types.int8 || oid === types.numeric ? Number : pg.types.getTypeParser(oid, format as 'text')
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // Statements are sent without waiting for the answer to the one before; the server still does one after the other.
    pipeline: true,
    types: { getTypeParser: parse as typeof pg.types.getTypeParser },
  })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  const known = new WeakMap<pg.PoolClient, Set<string>>()
  const knownOf = (client: pg.PoolClient) => {
    const names = known.get(client) ?? new Set()
    known.set(client, names)
    return names
  }
  const sendable = (statement: Statement, values?: unknown[]) => ({
    ...(typeof statement === 'string' ? { text: statement } : statement),
    ...(values ? { values } : {}),
  })
  return database(
    {
      engine: 'postgres',
      async transaction(opening, work) {
        const client = await pool.connect()
        let ended = false
        try {
          // Goes out together with the first statement. When it fails the server refuses all that follow, and it is
          // its failure that is told.
          const begun = client.query(`begin; ${opening}`)
          begun.catch(() => {})
          const result = await work(async (statement, values) => {
            // A statement that comes late must not run outside of its transaction.
            if (ended) throw new Error('the transaction has ended')
            const [, { rows }] = await Promise.all([begun, client.query(sendable(statement, values))])
            return rows
          })
          await begun
          ended = true
          await client.query('commit')
          client.release()
          return result
        } catch (error) {
          ended = true
          // When even the rollback fails the connection is of no more use, and the pool drops it.
          await client.query('rollback').then(
            () => client.release(),
            (broken: Error) => client.release(broken),
          )
          throw error
        }
      },
      async atOnce(opening, asked) {
        const client = await pool.connect()
        const known = knownOf(client)
        try {
          for (const { statement } of asked) {
            if (known.has(statement.name)) continue
            await client.query(preparing(statement))
            known.add(statement.name)
          }
          // A text of several statements comes back as a list of results, which the types do not tell.
          const results: unknown = await client.query(together(opening, asked))
          client.release()
          return (results as pg.QueryResult[]).slice(-asked.length).map((each) => each.rows)
        } catch (error) {
          // Whatever failed has ended its transaction with it; only a connection that is gone answers nothing here.
          await client.query('rollback').then(
            () => client.release(),
            (broken: Error) => client.release(broken),
          )
          throw error
        }
      },
      async script(statement, values) {
        const result: pg.QueryResult | pg.QueryResult[] = await pool.query(sendable(statement, values))
        return Array.isArray(result) ? result.flatMap((each) => each.rows ?? []) : result.rows
      },
      close: () => pool.end(),
    },
    clock,
  )
}

/** PostgreSQL's own page cache, which PGlite takes whole when it opens; what does not fit is read from the system's. */
const liteBuffers = '32MB'
/** A log that is written in large pieces, and not twice: what fills it with zeros beforehand is for disks that are to be
 * waited for. */
const liteLog = { wal_buffers: '8MB', wal_init_zero: 'off' }

/** PGlite in a folder, or in memory when no folder is given (tests).
 * @param copied a cluster as PGlite dumps it, which an empty place begins with: making one takes seconds
 */
export async function openPglite(folder: string | undefined, clock: Clock, copied?: Blob): Promise<Database> {
  if (folder) mkdirSync(folder, { recursive: true })
  const settings = Object.entries({ shared_buffers: liteBuffers, ...liteLog })
  const lite = await PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    ...(copied ? { loadDataDir: copied } : {}),
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((each) => ['-c', each.join('=')])],
    parsers: { [types.int8]: Number, [types.numeric]: Number },
  })
  let transactions = 0
  const tend = tending(lite)
  async function begin() {
    // PGlite answers in microtasks; without a pause now and then, timers and sockets would starve.
    if (++transactions % 8 === 0) await new Promise((resolve) => setImmediate(resolve))
    await tend()
  }
  const known = new Set<string>()
  async function prepare(on: Pick<Transaction, 'exec'>, statement: Prepared) {
    if (known.has(statement.name)) return
    await on.exec(preparing(statement)).catch((error: { code?: string }) => {
      // While this waited for its turn, another may have prepared the same; within a transaction there is no waiting.
      if (on !== lite || error.code !== duplicatePrepared) throw error
    })
    known.add(statement.name)
  }
  async function run(on: Pick<Transaction, 'exec' | 'query'>, statement: Statement, values?: unknown[]) {
    if (typeof statement === 'string') return (await on.query<Row>(statement, values)).rows
    await prepare(on, statement)
    const [result] = await on.exec(executing({ statement, values: values ?? [] }))
    return (result?.rows ?? []) as Row[]
  }
  return database(
    {
      engine: 'pglite',
      async transaction(opening, work) {
        await begin()
        return lite.transaction(async (tx) => {
          await tx.exec(opening)
          return work((statement, values) => run(tx, statement, values))
        })
      },
      async atOnce(opening, asked) {
        await begin()
        for (const { statement } of asked) await prepare(lite, statement)
        const results = await lite.exec(together(opening, asked))
        return results.slice(-asked.length).map((each) => each.rows as Row[])
      },
      async script(statement, values) {
        if (values?.length) return (await lite.query<Row>(statement, values)).rows
        try {
          return (await lite.exec(statement)).flatMap((each) => each.rows as Row[])
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

const duplicatePrepared = '42P05'

const preparing = ({ name, text }: Prepared) => `prepare "${name} at once" as ${text}`
const executing = ({ statement: { name }, values }: Asked) =>
  `execute "${name} at once"${values.length ? `(${values.map(literal).join(', ')})` : ''}`

/** Prepared statements as one text, which the store takes for one transaction without being told: it begins with the
 * first statement and ends with the last, or with the first that fails. Each has one plan for all its values, so that
 * it is not planned again each time. */
const together = (opening: string, asked: readonly Asked[]) =>
  [
    ...(opening ? [opening] : []),
    'set local plan_cache_mode = force_generic_plan',
    ...asked.map(executing),
  ].join(';\n')

/** A value written out; the parameter it stands for gives it its type. */
function literal(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string' && !value.includes('\0')) return pg.escapeLiteral(value)
  throw new Error('a prepared statement takes text')
}

/** PGlite has no autovacuum: left alone, the planner never learns how large tables have grown, and finished jobs stay
 * in the way of waiting ones. So tables are tended here, often at first and then every few thousand transactions, one
 * at a time with a pause between, since PGlite does not yield; and only those that autovacuum would take, by its own
 * thresholds, since reading a large table that has not changed takes a second.
 */
function tending(lite: PGlite): () => Promise<void> {
  let since = 0
  let after = 200
  return async () => {
    if (++since < after) return
    since = 0
    after = Math.min(2 * after, 5000)
    const tables = await lite.query<{ name: string; littered: boolean; unknown: boolean }>(
      `select * from (
         select format('%I.%I', schemaname, relname) as name,
           n_dead_tup > 50 + 0.2 * n_live_tup or n_ins_since_vacuum > 1000 + 0.2 * n_live_tup as littered,
           n_mod_since_analyze > 50 + 0.1 * n_live_tup as unknown
         from pg_stat_user_tables) as changed
       where littered or unknown`,
    )
    for (const { name, littered, unknown } of tables.rows) {
      await lite.exec(littered ? `vacuum ${unknown ? '(analyze)' : ''} ${name}` : `analyze ${name}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
