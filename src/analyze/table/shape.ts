import { answersOf, type ColumnAnswers } from '../answers/answers.ts'
import { type Comma, commaOf, dotOf, isBlank, type Marks, toNumber } from '../cells/cells.ts'
import { areDaysWithoutYear, isDayOfMonth, parseDate } from '../cells/dates.ts'
import { isNoOpinion } from '../cells/no-answers.ts'
import { namesQuestion } from '../columns/kind.ts'
import { namedCodes, toldOfCodes } from './named-codes.ts'

// The shape of a file as its first rows show it: where the names of the columns stand, and how its numbers are written.
// In: the first rows, with everything that may stand above the names. Out: what to pass over, names, marks, notes.

export interface Shape {
  /** Rows above the one that names the columns. */
  readonly above: number
  /** Rows below it that go on with the heading. */
  readonly below: number
  readonly header: readonly string[]
  readonly marks: Marks
  /** What stands below the name of each column, where survey tools write the question; else empty. */
  readonly questions: readonly string[]
  /** Whether a column holds codes: digits that begin with zeros ("01", "02", "10"), 1 to 4 for regions. */
  readonly codes: readonly boolean[]
  /** Whether a column holds days without a year: Jan-01, Jan-02. */
  readonly yearless: readonly boolean[]
  /** Of each column that holds answers in words, or with words beside their number: how they are read. */
  readonly answers: readonly (ColumnAnswers | undefined)[]
  readonly notes: readonly string[]
  /** What the reader should know before all else: a row of names that looks like data, answers that are not read. */
  readonly doubts: readonly string[]
}

type Row = (cells: readonly string[]) => readonly string[]

const MOST_ABOVE = 10
const MOST_NAMED = 4
const LEAST_MEASURED = 5

/** @param rows the first rows of the file, at least one
 * @param given scales of words, as `--scale` gives them
 * @param isWhole whether those are all rows
 * @param blankIn what takes the cells that `--blank` names out of a row of these columns
 */
export function shapeOf(
  rows: readonly (readonly string[])[],
  delimiter: string,
  given: readonly string[] = [],
  isWhole = true,
  blankIn: (names: readonly string[]) => Row = () => (cells) => cells,
): Shape {
  const above = rowsAbove(rows)
  const named = rows[above] ?? rows[0]!
  const body = rows.slice(above + 1)
  const marks = marksOf(rows.slice(above), delimiter)
  const below = rowsBelow(named, body, named.length, marks.marks)
  const header = below > 0 ? joined(named, body[0]!) : named
  const questions = header.map((_, j) => (below > 0 ? (body[0]![j] ?? '').trim() : ''))
  const names = columnNames(header)
  const data = body.slice(below).map(blankIn(names))
  const answers = answersOf({
    names,
    questions,
    body: data,
    marks: marks.marks,
    given,
    isWhole,
  })
  const stand = namedCodes({
    names,
    questions,
    body: data,
    marks: marks.marks,
    isScale: (j) => answers.answers[j] !== undefined,
  })
  const zeros = header.map((name, j) => isCode(name, body, j))
  const codes = zeros.map((isZero, j) => isZero || stand.has(j))
  const yearless = header.map((_, j) => isYearless(body.slice(below), j))
  const notes = [...marks.notes, ...answers.notes]
  const coded = header.filter((_, j) => zeros[j]).map((name) => name.trim())
  if (coded.length > 0)
    notes.push(
      `Codes that begin with zeros are no amounts: ${coded.slice(0, MOST_NAMED).join(', ')}${coded.length > MOST_NAMED ? ` and ${coded.length - MOST_NAMED} more` : ''}.`,
    )
  if (above > 0)
    notes.unshift(
      `${above === 1 ? 'One row' : `${above} rows`} above the names of the columns ${above === 1 ? 'is' : 'are'} passed over.`,
    )
  if (below > 0)
    notes.unshift(
      `${below === 1 ? 'The row' : `The ${below} rows`} below the names ("${below && (body[0]!.find((cell) => !isBlank(cell)) ?? '')}" ...) ${below === 1 ? 'goes' : 'go'} on with the heading and ${below === 1 ? 'is' : 'are'} no data.`,
    )
  const doubt = below === 0 ? headerDoubt(named, body, marks.marks) : undefined
  return {
    above,
    below,
    header,
    marks: marks.marks,
    questions,
    codes,
    yearless,
    answers: answers.answers,
    notes,
    doubts: [
      ...(doubt ? [doubt] : []),
      ...yearlessDoubt(header, body[below], yearless),
      ...fiscalDoubt(header, body.slice(below)),
      ...toldOfCodes(names, data, new Set([...stand].filter((j) => !zeros[j]))),
      ...answers.doubts,
    ],
  }
}

