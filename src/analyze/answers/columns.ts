import { isBlank, type Marks, toNumber } from '../cells/cells.ts'
import { isNoOpinion, plainWords } from '../cells/no-answers.ts'
import { namesAmount, namesGrade, namesQuestion } from '../columns/kind.ts'
import { asTyped } from '../output/typed.ts'
import type { ColumnValues } from './column-values.ts'
import { labelledAnswers } from './labelled.ts'
import { ratedAnswers } from './rated.ts'
import { unknownWords } from './unknown-words.ts'
import { areFew, type Doubt, isStray, type Reading, wordedAnswers } from './words.ts'

// How each column of answers is read where its words alone do not tell: beside the other columns, beside numbers.
// In: the different values of the columns. Out: a reading for each that holds answers, or why it has none.

type Found = Reading | Doubt

/** The columns that hold answers, each with how it is read; the others are no answers. */
export function readColumns(columns: readonly ColumnValues[], marks: Marks): [ColumnValues, Found][] {
  const alone = new Map(columns.map((column) => [column, inItself(column)]))
  const often = strayWords(columns, marks)
  return columns.flatMap((column): [ColumnValues, Found][] => {
    const own = alone.get(column)
    if (own && 'numbers' in own && !own.isHalved) return [[column, own]]
    const found =
      besideOthers(column, [...alone.values()]) ??
      own ??
      besideNumbers(column, marks, often) ??
      unknownWords(column, marks)
    return found ? [[column, found]] : []
  })
}

const isAsked = ({ name, question }: ColumnValues) => namesQuestion(name) || namesQuestion(question)
// Numbered regions and levels are sorted, and nobody answered them.
const isSorted = (column: ColumnValues) =>
  !isAsked(column) && (namesGrade(column.name) || namesAmount(column.name))

function inItself(column: ColumnValues): Found | undefined {
  const values = [...column.values.keys()]
  const found = wordedAnswers(values, column.values)
  const worded =
    found && 'open' in found && found.open ? openWords(column, found.open.points, found.open.words) : found
  if (worded && 'numbers' in worded) return worded
  const rated = ratedAnswers(values)
  if (rated) return rated
  const labelled = labelledAnswers(values, isAsked(column))
  return isSorted(column) ? worded : (labelled ?? worded)
}

const LEAST_BESIDE = 2

// Answers that all stand in another column as well are on its scale: there somebody gave the middle, or the ends.
function besideOthers(column: ColumnValues, others: readonly (Found | undefined)[]): Reading | undefined {
  const known = [...column.values.keys()].filter((value) => !isBlank(value) && !isNoOpinion(value))
  const words = new Set(known.map(plainWords))
  if (words.size < LEAST_BESIDE) return undefined
  for (const other of others) {
    if (!other || !('numbers' in other) || other.points === undefined || other.turned !== undefined) continue
    const points = new Map([...other.numbers].map(([value, point]) => [plainWords(value), point]))
    if (points.size <= words.size || ![...words].every((word) => points.has(word))) continue
    return {
      numbers: new Map(known.map((value) => [value, points.get(plainWords(value))!])),
      points: other.points,
    }
  }
  return undefined
}

interface Split {
  readonly numbers: readonly string[]
  readonly words: readonly string[]
  readonly known: readonly string[]
}

const LABELLED = /^\s*(?:\d{1,2}\s*(?:[-–—:=.)(]+\s*|\s)\s*\p{L}|\p{L}.*\(\s*\d{1,2}\s*\)\s*$)/su

// Numbers, alone or with words beside them; words alone; and those for no answer.
function split({ values }: ColumnValues, marks: Marks): Split {
  const numbers: string[] = []
  const words: string[] = []
  const known: string[] = []
  for (const value of values.keys()) {
    const number = toNumber(value, marks)
    if (isNoOpinion(value)) known.push(value)
    else if (!Number.isNaN(number) || LABELLED.test(value)) numbers.push(value)
    else words.push(value)
  }
  return { numbers, words, known }
}

const MOST_STRAYS = 3
const LEAST_NUMBERS = 3

// Words that stand among the numbers of two columns or more are no chance.
function strayWords(columns: readonly ColumnValues[], marks: Marks): Set<string> {
  const times = new Map<string, number>()
  for (const column of columns) {
    const { numbers, words } = split(column, marks)
    if (numbers.length < LEAST_NUMBERS || words.length > MOST_STRAYS) continue
    for (const word of words) times.set(plainWords(word), (times.get(plainWords(word)) ?? 0) + 1)
  }
  return new Set([...times].flatMap(([word, n]) => (n > 1 ? [word] : [])))
}

