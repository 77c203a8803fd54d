// For: turning an Ask into one SQL query.
// In: an Ask, the program, the unit the asker may see. Out: SQL with named parameters, and what its columns mean.
import { Temporal } from 'temporal-polyfill'
import { Refusal } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import type { Ask, Period } from './ask.ts'
import { type AskField, askFields } from './fields.ts'
import { planMetric } from './metrics.ts'
import { type Packed, packKeys } from './pack.ts'
import { identifier, Parameters } from './parameters.ts'
import { inGroups, type MetricPlan, type Sum, sumSql } from './plan.ts'
import { levelColumn } from './programColumns.ts'
import { whereSql } from './where.ts'

/** Narrows what is seen to a unit and those below it. */
export interface Scope {
  unitKey?: string | undefined
}

export interface CompiledAsk {
  metric: MetricPlan
  by: AskField[]
  over: Period | undefined
  /** The groups; columns b0, b1, period, before (or k), n, top, low, sum, squares. */
  sql: string
  /** The same without groups, for when groups overlap or are cut off. Periods stay. */
  totalSql: string
  /** What these are made of, to be asked together with others. */
  made: Made
  parameters: Record<string, unknown>
  /** Groups beyond this are not read. */
  cap: number
  /** A response may stand in several groups. */
  overlapping: boolean
  /** What counts in a group counts in it alone, so that all less the group is not the others. */
  ownShares: boolean
  /** Groups or conditions tell single people apart. */
  protects: boolean
  /** Rows of the time before come too, with `before` true. */
  compared: boolean
  /** When the keys of a group come as one number k. */
  packed: Packed | undefined
}

export interface Made {
  source: string
  /** Columns that groups are told apart by, and those of a total. */
  keys: string[]
  extra: string[]
  /** Conditions of who asks and for which time; those of the metric and the Ask itself; those about single people. */
  common: string[]
  own: string[]
  protecting: string[]
  /** What is summed in groups, and in a total. */
  sums: Sums
  totals: Sums
}
export const sumNames = ['n', 'top', 'low', 'sum', 'squares'] as const
type Sums = Partial<Record<(typeof sumNames)[number], Sum>>

export const groupCap = 20_000

/** Compiles an Ask.
 * @param table from the kind of fact to the table that holds it
 * @param now the end of an open time
 * @param parameters given when several Asks become one query
 * @throws Refusal ask.invalid naming what is not there and the nearest that is
 */
export function compileAsk(
  ask: Ask,
  program: Program,
  table: (fact: MetricPlan['fact']) => string,
  scope: Scope,
  now: Date,
  language: LanguageCode = 'en',
  parameters = new Parameters(),
): CompiledAsk {
  const metric = planMetric(program, ask.metric, parameters, now, language)
  const fields = new Map(
    [...askFields(program, language)].filter(([, field]) => field.facts.includes(metric.fact)),
  )
  const by = (ask.by ?? []).map((id, index) => fieldFor(id, index, fields, metric))
  const zone = parameters.add('String', program.workspace.timeZone)
  const time = timeRange(ask, program.workspace.timeZone, metric, parameters, now)
  const common = [...scopeConditions(program, scope, parameters), ...time.conditions]
  const { open, protecting } = ask.where
    ? whereSql(ask.where, fields, parameters, now)
    : { open: [], protecting: [] }
  // What a condition about people leaves out is counted beside it: of few it would tell by subtraction.
  const own = [...metric.where, ...open]
  const conditions = [...own, ...common]
  const period = ask.over && periodStart(ask.over, metric.time, zone)
  const packed = time.before ? undefined : packKeys(by, period, parameters)
  const extra = [
    ...(period ? [`${period} as period`] : []),
    ...(time.before ? [`${time.before} as before`] : []),
  ]
  const keys = packed
    ? [`${packed.key} as k`]
    : [...by.map((field, index) => `${groupKey(field, zone)} as b${index}`), ...extra]
  const grouped = Object.fromEntries(
    sumNames.flatMap((name) => (metric[name] ? [[name, inGroups(metric[name], by)]] : [])),
  ) as Sums
  const sumsOf = (sums: Sums) => [
    ...sumNames.flatMap((name) => (sums[name] ? [`${sumSql(sums[name], protecting)} as ${name}`] : [])),
    ...(protecting.length > 0 ? [`${sumSql(metric.n)} as whole`] : []),
  ]
  const source = metric.unfold
    ? `(select *, day, arrayJoin(${metric.unfold}) as v from ${table(metric.fact)})`
    : table(metric.fact)
  const query = (columns: string[], sums: Sums, limit: string) => {
    const groups = columns.map(nameOf)
    const byGroups = groups.length > 0 ? ` group by ${groups.join(', ')} having n > 0` : ''
    return `select ${[...columns, ...sumsOf(sums)].join(', ')} from ${source} where ${conditions.join(' and ')}${byGroups}${limit}`
  }
  return {
    metric,
    by,
    over: ask.over,
    sql: query(keys, grouped, by.length > 0 ? ` order by n desc limit ${groupCap + 1}` : ''),
    totalSql: query(extra, metric, ''),
    made: { source, keys, extra, common, own, protecting, sums: grouped, totals: metric },
    parameters: parameters.values,
    cap: groupCap,
    overlapping: by.some((field) => field.type === 'list'),
    ownShares: grouped.top !== undefined && grouped.top.where !== metric.top?.where,
    protects: protecting.length > 0 || by.some((field) => field.protects),
    compared: time.before !== undefined,
    packed,
  }
}

