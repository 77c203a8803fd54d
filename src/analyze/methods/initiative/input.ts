import { CellCounts, isBlank } from '../../cells/cells.ts'
import { dayNumber, PERIODS, parseDate } from '../../cells/dates.ts'
import { periodIndex, periodName } from '../../cells/period-index.ts'
import { FlagReader } from '../../inputs/flags.ts'
import { NumberColumn, TextColumn } from '../../inputs/kept-columns.ts'
import type { Input } from '../../method.ts'
import type { OptionSpecs } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'

// Two shapes of file: one row an answer with its time, or one row a unit with its value before and after.
// In: the options that name the columns. Out: answers with arm, period, unit and cluster as whole numbers from 0.

export const initiativeOptions: OptionSpecs = {
  outcome: { value: 'COLUMN', text: 'the number that should change', required: true },
  treated: { value: 'COLUMN', text: 'yes (1, true, yes) for those who got the initiative', required: true },
  'treated-value': { value: 'VALUE', text: 'the value of --treated that means "got it"' },
  post: { value: 'COLUMN', text: 'yes for answers after the start' },
  'post-value': { needs: ['post'], value: 'VALUE', text: 'the value of --post that means "after"' },
  date: { value: 'COLUMN', text: 'date of the answer, with --start' },
  start: {
    needs: ['date', 'time'],
    value: 'DATE',
    text: 'first day of the initiative (or its first period, with --time)',
  },
  period: { needs: ['date'], value: 'NAME', text: `with --date: ${PERIODS.join(', ')}`, standard: 'month' },
  'date-format': {
    needs: ['date'],
    value: 'ORDER',
    text: 'order of the parts of a date: ymd, dmy or mdy',
    standard: 'ymd',
  },
  time: { value: 'COLUMN', text: 'period as a whole number, with --start; in place of a date' },
  before: { value: 'COLUMN', text: 'one row a unit: its value before; --outcome is its value after' },
  unit: {
    value: 'COLUMN',
    text: 'who is measured before and after (change, CUPED); the cluster when left out',
  },
  cluster: { value: 'COLUMN', text: 'what was treated as a whole, such as a store; the unit when left out' },
}

export interface InitiativeRows {
  readonly rows: number
  readonly used: number
  readonly counts: CellCounts
  readonly value: Float64Array
  readonly treated: Float64Array
  /** Place of the period, 0..periods - 1. */
  readonly period: Float64Array
  readonly labels: readonly string[]
  /** Place of the first period of the initiative. */
  readonly begin: number
  /** Places of the units and clusters, from 0. */
  readonly unit: Int16Array | Int32Array | undefined
  readonly cluster: Int16Array | Int32Array | undefined
}

