import type { LeastSquares } from './linear.ts'
import { at, type Matrix, matrix } from './matrix.ts'

/** Covariances of coefficients that hold when the residual variance differs between rows (HC3: each squared
 * residual divided by (1 - leverage)²). Rows that repeat one pattern may be given once with their weight in
 * `times` and the sums of their squared residuals in `squares`.
 * @returns covariance matrix of the coefficients
 * @see MacKinnon & White 1985, Journal of Econometrics 29:305; R sandwich::vcovHC(type = "HC3")
 */
export function hc3(
  x: Matrix,
  fit: Pick<LeastSquares, 'inverse' | 'residuals'>,
  squares?: ArrayLike<number>,
): Matrix {
  const p = x.cols
  const meat = matrix(p, p)
  for (let i = 0; i < x.rows; i++) {
    let leverage = 0
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) leverage += at(x, i, a) * at(fit.inverse, a, b) * at(x, i, b)
    }
    const weight = (squares ? squares[i]! : fit.residuals[i]! ** 2) / (1 - leverage) ** 2
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) meat.data[a * p + b]! += weight * at(x, i, a) * at(x, i, b)
    }
  }
  return sandwich(fit.inverse, meat)
}

/** B M B for symmetric B. */
export function sandwich(bread: Matrix, meat: Matrix): Matrix {
  const p = bread.rows
  const half = matrix(p, p)
  const whole = matrix(p, p)
  for (const [left, right, target] of [
    [bread, meat, half],
    [half, bread, whole],
  ] as const) {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        let sum = 0
        for (let k = 0; k < p; k++) sum += at(left, i, k) * at(right, k, j)
        target.data[i * p + j] = sum
      }
    }
  }
  return whole
}
