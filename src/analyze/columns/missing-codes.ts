import { count } from '../output/paint.ts'
import { ASKED_TO_RECOMMEND, namesAmount, namesMoney, namesQuestion } from './kind.ts'
import { pointsBelow } from './points-below.ts'
import { type ColumnProfile, Profiler } from './profile.ts'

// Numbers among the answers to a question that are codes for "no answer".
// In: the profiles of the columns. Out: the codes that are so beyond doubt, and what to tell of them and of the others.

const CODES = new Set([
  -999, -99, -98, -97, -9, -8, -7, -1, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999,
])
const LEAST = 3
const LEAST_ANSWERS = 30
const ENDS = new Set([3, 4, 5, 6, 7])
// Of the answers: what is given more often is an answer, and with fewer points than ten the rest holds a commoner one.
const MOST_SHARE = 0.1
// A run up to six or seven points may be the lower part of ten in a small file.
const LEAST_OF_LONG = 100
const MOST_VALUES = 40
const MOST_NAMED = 4

/** The same codes among the same answers of one column or more. */
export interface MissingCodes {
  readonly names: readonly string[]
  /** As the cells have them. */
  readonly codes: readonly string[]
  /** The beginning of a sentence, that goes on with what is done. */
  readonly told: string
}

type Value = ColumnProfile['values'][number]
type Profiled = { readonly profile: ColumnProfile }

/** Codes far from the answers (99 or -99 beside 1 to 5), behind a gap (8 or 9 beside 1 to 5), and next to them where
 * the other questions of the file end before (6 or 0 where they run from 1 to 5, 8 where they run to 7). Those near the
 * answers are rare, and so in every column alike; else they are in doubt, which `openScales` tells. */
export function missingCodes(columns: readonly Profiled[]): MissingCodes[] {
  const scales = scalesOf(columns)
  const doubted = doubtedAmong(columns)
  const coded = columns.map(({ profile }) => ({ profile, ...codesOf(profile, scales, doubted) }))
  const keyOf = (ends: string, codes: readonly Value[]) =>
    `${ends} ${codes.map(({ value }) => value.trim()).sort()}`
  // The same code beside the same answers as in a column named as a question is that code there too.
  const asked = new Set(
    coded.flatMap(({ profile, near, ends }) =>
      isAsked(profile) && near.length > 0 ? [keyOf(ends, near)] : [],
    ),
  )
  const alike = new Map<string, { name: string; found: readonly Value[]; ends: string }[]>()
  for (const { profile, far, near, ends } of coded) {
    const { name } = profile
    const isNear = isAsked(profile) || (!namesAmount(name) && asked.has(keyOf(ends, near)))
    const found = isNear ? [...far, ...near] : far
    if (found.length === 0) continue
    const key = keyOf(ends, found)
    alike.set(key, [...(alike.get(key) ?? []), { name, found, ends }])
  }
  return [...alike.values()].map((group) => {
    const [{ found, ends }] = group as [(typeof group)[number]]
    const names = group.map(({ name }) => name)
    const codes = found.map(({ value }) => value.trim())
    const times = (code: string) =>
      group.map((one) => count(one.found.find(({ value }) => value.trim() === code)?.n ?? 0)).join(', ')
    const told = codes.map((code) => `${code} (${times(code)} times)`).join(' and ')
    return {
      names,
      codes,
      told: `${names.join(', ')} ${names.length === 1 ? 'runs' : 'run'} from ${ends} but for ${told}, which ${codes.length === 1 ? 'looks like a code' : 'look like codes'} for no answer`,
    }
  })
}

/** How these codes are left out, for `--blank`: one text a column. */
export const blanksOf = ({ names, codes }: MissingCodes) => names.map((name) => `${name}=${codes.join(',')}`)

const isWhole = ({ value }: Value) => /^\s*-?\d+\s*$/.test(value)

const option = (text: string) => (/^[\w.,=-]+$/.test(text) ? `--blank ${text}` : `--blank '${text}'`)

/** What leaves these codes out, as typed; of many columns that of the first. */
export const optionOf = (codes: MissingCodes) => option(blanksOf(codes)[0]!)

