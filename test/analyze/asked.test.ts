import { describe, expect, it } from 'vitest'
import { commandsOf, json, pageOf, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// What the page asks of a file: every column that may tell something is asked after, or named with its command.
const file = filesFor('asked')

describe('one question beside several categories', () => {
  // By region and product alike, by "helped" 4 and 5 against 1 to 3.
  const answers = (i: number, high: number) => (i % 3 === 0 ? high : high - 1 - (i % 2))
  const rows = rowsOf(240, (i) => {
    const helped = (i >> 2) % 2 === 0
    return `${['Nord', 'Syd'][i % 2]},${'ABC'[(i >> 3) % 3]},${helped ? 'Ja' : 'Nej'},${answers(i, helped ? 5 : 3)}`
  })
  const path = file('cats.csv', `region,produkt,hjalpt,nojd\n${rows}\n`)
  it('is asked by all of them, and each has its command', async () => {
    const page = await pageOf(path)
    const related = page.answers.find(({ method }) => method === 'correlate')!
    expect(related.command).toContain('--x nojd --o region,produkt,hjalpt')
    expect(related.sentences[0]).toMatch(/^nojd differs between hjalpt Ja and Nej: lower for Nej \(r -0\.\d+/)
    expect(commandsOf(page)).toEqual([
      'csat --score nojd --by region',
      'correlate --x nojd --o region,produkt,hjalpt',
      'csat --score nojd --by produkt',
      'csat --score nojd --by hjalpt',
    ])
    expect(page.more.map(({ assumes }) => assumes)).toEqual([false, false])
  })
  it('and by one category alone once', async () => {
    const single = file('cat.csv', `region,nojd\n${rowsOf(60, (i) => `${'ab'[i % 2]},${1 + (i % 5)}`)}\n`)
    expect(commandsOf(await pageOf(single))).toEqual(['csat --score nojd --by region'])
    const many = file('many.csv', `town,nojd\n${rowsOf(300, (i) => `t${i % 15},${1 + (i % 5)}`)}\n`)
    expect(commandsOf(await pageOf(many))).toContain('correlate --x nojd --o town')
  })
})

it('pairs that have no p are in no count of pairs', async () => {
  // Nobody who had not finished was asked.
  const rows = rowsOf(
    66,
    (i) => `${i % 11 ? `${1 + (i % 5)},yes` : ',no'},100,${(i * 7) % 11},${(i * 5) % 13}`,
  )
  const path = file('constant.csv', `score,done,same,days,age\n${rows}\n`)
  const { sentences } = (await pageOf(path)).answers.find(({ method }) => method === 'correlate')!
  expect(sentences).toEqual([
    'No relation beyond chance in any of 2 pairs.',
    'Not tested: score and done (no variance).',
  ])
  const asked = ['--x', 'score', '--o', 'done,same,days,age', '--correction', 'bonferroni']
  const { conventions, result } = await json('correlate', path, ...asked)
  expect(conventions.join(' ')).toContain('p corrected over 2 pairs of 4, the others have no p')
  const days = result.pairs.find(({ o }: { o: string }) => o === 'days')
  expect(days.pCorrected).toBeCloseTo(Math.min(1, 2 * days.p), 12)
})

const day = (i: number) => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)
const month = (i: number) => `2025-${String(1 + i).padStart(2, '0')}`

describe('how long customers stay by two dates', () => {
  it('is told by what they bought, and each other category has its command', async () => {
    // Those of Plus stay twice as long; land tells nothing, and who has left is known from the end itself.
    const rows = rowsOf(120, (i) => {
      const stay = (20 + ((i * 37) % 61)) * (i % 2 ? 2 : 1)
      const left = i % 5 > 0
      return `${i},${day(i)},${left ? day(i + stay) : ''},${['SE', 'NO', 'FI'][i % 3]},${i % 2 ? 'Plus' : 'Bas'},${left ? 'avslutad' : 'aktiv'}`
    })
    const page = await pageOf(file('subs.csv', `kund_id,start,slut,land,abonnemang,status\n${rows}\n`))
    const stay = page.answers.find(({ method }) => method === 'survival')!
    expect(stay.command).toMatch(/--start start --end slut --by abonnemang$/)
    expect(stay.sentences[0]).toMatch(/^Bas: half have left after .*; Plus: half have left after /)
    expect(stay.sentences[1]).toMatch(/^The groups leave at different rates/)
    const others = page.more.filter(({ method }) => method === 'survival')
    expect(others.map(({ command }) => command.split('--by ')[1])).toEqual(['land'])
  })
})

describe('every measure over time', () => {
  it('is followed where the rows are the periods', async () => {
    const rows = rowsOf(30, (i) => `${day(7 * i)},${60 + ((i * 7) % 5)},${500 + 7 * i + ((i * 5) % 9)}`)
    const { answers } = await pageOf(file('weekly.csv', `Vecka,Tid,Samtal\n${rows}\n`))
    const [, calls] = answers.filter(({ method }) => method === 'trend')
    expect(calls!.command).toContain('--value Samtal --date Vecka')
    expect(calls!.sentences[0]).toMatch(/^The series has risen/)
  })
  it('has its command where several rows share a date, and the page tells for what', async () => {
    const rows = rowsOf(240, (i) => `${day(3 * (i % 60))},${(i * 7) % 11},${1 + (i % 5)},${(i * 31) % 97}`)
    const path = file('answers.csv', `datum,nps,personal,minuter\n${rows}\n`)
    const { more } = await pageOf(path)
    const named = more.filter(({ method }) => method === 'trend')
    expect(named.map(({ command }) => /--value (\S+)/.exec(command)?.[1])).toEqual(['personal', 'minuter'])
    const { out } = await run(path)
    expect(out.match(/ {2}Over time, the other columns:\n/g)).toHaveLength(1)
    for (const { command } of named) expect(out).toContain(command)
  })
})

describe('boxes that were ticked', () => {
  it('are told with how often, as nothing else speaks of them', async () => {
    const box = (is: boolean, mark: string) => (is ? mark : '')
    const rows = rowsOf(
      80,
      (i) => `${(i * 7) % 11},${box(i % 4 > 0, 'x')},${box(i % 2 > 0, 'x')},${box(i % 5 === 0, 'Chat')},SE`,
    )
    const { warnings } = await pageOf(
      file('ticks.csv', `nps,Kanal: Mail,Kanal: Phone,Kanal: Chat,land\n${rows}\n`),
    )
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^3 columns hold a word or nothing, as boxes do that are ticked: /)
    expect(warnings[0]).toContain('Kanal: Mail 75.0 %, Kanal: Phone 50.0 %, Kanal: Chat 20.0 % of all rows')
  })
})

