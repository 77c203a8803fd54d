import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { json, rowsOf, run } from './analyzed.ts'

// What is a point of a scale, a code or the number of a name is told by what stands beside it, and else by the reader.

const folder = mkdtempSync(join(tmpdir(), 'samklang-columns-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function file(header: string, n: number, of: (i: number) => string) {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, `${header}\n${rowsOf(n, of)}\n`)
  return path
}
const page = async (...argv: string[]) => (await run(...argv)).out.replace(/\s+/g, ' ')
const pageJson = async (path: string) => JSON.parse((await run(path, '--json')).out)
const kindsOf = async (path: string): Promise<Record<string, string>> => {
  const { columns } = await pageJson(path)
  return Object.fromEntries(columns.map(({ name, kind }: { name: string; kind: string }) => [name, kind]))
}
/** How each question on the page is put to a method. */
const askedOf = async (path: string): Promise<string[]> => {
  const { answers, more } = await pageJson(path)
  return [...answers, ...more].map(({ command }: { command: string }) => command.replace(path, 'FILE'))
}

const SATISFIED = ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied']

describe('a word that no language knows', () => {
  it('is left to the reader where more than a tenth gave it, and nothing is said of the rest', async () => {
    const words = file(
      'store,satisfaction',
      120,
      (i) => `${'AB'[i % 2]},${i % 6 === 5 ? 'Zork' : SATISFIED[i % 6]}`,
    )
    const told = await page(words)
    expect(told).toContain(
      'satisfaction is not read as a scale: it holds the points of a scale and "Zork" (20 times), which may be a point',
    )
    expect(told).toContain('--blank satisfaction=Zork takes it for no answer')
    expect(told).toContain(`--scale 'satisfaction=${SATISFIED.join(',')},Zork' gives it its place`)
    expect(told).not.toContain('are satisfied')
    const numbers = file('store,rating', 120, (i) => `${'AB'[i % 2]},${i % 6 === 5 ? 'Zork' : 1 + (i % 6)}`)
    expect(await page(numbers)).toContain(
      'rating is not read as a scale: it holds numbers and "Zork" (20 times)',
    )
    expect(await page(numbers)).not.toContain('are satisfied')
  })
  it.each([
    'Delighted',
    'Furious',
    'Awesome',
    'Loved it',
    'Hate it',
    'Toppen',
    'Kasst',
    'Prefer another shop',
    'Happy',
  ])('%s is what somebody feels: left to the reader however seldom', async (word) => {
    const path = file('clarity,rating', 210, (i) =>
      i % 21 === 20 ? `${word},${word}` : `${SATISFIED[i % 5]},${1 + (i % 5)}`,
    )
    const told = await page(path)
    expect(told).toContain(
      `clarity is not read as a scale: it holds the points of a scale and "${word}" (10 times)`,
    )
    expect(told).toContain(`rating is not read as a scale: it holds numbers and "${word}" (10 times)`)
  })
  it('is not called blank by a method, which tells what is not read', async () => {
    const path = file('satisfaction', 120, (i) => (i % 6 === 5 ? 'Delighted' : SATISFIED[i % 6]!))
    const { dropped, conventions } = await json('csat', path, '--score', 'satisfaction')
    expect(dropped).toEqual({ 'score not a number': 120 })
    expect(conventions.join(' ')).toContain('"Delighted" (20 times), which may be a point of its scale')
    const left = await json('csat', path, '--blank', 'satisfaction=Delighted', '--score', 'satisfaction')
    expect(left.used).toBe(100)
  })
  it('may be as common as it likes where it is known to say nothing', async () => {
    const path = file('satisfaction', 120, (i) => (i % 6 > 2 ? "Don't know" : SATISFIED[i % 5]!))
    expect((await json('csat', path, '--score', 'satisfaction')).used).toBe(60)
  })
})

describe('an answer below 0', () => {
  it.each([1, 2, 3])('is a point of a scale from -%i to as much above, however common', async (end) => {
    const path = file(
      'team,rating,days',
      120,
      (i) => `${'AB'[i % 2]},${(i % (2 * end + 1)) - end},${(i * 7) % 13}`,
    )
    expect(await page(path)).not.toContain('code for no answer')
    const { pairs } = (await pageJson(path)).answers[0].result
    expect(pairs.find(({ o, x }: { o: string; x: string }) => `${x} ${o}`.includes('days'))!.n).toBe(120)
  })
  it('is a code apart from the scale: -1 beside 1 to 5 and 0 to 10, -9 beside -1 to 1', async () => {
    const code = (of: (i: number) => number, low: number) =>
      file('group,rating', 330, (i) => `${'AB'[i % 2]},${i % 10 === 3 ? low : of(i)}`)
    expect(await page(code((i) => 1 + (i % 5), -1))).toContain(
      'from 1 to 5 but for -1 (33 times), which looks like',
    )
    expect(await page(code((i) => i % 11, -1))).toContain(
      'from 0 to 10 but for -1 (33 times), which looks like',
    )
    expect(await page(code((i) => (i % 3) - 1, -9))).toContain(
      'from -1 to 1 but for -9 (33 times), which looks like',
    )
  })
  it('is left to the reader where few gave it, or where more did than a code is given', async () => {
    const few = file('rating,days', 120, (i) => `${i % 20 === 3 ? -1 : i % 2},${(i * 7) % 13}`)
    expect(await page(few)).toContain('rating goes down to -1: -1 (6 times) is read as a point of its scale')
    expect(await page(few)).toContain('--blank rating=-1 leaves it out')
    const uneven = (every: number) =>
      file('rating,days', 120, (i) => `${i % every === 3 ? -1 : i % 3},${(i * 7) % 13}`)
    expect(await page(uneven(5))).toContain(
      'rating goes down to -1: -1 (24 times) is read as a point of its scale',
    )
    expect(await page(uneven(20))).toContain('from 0 to 2 but for -1 (6 times), which looks like a code')
  })
})
