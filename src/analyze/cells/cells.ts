// For: what one cell holds: nothing, a number however it is written, a text; dates.ts and no-answers.ts do the others.
// In: the text of a cell, and which marks the file writes its numbers with. Out: a value, NaN or undefined for none.
// Why a cell has no value is counted here, for all methods alike.

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
// Two dots at most: an address like 192.168.100.200 is no number.
const DOTS_ALONE = /^\s*[-+]?[1-9]\d{0,2}(?:\.\d{3}){2}\s*$/
const DECIMAL = /^\s*[-+]?\d*,\d+\s*$/
const DOT_EITHER = /^\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*$/
const DOT_DECIMAL = /^\s*[-+]?\d*\.\d+\s*$/

/** How a cell with commas is to be read: what its own shape says, else `either` (1,234); undefined when the cell is
 * no number with a comma. */
export function commaOf(cell: string): Comma | 'either' | undefined {
  const first = cell.indexOf(',')
  if (first < 0) return undefined
  if (THOUSANDS.test(cell))
    return cell.indexOf(',', first + 1) >= 0 || cell.includes('.') ? 'thousands' : 'either'
  return DECIMAL.test(cell) || DOTTED_THOUSANDS.test(cell) ? 'decimal' : undefined
}

/** The same for a number with dots and no comma: 1.5 has a decimal, 1.234.567 thousands, 1.234 either. */
export function dotOf(cell: string): Comma | 'either' | undefined {
  if (!cell.includes('.')) return undefined
  if (DOT_EITHER.test(cell)) return 'either'
  if (DOTS_ALONE.test(cell)) return 'thousands'
  return DOT_DECIMAL.test(cell) ? 'decimal' : undefined
}

/** What a comma and a dot before exactly three digits stand for in a file. */
export interface Marks {
  readonly comma: Comma
  readonly dot: Comma
}

const PLAIN: Marks = { comma: 'decimal', dot: 'decimal' }

/** A number as people write it: 3, -2.5, 1e3, 2,5 and 1,234,567.8 and 1.234,5 and 12 000; 1,234 and 1.234 by `marks`;
 * $1,234.50, 5 %, 99 kr and (120.00), which is negative. NaN for blank cells and for everything else, which
 * `CellCounts` tells apart. */
export function toNumber(cell: string, marks: Marks = PLAIN): number {
  if (cell === '') return Number.NaN
  const value = Number(cell)
  if (!Number.isNaN(value)) {
    // Number() also takes blanks for 0, and accepts hexadecimal and Infinity.
    const first = cell.charCodeAt(0)
    if (first >= 48 && first <= 57 && cell.length === 1) return value
    if (marks.dot === 'thousands' && DOT_EITHER.test(cell)) return Number(cell.replace('.', ''))
    return /^\s*[-+]?(?:\d+(?![xob])|\.)/i.test(cell) && Number.isFinite(value) ? value : Number.NaN
  }
  const shape = commaOf(cell)
  if (shape === 'thousands' || (shape === 'either' && marks.comma === 'thousands'))
    return Number(cell.replaceAll(',', ''))
  if (shape !== undefined) return Number(cell.replaceAll('.', '').replace(',', '.'))
  if (DOTS_ALONE.test(cell)) return Number(cell.replaceAll('.', ''))
  return undressed(cell, marks)
}

const CURRENCY =
  '(?:US|A|C|NZ|R)?\\$|[€£¥₹₩₽₺₪฿]|kr\\.?|:-|SEK|NOK|DKK|ISK|EUR|USD|GBP|CHF|JPY|CAD|AUD|PLN|zł|Kč|Ft|lei|Rs\\.?'
const GAP = "[ '\u2019\u00a0\u202f\u2009]"
const DRESSED = new RegExp(
  `^\\s*(\\()?\\s*([-+\u2212\u2013]?)\\s*(${CURRENCY})?\\s*([-+\u2212\u2013]?)\\s*(\\d[\\d.,]*(?:${GAP}\\d{3})*(?:[.,]\\d+)?)\\s*(%|${CURRENCY})?\\s*(\\))?\\s*$`,
  'i',
)
const GROUPED = new RegExp(`^[1-9]\\d{0,2}(?:${GAP}\\d{3})+(?:[.,]\\d+)?$`)
const LONGEST_NUMBER = 40

interface Dressed {
  readonly digits: string
  readonly negative: boolean
  readonly sign: string
  readonly parenthesis: boolean
}

/** A number with a currency or per cent sign, thousands set apart by blanks or in parentheses, taken apart. */
function dressed(cell: string): Dressed | undefined {
  // Texts are many: most are told by their length or by holding no digit near their start.
  if (cell.length > LONGEST_NUMBER || !/^[^\p{L}]{0,3}\p{L}{0,3}[^\p{L}]{0,3}\d/u.test(cell)) return undefined
  const found = DRESSED.exec(cell)
  if (!found) return undefined
  const [, open, minus, before, inner, number, after, close] = found
  if ((open === undefined) !== (close === undefined) || (minus && inner)) return undefined
  const isGrouped = GROUPED.test(number!)
  if (!isGrouped && new RegExp(GAP).test(number!)) return undefined
  if (before && after && after !== '%') return undefined
  const sign = minus || inner || ''
  return {
    digits: isGrouped ? number!.replace(new RegExp(GAP, 'g'), '') : number!,
    negative: open !== undefined || (sign !== '' && sign !== '+'),
    sign: before ?? after ?? '',
    parenthesis: open !== undefined,
  }
}

function undressed(cell: string, marks: Marks): number {
  const found = dressed(cell)
  // Without its dress it has to be plain: the digits alone can be dressed no further.
  if (!found || found.digits === cell) return Number.NaN
  const value = toNumber(found.digits, marks)
  return found.negative ? -value : value
}

/** The sign that stands with a number ("$", "%", "" for none but grouped digits), and whether it is in parentheses. */
export function dressOf(cell: string): { readonly sign: string; readonly parenthesis: boolean } | undefined {
  return dressed(cell)
}

function missingWhy(cell: string): string {
  if (isBlank(cell)) return 'blank'
  const value = toNumber(cell)
  if (Number.isNaN(value)) return 'not a number'
  return Math.abs(value) > TOO_LARGE ? 'too large to compute with' : 'not on its scale'
}

/** Counts why rows were left out. */
export class CellCounts {
  readonly #counts = new Map<string, number>()
  readonly #read: (cell: string, column: number) => number

  /** @param read how this file's numbers are read (`Csv.number`) */
  constructor(read: (cell: string, column: number) => number) {
    this.#read = read
  }

  add(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
  }

  /** Reads a number; a cell without one is counted as blank or as not a number, under the name of its column. */
  number(cells: readonly string[], column: number, name: string): number {
    const cell = cells[column]!
    const value = this.#read(cell, column)
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