/** The same from the first rows alone, for methods that do not read whole columns first.
 * @param body those rows
 * @param read how a cell of a column is read
 */
export function codesAmong(
  names: readonly string[],
  questions: readonly string[],
  body: readonly (readonly string[])[],
  read: (cell: string, column: number) => number,
): MissingCodes[] {
  const profiles = names.flatMap((name, j) => {
    const values = new Set<string>()
    for (const row of body) if (values.add(row[j] ?? '').size > MOST_VALUES) return []
    const profiler = new Profiler(name, (cell) => read(cell, j), { question: questions[j] ?? '' })
    for (const row of body) profiler.add(row[j] ?? '')
    return [{ profile: profiler.profile() }]
  })
  return missingCodes(profiles)
}

const isAsked = ({ name, question }: ColumnProfile) => namesQuestion(name) || namesQuestion(question)

interface Coded {
  /** Codes far from the answers, those next to them, and where the answers run. */
  readonly far: readonly Value[]
  readonly near: readonly Value[]
  readonly ends: string
}

function codesOf(profile: ColumnProfile, scales: ReadonlySet<string>, doubted: ReadonlySet<string>): Coded {
  const none = { far: [], near: [], ends: '' }
  const { name, whole, numbers, present, values } = profile
  if (!whole || numbers < 0.9 * present || values.length === 0 || values.length > MOST_VALUES) return none
  const numbered = values.filter(isWhole)
  const below = pointsBelow(profile)?.points ?? []
  const isOut = (one: Value) => (isCode(one) && !below.includes(Number(one.value))) || isEleven(one, profile)
  const [codes, others] = [numbered.filter(isOut), numbered.filter((one) => !isOut(one))]
  const [low, high] = endsOf(others)
  if (others.length < 2 || (low < 0 && below.length === 0) || high > 10 || (!namesQuestion(name) && high < 2))
    return none
  const far = codes.filter(
    ({ value, n }) => n >= LEAST && (Number(value) < Math.min(0, low) || Number(value) > 10),
  )
  const near = nearCodes(profile, others, scales).filter(
    ({ value }) => !doubted.has(doubtOf(runOf(others).high, Number(value))),
  )
  return { far, near, ends: endsOf(others.filter((one) => !near.includes(one))).join(' to ') }
}

const isCode = ({ value }: Value) => CODES.has(Number(value))

// One more than ten, seldom given, where people were asked and gave 10: months and hours are not asked.
function isEleven({ value, n }: Value, profile: ColumnProfile): boolean {
  const { numbers, values } = profile
  if (Number(value) !== 11 || !isAsked(profile) || namesAmount(profile.name)) return false
  return (
    numbers >= LEAST_ANSWERS && n <= MOST_SHARE * numbers && values.some((one) => Number(one.value) === 10)
  )
}

// 8 and 9 behind a gap, or one point more than the other questions have.
function nearCodes(
  profile: ColumnProfile,
  values: readonly Value[],
  scales: ReadonlySet<string>,
): readonly Value[] {
  if (isOnRecommending(profile)) return []
  const { low, high, answers } = runOf(values)
  if (answers < LEAST_ANSWERS) return []
  const codes = [...gapCodes(profile, values)]
  const above = values.some(({ value }) => Number(value) > high)
  if (low === 1 && ENDS.has(high) && scales.has(`1-${high}`)) codes.push(0)
  else if (low === 1 && !above && scales.has(`1-${high - 1}`)) codes.push(high)
  const isSure = (code: number) => code < high || high < 6 || !above || answers >= LEAST_OF_LONG
  return values.filter(({ value, n }) => {
    const code = Number(value)
    return n >= LEAST && n <= MOST_SHARE * profile.numbers && codes.includes(code) && isSure(code)
  })
}

// 8 and 9 alone above a run of points without a gap of its own. From 0 to 7 it may be marks from 0 to 10.
function gapCodes(profile: ColumnProfile, values: readonly Value[]): readonly number[] {
  if (isOnRecommending(profile)) return []
  const { high, answers } = runOf(values)
  if (!ENDS.has(high) || answers < LEAST_ANSWERS) return []
  const numbers = values.map(({ value }) => Number(value))
  const above = numbers.filter((value) => value > high)
  if (high === 7 && above.length > 0 && numbers.includes(0)) return []
  return above.every((value) => value === 8 || value === 9) ? above : []
}

