import { isBlank } from '../../cells/cells.ts'
import { atRows, NumberColumn, TextColumn } from '../../inputs/kept-columns.ts'
import type { Input } from '../../method.ts'

const SAMPLE = 10_000

/** A column of more categories than this is a name, not a class. */
export const MOST_CATEGORIES = 1000

/** A column as it is compared: numbers, two classes (0 and 1), or categories. */
export type Kept =
  | {
      readonly name: string
      readonly kind: 'number'
      /** NaN where there is none. */
      readonly values: Float64Array
    }
  | {
      readonly name: string
      readonly kind: 'binary'
      /** The one that is 1, and the one that is 0. */
      readonly one: string
      readonly zero: string
      /** -1 where there is none. */
      readonly values: Int8Array
    }
  | {
      readonly name: string
      readonly kind: 'category'
      /** Places of the categories, -1 where there is none. */
      readonly values: Int16Array | Int32Array
      /** Different ones; those beyond `MOST_CATEGORIES` are counted as one. */
      readonly categories: number
    }

async function guessNumeric({ csv, options }: Input, columns: readonly number[]): Promise<Set<number>> {
  const asCategory = new Set(options.columns('categories'))
  const numbers = new Map(columns.map((column) => [column, { numbers: 0, present: 0 }]))
  await csv.eachRow((cells, row) => {
    for (const [column, seen] of numbers) {
      if (isBlank(cells[column]!)) continue
      seen.present++
      if (!Number.isNaN(csv.number(cells[column]!, column))) seen.numbers++
    }
    return row < SAMPLE
  })
  return new Set(
    columns.filter((column) => {
      const { numbers: n, present } = numbers.get(column)!
      return !asCategory.has(column) && !csv.isCode(column) && present > 0 && n >= 0.9 * present
    }),
  )
}

/** Reads columns as numbers or categories, whichever their first cells say. */
export async function readColumns(
  input: Input,
  columns: readonly number[],
): Promise<{ rows: number; kept: Map<number, Kept>; unreadable: number }> {
  const numeric = await guessNumeric(input, columns)
  const numbers = new Map([...numeric].map((column) => [column, new NumberColumn()]))
  const texts = new Map(
    columns
      .filter((column) => !numeric.has(column))
      .map((column) => [column, new TextColumn(MOST_CATEGORIES)]),
  )
  let unreadable = 0
  const rows = await input.csv.eachRow((cells) => {
    for (const [column, values] of numbers) {
      const value = input.csv.number(cells[column]!, column)
      if (Number.isNaN(value) && !isBlank(cells[column]!)) unreadable++
      values.push(value)
    }
    for (const [column, values] of texts) values.push(cells[column]!)
  })
  const kept = new Map<number, Kept>()
  for (const [column, values] of numbers)
    kept.set(column, asNumbers(input.csv.columns[column]!, values.values()))
  for (const [column, values] of texts) kept.set(column, asCategories(input.csv.columns[column]!, values))
  return { rows, kept, unreadable }
}

function asNumbers(name: string, values: Float64Array): Kept {
  const distinct = new Set<number>()
  for (const value of values) {
    if (!Number.isNaN(value)) distinct.add(value)
    if (distinct.size > 2) return { name, kind: 'number', values }
  }
  if (distinct.size < 2) return { name, kind: 'number', values }
  const high = Math.max(...distinct)
  return {
    name,
    kind: 'binary',
    one: String(high),
    zero: String(Math.min(...distinct)),
    values: Int8Array.from(values, (v) => (Number.isNaN(v) ? -1 : v === high ? 1 : 0)),
  }
}

function asCategories(name: string, column: TextColumn): Kept {
  const values = column.values()
  const categories = column.texts.length + (column.isFull ? 1 : 0)
  if (categories !== 2) return { name, kind: 'category', values, categories }
  const [zero, one] = [...column.texts].sort() as [string, string]
  const oneAt = column.texts.indexOf(one)
  return {
    name,
    kind: 'binary',
    one,
    zero,
    values: Int8Array.from(values, (v) => (v < 0 ? -1 : v === oneAt ? 1 : 0)),
  }
}

/** A column of numbers, or of places of classes. */
export type Values = Float64Array | Int8Array | Int16Array | Int32Array

/** The rows that have both values; a column of which all rows have both is not copied. */
export function both(x: Kept, o: Kept): readonly [Values, Values] {
  const complete = new Uint32Array(x.values.length)
  let n = 0
  for (let i = 0; i < complete.length; i++) if (!isMissing(x, i) && !isMissing(o, i)) complete[n++] = i
  if (n === complete.length) return [x.values, o.values]
  const rows = complete.subarray(0, n)
  return [atRows(x.values, rows), atRows(o.values, rows)]
}

const isMissing = ({ kind, values }: Kept, row: number) =>
  kind === 'number' ? Number.isNaN(values[row]!) : values[row]! < 0
