import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { json, refused, rowsOf, run } from './analyzed.ts'

// What somebody meets who has never used the command: slips that must be told, never computed around.

const folder = mkdtempSync(join(tmpdir(), 'samklang-newcomer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

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

describe('a file without a header', () => {
  it('is told of on the page and in results', async () => {
    const path = file(
      'bare.csv',
      `9,north,2026-01-05\n${rowsOf(40, (i) => `${i % 11},${i % 2 ? 'north' : 'south'},2026-0${1 + (i % 6)}-0${1 + (i % 9)}`)}\n`,
    )
    const told =
      'The first row ("9", "north", "2026-01-05") is taken for the names of the columns, but looks like the rows below it: if the file has no header, write one above it.'
    const page = JSON.parse((await run(path, '--json')).out)
    expect(page.warnings).toContain(told)
    const text = (await run(path)).out.replaceAll('\n', ' ')
    expect(text.split('looks like the rows below it')).toHaveLength(2)
    expect((await json('nps', path, '--score', '9')).conventions).toContain(told)
    const numbers = file('numbers.csv', `9,4\n${rowsOf(40, (i) => `${i % 11},${i % 5}`)}\n`)
    expect(JSON.parse((await run(numbers, '--json')).out).warnings[0]).toContain('but holds numbers alone')
  })
  it('is not taken for one where years or months name the columns', async () => {
    for (const header of ['store,2019,2020', 'store,2026-01,2026-02', 'store,1,2', 'store,q1,q2']) {
      const path = file('named.csv', `${header}\n${rowsOf(40, (i) => `s${i},${i % 11},${i % 7}`)}\n`)
      expect(JSON.parse((await run(path, '--json')).out).warnings, header).toEqual([])
    }
  })
})

describe('trend', () => {
  const months = (i: number) => `202${4 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`
  // A first month of two low answers, twenty of a hundred each; one of those is low as well when asked for.
  const series = (low: number) =>
    `day,mark\n2024-01-03,1\n2024-01-04,1\n${rowsOf(2000, (i) => {
      const month = 1 + Math.floor(i / 100)
      return `${months(month)}-05,${month === low ? 1 : 3 + ((i * 7 + month) % 3)}`
    })}\n`
  const options = ['--value', 'mark', '--date', 'day', '--period', 'month']
  const sentences = async (path: string) => {
    const page = JSON.parse((await run(path, '--json')).out)
    return page.answers.find(({ method }: { method: string }) => method === 'trend').sentences as string[]
  }
  it('leaves months of few answers out on the page, and says so', async () => {
    const one = await sentences(file('sparse.csv', series(0)))
    expect(one).toContain('Left out for having few answers: 2024-01 (n 2).')
    expect(one.at(-1)).toBe('No single point lies outside the control limits.')
    const both = await sentences(file('low.csv', series(15)))
    expect(both).toContain('Left out for having few answers: 2024-01 (n 2).')
    expect(both.at(-1)).toBe('1 of 20 points lies outside the control limits: 2025-04.')
  })
  it('says false, and gives no reason, for points inside the limits', async () => {
    const { result } = await json('trend', file('inside.csv', series(0)), ...options)
    for (const chart of ['individuals', 'ewma', 'cusum']) {
      const points = result.charts[chart].points
      expect(
        points.some(({ outside }: { outside: unknown }) => outside === false),
        chart,
      ).toBe(true)
      expect(JSON.stringify(points), chart).not.toContain('not applicable')
    }
  })
  it('hints at --date-format when most dates are not understood', async () => {
    const path = file(
      'dmy.csv',
      `day,mark,who,end\n${rowsOf(40, (i) => `${13 + (i % 9)}.1.2026,${i % 5},c${i % 7},${13 + (i % 9)}.2.2026`)}\n`,
    )
    const hint = /--date-format dmy or mdy/
    for (const [method, own] of [
      ['trend', options],
      ['forecast', options],
      ['nps', ['--score', 'mark', '--date', 'day']],
      ['value', ['--customer', 'who', '--date', 'day', '--amount', 'mark']],
      ['survival', ['--start', 'day', '--end', 'end']],
    ] as const) {
      const { out } = await run(method, path, ...own)
      // Above the empty tables, where it is seen.
      expect(out.split('\n')[2], method).toMatch(hint)
      expect((await json(method, path, ...own)).conventions[0], method).toMatch(hint)
    }
    const other = await json('nps', path, '--score', 'mark', '--date', 'day', '--date-format', 'mdy')
    expect(other.conventions[0]).toBe(
      'Most dates were not understood as mdy; --date-format dmy reads 31/1/2026.',
    )
  })
})
