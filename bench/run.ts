// For: npm run bench: everything that is measured, in one table.
// In: --only events,responses,ask,page,inbox,live,memory,deadlines; --on pglite,postgres; --quick for small sizes.
// Out: the table on stdout, bench/output/bench.json. Rates are medians; ratios hold on a busy machine, rates do not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/base/clock.ts'
import { openColumns } from '../src/storage/columns.ts'
import { migrate } from '../src/storage/migrate.ts'
import { openPglite } from '../src/storage/postgres.ts'
import { benchAsk } from './ask.ts'
import { benchDeadlines } from './deadlines.ts'
import type { Engine } from './hosted.ts'
import { benchInbox } from './inbox.ts'
import { benchLive } from './live.ts'
import { benchMemory } from './memory.ts'
import { benchPage } from './page.ts'
import { benchRates } from './rates.ts'
import { type BenchRow, tableOf } from './table.ts'

const kinds = ['events', 'responses', 'ask', 'page', 'inbox', 'live', 'memory', 'deadlines']
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: kinds },
    on: { type: 'string', multiple: true, default: ['pglite', 'postgres'] },
    quick: { type: 'boolean', default: false },
  },
})
const listed = (given: string[]) => new Set(given.flatMap((each) => each.split(',')))
const only = listed(values.only)
const unknown = [...only].filter((each) => !kinds.includes(each))
if (unknown.length > 0) {
  console.error(`There is nothing called ${unknown.join(', ')} to measure; there are ${kinds.join(', ')}.`)
  process.exit(2)
}
const on = listed(values.on)
const engines = (['PGlite', 'Postgres'] as Engine[]).filter((each) => on.has(each.toLowerCase()))
const { quick } = values

async function asks(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-bench-'))
  const database = await openPglite(undefined, systemClock)
  await migrate(database)
  const columns = openColumns({ folder })
  try {
    return await benchAsk({ database, columns }, quick ? [1_000_000] : undefined)
  } finally {
    await columns.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const rows: BenchRow[] = []
async function measure(name: string, work: () => Promise<BenchRow[]>) {
  console.error(`measuring ${name}`)
  rows.push(...(await work()))
}

for (const engine of engines) {
  if (only.has('events') || only.has('responses')) {
    await measure(`intake on ${engine}`, () => benchRates(engine, only, quick))
  }
}
if (only.has('page')) await measure('the survey page', () => benchPage())
if (only.has('inbox')) {
  for (const engine of engines) await measure(`the inbox on ${engine}`, () => benchInbox(engine))
}
if (only.has('live')) {
  for (const engine of engines) await measure(`live numbers on ${engine}`, () => benchLive(engine))
}
if (only.has('memory')) {
  for (const engine of engines) await measure(`memory on ${engine}`, () => benchMemory(engine, quick))
}
if (only.has('ask')) await measure('Ask', asks)
if (only.has('deadlines')) {
  for (const engine of engines)
    await measure(`deadlines on ${engine}`, () => benchDeadlines(engine, quick ? 10_000 : undefined))
}

const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${process.platform}, Node ${process.version}`
const output = join(import.meta.dirname, 'output')
mkdirSync(output, { recursive: true })
writeFileSync(
  join(output, 'bench.json'),
  JSON.stringify({ machine, at: new Date().toISOString(), quick, rows }, null, 2),
)
console.log(`${machine}\n\n${tableOf(rows)}`)
process.exit(0)
