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

describe('numbers under the name of a category', () => {
  const coded = (name: string, points = 4, low = 1) =>
    file(
      `${name},nps,days`,
      240,
      (i) => `${low + (i % points)},${i % points > 1 ? (i * 7) % 5 : 6 + ((i * 3) % 5)},${(i * 7) % 13}`,
    )
  it.each([
    'region',
    'gender',
    'kön',
    'sex',
    'butik',
    'store',
    'shop',
    'land',
    'country',
    'market',
    'segment',
    'avdelning',
    'department',
    'team',
    'site',
    'kanal',
    'channel',
    'product',
    'produkt',
    'plan',
    'group',
    'wave',
    'language',
    'type',
    'category',
    'Kundtyp',
    'region code',
    'customerSegment',
    'Vilken region bor du i?',
  ])('are codes of names and told so: %s', async (name) => {
    const path = coded(name)
    expect((await kindsOf(path))[name]).toBe('category')
    expect(await page(path)).toContain(
      `${name} is read as codes: numbers that stand for names, and no amounts`,
    )
    const commands = await askedOf(path)
    expect(commands.some((command) => / nps FILE .*--by /.test(command))).toBe(true)
    expect(commands.some((command) => command.includes(' drivers '))).toBe(false)
    const { result } = await json('correlate', path, '--x', 'nps', '--o', name)
    expect(result.pairs[0].kind).toBe('number by category')
  })
  it.each([
    'team size',
    'market share',
    'product rating',
    'store visits',
    'plan price',
    'rooms',
    'q1_service',
  ])('are amounts and answers else: %s', async (name) => {
    expect(await page(coded(name))).not.toContain('is read as codes')
  })
  it('are read as numbers where --scale has it', async () => {
    const path = coded('region')
    expect(
      (
        await json('correlate', path, '--x', 'nps', '--o', 'region', '--scale', 'region=1,2,3,4')
      ).conventions.join(' '),
    ).not.toContain('read as codes')
  })
  it('are no codes where nearly each row has its own, and none of a product that is rated beside others', async () => {
    const own = file('wave,sales', 18, (i) => `${i + 1},${100 + ((i * 7) % 13)}`)
    expect(await page(own)).not.toContain('is read as codes')
    const rated = file(
      'staff,price,product',
      200,
      (i) => `${1 + (i % 5)},${1 + ((i >> 1) % 5)},${1 + ((i * 3) % 5)}`,
    )
    expect((await kindsOf(rated)).product).toBe('scale')
    const shop = file('satisfaction,product', 200, (i) => `${1 + (i % 5)},${1 + ((i * 3) % 5)}`)
    expect((await kindsOf(shop)).product).toBe('category')
  })
})

describe('answers in half points', () => {
  const half = (i: number, k: number) => ((((i * k) % 11) + 6) / 2 + ((i * 5) % 4) / 2).toFixed(1)
  it('are answers: their means, and what goes with the whole of them', async () => {
    const path = file(
      'Overall rating,Cleanliness,Staff,Location',
      200,
      (i) => `${half(i, 3)},${half(i, 7)},${half(i, 4)},${half(i, 9)}`,
    )
    expect(new Set(Object.values(await kindsOf(path)))).toEqual(new Set(['scale']))
    const commands = await askedOf(path)
    expect(commands).toContain(
      "samklang analyze drivers FILE --outcome 'Overall rating' --drivers Cleanliness,Staff,Location",
    )
    // Shares of the highest two points and low and high marks are those of whole points.
    expect(commands.some((command) => /analyze (csat|nps|penalty-reward) /.test(command))).toBe(false)
    expect(await page(path)).toContain('Means of the other scales: ')
  })
  it('are held beside the one category that a file has', async () => {
    const path = file('rating,hotel', 200, (i) => `${half(i, 3)},${'AB'[i % 2]}`)
    expect(await askedOf(path)).toContain('samklang analyze correlate FILE --x rating --o hotel')
  })
  it('are none that nobody was asked, nor those of tenths', async () => {
    const doses = file('dose,width,mass', 200, (i) => `${half(i, 3)},${half(i, 7)},${half(i, 4)}`)
    expect(Object.values(await kindsOf(doses))).toEqual(['number', 'number', 'number'])
    const tenths = file('rating,sold', 200, (i) => `${(3 + (i % 20) / 10).toFixed(1)},${(i * 7) % 90}`)
    expect((await kindsOf(tenths)).rating).toBe('number')
    const slip = file('rating,sold', 200, (i) => `${i === 7 ? 4.5 : 1 + (i % 5)},${(i * 7) % 90}`)
    expect((await kindsOf(slip)).rating).toBe('number')
  })
})

