import { type Matrix, multiply } from './matrix.ts'

/** B M B: covariances of coefficients from the inverse of X'X (bread) and the summed outer products of the
 * scores (meat).
 * @see White 1980, Econometrica 48:817; R sandwich::sandwich
 */
export function sandwich(bread: Matrix, meat: Matrix): Matrix {
  return multiply(multiply(bread, meat), bread)
}
