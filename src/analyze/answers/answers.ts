// For: which columns hold answers in words, and how each is read; each by itself, for one word may be 5 of 5 points in
// one column and 6 of 7 in another.
// In: the names, the first rows and the scales given. Out: a reading for each such column, and what to tell of them.
import { type Marks, toNumber } from '../cells/cells.ts'
import { isNoOpinion, plainWords } from '../cells/no-answers.ts'
import { namesComment } from '../columns/kind.ts'
import { readingColumn } from '../options/column-use.ts'
import { didYouMean } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'
import { count } from '../output/paint.ts'
import { type ColumnValues, differentIn } from './column-values.ts'
import { orderOf, readColumns } from './columns.ts'
import type { Reading } from './words.ts'

/** How the cells of one column of answers are read. */
export interface ColumnAnswers {
  /** The number of a cell; undefined where it is read as any other. */
  numberOf(cell: string): number | undefined
  /** How many points the scale of its words has, where they tell. */
  readonly points?: number
  /** Whether each answer has words or its end beside the number: "4 - Good", "4/5". */
  readonly isLabelled?: boolean
  /** Cells that say that there is no answer. */
  readonly noAnswers: ReadonlySet<string>
  /** The words beside the numbers, in one text. */
  readonly labels: string
}

interface Columns {
  readonly names: readonly string[]
  readonly questions: readonly string[]
  readonly body: readonly (readonly string[])[]
  readonly marks: Marks
  readonly given: readonly string[]
  /** Whether those rows are all there are. */
  readonly isWhole: boolean
}

interface Answers {
  readonly answers: (ColumnAnswers | undefined)[]
  readonly notes: string[]
  readonly doubts: string[]
}

const MOST_NAMED = 4

export function answersOf({ names, questions, body, marks, given, isWhole }: Columns): Answers {
  const valuesOf = names.map((_, j) => differentIn(body, j))
  const answers: (ColumnAnswers | undefined)[] = names.map(() => undefined)
  const doubts: string[] = []
  const told: Told = new Map()
  const turned: string[] = []
  const silent = new Set<string>()
  const halved: string[] = []
  const open: string[] = []
  const left = new LeftOut(isWhole ? undefined : body.length)

  for (const text of given) {
    const scale = scaleOf(text, names)
    for (const j of columnsOf(scale, names, valuesOf)) {
      const values = [...(valuesOf[j]?.keys() ?? [])]
      const noAnswers = new Set(
        values.filter((value) => Number.isNaN(scale.numberOf(value)) && isNoOpinion(value)),
      )
      for (const value of noAnswers) silent.add(value.trim())
      answers[j] = { ...scale, noAnswers, labels: '' }
      tell(told, 'given', names[j]!, scale.pairs)
    }
  }
  const columns = names.flatMap((name, j): ColumnValues[] => {
    const values = valuesOf[j]
    if (!values || answers[j] || [...values.keys()].every((value) => !Number.isNaN(toNumber(value, marks))))
      return []
    return [{ j, name, question: questions[j] ?? '', values }]
  })
  for (const [column, found] of readColumns(columns, marks)) {
    const { j, name, values } = column
    if ('doubt' in found) {
      // Short comments are no scale, and nobody takes them for one.
      if (!namesComment(name))
        doubts.push(
          `${name} is not read as a scale: ${found.doubt}. ${found.remedy ?? orderOf(name, values)}`,
        )
      continue
    }
    const known = [...values.keys()].filter(isNoOpinion)
    const strays = found.strays ?? []
    if (found.numbers.size === 0 || strays.length > 0)
      for (const value of [...known, ...strays]) left.add(value.trim(), name, values.get(value)!)
    else for (const value of known) silent.add(value.trim())
    answers[j] = columnOf(found, new Set([...known, ...strays]), marks)
    if (found.isHalved) halved.push(name)
    if (found.isMiddleOpen) open.push(name)
    if (found.turned !== undefined) turned.push(turnedNote(name, found.numbers))
    else if (found.numbers.size > 0) tell(told, String(found.points), name, found.numbers)
  }
  const notes = [...told.values()].flatMap((columns) => noteOf(columns))
  if (halved.length > 0)
    notes.push(
      `Nobody gave a middle in ${listedNames(halved)}: read without one, which --scale changes where it was asked.`,
    )
  if (open.length > 0)
    notes.push(
      `Nobody gave a middle in ${listedNames(open)}: read with one all the same; where none was asked, --scale says so.`,
    )
  if (silent.size > 0 && (told.size > 0 || turned.length > 0))
    notes.push(
      `Among answers in words ${[...silent]
        .slice(0, MOST_NAMED)
        .map((text) => `"${text}"`)
        .join(', ')} ${silent.size === 1 ? 'is' : 'are'} no answer and left out.`,
    )
  return { answers, notes, doubts: [...turned, ...left.notes(), ...doubts] }
}

