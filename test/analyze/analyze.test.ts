import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import { afterAll, describe, expect, it } from 'vitest'
import { toNumber } from '../../src/analyze/cells/cells.ts'
import { parseDate, periodOf } from '../../src/analyze/cells/dates.ts'
import { analyze } from '../../src/analyze/command/command.ts'
import { methods } from '../../src/analyze/methods/methods.ts'
import { outputSchema } from '../../src/analyze/methods/output-schema.ts'
import { toJson } from '../../src/analyze/output/json.ts'
import { csvFromText } from '../../src/analyze/table/csv.ts'
import { noValue } from '../../src/stats/interval.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-analyze-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err }
}

describe('every method', () => {
  for (const method of methods) {
    it(`${method.name}: the example runs, and its JSON keeps the schema`, async () => {
      const help = await run(method.name, '--help')
      expect(help.code).toBe(0)
      expect(help.out).toContain(`$ samklang analyze ${method.name} docs/examples/${method.name}.csv`)
      const path = file('example.csv', method.example.csv)
      const { code, out, err } = await run(method.name, path, ...method.example.options, '--json')
      expect(err).toBe('')
      expect(code).toBe(0)
      const schema = outputSchema(method)
      const [ok, errors] = Schema.Errors(schema, JSON.parse(out))
      expect(ok ? [] : errors).toEqual([])
    })
  }
})

describe('every method on files that hold little', () => {
  const spoil: Record<string, (header: string, rows: string[]) => string[]> = {
    'a header alone': () => [],
    'one row': (_, rows) => rows.slice(0, 1),
    'two rows': (_, rows) => rows.slice(0, 2),
    'the same row again and again': (_, rows) => Array(150).fill(rows[0]!),
    'blank cells alone': (header) => Array(5).fill(header.replaceAll(/[^,]/g, '').padEnd(2, ' ')),
    'words where numbers should be': (header) =>
      Array(5).fill(
        header
          .split(',')
          .map(() => 'word')
          .join(','),
      ),
    'its rows many times': (_, rows) => Array(20).fill(rows).flat(),
  }
  for (const method of methods) {
    it(method.name, async () => {
      const [header, ...rows] = method.example.csv.trimEnd().split('\n')
      for (const [name, make] of Object.entries(spoil)) {
        const path = file('spoilt.csv', `${[header!, ...make(header!, rows)].join('\n')}\n`)
        const { code, out, err } = await run(method.name, path, ...method.example.options, '--json')
        if (code === 2) {
          // A choice that the file does not hold may be refused, in words.
          expect(err, name).toMatch(/^samklang analyze: /)
          continue
        }
        const [ok, errors] = Schema.Errors(outputSchema(method), JSON.parse(out))
        expect(ok ? [] : errors, name).toEqual([])
        expect((await run(method.name, path, ...method.example.options)).out, name).not.toMatch(
          /NaN|Infinity|undefined/,
        )
      }
    })
  }
  it('the page on a whole file', async () => {
    for (const method of methods) {
      const [header, ...rows] = method.example.csv.trimEnd().split('\n')
      for (const make of Object.values(spoil)) {
        const path = file('spoilt.csv', `${[header!, ...make(header!, rows)].join('\n')}\n`)
        const { code, out } = await run(path)
        expect(code).toBe(0)
        expect(out).not.toMatch(/NaN|Infinity|undefined/)
      }
    }
  })
})

describe('a terminal', () => {
  it('gets colours, and nobody else does', async () => {
    const path = file('colour.csv', 'score\n10\n3\n')
    const outputs: string[] = []
    for (const isTTY of [true, false]) {
      let out = ''
      const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => '' }, isTTY }
      await analyze(['nps', path, '--score', 'score'], io)
      outputs.push(out)
    }
    expect(outputs[0]).toContain('\u001b[')
    expect(outputs[1]).not.toContain('\u001b')
  })
  it('is told the progress of a long file on stderr', async () => {
    const { out, err } = await run(
      'nps',
      file('long.csv', `score\n${'9\n'.repeat(250_000)}`),
      '--score',
      'score',
      '--json',
    )
    expect(err).toMatch(/^100,000 rows read, \d+ %\n200,000 rows read, \d+ %\n250,000 rows read, 100 %\n$/)
    expect(JSON.parse(out).used).toBe(250_000)
  })
})

