// For: runs of the tests. In: nothing. Out: a cluster with everything that the product makes in an empty store, by the
// product's own code, for test/cluster.ts. It is kept for the next run, until what it is made of changes. And a folder
// for all that is temporary, which goes when the run ends, whatever a test that failed has left.
import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { systemClock } from '../src/base/clock.ts'
import { silentLog } from '../src/base/log.ts'
import { openJobs } from '../src/storage/jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { openPglite } from '../src/storage/postgres.ts'
import { asDump, asFolder, clusterVariable } from './cluster.ts'

const root = resolve(import.meta.dirname, '..')
const kept = join(root, 'node_modules', '.cache', 'clusters')

let temporary: string | undefined

/** Vitest calls it after the last test. */
export function teardown() {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true, maxRetries: 5 })
}

/** Vitest calls it before the first test. */
export async function setup() {
  temporary = mkdtempSync(join(tmpdir(), 'samklang-test-'))
  // PostgreSQL runs as another user, who has to get through.
  chmodSync(temporary, 0o755)
  process.env.TMPDIR = temporary
  const folder = join(kept, madeOf())
  if (!existsSync(folder)) await make(folder)
  const now = new Date()
  utimesSync(folder, now, now)
  forget(now)
  process.env[clusterVariable] = folder
}

/** Takes away what no run has used for a day; one of another working copy may be under way. */
function forget(now: Date) {
  for (const name of readdirSync(kept)) {
    const path = join(kept, name)
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (now.getTime() - used > 24 * 3600 * 1000) rmSync(path, { recursive: true, force: true })
  }
}

/** A name that changes with the storage's code, its migrations and the packages. */
function madeOf(): string {
  const storage = join(root, 'src', 'storage')
  const sources = readdirSync(storage, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(ts|sql)$/.test(name),
  )
  const files = [
    ...sources.sort().map((name) => join(storage, name)),
    join(root, 'package-lock.json'),
    import.meta.filename,
  ]
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.slice(root.length)}\n${readFileSync(file, 'utf8')}\n`)
  return hash.digest('hex').slice(0, 16)
}

async function make(folder: string) {
  // Two runs may make it at once, each in a place of its own; it is there whole or not at all.
  const place = join(kept, randomUUID())
  mkdirSync(place, { recursive: true })
  const database = await openPglite(join(place, asFolder), systemClock)
  await migrate(database)
  const jobs = await openJobs(database, silentLog)
  await jobs.close()
  await database.close()
  const lite = await PGlite.create(join(place, asFolder))
  const dumped = await lite.dumpDataDir('none')
  await lite.close()
  writeFileSync(join(place, asDump), Buffer.from(await dumped.arrayBuffer()))
  if (existsSync(folder)) rmSync(place, { recursive: true })
  else renameSync(place, folder)
}
