import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'

// Files as strangers have them: exports of survey tools and spreadsheets, and columns whose names mislead.
const folder = mkdtempSync(join(tmpdir(), 'samklang-strangers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err, flat: out.replace(/\s+/g, ' ') }
}
const json = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).out)

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const two = (n: number) => String(n).padStart(2, '0')
const table = (header: string, n: number, row: (i: number) => string) =>
  `${header}\n${range(n).map(row).join('\n')}\n`
const kindsOf = async (path: string) =>
  Object.fromEntries(
    (await json('describe', path)).result.columns.map(
      (column: { name: string; kind: string; metric?: string }) => [
        column.name,
        column.metric ?? column.kind,
      ],
    ),
  )

describe('the export of a survey tool', () => {
  const body = (i: number) =>
    `2026-0${1 + (i % 6)}-05 10:00:00,R_${1000 + i},${i % 11},${1 + (i % 5)},${1 + (i % 4)}`
  it('with two rows below the names has neither taken for answers', async () => {
    const path = file(
      'qualtrics.csv',
      `StartDate,ResponseId,Q1,Q2_1,Q2_2\nStart Date,Response ID,How likely?,Staff,Price\n"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}"\n${range(60).map(body).join('\n')}\n`,
    )
    const nps = await json('nps', path, '--score', 'Q1')
    expect([nps.rows, nps.used]).toEqual([60, 60])
    expect(nps.conventions.join(' ')).toContain('The 2 rows below the names')
    expect((await run(path)).flat).toContain('qualtrics.csv: 60 rows')
  })
  it('with the parts of a question below it names them', async () => {
    const path = file(
      'monkey.csv',
      `Respondent ID,Start Date,How satisfied are you with:,,How likely is it?\n,,Staff,Price,\n${range(60)
        .map((i) => `${118000000 + i},01/${two(1 + (i % 28))}/2026,${1 + (i % 5)},${1 + (i % 3)},${i % 11}`)
        .join('\n')}\n`,
    )
    const { columns } = (await json('describe', path)).result
    expect(columns.map(({ name }: { name: string }) => name)).toEqual([
      'Respondent ID',
      'Start Date',
      'How satisfied are you with: Staff',
      'How satisfied are you with: Price',
      'How likely is it?',
    ])
    expect((await json('nps', path, '--score', 'How likely is it?')).rows).toBe(60)
  })
  it('keeps a first row that only has words where later rows have them too', async () => {
    const rows = (i: number) => (i % 9 === 0 ? 'unknown,none' : `${i},${2 * i}`)
    const path = file('words.csv', table('a,b', 40, rows))
    expect((await json('describe', path)).rows).toBe(40)
  })
  it('with a title above the names is read below it', async () => {
    const path = file(
      'titled.csv',
      `NPS report\nExported 2026-01-01\n\n${table('id,nps,store', 30, (i) => `${i},${i % 11},s${i % 3}`)}`,
    )
    const nps = await json('nps', path, '--score', 'nps', '--by', 'store')
    expect([nps.rows, nps.result.groups.length]).toEqual([30, 3])
    expect(nps.conventions.join(' ')).toContain('2 rows above the names of the columns are passed over')
  })
  it('has its answers in words read, and told', async () => {
    const words = ['Strongly disagree', 'Disagree', 'Neither agree nor disagree', 'Agree', 'Strongly agree']
    const path = file(
      'likert.csv',
      table('id,Staff was friendly,Price', 50, (i) => `${i},${words[i % 5]},${words[(i >> 1) % 5]}`),
    )
    const csat = await json('csat', path, '--score', 'Staff was friendly')
    expect(csat.result.groups[0].counts).toEqual([10, 10, 10, 10, 10])
    expect(csat.conventions.join(' ')).toContain('"Strongly agree" is 5')
    // As a group it keeps its words.
    const by = await json('csat', path, '--score', 'Staff was friendly', '--by', 'Price')
    expect(by.result.groups.map(({ group }: { group: string }) => group)).toContain('Agree')
  })
  it('has the number in "10 - Very likely" counted', async () => {
    const cells = ['10 - Very likely', '9', '7', '0 - Not at all likely']
    const path = file(
      'nps.csv',
      table('id,Would you recommend us', 40, (i) => `${i},${cells[i % 4]}`),
    )
    const nps = await json('nps', path, '--score', 'Would you recommend us')
    expect(nps.result.groups[0]).toMatchObject({ n: 40, nps: 25 })
  })
  it('has codes for no answer pointed at and left out, and left out when told', async () => {
    const path = file(
      'codes.csv',
      table('id,satisfaction', 100, (i) => `${i},${[1, 2, 3, 4, 5, 99][i % 6]}`),
    )
    expect((await run(path)).flat).toContain(
      'satisfaction runs from 1 to 5 but for 99 (16 times), which looks like a code for no answer: left out here, as by --blank satisfaction=99.',
    )
    const told = await run(path, '--blank', '99,-99')
    expect(told.flat).toContain('answers are satisfied (4-5 of 5)')
    expect(told.flat).toContain('--blank 99,-99 --score satisfaction')
    expect((await json('csat', path, '--score', 'satisfaction', '--blank', '99')).dropped).toEqual({
      'score blank': 16,
    })
  })
})