// A row of numbers alone, or one that has a number or a date wherever the rows below it have one. Years and 1, 2, 3 are
// names as often as not.
function headerDoubt(
  named: readonly string[],
  body: readonly (readonly string[])[],
  marks: Marks,
): string | undefined {
  const names = named.filter((cell) => !isBlank(cell))
  if (names.length === 0 || body.length === 0) return undefined
  if (names.every((cell) => !Number.isNaN(toNumber(cell))))
    return 'The first row is taken for the names of the columns, but holds numbers alone: if the file has no header, write one above it.'
  const rows = body.slice(0, 400)
  let alike = 0
  for (let j = 0; j < named.length; j++) {
    const cells = rows.flatMap((row) => (isBlank(row[j] ?? '') ? [] : [row[j]!]))
    for (const is of [isNumber, isDate]) {
      if (cells.length === 0 || cells.filter((cell) => is(cell, marks)).length < 0.95 * cells.length) continue
      if (!is(named[j]!, marks) || isYear(named[j]!)) return undefined
      alike++
      break
    }
  }
  const counted = named.filter((cell) => /^\s*\d+\s*$/.test(cell)).map(Number)
  const inOrder = counted.length > 1 && counted.every((value, i) => i === 0 || value === counted[i - 1]! + 1)
  if (alike === 0 || inOrder) return undefined
  return `The first row ("${named.slice(0, 3).join('", "')}"${named.length > 3 ? ' ...' : ''}) is taken for the names of the columns, but looks like the rows below it: if the file has no header, write one above it.`
}

const isNumber = (cell: string, marks: Marks) => !Number.isNaN(toNumber(cell, marks))
const isDate = (cell: string) =>
  (['ymd', 'dmy', 'mdy'] as const).some((order) => parseDate(cell, order) !== undefined)
const isYear = (cell: string) => /^\s*(?:19|20)\d\d\s*$/.test(cell)

const filled = (row: readonly string[]) => row.reduce((n, cell) => n + (isBlank(cell) ? 0 : 1), 0)

// Titles and dates of export have one cell filled, where the table below has three columns or more.
function rowsAbove(rows: readonly (readonly string[])[]): number {
  const widths = rows.slice(0, 50).map(({ length }) => length)
  const usual = mostFrequent(widths)
  if (usual < 3 || rows.length < 4) return 0
  let above = 0
  while (above < MOST_ABOVE && above < rows.length - 2 && filled(rows[above]!) <= 1) above++
  const named = rows[above]!
  const isHeader =
    filled(named) >= Math.max(2, usual / 2) && named.every((cell) => Number.isNaN(toNumber(cell)))
  return isHeader ? above : 0
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0]
}

const isMeasured = (cell: string, marks: Marks) => isNumber(cell, marks) || isDate(cell)