const isOnRecommending = ({ name, question }: ColumnProfile) => ASKED_TO_RECOMMEND.test(`${name} ${question}`)

interface Run {
  readonly low: number
  readonly high: number
  /** How many gave one of its points. */
  readonly answers: number
}

// The points from 1, or 2 where nobody gave the lowest, up to the first that nobody gave.
function runOf(values: readonly Value[]): Run {
  const used = new Map(values.map(({ value, n }) => [Number(value), n]))
  const low = used.has(1) ? 1 : 2
  let high = low - 1
  let answers = 0
  while (used.has(high + 1)) answers += used.get(++high)!
  return { low, high, answers }
}

const doubtOf = (high: number, code: number) => `${high} ${code}`

// A code is one in every question of the same points: where it is too common in one, it is in doubt in all, and so is
// one behind six or seven points beside a question of ten.
function doubtedAmong(columns: readonly Profiled[]): Set<string> {
  const doubted = new Set<string>()
  const asked = columns.flatMap(({ profile }) =>
    isAsked(profile) && !isOnRecommending(profile) ? [profile] : [],
  )
  const ofTen = asked.some(({ range, whole }) => whole && range && range.low >= 1 && range.high === 10)
  for (const profile of asked) {
    const values = answersAmong(profile)
    const { high } = runOf(values)
    const codes = gapCodes(profile, values)
    for (const { value, n } of values) {
      const code = Number(value)
      const isMark = n > MOST_SHARE * profile.numbers || (ofTen && high >= 6)
      if (codes.includes(code) && isMark) doubted.add(doubtOf(high, code))
    }
  }
  return doubted
}

const answersAmong = ({ values }: ColumnProfile) =>
  values.length > MOST_VALUES ? [] : values.filter((one) => isWhole(one) && !isCode(one))

// The scales that whole columns of the file keep to: "1-5".
function scalesOf(columns: readonly Profiled[]): Set<string> {
  const found = new Set<string>()
  for (const { profile } of columns) {
    const { range, whole, distinct, present, numbers } = profile
    if (!whole || !range || numbers < present || present < LEAST_ANSWERS || range.low !== 1) continue
    if ((range.high === 5 || range.high === 7) && distinct === range.high) found.add(`1-${range.high}`)
  }
  return found
}

/** Whether a question runs from 0 to 5, from 0 to 7 or from 1 to 6, has 8 or 9 behind its points or ends at 8: as likely a scale
 * with a code for no answer as one of so many points, and only the reader knows. */
export const isOpenScale = (profile: ColumnProfile) => openRun(profile) !== undefined || hasOpenTop(profile)

const OPEN_RUNS = ['0-5', '1-6', '0-7']

// Where every one of those points was given.
function openRun(profile: ColumnProfile): string | undefined {
  const { range, points, distinct, whole, worded, numbers } = profile
  // A point that has words is one.
  if (points !== undefined || worded === numbers || !whole || !range) return undefined
  const run = `${range.low}-${range.high}`
  if (distinct !== range.high - range.low + 1 || !OPEN_RUNS.includes(run)) return undefined
  return run === '0-7' && isOnRecommending(profile) ? undefined : run
}

/** Of those the ones whose relations would rest on the code: it lies far from the answers that it would stand among. */
export const isOpenAtEnd = (profile: ColumnProfile) => openRun(profile) === '0-7' || hasOpenTop(profile)

/** Of those the ones with a highest value that may be a code for no answer: 8 where nobody gave 9 or 10, or 8 and 9
 * behind a gap. What is said of the two highest points of ten would be wrong of it. */
export const hasOpenTop = (profile: ColumnProfile) => openCodes(profile).length > 0

function openCodes(profile: ColumnProfile): readonly number[] {
  const { range, points, whole } = profile
  if (points !== undefined || !whole || !range || range.high > 9 || isOnRecommending(profile)) return []
  const values = answersAmong(profile)
  const behind = gapCodes(profile, values)
  if (behind.length > 0) return behind
  return range.high === 8 && range.low >= 1 ? topCodes(values) : []
}

