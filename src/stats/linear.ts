import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { at, type Matrix, matrix } from './matrix.ts'

/** Lower Cholesky factor L of a symmetric positive definite matrix, A = L L'.
 * @param tolerance a pivot below this part of its diagonal element counts as zero
 * @returns 'singular' when A is not positive definite
 */
export function cholesky(a: Matrix, tolerance = 1e-12): OrReason<Matrix> {
  const n = a.rows
  const l = matrix(n, n)
  for (let j = 0; j < n; j++) {
    let pivot = at(a, j, j)
    for (let k = 0; k < j; k++) pivot -= at(l, j, k) ** 2
    if (!(pivot > tolerance * at(a, j, j))) return noValue('singular')
    const root = Math.sqrt(pivot)
    l.data[j * n + j] = root
    for (let i = j + 1; i < n; i++) {
      let sum = at(a, i, j)
      for (let k = 0; k < j; k++) sum -= at(l, i, k) * at(l, j, k)
      l.data[i * n + j] = sum / root
    }
  }
  return l
}

/** Solves L L' x = b. */
export function choleskySolve(l: Matrix, b: ArrayLike<number>): Float64Array {
  const n = l.rows
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= at(l, i, k) * x[k]!
    x[i]! /= at(l, i, i)
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= at(l, k, i) * x[k]!
    x[i]! /= at(l, i, i)
  }
  return x
}

/** The inverse of a symmetric positive definite matrix; 'singular' when it is not one. */
export function invertPositive(a: Matrix, tolerance = 1e-12): OrReason<Matrix> {
  const l = cholesky(a, tolerance)
  if ('reason' in l) return l
  const n = a.rows
  const inverse = matrix(n, n)
  for (let j = 0; j < n; j++) {
    const unit = new Float64Array(n)
    unit[j] = 1
    const column = choleskySolve(l, unit)
    for (let i = 0; i < n; i++) inverse.data[i * n + j] = column[i]!
  }
  return inverse
}

export interface LeastSquares {
  /** In the order of the columns; NaN-free: aliased columns are named in `aliased` and have coefficient 0. */
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  readonly fitted: Float64Array
  /** (X'X)^-1 with zero rows and columns at aliased places. */
  readonly inverse: Matrix
  readonly rank: number
  /** Columns that are linear combinations of those before them, as R's lm drops them. */
  readonly aliased: readonly number[]
  /** Residual sum of squares. */
  readonly rss: number
}

/** Least squares by Householder QR; columns that depend on earlier ones are moved out, as R does.
 * @param x one row an observation; put a column of ones first for the intercept
 * @param y as long as x has rows
 * @param tolerance a column whose remaining norm is below this part of its own counts as dependent (R: 1e-7)
 * @throws SampleInvalid when lengths differ
 * @see Golub & Van Loan, Matrix Computations 5.3; LINPACK dqrdc2 as used by R lm.fit
 */
export function leastSquares(x: Matrix, y: ArrayLike<number>, tolerance = 1e-7): LeastSquares {
  const n = x.rows
  const p = x.cols
  if (y.length !== n) throw new SampleInvalid(`${n} rows and ${y.length} values`)
  const columns = Array.from({ length: p }, (_, j) => {
    const column = new Float64Array(n)
    for (let i = 0; i < n; i++) column[i] = x.data[i * p + j]!
    return column
  })
  const q = Float64Array.from(y)
  const kept: number[] = []
  const aliased: number[] = []
  const upper: Float64Array[] = []
  for (let j = 0; j < p; j++) {
    const k = kept.length
    const column = columns[j]!
    let whole = 0
    for (let i = 0; i < n; i++) whole += x.data[i * p + j]! ** 2
    let rest = 0
    for (let i = k; i < n; i++) rest += column[i]! ** 2
    if (k >= n || !(Math.sqrt(rest) > tolerance * Math.sqrt(whole))) {
      aliased.push(j)
      continue
    }
    const alpha = column[k]! > 0 ? -Math.sqrt(rest) : Math.sqrt(rest)
    const v = column.subarray(k).slice()
    v[0]! -= alpha
    let vv = 0
    for (const value of v) vv += value * value
    const reflect = (target: Float64Array) => {
      let dot = 0
      for (let i = 0; i < v.length; i++) dot += v[i]! * target[k + i]!
      const factor = (2 * dot) / vv
      for (let i = 0; i < v.length; i++) target[k + i]! -= factor * v[i]!
    }
    for (let later = j; later < p; later++) reflect(columns[later]!)
    reflect(q)
    kept.push(j)
    upper.push(column.slice(0, k + 1))
  }
  return solveTriangular(x, y, q, kept, aliased, upper)
}

/** What columns leave of a vector by least squares, in place: for searches that need the residuals alone, and often.
 * The columns are overwritten too. Those that depend on earlier ones are passed over, as in `leastSquares`.
 * @returns the sum of squares that is left
 * @see Bjorck 1967, BIT 7:1, modified Gram-Schmidt on the columns and the vector
 */
export function leaveResiduals(
  columns: readonly Float64Array[],
  vector: Float64Array,
  tolerance = 1e-7,
): number {
  const whole = columns.map((column) => product(column, column))
  columns.forEach((column, j) => {
    const rest = product(column, column)
    if (!(rest > tolerance ** 2 * whole[j]!)) return
    for (let later = j + 1; later < columns.length; later++) takeOut(column, rest, columns[later]!)
    takeOut(column, rest, vector)
  })
  return product(vector, vector)
}

function takeOut(column: Float64Array, square: number, target: Float64Array): void {
  const share = product(column, target) / square
  for (let i = 0; i < column.length; i++) target[i]! -= share * column[i]!
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function solveTriangular(
  x: Matrix,
  y: ArrayLike<number>,
  q: Float64Array,
  kept: readonly number[],
  aliased: readonly number[],
  upper: readonly Float64Array[],
): LeastSquares {
  const p = x.cols
  const rank = kept.length
  const r = (i: number, j: number) => upper[j]![i]!
  const coefficients = new Float64Array(p)
  const solution = new Float64Array(rank)
  for (let i = rank - 1; i >= 0; i--) {
    let sum = q[i]!
    for (let j = i + 1; j < rank; j++) sum -= r(i, j) * solution[j]!
    solution[i] = sum / r(i, i)
    coefficients[kept[i]!] = solution[i]!
  }
  // R^-1, then (X'X)^-1 = R^-1 R^-T.
  const inverseR = matrix(rank, rank)
  for (let c = 0; c < rank; c++) {
    for (let i = c; i >= 0; i--) {
      let sum = i === c ? 1 : 0
      for (let j = i + 1; j <= c; j++) sum -= r(i, j) * at(inverseR, j, c)
      inverseR.data[i * rank + c] = sum / r(i, i)
    }
  }
  const inverse = matrix(p, p)
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b < rank; b++) {
      let sum = 0
      for (let c = Math.max(a, b); c < rank; c++) sum += at(inverseR, a, c) * at(inverseR, b, c)
      inverse.data[kept[a]! * p + kept[b]!] = sum
    }
  }
  const fitted = new Float64Array(x.rows)
  const residuals = new Float64Array(x.rows)
  let rss = 0
  for (let i = 0; i < x.rows; i++) {
    let sum = 0
    for (let j = 0; j < p; j++) sum += x.data[i * p + j]! * coefficients[j]!
    fitted[i] = sum
    residuals[i] = y[i]! - sum
    rss += residuals[i]! ** 2
  }
  return { coefficients, residuals, fitted, inverse, rank, aliased, rss }
}