describe('a command that is wrong', () => {
  it('names the methods, the columns or the option, and ends with 2', async () => {
    const path = file('small.csv', 'score\n10\n')
    for (const [argv, words] of [
      [['nosuch', path], 'there is no method "nosuch"'],
      [['nps', 'absent.csv', '--score', 'score'], 'there is no file'],
      [['nps', path], 'needs --score COLUMN'],
      [['nps', path, '--score', 'points'], 'there is no column "points"; the file has score'],
      [['nps', path, '--score', 'score', '--wrong'], '--wrong'],
      [['nps', path, '--score', 'score', '--level', '2'], '--level takes a number'],
      [['nps', file('empty.csv', ''), '--score', 'score'], 'is empty'],
    ] as const) {
      const { code, out, err } = await run(...argv)
      expect(code, err).toBe(2)
      expect(err).toContain(words)
      expect(out).toBe('')
    }
  })
})

describe('a file is read', () => {
  it('with a byte order mark, semicolons, decimal commas and quoted line breaks', async () => {
    const csv = await csvFromText('a', '\ufeffname;score\r\n"one;\n""two""";2,5\r\n;\r\n')
    const rows: string[][] = []
    expect(csv.columns).toEqual(['name', 'score'])
    expect(await csv.eachRow((cells) => rows.push([...cells]))).toBe(2)
    expect(rows).toEqual([
      ['one;\n"two"', '2,5'],
      ['', ''],
    ])
    expect(toNumber('2,5')).toBe(2.5)
  })
  it('in Windows-1252 and UTF-16', async () => {
    const path = file('latin.csv', Buffer.from('butik,score\nG\xf6teborg,10\n', 'latin1'))
    expect((await run('nps', path, '--score', 'score', '--by', 'butik')).out).toContain('Göteborg')
    const wide = file('wide.csv', Buffer.from('\ufeffbutik,score\nGöteborg,10\n', 'utf16le'))
    expect((await run('nps', wide, '--score', 'score', '--by', 'butik')).out).toContain('Göteborg')
  })
  it('with short rows, repeated and empty names', async () => {
    const csv = await csvFromText('a', 'x,x,\n1\n1,2,3,4\n')
    const rows: string[][] = []
    await csv.eachRow((cells) => rows.push([...cells]))
    expect(csv.columns).toEqual(['x', 'x_2', 'column3'])
    expect(rows[0]).toEqual(['1', '', ''])
  })
  it('with the marks of R, pandas and SQL for missing values', async () => {
    const path = file('marks.csv', 'unit,score\na,10\na,NA\nNULL,3\nb,#N/A\nb,none\n')
    const { dropped } = JSON.parse((await run('nps', path, '--score', 'score', '--by', 'unit', '--json')).out)
    expect(dropped).toEqual({ 'score blank': 2, 'group blank': 1, 'score not a number': 1 })
  })
  it('number by number, not taking blanks for zero', () => {
    for (const text of ['', ' ', 'NA', 'Infinity', '0x10', '1,2,3', '5 stars'])
      expect(toNumber(text)).toBeNaN()
    expect([' 7 ', '-2.5', '+3', '1e3', '.5', '10', '-0,5'].map((cell) => toNumber(cell))).toEqual([
      7, -2.5, 3, 1000, 0.5, 10, -0.5,
    ])
  })
})

describe('dates', () => {
  it('are read in the usual orders, and days that do not exist are not', () => {
    expect(parseDate('2026-02-28T10:00:00Z')).toEqual({ year: 2026, month: 2, day: 28 })
    for (const text of [
      'Jan-26',
      "Jan '26",
      '01/2026',
      '1-2026',
      'Q1 2026',
      'Kv1 2026',
      '2026 kv 1',
      'Q1/2026',
    ])
      expect(parseDate(text), text).toEqual({ year: 2026, month: 1, day: 1 })
    for (const text of ['W03 2026', 'v3 2026', '2026v03', '2026 v. 3', 'KW 3/2026', 'vecka 3 2026'])
      expect(parseDate(text), text).toEqual({ year: 2026, month: 1, day: 12 })
    for (const text of ['Jan-2', '13/2026', 'Q5 2026', 'W54 2026', 'abc-20', '2026V1000', 'mar 3'])
      expect(parseDate(text), text).toBeUndefined()
    expect(parseDate('20260228')).toEqual({ year: 2026, month: 2, day: 28 })
    expect(parseDate('28.2.2026', 'dmy')).toEqual({ year: 2026, month: 2, day: 28 })
    expect(parseDate('2/28/2026 9:00', 'mdy')).toEqual({ year: 2026, month: 2, day: 28 })
    for (const text of ['2026-02-30', '28.2.2026', '', 'soon']) expect(parseDate(text)).toBeUndefined()
  })
  it('fall into ISO weeks, where the year is that of Thursday', () => {
    const week = (text: string) => periodOf(parseDate(text)!, 'week')
    expect(week('2027-01-03')).toBe('2026-W53')
    expect(week('2026-01-01')).toBe('2026-W01')
    expect(week('2024-12-30')).toBe('2025-W01')
  })
})

