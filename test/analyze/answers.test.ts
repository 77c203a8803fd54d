import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { filesIn, growing, json, page, refused } from './analyzed.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-answers-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = filesIn(folder)

const quality = ['Poor', 'Fair', 'Good', 'Very good', 'Excellent']
const seven = [
  'Instämmer inte alls',
  'Instämmer inte',
  'Instämmer delvis inte',
  'Varken eller',
  'Instämmer delvis',
  'Instämmer',
  'Instämmer helt',
]

describe('a column of answers in words', () => {
  it('has each word on its own point, and the scale told word by word', async () => {
    const path = file('quality.csv', 'quality,shop', 25, (i) => `${growing(quality)(i)},${'ab'[i % 2]}`)
    const { result, conventions } = await json('csat', path, '--score', 'quality')
    expect(result.groups[0].counts).toEqual([3, 4, 5, 6, 7])
    expect(conventions.join(' ')).toContain('"Poor" is 1, "Fair" is 2, "Good" is 3, "Very good" is 4')
  })
  it('is read by its own scale, whatever the same words are in another column', async () => {
    const five = [seven[0], seven[2], seven[3], seven[4], seven[6]] as string[]
    const path = file('both.csv', 'a,b', 210, (i) => `${five[i % 5]},${growing(seven)(i)}`)
    const ces = await json('ces', path, '--score', 'b')
    expect(ces.result.groups[0].counts).toEqual([15, 20, 25, 30, 35, 40, 45])
    expect(ces.used).toBe(210)
    const csat = await json('csat', path, '--score', 'a')
    expect(csat.result.groups[0].counts).toEqual([42, 42, 42, 42, 42])
  })
  it('on other points than a method takes is refused with what to add', async () => {
    const path = file('seven.csv', 'q', 42, growing(seven))
    expect(await refused('csat', path, '--score', 'q')).toBe(
      '"q" is answered in words on 7 points, and csat takes 5: --points 7',
    )
    expect(await refused('nps', path, '--score', 'q')).toContain('answered in words on 7 points')
    expect(await refused('trend', path, '--score', 'q')).toContain('NPS takes answers 0..10')
    const { result } = await json('ces', path, '--score', 'q')
    expect(result.groups[0].counts).toEqual([3, 4, 5, 6, 7, 8, 9])
    expect(await page(path)).toContain('--points 7')
  })
  it('with a word that is not known is told and not read, and read when its order is given', async () => {
    const words = ['Rotten', 'Fair', 'Good', 'Very good', 'Superb']
    const path = file('unknown.csv', 'food,shop', 50, (i) => `${words[i % 5]},${'ab'[i % 2]}`)
    const told = await page(path)
    expect(told).toContain('food is not read as a scale: "Rotten", "Superb" and "Fair" are no points')
    expect(told).toContain("--scale 'food=LOWEST,...,HIGHEST'")
    expect(told).not.toContain('analyze csat')
    const given = ['--scale', `food=${words.join(',')}`]
    const { result } = await json('csat', path, '--score', 'food', ...given)
    expect(result.groups[0].counts).toEqual([10, 10, 10, 10, 10])
    expect(await page(path, ...given)).toContain(`--scale 'food=${words.join(',')}' --score food`)
  })
  it('"Don\'t know" is left out and told, however often it stands', async () => {
    const words = [...quality, "Don't know", "Don't know"]
    const path = file('unsure.csv', 'service quality,shop', 70, (i) => `${words[i % 7]},${'ab'[i % 2]}`)
    const told = await page(path)
    expect(told).toContain('service quality (answers on a scale, 29 % blank)')
    expect(told).toContain('"Don\'t know" is no answer and left out')
  })
})

it('a first row of words for no answer is one who answered, and no heading', async () => {
  const swedish = file('dk.csv', 'q1,q2,nps,butik', 100, (i) =>
    i === 0
      ? 'Vill ej svara,Ej relevant,Inget svar,A'
      : `${(i % 5) + 1},${(i % 4) + 2},${i % 11},${'AB'[i % 2]}`,
  )
  const made = await json('nps', swedish, '--score', 'nps')
  expect([made.rows, made.used]).toEqual([100, 99])
  const named = file('named.csv', 'q1,q2,nps,butik', 100, (i) =>
    i === 0
      ? 'How was the staff?,How was the price?,Recommend?,Shop'
      : `${(i % 5) + 1},${(i % 4) + 2},${i % 11},A`,
  )
  expect((await json('nps', named, '--score', 'nps')).rows).toBe(99)
})

