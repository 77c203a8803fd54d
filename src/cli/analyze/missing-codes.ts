import { ASKED_TO_RECOMMEND, namesQuestion } from './column-kind.ts'
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
  const alike = new Map<string, { name: string; found: readonly Value[]; ends: string }[]>()
  for (const { profile } of columns) {
    const found = codesOf(profile, scales)
    if (found.length === 0) continue
    const others = profile.values.filter((one) => !found.includes(one) && isWhole(one))
    const ends = endsOf(others).join(' to ')
    const key = `${ends} ${found.map(({ value }) => value).sort()}`
    alike.set(key, [...(alike.get(key) ?? []), { name: profile.name, found, ends }])
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

const MOST_VALUES = 40

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

function codesOf(profile: ColumnProfile, scales: ReadonlySet<string>): readonly Value[] {
  const { name, whole, numbers, present, values } = profile
  if (!whole || numbers < 0.9 * present || values.length === 0 || values.length > 40) return []
  const numbered = values.filter(isWhole)
  const far = numbered.filter(({ value, n }) => CODES.has(Number(value)) && n >= LEAST)
  const near = numbered.filter(({ value }) => !CODES.has(Number(value)))
  const [low, high] = endsOf(near)
  const apart = far.filter(({ value }) => Number(value) < Math.min(0, low) || Number(value) > 11)
  const isScale = near.length >= 2 && low >= 0 && high <= 10 && (namesQuestion(name) || high >= 2)
  if (!isScale) return []
  return [...apart, ...nearCodes(profile, near, scales)]
}

// 8 and 9 behind a gap, or one point more than the other questions have.
function nearCodes({ name, question }: ColumnProfile, near: readonly Value[], scales: ReadonlySet<string>) {
  if (ASKED_TO_RECOMMEND.test(`${name} ${question}`)) return []
  if (!namesQuestion(name) && !namesQuestion(question)) return []
  const used = new Set(near.map(({ value }) => Number(value)))
  const low = used.has(1) ? 1 : Number.NaN
  let high = low
  while (used.has(high + 1)) high++
  const at = (value: number) => near.filter((one) => Number(one.value) === value)
  const answers = near
    .filter(({ value }) => Number(value) >= low && Number(value) <= high)
    .reduce((sum, { n }) => sum + n, 0)
  if (!ENDS.has(high) || answers < LEAST_ANSWERS) return []
  const above = [...used].filter((value) => value > high)
  const isBehindGap = above.length > 0 && above.every((value) => value === 8 || value === 9)
  const codes = isBehindGap && !used.has(10) ? above.flatMap(at) : []
  const [zero, next] = [at(0), at(high)]
  const beside = [
    ...(scales.has(`1-${high}`) ? zero : []),
    ...(scales.has(`1-${high - 1}`) && !scales.has(`1-${high}`) && above.length === 0 ? next : []),
  ]
  return [...codes, ...beside].filter(({ n }) => n >= LEAST)
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

/** Whether a question runs from 0 to 5 or from 1 to 6, and no other does: as likely a scale as one of five points with a
 * code for no answer. */
export function isOpenScale(profile: ColumnProfile, all: readonly Profiled[]): boolean {
  const runs = ({ range, points, distinct, whole }: ColumnProfile) =>
    points === undefined && whole && distinct === 6 && range !== undefined && range.high - range.low === 5
      ? range.low
      : -1
  const own = runs(profile)
  if (own !== 0 && own !== 1) return false
  return all.filter((other) => runs(other.profile) === own).length === 1
}

/** What to tell of such questions. */
export function openScales(
  columns: readonly (Profiled & { readonly guess: { readonly kind: string } })[],
): string[] {
  return columns.flatMap(({ profile, guess }) => {
    if (guess.kind !== 'scale' || !isOpenScale(profile, columns)) return []
    const { low, high } = profile.range!
    const code = low === 0 ? 0 : 6
    return [
      `${profile.name} runs from ${low} to ${high}: six points, or five and ${code} for no answer, which ${option(`${profile.name}=${code}`)} leaves out.`,
    ]
  })
}

function endsOf(values: readonly Value[]): [number, number] {
  const numbers = values.map(({ value }) => Number(value))
  return [Math.min(...numbers), Math.max(...numbers)]
}
