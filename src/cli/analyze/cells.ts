/** True when a cell holds nothing: blanks are missing values, and so are the marks that R, pandas, SQL and
 * spreadsheets write for them. */
export function isBlank(cell: string): boolean {
  if (cell === '') return true
  if (cell.length > 6 && cell.charCodeAt(0) > 32) return false
  const text = cell.trim()
  return text === '' || MISSING.has(text)
}

const MISSING = new Set(['NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'NULL', 'null'])

/** What a comma before exactly three digits stands for; every other comma tells by itself. */
export type Comma = 'decimal' | 'thousands'

/** Beyond this a square no longer fits a double with room for sums. */
export const TOO_LARGE = 1e150

const THOUSANDS = /^\s*[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?\s*$/
const DOTTED_THOUSANDS = /^\s*[-+]?[1-9]\d{0,2}(?:\.\d{3})+,\d+\s*$/
const DECIMAL = /^\s*[-+]?\d*,\d+\s*$/

/** How a cell with commas is to be read: what its own shape says, else `either` (1,234); undefined when the cell is
 * no number with a comma. */
export function commaOf(cell: string): Comma | 'either' | undefined {
  const first = cell.indexOf(',')
  if (first < 0) return undefined
  if (THOUSANDS.test(cell))
    return cell.indexOf(',', first + 1) >= 0 || cell.includes('.') ? 'thousands' : 'either'
  return DECIMAL.test(cell) || DOTTED_THOUSANDS.test(cell) ? 'decimal' : undefined
}

/** A number as people write it: 3, -2.5, 1e3, 2,5 and 1,234,567.8 and 1.234,5; 1,234 by `comma`. NaN for blank cells
 * and for everything else, which `CellCounts` tells apart. */
export function toNumber(cell: string, comma: Comma = 'decimal'): number {
  if (cell === '') return Number.NaN
  const value = Number(cell)
  if (!Number.isNaN(value)) {
    // Number() also takes blanks for 0, and accepts hexadecimal and Infinity.
    const first = cell.charCodeAt(0)
    if (first >= 48 && first <= 57 && cell.length === 1) return value
    return /^\s*[-+]?(?:\d+(?![xob])|\.)/i.test(cell) && Number.isFinite(value) ? value : Number.NaN
  }
  const shape = commaOf(cell)
  if (shape === undefined) return Number.NaN
  if (shape === 'thousands' || (shape === 'either' && comma === 'thousands'))
    return Number(cell.replaceAll(',', ''))
  return Number(cell.replaceAll('.', '').replace(',', '.'))
}

function missingWhy(cell: string): string {
  if (isBlank(cell)) return 'blank'
  return Number.isNaN(toNumber(cell)) ? 'not a number' : 'too large to compute with'
}

/** Counts why rows were left out. */
export class CellCounts {
  readonly #counts = new Map<string, number>()
  readonly #read: (cell: string) => number

  /** @param read how this file's numbers are read (`Csv.number`) */
  constructor(read: (cell: string) => number) {
    this.#read = read
  }

  add(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
  }

  /** Reads a number; a cell without one is counted as blank or as not a number, under the name of its column. */
  number(cells: readonly string[], column: number, name: string): number {
    const cell = cells[column]!
    const value = this.#read(cell)
    if (Number.isNaN(value)) this.add(`${name} ${missingWhy(cell)}`)
    return value
  }

  get total(): number {
    let sum = 0
    for (const count of this.#counts.values()) sum += count
    return sum
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}

/** A column of numbers that grows without the cost of boxed values. */
export class NumberColumn {
  #data = new Float64Array(1024)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#data)
      this.#data = larger
    }
    this.#data[this.#length++] = value
  }

  get length(): number {
    return this.#length
  }

  at(row: number): number {
    return this.#data[row]!
  }

  /** The values so far; a view, not a copy. */
  values(): Float64Array {
    return this.#data.subarray(0, this.#length)
  }
}

/** A column of repeated texts, kept as positions in a list. A blank cell is -1. */
export class TextColumn {
  readonly texts: string[] = []
  readonly #positions = new Map<string, number>()
  readonly #column = new NumberColumn()

  push(text: string): void {
    this.#column.push(isBlank(text) ? -1 : this.position(text))
  }

  position(text: string): number {
    let position = this.#positions.get(text)
    if (position === undefined) {
      position = this.texts.length
      this.texts.push(text)
      this.#positions.set(text, position)
    }
    return position
  }

  /** Position in `texts` of one row. */
  at(row: number): number {
    return this.#column.at(row)
  }

  /** Positions in `texts`, one a row. */
  values(): Float64Array {
    return this.#column.values()
  }
}
