// For: work that follows from a change, kept by pg-boss and enqueued in the transaction of that change.
// In: news ("these events were recorded"), with the time from which it may be acted upon.
// Out: the same news, at least once, to whoever drains the lane; several of one kind and workspace together.
import { randomUUID } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Database, Prepared, Tx } from './postgres.ts'

/** Something that happened, or a time that will come, in one workspace. */
export interface News {
  kind: string
  workspaceId: string
  /** When it was enqueued to be acted upon at once, or to be acted upon then; ISO 8601. The lane sets it. */
  at?: string
  [detail: string]: unknown
}

/** Enqueues news in the caller's transaction; `at` (default: now) is when it may first be acted upon. */
export type Announce = (tx: Tx, news: News, at?: Date) => Promise<void>

export type Handle = (kind: string, workspaceId: string, news: News[]) => Promise<void>

/** A lane has its own clock: the live one, or a replay's virtual one. News never changes lane by itself. */
export interface Lane {
  announce: Announce
  /** Handles everything due by the lane's clock until nothing is left; returns how many were handled. */
  drain(handle: Handle): Promise<number>
  /** When the next waiting news is due. */
  nextAt(): Promise<Date | undefined>
  /** How many pieces of news have failed and are to be tried again. */
  failing(): Promise<number>
  /** Called after a commit that enqueued something for now; a second process notices by polling. */
  onWake(listener: () => void): void
}

export interface JobStore {
  /** @param sole nobody else drains this lane: what was under way when the process died is taken up at once */
  lane(name: string, clock: Clock, sole: boolean): Promise<Lane>
  close(): Promise<void>
}

const tenYears = 10 * 366 * 24 * 3600
const batchSize = 200
const roundEvery = 60_000

/** A job as pg-boss makes one of a queue without keys or groups, in a statement that is planned once. */
const enqueue: Prepared = {
  name: 'enqueue news',
  text: `insert into pgboss.job (name, data, start_after, created_on, keep_until, policy, retry_limit, retry_delay,
      retry_backoff, retry_delay_max, expire_seconds, deletion_seconds)
    select q.name, $2::jsonb, $3::timestamptz, pgboss.job_now(), $3::timestamptz + q.retention_seconds * interval '1s',
      q.policy, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds, q.deletion_seconds
    from pgboss.queue q where q.name = $1::text`,
}

export async function openJobs(database: Database, log: Log): Promise<JobStore> {
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await database.script(text, values) }) },
    backend: database.engine,
    schema: 'pgboss',
    schedule: false,
    // Its own rounds go by real time: they would take work of virtual years for long overdue, and put it off to today.
    supervise: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job store'))
  await boss.start()
  // All of pg-boss's SQL reads the time through this one function; our transactions set what it is for them.
  await database.script(`
    create or replace function pgboss.job_now() returns timestamptz language sql stable as
      $$ select coalesce(nullif(current_setting('samklang.now', true), '')::timestamptz, pg_catalog.now()) $$;
    grant usage on schema pgboss to samklang_app;
    grant select, insert, update on all tables in schema pgboss to samklang_app;
  `)

  const rounds = new Set<NodeJS.Timeout>()

  const within = (tx: Tx) => ({
    executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }),
  })

  async function lane(name: string, clock: Clock, sole: boolean): Promise<Lane> {
    const own = database.withClock(clock)
    const listeners = new Set<() => void>()
    let mayFail = true
    // Replays work with times long past; retention counts from them and must not sweep waiting work away.
    const options = { retentionSeconds: tenYears, expireInSeconds: 120, retryLimit: 1000, retryDelay: 1 }
    await boss.createQueue(name, { ...options, retryBackoff: true, retryDelayMax: 60 })
    // Completing a job that does not exist makes pg-boss remember the queue; on PGlite's one connection it could
    // not look it up from within a transaction of ours.
    await boss.complete(name, randomUUID())
    await database.script('grant select, insert, update on all tables in schema pgboss to samklang_app')
    if (sole) {
      // Due when it was: a replay that goes on stands before it, and would look too early for what falls due then.
      await database.script(
        `update pgboss.job set state = 'retry', start_after = coalesce((data->>'at')::timestamptz, created_on)
         where name = $1 and state in ('active', 'retry')`,
        [name],
      )
    }

    if (clock === systemClock) {
      // What another process took up and never finished is given back; what is finished is cleared away in time.
      const round = setInterval(() => {
        boss.supervise(name).catch((error: Error) => log.error({ err: error }, 'job store'))
      }, roundEvery)
      rounds.add(round.unref())
    }

    /** Completes what is done, and fetches what is due next. */
    const turnOver = (done: string[]) =>
      own.asOwner(async (tx) => {
        if (done.length > 0) await boss.complete(name, done, null, { db: within(tx) })
        return boss.fetch<News>(name, { batchSize, db: within(tx) })
      })

    /** @returns the ids of those that were done; the others are to be tried again */
    async function handleJobs(handle: Handle, jobs: Awaited<ReturnType<typeof turnOver>>): Promise<string[]> {
      const done: string[] = []
      const groups = new Map<string, typeof jobs>()
      for (const job of jobs) {
        const key = `${job.data.kind} ${job.data.workspaceId}`
        groups.set(key, [...(groups.get(key) ?? []), job])
      }
      for (const group of groups.values()) {
        const first = group[0]!.data
        const ids = group.map((job) => job.id)
        try {
          await handle(
            first.kind,
            first.workspaceId,
            group.map((job) => job.data),
          )
          done.push(...ids)
        } catch (error) {
          log.error(
            { err: error, kind: first.kind, workspaceId: first.workspaceId },
            'work failed; it is tried again',
          )
          mayFail = true
          await own.asOwner((tx) =>
            boss.fail(name, ids, { message: (error as Error).message }, { db: within(tx) }),
          )
        }
      }
      return done
    }

    return {
      async announce(tx, news, at = clock.now()) {
        const time = at.toISOString()
        await tx.query(enqueue, [name, JSON.stringify({ ...news, at: time }), time])
        if (at > clock.now()) return
        tx.afterCommit(() => {
          for (const listener of listeners) listener()
        })
      },
      async drain(handle) {
        let handled = 0
        let done: string[] = []
        for (;;) {
          const jobs = await turnOver(done)
          if (jobs.length === 0) return handled
          done = await handleJobs(handle, jobs)
          handled += jobs.length
        }
      },
      async nextAt() {
        const rows = await database.script(
          `select ceil(extract(epoch from min(start_after)) * 1000) as at
           from pgboss.job where name = $1 and state < 'active'`,
          [name],
        )
        // Rounded up: a clock of milliseconds that is moved to this time must not stand just before it.
        const at = rows[0]?.at as number | null | undefined
        return at === null || at === undefined ? undefined : new Date(at)
      },
      async failing() {
        if (!mayFail) return 0
        const rows = await database.script(
          `select count(*) as n from pgboss.job where name = $1 and state = 'retry'`,
          [name],
        )
        const n = rows[0]?.n as number
        // Where nobody else drains the lane, nothing can fail without this process knowing.
        mayFail = n > 0 || !sole
        return n
      },
      onWake: (listener) => void listeners.add(listener),
    }
  }

  return {
    lane,
    async close() {
      for (const round of rounds) clearInterval(round)
      await boss.stop({ graceful: true, close: false })
    },
  }
}
