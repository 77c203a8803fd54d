import { ASKED_TO_RECOMMEND, namesAmount, namesQuestion } from './column-kind.ts'
import { type ColumnProfile, Profiler } from './column-profile.ts'
import { count } from './paint.ts'

// Numbers among the answers to a question that are codes for "no answer".
// In: the profiles of the columns. Out: the codes that are so beyond doubt, and what to tell of them and of the others.

const CODES = new Set([
  -999, -99, -98, -97, -9, -8, -7, -1, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999,
])
const LEAST = 3
const LEAST_ANSWERS = 30
const ENDS = new Set([3, 4, 5, 6, 7])
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
 * the other questions of the file end before (6 or 0 where they run from 1 to 5). */
export function missingCodes(columns: readonly Profiled[]): MissingCodes[] {
  const scales = scalesOf(columns)
  const coded = columns.map(({ profile }) => ({ profile, ...codesOf(profile, scales) }))
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

function codesOf(profile: ColumnProfile, scales: ReadonlySet<string>): Coded {
  const none = { far: [], near: [], ends: '' }
  const { name, whole, numbers, present, values } = profile
  if (!whole || numbers < 0.9 * present || values.length === 0 || values.length > MOST_VALUES) return none
  const numbered = values.filter(isWhole)
  const [codes, others] = [numbered.filter(isCode), numbered.filter((one) => !isCode(one))]
  const [low, high] = endsOf(others)
  if (others.length < 2 || low < 0 || high > 10 || (!namesQuestion(name) && high < 2)) return none
  const far = codes.filter(
    ({ value, n }) => n >= LEAST && (Number(value) < Math.min(0, low) || Number(value) > 11),
  )
  const near = nearCodes(profile, others, scales)
  return { far, near, ends: endsOf(others.filter((one) => !near.includes(one))).join(' to ') }
}

const isCode = ({ value }: Value) => CODES.has(Number(value))

// 8 and 9 behind a gap, or one point more than the other questions have.
function nearCodes(
  { name, question }: ColumnProfile,
  values: readonly Value[],
  scales: ReadonlySet<string>,
): readonly Value[] {
  if (ASKED_TO_RECOMMEND.test(`${name} ${question}`)) return []
  const used = new Set(values.map(({ value }) => Number(value)))
  let high = 0
  while (used.has(high + 1)) high++
  const answers = values
    .filter(({ value }) => Number(value) >= 1 && Number(value) <= high)
    .reduce((sum, { n }) => sum + n, 0)
  if (!ENDS.has(high) || answers < LEAST_ANSWERS) return []
  const above = [...used].filter((value) => value > high)
  const isBehindGap = above.every((value) => value === 8 || value === 9)
  const codes: number[] = isBehindGap ? above : []
  if (scales.has(`1-${high}`)) codes.push(0)
  else if (above.length === 0 && scales.has(`1-${high - 1}`)) codes.push(high)
  return values.filter(({ value, n }) => n >= LEAST && codes.includes(Number(value)))
}

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

/** Whether a question runs from 0 to 5 or from 1 to 6: as likely a scale as one of five points with a code for no
 * answer, and only the reader knows. */
export function isOpenScale({ range, points, distinct, whole }: ColumnProfile): boolean {
  if (points !== undefined || !whole || distinct !== 6 || !range) return false
  return (range.low === 0 || range.low === 1) && range.high - range.low === 5
}

/** What to tell of such questions: a sentence at most for those from 0, and one for those from 1. */
export function openScales(
  columns: readonly (Profiled & { readonly guess: { readonly kind: string } })[],
): string[] {
  return [0, 1].flatMap((low) => {
    const names = columns.flatMap(({ profile, guess }) =>
      guess.kind === 'scale' && isOpenScale(profile) && profile.range!.low === low ? [profile.name] : [],
    )
    if (names.length === 0) return []
    const code = low === 0 ? 0 : 6
    const shown = names.slice(0, MOST_NAMED).join(', ')
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
    return [
      `${shown}${more} ${names.length === 1 ? 'runs' : 'run'} from ${low} to ${low + 5}: six points, or five and ${code} for no answer, which ${option(`${names[0]}=${code}`)} leaves out.`,
    ]
  })
}

function endsOf(values: readonly Value[]): [number, number] {
  const numbers = values.map(({ value }) => Number(value))
  return [Math.min(...numbers), Math.max(...numbers)]
}