/** Reads the answers of an initiative. */
export async function readInitiative(input: Input): Promise<InitiativeRows> {
  const { csv, options } = input
  const outcome = options.column('outcome')
  const arm = new FlagReader(input, 'treated', 'treated-value')
  const before = options.columnIfGiven('before')
  const clusterColumn = options.columnIfGiven('cluster') ?? options.columnIfGiven('unit')
  const wide = before !== undefined
  // A row is a unit of its own where it holds both values.
  const unitColumn = options.columnIfGiven('unit') ?? (wide ? undefined : clusterColumn)
  const clocks = ['before', 'post', 'date', 'time'].filter((name) => options.has(name))
  if (clocks.length > 1)
    throw new UsageError(
      `${clocks.map((name) => `--${name}`).join(' or ')}, not both: each tells before from after`,
    )
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const columns = { value: new NumberColumn(), treated: new NumberColumn(), time: new NumberColumn() }
  // The names of a million customers are not kept twice.
  const clusters = clusterColumn === undefined ? undefined : new TextColumn()
  const units = unitColumn === clusterColumn || unitColumn === undefined ? undefined : new TextColumn()
  const clock = before === undefined ? clockOf(input, counts) : undefined
  let used = 0
  const push = (cells: readonly string[], treated: number, time: number, value: number) => {
    columns.value.push(value)
    columns.treated.push(treated)
    columns.time.push(time)
    clusters?.push(cells[clusterColumn!]!)
    units?.push(cells[unitColumn!]!)
  }
  const rows = await csv.eachRow((cells) => {
    const treated = arm.read(cells, counts, 'treated')
    if (Number.isNaN(treated)) return
    if (clusterColumn !== undefined && isBlank(cells[clusterColumn]!)) return counts.add('cluster blank')
    if (unitColumn !== undefined && isBlank(cells[unitColumn]!)) return counts.add('unit blank')
    const time = clock ? clock.of(cells) : 1
    if (time === undefined) return
    const value = counts.number(cells, outcome, 'outcome')
    if (Number.isNaN(value)) return
    if (before !== undefined) {
      const earlier = counts.number(cells, before, 'before')
      if (Number.isNaN(earlier)) return
      push(cells, treated, 0, earlier)
    }
    used++
    push(cells, treated, time, value)
  })
  arm.finish()
  clock?.finish?.()
  const periods = clock
    ? clock.periods(columns.time.values())
    : { period: columns.time.values(), labels: ['before', 'after'], begin: 1 }
  if (options.has('start') && used > 0 && (periods.begin === 0 || periods.begin === periods.labels.length))
    throw new UsageError(
      `--start ${options.text('start')} leaves nothing ${periods.begin === 0 ? 'before' : 'after'} it: the rows are of ${periods.labels[0]} to ${periods.labels.at(-1)}`,
    )
  const rowsAlone = wide ? Int32Array.from({ length: 2 * used }, (_, i) => i >> 1) : undefined
  const cluster = clusters?.values() ?? rowsAlone
  return {
    rows,
    used,
    counts,
    value: columns.value.values(),
    treated: columns.treated.values(),
    ...periods,
    unit: units?.values() ?? (unitColumn === undefined ? rowsAlone : cluster),
    cluster,
  }
}

interface Clock {
  /** The time of a row as a whole number; undefined (and counted) when it has none. */
  of(cells: readonly string[]): number | undefined
  /** To be called after the last row. */
  finish?(): void
  periods(times: Float64Array): Pick<InitiativeRows, 'period' | 'labels' | 'begin'>
}

function clockOf(input: Input, counts: CellCounts): Clock {
  const { options } = input
  if (options.has('post')) {
    const post = new FlagReader(input, 'post', 'post-value')
    return {
      of(cells) {
        const flag = post.read(cells, counts, 'post')
        return Number.isNaN(flag) ? undefined : flag
      },
      finish: () => post.finish(),
      periods: (period) => ({ period, labels: ['before', 'after'], begin: 1 }),
    }
  }
  if (!options.has('start'))
    throw new UsageError('initiative needs --post, or --date (or --time) with --start, or --before')
  if (options.has('time')) {
    const column = options.column('time')
    return {
      of(cells) {
        const time = counts.number(cells, column, 'time')
        return Number.isNaN(time) ? undefined : time
      },
      periods: (times) => placesOf(times, options.number('start', 0), String),
    }
  }
  const column = options.column('date')
  const period = options.choice('period', PERIODS, 'month')
  const order = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
  const start = parseDate(options.text('start')!)
  if (!start) throw new UsageError('--start takes a date as 2026-01-31')
  // The period in which the initiative began is cut in two at its first day.
  const first = dayNumber(start)
  const cut = periodIndex(start, period)
  const nameOf = (time: number) =>
    periodName(Math.floor(time / 2), period) + (time === 2 * cut ? ' (before the start)' : '')
  return {
    of(cells) {
      const date = parseDate(cells[column]!, order)
      if (date) return 2 * periodIndex(date, period) + (dayNumber(date) >= first ? 1 : 0)
      counts.add(isBlank(cells[column]!) ? 'date blank' : 'date not understood')
      return undefined
    },
    periods: (times) => placesOf(times, 2 * cut + 1, nameOf),
  }
}

/** Times as places in the list of those that occur, and the place where the initiative begins. */
function placesOf(times: Float64Array, start: number, name: (time: number) => string) {
  const different = Float64Array.from(new Set(times)).sort()
  if (different.length > 400) throw new UsageError('more than 400 periods; take longer ones')
  const place = new Map(Array.from(different, (time, i) => [time, i]))
  const first = different.findIndex((time) => time >= start)
  return {
    period: times.map((time) => place.get(time)!),
    labels: Array.from(different, name),
    begin: first < 0 ? different.length : first,
  }
}