describe('money, per cent and dates of a spreadsheet', () => {
  it('are numbers and dates', async () => {
    const path = file(
      'orders.csv',
      table(
        'Customer ID;Order Date;Order Total;Share',
        60,
        (i) => `${1000 + (i % 20)};${1 + (i % 28)}. jan. 2026;${i % 2 ? '-' : ''}1 2${two(i)},50 kr;${i},5 %`,
      ),
    )
    expect(await kindsOf(path)).toMatchObject({
      'Order Date': 'date',
      'Order Total': 'number',
      Share: 'number',
    })
    const { result, conventions } = await json('describe', path)
    expect(result.columns[2].range.high).toBe(1258.5)
    expect(conventions).toContain('The currency sign kr is passed over.')
    expect(conventions).toContain('Per cent signs are passed over: 5 % is 5.')
  })
  it('are warned of when currencies are mixed', async () => {
    const path = file(
      'mixed.csv',
      table('k,amount', 30, (i) => `a,${i % 2 ? `$${i}` : `€${i}`}`),
    )
    expect((await json('describe', path)).conventions.join(' ')).toContain('several currencies ($, €)')
  })
  it('are thousands with a dot where the others have decimal commas, and told where nothing says', async () => {
    const known = file(
      'known.csv',
      table('a;b', 20, (i) => `1.2${two(i % 9)};0,5`),
    )
    expect((await json('describe', known)).result.columns[0].range.high).toBe(1208)
    const open = file(
      'open.csv',
      table('a;b', 20, (i) => `1.2${two(i % 9)};x`),
    )
    const { result, conventions } = await json('describe', open)
    expect(result.columns[0].range.high).toBe(1.208)
    expect(conventions.join(' ')).toContain('A dot before three digits is a decimal point')
  })
  it('of the first of each month are months, whichever part comes first', async () => {
    const path = file(
      'us.csv',
      table('date,score', 24, (i) => `${1 + (i % 12)}/1/${2024 + Math.floor(i / 12)},${i % 5}`),
    )
    const { dates } = (await json('describe', path)).result.columns[0]
    expect(dates).toMatchObject({ first: '2024-01-01', last: '2025-12-01', order: 'mdy' })
  })
  it('that could be read either way are told', async () => {
    const path = file(
      'either.csv',
      table('date,score', 40, (i) => `${1 + (i % 12)}/${1 + (i % 7)}/2024,${i % 5}`),
    )
    expect((await run(path)).flat).toContain('--date-format mdy')
  })
  it('in seconds or days of a spreadsheet are dates where the name says so', async () => {
    const path = file(
      'moments.csv',
      table('created_at,date,wait', 30, (i) => `${1704067200 + 86400 * i},${45292 + i},${45292 + i}`),
    )
    expect(await kindsOf(path)).toEqual({ created_at: 'date', date: 'date', wait: 'number' })
  })
  it('are years where there is one row a year', async () => {
    const path = file(
      'nile.csv',
      table('time,value', 40, (i) => `${1871 + i},${1000 - 9 * i}`),
    )
    expect((await run(path)).flat).toContain('The series has fallen: -9.000 per year')
    const born = file(
      'born.csv',
      table('birth_year,value', 40, (i) => `${1950 + i},${i}`),
    )
    expect((await kindsOf(born)).birth_year).not.toBe('date')
  })
})

