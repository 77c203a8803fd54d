import { namesQuestion } from './column-kind.ts'
import type { ColumnProfile } from './column-profile.ts'
import { count } from './paint.ts'

const CODES = new Set([
  -999, -99, -98, -97, -9, -8, -7, -1, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999,
])
const LEAST = 3

/** Numbers that look like codes for "no answer" among the answers to a question: 99 or -99 beside 1 to 5.
 * @returns one sentence for each column that holds some
 */
export function missingCodes(columns: readonly { readonly profile: ColumnProfile }[]): string[] {
  return columns.flatMap(({ profile }) => {
    const { name, whole, numbers, present, values } = profile
    if (!whole || numbers < 0.9 * present || values.length === 0 || values.length > 40) return []
    const codes = values.filter(({ value, n }) => CODES.has(Number(value)) && n >= LEAST)
    const others = values.filter(({ value }) => !CODES.has(Number(value))).map(({ value }) => Number(value))
    const [low, high] = [Math.min(...others), Math.max(...others)]
    const apart = codes.filter(({ value }) => Number(value) < Math.min(0, low) || Number(value) > 11)
    if (apart.length === 0 || others.length < 2 || low < 0 || high > 10) return []
    if (!namesQuestion(name) && high < 2) return []
    const told = apart.map(({ value, n }) => `${value.trim()} (${count(n)} times)`).join(' and ')
    const option = `--blank ${apart.map(({ value }) => value.trim()).join(',')}`
    return [
      `${name} runs from ${low} to ${high} but for ${told}, which ${apart.length === 1 ? 'looks like a code' : 'look like codes'} for no answer: ${option} leaves ${apart.length === 1 ? 'it' : 'them'} out.`,
    ]
  })
}
