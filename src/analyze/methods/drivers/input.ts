import { type Covariance, CovarianceSums, PairwiseSums } from '../../../stats/covariance.ts'
import { noValue, type OrReason } from '../../../stats/interval.ts'
import { matrixFromRows } from '../../../stats/matrix.ts'
import { CellCounts } from '../../cells/cells.ts'
import { NumberColumn } from '../../inputs/kept-columns.ts'
import type { Input } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'

export interface Gathered {
  readonly rows: number
  readonly counts: CellCounts
  readonly covariance: OrReason<Covariance>
  /** The values themselves, kept for the bootstrap alone. */
  readonly columns: readonly Float64Array[]
}

/** Reads the columns of drivers and outcome into covariances, row by row. */
export async function gather(
  { csv, options }: Input,
  positions: readonly number[],
  keep: boolean,
): Promise<Gathered> {
  const basis = options.choice('missing', ['complete', 'pairwise'], 'complete')
  const complete = new CovarianceSums(positions.length)
  const pairwise = new PairwiseSums(positions.length)
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const kept = positions.map(() => new NumberColumn())
  const row = new Float64Array(positions.length)
  const outcome = positions.length - 1
  const rows = await csv.eachRow((cells) => {
    let missing = 0
    for (let j = 0; j < positions.length; j++) {
      row[j] = csv.number(cells[positions[j]!]!, positions[j]!)
      if (Number.isNaN(row[j]!)) missing++
    }
    if (basis === 'pairwise') {
      if (missing >= outcome) return counts.add('with fewer than two values')
      pairwise.add(row)
    } else if (!complete.add(row)) return counts.add('incomplete')
    if (keep) for (let j = 0; j < kept.length; j++) kept[j]!.push(row[j]!)
  })
  let covariance: OrReason<Covariance>
  try {
    covariance = basis === 'pairwise' ? pairwise.result() : complete.result()
  } catch {
    covariance = noValue('too few', 'fewer than two rows with values')
  }
  return { rows, counts, covariance, columns: kept.map((column) => column.values()) }
}

/** A file that holds a covariance (or correlation) matrix instead of answers: one row and one column a variable. */
export async function readMatrix({ csv, options }: Input, names: readonly string[]): Promise<Covariance> {
  const lines: number[][] = []
  const labels: string[] = []
  await csv.eachRow((cells) => {
    labels.push(cells[0]!.trim())
    lines.push(cells.map((cell, column) => csv.number(cell, column)))
  })
  const labelled = lines.some((line) => Number.isNaN(line[0]!))
  const rowNames = labelled ? labels : csv.columns
  const places = names.map((name) => {
    const row = rowNames.indexOf(name)
    if (row < 0) throw new UsageError(`the matrix has no row "${name}"`)
    return { row, column: csv.columns.indexOf(name) }
  })
  const matrix = matrixFromRows(
    places.map(({ row }) => places.map(({ column }) => lines[row]?.[column] ?? Number.NaN)),
  )
  if (matrix.data.some(Number.isNaN)) throw new UsageError('the matrix has a cell without a number')
  const n = options.whole('n', 0, 2)
  const means = new Float64Array(names.length)
  return { n, means, matrix, basis: 'given' }
}
