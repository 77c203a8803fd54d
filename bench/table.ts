// For: the bench's one table. In: rows. Out: text in columns; medians.
export interface BenchRow {
  name: string
  value: number
  unit: string
  /** To what the target names. */
  ratio?: number
  /** The same ratio in processor time, where that can be told: it holds on a busy machine too. */
  cpuRatio?: number
  /** Responses: the ratio in seconds to what their own rows alone take, without what is stored along with them. */
  aloneRatio?: number
  target?: string
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })

export function tableOf(rows: readonly BenchRow[]): string {
  const cells = [
    ['What', 'Measured', '', 'Ratio', 'in CPU', 'Own row', 'Target'],
    ...rows.map(({ name, value, unit, ratio, cpuRatio, aloneRatio, target }) => [
      name,
      shown(value),
      unit,
      ratio === undefined ? '' : ratio.toFixed(2),
      cpuRatio === undefined ? '' : cpuRatio.toFixed(2),
      aloneRatio === undefined ? '' : aloneRatio.toFixed(2),
      target ?? '',
    ]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          [1, 3, 4, 5].includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