describe('a column is not taken for what it is not', () => {
  it('the numbers of rows and codes with zeros in front are ids', async () => {
    const path = file(
      'rows.csv',
      table(',sku,zip,y', 60, (i) => `${61617 + 3 * i},00${101 + 7 * i},${two(0)}${12 + (i % 9)},${i}`),
    )
    expect(await kindsOf(path)).toMatchObject({ column1: 'id', sku: 'id', zip: 'category' })
  })
  it('a count of service calls is no answer, nor is a job level, nor a vocabulary test an NPS', async () => {
    const path = file(
      'counts.csv',
      table(
        'number_customer_service_calls,JobLevel,vocabulary,CareerSatisfaction',
        120,
        (i) => `${i % 10},${1 + (i % 5)},${i % 11},${i % 11}`,
      ),
    )
    expect(await kindsOf(path)).toEqual({
      number_customer_service_calls: 'number',
      JobLevel: 'number',
      vocabulary: 'rating',
      CareerSatisfaction: 'rating',
    })
    expect((await run(path)).flat).not.toContain('NPS')
  })
  it('five points of ease are no CES', async () => {
    const path = file(
      'ease.csv',
      table('id,easy to use', 60, (i) => `${i},${1 + (i % 5)}`),
    )
    expect((await run(path)).flat).toContain('csat')
  })
  it('the end of a scale that nobody passes is its end', async () => {
    const path = file(
      'four.csv',
      table('q1,q2,q3', 150, (i) => `${1 + (i % 4)},${1 + ((i * 3) % 4)},${1 + ((i + 1) % 4)}`),
    )
    expect((await run(path)).flat).toContain('answers are 3-4 of 4')
  })
  it('a score that has one value alone is still one', async () => {
    const path = file(
      'ten.csv',
      table('nps,store', 40, (i) => `10,${'ab'[i % 2]}`),
    )
    expect((await run(path)).flat).toContain('NPS is the same in both groups: 100.')
  })
  it('of 1 and 2 it is not known which means that it happened', async () => {
    const path = file(
      'lung.csv',
      table('time,status,sex', 60, (i) => `${10 + ((i * 37) % 90)},${1 + (i % 2)},${1 + ((i >> 1) % 2)}`),
    )
    const { out } = await run(path)
    expect(out).not.toContain('have had the event')
    expect(out).toContain('put the value that means it after --event-value')
  })
  it('an age is no time of a customer, and the time itself predicts nothing', async () => {
    const path = file(
      'left.csv',
      table('age,time,churned', 90, (i) => `${20 + (i % 50)},${1 + ((i * 7) % 40)},${i % 3 ? 0 : 1}`),
    )
    const { out } = await run(path)
    expect(out).toContain('--time time')
    expect(out).toContain('--predictors age')
  })
  it('a table of counts is not read as if each row were a case', async () => {
    const path = file(
      'freq.csv',
      table('sex,dept,Freq', 24, (i) => `${'mf'[i % 2]},d${Math.floor(i / 2)},${10 * i}`),
    )
    expect((await run(path)).flat).toContain('Each row is a cell of a table with its count')
  })
  it('customers are no group to compare with everything', async () => {
    const path = file(
      'c.csv',
      table('customer_id,amount,shop', 90, (i) => `${100 + (i % 12)},${i},${'ab'[i % 2]}`),
    )
    expect((await run(path)).out).not.toMatch(/correlate.*customer_id/)
  })
  it('a category with hardly two rows of each is a name', async () => {
    const path = file(
      'many.csv',
      table('seller,amount', 90, (i) => `s${i % 60}x,${i}`),
    )
    const { pairs } = (await json('correlate', path, '--x', 'amount', '--o', 'seller')).result
    expect(pairs[0]).toMatchObject({ kind: 'too many categories', p: null, reason: 'out of range' })
  })
  it('names with a comma or a dash in front make command lines that run', async () => {
    const path = file(
      'names.csv',
      table('"a,b",--score,nps', 150, (i) => `${i % 7},${1 + (i % 5)},${i % 11}`),
    )
    const { suggestions } = (await json('describe', path)).result
    expect(suggestions.length).toBeGreaterThan(2)
    for (const { method, options } of suggestions)
      expect(await run(method, path, ...options)).toMatchObject({ code: 0, err: '' })
  })
})