// Survey tools write the question below the short name, and codes of their own below that: words in several columns
// that hold nothing but numbers and dates further down.
function rowsBelow(
  named: readonly string[],
  body: readonly (readonly string[])[],
  width: number,
  marks: Marks,
): number {
  const marked = body.slice(0, 2).findIndex((row) => row.some((cell) => cell.includes('"ImportId"')))
  if (marked >= 0) return marked + 1
  if (namesParts(named, body, marks)) return 1
  const rest = body.slice(2, 402)
  if (rest.length < LEAST_MEASURED) return 0
  const measured: number[] = []
  for (let j = 0; j < width; j++) {
    const cells = rest.flatMap((row) => (isBlank(row[j] ?? '') ? [] : [row[j]!]))
    const hits = cells.filter((cell) => isMeasured(cell, marks)).length
    if (cells.length >= LEAST_MEASURED && hits >= 0.95 * cells.length) measured.push(j)
  }
  const isHeading = (row: readonly string[]) => {
    const cells = measured.flatMap((j) => (isBlank(row[j] ?? '') ? [] : [{ j, cell: row[j]! }]))
    // "Don't know" is what the first who answered said, and no question.
    const words = cells.filter(({ cell }) => /\p{L}/u.test(cell) && !isNoOpinion(cell))
    const own = words.filter(({ j, cell }) => rest.every((other) => other[j] !== cell))
    const different = new Set(own.map(({ cell }) => cell.trim())).size
    return (
      own.length >= 2 &&
      (different >= 2 || own[0]!.cell.includes('ImportId')) &&
      cells.every(({ cell }) => !isMeasured(cell, marks))
    )
  }
  let below = 0
  while (below < 2 && isHeading(body[below]!)) below++
  return below
}

const KIND_OF_ANSWER = /^(?:open-ended )?response$/i

// A row that goes on where the row of names is blank, and is blank where that names what has no parts, as the id and
// the day: each of its words stands once in its column, or is all that the column holds (a box that was ticked).
// Questions that all have one part are told by "Response" below them.
function namesParts(named: readonly string[], body: readonly (readonly string[])[], marks: Marks): boolean {
  const [second = [], ...all] = body
  const rest = all.slice(0, 400)
  const places = named.map((_, j) => j)
  const cellsOf = (j: number) => rest.flatMap((row) => (isBlank(row[j] ?? '') ? [] : [row[j]!]))
  const below = places.filter((j) => !isBlank(second[j] ?? ''))
  const isOwn = (j: number) => {
    const cells = cellsOf(j)
    const same = cells.filter((cell) => cell === second[j]).length
    return same === 0 || same === cells.length || KIND_OF_ANSWER.test(second[j]!.trim())
  }
  const isFilled = (j: number) => 2 * cellsOf(j).length > rest.length
  const isLeft = places.some((j) => !isBlank(named[j]!) && isBlank(second[j] ?? '') && isFilled(j))
  if (rest.length === 0 || !isLeft || below.some((j) => isMeasured(second[j]!, marks) || !isOwn(j)))
    return false
  if (below.some((j) => KIND_OF_ANSWER.test(second[j]!.trim()))) return true
  const parts = below.filter((j) => isBlank(named[j]!) && !isNoOpinion(second[j]!))
  return rest.length >= LEAST_MEASURED && parts.length > 0 && !isBlank(named[0]!)
}

// "How satisfied are you with:", "", "" above "Staff", "Price", "Speed": a question and its parts.
function joined(named: readonly string[], second: readonly string[]): string[] {
  let question = ''
  return named.map((cell, j) => {
    const part = (second[j] ?? '').trim()
    if (!isBlank(cell)) question = cell.trim()
    const goesOn = isBlank(cell) || (j + 1 < named.length && isBlank(named[j + 1]!))
    return goesOn && part !== '' && question !== '' ? `${question} ${part}` : isBlank(cell) ? part : cell
  })
}

// Digits of one length that begin with a zero are names that happen to be digits; answers are numbers however written.
function isCode(name: string, body: readonly (readonly string[])[], j: number): boolean {
  if (namesQuestion(name)) return false
  let [width, padded, other] = [-1, 0, 0]
  for (const row of body) {
    const cell = (row[j] ?? '').trim()
    if (isBlank(cell)) continue
    if (!/^\d{2,}$/.test(cell) || (width >= 0 && cell.length !== width)) return false
    width = cell.length
    if (cell.startsWith('0')) padded++
    else other++
  }
  return padded > 0 && padded >= 0.01 * (padded + other)
}

const MOST_DAYS = 366

