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
import { migrate } from '../storage/migrate.ts'
import { type Database, openPglite, openPostgres } from '../storage/postgres.ts'

export async function openTruth(config: Config): Promise<Database> {
  const database = config.databaseUrl
    ? openPostgres(config.databaseUrl, systemClock)
    : await openPglite(join(config.dataFolder, 'truth'), systemClock)
  await migrate(database)
  return database
}

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

export async function openStores(config: Config, log: Log) {
  const database = await openTruth(config)
  const columns = openColumns(
    config.clickhouseUrl ? { url: config.clickhouseUrl } : { folder: join(config.dataFolder, 'facts') },
  )
  const jobs = await openJobs(database, log)
  return { database, columns, jobs }
}