describe('an initiative is asked after', () => {
  it.each([
    ['Group', 'Pilot', 'Control'],
    ['Cohort', 'Test', 'control'],
    ['Butiker', 'Försök', 'Kontrollgrupp'],
    ['group', 'treated', 'untreated'],
  ])('where %s is %s or %s', async (name, got, control) => {
    const rows = rowsOf(
      192,
      (i) => `Store ${i % 16},${i % 16 < 8 ? got : control},${month(i >> 4)},${40 + ((i * 7) % 13)}`,
    )
    const { more } = await pageOf(file(`${name}${got}.csv`, `Store,${name},Month,Score value\n${rows}\n`))
    const helped = more.find(({ method }) => method === 'initiative')!
    expect(helped.assumes).toBe(true)
    expect(helped.command).toContain(`--treated ${name} --treated-value ${got} --date Month`)
    const options = helped.command.replaceAll("'Score value'", 'Score_value').split(' ').slice(3)
    await json('initiative', ...options.map((one) => one.replace('Score_value', 'Score value')))
  })
})

describe('a scale asked after by a method that does not fit it', () => {
  const rows = rowsOf(60, (i) => `${i % 11},${1 + (i % 5)},${1 + (i % 7)},${'ab'[i % 2]}`)
  const path = file('scales.csv', `ten,five,seven,shop\n${rows}\n`)
  const hintOf = async (...argv: string[]) => {
    const [method, ...options] = argv as [string, ...string[]]
    const { out } = await run(method, path, ...options)
    const [hint] = (await json(method, path, ...options)).conventions as string[]
    return out.split('\n')[2] === hint ? hint : undefined
  }
  it.each([
    [
      'nps of 1 to 5',
      ['nps', '--score', 'five'],
      'All 60 answers of "five" lie between 1 and 5',
      'and csat tells',
    ],
    ['nps of 1 to 7', ['nps', '--score', 'seven'], 'lie between 1 and 7', 'csat --points 7 tells'],
    [
      'csat of 0 to 10',
      ['csat', '--score', 'ten'],
      '31 of 60 answers lie outside 1..5',
      'nps is for answers from 0 to 10',
    ],
    [
      'csat of 1 to 7',
      ['csat', '--score', 'seven'],
      '16 of 60 answers lie outside',
      '--points 7 takes them all',
    ],
    ['ces of 1 to 5', ['ces', '--score', 'five'], 'None of 60 answers', '--points 5 --top 2 --bottom 2'],
    ['ces of 0 to 10', ['ces', '--score', 'ten'], '21 of 60 answers lie outside 1..7', 'nps is for answers'],
  ])('%s is told with what fits', async (_, argv, said, instead) => {
    const hint = await hintOf(...argv)
    expect(hint).toContain(said)
    expect(hint).toContain(instead)
  })
  it('and where it fits, or the reader has said so, nothing is', async () => {
    for (const argv of [
      ['nps', '--score', 'ten'],
      ['csat', '--score', 'five'],
      ['csat', '--score', 'seven', '--points', '7'],
      ['ces', '--score', 'seven'],
      ['ces', '--score', 'five', '--points', '7'],
    ])
      expect(await hintOf(...argv), argv.join(' ')).toBeUndefined()
  })
})

it('one point of NPS is one point', async () => {
  // 51 promoters of 100 against 50.
  const rows = rowsOf(200, (i) => `${i < 100 ? 'a' : 'b'},${i % 100 < (i < 100 ? 50 : 51) ? 10 : 7}`)
  const { answers } = await pageOf(file('point.csv', `shop,nps\n${rows}\n`))
  expect(answers[0]!.sentences.at(-1)).toContain('From a to b it differs by 1 point, not more than chance')
})
