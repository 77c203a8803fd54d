import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/cli/analyze/command.ts'
import { methods } from '../../src/cli/analyze/methods.ts'
import { outputSchema } from '../../src/cli/analyze/schema.ts'

// What somebody meets who has never used the command: slips that must be told, never computed around.

const folder = mkdtempSync(join(tmpdir(), 'samklang-newcomer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string): string {
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

/** What a command that must be refused says. */
async function refused(...argv: string[]): Promise<string> {
  const { code, err } = await run(...argv)
  expect(code).toBe(2)
  return err.replace(/^samklang analyze: /, '').trimEnd()
}

/** The JSON of a command that must succeed, held against its schema. */
async function json(method: string, ...argv: string[]) {
  const { code, out, err } = await run(method, ...argv, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  const made = JSON.parse(out)
  const [ok, errors] = Schema.Errors(outputSchema(methods.find((one) => one.name === method)!), made)
  expect(ok ? [] : errors).toEqual([])
  return made
}

const rowsOf = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i)).join('\n')

describe('value', () => {
  const two = file('cohorts.csv', 'year,start,active\n0,a,100\n1,a,60\n0,b,80\n1,b,50\n')
  it('refuses renewals that repeat, and tells of --cohort', async () => {
    expect(await refused('value', two, '--active', 'active', '--renewal', 'year')).toBe(
      'renewal 0 stands several times; where the file holds several cohorts, name them: --cohort COLUMN',
    )
    const { result } = await json(
      'value',
      two,
      '--active',
      'active',
      '--renewal',
      'year',
      '--cohort',
      'start',
    )
    expect(result.cohorts.cohorts).toHaveLength(2)
  })
  it('refuses a discount below 0 in every form', async () => {
    const told = '--discount is 0 or more (0.1 is ten per cent a period), not -0.2'
    expect(await refused('value', two, '--retention', '0.8', '--discount', '-0.2')).toBe(told)
    expect(
      await refused(
        'value',
        two,
        '--active',
        'active',
        '--renewal',
        'year',
        '--cohort',
        'start',
        '--discount',
        '-0.2',
      ),
    ).toBe(told)
  })
})

describe('penalty-reward', () => {
  const marks = (list: readonly number[]) =>
    `overall,staff\n${rowsOf(40, (i) => `${1 + (i % 5)},${list[i % list.length]}`)}\n`
  it('refuses marks beyond its coding and names them', async () => {
    const zero = file('zero.csv', marks([1, 2, 3, 4, 5, 0, 3, 5]))
    expect(await refused('penalty-reward', zero, '--outcome', 'overall', '--drivers', 'staff')).toBe(
      '--low 1-2 and --high 5 are marks of 1 to 5, but staff has 0 (5 times). Say which marks are low and high on this scale with --low and --high, or take a code as no answer with --blank',
    )
    const left = await json(
      'penalty-reward',
      zero,
      '--outcome',
      'overall',
      '--drivers',
      'staff',
      '--blank',
      '0',
    )
    expect(left.used).toBe(35)
    const ten = file('ten.csv', marks([1, 2, 3, 8, 5, 10, 3, 9]))
    expect(await refused('penalty-reward', ten, '--outcome', 'overall', '--drivers', 'staff')).toContain(
      'staff has 8 (5 times), 9 (5 times), 10 (5 times)',
    )
    await json(
      'penalty-reward',
      ten,
      '--outcome',
      'overall',
      '--drivers',
      'staff',
      '--low',
      '1-4',
      '--high',
      '9-10',
    )
  })
})

describe('initiative with few clusters', () => {
  const stores = (treated: number, others: number) =>
    `store,pilot,post,score\n${rowsOf((treated + others) * 12, (i) => {
      const store = i % (treated + others)
      const pilot = store < treated ? 1 : 0
      const post = Math.floor(i / (treated + others)) % 2
      return `s${store},${pilot},${post},${5 + ((i * i * 7 + store * 3 + post * store * store) % 5) + pilot * post}`
    })}\n`
  const options = ['--outcome', 'score', '--treated', 'pilot', '--post', 'post', '--cluster', 'store']
  it('gives no error where each arm is one cluster, and says why', async () => {
    const path = file('one-each.csv', stores(1, 1))
    const { result, conventions } = await json('initiative', path, ...options)
    for (const kind of ['cr0', 'cr1', 'cr1s', 'cr2']) {
      expect(result.did.errors[kind], kind).toBeNull()
      expect(result.did.errors.reasons[kind], kind).toBe('too few')
    }
    expect(result.did.errors.classical.se).toBeGreaterThan(0.1)
    expect(JSON.stringify(result)).not.toContain('do not vary inside')
    expect(conventions[0]).toMatch(/^There is one treated cluster and one other: /)
    const { out } = await run('initiative', path, ...options)
    expect(out).toMatch(/CR2 +- \(too few: each cluster decides a coefficient alone/)
  })
  it('warns where one arm is a single cluster', async () => {
    const one = await json('initiative', file('one-treated.csv', stores(1, 5)), ...options)
    expect(one.conventions[0]).toMatch(/^There is one treated cluster: .* Do not trust their limits and p\.$/)
    expect(one.result.clustersOfArms).toEqual({ treated: 1, others: 5 })
    expect(one.result.did.errors.cr2.se).toBeGreaterThan(0)
    const control = await json('initiative', file('one-control.csv', stores(5, 1)), ...options)
    expect(control.conventions[0]).toMatch(/^There is one cluster that was not treated: /)
    const several = await json('initiative', file('several.csv', stores(3, 3)), ...options)
    expect(several.conventions[0]).toMatch(/^Effect: /)
  })
})

describe('agreement', () => {
  it('gives no error of kappa where one rater used one category only', async () => {
    const rows = rowsOf(37, (i) => `${'abc'[(i * 5 + (i >> 2)) % 3]},a`)
    const { result } = await json('agreement', file('constant.csv', `k,m\n${rows}\n`), '--raters', 'k,m')
    for (const kappa of result.cohen) {
      expect(kappa.kappa).toBe(0)
      for (const field of ['se', 'interval', 'z', 'p']) {
        expect(kappa[field], field).toBeNull()
        expect(kappa.reasons[field], field).toBe('no variance')
      }
    }
  })
})
