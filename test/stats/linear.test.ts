import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eigenSymmetric } from '../../src/stats/eigen.ts'
import { isNoValue } from '../../src/stats/interval.ts'
import { cholesky, invertPositive, leastSquares, leaveResiduals } from '../../src/stats/linear.ts'
import { at, matrix, matrixFromColumns, matrixFromRows, multiply, transpose } from '../../src/stats/matrix.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Basics {
  cars: Record<string, number[]>
  lm: { coefficients: number[]; se: number[]; rss: number }
  aliased: { coefficients: (number | null | string)[]; rank: number }
  eigen: { r: number[][]; values: number[]; first: number[] }
}
const r = reference<Basics>('basics')
const { mpg, wt, hp, qsec } = r.cars as { mpg: number[]; wt: number[]; hp: number[]; qsec: number[] }
const ones = mpg.map(() => 1)

describe('least squares', () => {
  it('agrees with lm', () => {
    const fit = leastSquares(matrixFromColumns([ones, wt, hp, qsec]), mpg)
    expectAllClose(fit.coefficients, r.lm.coefficients)
    expectClose(fit.rss, r.lm.rss)
    const sigma2 = fit.rss / (mpg.length - 4)
    expectAllClose(
      r.lm.se.map((_, j) => Math.sqrt(sigma2 * at(fit.inverse, j, j))),
      r.lm.se,
    )
  })
  it('drops a dependent column as lm does', () => {
    const twice = wt.map((w, i) => 2 * w + hp[i]!)
    const fit = leastSquares(matrixFromColumns([ones, wt, hp, twice, qsec]), mpg)
    expect(fit.rank).toBe(r.aliased.rank)
    expect(fit.aliased).toEqual([3])
    expectAllClose(
      [...fit.coefficients].filter((_, j) => j !== 3),
      r.aliased.coefficients.filter((c) => typeof c === 'number'),
    )
  })
  it('leaves residuals at right angles to the columns', () => {
    const column = fc.array(fc.integer({ min: -10, max: 10 }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(column, column, column, (a, b, y) => {
        const fit = leastSquares(matrixFromColumns([Array(8).fill(1), a, b]), y)
        for (const [j, x] of [Array<number>(8).fill(1), a, b].entries()) {
          if (fit.aliased.includes(j)) continue
          const dot = x.reduce((sum, value, i) => sum + value * fit.residuals[i]!, 0)
          expect(Math.abs(dot)).toBeLessThan(1e-6)
        }
      }),
    )
  })
})

it('what columns leave of a vector is what least squares does not explain', () => {
  const value = fc.integer({ min: -9, max: 9 })
  const rows = fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(rows, (rows) => {
      // The last column follows from those before it.
      const columns = [0, 1, 2].map((j) => Float64Array.from(rows, (row) => row[j]!))
      columns.push(columns[0]!.map((entry, i) => entry - 2 * columns[1]![i]!))
      const y = Float64Array.from(rows, (row) => row[3])
      const fit = leastSquares(matrixFromColumns(columns), y)
      expectClose(leaveResiduals(columns, y), fit.rss, 1e-9, 1)
      expectAllClose(y, fit.residuals, 1e-9, 1)
    }),
  )
})

describe('matrices', () => {
  it('eigenvalues agree with eigen()', () => {
    const eigen = eigenSymmetric(matrixFromRows(r.eigen.r))
    expectAllClose(eigen.values, r.eigen.values, 1e-10)
    expectAllClose(
      r.eigen.first.map((_, i) => Math.abs(at(eigen.vectors, i, 0))),
      r.eigen.first,
      1e-10,
    )
  })
  it('a Cholesky factor gives the matrix back, and the inverse its unit', () => {
    const a = matrixFromRows(r.eigen.r)
    const l = cholesky(a)
    const inverse = invertPositive(a)
    if (isNoValue(l) || isNoValue(inverse)) throw new Error('is positive definite')
    expectAllClose(multiply(l, transpose(l)).data, a.data, 1e-12)
    expectClose(at(multiply(a, inverse), 2, 2), 1, 1e-12)
  })
  it('a singular matrix is told', () => {
    expect(cholesky(matrix(2, 2, [1, 1, 1, 1]))).toMatchObject({ reason: 'singular' })
    expect(invertPositive(matrix(1, 1, [0]))).toMatchObject({ reason: 'singular' })
  })
})