describe('numbers with words beside them', () => {
  const expected = [
    '1 - Much worse than expected',
    '2 - Worse than expected',
    '3 - As expected',
    '4 - Better than expected',
    '5 - Much better than expected',
  ]
  const numbered = (name: string, column: string, labels: readonly string[]) =>
    file(name, `id,${column}`, 50, (i) => `${i},${labels[i % labels.length]}`)
  it.each(['q', 'Staff', 'Omdöme', 'Leveranstid', 'How did we do?'])(
    'are read by the number in a column called %s',
    async (column) => {
      const { used, result } = await json(
        'csat',
        numbered('expected.csv', column, expected),
        '--score',
        column,
      )
      expect([used, result.groups[0].counts]).toEqual([50, [10, 10, 10, 10, 10]])
    },
  )
  it('are told where the words may be categories or the numbers are no whole scale', async () => {
    const towns = numbered('towns.csv', 'town', ['1. Lund', '2. Oslo', '3. Bergen', '4. Turku', '5. Aarhus'])
    expect(await page(towns)).toContain(
      'town is not read as a scale: the numbers beside its words may be those of categories',
    )
    expect(
      await page(numbered('gap.csv', 'q', [...expected.slice(0, 4), '9 - Far better than expected'])),
    ).toContain(
      'q is not read as a scale: the numbers beside its words are not those of one scale without a gap',
    )
    const regions = numbered('regions.csv', 'region', [
      '1. Lund',
      '2. Oslo',
      '3. Bergen',
      '4. Turku',
      '5. Aarhus',
    ])
    expect(await page(regions)).not.toContain('not read as a scale')
  })
})

describe('a scale that is given', () => {
  const path = file(
    'given.csv',
    'a,b',
    30,
    (i) => `${['low', 'mid', 'high'][i % 3]},${[1, 1, 1, 2, 5][i % 5]}`,
  )
  it('reads every column that it holds', async () => {
    const { result } = await json(
      'csat',
      path,
      '--score',
      'a',
      '--points',
      '3',
      '--top',
      '1',
      '--bottom',
      '1',
      '--scale',
      'low|mid|high',
    )
    expect(result.groups[0].counts).toEqual([10, 10, 10])
  })
  it('of numbers turns a column, which has to be named', async () => {
    const { result } = await json('csat', path, '--score', 'b', '--scale', 'b=5,4,3,2,1')
    expect(result.groups[0].counts).toEqual([6, 0, 0, 6, 18])
    expect(await refused('csat', path, '--score', 'b', '--scale', '5,4,3,2,1')).toContain('name the column')
  })
  it('that nothing is on, or that is none, is refused', async () => {
    expect(await refused('csat', path, '--score', 'a', '--scale', 'bad,good')).toContain('no column holds')
    expect(await refused('csat', path, '--score', 'a', '--scale', 'b=x,y')).toContain('holds none')
    expect(await refused('csat', path, '--score', 'a', '--scale', 'c=x,y')).toContain(
      'there is no column "c"',
    )
    expect(await refused('csat', path, '--score', 'a', '--scale', 'low,low')).toContain(
      'two different answers',
    )
  })
})

it('numbers that run against their words are turned and told, and never call the dissatisfied satisfied', async () => {
  const labels = [
    '1 - Very satisfied',
    '2 - Satisfied',
    '3 - Neutral',
    '4 - Dissatisfied',
    '5 - Very dissatisfied',
  ]
  const path = file(
    'turned.csv',
    'q_satisfaction,store',
    100,
    (i) => `${labels[[0, 0, 0, 1, 4][i % 5]!]},${'AB'[i % 2]}`,
  )
  const told = await page(path)
  expect(told).toContain('The numbers of q_satisfaction run against their words, and the words win')
  expect(told).toContain('As many are satisfied (4-5 of 5) in both groups: 80.0 %')
  const { result } = await json('csat', path, '--score', 'q_satisfaction')
  expect(result.groups[0].counts).toEqual([20, 0, 0, 20, 60])
})

