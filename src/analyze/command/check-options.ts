import type { Method } from '../method.ts'
import { columnsNamed, readingColumn } from '../options/column-use.ts'
import { Options } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'
import type { Csv } from '../table/csv.ts'

// What these take may be given in parts, by repeating the option.
const REPEATED = new Set([
  'COLUMNS',
  'TARGETS',
  'NAMES',
  'NUMBERS',
  'SHARES',
  'TIMES',
  'LIST',
  'A,B',
  'P,D',
  'CODES',
])

/** Refuses a command whose options do not go together, before the file is read.
 * @throws UsageError when one that is required lacks, one is given twice, one can have no effect, or two
 *   name one column that cannot be both
 */
export function checkOptions(
  method: Method,
  values: ReadonlyMap<string, readonly string[]>,
  csv: Pick<Csv, 'columns' | 'isYearless'>,
): void {
  const { columns } = csv
  const specs = Object.entries(method.options)
  const missing = specs.filter(([name, spec]) => spec.required && !values.has(name))
  if (missing.length > 0) {
    const named = missing.map(([name, spec]) => `--${name} ${spec.value ?? ''}`.trim()).join(' and ')
    throw new UsageError(`${method.name} needs ${named}; the file has the columns ${columns.join(', ')}`)
  }
  for (const [name, spec] of specs) {
    const given = values.get(name)
    if (!given) continue
    if (spec.value && given.length > 1 && !REPEATED.has(spec.value)) twice(name, given)
    if (spec.needs && !spec.needs.some((other) => values.has(other)))
      throw new UsageError(
        `--${name} has no effect without ${spec.needs.map((other) => `--${other}`).join(' or ')}`,
      )
  }
  refuseSameColumn(method, values, columns)
  refuseYearless(method, values, csv)
}

// Who is measured may be what was treated, and the orders of a customer may be told apart by their dates.
const SAME_COLUMN = [
  ['unit', 'cluster'],
  ['order', 'date'],
]

// A column cannot be held against itself, nor cut into groups by what is measured.
function refuseSameColumn(
  method: Method,
  values: ReadonlyMap<string, readonly string[]>,
  columns: readonly string[],
): void {
  const options = new Options(values, columns)
  const used = new Map<number, string[]>()
  for (const [name, { value }] of Object.entries(method.options)) {
    if (!values.has(name) || !(value === 'COLUMN' || name === 'by')) continue
    for (const column of options.columns(name)) {
      const others = used.get(column) ?? []
      used.set(column, [...others, name])
      for (const other of others)
        if (!SAME_COLUMN.some((pair) => pair.includes(name) && pair.includes(other)))
          throw new UsageError(
            `"${columns[column]}" is given for --${other} and for --${name}, which cannot be the same column`,
          )
    }
  }
}

const DATES = ['date', 'start', 'end']

// Jan-01, Jan-02 ... would be taken for the Januaries of 2001 and 2002.
function refuseYearless(
  method: Method,
  values: ReadonlyMap<string, readonly string[]>,
  { columns, isYearless }: Pick<Csv, 'columns' | 'isYearless'>,
): void {
  const options = new Options(values, columns)
  for (const name of DATES) {
    if (!values.has(name) || method.options[name]?.value !== 'COLUMN') continue
    const column = options.column(name)
    if (isYearless(column))
      throw new UsageError(
        `"${columns[column]}" of --${name} holds days without a year, which are no dates: write the year too, as in 2026-01-31`,
      )
  }
}

/** What to tell of a --blank or --scale for a column that the method does not use. `describe` uses all, and those of
 * a file of targets stand there.
 */
export function unusedReading(
  method: Method,
  values: ReadonlyMap<string, readonly string[]>,
  columns: readonly string[],
): string[] {
  if (method.name === 'describe' || values.has('targets')) return []
  const used = columnsNamed(
    Object.keys(method.options).flatMap((name) => values.get(name) ?? []),
    columns,
  )
  return ['blank', 'scale'].flatMap((name) =>
    (values.get(name) ?? []).flatMap((text) => {
      const own = readingColumn(text, columns)
      return own === undefined || used.has(own)
        ? []
        : [
            `--${name} "${text}" changes nothing here: ${method.name} is given ${[...used].join(', ')}, and not "${own}".`,
          ]
    }),
  )
}

/** @throws UsageError an option that takes one value got several */
export function twice(name: string, given: readonly string[]): never {
  throw new UsageError(`--${name} takes one value, and is given ${given.length} times: ${given.join(', ')}`)
}
