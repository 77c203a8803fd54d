// For: tests that need a store of their own, and not the making of one, which takes PGlite seconds.
// In: the cluster that a run of the tests has made once, migrated and with the job store's tables.
// Out: PGlite opened on a copy of it, in memory or in a folder.
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../src/base/clock.ts'
import { type Database, openPglite } from '../src/storage/postgres.ts'

/** Names the folder to the tests' processes and to those that they start: the cluster, and the same as PGlite dumps it. */
export const clusterVariable = 'TEST_CLUSTER'

export const asFolder = 'truth'
export const asDump = 'truth.tar'

let dump: Blob | undefined

/** As `openPglite`; an empty place begins with the cluster of this run, where there is one. */
export function openStore(folder: string | undefined, clock: Clock): Promise<Database> {
  const cluster = process.env[clusterVariable]
  if (folder !== undefined) beginWithCluster(folder)
  else if (cluster !== undefined) dump ??= new Blob([readFileSync(join(cluster, asDump))])
  return openPglite(folder, clock, folder === undefined ? dump : undefined)
}

/** Puts the cluster of this run into a folder that is not there yet. */
export function beginWithCluster(folder: string): void {
  const cluster = process.env[clusterVariable]
  if (cluster !== undefined && !existsSync(folder))
    cpSync(join(cluster, asFolder), folder, { recursive: true })
}
