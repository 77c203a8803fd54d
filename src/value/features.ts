import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { scoredAnswer } from './loyalty.ts'

/** A feature of one customer as it is known; undefined when it is not. */
export type Feature = number | string | undefined

/** One column of the model of leaving. */
export type Column =
  | { feature: string; kind: 'number'; centre: number }
  | { feature: string; kind: 'missing' }
  | { feature: string; kind: 'level'; level: string }

/** Levels rarer than this are taken together. */
const rarest = 10
const absent = '(none)'
const other = '(other)'

/** What may tell who leaves; the score alone when the program names nothing. */
export const featureNames = ({ program }: CheckedProgram): readonly string[] =>
  program.value?.churn.features ?? ['score']

/** True when one of them stands in the O-data of the answer, which is dear to read for many. */
export const needsContext = (names: readonly string[]): boolean =>
  names.some((name) => name !== 'score' && !name.startsWith('answers.'))

/** Reads the features of an answer with the O-data around it.
 * @param survey of the answer; left out: the first whose score the answers hold
 */
export function readFeatures(
  checked: CheckedProgram,
  names: readonly string[],
  answers: Record<string, unknown>,
  context: Context | undefined,
  survey?: string,
): Feature[] {
  return names.map((name) => {
    if (name === 'score') return scoredAnswer(checked.program, answers, survey)?.score
    const dot = name.indexOf('.')
    const [scope, field] = [name.slice(0, dot), name.slice(dot + 1)]
    return featureOf(scope === 'answers' ? answers[field] : contextValue(checked, context, scope, field))
  })
}

function contextValue(checked: CheckedProgram, context: Context | undefined, scope: string, field: string) {
  if (scope === checked.contactName) return context?.contact?.fields[field]
  if (scope === 'account') return context?.account?.fields[field]
  return context?.transaction?.type === scope ? context.transaction.fields[field] : undefined
}

function featureOf(value: unknown): Feature {
  if (typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'boolean' ? String(value) : undefined
}

/** Columns for these rows: a number as it is, its mean where it is missing and a column that says so; of a category one
 * column for each level but the commonest.
 */
export function designColumns(names: readonly string[], rows: readonly Feature[][]): Column[] {
  return names.flatMap((feature, at): Column[] => {
    const values = rows.map((row) => row[at])
    const numbers = values.filter((value) => typeof value === 'number')
    const texts = values.some((value) => typeof value === 'string')
    if (!texts) {
      if (numbers.length === 0) return []
      const centre = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
      const column: Column = { feature, kind: 'number', centre }
      return numbers.length < values.length ? [column, { feature, kind: 'missing' }] : [column]
    }
    const counts = new Map<string, number>()
    for (const value of values) counts.set(levelOf(value), (counts.get(levelOf(value)) ?? 0) + 1)
    const common = [...counts].filter(([, n]) => n >= rarest).sort((a, b) => b[1] - a[1])
    const levels = common.slice(1).map(([level]) => level)
    const rare = counts.size > common.length
    return [...levels, ...(rare && common.length > 0 ? [other] : [])].map((level) => ({
      feature,
      kind: 'level',
      level,
    }))
  })
}

const levelOf = (value: Feature) => (value === undefined ? absent : String(value))

/** One row as numbers, one for each column. */
export function designRow(
  columns: readonly Column[],
  names: readonly string[],
  row: readonly Feature[],
  levels: ReadonlyMap<string, ReadonlySet<string>>,
): number[] {
  return columns.map((column) => {
    const value = row[names.indexOf(column.feature)]
    if (column.kind === 'number') return typeof value === 'number' ? value : column.centre
    if (column.kind === 'missing') return typeof value === 'number' ? 0 : 1
    const level = levelOf(value)
    return column.level === (levels.get(column.feature)?.has(level) ? level : other) ? 1 : 0
  })
}

/** The levels that have a name of their own when rows are made, with the commonest, which has no column. */
export function namedLevels(names: readonly string[], rows: readonly Feature[][]): Map<string, Set<string>> {
  return new Map(
    names.map((feature, at) => {
      const counts = new Map<string, number>()
      for (const row of rows) counts.set(levelOf(row[at]), (counts.get(levelOf(row[at])) ?? 0) + 1)
      return [feature, new Set([...counts].filter(([, n]) => n >= rarest).map(([level]) => level))]
    }),
  )
}
