// For: tests that need a store of their own, and not the making of one, which takes PGlite seconds.
// In: the cluster that a run of the tests has made once, migrated and with the job store's tables.
// Out: PGlite opened on a copy of it, in memory or in a folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../src/base/clock.ts'
import { type Database, openPglite } from '../src/storage/postgres.ts'

/** Names the file to the tests' processes and to those that they start. */
export const clusterVariable = 'TEST_CLUSTER'

let read: Blob | undefined

/** As `openPglite`; an empty place begins with the cluster of this run, where there is one. */
export function openStore(folder: string | undefined, clock: Clock): Promise<Database> {
  const file = process.env[clusterVariable]
  const isNew = folder === undefined || !existsSync(folder) || readdirSync(folder).length === 0
  if (file === undefined || !isNew) return openPglite(folder, clock)
  read ??= new Blob([readFileSync(file)])
  return openPglite(folder, clock, read)
}
