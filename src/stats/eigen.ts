import { SampleInvalid } from './interval.ts'
import { identity, type Matrix, matrix } from './matrix.ts'

export interface Eigen {
  /** Largest first. */
  readonly values: Float64Array
  /** Column k belongs to value k. */
  readonly vectors: Matrix
}

/** Eigenvalues and eigenvectors of a symmetric matrix by Jacobi rotations: slow for hundreds of columns, and
 * accurate to the last digits for the dozens that occur here.
 * @throws SampleInvalid when the matrix is not square
 * @see Golub & Van Loan, Matrix Computations 8.5; R eigen(symmetric = TRUE)
 */
export function eigenSymmetric(m: Matrix): Eigen {
  const n = m.rows
  if (m.cols !== n) throw new SampleInvalid('eigenvalues need a square matrix')
  const a = Float64Array.from(m.data)
  const v = identity(n).data
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0
    let diagonal = 0
    for (let i = 0; i < n; i++) {
      diagonal += a[i * n + i]! ** 2
      for (let j = i + 1; j < n; j++) off += a[i * n + j]! ** 2
    }
    if (off <= 1e-34 * diagonal) break
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q)
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!)
  const vectors = matrix(n, n)
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = v[i * n + from]!
  })
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors }
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!
  if (apq === 0) return
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]!
    const kq = a[k * n + q]!
    a[k * n + p] = c * kp - s * kq
    a[k * n + q] = s * kp + c * kq
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k]!
    const qk = a[q * n + k]!
    a[p * n + k] = c * pk - s * qk
    a[q * n + k] = s * pk + c * qk
  }
  a[p * n + q] = 0
  a[q * n + p] = 0
  for (let k = 0; k < n; k++) {
    const kp = v[k * n + p]!
    const kq = v[k * n + q]!
    v[k * n + p] = c * kp - s * kq
    v[k * n + q] = s * kp + c * kq
  }
}
