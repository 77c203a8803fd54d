import { isBlank, NumberColumn, TextColumn } from './cells.ts'
import type { Input } from './method.ts'

const SAMPLE = 10_000

/** A column as it is compared: numbers, two classes (0 and 1), or categories. */
export type Kept =
  | {
      readonly name: string
      readonly kind: 'number' | 'binary'
      readonly values: Float64Array
      /** Of two classes: the one that is 1, and the one that is 0. */
      readonly one?: string
      readonly zero?: string
    }
  | {
      readonly name: string
      readonly kind: 'category'
      readonly values: Float64Array
      readonly categories: number
    }
async function guessNumeric({ csv, options }: Input, columns: readonly number[]): Promise<Set<number>> {
  const asCategory = new Set(options.columns('categories'))
  const numbers = new Map(columns.map((column) => [column, { numbers: 0, present: 0 }]))
  await csv.eachRow((cells, row) => {
    for (const [column, seen] of numbers) {
      if (isBlank(cells[column]!)) continue
      seen.present++
      if (!Number.isNaN(csv.number(cells[column]!))) seen.numbers++
    }
    return row < SAMPLE
  })
  return new Set(
    columns.filter((column) => {
      const { numbers: n, present } = numbers.get(column)!
      return !asCategory.has(column) && present > 0 && n >= 0.9 * present
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
    columns.filter((column) => !numeric.has(column)).map((column) => [column, new TextColumn()]),
  )
  let unreadable = 0
  const rows = await input.csv.eachRow((cells) => {
    for (const [column, values] of numbers) {
      const value = input.csv.number(cells[column]!)
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
    values: values.map((v) => (Number.isNaN(v) ? v : v === high ? 1 : 0)),
  }
}

function asCategories(name: string, column: TextColumn): Kept {
  const positions = column.values()
  const values = positions.map((position) => (position < 0 ? Number.NaN : position))
  if (column.texts.length !== 2) return { name, kind: 'category', values, categories: column.texts.length }
  const [zero, one] = [...column.texts].sort() as [string, string]
  const oneAt = column.texts.indexOf(one)
  return {
    name,
    kind: 'binary',
    one,
    zero,
    values: values.map((v) => (Number.isNaN(v) ? v : v === oneAt ? 1 : 0)),
  }
}

/** The rows that have both values. */
export function both(x: Kept, o: Kept): readonly [Float64Array, Float64Array] {
  const a = new NumberColumn()
  const b = new NumberColumn()
  for (let i = 0; i < x.values.length; i++) {
    if (Number.isNaN(x.values[i]!) || Number.isNaN(o.values[i]!)) continue
    a.push(x.values[i]!)
    b.push(o.values[i]!)
  }
  return [a.values(), b.values()]
}
