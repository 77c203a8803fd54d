import { isNoOpinion } from '../cells/no-answers.ts'
import { count } from '../output/paint.ts'
import { asTyped } from '../output/typed.ts'
import { type ColumnProfile, Profiler } from './profile.ts'

const DURATION = /^-?\d{1,3}:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?$/
const MINUS_BEHIND = /^[\d.,\s]*\d-$/
const MARK = /^[x*?]$/i
const NUMBER = /^-?[\d.,\s]*\d$/
const ALL = 0.95

/** Columns of figures that are no numbers as they are written: durations, a minus behind the number, a dash for none.
 * Columns of more values than a profile lists are passed over.
 * @returns one sentence for each such column, with what to do
 */
export function unreadNumbers(columns: readonly { readonly profile: ColumnProfile }[]): string[] {
  return columns.flatMap(({ profile }) => {
    const { name, present, values } = profile
    const cells = (is: (text: string) => boolean) =>
      values.filter(({ value }) => is(value.trim())).reduce((sum, { n }) => sum + n, 0)
    if (cells((text) => DURATION.test(text)) >= ALL * present && values.length > 1)
      return [
        `${name} holds durations or times of day ("${values[0]!.value.trim()}"), which are not read as numbers: write them as minutes or seconds.`,
      ]
    const behind = cells((text) => MINUS_BEHIND.test(text))
    const numbers = cells((text) => NUMBER.test(text))
    if (behind > 0 && behind + numbers >= ALL * present)
      return [
        `${name} holds ${times(behind)} a number with its minus behind it ("${values.find(({ value }) => MINUS_BEHIND.test(value.trim()))!.value.trim()}"), which is not read as a number: write the minus before it.`,
      ]
    const marks = values.filter(({ value }) => MARK.test(value.trim()) || isNoOpinion(value))
    const marked = marks.reduce((sum, { n }) => sum + n, 0)
    // Dressed numbers ("$1,200") are read as they are; of answers in words nothing is left to be told.
    const read = Math.max(numbers, profile.worded > 0 ? 0 : profile.numbers)
    if (marks.length === 0 || marked + read < ALL * present || read < 0.5 * marked) return []
    const written = [...new Set(marks.map(({ value }) => value.trim()))]
    return [
      `${name} is made of numbers but for ${written.map((mark) => `"${mark}"`).join(' and ')} (${times(marked)}): --blank ${asTyped(`${name}=${written.join(',')}`)} takes ${written.length === 1 ? 'it' : 'them'} as blank.`,
    ]
  })
}

const times = (n: number) => (n === 1 ? 'once' : `${count(n)} times`)

/** The same from the first rows, for methods that do not read whole columns first: of columns with words for no answer.
 * @param read how a cell of a column is read
 */
export function unreadAmong(
  names: readonly string[],
  body: readonly (readonly string[])[],
  read: (cell: string, column: number) => number,
): string[] {
  return names.flatMap((name, j) => {
    const cell = (row: readonly string[]) => row[j] ?? ''
    if (!body.some((row) => cell(row) !== '' && Number.isNaN(Number(cell(row))) && isNoOpinion(cell(row))))
      return []
    const profiler = new Profiler(name, (text) => read(text, j))
    for (const row of body) profiler.add(cell(row))
    return unreadNumbers([{ profile: profiler.profile() }])
  })
}