describe('codes for no answer', () => {
  const staff = (i: number) => (i % 5) + 1
  const coded = (name: string, code: number) =>
    file(
      name,
      'satisfaction,staff,group',
      200,
      (i) => `${i % 20 === 7 ? code : staff(i * 3)},${staff(i)},${'AB'[(i >> 1) % 2]}`,
    )
  it.each([
    ['behind a gap', 9],
    ['behind a gap', 8],
    ['far away', 99],
    ['below', -1],
    ['one above where the other questions end', 6],
    ['below where the other questions begin', 0],
  ])('%s are left out of the page and its commands: %s', async (_, code) => {
    const path = coded(`code${code}.csv`, code)
    const told = await page(path)
    expect(told).toContain(
      `satisfaction runs from 1 to 5 but for ${code} (10 times), which looks like a code for no answer: left out here`,
    )
    expect(told).toContain(`--blank satisfaction=${code} --score satisfaction --by group`)
    expect(told).toContain('(4-5 of 5)')
    // A method alone takes them as they stand, and says what to do.
    const { conventions } = await json('correlate', path, '--x', 'satisfaction', '--o', 'staff')
    expect(conventions.join(' ')).toContain(`--blank satisfaction=${code} leaves it out`)
  })
  it('are blank in the column named alone', async () => {
    const path = file('own.csv', 'a,b', 20, (i) => `${i % 2 ? 9 : 5},${i % 2 ? 9 : 8}`)
    expect((await json('nps', path, '--score', 'a', '--blank', 'a=9')).used).toBe(10)
    expect((await json('nps', path, '--score', 'b', '--blank', 'a=9')).used).toBe(20)
    expect(await refused('nps', path, '--score', 'b', '--blank', 'c=9')).toContain('there is no column "c"')
  })
  it('are no 9 among marks from 0 to 10, and those of a question are codes beside it too', async () => {
    const nps = file('nps.csv', 'nps,staff', 120, (i) => `${[1, 2, 3, 4, 5, 9][i % 6]},${staff(i)}`)
    expect(await page(nps)).not.toContain('code for no answer')
    const rare = (i: number) => (i % 12 === 11 ? 9 : staff(i))
    const both = file(
      'both-coded.csv',
      'satisfaction,price,children',
      120,
      (i) => `${rare(i)},${rare(i * 7)},${rare(i)}`,
    )
    expect(await page(both)).toContain('satisfaction runs from 1 to 5 but for 9 (10 times)')
    const battery = file('battery.csv', 'satisfaction,staff', 120, (i) => `${rare(i)},${rare(i * 7)}`)
    expect(await page(battery)).toContain('satisfaction, staff run from 1 to 5 but for 9 (10, 10 times)')
  })
  it('are rare: the commonest answer is one, and a common 9 is left to the reader', async () => {
    const happy = file(
      'happy.csv',
      'q_satisfaction,q_staff',
      200,
      (i) => `${i % 5 < 2 ? 6 : (i % 6) + 1},${staff(i)}`,
    )
    const told = await page(happy)
    expect(told).toContain('q_satisfaction runs from 1 to 6: six points, or five and 6 for no answer')
    expect(told).not.toContain('left out')
    expect(told).not.toContain('are satisfied (')
    const common = file(
      'common.csv',
      'satisfaction,group',
      120,
      (i) => `${[1, 2, 3, 4, 5, 9][i % 6]},${'AB'[(i >> 1) % 2]}`,
    )
    const open = await page(common)
    expect(open).toContain('satisfaction runs from 1 to 5 but for 9, which may be a mark among ten or a code')
    expect(open).toContain('--blank satisfaction=9 leaves it out')
    expect(open).not.toContain('9-10 of 10')
  })
  it('are none among marks from 0 to 10, whatever the name', async () => {
    const path = file(
      'marks.csv',
      'score,sat',
      180,
      (i) => `${[0, 1, 2, 3, 4, 5, 6, 7, 9][i % 9]},${staff(i)}`,
    )
    const told = await page(path)
    expect(told).toContain('Who recommends us (score)?')
    expect(told).not.toContain('left out')
    const short = file('short.csv', 'service', 60, (i) => `${i % 20 === 3 ? 9 : (i % 7) + 1}`)
    expect(await page(short)).toContain('service runs from 1 to 7 but for 9, which may be a mark')
  })
  it('are so in every column of the same points, or in none', async () => {
    const path = file(
      'alike.csv',
      'service_rating,food_rating',
      400,
      (i) => `${i % 20 === 3 ? 9 : (i % 7) + 1},${i % 7 === 3 ? 9 : (i % 6) + 2}`,
    )
    const told = await page(path)
    expect(told).toContain('service_rating runs from 1 to 7 but for 9, which may be a mark among ten')
    expect(told).toContain('food_rating runs from 2 to 7 but for 9, which may be a mark among ten')
    expect(told).not.toMatch(/9-10 of 10|6-7 of 7|penalty-reward/)
  })
  it('may be the 8 that nobody went beyond: no ten points are made of it', async () => {
    const eight = (i: number) => (i % 16 === 5 ? 8 : (i % 7) + 1)
    const alone = file('eight.csv', 'satisfaction,group', 320, (i) => `${eight(i)},${'AB'[(i >> 1) % 2]}`)
    const told = await page(alone)
    expect(told).toContain(
      'satisfaction runs from 1 to 8 and nobody gave 9 or 10: hardly ten points, and 8 may be a code',
    )
    expect(told).toContain('--blank satisfaction=8 leaves it out')
    expect(told).not.toContain('9-10 of 10')
    const beside = file('eights.csv', 'satisfaction,q_staff', 320, (i) => `${eight(i)},${(i % 7) + 1}`)
    expect(await page(beside)).toContain(
      'satisfaction runs from 1 to 7 but for 8 (20 times), which looks like a code',
    )
    const three = file('three.csv', 'satisfaction', 400, (i) => `${i % 40 < 3 ? 6 + (i % 40) : staff(i)}`)
    expect(await page(three)).toContain(
      '6, 7, 8 may be codes for no answer: nothing is said of the highest answers; --blank satisfaction=6,7,8 leaves them out',
    )
  })
  it('that may be a sixth point are told, and the share is left to the reader', async () => {
    const path = file('open.csv', 'satisfaction,group', 120, (i) => `${(i % 6) + 1},${'AB'[(i >> 1) % 2]}`)
    const told = await page(path)
    expect(told).toContain('satisfaction runs from 1 to 6: six points, or five and 6 for no answer')
    expect(told).not.toContain('are satisfied (5-6 of 6)')
    expect(told).toContain('--score satisfaction --points 6 --by group')
  })
})

