import type { NpsCount } from '../../stats/nps-chart.ts'
import type { ShareCount } from '../../stats/p-chart.ts'
import { CellCounts, isBlank } from '../cells/cells.ts'
import { PERIODS, type Period, parseDate } from '../cells/dates.ts'
import { periodIndex, periodName } from '../cells/period-index.ts'
import type { Input } from '../method.ts'
import type { OptionSpecs } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'
import { count } from '../output/paint.ts'
import { FlagReader } from './flags.ts'
import { refuseWordsForNps } from './nps-answers.ts'

// A series of one value a period, from single answers or from a file that holds the periods already.
// In: what makes the value (a number, yes/no, a score 0..10, or counts) and what makes the time. Out: points in order.
// Times are numbers that neighbours differ in by 1 when periods are named, days between dates, or as given.

export const seriesOptions: OptionSpecs = {
  value: { value: 'COLUMN', text: 'a number; averaged when a period has several (see --stat)' },
  score: { value: 'COLUMN', text: 'answers 0..10: the series is NPS' },
  share: { value: 'COLUMN', text: 'yes or no: the series is the share of yes' },
  'yes-value': { needs: ['share'], value: 'VALUE', text: 'the value of --share that means yes' },
  successes: { value: 'COLUMN', text: 'count of yes a row, with --n: the series is their share' },
  promoters: {
    value: 'COLUMN',
    text: 'count of promoters a row, with --detractors and --n: the series is NPS',
  },
  detractors: { needs: ['promoters'], value: 'COLUMN', text: 'count of detractors a row' },
  n: { needs: ['successes', 'promoters'], value: 'COLUMN', text: 'count of answers a row' },
  date: {
    value: 'COLUMN',
    text: 'date of the row; without date or time, rows are taken in the order of the file',
  },
  period: {
    needs: ['date'],
    value: 'NAME',
    text: `${PERIODS.join(', ')}; without it each date is a point of its own`,
  },
  'date-format': {
    needs: ['date'],
    value: 'ORDER',
    text: 'order of the parts of a date: ymd, dmy or mdy',
    standard: 'ymd',
  },
  time: { value: 'COLUMN', text: 'time as a number, in place of a date' },
  stat: {
    needs: ['date', 'time'],
    value: 'NAME',
    text: 'of several values in a period: mean, sum or count',
    standard: 'mean',
  },
}

export interface Series {
  readonly kind: 'value' | 'share' | 'nps'
  readonly rows: number
  readonly used: number
  readonly counts: CellCounts
  readonly period: Period | undefined
  readonly points: readonly SeriesPoint[]
  /** What one unit of time is. */
  readonly unit: string
  /** The name of the period at a time, also one that the file does not hold. */
  readonly nameAt: (time: number) => string
}

export interface SeriesPoint {
  readonly label: string
  readonly time: number
  /** Answers behind the value. */
  readonly n: number
  /** Mean, share 0..1, or NPS in points; null when n = 0. */
  readonly value: number | null
  readonly share?: ShareCount
  readonly nps?: NpsCount
}

interface Bin {
  label: string
  n: number
  sum: number
  plus: number
  minus: number
}

/** Reads a series.
 * @param most points; what comes after is done for each, in memory and time
 * @throws UsageError when there are more
 */
export async function readSeries(input: Input, most: number): Promise<Series> {
  const { csv, options } = input
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const source = sourceOf(input, counts)
  const clock = clockOf(input, counts)
  const stat = options.choice('stat', ['mean', 'sum', 'count'], 'mean')
  if (options.has('stat') && source.kind !== 'value') throw new UsageError('--stat is for --value')
  const bins = new Map<number, Bin>()
  let used = 0
  const rows = await csv.eachRow((cells, row) => {
    const at = clock.of(cells, row)
    if (!at) return
    let bin = bins.get(at.time)
    if (!bin) {
      if (bins.size >= most)
        throw new UsageError(
          `the series has more than ${count(most)} points; --date COLUMN --period NAME cuts them into periods`,
        )
      bin = { label: at.label(), n: 0, sum: 0, plus: 0, minus: 0 }
      bins.set(at.time, bin)
    }
    if (source.add(bin, cells)) used++
  })
  source.finish?.()
  const points = [...bins]
    .sort(([a], [b]) => a - b)
    .map(([time, bin]): SeriesPoint => ({ label: bin.label, time, ...pointOf(bin, source.kind, stat) }))
    .filter(({ n }) => n > 0 || source.kind !== 'value')
  // The first period or date is 1, as in R's series; times that were given stay.
  const shift = options.has('date') && points.length > 0 ? 1 - points[0]!.time : 0
  return {
    kind: source.kind,
    rows,
    used,
    counts,
    period: clock.period,
    points: points.map((point) => ({ ...point, time: point.time + shift })),
    unit: clock.unit,
    nameAt: (time) => (options.has('date') ? periodName(time - shift, clock.period ?? 'day') : String(time)),
  }
}