function isYearless(body: readonly (readonly string[])[], j: number): boolean {
  const texts = new Set<string>()
  for (const row of body) {
    const cell = (row[j] ?? '').trim()
    // The name of a month and two digits is short: other columns are left at their first cell.
    if (isBlank(cell)) continue
    if (!/^(?:\p{L}{3,10}.{2,4}|\d.{3,14})$/u.test(cell) || texts.add(cell).size > MOST_DAYS) return false
  }
  return texts.size > 1 && (areDaysWithoutYear([...texts]) || [...texts].every(isDayOfMonth))
}

function yearlessDoubt(
  header: readonly string[],
  first: readonly string[] | undefined,
  yearless: readonly boolean[],
): string[] {
  return header.flatMap((name, j) =>
    yearless[j]
      ? [
          `${name.trim()} holds days without a year ("${(first?.[j] ?? '').trim()}" ...), which as dates would be months of years: not read as dates. Write the year too, as in 2026-01-31.`,
        ]
      : [],
  )
}

const FISCAL = /^\s*FY\s?'?\d{2,4}(?:[\s/-]*(?:Q[1-4]|P\d{1,2}))?\s*$/i

// When a fiscal year begins is not in the file.
function fiscalDoubt(header: readonly string[], body: readonly (readonly string[])[]): string[] {
  return header.flatMap((name, j) => {
    const cells = body.flatMap((row) => (isBlank(row[j] ?? '') ? [] : [row[j]!]))
    if (cells.length === 0 || !cells.every((cell) => FISCAL.test(cell))) return []
    return [
      `${name.trim()} holds fiscal years ("${cells[0]!.trim()}" ...), whose first day is not known: not read as dates. Write that day, as in 2026-04-01.`,
    ]
  })
}

const COMMAS: Readonly<Record<Comma, string>> = {
  thousands: 'A comma before three digits sets thousands apart: 1,234 is 1234.',
  decimal: 'A comma before three digits is a decimal comma: 1,234 is 1.234.',
}
const DOTS: Readonly<Record<Comma, string>> = {
  thousands: 'A dot before three digits sets thousands apart: 1.234 is 1234.',
  decimal: 'A dot before three digits is a decimal point: 1.234 is less than 2.',
}

/** Told when a cell was met that could be read either way. */
export const commaNote = ({ comma }: Marks) => COMMAS[comma]

// Where commas separate the cells a number like "1,234" was quoted for its thousands, unless the other numbers with
// commas are all decimals. Elsewhere the comma is free to be the decimal sign, unless others all set thousands apart.
// A dot before three digits is a decimal point, unless the other numbers have decimal commas and none has a dot.
function marksOf(rows: readonly (readonly string[])[], delimiter: string): { marks: Marks; notes: string[] } {
  const commas = new Set<Comma | 'either' | undefined>()
  const dots = new Set<Comma | 'either' | undefined>()
  for (const row of rows)
    for (const cell of row) {
      if (cell.length > 30) continue
      if (cell.includes(',')) commas.add(commaOf(bare(cell)))
      else if (cell.includes('.')) dots.add(dotOf(bare(cell)))
    }
  const told = commas.has('decimal') !== commas.has('thousands')
  const comma: Comma = told
    ? commas.has('decimal')
      ? 'decimal'
      : 'thousands'
    : delimiter === ','
      ? 'thousands'
      : 'decimal'
  const european = (comma === 'decimal' && commas.has('decimal')) || dots.has('thousands')
  const dot: Comma = european && !dots.has('decimal') ? 'thousands' : 'decimal'
  const isOpen = dots.has('either') && !dots.has('decimal') && (delimiter !== ',' || dot === 'thousands')
  return { marks: { comma, dot }, notes: isOpen ? [DOTS[dot]] : [] }
}

// The digits of "1.234,50 kr" and "$1,234".
const bare = (cell: string) => cell.replace(/^[^\d.,+-]+|[^\d.,]+$/g, '')

/** Blank and repeated names get a number, so that every column can be named. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>()
  return header.map((cell, i) => {
    const base = cell.trim() || `column${i + 1}`
    let name = base
    for (let k = 2; taken.has(name); k++) name = `${base}_${k}`
    taken.add(name)
    return name
  })
}
