import { matrix } from './matrix.ts'

/** A category among the columns of a fit: the level of each row, 0 the one that the others are held against. It
 * stands for `levels - 1` columns of 0 and 1 at the cost of one. */
export interface Levels {
  readonly codes: ArrayLike<number>
  /** Different levels, the reference counted. */
  readonly levels: number
}

/** What explains an outcome: a column of numbers, or a category. */
export type Term = ArrayLike<number> | Levels

/** Columns made ready for an iterative fit: numbers moved to mean 0 and unit standard deviation as they are read,
 * dependent columns set aside. Nothing is copied. */
export interface KeptColumns {
  /** Columns that the terms stand for. */
  readonly width: number
  /** Places of the columns that stay. */
  readonly kept: readonly number[]
  /** Of the columns that stay; those of a category are left as 0 and 1. */
  readonly centres: readonly number[]
  readonly scales: readonly number[]
  /** Writes what of a row is not zero, by rising place among the columns that stay, and returns how many those are. */
  fill(row: number, places: Int32Array, values: Float64Array): number
}

export const isLevels = (term: Term): term is Levels => 'codes' in term

/** How many rows a term has. */
export const rowsOf = (term: Term): number => (isLevels(term) ? term.codes.length : term.length)

// What is left of a column's variance when those before it are taken out, as a share; R's qr drops at (1e-7)² to
// (1e-11)², which sums of products in double precision cannot tell from nothing.
const DEPENDENT = 1e-11

/** Standardises columns and finds those that depend on earlier ones (with a constant understood).
 * @param terms equally long, no missing values
 * @param weights how often each row counts; 1 when left out
 */
export function keepColumns(terms: readonly Term[], weights?: ArrayLike<number>): KeptColumns {
  const starts: number[] = []
  let width = 0
  for (const term of terms) {
    starts.push(width)
    width += isLevels(term) ? Math.max(0, term.levels - 1) : 1
  }
  const centres = new Float64Array(width)
  const scales = new Float64Array(width).fill(1)
  terms.forEach((term, t) => {
    if (isLevels(term)) return
    const { centre, scale } = spreadOf(term, weights)
    centres[starts[t]!] = centre
    scales[starts[t]!] = scale
  })
  const all = reader(terms, starts, {
    place: Int32Array.from({ length: width }, (_, j) => (scales[j]! > 0 ? j : -1)),
    centres,
    scales,
  })
  const kept = independent(all, terms.length > 0 ? rowsOf(terms[0]!) : 0, width, terms.length, weights)
  const place = new Int32Array(width).fill(-1)
  kept.forEach((column, i) => {
    place[column] = i
  })
  return {
    width,
    kept,
    centres: kept.map((column) => centres[column]!),
    scales: kept.map((column) => scales[column]!),
    fill: reader(terms, starts, { place, centres, scales }),
  }
}

function reader(
  terms: readonly Term[],
  starts: readonly number[],
  { place, centres, scales }: { place: Int32Array; centres: ArrayLike<number>; scales: ArrayLike<number> },
): KeptColumns['fill'] {
  const count = terms.length
  return (row, places, values) => {
    let found = 0
    for (let t = 0; t < count; t++) {
      const term = terms[t]!
      let column = starts[t]!
      let value = 1
      if (isLevels(term)) {
        const code = term.codes[row]!
        if (code === 0) continue
        column += code - 1
      } else value = (term[row]! - centres[column]!) / scales[column]!
      const at = place[column]!
      if (at < 0) continue
      places[found] = at
      values[found++] = value
    }
    return found
  }
}

/** Places of the columns that do not follow from those before them, by the Cholesky factor of their correlations. */
function independent(
  fill: KeptColumns['fill'],
  rows: number,
  width: number,
  most: number,
  weights?: ArrayLike<number>,
): number[] {
  const products = matrix(width, width)
  const sums = new Float64Array(width)
  const places = new Int32Array(most)
  const values = new Float64Array(most)
  let total = 0
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1
    const found = fill(i, places, values)
    total += weight
    for (let a = 0; a < found; a++) {
      const part = weight * values[a]!
      sums[places[a]!]! += part
      for (let b = 0; b <= a; b++) products.data[places[a]! * width + places[b]!]! += part * values[b]!
    }
  }
  const covariance = (a: number, b: number) =>
    products.data[a * width + b]! / total - (sums[a]! / total) * (sums[b]! / total)
  const spread = Float64Array.from(sums, (_, j) => Math.sqrt(Math.max(0, covariance(j, j))))
  const kept: number[] = []
  const factor: Float64Array[] = []
  for (let j = 0; j < width; j++) {
    // Of a level that no row or every row has, rounding may leave a trace.
    if (!(spread[j]! > 1e-8)) continue
    const row = new Float64Array(kept.length + 1)
    let left = 1
    for (let a = 0; a < kept.length; a++) {
      let sum = covariance(j, kept[a]!) / (spread[j]! * spread[kept[a]!]!)
      for (let b = 0; b < a; b++) sum -= row[b]! * factor[a]![b]!
      row[a] = sum / factor[a]![a]!
      left -= row[a]! ** 2
    }
    if (!(left > DEPENDENT)) continue
    row[kept.length] = Math.sqrt(left)
    factor.push(row)
    kept.push(j)
  }
  return kept
}

/** Mean and standard deviation of a column; 0 where it is constant. */
function spreadOf(column: ArrayLike<number>, weights?: ArrayLike<number>): { centre: number; scale: number } {
  const n = column.length
  // About a value of the column itself, so that a constant column has exactly no variance.
  const origin = n > 0 ? column[n >> 1]! : 0
  let sum = 0
  let total = 0
  for (let i = 0; i < n; i++) {
    const weight = weights?.[i] ?? 1
    sum += weight * (column[i]! - origin)
    total += weight
  }
  const centre = origin + sum / total
  let squares = 0
  for (let i = 0; i < n; i++) squares += (weights?.[i] ?? 1) * (column[i]! - centre) ** 2
  const scale = Math.sqrt(squares / total)
  return { centre, scale: scale > 1e-13 * Math.abs(centre) ? scale : 0 }
}
