import { count } from '../output/paint.ts'
import { asTyped } from '../output/typed.ts'
import { namesQuestion } from './kind.ts'
import type { ColumnProfile } from './profile.ts'

// Answers below 0 that are points of a scale, where -1 among others is a code for no answer.
// In: the profile of a column. Out: those points, and what to tell of them.

// Up to three points above 0 a scale may have as many below it; -1 beside 0 to 10 is a code.
const MOST_BELOW = 3
// Of the answers: what more gave is not taken for a code without asking.
const MOST_SHARE = 0.1

interface Below {
  /** Lowest first. */
  readonly points: readonly number[]
  readonly rows: number
  /** Whether the scale goes as far above 0. */
  readonly isEven: boolean
}

/** The whole numbers below 0 that go on with the points above it without a gap: -1 beside 0 and 1 (a scale with its
 * middle), or beside 0 to 2 where more than a tenth gave it.
 * @returns undefined where there are none
 */
export function pointsBelow({ values, numbers }: ColumnProfile): Below | undefined {
  const used = new Map<number, number>()
  for (const { value, n } of values)
    if (/^\s*-?\d+\s*$/.test(value) && Math.abs(Number(value)) <= 10) used.set(Number(value), n)
  const points = [-3, -2, -1].filter((value) => used.has(value))
  const high = Math.max(...used.keys())
  if (points.length === 0 || !used.has(0) || high < 1 || high > MOST_BELOW) return undefined
  if (points.length !== -points[0]!) return undefined
  const rows = points.reduce((sum, value) => sum + used.get(value)!, 0)
  const isEven = points.length === high
  return isEven || rows > MOST_SHARE * numbers ? { points, rows, isEven } : undefined
}

/** What to tell of questions with such points where they may be codes all the same: few gave them, or the scale does
 * not go as far above 0. */
export function toldBelow(columns: readonly { readonly profile: ColumnProfile }[]): string[] {
  return columns.flatMap(({ profile }) => {
    const { name, question, numbers } = profile
    const below = namesQuestion(name) || namesQuestion(question) ? pointsBelow(profile) : undefined
    if (!below || (below.isEven && below.rows > MOST_SHARE * numbers)) return []
    const text = `${name}=${below.points.join(',')}`
    const points = below.points.join(' and ')
    return [
      `${name} goes down to ${below.points[0]}: ${points} (${count(below.rows)} times) ${below.points.length === 1 ? 'is read as a point' : 'are read as points'} of its scale; where ${below.points.length === 1 ? 'it is a code' : 'they are codes'} for no answer, --blank ${asTyped(text)} leaves ${below.points.length === 1 ? 'it' : 'them'} out.`,
    ]
  })
}