// 6, 7 and 8 where each is given less than a third as often as the rarest of 1 to 5, else 8.
function topCodes(values: readonly Value[]): number[] {
  const times = (point: number) => values.find(({ value }) => Number(value) === point)?.n ?? 0
  const rarest = Math.min(...[1, 2, 3, 4, 5].map(times))
  return [6, 7, 8].every((point) => times(point) > 0 && 3 * times(point) < rarest) ? [6, 7, 8] : [8]
}

type Answered = Profiled & { readonly guess: { readonly kind: string } }

const openKey = (profile: ColumnProfile) => openRun(profile) ?? openCodes(profile).join(' ')

/** Columns of numbers that are open in the same way as a question are asked on its points, whatever their names. */
export function openAlike<T extends Answered>(columns: readonly T[]): Set<T> {
  const open = new Set(
    columns.flatMap(({ profile, guess }) => (guess.kind === 'scale' ? [openKey(profile)] : [])),
  )
  open.delete('')
  return new Set(
    columns.filter(
      ({ profile, guess }) =>
        guess.kind === 'number' &&
        (!namesAmount(profile.name) || namesMoney(profile.name)) &&
        open.has(openKey(profile)),
    ),
  )
}

/** The codes that a question may have for no answer, and the highest point without them; undefined of others. */
export function openEnd(profile: ColumnProfile): { codes: readonly number[]; high: number } | undefined {
  const codes = openCodes(profile).toSorted((a, b) => a - b)
  if (codes.length > 0) return { codes, high: Math.min(codes[0]! - 1, runOf(answersAmong(profile)).high) }
  const run = openRun(profile)
  if (run === undefined) return undefined
  return run === '1-6' ? { codes: [6], high: 5 } : { codes: [0], high: Number(run.at(-1)) }
}

/** What to tell of such questions: a sentence for all that are alike. */
export function openScales(columns: readonly Answered[]): string[] {
  const scales = columns.flatMap(({ profile, guess }) => (guess.kind === 'scale' ? [profile] : []))
  const sixes = OPEN_RUNS.flatMap((run) => {
    const names = scales.flatMap((profile) => (openRun(profile) === run ? [profile.name] : []))
    if (names.length === 0) return []
    const code = run === '1-6' ? 6 : 0
    const points = run === '0-7' ? 'eight points, or seven' : 'six points, or five'
    return [
      `${listed(names)} from ${run.replace('-', ' to ')}: ${points} and ${code} for no answer, which ${option(`${names[0]}=${code}`)} leaves out.`,
    ]
  })
  const tops = new Map<string, string[]>()
  for (const profile of scales) {
    const codes = openCodes(profile)
    if (codes.length === 0) continue
    const { high } = runOf(answersAmong(profile))
    const isBehind = high < codes[0]!
    const ends = `from ${profile.range!.low} to ${isBehind ? high : 8}`
    const code = codes.toSorted((a, b) => a - b)
    const told = isBehind
      ? `${ends} but for ${code.join(' and ')}, which may be ${code.length === 1 ? 'a mark among ten or a code' : 'marks among ten or codes'} for no answer`
      : `${ends} and nobody gave 9 or 10: hardly ten points, and ${code.join(', ')} may be ${code.length === 1 ? 'a code' : 'codes'} for no answer`
    const key = `${code} ${told}`
    tops.set(key, [...(tops.get(key) ?? []), profile.name])
  }
  const doubts = [...tops].map(([key, names]) => {
    const [codes] = key.split(' ', 1)
    return `${listed(names)} ${key.slice(codes!.length + 1)}: nothing is said of the highest answers; ${option(`${names[0]}=${codes}`)} leaves ${codes!.includes(',') ? 'them' : 'it'} out.`
  })
  return [...sixes, ...doubts]
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  return `${names.slice(0, MOST_NAMED).join(', ')}${more} ${names.length === 1 ? 'runs' : 'run'}`
}

function endsOf(values: readonly Value[]): [number, number] {
  const numbers = values.map(({ value }) => Number(value))
  return [Math.min(...numbers), Math.max(...numbers)]
}
