/** Columns made ready for an iterative fit: moved to mean 0 and unit standard deviation, dependent ones set aside. */
export interface KeptColumns {
  /** Places of the columns that stay. */
  readonly kept: readonly number[]
  /** Columns that are constant or follow from those before them. */
  readonly aliased: readonly number[]
  /** The columns that stay, standardised. */
  readonly columns: readonly Float64Array[]
  readonly centres: readonly number[]
  readonly scales: readonly number[]
}

// What is left of a column's variance when those before it are taken out, as a share; R's qr drops at (1e-7)² to
// (1e-11)², which sums of products in double precision cannot tell from nothing.
const DEPENDENT = 1e-11

/** Standardises columns and finds those that depend on earlier ones (with a constant understood).
 * @param columns equally long, no missing values
 * @param weights how often each row counts; 1 when left out
 */
export function keepColumns(columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): KeptColumns {
  const kept: number[] = []
  const aliased: number[] = []
  const made: Float64Array[] = []
  const centres: number[] = []
  const scales: number[] = []
  // Rows of the Cholesky factor of the correlations of the columns kept so far.
  const factor: Float64Array[] = []
  columns.forEach((column, j) => {
    const { centre, scale, values } = standardise(column, weights)
    if (!(scale > 0)) {
      aliased.push(j)
      return
    }
    const row = new Float64Array(made.length + 1)
    let left = 1
    for (let a = 0; a < made.length; a++) {
      let sum = correlation(made[a]!, values, weights)
      for (let b = 0; b < a; b++) sum -= row[b]! * factor[a]![b]!
      row[a] = sum / factor[a]![a]!
      left -= row[a]! ** 2
    }
    if (!(left > DEPENDENT)) {
      aliased.push(j)
      return
    }
    row[made.length] = Math.sqrt(left)
    factor.push(row)
    made.push(values)
    kept.push(j)
    centres.push(centre)
    scales.push(scale)
  })
  return { kept, aliased, columns: made, centres, scales }
}

function standardise(
  column: ArrayLike<number>,
  weights?: ArrayLike<number>,
): { centre: number; scale: number; values: Float64Array } {
  const n = column.length
  const weight = (i: number) => weights?.[i] ?? 1
  // About a value of the column itself, so that a constant column has exactly no variance.
  const origin = n > 0 ? column[n >> 1]! : 0
  let sum = 0
  let total = 0
  for (let i = 0; i < n; i++) {
    sum += weight(i) * (column[i]! - origin)
    total += weight(i)
  }
  const centre = origin + sum / total
  const values = new Float64Array(n)
  let squares = 0
  for (let i = 0; i < n; i++) {
    values[i] = column[i]! - centre
    squares += weight(i) * values[i]! ** 2
  }
  const scale = Math.sqrt(squares / total)
  const size = Math.abs(centre)
  if (!(scale > 1e-13 * size)) return { centre, scale: 0, values }
  for (let i = 0; i < n; i++) values[i]! /= scale
  return { centre, scale, values }
}

function correlation(a: Float64Array, b: Float64Array, weights?: ArrayLike<number>): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < a.length; i++) {
    const weight = weights?.[i] ?? 1
    sum += weight * a[i]! * b[i]!
    total += weight
  }
  return sum / total
}