/** What a column of a query is called: its last word. */
export const nameOf = (column: string) => column.slice(column.lastIndexOf(' ') + 1)

function fieldFor(
  id: string,
  index: number,
  fields: ReadonlyMap<string, AskField>,
  metric: MetricPlan,
): AskField {
  const field = fields.get(id)
  if (field) return field
  const detail = `There is no field "${id}" for ${metric.id}${suggestion(id, [...fields.keys()])}.`
  throw new Refusal('ask.invalid', detail, [{ where: `/by/${index}`, message: detail }])
}

function groupKey(field: AskField, zone: string): string {
  const column = identifier(field.column)
  if (field.type === 'list') return `arrayJoin(${column})`
  if (field.type === 'time') return `toString(toStartOfMonth(${column}, ${zone}))`
  if (field.type === 'number' || field.type === 'boolean') return `toString(${column})`
  return column
}

/** The one place where an asker's unit narrows what is counted. An unknown unit sees nothing. */
export function scopeConditions(program: Program, scope: Scope, parameters: Parameters): string[] {
  if (scope.unitKey === undefined) return []
  const unit = program.units?.list.find((each) => each.key === scope.unitKey)
  if (!unit) return ['false']
  return [`${identifier(levelColumn(unit.level))} = ${parameters.add('String', unit.key)}`]
}

const starts: Record<Period, string> = {
  day: 'toDate',
  week: 'toMonday',
  month: 'toStartOfMonth',
  quarter: 'toStartOfQuarter',
  year: 'toStartOfYear',
}

/** The first day of a row's period in the program's time zone; for most rows its day is stored. */
const periodStart = (period: Period, time: string, zone: string) =>
  `${starts[period]}(${time === 'at' ? 'day' : `toDate(${identifier(time)}, ${zone})`})`

interface TimeRange {
  conditions: string[]
  /** True for rows of the time before, with which is compared. */
  before?: string
}

function timeRange(ask: Ask, zone: string, metric: MetricPlan, parameters: Parameters, now: Date): TimeRange {
  const from = ask.from === undefined ? undefined : moment(ask.from, zone, '/from')
  const to = ask.to === undefined ? undefined : moment(ask.to, zone, '/to')
  if (from && to && from >= to)
    throw invalid('/to', `"to" has to lie after "from"; ${ask.to} is not included.`)
  const column = identifier(metric.time)
  const conditions: string[] = []
  if (to) conditions.push(`${column} < ${parameters.time(to)}`)
  // Over periods, each is compared with the one before it, in the rows that are read anyway.
  if (ask.compare && !ask.over) {
    if (!from)
      throw invalid('/from', '"compare previous" needs "from", or "over" to compare period by period.')
    const end = to ?? now
    const earlier = new Date(from.getTime() - (end.getTime() - from.getTime()))
    conditions.push(`${column} >= ${parameters.time(earlier)}`)
    return { conditions, before: `${column} < ${parameters.time(from)}` }
  }
  if (from) conditions.push(`${column} >= ${parameters.time(from)}`)
  return { conditions }
}

const invalid = (where: string, detail: string) =>
  new Refusal('ask.invalid', detail, [{ where, message: detail }])

/** A date is its first moment in the program's time zone; a time carries its own offset. */
export function moment(text: string, zone: string, where: string): Date {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return new Date(Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds)
    }
    return new Date(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    throw invalid(where, `"${text}" is neither a date, such as 2017-01-31, nor a time with its offset.`)
  }
}
