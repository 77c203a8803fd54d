import { SampleInvalid } from './interval.ts'

/** A dense matrix, row after row. */
export interface Matrix {
  readonly rows: number
  readonly cols: number
  readonly data: Float64Array
}

/** A matrix of zeros, or of the numbers given row after row. */
export function matrix(rows: number, cols: number, data?: ArrayLike<number>): Matrix {
  if (data && data.length !== rows * cols)
    throw new SampleInvalid(`${data.length} numbers for ${rows} x ${cols}`)
  return { rows, cols, data: data ? Float64Array.from(data) : new Float64Array(rows * cols) }
}

/** @throws SampleInvalid when the rows are of unequal length */
export function matrixFromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0
  const made = matrix(rows.length, cols)
  rows.forEach((row, i) => {
    if (row.length !== cols) throw new SampleInvalid('rows of unequal length')
    for (let j = 0; j < cols; j++) made.data[i * cols + j] = row[j]!
  })
  return made
}

export function matrixFromColumns(columns: readonly ArrayLike<number>[]): Matrix {
  return transpose(matrixFromRows(columns))
}

export function identity(size: number): Matrix {
  const made = matrix(size, size)
  for (let i = 0; i < size; i++) made.data[i * size + i] = 1
  return made
}

/** The element in row i and column j, counted from 0. */
export function at(m: Matrix, i: number, j: number): number {
  return m.data[i * m.cols + j]!
}

export function transpose(m: Matrix): Matrix {
  const made = matrix(m.cols, m.rows)
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.cols; j++) made.data[j * m.rows + i] = m.data[i * m.cols + j]!
  }
  return made
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new SampleInvalid(`${a.rows}x${a.cols} times ${b.rows}x${b.cols}`)
  const made = matrix(a.rows, b.cols)
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.cols; k++) {
      const factor = a.data[i * a.cols + k]!
      if (factor === 0) continue
      for (let j = 0; j < b.cols; j++) made.data[i * b.cols + j]! += factor * b.data[k * b.cols + j]!
    }
  }
  return made
}

export function multiplyVector(a: Matrix, v: ArrayLike<number>): Float64Array {
  const made = new Float64Array(a.rows)
  for (let i = 0; i < a.rows; i++) {
    let sum = 0
    for (let j = 0; j < a.cols; j++) sum += a.data[i * a.cols + j]! * v[j]!
    made[i] = sum
  }
  return made
}

/** The rows and columns of a square matrix at the given places, in that order. */
export function submatrix(m: Matrix, rows: readonly number[], cols: readonly number[] = rows): Matrix {
  return matrixFromRows(rows.map((i) => cols.map((j) => at(m, i, j))))
}
