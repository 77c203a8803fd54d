import { type CellCounts, isBlank, NumberColumn, TextColumn, toNumber } from './cells.ts'
import { UsageError } from './method.ts'

/** The columns that explain an outcome: numbers as they are, categories as one 0/1 column for each level but the first. */
export interface Design {
  /** "tenure", "plan=plus" ... */
  readonly names: readonly string[]
  readonly columns: readonly Float64Array[]
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
  readonly #texts = new TextColumn()
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
    this.#numbers.push(value)
    // A number too large to compute with is no category either.
    const blank = isBlank(cell) || (!this.#forced && Number.isNaN(value) && !Number.isNaN(toNumber(cell)))
    if (!blank) this.#present++
    if (!blank && Number.isNaN(value)) this.#words++
    // Numbers are not kept as words: there may be a million different ones.
    this.#texts.push(blank || !Number.isNaN(value) ? '' : cell.trim())
  }

  /** A column where one cell in twenty or more is a word is a category. */
  get isCategory(): boolean {
    return this.#forced || (this.#present > 0 && this.#words >= 0.05 * this.#present)
  }

  /** Whether the row has a value; counted when not. */
  complete(row: number, counts?: CellCounts): boolean {
    const number = !Number.isNaN(this.#numbers.at(row))
    const word = this.#texts.at(row) >= 0
    if (number || (word && this.isCategory)) return true
    counts?.add(word ? `${this.name} not a number` : `${this.name} blank`)
    return false
  }

  /** The 0/1 columns of a category, or the one column of numbers, at these rows. */
  design(rows: Uint32Array): Design {
    const numbers = this.#numbers.values()
    if (!this.isCategory) {
      return {
        names: [this.name],
        columns: [Float64Array.from(rows, (row) => numbers[row]!)],
        references: {},
      }
    }
    const codes = this.#texts.values()
    const at = new Map<string, number>()
    const placeOf = (name: string) => {
      const known = at.get(name)
      if (known !== undefined) return known
      if (at.size >= MOST_LEVELS)
        throw new UsageError(
          `"${this.name}" has more than ${MOST_LEVELS} different values; leave it out or group it`,
        )
      at.set(name, at.size)
      return at.size - 1
    }
    const ofCode = new Map<number, number>()
    const places = Uint16Array.from(rows, (row) => {
      const code = codes[row]!
      if (code < 0) return placeOf(String(numbers[row]!))
      let place = ofCode.get(code)
      if (place === undefined) {
        place = placeOf(this.#texts.texts[code]!)
        ofCode.set(code, place)
      }
      return place
    })
    const levels = [...at.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    const [reference, ...others] = levels
    return {
      names: others.map((name) => `${this.name}=${name}`),
      columns: others.map((name) => {
        const own = at.get(name)
        return Float64Array.from(places, (place) => (place === own ? 1 : 0))
      }),
      references: reference === undefined ? {} : { [this.name]: reference },
    }
  }
}

/** Puts the designs of several columns side by side. */
export function joinDesigns(parts: readonly Design[]): Design {
  return {
    names: parts.flatMap(({ names }) => names),
    columns: parts.flatMap(({ columns }) => columns),
    references: Object.assign({}, ...parts.map(({ references }) => references)),
  }
}