describe('words of survey tools', () => {
  it('"Offered" is no answer yet, and the order of the two others is ready', async () => {
    const path = file(
      'Satisfaction Score',
      120,
      (i) => ['Offered', 'Good', 'Bad', 'Good', 'Offered', 'Good'][i % 6]!,
    )
    expect(await page(path)).toContain(
      `--scale 'Satisfaction Score=Bad,Good' reads them once they stand in order, the worst first, and leaves "Offered" out as no answer`,
    )
    const { used, result } = await json(
      'csat',
      path,
      '--score',
      'Satisfaction Score',
      '--scale',
      'Satisfaction Score=Bad,Good',
      '--points',
      '2',
      '--top',
      '1',
      '--bottom',
      '1',
    )
    expect([used, result.groups[0].top.count]).toEqual([80, 60])
  })
  it('"Very low quality" to "Very high quality" are five points', async () => {
    const words = [
      'Very low quality',
      'Low quality',
      'Neither high nor low quality',
      'High quality',
      'Very high quality',
    ]
    const path = file('How would you rate the quality?', 100, (i) => words[Math.min(i % 7, 4)]!)
    const { result } = await json('csat', path, '--score', 'How would you rate the quality?')
    expect(result.groups[0].counts).toEqual([15, 15, 14, 14, 42])
  })
})

describe('customers', () => {
  const bought = (name: string, customers: number) =>
    file(
      `${name},Date,Amount`,
      200,
      (i) =>
        `u${(i * 7) % customers}@ex.com,2025-${String(1 + (i % 12)).padStart(2, '0')}-1${i % 9},${10 + ((i * 13) % 90)}`,
    )
  const isAsked = async (path: string) =>
    (await askedOf(path)).some((command) => command.includes('analyze value FILE --customer'))
  it.each([
    'Email',
    'E-post',
    'Mail',
    'Buyer',
    'Billing Name',
    'Köpare',
    'Konto',
    'Kontakt',
    'Personnummer',
    'shopper',
    'visitor',
    'Användare',
    'Medlem',
    'Customer',
    'client_id',
  ])('are known by %s, and what they are worth is asked', async (name) =>
    expect(await isAsked(bought(name, 50))).toBe(true),
  )
  it('are not those who all came once, nor what has another name', async () => {
    expect(await isAsked(bought('Email', 200))).toBe(false)
    expect(await isAsked(bought('Kontor', 50))).toBe(false)
    expect(await isAsked(bought('Email subject', 50))).toBe(false)
  })
})

describe('what a heading alone would say wrongly', () => {
  const score = (i: number) => 1 + ((i * 7 + (i % 3)) % 5)
  it('comments that have been sorted into kinds are asked by like any category', async () => {
    const sorted = file(
      'region,satisfaction,comment_category',
      300,
      (i) =>
        `${'AB'[i % 2]},${1 + (i % 3) * 2 - (i % 3 && i % 4 === 0 ? 1 : 0)},${['Price', 'Delivery', 'Service'][i % 3]}`,
    )
    expect(await page(sorted)).toContain('satisfaction and comment_category: the groups differ')
  })
  it.each(['Number of products', 'NumOfProducts', 'no_of_stores', '# of products', 'products'])(
    '%s is an amount, though products have names',
    async (name) => {
      const counted = file(`${name},nps`, 200, (i) => `${1 + (i % 4)},${(i * 7) % 11}`)
      expect(await kindsOf(counted)).toEqual({ [name]: 'number', nps: 'scale' })
    },
  )
  it.each(['city', 'Stad', 'employment', 'cohort', 'Betalsätt'])('%s is a name in numbers', async (name) => {
    const coded = file(`${name},csat`, 200, (i) => `${1 + (i % 4)},${score(i)}`)
    expect(await kindsOf(coded)).toEqual({ [name]: 'category', csat: 'scale' })
  })
  it('customers with one row each have bought nothing by that', async () => {
    const list = file(
      'Kundnr,Kund sedan,Månadsintäkt',
      200,
      (i) => `K${1000 + i},20${10 + (i % 14)}-0${1 + (i % 9)}-1${i % 9},${500 + ((i * 37) % 900)}.50`,
    )
    expect((await askedOf(list)).join(' ')).not.toContain('analyze value')
  })
})
