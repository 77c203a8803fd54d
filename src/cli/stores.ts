// For: opening everything a process needs, and closing it so that nothing is lost.
// In: the configuration. Out: the parts of the product, joined.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Config } from '../base/config.ts'
import { newToken } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { openColumns } from '../storage/columns.ts'
import { openJobs } from '../storage/jobs.ts'
import { migrate, oneAtATime } from '../storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../storage/postgres.ts'

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

/** Opens the stores, brought forward to this version, and the lane of live work. */
export async function openStores(config: Config, log: Log) {
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
    return { database, columns, jobs, lane, sole }
  } catch (error) {
    // What stays open would keep the process from ending.
    await columns.close()
    await database.close()
    throw error
  }
}
