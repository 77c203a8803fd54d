// For: reading any CSV file, however it is written and with whatever stands above its heading or below its rows.
// In: a path, and what the reader says of the file. Out: its columns, its rows as often as asked for, and notes on how
// it was read; never the whole file in memory.
import { Readable } from 'node:stream'
import { commaOf, dressOf, TOO_LARGE, toNumber } from '../cells/cells.ts'
import { codesAmong, optionOf } from '../columns/missing-codes.ts'
import { unreadAmong } from '../columns/unread-numbers.ts'
import { UsageError } from '../options/usage-error.ts'
import { blankCells, blankNotes, blankOut } from './blanks.ts'
import { CsvScanner } from './scan.ts'
import { columnNames, commaNote, shapeOf } from './shape.ts'
import { type Source, sourceOf } from './source.ts'
import { totalsAmong } from './totals.ts'
import { FIRST_ROWS, firstRows, guessDelimiter, guessEncoding } from './written.ts'

/** A file of rows that can be read again and again without being held in memory. */
export interface Csv {
  readonly name: string
  readonly columns: readonly string[]
  readonly delimiter: string
  /** How the file was read where it was not plain UTF-8 with commas, and what was amiss in the rows read so far. */
  readonly notes: readonly string[]
  /** Told above all else: a row of names that looks like data, answers in words that are not read. */
  readonly doubts: readonly string[]
  /** Columns of numbers but for words that say that there is none, as the first rows have them. */
  readonly unread: readonly string[]
  /** What stands below the name of each column where survey tools write the question, with the words beside the
   * numbers of its answers; else empty. */
  readonly questions: readonly string[]
  /** The number in a cell of a column, with this file's commas and its answers in words; NaN when there is none, or one
   * too large to compute with. */
  number(cell: string, column: number): number
  /** How many points the scale of a column of answers in words has; undefined of other columns. */
  points(column: number): number | undefined
  /** Whether a column holds answers with words or their end beside the number: "4 - Good", "4/5". */
  isLabelled(column: number): boolean
  /** Whether a column holds codes, that begin with zeros or stand for names, and no amounts. */
  isCode(column: number): boolean
  /** Whether a column holds days without a year (Jan-01, Jan-02), and no dates. */
  isYearless(column: number): boolean
  /** The same file with further cells taken as blank, as `--blank` has them. */
  withBlank(blank: readonly string[]): Promise<Csv>
  /** Calls `visit` with the cells of every data row; a short row is filled with blanks. Stops when it returns false.
   * @returns the number of data rows visited
   */
  eachRow(visit: (cells: readonly string[], row: number) => unknown): Promise<number>
}

/** Told now and then while a file is read: rows so far, and the part of the file read, 0..1. */
export type Progress = (rows: number, part: number) => void

export interface CsvOptions {
  readonly delimiter?: string
  readonly encoding?: string
  /** Cells that stand for nothing, besides the blank ones: codes as `99,-99`, or `COLUMN=9` of one column. */
  readonly blank?: readonly string[]
  /** Whether rows of totals are read as any other. */
  readonly keepTotals?: boolean
  /** Answers from the lowest to the highest, as `Poor,Fair,Good` or `COLUMN=Poor,Fair,Good`. */
  readonly scale?: readonly string[]
  readonly progress?: Progress
}

// Characters; a longer row is a quote that was never closed.
const LONGEST_ROW = 1 << 23
// What stands where bytes are no character of the encoding.
const UNREADABLE = '\ufffd'
const PROGRESS_ROWS = 100_000
const RARE = 0.01

/** Opens a CSV file: finds its delimiter and encoding, and reads its first row as the names of the columns.
 * @throws UsageError when the file cannot be read or is empty
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<Csv> {
  return csvOf(await sourceOf(path), options)
}

/** The same from a text, for examples. */
export async function csvFromText(name: string, text: string, options: CsvOptions = {}): Promise<Csv> {
  const head = Buffer.from(text)
  return csvOf({ name, size: head.length, head, stream: () => Readable.from([head]) }, options)
}

