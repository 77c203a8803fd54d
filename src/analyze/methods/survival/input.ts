import { CellCounts, isBlank } from '../../cells/cells.ts'
import { dayNumber, parseDate } from '../../cells/dates.ts'
import { FlagReader } from '../../inputs/flags.ts'
import { NumberColumn, TextColumn } from '../../inputs/kept-columns.ts'
import { ModelColumn } from '../../inputs/model-columns.ts'
import type { Input } from '../../method.ts'
import type { OptionSpecs } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'

export const followUpOptions: OptionSpecs = {
  time: { value: 'COLUMN', text: 'how long each customer was followed, in any unit; or --start and --end' },
  event: {
    needs: ['time'],
    value: 'COLUMN',
    text: 'yes (1, true, yes) when the customer left at that time, no when still there',
  },
  'event-value': { needs: ['event'], value: 'VALUE', text: 'the value of --event that means "left"' },
  start: { value: 'COLUMN', text: 'date on which the customer came' },
  end: { value: 'COLUMN', text: 'date on which the customer left; blank when still there' },
  'as-of': {
    needs: ['start'],
    value: 'DATE',
    text: 'last day of follow-up for those still there',
    standard: 'the latest date of the file',
  },
  'date-format': {
    needs: ['start'],
    value: 'ORDER',
    text: 'order of the parts of a date: ymd, dmy or mdy',
    standard: 'ymd',
  },
}

// Far more than there can be curves.
const MOST_DIFFERENT = 10_000

export interface FollowUpRows {
  readonly rows: number
  readonly counts: CellCounts
  readonly times: Float64Array
  readonly events: Float64Array
  /** Position of the group of each row in `groups`; all 0 without groups. */
  readonly group: Int16Array | Int32Array
  readonly groups: readonly string[]
  /** Rows, among those of the file, that have time and event. */
  readonly covariates: readonly ModelColumn[]
  readonly unit: string
}

/** Reads follow-up, groups and covariates; rows without time, event or group are left out and counted. */
export async function readFollowUp({ csv, options }: Input): Promise<FollowUpRows> {
  const byDates = options.has('start') || options.has('end')
  if (byDates === options.has('time'))
    throw new UsageError('survival needs --time and --event, or --start and --end')
  const by = options.columnIfGiven('by')
  const explaining = options.columnsBeside('covariates', ['time', 'event', 'start', 'end'])
  const forced = new Set(options.columnsAmong('category', 'covariates', explaining))
  const covariates = explaining.map((column) => ({
    column,
    model: new ModelColumn(csv.columns[column]!, forced.has(column) || csv.isCode(column), (cell) =>
      csv.number(cell, column),
    ),
  }))
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const first = new NumberColumn()
  const second = new NumberColumn()
  const groups = new TextColumn(MOST_DIFFERENT)
  const read = byDates ? datesReader({ csv, options }, counts) : timeReader({ csv, options }, counts)
  const rows = await csv.eachRow((cells) => {
    if (by !== undefined && isBlank(cells[by]!)) return counts.add('group blank')
    const pair = read.pair(cells)
    if (!pair) return
    first.push(pair[0])
    second.push(pair[1])
    groups.push(by === undefined ? 'all' : cells[by]!.trim())
    for (const { column, model } of covariates) model.push(cells[column]!)
  })
  const { times, events } = read.finish(first.values(), second.values())
  return {
    rows,
    counts,
    times,
    events,
    group: groups.values(),
    groups: groups.texts,
    covariates: covariates.map(({ model }) => model),
    unit: byDates ? 'days' : options.text('time')!,
  }
}

interface Reader {
  /** The two numbers to keep of a row, or nothing (and counted) when it is incomplete. */
  pair(cells: readonly string[]): [number, number] | undefined
  finish(first: Float64Array, second: Float64Array): { times: Float64Array; events: Float64Array }
}

function timeReader(input: Input, counts: CellCounts): Reader {
  const time = input.options.column('time')
  const event = new FlagReader(input, 'event', 'event-value')
  return {
    pair(cells) {
      const length = counts.number(cells, time, 'time')
      if (Number.isNaN(length)) return undefined
      if (length < 0) return void counts.add('time negative')
      const flag = event.read(cells, counts, 'event')
      return Number.isNaN(flag) ? undefined : [length, flag]
    },
    finish(times, events) {
      event.finish()
      return { times, events }
    },
  }
}

function datesReader({ options }: Input, counts: CellCounts): Reader {
  const start = options.column('start')
  const end = options.column('end')
  const order = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
  const limit = options.has('as-of') ? dayOf(options.text('as-of')!, 'ymd') : undefined
  if (options.has('as-of') && limit === undefined) throw new UsageError('--as-of takes a date as 2026-01-31')
  let latest = limit ?? Number.NEGATIVE_INFINITY
  return {
    pair(cells) {
      const came = dayOf(cells[start]!, order)
      if (came === undefined)
        return void counts.add(isBlank(cells[start]!) ? 'start blank' : 'start not understood')
      const left = dayOf(cells[end]!, order)
      if (left === undefined && !isBlank(cells[end]!)) return void counts.add('end not understood')
      if (left !== undefined && left < came) return void counts.add('end before start')
      if (limit === undefined) latest = Math.max(latest, came, left ?? came)
      else if (came > limit) return void counts.add('start after the last day')
      return [came, left ?? Number.NaN]
    },
    finish(came, left) {
      // Whoever leaves after the last day was still there on it.
      const seen = left.map((day) => (day <= latest ? 1 : 0))
      return { times: came.map((day, i) => (seen[i] ? left[i]! : latest) - day), events: seen }
    },
  }
}

function dayOf(cell: string, order: 'ymd' | 'dmy' | 'mdy'): number | undefined {
  const date = parseDate(cell, order)
  return date && dayNumber(date)
}
