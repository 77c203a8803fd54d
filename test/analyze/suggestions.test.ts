import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exampleFile } from '../../src/analyze/command/help.ts'
import { methods } from '../../src/analyze/methods/methods.ts'
import { randomFrom } from '../../src/stats/random.ts'
import { commandsOf, json, pageOf, refused, rowsOf } from './analyzed.ts'

// What the page and describe find in a file, and that the page's JSON is what its schema and the methods say.

const folder = mkdtempSync(join(tmpdir(), 'samklang-suggestions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const sentencesOf = async (path: string, method: string) =>
  (await pageOf(path)).answers.find((answer) => answer.method === method)?.sentences ?? []

const month = (i: number) => `${2020 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`

// Months of forty answers of 1 to 5, but two of a few high ones at the end and one in the middle.
const monthly = file(
  'monthly.csv',
  `day,rating,shop\n${rowsOf(24, (m) => {
    const few = m === 10 || m >= 22
    return rowsOf(
      few ? 2 : 40,
      (i) =>
        `${month(m)}-0${1 + (i % 9)},${few ? 5 : Math.max(1, ((i * 7 + m * 3) % 5) + (i % (3 + ((m * 7) % 5)) ? 1 : 0))},s${i % 3}`,
    )
  })}\n`,
)

describe('describe suggests for each example the method that it is the example of', () => {
  for (const method of methods.filter(({ name }) => name !== 'describe'))
    it(method.name, async () => {
      const { result } = await json('describe', exampleFile(method))
      expect(result.suggestions.map((one: { method: string }) => one.method)).toContain(method.name)
    })
})

describe('the JSON of the page', () => {
  const single = file(
    'single.csv',
    `day,mark\n${rowsOf(30, (i) => `2026-01-${String(1 + i).padStart(2, '0')},${(i * 7) % 11}`)}\n`,
  )
  const bare = file(
    'bare.csv',
    `9,a,2025-01-01\n${rowsOf(60, (i) => `${i % 11},${'ab'[i % 2]},2025-01-0${1 + (i % 3)}`)}\n`,
  )
  it('is valid on the examples and on series with empty points', async () => {
    for (const method of methods) await pageOf(exampleFile(method))
    for (const path of [monthly, single, bare]) await pageOf(path)
  })
  it('holds the results as the methods themselves print them', async () => {
    for (const path of [single, monthly]) {
      const { answers } = await pageOf(path)
      expect(answers.map(({ method }) => method)).toContain('trend')
      for (const { command, result } of answers) {
        const [method, ...options] = command.split(' ').slice(2)
        expect((await json(method!, ...options)).result, command).toEqual(result)
      }
    }
  })
})

describe('a series on the page', () => {
  it('leaves out periods of few answers, wherever they lie, and says which', async () => {
    const [first, aside] = await sentencesOf(monthly, 'trend')
    expect(first).toMatch(/^The series shows no steady direction: .* 21 points\)\.$/)
    expect(aside).toBe('Left out for having few answers: 2020-11 (n 2), 2021-11 (n 2), 2021-12 (n 2).')
    const options = ['--value', 'rating', '--date', 'day', '--period', 'month']
    const { result, conventions } = await json('trend', monthly, ...options, '--sparse', '0.1')
    expect([result.points.length, result.cut.length]).toEqual([21, 3])
    expect(conventions.join(' ')).toContain('(--sparse): 2020-11 (n 2)')
    expect((await json('trend', monthly, ...options)).result).toMatchObject({
      cut: [],
      mannKendall: { n: 24 },
    })
    expect(await refused('trend', monthly, ...options, '--sparse', '0.1', '--stat', 'sum')).toContain(
      '--sparse',
    )
  })
  it('has forecasts and limits that end where the scale ends', async () => {
    // Means between 4.4 and 5: the limits of the months ahead would pass the top.
    const path = file(
      'top.csv',
      `day,rating\n${rowsOf(24, (m) => rowsOf(20, (i) => `${month(m)}-02,${i < 12 + ((m * m * 7) % 9) ? 5 : 3 + (i % 2)}`))}\n`,
    )
    const { result } = (await pageOf(path)).answers.find(
      ({ method }) => method === 'forecast',
    )! as unknown as {
      result: { ends: number[]; forecast: { high: number }[] }
    }
    expect(result.ends).toEqual([1, 5])
    expect(Math.max(...result.forecast.map(({ high }) => high))).toBe(5)
    const options = ['--value', 'rating', '--date', 'day', '--period', 'month']
    const open = await json('forecast', path, ...options)
    expect(Math.max(...open.result.forecast.map(({ high }: { high: number }) => high))).toBeGreaterThan(5)
    expect(await refused('forecast', path, ...options, '--within', '4.6,5')).toMatch(
      /--within 4\.6,5 leaves out/,
    )
    expect(await refused('forecast', path, ...options, '--within', '5,1')).toContain(
      'takes the lower and the upper',
    )
  })
  it('of fewer than five points has no direction to tell', async () => {
    const path = file('three.csv', `day,amount\n${rowsOf(12, (i) => `2026-01-0${1 + (i % 3)},${i * i}`)}\n`)
    expect((await sentencesOf(path, 'trend'))[0]).toBe(
      '3 points are too few to tell a direction: at least 5 are needed.',
    )
  })
})

describe('columns that belong together are read together', () => {
  it('counts of promoters and detractors are NPS, and no numbers that go together', async () => {
    const path = file(
      'counts.csv',
      `month,promoters,passives,detractors,answers\n${rowsOf(24, (i) => {
        const [p, a, d] = [40 + ((i * 7) % 9), 20 + ((i * 5) % 7), 15 + ((i * 3) % 5)]
        return `${month(i)},${p},${a},${d},${p + a + d}`
      })}\n`,
    )
    const commands = commandsOf(await pageOf(path))
    expect(commands[0]).toBe(
      'trend --promoters promoters --detractors detractors --n answers --date month --period month --sparse 0.1',
    )
    expect(commands.map((one) => one.split(' ')[0])).toEqual(['trend', 'forecast'])
  })
  it('a table of who is left at each renewal is cohorts, and no series', async () => {
    const path = file(
      'cohorts.csv',
      `cohort,month,active_customers\n${['2024-Q1', '2024-Q2', '2024-Q3'].map((name, i) => [1000, 700, 560, 480].map((n, k) => `${name},${k},${n - 10 * i}`).join('\n')).join('\n')}\n`,
    )
    const page = await pageOf(path)
    expect(commandsOf(page)).toEqual(['value --active active_customers --renewal month --cohort cohort'])
    // By hand: of 3 x (1000 + 700 + 560) - 90 at risk 3 x (700 + 560 + 480) - 90 renewed: 5130 / 6690.
    expect(page.answers[0]!.sentences[0]).toBe('76.7 % renew, over all renewals of 3 cohorts.')
  })
  it('marks of A, B and C beside what they rated are raters; beside other columns they are not', async () => {
    const rows = (i: number) => `${i},${1 + (i % 4)},${1 + ((i + (i % 5 === 0 ? 1 : 0)) % 4)},${1 + (i % 4)}`
    const alone = commandsOf(await pageOf(file('letters.csv', `unit,A,B,C\n${rowsOf(40, rows)}\n`)))
    expect(alone).toEqual(['agreement --raters A,B,C'])
    const beside = commandsOf(
      await pageOf(
        file('beside.csv', `unit,A,B,C,sales\n${rowsOf(40, (i) => `${rows(i)},${(i * 37) % 101}`)}\n`),
      ),
    )
    expect(beside.join()).not.toContain('agreement')
  })
  it('stores, a pilot and dates ask whether it helped, from a day that the reader has to give', async () => {
    const path = file(
      'pilot.csv',
      `store,pilot,month,score\n${rowsOf(480, (i) => `store${i % 20},${i % 20 < 8 ? 'yes' : 'no'},2025-${String(1 + (Math.floor(i / 20) % 12)).padStart(2, '0')}-15,${(i * 7 + (i >> 4)) % 11}`)}\n`,
    )
    const { more } = await pageOf(path)
    const helped = more.find(({ method }) => method === 'initiative')!
    expect(helped.assumes).toBe(true)
    expect(helped.command).toContain('--treated pilot --date month --start 2025-07-01 --cluster store')
    await json('initiative', ...helped.command.split(' ').slice(3))
  })
})

describe('the page claims no more than its figures', () => {
  it('calls no attribute a delight while low and high marks may weigh the same', async () => {
    // A high mark adds more than a low one takes, by less than the noise of 120 answers.
    const random = randomFrom(3)
    const rows = rowsOf(120, (i) => {
      const service = 1 + (i % 5)
      const mean = 2.5 + (service === 5 ? 1 : service <= 2 ? -0.4 : 0)
      return `${Math.max(1, Math.min(5, Math.round(mean + 2.4 * (random() - 0.5))))},${service}`
    })
    const path = file('even.csv', `overall,service\n${rows}\n`)
    const { result } = await json('penalty-reward', path, '--outcome', 'overall', '--drivers', 'service')
    expect(result.factors[0].class).toBe('excitement')
    expect(result.factors[0].asymmetryP).toBeGreaterThan(0.05)
    const said = (await sentencesOf(path, 'penalty-reward')).join(' ')
    expect(said).toContain('no difference between low and high marks beyond chance is seen: service (')
    expect(said).not.toContain('Delights')
  })
  it('asks about the whole first, and takes the time until they left for no cause of leaving', async () => {
    const scales = file(
      'whole.csv',
      `staff,range,overall satisfaction\n${rowsOf(120, (i) => `${1 + (i % 5)},${1 + ((i * 3) % 5)},${1 + ((i * 7 + (i >> 3)) % 5)}`)}\n`,
    )
    expect(commandsOf(await pageOf(scales))[0]).toBe("csat --score 'overall satisfaction'")
    const left = file(
      'left.csv',
      `tenure_months,churned,nps,plan\n${rowsOf(200, (i) => `${1 + ((i * 7) % 40)},${i % 3 ? 'no' : 'yes'},${(i * 5) % 11},${i % 2 ? 'pro' : 'basic'}`)}\n`,
    )
    const commands = commandsOf(await pageOf(left))
    expect(commands).toContain('survival --time tenure_months --event churned --by plan')
    expect(commands).toContain('churn --outcome churned --predictors nps,plan')
  })
  it('names the columns of a file without a header as names', async () => {
    const path = file(
      'bare2.csv',
      `9,a\n${rowsOf(60, (i) => `${(i % 2 ? 8 : 1) + ((i * 7) % 13) / 4},${'ab'[i % 2]}`)}\n`,
    )
    expect((await sentencesOf(path, 'correlate'))[0]).toMatch(
      /^"9" differs between a and b of "a": higher for b/,
    )
  })
})

it('correlate without --o holds the columns of --x against each other', async () => {
  const path = file('pairs.csv', `p,q,r\n${rowsOf(30, (i) => `${i},${(i * 7) % 11},${(i * i) % 13}`)}\n`)
  const [alone, both] = [
    await json('correlate', path, '--x', 'p,q,r'),
    await json('correlate', path, '--x', 'p,q,r', '--o', 'p,q,r'),
  ]
  expect(alone.result.pairs).toHaveLength(3)
  expect(alone.result).toEqual(both.result)
  expect(await refused('correlate', path, '--x', 'p')).toBe(
    '--x needs two columns or more where there is no --o',
  )
})

it('value names the model of --alpha among its conventions', async () => {
  const options = [
    '--retention',
    '0.8',
    '--alpha',
    '0.7',
    '--beta',
    '1.2',
    '--discount',
    '0.1',
    '--margin',
    '100',
    '--tenure',
    '1',
  ]
  const { conventions } = await json('value', monthly, ...options)
  expect(conventions.join(' ')).toContain('sBG: customers differ in a constant churn chance')
})
