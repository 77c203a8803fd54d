import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Patterns } from '../../src/analyze/methods/penalty-reward/marks.ts'
import { countWords } from '../../src/analyze/methods/words/count.ts'
import { Options } from '../../src/analyze/options/options.ts'
import { openCsv } from '../../src/analyze/table/csv.ts'
import { type TTest, welch } from '../../src/stats/mean.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { json, rowsOf } from './analyzed.ts'

// What keeps a million rows in bounded memory gives the same figures as keeping everything.

const folder = mkdtempSync(join(tmpdir(), 'samklang-bounded-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const letters = (i: number) =>
  [i % 26, Math.floor(i / 26) % 26].map((k) => 'abcdefghijklmnopqrstuvwxyz'[k]).join('')

describe('words too many to keep', () => {
  const path = join(folder, 'words.csv')
  writeFileSync(
    path,
    `side,lang,text\n${rowsOf(600, (i) => `${i % 2 ? 'x' : 'y'},${i % 3 ? 'sv' : 'en'},common ${i % 4 ? 'often' : 'seldom'} w${letters(i)}q w${letters(i % 50)}z`)}\n`,
  )
  const options = (columns: readonly string[]) =>
    new Options(
      new Map([
        ['text', ['text']],
        ['by', ['side']],
        ['language', ['lang']],
      ]),
      columns,
    )
  it('leave out the rare ones, and count the others as if all had been kept', async () => {
    const csv = await openCsv(path, {})
    const input = { csv, options: options(csv.columns) }
    const whole = await countWords(input, 1)
    expect(whole.least).toBe(1)
    const cut = await countWords(input, 1, 400)
    expect(cut.least).toBeGreaterThan(1)
    expect([cut.rows, cut.used]).toEqual([whole.rows, whole.used])
    let kept = 0
    for (const [side, words] of cut.pooled)
      for (const [word, n] of words) expect([word, whole.pooled.get(side)!.get(word)]).toEqual([word, n])
    for (const sides of [cut.pooled, ...cut.languages.values()])
      for (const words of sides.values()) kept += words.size
    expect(kept).toBeLessThanOrEqual(400)
    // Every word that is as common as asked is there.
    const all = new Map<string, number>()
    for (const words of whole.pooled.values())
      for (const [word, n] of words) all.set(word, (all.get(word) ?? 0) + n)
    for (const [word, n] of all)
      if (n >= cut.least) expect([...cut.pooled.values()].some((words) => words.has(word))).toBe(true)
  })
})

describe('patterns of marks', () => {
  it('hold each combination once, of any number of attributes, with the moments of its scores', () => {
    const mark = fc.constantFrom(-1, 0, 1)
    const rows = fc
      .integer({ min: 1, max: 20 })
      .chain((size) =>
        fc.array(
          fc.tuple(fc.array(mark, { minLength: size, maxLength: size }), fc.integer({ min: 0, max: 10 })),
          { minLength: 1, maxLength: 60 },
        ),
      )
    fc.assert(
      fc.property(rows, (rows) => {
        const patterns = new Patterns(rows[0]![0].length)
        const plain = new Map<string, number[]>()
        for (const [marks, score] of rows) {
          patterns.add(Int8Array.from(marks), score)
          plain.set(marks.join(), [...(plain.get(marks.join()) ?? []), score])
        }
        const found = [...patterns]
        expect(found.map(({ marks }) => Array.from(marks).join())).toEqual([...plain.keys()])
        for (const { marks, overall } of found) {
          const { n, mean, squares } = momentsOf(plain.get(Array.from(marks).join())!)
          expect(overall.n).toBe(n)
          expect(overall.mean).toBeCloseTo(mean, 10)
          expect(overall.squares).toBeCloseTo(squares, 8)
        }
      }),
    )
  })
})

describe('the best customers', () => {
  it('are those of the whole list, and the sums are of all', async () => {
    const path = join(folder, 'orders.csv')
    writeFileSync(
      path,
      `who,day,sum,order\n${rowsOf(300, (i) => `c${(i * 7) % 61},2026-0${1 + (i % 9)}-1${i % 7},${((i * 37) % 100) - (i % 50 === 0 ? 200 : 0)},o${i % 200}`)}\n`,
    )
    const asked = ['--customer', 'who', '--date', 'day', '--amount', 'sum', '--order', 'order']
    const { rfm: all } = (await json('value', path, ...asked)).result
    const { rfm: few } = (await json('value', path, ...asked, '--top', '7')).result
    const worth = (c: { rfm: string }) => [...c.rfm].reduce((sum, digit) => sum + Number(digit), 0)
    type Customer = { rfm: string; monetary: number }
    expect(few.customers).toEqual(
      all.customers
        .toSorted((a: Customer, b: Customer) => worth(b) - worth(a) || b.monetary - a.monetary)
        .slice(0, 7),
    )
    expect([few.n, few.revenue, few.grid, few.byMonetary]).toEqual([
      all.n,
      all.revenue,
      all.grid,
      all.byMonetary,
    ])
    expect(all.customers).toHaveLength(all.n)
  })
  it('lifetime values of rows are listed up to --top, and counted all', async () => {
    const path = join(folder, 'lives.csv')
    writeFileSync(path, `keep\n${rowsOf(30, (i) => `0.${10 + i}`)}\n`)
    const asked = ['--retention', 'keep', '--discount', '0.1']
    const all = await json('value', path, ...asked)
    const few = await json('value', path, ...asked, '--top', '4')
    expect(few.result.lifetimes).toEqual(all.result.lifetimes.slice(0, 4))
    expect([few.used, all.used, all.result.lifetimes.length]).toEqual([30, 30, 30])
    expect(few.conventions).toContain('The first 4 rows are listed (--top).')
  })
})

describe('customers too many to hold one by one', () => {
  it('are compared all the same, each a cluster of its own', async () => {
    const path = join(folder, 'customers.csv')
    const earlier = (i: number) => 20 + ((i * 7) % 13)
    const later = (i: number) => earlier(i) + ((i * 5) % 4) + (i % 3 === 0 ? 2 : 0)
    writeFileSync(
      path,
      `customer,got,before,after\n${rowsOf(61_000, (i) => `c${i},${i % 3 === 0 ? 1 : 0},${earlier(i)},${later(i)}`)}\n`,
    )
    const own = ['--treated', 'got', '--outcome', 'after', '--before', 'before']
    const { result } = await json('initiative', path, ...own)
    const named = await json('initiative', path, ...own, '--unit', 'customer')
    expect(result.clusters).toBe(61_000)
    expect(named.result).toEqual(result)
    // Each changes once, so that the clusters' error is that of Welch on the changes.
    const changes = [0, 1].map((arm) =>
      momentsOf(
        Array.from({ length: 61_000 }, (_, i) => i)
          .filter((i) => (i % 3 === 0 ? 1 : 0) === arm)
          .map((i) => later(i) - earlier(i)),
      ),
    )
    const test = welch(changes[0]!, changes[1]!) as TTest
    expect(result.did.effect).toBeCloseTo(test.difference, 9)
    expect(result.did.errors.cr2.se).toBeCloseTo(test.se, 9)
    expect(result.welch.change.df).toBeCloseTo(test.df, 4)
  })
})