describe('a sentence on the page', () => {
  it('gives the difference of the scores that it shows', async () => {
    const path = file(
      'two.csv',
      table(
        'nps,store',
        40,
        (i) => `${i < 20 ? [10, 9, 8, 3][i % 4] : [10, 2, 8, 3][i % 4]},${i < 20 ? 'a' : 'b'}`,
      ),
    )
    const { flat } = await run(path)
    expect(flat).toContain('NPS is highest for a 25')
    expect(flat).toContain('lowest for b -25')
    expect(flat).toContain('From a to b it differs by -50 points')
  })
  it('says of a series without one level that no point of it stands out', async () => {
    const path = file(
      'rise.csv',
      table('month,value', 48, (i) => `${2020 + Math.floor(i / 12)}-${two(1 + (i % 12))},${100 + 5 * i}`),
    )
    expect((await run(path)).flat).toContain('It keeps no one level')
  })
  it('does not say more of a forecast of NPS than NPS can be, nor further than half the series', async () => {
    const path = file(
      'weeks.csv',
      table(
        'date,nps',
        180,
        (i) => `2026-${two(1 + (Math.floor(i / 28) % 6))}-${two(1 + (i % 28))},${(i * 7) % 11}`,
      ),
    )
    const { flat } = await run(path)
    const limits = [...flat.matchAll(/limits (-?[\d.]+) \.\. (-?[\d.]+)\) (?:and|\.)/g)]
    for (const [, low, high] of limits) {
      expect(Number(low)).toBeGreaterThanOrEqual(-100)
      expect(Number(high)).toBeLessThanOrEqual(100)
    }
    const { result } = await json('forecast', path, '--score', 'nps', '--date', 'date', '--period', 'week')
    expect(result.forecast.length).toBeLessThanOrEqual(result.n / 2)
    expect(result.models[0].fitted.length).toBe(result.n - result.models[0].fittedFrom + 1)
    expect(result.models[0].fitted).not.toContain(null)
  })
  it('tells odds by a step that can be read', async () => {
    const path = file(
      'odds.csv',
      table('churned,income', 200, (i) => `${(i * 7919) % 200 < i ? 1 : 0},${20000 + 150 * i}`),
    )
    expect((await run('churn', path, '--outcome', 'churned', '--predictors', 'income')).code).toBe(0)
    expect((await run(path)).flat).toMatch(
      /the odds of leaving are (?!1\.00)[\d.]+ times as high for each 1000 more/,
    )
  })
  it('adds up money with refunds without a share of what is left', async () => {
    const path = file(
      'refunds.csv',
      table(
        'customer,date,amount',
        60,
        (i) => `c${i % 12},2026-0${1 + (i % 6)}-03,${i < 24 ? 20 + (i % 12) : i % 12 < 4 ? -50 : 5}`,
      ),
    )
    const { flat } = await run(path)
    expect(flat).toContain('refunds taken off')
    expect(flat).not.toMatch(/bring \d+ % of/)
  })
  it('is few on a file of two hundred columns', async () => {
    const names = range(200).map((j) => `v${j}`)
    const path = file(
      'wide.csv',
      table(names.join(','), 60, (i) => names.map((_, j) => ((i * (j + 3)) % 17) / 4).join(',')),
    )
    const { out } = await run(path)
    expect(out.split('\n').length).toBeLessThan(40)
    expect(out).toContain('(the first 12 of 189 columns)')
  })
})

describe('a series too long to be held', () => {
  it('is refused with what to do about it', async () => {
    const path = file(
      'long.csv',
      table('value', 200_001, (i) => String(i % 7)),
    )
    const { code, err } = await run('trend', path, '--value', 'value')
    expect(code).toBe(2)
    expect(err).toContain('more than 200,000 points')
    expect(err).toContain('--date COLUMN --period NAME')
  })
})
