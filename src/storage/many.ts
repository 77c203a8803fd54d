// For: many rows that go to the store in one statement.
// In: the rows, and of which type each of their columns is.
// Out: a table to select from, and one text for each column, which PGlite takes apart faster than JSON.

/** What the product itself writes by the thousand. */
export type ManyType = 'uuid' | 'int' | 'timestamptz' | 'text'

/** Those of a row that go to the store. */
export type ManyColumns<R> = { readonly [Column in keyof R & string]?: ManyType }

export interface Many {
  /** `(select …) r`, to be put behind `from`. */
  readonly from: string
  readonly values: string[]
}

/** @param first the number of the first parameter that is free; one is taken for each column that holds something, and the
 * first by the first column
 */
export function many<R extends object>(rows: readonly R[], columns: ManyColumns<R>, first: number): Many {
  const values: string[] = []
  const selected = (Object.entries(columns) as Array<[string, ManyType]>).map(([name, type], index) => {
    const column = rows.map((row) => (row as Record<string, unknown>)[name] ?? null)
    // The first column says how many rows there are, whatever it holds.
    if (index > 0 && column.every((value) => value === null)) return `null::${type} as "${name}"`
    values.push(`{${column.map((value) => (value === null ? 'NULL' : written[type](value))).join(',')}}`)
    return `${taken[type](`$${first + values.length - 1}`)} as "${name}"`
  })
  return { from: `(select ${selected.join(', ')}) r`, values }
}

// Whole milliseconds are read in a fraction of the time of a written one, or of floats.
const taken: Record<ManyType, (parameter: string) => string> = {
  uuid: (parameter) => `unnest(${parameter}::uuid[])`,
  int: (parameter) => `unnest(${parameter}::int[])`,
  timestamptz: (parameter) => `to_timestamp(unnest(${parameter}::bigint[])::float8 / 1000)`,
  text: (parameter) => `unnest(${parameter}::text[])`,
}

/** How a value stands in an array that is written out. */
const written: Record<ManyType, (value: unknown) => unknown> = {
  uuid: (value) => value,
  int: (value) => value,
  timestamptz: (value) => (value as Date).getTime(),
  text: (value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`,
}
