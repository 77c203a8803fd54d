import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvScanner } from '../../src/analyze/table/scan.ts'

function scan(text: string, size: number, delimiter = ','): string[][] {
  const rows: string[][] = []
  const scanner = new CsvScanner(delimiter, (cells) => rows.push(cells) > 0)
  for (let i = 0; i < text.length; i += size) scanner.push(text.slice(i, i + size))
  scanner.end()
  return rows
}

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.array(fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'å')).map((c) => c.join('')),
)
const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

describe('the scanner of CSV files', () => {
  it('reads what csv-parse reads, wherever the pieces are cut', () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, size, line, closed) => {
          const text = rows.map((row) => row.map(quote).join(',')).join(line) + (closed ? line : '')
          const expected = parse(text, {
            relax_column_count: true,
            record_delimiter: line,
            skip_empty_lines: true,
          }) as string[][]
          expect(scan(text, size)).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('keeps quotes inside plain cells, and text behind a closing quote', () => {
    expect(scan('a,5" pipe\n"b" c,d', 3)).toEqual([
      ['a', '5" pipe'],
      ['b c', 'd'],
    ])
  })
  it('ends lines at \\n, \\r\\n and \\r, passes over empty ones, and stops when told', () => {
    expect(scan('a;1\r\n\r\nb;2\rc;3\n\n', 2, ';')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
    const rows: string[][] = []
    const scanner = new CsvScanner(',', (cells) => rows.push(cells) < 2)
    scanner.push('1\n2\n3\n')
    expect(rows.length).toBe(2)
    expect(scanner.stopped).toBe(true)
  })
  it('takes a quote that is never closed to the end of the text', () => {
    expect(scan('a,"b\nc', 2)).toEqual([['a', 'b\nc']])
  })
})
