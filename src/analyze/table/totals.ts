import { isBlank } from '../cells/cells.ts'

/** Rows that hold the totals of the others, as spreadsheets add them. */
export interface Totals {
  /** Places among the rows of data, rising. */
  readonly rows: readonly number[]
  /** "Region "North Total", "Grand Total"", for telling. */
  readonly labels: string
}

const WORD =
  /^(?:(?:grand|sub)?[\s-]*totals?|totalt|totalen|totale|totaal|totalsumma|total g[eé]n[eé]ral|summa|delsumma|slutsumma|sum|gesamt|gesamtsumme|gesamtergebnis|insgesamt|i alt|sammanlagt|yhteensä)$/i
// They may name a group as well: taken for totals only where the figures say so.
const LOOSE = /^(?:all|alla|alle|overall|samtliga|hela)$/i
const BESIDE = /^(?:total(?:t|s)?|sub-?total|summa|sum)[\s:]+(.+)$|^(.+?)[\s:]+(?:total(?:t|s)?|summa|sum)$/i

const PRESENT = 0.9
const MOST = 0.5
const CLOSE = 0.005
const SHOWN = 4

/** Finds rows of totals. The word alone is not enough: in the row a cell lacks that the others have, or a number is the
 * sum of theirs, or it is the last row; a label that stands in several rows needs the sum.
 * @param rows all rows of data of the file, with as many cells as there are columns
 * @param read the number in a cell, NaN where there is none
 * @returns undefined where there is none
 */
export function totalsAmong(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  read: (cell: string) => number,
): Totals | undefined {
  const names = new Set(columns.map((name) => name.trim().toLowerCase()))
  const found = new Map<number, { column: number; label: string }>()
  for (let column = 0; column < columns.length; column++) {
    const texts = rows.map((cells) => (cells[column] ?? '').trim())
    const called = labelsAmong(texts, names)
    if (called.length === 0 || called.length > MOST * rows.length) continue
    const others = rows.filter((_, row) => !called.includes(row))
    const table = { columns, rows, others, read }
    for (const row of called) {
      const label = texts[row]!
      const alike = called.filter((other) => texts[other] === label)
      const single =
        alike.length === 1 &&
        isFirst(rows[row]!, column) &&
        rows[row]!.some((cell) => !Number.isNaN(read(cell)))
      const ofOne = partOf(label)
      const summed =
        ofOne === undefined
          ? others
          : others.filter((cells) => (cells[column] ?? '').trim().toLowerCase() === ofOne)
      const sure =
        (single && lacksCell(table, row, column)) ||
        addsUp(table, alike, summed, column) ||
        (single && row === rows.length - 1 && WORD.test(label))
      if (sure) found.set(row, { column, label })
    }
  }
  if (found.size === 0) return undefined
  return { rows: [...found.keys()].sort((a, b) => a - b), labels: told(columns, [...found.values()]) }
}

interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Those without such a label. */
  readonly others: readonly (readonly string[])[]
  readonly read: (cell: string) => number
}

// A label that is the name of a column stands in a matrix, whose rows are called as its columns.
function labelsAmong(texts: readonly string[], names: ReadonlySet<string>): number[] {
  const known = new Set(texts.map((text) => text.toLowerCase()))
  return texts.flatMap((text, row) => {
    if (names.has(text.toLowerCase())) return []
    const own = partOf(text)
    return WORD.test(text) || LOOSE.test(text) || (own !== undefined && known.has(own)) ? [row] : []
  })
}

// "North Total" is that of "North".
function partOf(label: string): string | undefined {
  if (WORD.test(label) || LOOSE.test(label)) return undefined
  const beside = BESIDE.exec(label)
  return (beside?.[1] ?? beside?.[2])?.trim().toLowerCase()
}

const isFirst = (cells: readonly string[], column: number) => cells.slice(0, column).every(isBlank)

function lacksCell({ columns, rows, others }: Table, row: number, label: number): boolean {
  return columns.some(
    (_, column) =>
      column !== label &&
      isBlank(rows[row]![column] ?? '') &&
      others.length > 0 &&
      others.filter((cells) => !isBlank(cells[column] ?? '')).length >= PRESENT * others.length,
  )
}

// Whether in some column of numbers the rows of a label together are what the rows summed come to.
function addsUp(
  { columns, rows, read }: Table,
  labelled: readonly number[],
  summed: readonly (readonly string[])[],
  label: number,
): boolean {
  if (summed.length < 2) return false
  return columns.some((_, column) => {
    if (column === label) return false
    const own = labelled.reduce((sum, row) => sum + read(rows[row]![column] ?? ''), 0)
    const parts = summed.map((cells) => read(cells[column] ?? ''))
    if (Number.isNaN(own) || parts.some(Number.isNaN) || parts.some((part) => part < 0)) return false
    const sum = parts.reduce((a, b) => a + b, 0)
    return sum > Math.max(...parts) && Math.abs(own - sum) <= CLOSE * sum
  })
}

function told(columns: readonly string[], found: readonly { column: number; label: string }[]): string {
  const labels = [...new Set(found.map(({ column, label }) => `${columns[column]} "${label}"`))]
  return labels.slice(0, SHOWN).join(', ') + (labels.length > SHOWN ? ', ...' : '')
}