describe('JSON', () => {
  it('has null with a reason where there is no value, and never NaN', () => {
    expect(toJson({ a: noValue('too few'), b: Number.NaN, c: [1, noValue('singular')] })).toEqual({
      a: null,
      b: null,
      c: [1, { value: null, reason: 'singular' }],
      reason: 'too few; out of range',
      reasons: { a: 'too few', b: 'out of range' },
    })
  })
})

describe('the page on a file', () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const wait = (i * 7) % 11
    return `c${i},${['north', 'south', 'east'][i % 3]},${Math.max(0, Math.min(10, 10 - wait + (i % 3)))},${wait},"${wait > 6 ? 'slow queue' : 'quick and friendly'} ${i}"`
  })
  it('says in words what fits, with figures and the command behind them', async () => {
    const path = file(
      'page.csv',
      `customer_id,store,recommend_score,wait_minutes,comment\n${rows.join('\n')}\n`,
    )
    const { out } = await run(path)
    expect(out).toMatch(/NPS is highest for \w+ -?\d+/)
    expect(out).toMatch(
      /recommend_score is lower where wait_minutes is higher \(r -0\.\d+, n 300, corrected p < 0\.0001\)/,
    )
    expect(out).toContain(`samklang analyze nps ${path} --score recommend_score --by store`)
    const json = JSON.parse((await run(path, '--json')).out)
    expect(json.answers.find((a: { method: string }) => a.method === 'nps').result.groups.length).toBe(3)
  })
})

describe('the page on files without a named scale', () => {
  it('takes columns that share a few points for answers', async () => {
    const battery = Array.from(
      { length: 60 },
      (_, i) => `${1 + (i % 6)},${1 + ((i * 5) % 6)},${1 + ((i + Math.floor(i / 6)) % 6)}`,
    )
    const json = JSON.parse((await run(file('battery.csv', `a,b,c\n${battery.join('\n')}\n`), '--json')).out)
    expect(json.columns.map((c: { kind: string }) => c.kind)).toEqual(['scale', 'scale', 'scale'])
  })
  it('holds numbers and categories against each other, every two once', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i * 1.5},${100 - i + (i % 3)},${['x', 'y', 'z'][i % 3]},${i === 4 ? 'NA' : i % 7}`,
    )
    const json = JSON.parse(
      (await run(file('numbers.csv', `a,b,kind,n\n${rows.join('\n')}\n`), '--json')).out,
    )
    const [first] = json.answers
    expect(first.method).toBe('correlate')
    expect(first.result.pairs.length).toBe(6)
  })
})

describe('nps', () => {
  it('answers per group, also for one without answers and one of promoters alone', async () => {
    const path = file('groups.csv', 'unit,score\na,10\na,9\nb,\nc,3\nc,eleven\nd,11\n')
    const { out } = await run('nps', path, '--score', 'score', '--by', 'unit', '--compare', 'a,c', '--json')
    const { used, dropped, result } = JSON.parse(out)
    expect(used).toBe(3)
    expect(dropped).toEqual({
      'score blank': 1,
      'score not a number': 1,
      'score not a whole number 0..10': 1,
    })
    expect(result.groups.map((g: { group: string; nps: number }) => [g.group, g.nps])).toEqual([
      ['a', 100],
      ['b', null],
      ['c', -100],
      ['d', null],
    ])
    expect(result.groups[1].reason).toBe('empty group')
    expect(result.differences[0]).toMatchObject({
      plain: null,
      reason: 'no variance',
      adjusted: { difference: expect.any(Number) },
    })
  })
})
