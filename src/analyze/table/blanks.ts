import { readingColumn } from '../options/column-use.ts'
import { Options } from '../options/options.ts'

/** Cells of a column that hold these are as good as blank. */
export interface BlankCells {
  /** -1 where they are blank in every column. */
  readonly column: number
  readonly codes: ReadonlySet<string>
}

/** What `--blank` names: "99, -99" are two codes, and so are those of "satisfaction=8,9".
 * @throws UsageError when it names no column of the file
 */
export function blankCells(texts: readonly string[], columns: readonly string[]): BlankCells[] {
  const codesOf = (text: string) =>
    text
      .split(',')
      .map((code) => code.trim())
      .filter((code) => code !== '')
  const found = new Map<number, Set<string>>()
  for (const text of texts) {
    const own = readingColumn(text, columns)
    const before = own ?? /^([^,]+)=/.exec(text)?.[1]
    const column = before === undefined ? -1 : new Options(new Map(), columns).position(before)
    const codes = codesOf(before === undefined ? text : text.slice(before.length + 1))
    found.set(column, new Set([...(found.get(column) ?? []), ...codes]))
  }
  return [...found].flatMap(([column, codes]) => (codes.size > 0 ? [{ column, codes }] : []))
}

/** Empties the cells of a row that are as good as blank. */
export function blankOut(cells: string[], missing: readonly BlankCells[]): void {
  for (const { column, codes } of missing) {
    if (column < 0) {
      for (let j = 0; j < cells.length; j++) if (codes.has(cells[j]!.trim())) cells[j] = ''
    } else if (column < cells.length && codes.has(cells[column]!.trim())) cells[column] = ''
  }
}

/** What to tell of them. */
export function blankNotes(missing: readonly BlankCells[], columns: readonly string[]): string[] {
  const alike = new Map<string, string[]>()
  for (const { column, codes } of missing) {
    const key = [...codes].join(' or ')
    alike.set(key, [...(alike.get(key) ?? []), column < 0 ? '' : columns[column]!])
  }
  return [...alike].map(
    ([codes, names]) =>
      `Cells ${names.includes('') ? '' : `of ${names.join(', ')} `}that hold ${codes} are taken as blank.`,
  )
}
