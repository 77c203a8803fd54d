// For: a run of the tests. In: nothing. Out: a cluster with everything that the product makes in an empty store, by the
// product's own code, for test/cluster.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { systemClock } from '../src/base/clock.ts'
import { silentLog } from '../src/base/log.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { openPglite } from '../src/storage/postgres.ts'
import { clusterVariable } from './cluster.ts'

/** Vitest calls it before the first test, and what it gives back after the last one. */
export async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-cluster-'))
  const place = join(folder, 'truth')
  const database = await openPglite(place, systemClock)
  await migrate(database)
  const jobs = await openJobs(database, silentLog)
  await jobs.close()
  await database.close()
  const lite = await PGlite.create(place)
  const dumped = await lite.dumpDataDir('none')
  await lite.close()
  const file = join(folder, 'cluster.tar')
  writeFileSync(file, Buffer.from(await dumped.arrayBuffer()))
  process.env[clusterVariable] = file
  return () => rmSync(folder, { recursive: true, force: true })
}
