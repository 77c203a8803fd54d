// For: the options of a call: which there are, what was typed, and the columns of the file that are meant.
// In: the words typed, and the names of the columns. Out: texts, numbers and places of columns.
// What cannot be meant is a UsageError, told to the one who typed it.
import { nearest } from '../../base/nearest.ts'
import { UsageError } from './usage-error.ts'

export interface OptionSpec {
  /** What stands after the option: COLUMN, COLUMNS, N, TEXT, or nothing for a switch. */
  readonly value?: string
  readonly text: string
  readonly required?: boolean
  /** Shown in the help; the method itself applies it. */
  readonly standard?: string
  readonly short?: string
  /** Without one of these options this one has no effect, and is refused. */
  readonly needs?: readonly string[]
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What is called by name and takes options. */
export interface Optioned {
  readonly name: string
  readonly options: OptionSpecs
}

/** The options of one call, checked against the columns of the file. */
export class Options {
  readonly #values: ReadonlyMap<string, readonly string[]>
  readonly #columns: readonly string[]
  readonly #taken = new Map<string, string>()

  constructor(values: ReadonlyMap<string, readonly string[]>, columns: readonly string[]) {
    this.#values = values
    this.#columns = columns
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The text given, the last one when given twice. */
  text(name: string): string | undefined
  text(name: string, standard: string): string
  text(name: string, standard?: string): string | undefined {
    return this.#values.get(name)?.at(-1) ?? standard
  }

  /** All texts given, when the option is repeated. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** One of the words allowed. */
  choice<T extends string>(name: string, allowed: readonly T[], standard: T): T {
    const given = this.text(name, standard)
    const found = allowed.find((word) => word === given)
    if (!found) throw new UsageError(`--${name} is ${allowed.join(', ')}, not "${given}"`)
    return found
  }

  /** A number within limits. */
  number(name: string, standard: number, low?: number, high?: number): number
  number(name: string, standard: undefined, low?: number, high?: number): number | undefined
  number(name: string, standard: number | undefined, low = -Infinity, high = Infinity): number | undefined {
    const given = this.text(name)
    if (given === undefined) return standard
    const value = Number(given)
    if (given.trim() === '' || !(value >= low && value <= high)) {
      throw new UsageError(`--${name} takes a number${rangeOf(low, high)}, not "${given}"`)
    }
    return value
  }

  /** A number above 0. */
  positive(name: string, standard: number, high?: number): number
  positive(name: string, standard: undefined, high?: number): number | undefined
  positive(name: string, standard: number | undefined, high?: number): number | undefined {
    return standard === undefined
      ? this.number(name, undefined, Number.MIN_VALUE, high)
      : this.number(name, standard, Number.MIN_VALUE, high)
  }

  /** A whole number within limits. */
  whole(name: string, standard: number, low = 0, high = Number.MAX_SAFE_INTEGER): number {
    const value = this.number(name, standard, low, high)
    if (!Number.isInteger(value))
      throw new UsageError(`--${name} takes a whole number${rangeOf(low, high)}, not "${this.text(name)}"`)
    return value
  }

  /** Numbers separated by commas. */
  numbers(name: string): readonly number[] | undefined {
    const given = this.#values.get(name)
    if (!given) return undefined
    return given
      .flatMap((text) => text.split(','))
      .map((part) => {
        const value = Number(part)
        if (part.trim() === '' || !Number.isFinite(value))
          throw new UsageError(`--${name} takes numbers, not "${part}"`)
        return value
      })
  }

  /** Texts separated by commas. */
  list(name: string): readonly string[] | undefined {
    return this.#values
      .get(name)
      ?.flatMap((text) => text.split(','))
      .map((text) => text.trim())
  }

  /** Position of the one column named. */
  column(name: string): number {
    const given = this.text(name)
    if (given === undefined)
      throw new UsageError(`--${name} COLUMN is needed; the file has ${this.#columns.join(', ')}`)
    return this.position(given)
  }

  /** The same, or undefined when the option was not given. */
  columnIfGiven(name: string): number | undefined {
    return this.has(name) ? this.column(name) : undefined
  }

  /** Positions of the columns named, separated by commas or by repeating the option. */
  columns(name: string): readonly number[] {
    const given = this.#values.get(name)
    if (!given) return []
    const found = given.flatMap((text) =>
      this.#columns.includes(text)
        ? [this.position(text)]
        : text.split(',').map((part) => this.position(part.trim())),
    )
    const again = found.find((position, i) => found.indexOf(position) < i)
    if (again !== undefined) throw new UsageError(`--${name} names "${this.#columns[again]}" twice`)
    return found
  }

  /** The same, for columns that are held against others: none of those may be among them.
   * @param others options that name one column each
   */
  columnsBeside(name: string, others: readonly string[]): readonly number[] {
    const found = this.columns(name)
    for (const other of others) {
      const own = this.columnIfGiven(other)
      if (own !== undefined && found.includes(own))
        throw new UsageError(
          `"${this.#columns[own]}" is the --${other}, and cannot be among --${name} as well`,
        )
    }
    return found
  }

  /** Columns that say more of some of those named by another option. */
  columnsAmong(name: string, other: string, chosen: readonly number[]): readonly number[] {
    const found = this.columns(name)
    const stray = found.find((column) => !chosen.includes(column))
    if (stray !== undefined)
      throw new UsageError(`--${name} names "${this.#columns[stray]}", which is not among --${other}`)
    return found
  }

  /** Names that no column has as they stand, with the column that each was taken for. */
  get taken(): ReadonlyMap<string, string> {
    return this.#taken
  }

  /** Position of a column that stands inside the text of an option, as in `sex=f:0.5,m:0.5`. */
  position(column: string): number {
    const position = positionOf(column, this.#columns)
    const name = this.#columns[position]!
    if (name !== column) this.#taken.set(column, name)
    return position
  }
}

/** " between 0 and 1", " of 0 or more", " above 0"; empty for any number. */
function rangeOf(low: number, high: number): string {
  const isOpen = high === Infinity || high === Number.MAX_SAFE_INTEGER
  if (low === Number.MIN_VALUE) return isOpen ? ' above 0' : ` above 0 and up to ${high}`
  if (low === -Infinity) return isOpen ? '' : ` of ${high} or less`
  return isOpen ? ` of ${low} or more` : ` between ${low} and ${high}`
}

/** The place of a column, by its name or, where none is so called, by the name in other letters.
 * @throws UsageError when there is none
 */
function positionOf(column: string, columns: readonly string[]): number {
  const exact = columns.indexOf(column)
  if (exact >= 0) return exact
  const close = columns.findIndex((name) => name.trim().toLowerCase() === column.trim().toLowerCase())
  if (close >= 0) return close
  throw new UsageError(
    `there is no column "${column}"${didYouMean(column, columns)}; the file has ${columns.join(', ')}`,
  )
}

/** What was probably meant, as the middle of a message; empty when nothing is near. */
export function didYouMean(written: string, names: readonly string[], before = ''): string {
  const near = nearest(written, names)
  return near === undefined ? '' : ` (did you mean ${before}${near}?)`
}