async function csvOf(source: Source, options: CsvOptions): Promise<Csv> {
  const encoding = options.encoding ?? guessEncoding(source.head, source.size > source.head.length)
  const headText = new TextDecoder(encoding).decode(source.head)
  if (headText.includes('\0'))
    throw new UsageError(
      `${source.name} is not a text file (it holds zero bytes); UTF-16 without its mark needs --encoding utf-16le`,
    )
  // Spreadsheets write and read this line; it is no row.
  const named = /^\ufeff?"?sep=(.)"?[\r\n]/i.exec(headText)?.[1]
  const delimiter = options.delimiter ?? named ?? guessDelimiter(headText)
  if (delimiter.length !== 1) throw new UsageError('--delimiter is one character')

  let unreadable = false
  const read = async (visit: (cells: string[]) => boolean, seen: (part: number) => void): Promise<void> => {
    const decoder = new TextDecoder(encoding)
    const scanner = new CsvScanner(delimiter, visit)
    let bytes = 0
    for await (const chunk of source.stream()) {
      bytes += (chunk as Buffer).length
      seen(source.size > 0 ? bytes / source.size : 1)
      const text = decoder.decode(chunk as Buffer, { stream: true })
      if (text.includes(UNREADABLE)) unreadable = true
      scanner.push(text)
      if (scanner.stopped) return
      if (scanner.waiting > LONGEST_ROW) {
        throw new UsageError(`${source.name}: a quote in row ${scanner.rows} is not closed`)
      }
    }
    const rest = decoder.decode()
    if (rest.includes(UNREADABLE)) unreadable = true
    scanner.push(rest)
    scanner.end()
    if (scanner.unclosed) throw new UsageError(`${source.name}: a quote in row ${scanner.rows} is not closed`)
  }

  const above = named === undefined ? 0 : 1
  const first = firstRows(headText, delimiter, source.size <= source.head.length).slice(above)
  if (first.length === 0) {
    // A row longer than the head, or nothing at all.
    await read(
      (cells) => first.push(cells) <= above,
      () => {},
    )
    first.splice(0, above)
  }
  if (first.length === 0) throw new UsageError(`${source.name} is empty`)
  const isKnown = source.size <= source.head.length && first.length < FIRST_ROWS
  const blanks = options.blank ?? []
  // What is blank is no answer that its column would have to be read by.
  const blankIn = (names: readonly string[]) => {
    const missing = blankCells(blanks, names)
    return (cells: readonly string[]) => {
      const left = [...cells]
      blankOut(left, missing)
      return left
    }
  }
  const shape = shapeOf(first, delimiter, options.scale, isKnown, blanks.length > 0 ? blankIn : undefined)
  const { header, marks, answers } = shape
  const columns = columnNames(header)
  const headings = 1 + shape.above + shape.below
  // Tables with totals are small; of a large file the last rows are not known here.
  const totals =
    isKnown && !options.keepTotals
      ? totalsAmong(columns, first.slice(headings), (cell) => toNumber(cell, marks))
      : undefined
  const isTotal = new Set(totals?.rows)
  const notes: string[] = []
  if (encoding !== 'utf-8') notes.push(`Read as ${encoding}.`)
  if (delimiter !== ',')
    notes.push(`Cells are separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}.`)

  for (const [i, name] of columns.entries()) {
    const given = header[i]!.trim()
    if (given !== '' && given !== name)
      notes.push(`The header names "${given}" more than once; column ${i + 1} is called ${name}.`)
  }
  notes.push(...shape.notes)
  if (totals) {
    const n = totals.rows.length
    notes.push(
      `${n === 1 ? 'One row' : `${n} rows`} of totals (${totals.labels}) ${n === 1 ? 'is' : 'are'} left out; --keep-totals reads ${n === 1 ? 'it' : 'them'} as any other.`,
    )
  }
  const missing = blankCells(blanks, columns)
  notes.push(...blankNotes(missing, columns))
  const number = (cell: string, column: number) => {
    const answer = answers[column]?.numberOf(cell)
    return answer === undefined ? toNumber(cell, marks) : answer
  }
  const body = first.slice(headings).filter((_, row) => !isTotal.has(row))
  for (const cells of body) blankOut(cells, missing)
  for (const found of codesAmong(columns, shape.questions, body, number))
    notes.push(`${found.told}: ${optionOf(found)} leaves ${found.codes.length === 1 ? 'it' : 'them'} out.`)
  // "Don't know" among answers is as good as blank, to every method; among amounts it is told.
  const unanswered = answers.flatMap((own, column) =>
    own && own.noAnswers.size > 0 ? [[column, own.noAnswers] as const] : [],
  )
  for (const cells of body)
    for (const [column, words] of unanswered) if (words.has(cells[column] ?? '')) cells[column] = ''
  const unread = unreadAmong(columns, body, number)
  const seen = { commas: false, large: false, parentheses: false, rows: 0, signs: new Map<string, number>() }
  const tellDress = (cell: string) => {
    const dress = dressOf(cell)
    if (dress?.sign) seen.signs.set(dress.sign, (seen.signs.get(dress.sign) ?? 0) + 1)
    if (dress?.parenthesis) seen.parentheses = true
  }
  let [short, long] = [0, 0]

  return {
    name: source.name,
    columns,
    delimiter,
    doubts: shape.doubts,
    unread,
    questions: columns.map((_, j) => `${shape.questions[j] ?? ''} ${answers[j]?.labels ?? ''}`.trim()),
    points: (column) => answers[column]?.points,
    isLabelled: (column) => answers[column]?.isLabelled ?? false,
    isCode: (column) => shape.codes[column] ?? false,
    isYearless: (column) => shape.yearless[column] ?? false,
    withBlank: (blank) => csvOf(source, { ...options, blank: [...(options.blank ?? []), ...blank] }),
    get notes() {
      const told = [...shape.doubts, ...unread, ...notes]
      if (unreadable)
        told.push(
          `The file holds characters that cannot be read as ${encoding} (${UNREADABLE} stands for them)${options.encoding ? '; without --encoding it is found by itself' : '; --encoding names another'}.`,
        )
      if (short > 0) told.push(`${rowsHave(short)} fewer cells than the header; what lacks is blank.`)
      if (long > 0) told.push(`${rowsHave(long)} more cells than the header; what is over is left out.`)
      if (seen.commas) told.push(commaNote(marks))
      // A "10 %" among ten thousand comments is no column of numbers.
      const often = [...seen.signs].flatMap(([sign, n]) => (n >= RARE * seen.rows ? [sign] : [])).sort()
      if (often.includes('%')) told.push('Per cent signs are passed over: 5 % is 5.')
      const signs = often.filter((sign) => sign !== '%')
      if (signs.length === 1) told.push(`The currency sign ${signs[0]} is passed over.`)
      if (signs.length > 1)
        told.push(
          `Amounts in several currencies (${signs.join(', ')}) are read as plain numbers: their sums and means mix them.`,
        )
      if (seen.parentheses) told.push('Amounts in parentheses are negative.')
      if (seen.large) told.push('Numbers beyond 1e150 are too large to compute with and are left out.')
      return told
    },
    number(cell, column) {
      const answer = answers[column]?.numberOf(cell)
      if (answer !== undefined) return answer
      const value = toNumber(cell, marks)
      if (Number.isNaN(value)) return value
      if (!seen.commas && cell.includes(',') && commaOf(cell) === 'either') seen.commas = true
      if (!isDigit(cell.charCodeAt(cell.length - 1)) || !isDigit(cell.charCodeAt(0))) tellDress(cell)
      if (Math.abs(value) <= TOO_LARGE) return value
      seen.large = true
      return Number.NaN
    },
    async eachRow(visit) {
      let rows = -above - headings
      let place = rows
      let part = 0
      let [tooShort, tooLong] = [0, 0]
      await read(
        (cells) => {
          place++
          if (place > 0 && isTotal.has(place - 1)) return true
          rows++
          if (rows <= 0) return true
          if (missing.length > 0) blankOut(cells, missing)
          for (const [column, words] of unanswered) if (words.has(cells[column] ?? '')) cells[column] = ''
          if (cells.length < columns.length) {
            tooShort++
            while (cells.length < columns.length) cells.push('')
          } else if (
            cells.length > columns.length &&
            cells.some((cell, i) => i >= columns.length && cell !== '')
          )
            tooLong++
          if (visit(cells, rows - 1) === false) return false
          if (rows % PROGRESS_ROWS === 0) options.progress?.(rows, part)
          return true
        },
        (seen) => {
          part = seen
        },
      )
      // A pass may stop early or come again: the most that one pass saw is told.
      short = Math.max(short, tooShort)
      long = Math.max(long, tooLong)
      seen.rows = Math.max(seen.rows, rows)
      if (rows > PROGRESS_ROWS && rows % PROGRESS_ROWS > 0) options.progress?.(rows, 1)
      return Math.max(0, rows)
    },
  }
}

const rowsHave = (n: number) => (n === 1 ? '1 row has' : `${n.toLocaleString('en')} rows have`)
const isDigit = (code: number) => code >= 48 && code <= 57
