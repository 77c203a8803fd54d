import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Schema from 'typebox/schema'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { methods } from '../../src/analyze/methods/methods.ts'
import { outputSchema } from '../../src/analyze/methods/output-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = resolve(import.meta.dirname, '../../src/cli/analyzeAlone.ts')

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function run(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err }
}

/** The JSON of a command that must succeed, held against its schema. */
async function json(method: string, ...argv: string[]) {
  const { code, out, err } = await run(method, ...argv, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  const made = JSON.parse(out)
  const schema = outputSchema(methods.find((one) => one.name === method)!)
  const [ok, errors] = Schema.Errors(schema, made)
  expect(ok ? [] : errors).toEqual([])
  return made
}

describe('a command that cannot be carried out', () => {
  it('is told in one line with exit code 2 when a statistic refuses its options', async () => {
    const path = file('c5.csv', 'c5\n1\n3\n5\n')
    const { code, err } = await run('csat', path, '--score', 'c5', '--top', '3', '--bottom', '3')
    expect(code).toBe(2)
    expect(err).toBe('samklang analyze: top and bottom boxes overlap\n')
  })
  it('prints the schema of the page, which the page keeps', async () => {
    const schema = JSON.parse((await run('--schema')).out)
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i % 11},${i % 7},${'ab'[i % 2]},2026-0${1 + (i % 9)}-05`,
    )
    const page = JSON.parse(
      (await run(file('page-schema.csv', `score,wait,store,date\n${rows.join('\n')}\n`), '--json')).out,
    )
    expect(page.answers.length).toBeGreaterThan(2)
    expect(Schema.Check(schema, page)).toBe(true)
    expect(Schema.Check(schema, { ...page, answers: [{ ...page.answers[0], used: 'all' }] })).toBe(false)
  })
  it('ends quietly when the reader of its output goes away', async () => {
    const path = file('pipe.csv', `a,b\n${'1,2\n'.repeat(50)}`)
    const child = spawn(process.execPath, [main, 'describe', path], { stdio: ['ignore', 'pipe', 'pipe'] })
    // Closed before the first word is written.
    child.stdout.destroy()
    let told = ''
    child.stderr.on('data', (data) => {
      told += data
    })
    const code = await new Promise((done) => child.on('close', done))
    expect(told).toBe('')
    expect(code).toBe(0)
  })
})

const scores = (list: readonly string[]) => `score\n${list.map((cell) => `"${cell}"`).join('\n')}\n`
const meanOf = async (content: string, name: string) => {
  const made = await json('describe', file(name, content))
  return { mean: made.result.columns[0].range?.mean, told: made.conventions.join(' ') }
}

describe('commas in numbers', () => {
  it('set thousands apart where commas separate the cells, and it is said', async () => {
    const { mean, told } = await meanOf(scores(['1,250', '950', '12,345', '1,234,567.5']), 'thousands.csv')
    expect(mean).toBe((1250 + 950 + 12345 + 1234567.5) / 4)
    expect(told).toContain('1,234 is 1234.')
  })
  it('are decimals where the other numbers of the file say so', async () => {
    const { mean, told } = await meanOf(scores(['1,250', '0,75', '3,5']), 'decimals.csv')
    expect(mean).toBeCloseTo(5.5 / 3, 12)
    expect(told).toContain('1,234 is 1.234.')
  })
  it('are decimals where semicolons separate the cells', async () => {
    const { mean } = await meanOf('a;b\n1,250;x\n2,250;y\n3,250;z\n', 'semicolons.csv')
    expect(mean).toBeCloseTo(2.25, 12)
  })
  it('are decimals behind thousands set apart by points', async () => {
    const { mean } = await meanOf('a;b\n1.234,5;x\n1.236,5;y\n7,0;z\n', 'points.csv')
    expect(mean).toBeCloseTo((1234.5 + 1236.5 + 7) / 3, 9)
  })
})

describe('numbers too large to compute with', () => {
  const huge = `unit,date,score,x,t,e\n${Array.from({ length: 40 }, (_, i) => `u${i % 4},2025-${String(1 + (i % 12)).padStart(2, '0')}-01,${i % 3 ? i : `${i + 1}e155`},${i % 7}e160,${1 + (i % 5)},${i % 2}`).join('\n')}\n`
  const commands: [string, string[]][] = [
    ['units', ['--unit', 'unit', '--score', 'score']],
    ['units', ['--unit', 'unit', '--score', 'x']],
    ['forecast', ['--value', 'score']],
    ['forecast', ['--value', 'x', '--date', 'date', '--period', 'month']],
    ['penalty-reward', ['--outcome', 'score', '--drivers', 't,e', '--low', '0-2']],
    ['survival', ['--time', 't', '--event', 'e', '--covariates', 'score']],
    ['describe', []],
    ['drivers', ['--outcome', 'score', '--drivers', 't,e', '--min-n', '10']],
    ['correlate', ['--x', 'score,x', '--o', 't,e']],
  ]
  for (const [method, options] of commands)
    it(`are left out and told: ${method} ${options.join(' ')}`, async () => {
      const path = file('huge.csv', huge)
      const { code, out, err } = await run(method, path, ...options)
      // A column without one number left is refused.
      if (code === 2) return expect(err).toMatch(/no values|no number|yes or no|constant/)
      expect(out).not.toMatch(/NaN|Infinity/)
      expect(out).toContain('too large to compute with')
      await json(method, path, ...options)
    })
})

describe('a file that is not as it should be', () => {
  it('is told: rows with cells missing and too many, names that stand twice', async () => {
    const path = file('ragged.csv', 'score,store,score\n9,a,1\n10\n1,b,2,extra\n5,b,3,\n')
    const told = (await json('nps', path, '--score', 'score')).conventions.join(' ')
    expect(told).toContain('1 row has fewer cells')
    expect(told).toContain('1 row has more cells')
    expect(told).toContain('names "score" more than once; column 3 is called score_2')
  })
  it('is refused when a quote is never closed, and when it is no text', async () => {
    const open = await run('describe', file('open.csv', 'a,b\n"lost,1\n2,3\n'))
    expect([open.code, open.err]).toEqual([2, expect.stringContaining('is not closed')])
    const binary = await run('describe', file('binary.csv', Buffer.from([127, 69, 76, 70, 0, 0, 1, 10, 44])))
    expect([binary.code, binary.err]).toEqual([2, expect.stringContaining('is not a text file')])
    expect((await run('describe', folder)).err).toContain('is a folder')
  })
  it('is told on the page as well', async () => {
    const page = await run(file('page.csv', 'score,store\n9,a\n10\n'))
    expect(page.out).toContain('1 row has fewer cells')
  })
  it('is read by the delimiter that its first line names', async () => {
    const made = await json(
      'nps',
      file('sep.csv', 'sep=;\nscore;store\n9;a,b,c\n3;b,c,d\n'),
      '--score',
      'score',
    )
    expect([made.rows, made.used]).toEqual([2, 2])
  })
  it('may come through a pipe', async () => {
    const child = spawn(process.execPath, [main, 'nps', '-', '--score', 'score', '--json'])
    let out = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stdin.end('score\n9\n3\n10\n')
    expect(await new Promise((done) => child.on('close', done))).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ file: 'standard input', rows: 3, used: 3 })
  })
})

describe('dates', () => {
  it('may be weeks and quarters', async () => {
    const weeks = await json(
      'nps',
      file('w.csv', 'd,s\n2025-W03,9\n2025-Q3,3\n2025-W54,1\n'),
      '--score',
      's',
      '--date',
      'd',
    )
    expect(weeks.result.groups.map(({ period }: { period: string }) => period)).toEqual([
      '2025-01',
      '2025-07',
    ])
    expect(weeks.dropped).toEqual({ 'date not understood': 1 })
  })
  it('that are mostly not understood lead to --date-format', async () => {
    const made = await run(
      'nps',
      file('d.csv', 'd,s\n31/1/2025,9\n1/2/2025,3\n'),
      '--score',
      's',
      '--date',
      'd',
    )
    expect(made.out).toContain('--date-format dmy or mdy')
  })
})

describe('a null', () => {
  const bare = (value: unknown, path = ''): string[] => {
    if (Array.isArray(value))
      return value.flatMap((one, i) => (one === null ? [] : bare(one, `${path}[${i}]`)))
    if (typeof value !== 'object' || value === null) return []
    const record = value as Record<string, unknown>
    return Object.entries(record).flatMap(([key, one]) =>
      one === null && !('reason' in record) ? [`${path}.${key}`] : bare(one, `${path}.${key}`),
    )
  }
  it('always has a reason beside it', async () => {
    const path = file('n.csv', 'id,d,v,t,e,c\na,2025-01-01,3,1,1,good day\nb,2025-02-01,4,2,0,bad day\n')
    const commands: [string, string[]][] = [
      ['describe', []],
      ['value', ['--customer', 'id', '--date', 'd', '--amount', 'v']],
      ['survival', ['--time', 't', '--event', 'e']],
      ['words', ['--text', 'c', '--by', 'e']],
      ['trend', ['--share', 'e', '--date', 'd', '--period', 'week']],
      ['trend', ['--value', 'v']],
    ]
    for (const [method, options] of commands)
      expect(bare(await json(method, path, ...options)), method).toEqual([])
  })
  it('stands for words of a file that has none, with the reason in the text', async () => {
    const path = file('none.csv', 'c,g\n')
    expect((await run('words', path, '--text', 'c', '--by', 'g')).out).toContain('No result: empty group')
    expect((await json('words', path, '--text', 'c', '--by', 'g')).result.reasons.contrasts).toBe(
      'empty group',
    )
  })
})

describe('names and options', () => {
  it('of groups are read without the blanks around them, and shown on one line', async () => {
    const path = file('g.csv', 'g,s\na,9\n a ,3\n"b\nc",9\n')
    expect((await json('nps', path, '--score', 's', '--by', 'g')).result.groups).toHaveLength(2)
    expect((await run('nps', path, '--score', 's', '--by', 'g')).out).toContain('b\\nc')
  })
  it('that cannot be are refused', async () => {
    const path = file('m.csv', 'a,b\n1,0.2\n0.2,1\n')
    const retention = await run('value', path, '--margin', '10', '--retention', '1.5', '--discount', '0.1')
    expect([retention.code, retention.err]).toEqual([2, expect.stringContaining('between 0 and 1, not 1.5')])
  })
  it('of a matrix without --n: no standard errors, and that is said', async () => {
    const path = file('m2.csv', 'a,b\n1,0.2\n0.2,1\n')
    const made = await json('drivers', path, '--outcome', 'a', '--drivers', 'b', '--covariance')
    expect(made.conventions.join(' ')).toContain('Without --n')
    expect(made.result.regression.coefficients[1].reasons.se).toBeDefined()
  })
})
