import { eigenSymmetric } from './eigen.ts'
import { noValue, type OrReason } from './interval.ts'
import { at, type Matrix } from './matrix.ts'

/** Johnson's relative weights: R = QΛQ', A = QΛ^½Q', b = A⁻¹r, ε_j = Σ_k A_jk² b_k².
 * @param correlations of the drivers
 * @param r correlations of the drivers with the outcome
 * @returns one value a driver; they add up to R². 'singular' when a driver is a combination of others
 * @see Johnson 2000, Multivariate Behavioral Research 35:1
 */
export function johnsonWeights(correlations: Matrix, r: ArrayLike<number>): OrReason<Float64Array> {
  const p = correlations.rows
  const { values, vectors } = eigenSymmetric(correlations)
  if (!(values[p - 1]! > 1e-11 * values[0]!)) return noValue('singular')
  const along = Float64Array.from({ length: p }, (_, k) => {
    let sum = 0
    for (let i = 0; i < p; i++) sum += at(vectors, i, k) * r[i]!
    return sum
  })
  const root = (i: number, j: number, power: number) => {
    let sum = 0
    for (let k = 0; k < p; k++) sum += at(vectors, i, k) * values[k]! ** power * at(vectors, j, k)
    return sum
  }
  const b = Float64Array.from({ length: p }, (_, i) => {
    let sum = 0
    for (let k = 0; k < p; k++) sum += at(vectors, i, k) * values[k]! ** -0.5 * along[k]!
    return sum
  })
  return Float64Array.from({ length: p }, (_, j) => {
    let sum = 0
    for (let k = 0; k < p; k++) sum += root(j, k, 0.5) ** 2 * b[k]! ** 2
    return sum
  })
}
