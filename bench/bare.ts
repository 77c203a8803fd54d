// For: what the bare store does with exactly the rows that the product stored, read back.
// In: a round, by its key. Out: seconds that plain INSERTs took, into tables with the same columns and indexes.
import { existsSync, readFileSync } from 'node:fs'
import pg from 'pg'
import type { Database } from '../src/storage/postgres.ts'

export interface Bare {
  /** The round's events with their contacts and transactions, 500 events a commit. */
  events(workspaceId: string, round: string): Promise<Timed>
  /** The round's responses, one a commit, so many at once: with the note for the facts and the job that were stored
   * with each, and in `alone` their own rows alone. */
  responses(workspaceId: string, round: string, atOnce: number): Promise<Timed & { alone: Timed }>
}

export interface Timed {
  rows: number
  seconds: number
  /** Processor time of the server and of its PostgreSQL: a busy machine lengthens seconds, but hardly this. */
  cpu: number
}

/** Rows as text, with the statement that inserts them. */
interface Rows {
  table: string
  columns: string[]
  values: Array<Array<string | null>>
}

const batchSize = 500

/** The tables that an event or an answer is written to; pg-boss keeps the jobs of all queues in one part of its own. */
const originals = {
  events: 'samklang.events',
  contacts: 'samklang.contacts',
  transactions: 'samklang.transactions',
  responses: 'samklang.responses',
  outbox: 'samklang.outbox',
  job_common: 'pgboss.job_common',
}

/** @param url of the PostgreSQL server; without one the database is a PGlite, which has one connection */
export async function openBare(database: Database, url: string | undefined): Promise<Bare> {
  await database.script('create schema bench')
  for (const [table, from] of Object.entries(originals)) {
    await database.script(
      `create table bench.${table} (like ${from} including defaults including constraints including indexes)`,
    )
  }
  const pool = url ? new pg.Pool({ connectionString: url, max: 64 }) : undefined
  // Several statements in one text are one commit; so is a single one.
  const commit = (text: string): Promise<unknown> => (pool ? pool.query(text) : database.script(text))

  async function read(table: keyof typeof originals, where: string, values: unknown[]): Promise<Rows> {
    const found = await database.script(
      `select column_name as name from information_schema.columns where table_schema = 'bench' and table_name = $1
       order by ordinal_position`,
      [table],
    )
    const columns = found.map((row) => row.name as string)
    const rows = await database.script(
      `select json_build_array(${columns.map((name) => `${name}::text`).join(', ')}) as row from ${originals[table]} where ${where}`,
      values,
    )
    return { table: `bench.${table}`, columns, values: rows.map((row) => row.row as Array<string | null>) }
  }

  async function measured(atOnce: number, statements: string[]) {
    const before = await cpuSeconds(database)
    const seconds = await timed(atOnce, statements, commit)
    return { seconds, cpu: (await cpuSeconds(database)) - before }
  }

  return {
    async events(workspaceId, round) {
      const key = [workspaceId, `%-${round}-%`]
      const events = await read('events', 'workspace_id = $1 and event_id like $2 order by event_seq', [
        workspaceId,
        `${round}-%`,
      ])
      const others = [
        await read('contacts', 'workspace_id = $1 and contact_key like $2', key),
        await read('transactions', 'workspace_id = $1 and transaction_key like $2', key),
      ]
      const batches = Math.ceil(events.values.length / batchSize)
      const commits = Array.from({ length: batches }, (_, batch) =>
        [events, ...others]
          .map((rows) => insertOf(rows, batch, Math.ceil(rows.values.length / batches)))
          .join(';\n'),
      )
      return { rows: events.values.length, ...(await measured(pool ? 4 : 1, commits)) }
    },
    async responses(workspaceId, round, atOnce) {
      const values = [workspaceId, `${round}\\_%`]
      const ofRound = `invitation_id in
        (select invitation_id from samklang.invitations where workspace_id = $1 and token like $2)`
      const ids = `(select response_id from samklang.responses where workspace_id = $1 and ${ofRound})`
      const own = await read('responses', `workspace_id = $1 and state = 'completed' and ${ofRound}`, values)
      const followed = [
        await read('outbox', `workspace_id = $1 and kind = 'response' and key in ${ids}`, values),
        // Answers that share a commit share a job.
        await read(
          'job_common',
          `data->>'workspaceId' = $1::text and (data->'responseIds'->>0)::uuid in ${ids.replaceAll('$1', '$1::uuid')}`,
          values,
        ),
      ]
      const rows = own.values.length
      const commits = (tables: Rows[]) =>
        Array.from({ length: rows }, (_, index) =>
          tables
            .filter((table) => index < table.values.length)
            .map((table) => insertOf(table, index, 1))
            .join(';\n'),
        )
      const all = await measured(atOnce, commits([own, ...followed]))
      await database.script('truncate bench.responses')
      return { rows, ...all, alone: { rows, ...(await measured(atOnce, commits([own]))) } }
    },
  }
}

/** Written-out values, which both engines take faster than thousands of parameters. */
function insertOf({ table, columns, values }: Rows, batch: number, size: number): string {
  const literal = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)
  const rows = values.slice(batch * size, (batch + 1) * size)
  return `insert into ${table} (${columns.join(', ')}) values ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`
}

/** Processor time so far of this process and, where the system tells it, of the PostgreSQL that serves it. */
export async function cpuSeconds(database: Database): Promise<number> {
  const { user, system } = process.cpuUsage()
  const own = (user + system) / 1e6
  if (database.engine === 'pglite' || !existsSync('/proc/self/stat')) return own
  const backends = await database.script('select pid from pg_stat_activity')
  const ticks = backends.map(({ pid }) => {
    const file = `/proc/${pid as number}/stat`
    if (!existsSync(file)) return 0
    // Behind the name in brackets, user and system time are the 12th and 13th of the fields.
    const fields = readFileSync(file, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(fields[11]) + Number(fields[12])
  })
  return own + ticks.reduce((sum, each) => sum + each, 0) / 100
}

/** Seconds until all work is done, so much of it at once. */
export async function timed<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const start = performance.now()
  const one = async () => {
    while (next < items.length) await work(items[next++]!)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return (performance.now() - start) / 1000
}
