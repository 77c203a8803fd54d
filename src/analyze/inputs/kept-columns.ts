import { isBlank } from '../cells/cells.ts'

// Columns that a method keeps whole, in as few bytes a row as they need.

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

  put(row: number, value: number): void {
    this.#data[row] = value
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
  readonly #most: number
  #column: Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer> = new Int16Array(1024)
  #length = 0
  #isFull = false

  /** @param most texts beyond so many different ones all stand at that position, and are not kept */
  constructor(most = MOST_DIFFERENT) {
    this.#most = most
  }

  /** Whether there were more different texts than are kept. */
  get isFull(): boolean {
    return this.#isFull
  }

  get length(): number {
    return this.#length
  }

  push(text: string): void {
    this.#put(isBlank(text) ? -1 : this.position(text))
  }

  position(text: string): number {
    const known = this.#positions.get(text)
    if (known !== undefined) return known
    const position = this.texts.length
    if (position >= this.#most) {
      this.#isFull = true
      return this.#most
    }
    this.texts.push(text)
    this.#positions.set(text, position)
    return position
  }

  /** Position in `texts` of one row. */
  at(row: number): number {
    return this.#column[row]!
  }

  /** Positions in `texts`, one a row; a view, not a copy. */
  values(): Int16Array | Int32Array {
    return this.#column.subarray(0, this.#length)
  }

  // Two bytes a row while the positions fit them.
  #put(position: number): void {
    const column = this.#column
    const isWide = column instanceof Int32Array
    if (this.#length === column.length || (position > MOST_NARROW && !isWide)) {
      const size = this.#length === column.length ? 2 * column.length : column.length
      this.#column = isWide || position > MOST_NARROW ? new Int32Array(size) : new Int16Array(size)
      this.#column.set(column)
    }
    this.#column[this.#length++] = position
  }
}

const MOST_NARROW = 32_767
// A Map can hold no more.
const MOST_DIFFERENT = 16_000_000

type Column = Float64Array | Int8Array | Int16Array | Int32Array

/** The values of some rows, in a column of the same kind. */
export function atRows<T extends Column>(values: T, rows: Uint32Array): T {
  const found = values.slice(0, rows.length) as T
  for (let i = 0; i < rows.length; i++) found[i] = values[rows[i]!]!
  return found
}

/** The rows of each place, rising; views of one list.
 * @param places 0..count - 1, one a row
 */
export function rowsOfPlaces(places: ArrayLike<number>, count: number): Uint32Array[] {
  const starts = new Uint32Array(count + 1)
  for (let i = 0; i < places.length; i++) starts[places[i]! + 1]!++
  for (let place = 1; place <= count; place++) starts[place]! += starts[place - 1]!
  const next = starts.slice()
  const rows = new Uint32Array(places.length)
  for (let i = 0; i < places.length; i++) rows[next[places[i]!]!++] = i
  return Array.from({ length: count }, (_, place) => rows.subarray(starts[place], starts[place + 1]))
}