const ENDS = new Set([4, 5, 6, 7, 10])

// Numbers of a scale and at most three different words: those that are known for no answer, and those that have
// nothing to do with a scale, in a question or in several columns alike, are none. The rest is told.
function besideNumbers(column: ColumnValues, marks: Marks, often: ReadonlySet<string>): Found | undefined {
  const { numbers, words, known } = split(column, marks)
  const rowsOf = (values: readonly string[]) =>
    values.reduce((sum, value) => sum + column.values.get(value)!, 0)
  if (words.length + known.length === 0 || words.length > MOST_STRAYS) return undefined
  if (numbers.length < LEAST_NUMBERS || rowsOf(numbers) < rowsOf(words)) return undefined
  const labelled = labelledAnswers(numbers, isAsked(column))
  if (labelled && 'doubt' in labelled) return labelled
  const all = labelled ? [...labelled.numbers.values()] : numbers.map((value) => toNumber(value, marks))
  // Amounts are no answers, and 99 is a code for none.
  if (!all.every(Number.isInteger)) return undefined
  const points = new Set(all.filter((value) => value >= 0 && value <= 10))
  if (points.size < LEAST_NUMBERS || all.length - points.size > MOST_STRAYS) return undefined
  const [low, high] = [Math.min(...points), Math.max(...points)]
  const isRun = points.size === high - low + 1 && ENDS.has(high) && (low === 1 || (low === 0 && high === 10))
  const reading = labelled ?? { numbers: new Map() }
  if (words.length === 0) return isRun || isAsked(column) ? reading : undefined
  if (isSorted(column)) return undefined
  const labels = labelled ? [...labelled.numbers.keys()].map(plainWords) : []
  const isNone = (word: string) =>
    isStray(plainWords(word), labels) && (isAsked(column) || often.has(plainWords(word)))
  if (isRun && words.every(isNone) && areFew(rowsOf(words), rowsOf(numbers) + rowsOf(words)))
    return { ...reading, strays: words }
  // Stores and sizes are numbered as well, and "Online" is one of them.
  if (!isAsked(column) && THING.test(column.name)) return undefined
  const numberOf = (value: string) => labelled?.numbers.get(value) ?? toNumber(value, marks)
  const sorted = numbers.toSorted((a, b) => numberOf(a) - numberOf(b))
  return openWords(column, sorted, words)
}

// Words beside the points of a scale that may be points as well, with both ways to read them.
function openWords(
  { name, values }: ColumnValues,
  points: readonly string[],
  words: readonly string[],
): Doubt {
  const named = words.map((word) => `"${word.trim()}" (${times(values.get(word)!)})`).join(' and ')
  const isOne = words.length === 1
  const all = [...points, ...words].map((value) => value.trim())
  const places = all.join(all.some((text) => text.includes(',')) ? '|' : ',')
  const holds = points.some((value) => /\d/.test(value)) ? 'numbers' : 'the points of a scale'
  return {
    doubt: `it holds ${holds} and ${named}, which may be ${isOne ? 'a point' : 'points'} of its scale or no answer`,
    remedy: `--blank ${asTyped(`${name}=${words.map((word) => word.trim()).join(',')}`)} takes ${isOne ? 'it' : 'them'} for no answer; --scale ${asTyped(`${name}=${places}`)} gives ${isOne ? 'it its place' : 'them their places'} once all stand in order, the worst first.`,
  }
}

const THING =
  /store|shop|butik|filial|branch|site|unit|enhet|team|avdelning|avdeling|abteilung|location|office|kontor|gate|line|platform|terminal|clinic|ward|school|room|bed|bath|size|storlek|type|typ$|code|kod$|plan|model|channel|kanal|status|categor|kategori|segment/i

const times = (n: number) => (n === 1 ? 'once' : `${n} times`)

/** How the order of a column's answers is given, as typed. */
export function orderOf(name: string, values: ReadonlyMap<string, number>): string {
  const texts = [...values.keys()].map((value) => value.trim())
  const shown = texts.slice(0, 8).join(', ') + (texts.length > 8 ? ', ...' : '')
  return `--scale '${name}=LOWEST,...,HIGHEST' gives the order of its answers (${shown}).`
}
