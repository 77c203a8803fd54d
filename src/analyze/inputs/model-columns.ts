import type { Levels, Term } from '../../stats/columns-kept.ts'
import { type CellCounts, isBlank, toNumber } from '../cells/cells.ts'
import { UsageError } from '../options/usage-error.ts'
import { NumberColumn, TextColumn } from './kept-columns.ts'

/** What explains an outcome: numbers as they are, categories as one 0/1 column for each level but the first. */
export interface Design {
  /** Of each column: "tenure", "plan=plus" ... */
  readonly names: readonly string[]
  /** Standard deviation of each column of numbers; undefined for a level. */
  readonly spreads: readonly (number | undefined)[]
  readonly terms: readonly Term[]
  /** The level of each category that the others are held against. */
  readonly references: Readonly<Record<string, string>>
}

const MOST_LEVELS = 60

/** One explaining column while the file is read: whether it is a number or a category shows at the end. */
export class ModelColumn {
  readonly name: string
  readonly #forced: boolean
  readonly #read: (cell: string) => number
  readonly #numbers = new NumberColumn()
  // Begun with the first word: most columns of numbers have none.
  #texts: TextColumn | undefined
  #words = 0
  #present = 0

  /** @param forced take it as a category even when it holds numbers */
  constructor(name: string, forced: boolean, read: (cell: string) => number) {
    this.name = name
    this.#read = read
    this.#forced = forced
  }

  push(cell: string): void {
    const value = this.#forced ? Number.NaN : this.#read(cell)
    // A number too large to compute with is no category either.
    const blank = isBlank(cell) || (!this.#forced && Number.isNaN(value) && !Number.isNaN(toNumber(cell)))
    if (!blank) this.#present++
    const isWord = !blank && Number.isNaN(value)
    if (isWord) {
      this.#words++
      this.#texts ??= this.#blanks()
    }
    this.#numbers.push(value)
    // Numbers are not kept as words: there may be a million different ones.
    this.#texts?.push(isWord ? cell.trim() : '')
  }

  /** As many blanks as there were rows before the first word. */
  #blanks(): TextColumn {
    const texts = new TextColumn(MOST_LEVELS + 1)
    for (let row = 0; row < this.#numbers.length; row++) texts.push('')
    return texts
  }

  /** A column where one cell in twenty or more is a word is a category. */
  get isCategory(): boolean {
    return this.#forced || (this.#present > 0 && this.#words >= 0.05 * this.#present)
  }

  /** Whether the row has a value; counted when not. */
  complete(row: number, counts?: CellCounts): boolean {
    const number = !Number.isNaN(this.#numbers.at(row))
    const word = (this.#texts?.at(row) ?? -1) >= 0
    if (number || (word && this.isCategory)) return true
    counts?.add(word ? `${this.name} not a number` : `${this.name} blank`)
    return false
  }

  /** The category, or the one column of numbers, at these rows. */
  design(rows: Uint32Array): Design {
    const numbers = this.#numbers.values()
    if (this.isCategory) return this.#levels(rows)
    const values = rows.length === numbers.length ? numbers : Float64Array.from(rows, (row) => numbers[row]!)
    return { names: [this.name], spreads: [spreadOf(values)], terms: [values], references: {} }
  }

  #levels(rows: Uint32Array): Design {
    const numbers = this.#numbers
    const texts = this.#texts
    const at = new Map<string, number>()
    const tooMany = () =>
      new UsageError(`"${this.name}" has more than ${MOST_LEVELS} different values; leave it out or group it`)
    if (texts?.isFull) throw tooMany()
    const placeOf = (name: string) => {
      const known = at.get(name)
      if (known !== undefined) return known
      if (at.size >= MOST_LEVELS) throw tooMany()
      at.set(name, at.size)
      return at.size - 1
    }
    const ofCode = new Map<number, number>()
    const codes = Uint8Array.from(rows, (row) => {
      const code = texts?.at(row) ?? -1
      if (code < 0) return placeOf(String(numbers.at(row)))
      let place = ofCode.get(code)
      if (place === undefined) {
        place = placeOf(texts!.texts[code]!)
        ofCode.set(code, place)
      }
      return place
    })
    const levels = [...at.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    const rank = new Uint8Array(levels.length)
    levels.forEach((name, i) => {
      rank[at.get(name)!] = i
    })
    for (let i = 0; i < codes.length; i++) codes[i] = rank[codes[i]!]!
    const [reference, ...others] = levels
    const term: Levels = { codes, levels: levels.length }
    return {
      names: others.map((name) => `${this.name}=${name}`),
      spreads: others.map(() => undefined),
      terms: [term],
      references: reference === undefined ? {} : { [this.name]: reference },
    }
  }
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
}

/** Puts the designs of several columns side by side. */
export function joinDesigns(parts: readonly Design[]): Design {
  return {
    names: parts.flatMap(({ names }) => names),
    spreads: parts.flatMap(({ spreads }) => spreads),
    terms: parts.flatMap(({ terms }) => terms),
    references: Object.assign({}, ...parts.map(({ references }) => references)),
  }
}

/** The rows that have all values, and how many lack which. */
export function completeRows(
  rows: number,
  columns: readonly ModelColumn[],
  counts?: CellCounts,
): Uint32Array {
  const kept = new Uint32Array(rows)
  let found = 0
  for (let row = 0; row < rows; row++)
    if (columns.every((column) => column.complete(row, counts))) kept[found++] = row
  return kept.subarray(0, found)
}