function pointOf(bin: Bin, kind: Series['kind'], stat: 'mean' | 'sum' | 'count') {
  const { n, sum, plus, minus } = bin
  if (kind === 'share') return { n, value: n > 0 ? plus / n : null, share: { successes: plus, n } }
  if (kind === 'nps') {
    return {
      n,
      value: n > 0 ? (100 * (plus - minus)) / n : null,
      nps: { promoters: plus, detractors: minus, n },
    }
  }
  if (n === 0) return { n, value: null }
  return { n, value: stat === 'mean' ? sum / n : stat === 'sum' ? sum : n }
}

interface Source {
  readonly kind: Series['kind']
  /** Adds a row to its bin; false (and counted) when it has no value. */
  add(bin: Bin, cells: readonly string[]): boolean
  /** To be called after the last row. */
  finish?(): void
}

const SOURCES = ['value', 'score', 'share', 'successes', 'promoters'] as const

function sourceOf({ csv, options }: Input, counts: CellCounts): Source {
  const named = SOURCES.filter((name) => options.has(name))
  if (named.length > 1)
    throw new UsageError(`one series at a time: ${named.map((name) => `--${name}`).join(' or ')}, not both`)
  if (named.length === 0)
    throw new UsageError(`one of ${SOURCES.map((name) => `--${name}`).join(', ')} is needed`)
  const [name] = named
  const column = options.column(name!)
  if (name === 'value') {
    return source('value', (bin, cells) => {
      const value = counts.number(cells, column, 'value')
      if (Number.isNaN(value)) return false
      bin.n++
      bin.sum += value
      return true
    })
  }
  if (name === 'score') {
    refuseWordsForNps(csv, column)
    return source('nps', (bin, cells) => {
      const score = counts.number(cells, column, 'score')
      if (Number.isNaN(score)) return false
      if (!Number.isInteger(score) || score < 0 || score > 10)
        return refuse(counts, 'score not a whole number 0..10')
      bin.n++
      if (score >= 9) bin.plus++
      else if (score <= 6) bin.minus++
      return true
    })
  }
  if (name === 'share') {
    const flags = new FlagReader({ csv, options }, 'share', 'yes-value')
    const add: Source['add'] = (bin, cells) => {
      const flag = flags.read(cells, counts, 'share')
      if (Number.isNaN(flag)) return false
      bin.n++
      bin.plus += flag
      return true
    }
    return { kind: 'share', add, finish: () => flags.finish() }
  }
  return counted(name === 'promoters', column, { options }, counts)
}

function counted(
  nps: boolean,
  column: number,
  { options }: Pick<Input, 'options'>,
  counts: CellCounts,
): Source {
  const answers = options.column('n')
  const minus = nps ? options.column('detractors') : undefined
  return source(nps ? 'nps' : 'share', (bin, cells) => {
    const values = [column, answers, ...(minus === undefined ? [] : [minus])].map((place) =>
      counts.number(cells, place, 'count'),
    )
    const [plus, n, against = 0] = values
    if (values.some(Number.isNaN)) return false
    if (values.some((count) => count < 0 || !Number.isInteger(count)) || plus! + against > n!) {
      return refuse(counts, 'counts that cannot be')
    }
    bin.n += n!
    bin.plus += plus!
    bin.minus += against
    return true
  })
}

const source = (kind: Series['kind'], add: Source['add']): Source => ({ kind, add })

function refuse(counts: CellCounts, reason: string): false {
  counts.add(reason)
  return false
}

interface Clock {
  readonly period: Period | undefined
  readonly unit: string
  of(cells: readonly string[], row: number): { time: number; label: () => string } | undefined
}

function clockOf({ options }: Input, counts: CellCounts): Clock {
  const period = options.has('period') ? options.choice('period', PERIODS, 'month') : undefined
  if (options.has('time') && options.has('date')) throw new UsageError('--time or --date, not both')
  if (period && !options.has('date')) throw new UsageError('--period needs --date COLUMN')
  if (options.has('time')) {
    const column = options.column('time')
    return {
      period: undefined,
      unit: options.text('time')!,
      of(cells) {
        const time = counts.number(cells, column, 'time')
        return Number.isNaN(time) ? undefined : { time, label: () => cells[column]!.trim() }
      },
    }
  }
  if (!options.has('date')) {
    return {
      period: undefined,
      unit: 'row',
      of: (_, row) => ({ time: row + 1, label: () => String(row + 1) }),
    }
  }
  const column = options.column('date')
  const order = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
  return {
    period,
    unit: period ?? 'day',
    of(cells) {
      const date = parseDate(cells[column]!, order)
      if (!date) {
        counts.add(isBlank(cells[column]!) ? 'date blank' : 'date not understood')
        return undefined
      }
      const time = periodIndex(date, period ?? 'day')
      return { time, label: () => periodName(time, period ?? 'day') }
    },
  }
}
