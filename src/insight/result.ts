// For: the answer to an Ask: rows with value, interval, significance, change, and what is withheld.
// In: the sums of each cell. Out: the rows of an AskResult.
import { correct } from '../stats/corrections.ts'
import type { AskRow } from './ask.ts'
import type { CompiledAsk } from './compile.ts'
import type { Packed } from './pack.ts'
import { addSums, differenceOf, noSums, type Sums, scoreOf, subtractSums } from './score.ts'
import { suppress, suppressWhole } from './suppress.ts'

/** A row as the column store gives it. */
export type CellRow = {
  b0?: string | null
  b1?: string | null
  period?: string
  before?: boolean | number
  k?: number
} & Partial<Record<keyof Sums, number | string | null>>

export interface Cell {
  by: (string | null)[]
  period?: string
  before: boolean
  sums: Sums
}

/** Results about single employees are hidden under this many answers (FORMULAS). */
const protectedUnder = 5

export interface Rows {
  total: AskRow
  rows: AskRow[]
  periods?: AskRow[]
  truncated: boolean
}

/** @param groups how many fields were asked by */
export function cellsOf(rows: readonly CellRow[], groups: number, packed?: Packed): Cell[] {
  return rows.map((row) => ({
    ...(packed ? packed.unpack(Number(row.k)) : keysOf(row, groups)),
    before: Boolean(row.before),
    sums: {
      n: Number(row.n ?? 0),
      top: Number(row.top ?? 0),
      low: Number(row.low ?? 0),
      sum: Number(row.sum ?? 0),
      squares: Number(row.squares ?? 0),
      whole: Number(row.whole ?? row.n ?? 0),
    },
  }))
}

const keysOf = (row: CellRow, groups: number) => ({
  by: [row.b0, row.b1].slice(0, groups).map((value) => value ?? null),
  ...(row.period === undefined ? {} : { period: row.period }),
})

/** Composes the rows.
 * @param totals cells without groups, when the groups do not add up to them; else they are added up here
 */
export function composeRows(
  compiled: CompiledAsk,
  cells: readonly Cell[],
  totals: readonly Cell[],
  wanted: { compare: boolean; limit: number },
): Rows {
  const { metric, by, over } = compiled
  const current = cells.filter((cell) => !cell.before)
  const earlier = new Map(
    cells.filter((cell) => cell.before).map((cell) => [JSON.stringify(cell.by), cell.sums]),
  )
  const wholes = wholesOf(totals.length > 0 ? totals : cells)
  const shown = largest(current, wanted.limit)
  const rows = shown.cells.map((cell) => rowOf(metric, cell.by, cell.sums, cell.period))
  if (by.length > 0 && !compiled.ownShares) addSignificance(compiled, shown.cells, rows, wholes)
  if (wanted.compare) {
    const before = over ? previousPeriods(current) : (cell: Cell) => earlier.get(JSON.stringify(cell.by))
    for (const [index, cell] of shown.cells.entries()) {
      addChange(metric.kind, rows[index]!, before(cell), cell.sums)
    }
  }
  const total = rowOf(metric, [], wholes.all)
  if (wanted.compare && !over) addChange(metric.kind, total, wholes.before, wholes.all)
  const periods = [...wholes.periods].sort(([a], [b]) => (a < b ? -1 : 1))
  const periodRows = periods.map(([period, sums]) => rowOf(metric, [], sums, period))
  if (compiled.protects) {
    suppress(rows, protectedUnder)
    const others = ({ n, whole }: Sums) => whole - n
    for (const [index, row] of rows.entries())
      suppressWhole(row, others(shown.cells[index]!.sums), protectedUnder)
    for (const [index, row] of periodRows.entries())
      suppressWhole(row, others(periods[index]![1]), protectedUnder)
    suppressWhole(total, others(wholes.all), protectedUnder)
  }
  return {
    total,
    rows,
    ...(over && by.length > 0 ? { periods: periodRows } : {}),
    truncated: shown.cut || cells.length > compiled.cap,
  }
}

interface Wholes {
  all: Sums
  before: Sums
  periods: Map<string, Sums>
}

function wholesOf(cells: readonly Cell[]): Wholes {
  const wholes: Wholes = { all: noSums, before: noSums, periods: new Map() }
  for (const { before, sums, period } of cells) {
    if (before) wholes.before = addSums(wholes.before, sums)
    else wholes.all = addSums(wholes.all, sums)
    if (period !== undefined) wholes.periods.set(period, addSums(wholes.periods.get(period) ?? noSums, sums))
  }
  return wholes
}

/** The largest groups, counted over all periods, each with all its periods; by period, then by size. */
function largest(cells: readonly Cell[], limit: number): { cells: Cell[]; cut: boolean } {
  const sizes = new Map<string, number>()
  for (const cell of cells) {
    const key = JSON.stringify(cell.by)
    sizes.set(key, (sizes.get(key) ?? 0) + cell.sums.n)
  }
  const kept = new Set(
    [...sizes]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([key]) => key),
  )
  const shown = cells.filter((cell) => kept.has(JSON.stringify(cell.by)))
  // Groups of one size stand in the order of their values, so that the same question has the same answer.
  const order = (a: Cell, b: Cell) =>
    (a.period ?? '').localeCompare(b.period ?? '') || b.sums.n - a.sums.n || compareValues(a.by, b.by)
  shown.sort(order)
  return { cells: shown, cut: kept.size < sizes.size }
}

/** What has no value stands last. */
function compareValues(a: Cell['by'], b: Cell['by']): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? null
    if (value !== other) return value === null ? 1 : other === null ? -1 : value < other ? -1 : 1
  }
  return 0
}

function rowOf(metric: CompiledAsk['metric'], by: Cell['by'], sums: Sums, period?: string): AskRow {
  return { by, ...(period === undefined ? {} : { period }), ...scoreOf(metric, sums) }
}

/** p of each row against all others of the same period, then corrected for there being many. */
function addSignificance({ metric }: CompiledAsk, cells: readonly Cell[], rows: AskRow[], wholes: Wholes) {
  const ps = cells.map(({ sums, period }) => {
    const whole = period === undefined ? wholes.all : (wholes.periods.get(period) ?? noSums)
    return differenceOf(metric.kind, subtractSums(whole, sums), sums)?.p ?? null
  })
  const adjusted = correct(ps, 'bh')
  rows.forEach((row, index) => {
    row.p = ps[index] ?? null
    row.pAdjusted = adjusted[index] ?? null
  })
}

function addChange(kind: CompiledAsk['metric']['kind'], row: AskRow, before: Sums | undefined, now: Sums) {
  const change = before && differenceOf(kind, before, now)
  if (change) row.change = change
}

/** The sums of the same group in the last period before in which it has any. */
function previousPeriods(cells: readonly Cell[]): (cell: Cell) => Sums | undefined {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    const key = JSON.stringify(cell.by)
    groups.set(key, [...(groups.get(key) ?? []), cell])
  }
  for (const group of groups.values()) group.sort((a, b) => (a.period ?? '').localeCompare(b.period ?? ''))
  return (cell) => {
    const group = groups.get(JSON.stringify(cell.by)) ?? []
    return group[group.indexOf(cell) - 1]?.sums
  }
}
