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