it('codes with zeros in front and the numbers of respondents are no amounts', async () => {
  const path = file(
    'regions.csv',
    'pid,wave,region,churned,sat',
    400,
    (i) =>
      `${i >> 2},${i % 4},${['01', '02', '03', '10'][(i * 7) % 4]},${(i * 5) % 3 ? 'no' : 'yes'},${((i * 3) % 5) + 1}`,
  )
  const { result } = await json('describe', path)
  const kinds = Object.fromEntries(
    result.columns.map((one: { name: string; kind: string }) => [one.name, one.kind]),
  )
  expect(kinds).toMatchObject({ pid: 'id', region: 'category' })
  const drivers = result.suggestions.map(({ command }: { command: string }) => command).join('\n')
  expect(drivers).not.toMatch(/--(drivers|o) [^\n]*pid/)
  const churn = await json('churn', path, '--outcome', 'churned', '--predictors', 'region')
  expect(JSON.stringify(churn.result)).toContain('region=10')
  expect(churn.conventions.join(' ')).toContain('Codes that begin with zeros are no amounts: region.')
})

it('the questions below short names tell what a column asks', async () => {
  const rows = (i: number) => {
    const score = 2 + ((i * 7) % 9)
    return `2026-0${1 + (i % 6)}-11,${score === 10 ? '10 - Extremely likely' : score},${1 + ((i * 3) % 5)},${i % 3 ? '' : ['all was fine', 'too slow for me', 'a long queue', 'nice staff'][i % 4]}`
  }
  const header =
    'StartDate,Q1,Q2,Q3\nStart Date,How likely are you to recommend us?,How satisfied are you with: - Staff,Other comments\n"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}"'
  const told = await page(file('tool.csv', header, 180, rows))
  expect(told).toContain('Who recommends us (Q1)?')
  expect(told).toContain('--score Q1')
  expect(told).not.toContain('--within 1,10')
  expect(told).toContain('Q3 (text')
  const again = file('again.csv', header.replace('recommend us', 'buy again'), 180, rows)
  expect(await page(again)).not.toContain('Who recommends us')
})
