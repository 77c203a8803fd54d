import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { filesIn, growing, json, page, refused, run } from './analyzed.ts'

// What a column holds that is not read has to be told, with what reads it.

const folder = mkdtempSync(join(tmpdir(), 'samklang-unread-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = filesIn(folder)

const warningsOf = async (...argv: string[]): Promise<string[]> =>
  JSON.parse((await run(...argv, '--json')).out).warnings
const one = (name: string, column: string, answers: readonly string[], times = 4) =>
  file(
    name,
    `id,${column}`,
    times * answers.reduce((sum, _, k) => sum + k + 3, 0),
    (i) => `${i},"${growing(answers)(i)}"`,
  )

describe('a word for no answer', () => {
  it.each([
    '-',
    '(blank)',
    '.',
    'n/a',
    'Unknown',
    'Okänt',
    'Saknas',
    'Ej besvarad',
    'Kan inte bedöma',
    'Kan ikke vurdere',
    'Ikke besvaret',
    'Kann ich nicht beurteilen',
    'Niet van toepassing',
    'Ne se prononce pas',
    'Prefiero no responder',
    'En osaa sanoa',
    'Non risponde',
  ])('%s costs neither numbers nor words their column', async (word) => {
    const path = file('none.csv', 'overall,clarity', 60, (i) =>
      i % 5 === 4 ? `${word},${word}` : `${1 + ((i >> 1) % 5)},${quality[(i >> 1) % 5]}`,
    )
    const overall = await json('csat', path, '--score', 'overall')
    const clarity = await json('csat', path, '--score', 'clarity')
    expect([overall.used, clarity.used]).toEqual([48, 48])
    const blank = '"overall not a number"'
    expect(JSON.stringify(overall.dropped)).not.toContain(blank)
    expect(await page(path)).toContain(
      'overall (answers on a scale, 20 % blank); clarity (answers on a scale, 20 % blank)',
    )
  })
  it('is told with its rows, also to a method alone, and read when a scale names it', async () => {
    const path = file('rows.csv', 'staff,price', 60, (i) =>
      i % 5 === 4 ? '-,-' : `${1 + (i % 5)},${1 + ((i >> 1) % 5)}`,
    )
    const told =
      '"-" (12, 12 rows) in staff, price is taken for no answer; a --scale that names it says otherwise.'
    expect((await warningsOf(path)).join(' ')).toContain(told)
    expect((await json('correlate', path, '--x', 'staff,price')).conventions.join(' ')).toContain(told)
    const { result } = await json(
      'csat',
      path,
      '--score',
      'staff',
      '--points',
      '6',
      '--scale',
      'staff=-,1,2,3,4,5',
    )
    expect(result.groups[0].counts[0]).toBe(12)
  })
  it('that no language knows is one where it has nothing of a scale, and is told above all', async () => {
    const path = file('foreign.csv', 'q1_service,clarity', 110, (i) =>
      i % 11 === 5 ? 'Zork,Zork' : `${1 + (i % 5)},${quality[i % 5]}`,
    )
    expect((await json('csat', path, '--score', 'q1_service')).used).toBe(100)
    expect((await json('csat', path, '--score', 'clarity')).used).toBe(100)
    expect(await warningsOf(path)).toContain(
      '"Zork" (10, 10 rows) in q1_service, clarity is taken for no answer; a --scale that names it says otherwise.',
    )
  })
  it('is none that may be a point of the scale', async () => {
    const never = file('never.csv', 'q1', 60, (i) => (i % 6 === 5 ? 'Never' : `${1 + (i % 6)}`))
    expect((await warningsOf(never)).join(' ')).toContain(
      'q1 is not read as a scale: it holds numbers and "Never" (10 times)',
    )
    expect((await warningsOf(never)).join(' ')).toContain(
      '--blank q1=Never takes it for no answer; --scale q1=1,2,3,4,5,Never gives it its place',
    )
    const ends = file('ends.csv', 'q1', 60, (i) => ['1 - Poor', '2', '3', '4', '5 - Excellent'][i % 5]!)
    expect((await json('csat', ends, '--score', 'q1')).result.groups[0].counts).toEqual([12, 12, 12, 12, 12])
    const named = file('named.csv', 'q1', 60, (i) => ['Poor', '2', '3', '4', 'Excellent'][i % 5]!)
    expect((await warningsOf(named)).join(' ')).toContain(
      'it holds numbers and "Poor" (12 times) and "Excellent" (12 times)',
    )
    // Four points and a word between them: a middle as likely as none.
    const middle = one('middle.csv', 'q1', [
      'Mycket dåligt',
      'Ganska dåligt',
      'Mjo',
      'Ganska bra',
      'Mycket bra',
    ])
    expect((await warningsOf(middle)).join(' ')).toContain('q1 is not read as a scale')
    const shops = file(
      'shops.csv',
      'shop,nps',
      60,
      (i) => `${i % 6 === 5 ? 'Online' : 1 + (i % 6)},${i % 11}`,
    )
    expect((await warningsOf(shops)).join(' ')).not.toContain('is taken for no answer')
  })
})

const quality = ['Very poor', 'Poor', 'Average', 'Good', 'Excellent']

describe('a scale of words is read', () => {
  it.each([
    'Stämmer inte alls, Stämmer ganska dåligt, Varken eller, Stämmer ganska bra, Stämmer helt',
    'Stämmer inte alls, Stämmer delvis, Stämmer till stor del, Stämmer helt',
    'Inte alls viktigt, Inte särskilt viktigt, Ganska viktigt, Mycket viktigt',
    'Inte alls tydlig, Inte särskilt tydlig, Varken tydlig eller otydlig, Ganska tydlig, Mycket tydlig',
    'Much worse than expected, Worse than expected, As expected, Better than expected, Much better than expected',
    'Poor, Below average, Average, Above average, Excellent',
    'Not at all helpful, Not so helpful, Somewhat helpful, Very helpful, Extremely helpful',
    'Strongly disagree, Disagree, Agree, Strongly agree',
    'Strongly disagree, Disagree, Slightly disagree, Slightly agree, Agree, Strongly agree',
    'I svært liten grad, I liten grad, I noen grad, I stor grad, I svært stor grad',
    'Slet ikke, I ringe grad, I nogen grad, I høj grad, I meget høj grad',
    'Gar nicht hilfreich, Wenig hilfreich, Mittelmäßig hilfreich, Eher hilfreich, Sehr hilfreich',
    'Zeer slecht, Slecht, Matig, Goed, Zeer goed',
    'Pas du tout clair, Plutôt pas clair, Plutôt clair, Tout à fait clair',
    'Muy difícil, Difícil, Neutral, Fácil, Muy fácil',
    'Erittäin tyytymätön, Tyytymätön, En tyytyväinen enkä tyytymätön, Tyytyväinen, Erittäin tyytyväinen',
    'Molto insoddisfatto, Insoddisfatto, Neutrale, Soddisfatto, Molto soddisfatto',
  ])('%s', async (text) => {
    const words = text.split(', ')
    const points = String(words.length)
    const path = one('scale.csv', 'q', words)
    const { result } = await json('csat', path, '--score', 'q', '--points', points)
    expect(result.groups[0].counts).toEqual(words.map((_, k) => 4 * (k + 3)))
    expect(await page(path)).toContain('q (answers on a scale)')
  })
  it('without a middle where nobody gave one, and with it where another column has it', async () => {
    const four = ['Strongly disagree', 'Disagree', 'Agree', 'Strongly agree']
    const five = [...four.slice(0, 2), 'Neutral', ...four.slice(2)]
    const alone = one('four.csv', 'q', four)
    expect(await refused('csat', alone, '--score', 'q')).toContain('answered in words on 4 points')
    expect(await page(alone)).toContain('Nobody gave a middle in q: read without one, which --scale changes')
    const beside = file('beside.csv', 'a,b', 80, (i) => `${four[i % 4]},${five[i % 5]}`)
    expect((await json('csat', beside, '--score', 'a')).result.groups[0].counts).toEqual([20, 20, 0, 20, 20])
    const three = one('three.csv', 'q', four.slice(1))
    expect(await page(three)).toContain('Nobody gave a middle in q: read with one all the same')
    // "Good" is the middle of this one.
    const skew = one('skew.csv', 'q', ['Good', 'Very good', 'Excellent'])
    expect(await page(skew)).not.toContain('Nobody gave a middle')
    const few = file('few.csv', 'q', 12, (i) => four[i % 4]!)
    expect((await json('csat', few, '--score', 'q')).result.groups[0].counts).toEqual([3, 3, 0, 3, 3])
    const ends = file('two.csv', 'a,b', 80, (i) => `${four[2 + (i % 2)]},${five[i % 5]}`)
    expect((await json('csat', ends, '--score', 'a')).result.groups[0].counts).toEqual([0, 0, 0, 40, 40])
  })
  it('in two languages at once, each word told', async () => {
    const both = [
      'Very dissatisfied',
      'Dissatisfied',
      'Neutral',
      'Satisfied',
      'Very satisfied',
      'Mycket missnöjd',
      'Missnöjd',
      'Varken eller',
      'Nöjd',
      'Mycket nöjd',
    ]
    const path = one('both.csv', 'satisfaction', both)
    const { result, conventions } = await json('csat', path, '--score', 'satisfaction')
    expect(result.groups[0].counts).toEqual([0, 1, 2, 3, 4].map((k) => 4 * (k + 3 + k + 8)))
    expect(conventions.join(' ')).toContain('"Satisfied" is 4, "Nöjd" is 4')
    const half = one('half.csv', 'satisfaction', [...both.slice(0, 5), 'Bof', 'Nickel', 'Super'])
    expect((await warningsOf(half)).join(' ')).not.toBe('')
  })
  it.each([
    ['★★★★☆', (k: number) => '★'.repeat(k) + '☆'.repeat(5 - k)],
    ['4/5', (k: number) => `${k}/5`],
    ['4 out of 5', (k: number) => `${k} out of 5`],
    ['4 av 5', (k: number) => `${k} av 5`],
  ])('as %s', async (_, of) => {
    const path = one('stars.csv', 'rating', [1, 2, 3, 4, 5].map(of))
    expect((await json('csat', path, '--score', 'rating')).result.groups[0].counts).toEqual([
      12, 16, 20, 24, 28,
    ])
  })
})

describe('answers in words that are not known', () => {
  it('are told with their levels, ready to be ordered', async () => {
    const words = ['Inte alls kul', 'Ganska trist', 'Mycket roligt', 'Helt underbart']
    const path = one('fun.csv', 'fun', words)
    const told = (await warningsOf(path)).join(' ')
    expect(told).toContain('fun is not read as a scale: its answers are in words that are not known')
    expect(told).toContain(
      `--scale 'fun=${words.join(',')}' reads them once they stand in order, the worst first`,
    )
    expect((await json('csat', path, '--score', 'fun')).conventions.join(' ')).toContain(
      'in words that are not known',
    )
    const given = await json(
      'csat',
      path,
      '--score',
      'fun',
      '--points',
      '4',
      '--scale',
      `fun=${words.join(',')}`,
    )
    expect(given.result.groups[0].counts).toEqual([12, 16, 20, 24])
  })
  it('are told under a heading that asks for a degree, and where too few were given', async () => {
    const asked = one('asked.csv', 'How was your stay?', ['Dire', 'Meh', 'Grand'])
    expect((await warningsOf(asked)).join(' ')).toContain('its answers are in words that are not known')
    const two = one('positive.csv', 'opinion', ['Satisfied', 'Very satisfied'])
    expect((await warningsOf(two)).join(' ')).toContain('too few different answers were given')
  })
  it.each([
    ['region', ['North', 'South', 'West']],
    ['plan', ['Basic plan', 'Pro plan', 'Team plan']],
    ['payment', ['Credit card', 'Debit card', 'Gift card']],
    ['Which shop did you visit?', ['Lund', 'Oslo', 'Bergen']],
    ['How did you hear of us?', ['Friend', 'Radio', 'Poster']],
    ['gender', ['Female', 'Male', 'Other']],
    ['department', ['Sales', 'Care', 'Very Special Projects']],
    ['status', ['Open', 'Closed', 'Not started']],
    ['canal', ['En ligne', 'En magasin', 'Par téléphone']],
    ['läge', ['Inte påbörjad', 'Inte klar', 'Klar']],
    ['mood', ['Positive', 'Negative', 'Mixed']],
  ])('are no categories: %s', async (column, words) => {
    expect(await warningsOf(one('category.csv', column, words))).toEqual([])
  })
})

describe('codes that may be answers', () => {
  const group = (i: number) => 'AB'[(i >> 1) % 2]
  it('are told for every question that holds them, with the true reason why nothing is said', async () => {
    const eight = (i: number) => (i % 16 === 5 ? 8 : (i % 7) + 1)
    const path = file(
      'eight.csv',
      'satisfaction,staff,group',
      320,
      (i) => `${eight(i)},${eight(i * 3)},${group(i)}`,
    )
    const told = await page(path)
    expect(told).toContain('satisfaction, staff run from 1 to 8 and nobody gave 9 or 10')
    expect(told).toContain(
      'Nothing is said by itself: what fits this file rests on something that only you know',
    )
    expect(told).not.toContain('too few rows')
    expect(told).toContain('--blank staff=8 --score staff --points 7 --by group')
    expect(told).not.toContain('--points 10')
  })
  it('are 11 beside marks from 0 to 10 and 0 beside 1 to 7, never numbers in silence', async () => {
    const nps = file('eleven.csv', 'nps,group', 330, (i) => `${i % 20 === 3 ? 11 : i % 11},${group(i)}`)
    expect(await page(nps)).toContain(
      'nps runs from 0 to 10 but for 11 (17 times), which looks like a code for no answer: left out here',
    )
    expect(await page(nps)).toContain('--blank nps=11 --score nps')
    const zero = file(
      'zero.csv',
      'satisfaction,staff,group',
      320,
      (i) => `${i % 8},${(i * 3) % 8},${group(i)}`,
    )
    const told = await page(zero)
    expect(told).toContain(
      'satisfaction, staff run from 0 to 7: eight points, or seven and 0 for no answer, which --blank satisfaction=0 leaves out',
    )
    expect(told).not.toContain('Means of the other scales')
    const months = file(
      'months.csv',
      'rating,months',
      330,
      (i) => `${(i % 5) + 1},${i % 20 === 3 ? 11 : i % 11}`,
    )
    expect(await page(months)).not.toContain('but for 11')
  })
  it('are none where all six points have words', async () => {
    const path = one('noten.csv', 'rating', [
      '1 = bad',
      '2 = so so',
      '3 = fair',
      '4 = ok',
      '5 = good',
      '6 = best',
    ])
    expect(await page(path)).not.toContain('six points, or five')
    expect(await page(path)).toContain('5-6 of 6')
  })
})

it('four numbers with words beside them are four points to the page as to csat', async () => {
  const words = [
    '1 - Inte alls viktigt',
    '2 - Inte särskilt viktigt',
    '3 - Ganska viktigt',
    '4 - Mycket viktigt',
  ]
  const told = await page(one('numbered.csv', 'q', words))
  expect(told).toContain('61.1 % of 72 answers are 3-4 of 4')
  expect(told).toContain('--score q --points 4')
})

it('a question on the price is one where another column is asked on the same points', async () => {
  const path = file('price.csv', 'staff_rating,price', 60, (i) => `${(i % 5) + 1},${((i >> 1) % 5) + 1}`)
  expect(await page(path)).toContain('price (answers on a scale)')
  const shop = file('list.csv', 'shop,price', 60, (i) => `${'abc'[i % 3]},${((i >> 1) % 5) + 1}`)
  expect(await page(shop)).not.toContain('price (answers on a scale)')
})

it('how a column is read is told to matter nothing where the method does not use it', async () => {
  const path = file('idle.csv', 'a,b', 40, (i) => `${(i % 5) + 1},${((i >> 1) % 5) + 1}`)
  const { conventions } = await json('csat', path, '--score', 'a', '--scale', 'b=1,2,3,4,5', '--blank', 'b=5')
  expect(conventions).toContain('--scale "b=1,2,3,4,5" changes nothing here: csat is given a, and not "b".')
  expect(conventions).toContain('--blank "b=5" changes nothing here: csat is given a, and not "b".')
  expect(conventions).toContain('Of b the numbers 1, 2, 3, 4, 5 alone are read, as --scale has it.')
  const asked = file('asked2.csv', 'a_rating,b_rating', 40, (i) => `${(i % 5) + 1},${((i >> 1) % 5) + 1}`)
  const told = await page(asked, '--blank', 'a_rating=5')
  expect(told).not.toMatch(/--blank a_rating=5 --score b_rating/)
  expect(told).toMatch(/--blank a_rating=5 --score a_rating/)
})

it('days without a year and fiscal years are told, whichever stands first', async () => {
  const days = file('days.csv', 'Day,Calls', 28, (i) => `${i + 1}-Jan,${i * 3}`)
  expect(await page(days)).toContain('Day holds days without a year ("1-Jan" ...)')
  const spaced = file('spaced.csv', 'Day,Calls', 28, (i) => `Jan ${String(i + 1).padStart(2, '0')},${i * 3}`)
  expect(await page(spaced)).toContain('Day holds days without a year ("Jan 01" ...)')
  const fiscal = file('fiscal.csv', 'Quarter,Calls', 12, (i) => `FY${24 + (i >> 2)} Q${1 + (i % 4)},${i * 3}`)
  expect(await page(fiscal)).toContain(
    'Quarter holds fiscal years ("FY24 Q1" ...), whose first day is not known',
  )
})

it('amounts beside a word for none are told with what takes it as blank', async () => {
  const path = file(
    'money.csv',
    'shop,Revenue',
    200,
    (i) => `${'ab'[i % 2]},${i % 9 ? `"$${i + 1},500"` : '(Blank)'}`,
  )
  expect(await page(path)).toContain(
    'Revenue is made of numbers but for "(Blank)" (23 times): --blank \'Revenue=(Blank)\'',
  )
  const { conventions } = await json('correlate', path, '--x', 'Revenue', '--o', 'shop')
  expect(conventions.join(' ')).toContain('Revenue is made of numbers but for "(Blank)"')
  expect((await page(path)).match(/made of numbers/g)).toHaveLength(1)
})

it('columns that share nothing but plain numbers are told apart', async () => {
  const nps = ['0 - Not at all likely', ...'123456789', '10 - Extremely likely']
  const sat = ['1 - Bad', '2', '3', '4', '5 - Good']
  const path = file('apart.csv', 'q_nps,q_sat', 110, (i) => `${nps[i % 11]},${sat[i % 5]}`)
  const { conventions } = await json('csat', path, '--score', 'q_sat')
  expect(conventions.filter((one: string) => one.startsWith('Answers in words')).join(' ')).toMatch(
    /"10 - Extremely likely" is 10\) where a number is needed: q_nps\. .*"5 - Good" is 5\) where a number is needed: q_sat\./,
  )
})

it('smileys are told, and a numbered question on the value is a question', async () => {
  const path = file(
    'smile.csv',
    'mood,q1_sat,q2_value',
    60,
    (i) => `${['😡', '😐', '😍'][i % 3]},${(i % 5) + 1},${((i >> 1) % 5) + 1}`,
  )
  const told = await page(path)
  expect(told).toContain('mood is not read as a scale: its answers are in words that are not known')
  expect(told).toContain('q2_value (answers on a scale)')
})
