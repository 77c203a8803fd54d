import { ASKED_TO_RECOMMEND, namesQuestion } from './column-kind.ts'
import type { ColumnProfile } from './column-profile.ts'
import { count } from './paint.ts'

// Numbers among the answers to a question that are codes for "no answer".
// In: the profiles of the columns. Out: the codes that are so beyond doubt, and what to tell of them and of the others.

const CODES = new Set([
  -999, -99, -98, -97, -9, -8, -7, -1, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999,
])
const LEAST = 3
const LEAST_ANSWERS = 30
const ENDS = new Set([3, 4, 5, 6, 7])

/** The codes of one column, as its cells have them. */
export interface MissingCodes {
  readonly name: string
  readonly codes: readonly string[]
  /** One sentence. */
  readonly told: string
}

type Value = ColumnProfile['values'][number]

/** Codes far from the answers (99 or -99 beside 1 to 5), behind a gap (8 or 9 beside 1 to 5), and next to them where
 * the other questions of the file end before (6 or 0 where they run from 1 to 5). */
export function missingCodes(columns: readonly { readonly profile: ColumnProfile }[]): MissingCodes[] {
  const fives = scalesOf(columns)
  return columns.flatMap(({ profile }) => {
    const found = codesOf(profile, fives)
    if (found.length === 0) return []
    const others = profile.values
      .filter((one) => !found.includes(one))
      .map(({ value }) => Number(value))
      .filter((value) => !Number.isNaN(value))
    const { name } = profile
    const codes = found.map(({ value }) => value.trim())
    const told = found.map(({ value, n }) => `${value.trim()} (${count(n)} times)`).join(' and ')
    const [is, them] = found.length === 1 ? ['looks like a code', 'it is'] : ['look like codes', 'they are']
    return [
      {
        name,
        codes,
        told: `${name} runs from ${Math.min(...others)} to ${Math.max(...others)} but for ${told}, which ${is} for no answer: ${them} left out here, as by ${optionOf(name, codes)}.`,
      },
    ]
  })
}

/** The option that leaves codes of one column out, as typed. */
export const optionOf = (name: string, codes: readonly string[]) =>
  /^[\w.-]+$/.test(name) ? `--blank ${name}=${codes.join(',')}` : `--blank '${name}=${codes.join(',')}'`

function codesOf(profile: ColumnProfile, scales: ReadonlySet<string>): readonly Value[] {
  const { name, whole, numbers, present, values } = profile
  if (!whole || numbers < 0.9 * present || values.length === 0 || values.length > 40) return []
  const numbered = values.filter(({ value }) => /^\s*-?\d+\s*$/.test(value))
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
function scalesOf(columns: readonly { readonly profile: ColumnProfile }[]): Set<string> {
  const found = new Set<string>()
  for (const { profile } of columns) {
    const { range, whole, distinct, present, numbers } = profile
    if (!whole || !range || numbers < present || present < LEAST_ANSWERS || range.low !== 1) continue
    if ((range.high === 5 || range.high === 7) && distinct === range.high)
      found.add(`1-${range.high}`)
  }
  return found
}

/** Questions from 0 to 5 or from 1 to 6: as likely a scale as one of five points with a code.
 * @returns at most one sentence for each such scale
 */
export function openCodes(
  columns: readonly { readonly profile: ColumnProfile; readonly guess: { readonly kind: string } }[],
): string[] {
  return ([[0, 5, 0], [1, 6, 6]] as const).flatMap(([low, high, code]) => {
    const names = columns.flatMap(({ profile: { name, range, points, distinct }, guess }) =>
      guess.kind === 'scale' && points === undefined && range?.low === low && range.high === high && distinct === 6
        ? [name]
        : [],
    )
    if (names.length === 0) return []
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '')
    return [
      `${shown} ${names.length === 1 ? 'runs' : 'run'} from ${low} to ${high}; if ${code} stands for no answer, ${optionOf(names[0]!, [String(code)])} leaves it out.`,
    ]
  })
}

function endsOf(values: readonly Value[]): [number, number] {
  const numbers = values.map(({ value }) => Number(value))
  return [Math.min(...numbers), Math.max(...numbers)]
}