/** What is taken for no answer though it stands among numbers, or is known to no language: told with how often. */
class LeftOut {
  readonly #words = new Map<string, { name: string; rows: number }[]>()
  readonly #first: number | undefined

  /** @param first how many rows are known where those are not all */
  constructor(first: number | undefined) {
    this.#first = first
  }

  add(word: string, name: string, rows: number): void {
    this.#words.set(word, [...(this.#words.get(word) ?? []), { name, rows }])
  }

  notes(): string[] {
    const of = this.#first === undefined ? '' : ` of the first ${count(this.#first)}`
    const rowsOf = (columns: readonly { rows: number }[]) =>
      `${columns.map(({ rows }) => count(rows)).join(', ')} ${columns.every(({ rows }) => rows === 1) ? 'row' : 'rows'}${of}`
    const alike = new Map<string, string[]>()
    for (const [word, columns] of this.#words) {
      const named = columns.slice(0, MOST_NAMED)
      const more = columns.length - named.length
      const where = `${named.map(({ name }) => name).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
      alike.set(where, [...(alike.get(where) ?? []), `"${word}" (${rowsOf(named)})`])
    }
    return [...alike].map(
      ([where, words]) =>
        `${words.join(' and ')} in ${where} ${words.length === 1 ? 'is' : 'are'} taken for no answer; a --scale that names ${words.length === 1 ? 'it' : 'them'} says otherwise.`,
    )
  }
}

function columnOf(
  { numbers, points, turned }: Reading,
  noAnswers: ReadonlySet<string>,
  marks: Marks,
): ColumnAnswers {
  return {
    noAnswers,
    numberOf(cell) {
      const known = numbers.get(cell)
      if (known !== undefined || turned === undefined) return known
      const plain = toNumber(cell, marks)
      return Number.isNaN(plain) ? undefined : turned - plain
    },
    ...(points !== undefined && { points }),
    isLabelled: [...numbers.keys()].some((text) => Number.isNaN(Number(text))),
    labels: points === undefined ? [...numbers.keys()].join(' ') : '',
  }
}

interface GivenScale {
  /** Of the one column that it is for. */
  readonly column?: number
  readonly text: string
  readonly pairs: ReadonlyMap<string, number>
  readonly points?: number
  /** NaN for what is not on it. */
  numberOf(cell: string): number
}

const isPlain = (text: string) => /^-?\d+$/.test(text)
const keyOf = (text: string) => (isPlain(text.trim()) ? text.trim() : plainWords(text) || text.trim())

// "Poor,Fair,Good", "quality=Poor,Fair,Good", "grade=5,4,3,2,1".
function scaleOf(text: string, names: readonly string[]): GivenScale {
  const own = readingColumn(text, names)
  const listed = own === undefined ? text : text.slice(own.length + 1)
  const words = listed.split(listed.includes('|') ? '|' : ',').map((word) => word.trim())
  const keys = words.map(keyOf)
  if (words.length < 2 || keys.some((key) => key === '') || new Set(keys).size < keys.length)
    throw new UsageError(
      `--scale takes two different answers or more from the lowest to the highest, not "${listed}"`,
    )
  if (own === undefined && keys.every(isPlain))
    throw new UsageError(
      `--scale "${text}" holds numbers alone: name the column, as in --scale COLUMN=${listed}`,
    )
  // Numbers in another order keep their values: 5,4,3,2,1 is 1..5 turned, and 10,9 ... 0 is 0..10.
  const places = keys.every(isPlain) ? keys.map(Number).sort((a, b) => a - b) : keys.map((_, i) => i + 1)
  const numbers = new Map(keys.map((key, i) => [key, places[i]!]))
  return {
    ...(own !== undefined && { column: names.indexOf(own) }),
    text,
    pairs: new Map(words.map((word, i) => [word, places[i]!])),
    ...(!keys.every(isPlain) && { points: keys.length }),
    numberOf: (cell) => numbers.get(keyOf(cell)) ?? Number.NaN,
  }
}

// The column named, else every one whose answers are all on the scale.
function columnsOf(
  scale: GivenScale,
  names: readonly string[],
  valuesOf: readonly (ReadonlyMap<string, number> | undefined)[],
): number[] {
  const holds = (value: string) => !Number.isNaN(scale.numberOf(value))
  const textsOf = (j: number) => [...(valuesOf[j]?.keys() ?? [])]
  if (scale.column !== undefined) {
    if (textsOf(scale.column).some(holds)) return [scale.column]
    throw new UsageError(`"${names[scale.column]}" holds none of the answers of --scale "${scale.text}"`)
  }
  const found = names.flatMap((_, j) =>
    textsOf(j).every((value) => holds(value) || isNoOpinion(value)) && textsOf(j).some(holds) ? [j] : [],
  )
  if (found.length > 0) return found
  const before = /^([^=,|]+)=/.exec(scale.text)?.[1]
  const hint = before === undefined ? '' : didYouMean(before, names)
  throw new UsageError(
    before !== undefined
      ? `--scale "${scale.text}": there is no column "${before}"${hint}`
      : `no column holds the answers of --scale "${scale.text}" alone; --scale COLUMN=... reads one column by it and leaves out what is not on it`,
  )
}

type Told = Map<string, { name: string; pairs: Map<string, number> }[]>

// Columns that agree on every word they share, and share some, are told together.
function tell(told: Told, kind: string, name: string, numbers: ReadonlyMap<string, number>): void {
  const pairs = new Map([...numbers].map(([text, number]) => [text.trim(), number]))
  const agree = (other: ReadonlyMap<string, number>) =>
    [...pairs].every(([text, number]) => (other.get(text) ?? number) === number) &&
    [...pairs].some(([text]) => !isPlain(text) && other.has(text))
  for (const [key, columns] of told)
    if (key.startsWith(`${kind} `) && columns.every((column) => agree(column.pairs))) {
      columns.push({ name, pairs })
      return
    }
  told.set(`${kind} ${told.size}`, [{ name, pairs }])
}

function listedNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function noteOf(columns: readonly { name: string; pairs: ReadonlyMap<string, number> }[]): string[] {
  const pairs = new Map(columns.flatMap((column) => [...column.pairs]))
  const where = listedNames(columns.map(({ name }) => name))
  const words = listed(pairs)
  // A scale of numbers in their own order leaves out all others.
  if (words === '')
    return [`Of ${where} the numbers ${[...pairs.keys()].join(', ')} alone are read, as --scale has it.`]
  return [`Answers in words are read as numbers (${words}) where a number is needed: ${where}.`]
}

const turnedNote = (name: string, numbers: ReadonlyMap<string, number>) =>
  `The numbers of ${name} run against their words, and the words win: ${listed(numbers)}. To have another order: --scale '${name}=LOWEST,...,HIGHEST'.`

// Each word with its number, the lowest first; numbers that stand for themselves say nothing.
function listed(pairs: ReadonlyMap<string, number>): string {
  const words = new Map<string, { text: string; number: number }>()
  for (const [text, number] of pairs) {
    const key = plainWords(text) || text.trim()
    if (Number(text) !== number && !words.has(key)) words.set(key, { text: text.trim(), number })
  }
  return [...words.values()]
    .sort((a, b) => a.number - b.number)
    .map(({ text, number }) => `"${text}" is ${number}`)
    .join(', ')
}
