// How fast samklang analyze is, against R on the same file in the same run.
// In: `node bench/analyze.ts [rows]` (a million by itself); R where it is installed.
// Out: a table on stdout and bench/output/analyze.json: seconds and rows per second, reading included; the most memory of each.

import { spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { randomFrom } from '../src/stats/random.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const folder = join(import.meta.dirname, 'output')
const file = join(folder, `answers-${rows}.csv`)
const main = join(import.meta.dirname, '../src/cli/analyzeAlone.ts')
const drivers = Array.from({ length: 12 }, (_, i) => `d${i + 1}`).join(',')

const commands: Readonly<Record<string, readonly string[]>> = {
  nps: ['--score', 'score', '--by', 'unit'],
  csat: ['--score', 'd1', '--points', '7', '--by', 'channel'],
  ces: ['--score', 'd2', '--by', 'channel'],
  drivers: ['--outcome', 'score', '--drivers', drivers],
  'penalty-reward': ['--outcome', 'score', '--drivers', 'd1,d2,d3,d4', '--high', '6-7'],
  correlate: ['--x', 'score', '--o', 'wait,channel'],
  units: ['--unit', 'unit', '--score', 'score'],
  agreement: ['--raters', 'd1,d2'],
  weight: ['--margin', 'channel=web:0.5,shop:0.3,phone:0.2', '--score', 'score'],
  words: ['--text', 'comment', '--score', 'score'],
  trend: ['--score', 'score', '--date', 'date', '--period', 'month'],
  forecast: ['--value', 'wait', '--date', 'date', '--period', 'month', '--gaps', 'linear'],
  initiative: [
    '--outcome',
    'score',
    '--treated',
    'left',
    '--date',
    'date',
    '--start',
    '2024-07-01',
    '--cluster',
    'unit',
  ],
  value: ['--customer', 'id', '--date', 'date', '--amount', 'wait', '--top', '1000'],
  survival: ['--time', 'months', '--event', 'left', '--by', 'channel'],
  churn: ['--outcome', 'left', '--predictors', 'score,wait,channel'],
  describe: [],
}

/** Answers with 12 drivers, units, comments and customers who left; the same file for the same number of rows. */
async function writeAnswers(): Promise<void> {
  const random = randomFrom(7)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const words = ['fast', 'slow', 'friendly', 'queue', 'late', 'easy', 'staff', 'price', 'broken', 'nice']
  const out = createWriteStream(file)
  out.write(`id,date,unit,channel,score,wait,months,left,comment,${drivers}\n`)
  let text = ''
  for (let i = 0; i < rows; i++) {
    const mood = normal()
    const marks: (number | string)[] = []
    let sum = 0
    for (let k = 1; k <= 12; k++) {
      const mark = Math.max(1, Math.min(7, Math.round(4.5 + 0.7 * mood + normal())))
      sum += (mark * k) / 40
      marks.push(random() < 0.02 ? '' : mark)
    }
    const score = Math.max(0, Math.min(10, Math.round(2 + 0.7 * sum + 1.5 * normal())))
    const wait = Math.max(0, 8 - 0.5 * score + 3 * normal()).toFixed(1)
    const comment = `${words[Math.floor(random() * 10)]} and ${words[Math.floor(random() * 10)]}`
    const month = 1 + Math.floor(random() * 36)
    const date = `${2023 + (i % 3)}-${String(1 + (i % 12)).padStart(2, '0')}-15`
    text += `R${i},${date},store ${i % 400},${['web', 'shop', 'phone'][i % 3]},${score},${wait},${month},${random() < 0.3 ? 1 : 0},"${comment}",${marks.join(',')}\n`
    if (text.length > 1 << 20) {
      if (!out.write(text)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
      text = ''
    }
  }
  await new Promise<void>((resolve) => out.end(text, resolve))
}

mkdirSync(folder, { recursive: true })
if (!existsSync(file)) await writeAnswers()

// Tells the most memory that the process held, in kB, as the last line of stderr.
const watched = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\nmaxRSS "+process.resourceUsage().maxRSS))`
const load = loadavg()[0]!
const ours: Record<string, { seconds: number; megabytes: number }> = {}
for (const [method, options] of Object.entries(commands)) {
  const start = performance.now()
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', watched, main, method, file, ...options, '--json'],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (status !== 0) throw new Error(`${method}: ${stderr}`)
  const seconds = (performance.now() - start) / 1000
  const megabytes = Number(/maxRSS (\d+)$/.exec(stderr)?.[1]) / 1024
  ours[method] = { seconds, megabytes }
  console.log(`${method.padEnd(16)} ${seconds.toFixed(1)} s, at most ${Math.round(megabytes)} MB`)
}

// What follows the reading of a file with so many drivers: from their covariances alone, in a process of its own.
function fromMatrix(size: number): number {
  const names = Array.from({ length: size + 1 }, (_, i) => `v${i}`)
  const rows = names.map((_, i) => names.map((_, j) => (i === j ? 1 : 0.3)).join(','))
  const matrix = join(folder, `matrix-${size}.csv`)
  writeFileSync(matrix, `${names.join(',')}\n${rows.join('\n')}\n`)
  const asked = ['--outcome', 'v0', '--drivers', names.slice(1).join(','), '--covariance', '--n', '1000000']
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [main, 'drivers', matrix, ...asked], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return (performance.now() - start) / 1000
}
const matrices = { drivers12: fromMatrix(12), drivers20: fromMatrix(20) }

const script = join(import.meta.dirname, 'analyze.R')
const r = spawnSync('Rscript', [script, file, join(folder, 'analyze-r.json')], { encoding: 'utf8' })
const theirs: Record<string, number> =
  r.status === 0 ? JSON.parse(readFileSync(join(folder, 'analyze-r.json'), 'utf8')) : {}
if (r.status !== 0) console.log(`R did not run: ${(r.stderr ?? String(r.error)).slice(0, 400)}`)

const result = Object.entries(ours).map(([method, { seconds, megabytes }]) => {
  const computed = theirs[method]
  const other = computed === undefined ? undefined : theirs.read! + computed
  return {
    method,
    seconds,
    rowsPerSecond: rows / seconds,
    megabytes,
    rSeconds: other,
    rRowsPerSecond: other && rows / other,
  }
})
const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`
writeFileSync(
  join(folder, 'analyze.json'),
  JSON.stringify({ machine, load, rows, rRead: theirs.read, ...matrices, result }, null, 2),
)
console.log(
  `${rows} rows, ${machine}, load ${load.toFixed(1)}; from covariances alone 12 drivers ${matrices.drivers12.toFixed(2)} s and 20 ${matrices.drivers20.toFixed(2)} s, with the start of the process; seconds include reading the file (R: read.csv ${theirs.read?.toFixed(1)} s)`,
)
for (const line of result) {
  const other = line.rSeconds
    ? `R ${line.rSeconds.toFixed(1)} s, ${Math.round(line.rRowsPerSecond!)} rows/s`
    : ''
  console.log(
    `${line.method.padEnd(16)} ${line.seconds.toFixed(1)} s, ${Math.round(line.rowsPerSecond)} rows/s   ${other}`,
  )
}
