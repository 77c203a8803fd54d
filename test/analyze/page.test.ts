import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { number } from '../../src/analyze/output/paint.ts'
import { randomFrom } from '../../src/stats/random.ts'

// What the page and its methods say of files whose truth is known: noise is not told as a finding.
const folder = mkdtempSync(join(tmpdir(), 'samklang-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  let out = ''
  let err = ''
  await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  // The page breaks its lines; sentences are looked for whole.
  return { out, err, flat: out.replace(/\s+/g, ' ') }
}

function file(name: string, header: string, rows: readonly (readonly (string | number)[])[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${header}\n${rows.map((row) => row.join(',')).join('\n')}\n`)
  return path
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const month = (i: number) => `${2020 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`

describe('a forecast of a series with gaps', () => {
  const options = ['--value', 'score', '--date', 'date', '--period', 'month']
  it('scores what was observed, not what was filled', async () => {
    const rows = range(30).flatMap((i) => (i % 6 === 4 ? [] : [[`${month(i)}-05`, 10 + ((i * 7) % 5)]]))
    const path = file('gaps.csv', 'date,score', rows)
    const common = [path, ...options, '--season', '1', '--horizon', '1', '--gaps', 'linear', '--json']
    const { result } = JSON.parse((await run('forecast', ...common)).out)
    expect(result.missing).toBe(5)
    expect(result.series.filter((one: { observed: boolean }) => !one.observed).length).toBe(5)
    const naive = result.models.find((one: { model: string }) => one.model === 'naive')
    const { origins, accuracy } = naive.backtest
    const values = result.series as { value: number; observed: boolean }[]
    const errors = values.flatMap(({ value, observed }, i) =>
      observed && i >= values.length - origins ? [Math.abs(value - values[i - 1]!.value)] : [],
    )
    expect(accuracy.n).toBe(errors.length)
    expect(accuracy.mae).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / errors.length, 10)
  })
  it('refuses when more than a fifth would be made up', async () => {
    const path = file(
      'half.csv',
      'date,score',
      range(24).map((i) => [`${month(2 * i)}-05`, 1 + (i % 5)]),
    )
    const { result } = JSON.parse((await run('forecast', path, ...options, '--gaps', 'linear', '--json')).out)
    expect(result).toMatchObject({ chosen: null, forecast: null, models: [], reason: 'too few' })
    const given = ['--gaps', 'linear', '--max-filled', '0.6', '--json']
    expect(JSON.parse((await run('forecast', path, ...options, ...given)).out).result.models.length).toBe(5)
  })
  it('leaves out sparse ends and goes on from the last full period', async () => {
    const rows = range(20).flatMap((i) => range(i === 19 ? 1 : 30).map((k) => [`${month(i)}-05`, k % 5]))
    const path = file('ends.csv', 'date,score', rows)
    const { result } = JSON.parse((await run('forecast', path, ...options, '--ends', '0.1', '--json')).out)
    expect(result.cut).toEqual([{ label: month(19), n: 1 }])
    expect(result.forecast[0].period).toBe(month(19))
  })
  it('takes zeros for values where amounts are summed', async () => {
    const rows = range(30).flatMap((i) => (i % 2 ? [] : [[`${month(i)}-05`, 3]]))
    const path = file('sums.csv', 'date,score', rows)
    const zero = ['--stat', 'sum', '--gaps', 'zero', '--season', '1', '--json']
    const { result } = JSON.parse((await run('forecast', path, ...options, ...zero)).out)
    expect(result.series.every((one: { observed: boolean }) => one.observed)).toBe(true)
  })
})

describe('the page on dates', () => {
  it('cuts monthly dates into months, and tells what was filled and left out', async () => {
    const rows = range(11).flatMap((i) =>
      i === 5 ? [] : range(i === 10 ? 1 : 20).map((k) => [`${month(i)}-01`, 1 + ((k + i) % 5)]),
    )
    const { out, flat } = await run(file('monthly.csv', 'date,score', rows))
    expect(out).toContain('--period month')
    expect(flat).toContain('1 of 10 months had no values; they were filled by a straight line and not scored')
    expect(flat).toContain(`few answers: ${month(10)} (n 1)`)
  })
  it('says why there is no forecast', async () => {
    // Two bursts of daily answers, half a year apart: no period fits both.
    const rows = range(40).flatMap((i) =>
      range(5).map((k) => [
        `2025-${i < 20 ? '01' : '03'}-${String(1 + (i % 20)).padStart(2, '0')}`,
        1 + (k % 5),
      ]),
    )
    const { flat } = await run(file('bursts.csv', 'date,score', rows))
    expect(flat).toMatch(/No forecast: \d+ of 79 days have no values, more than 20 %/)
  })
})

describe('a mean outside its limits', () => {
  it('is told with its answers where it has few of them', async () => {
    const months = range(12).map((m) => `2025-${String(m + 1).padStart(2, '0')}-15`)
    const rows = months.flatMap((day, m) =>
      m === 4 ? range(9).map(() => [day, 1]) : range(40).map((i) => [day, 3 + ((i + m) % 3) * 0.5]),
    )
    const sentences = async (name: string, all: readonly (readonly (string | number)[])[]) =>
      JSON.parse((await run(file(name, 'date,score', all), '--json')).out).answers.find(
        ({ method }: { method: string }) => method === 'trend',
      ).sentences
    expect((await sentences('few.csv', rows)).join(' ')).toContain(
      'outside the control limits: 2025-05 (n 9).',
    )
    const many = rows.concat(range(31).map(() => [months[4]!, 1]))
    expect((await sentences('many.csv', many)).join(' ')).toContain('outside the control limits: 2025-05.')
  })
})

describe('the page on answers', () => {
  const random = randomFrom(7)
  const mark = () => 1 + Math.floor(5 * random())
  const header = 'overall,staff,welcome,clean'
  it('does not tell noise as a finding', async () => {
    const noise = range(300).map(() => [mark(), mark(), mark(), mark()])
    const { flat } = await run(file('noise.csv', header, noise))
    expect(flat).toMatch(/Nothing beyond chance: together these columns are not seen to account for overall/)
    expect(flat).toMatch(/Nothing beyond chance: neither low nor high marks of the 3 columns/)
    expect(flat).not.toMatch(/most of it goes with|Expected \(|Delights \(|The more the better/)
  })
  it('names only what goes with the outcome, and the class by its signs', async () => {
    const rows = range(400).map(() => {
      const [staff, welcome, clean] = [mark(), mark(), mark()]
      const overall = 4 - (staff <= 2 ? 2 : 0) - (clean === 5 ? 1 : 0) + Math.floor(2 * random())
      return [overall, staff, welcome, clean]
    })
    const path = file('signs.csv', header, rows)
    const { flat } = await run(path)
    expect(flat).toMatch(/most of it goes with staff \([^)]*\), then clean \([^)]*\)\./)
    expect(flat).toMatch(/Expected[^:]*: staff \(/)
    expect(flat).toMatch(/Unclear[^:]*: clean\./)
    expect(flat).toContain('Nothing beyond chance for the other 1.')
    const options = ['--outcome', 'overall', '--drivers', 'staff,clean', '--json']
    const { result } = JSON.parse((await run('penalty-reward', path, ...options)).out)
    expect(result.factors[1]).toMatchObject({ asymmetry: null, class: 'unclear' })
  })
  it('says when groups are as satisfied, and when they differ no more than chance', async () => {
    const same = range(40).map((i) => [i < 20 ? 'a' : 'b', 1 + (i % 5)])
    expect((await run(file('same.csv', 'shop,score', same))).flat).toContain('in both groups: 40.0 %.')
    const near = range(90).map((i) => [['a', 'b', 'c'][i % 3]!, mark()])
    expect((await run(file('near.csv', 'shop,score', near))).flat).toContain(
      'The 3 groups do not differ by more than chance',
    )
  })
})

describe('relations', () => {
  const random = randomFrom(11)
  const rows = range(60).map((i) => {
    const score = Math.floor(11 * random())
    return [1000 + 3 * score + (i % 2), score, score > 5 ? 'yes' : 'no', ['a', 'b', 'c'][i % 3]!, i % 5]
  })
  const path = file('relations.csv', 'order_id,score,late,shop,days', rows)
  const options = ['--x', 'score,late', '--o', 'order_id,late,shop,days']
  it('have the same corrected p in the pair as in its first test', async () => {
    const { result } = JSON.parse((await run('correlate', path, ...options, '--json')).out)
    expect(result.pairs.length).toBe(7)
    for (const pair of result.pairs) {
      expect(pair.tests[0].p).toBe(pair.p)
      expect(pair.tests[0].pCorrected).toBe(pair.pCorrected)
    }
  })
  it('name each figure in the table, the corrected V and the degrees of freedom', async () => {
    const { flat } = await run('correlate', path, ...options)
    expect(flat).toMatch(/chi-square V \d\.\d+, corrected \d\.\d+ χ² \d+\.\d+, 2 df/)
    expect(flat).toMatch(/anova η² \d\.\d+ F \d+\.\d+ on 2 and 57 df/)
    expect(flat).toMatch(/pearson r -?\d/)
  })
  it('are told as higher and lower of amounts alone, of words as a difference, of ids not at all', async () => {
    const common = ['--x', 'score', '--o', 'late,order_id']
    const relations = file(
      'words.csv',
      'score,late,order_id,days',
      rows.map(([id, score, late]) => [score!, late!, id!, Number(score) * 2 + (Number(id) % 2)]),
    )
    const { flat } = await run(relations)
    expect(flat).toMatch(/score differs between late no and yes: higher for yes \(r 0\.\d+/)
    expect(flat).not.toMatch(/where late is|order_id is|where order_id|Where is order_id/)
    expect(JSON.parse((await run('correlate', relations, ...common, '--json')).out).result.pairs.length).toBe(
      2,
    )
  })
  it('are not told of numbered orders, nor is their course over time', async () => {
    const dated = range(40).map((i) => [
      7000 + i * 13,
      `2026-01-${String(1 + (i % 28)).padStart(2, '0')}`,
      i % 7,
    ])
    const { flat } = await run(file('numbered.csv', 'order_number,date,items', dated))
    expect(flat).toContain('order_number (id)')
    expect(flat).not.toMatch(/--value order_number|order_number (is|changed)/)
  })
  it('show what is left of rounding as 0', () => {
    expect([number(-1.58e-30), number(2e-4), number(0)]).toEqual(['0.000', '2.00e-4', '0.000'])
  })
})

describe('the page suggests what fits', () => {
  const random = randomFrom(5)
  it('agreement, for several raters, who are not customers that answer', async () => {
    const rows = range(60).map((i) => {
      const truth = 1 + (i % 5)
      return [i, ...range(3).map(() => (random() < 0.8 ? truth : 1 + Math.floor(5 * random())))]
    })
    const { flat } = await run(file('raters.csv', 'comment_id,rater1,rater2,rater3', rows))
    expect(flat).toContain('--raters rater1,rater2,rater3')
    expect(flat).toMatch(/agree in \d+\.\d % of their pairs of ratings; .* alpha is 0\.\d\d/)
    expect(flat).not.toContain('satisfied')
  })
  it('initiative, for arms and numbered periods, leaving its start to the reader', async () => {
    const rows = range(20).flatMap((s) =>
      range(6).map((p) => [`s${s}`, s < 10 ? 1 : 0, p + 1, 1 + Math.floor(5 * random())]),
    )
    const path = file('panel.csv', 'store,treated,period,score', rows)
    const { flat } = await run(path)
    expect(flat).toMatch(/put the period in which it began after --start\) \$ samklang analyze initiative/)
    expect(flat).toContain('--treated treated --time period --start 4 --unit store')
    expect(flat).toMatch(/None of the 20 units stands out|The 20 units do not differ more than chance/)
    expect((await run('describe', path)).flat).toContain('--time period --start 4')
  })
  it('units, for a unit in numbers and a score with decimals', async () => {
    const rows = range(200).map((i) => [100 + (i % 10), (i % 10) / 2 + random()])
    const { flat } = await run(file('units.csv', 'store_id,score', rows))
    expect(flat).toContain('--score score --unit store_id')
    expect(flat).toMatch(/highest is 109 /)
  })
  it('survival, for a start and an end that some have not reached', async () => {
    const rows = range(40).map((i) => [
      i,
      `2025-01-${String(1 + (i % 28)).padStart(2, '0')}`,
      i % 3 ? '' : `2025-0${3 + (i % 5)}-10`,
    ])
    const { flat } = await run(file('stay.csv', 'customer_id,signup_date,end_date', rows))
    expect(flat).toContain('--start signup_date --end end_date')
  })
  it('nothing for a few rows, and says that they are few', async () => {
    const { flat } = await run(
      file('few.csv', 'score,shop', [
        [3, 'a'],
        [5, 'b'],
        [4, 'a'],
      ]),
    )
    expect(flat).toContain('there are too few rows, at least 8 with values are needed and this file has 3')
    expect(flat).not.toContain('it has no scale')
    expect((await run(file('one.csv', 'score,shop', [[3, 'a']]))).flat).toContain('1 row, 2 columns')
  })
})

it('the page says when not all columns were taken', async () => {
  const random = randomFrom(3)
  const rows = range(40).map(() => [
    1 + Math.floor(5 * random()),
    ...range(15).map(() => random().toFixed(3)),
  ])
  const { flat } = await run(file('wide.csv', `overall_score,${range(15).map((i) => `m${i}`)}`, rows))
  expect(flat).toContain('What goes together with overall_score? (the first 12 of 15 columns)')
})

it('a group of a few answers is not named as the best or the worst', async () => {
  const rows = range(80).map((i) => [
    (i * 7) % 11,
    1 + ((i * 3) % 5),
    i === 5 ? 'kiosk' : i % 2 ? 'north' : 'south',
  ])
  const { flat } = await run(file('few-answers.csv', 'nps,csat,shop', rows))
  expect(flat).toContain('NPS is highest for')
  expect(flat.match(/\(one group of fewer than 10 answers left aside\)/g)).toHaveLength(2)
  expect(flat).not.toContain('kiosk')
})

it('what is answered in words is a scale, whatever it is called', async () => {
  const words = ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied']
  const rows = range(60).map((i) => [words[(i * 3) % 5]!, 10 + ((i * 13) % 47)])
  const { flat } = await run(file('worded.csv', 'price,amount', rows))
  expect(flat).toContain('price (answers on a scale); amount (number)')
})

describe('a series that falls at its end', () => {
  // Twenty months about an even share, one far above, the last four deep below: 60 answers a month.
  const level = (m: number) => (m >= 20 ? 0.2 : m === 5 ? 0.95 : 0.5 + 0.12 * Math.sin(m * 1.7))
  const rows = range(24).flatMap((m) => {
    const promoters = Math.round(60 * level(m))
    return range(60).map((i) => [
      `${month(m)}-${10 + (i % 9)}`,
      i < promoters ? 10 : 2,
      i % 2 ? 'Web' : 'App',
    ])
  })
  it('is told, and a forecast whose limits take in the scale says so', async () => {
    const { flat } = await run(file('falls.csv', 'date,nps,channel', rows))
    expect(flat).toContain('The last 4, 2021-09 to 2021-12, all lie below them.')
    expect(flat).toMatch(/After 2022-\d\d its limits take in the whole scale|No forecast: its limits take in/)
  })
})

describe('two raters', () => {
  it('are not two of two', async () => {
    const rows = range(40).map((i) => [i, i % 3 ? 'yes' : 'no', i % 4 ? 'yes' : 'no'])
    const { flat } = await run(
      'agreement',
      file('two.csv', 'id,first,second', rows),
      '--raters',
      'first,second',
    )
    expect(flat).not.toContain('Two of the 2')
  })
})
