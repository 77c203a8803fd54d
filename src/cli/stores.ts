// For: opening everything a process needs, and closing it so that nothing is lost.
// In: the configuration. Out: the parts of the product, joined.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Config } from '../base/config.ts'
import { newToken } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { openColumns } from '../storage/columns.ts'
import { type ColumnsLock, inTheWay, lockColumns } from '../storage/columnsLock.ts'
import { openJobs } from '../storage/jobs.ts'
import { migrate, oneAtATime } from '../storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../storage/postgres.ts'
import { CannotStart } from './local.ts'

const openTruth = async (config: Config): Promise<Database> =>
  config.databaseUrl
    ? openPostgres(config.databaseUrl, systemClock)
    : await openPglite(join(config.dataFolder, 'truth'), systemClock)

/** The key that signs sessions: the configured one, or one made at first start and kept beside the data. */
export function secretOf(config: Config): string {
  if (config.secret) return config.secret
  const file = join(config.dataFolder, 'secret')
  if (!existsSync(file)) {
    mkdirSync(config.dataFolder, { recursive: true })
    writeFileSync(file, `${newToken()}${newToken()}\n`, { mode: 0o600 })
  }
  return readFileSync(file, 'utf8').trim()
}

/** Keeps two processes with facts apart from each other from one PostgreSQL; PGlite has its folder for itself.
 * @throws CannotStart when another process is in the way
 */
async function lockFacts({ databaseUrl, clickhouseUrl }: Config, log: Log): Promise<ColumnsLock | undefined> {
  if (!databaseUrl) return undefined
  const own = clickhouseUrl ? 'clickhouse' : 'chdb'
  const lock = await lockColumns(databaseUrl, log, own)
  if (!lock) throw new CannotStart(inTheWay(own))
  return lock
}

/** Opens the stores, brought forward to this version, and the lane of live work.
 * @throws CannotStart when another process on the same PostgreSQL has facts of its own, or this one would
 */
export async function openStores(config: Config, log: Log) {
  const lock = await lockFacts(config, log)
  const database = await openTruth(config)
  // PGlite belongs to one process, so whatever was under way when that died is this process's to take up.
  const sole = database.engine === 'pglite'
  const columns = openColumns(
    config.clickhouseUrl ? { url: config.clickhouseUrl } : { folder: join(config.dataFolder, 'facts') },
  )
  try {
    const { jobs, lane } = await oneAtATime(database, async () => {
      await migrate(database)
      const jobs = await openJobs(database, log)
      return { jobs, lane: await jobs.lane('live', systemClock, sole) }
    })
    return { database, columns, jobs, lane, sole, lock }
  } catch (error) {
    // What stays open would keep the process from ending.
    await columns.close()
    await database.close()
    await lock?.close()
    throw error
  }
}
