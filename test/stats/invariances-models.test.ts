import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backtest } from '../../src/stats/backtest.ts'
import { CovarianceSums, correlationsOf, PairwiseSums } from '../../src/stats/covariance.ts'
import { cuped, pairMoments } from '../../src/stats/cuped.ts'
import { driverLimits } from '../../src/stats/drivers-bootstrap.ts'
import { eigenSymmetric } from '../../src/stats/eigen.ts'
import { fleissKappa } from '../../src/stats/fleiss-kappa.ts'
import { forecastAccuracy, naiveScale } from '../../src/stats/forecast-accuracy.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { johnsonWeights } from '../../src/stats/johnson.ts'
import { krippendorff, type RatingLevel } from '../../src/stats/krippendorff.ts'
import { at, matrixFromRows, multiply, transpose } from '../../src/stats/matrix.ts'
import { seasonalNaive } from '../../src/stats/seasonal-naive.ts'
import { expectAllClose, expectClose } from './reference.ts'

// What each figure must not change with: order, unit of measure, rows written twice, names of categories.

function same<T>(a: OrReason<T>, b: OrReason<T>, figures: (value: T) => ArrayLike<number>): void {
  expect(isNoValue(b)).toBe(isNoValue(a))
  if (!isNoValue(a) && !isNoValue(b)) expectAllClose(figures(b as T), figures(a as T), 1e-8, 1e-6)
}
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const whole = (min: number, max: number) => fc.integer({ min, max })
const factor = whole(2, 9)

describe('covariances', () => {
  const rows = fc.array(fc.tuple(whole(-20, 20), whole(-20, 20), whole(-20, 20)), {
    minLength: 3,
    maxLength: 30,
  })
  const sums = (rows: readonly (readonly number[])[], made = new CovarianceSums(3)) => {
    for (const row of rows) made.add(row)
    return made.result()
  }
  it('do not change with order or origin, nor with the basis where nothing is missing', () => {
    fc.assert(
      fc.property(rows, whole(-1e6, 1e6), (rows, shift) => {
        const plain = sums(rows).matrix.data
        expectAllClose(
          sums(rows.map((row) => row.map((x) => x + shift)).reverse()).matrix.data,
          plain,
          1e-8,
          1e-6,
        )
        const pairwise = new PairwiseSums(3)
        for (const row of rows) pairwise.add(row)
        expectAllClose(pairwise.result().matrix.data, plain, 1e-9, 1e-9)
      }),
    )
  })
  it('give eigenvectors that make the matrix again, and Johnson weights that add up to R²', () => {
    // R 4.2.2: eigen(matrix(c(4,1,.5,1,3,.2,.5,.2,2), 3))$values
    const known = matrixFromRows([
      [4, 1, 0.5],
      [1, 3, 0.2],
      [0.5, 0.2, 2],
    ])
    expectAllClose(
      eigenSymmetric(known).values,
      [4.721570077747948, 2.398343019336996, 1.880086902915053],
      1e-10,
    )
    fc.assert(
      fc.property(rows, (rows) => {
        const { matrix } = sums(rows)
        const { values, vectors } = eigenSymmetric(matrix)
        const scaled = matrixFromRows(
          [0, 1, 2].map((i) => [0, 1, 2].map((j) => at(vectors, i, j) * values[j]!)),
        )
        expectAllClose(multiply(scaled, transpose(vectors)).data, matrix.data, 1e-9, 1)
        const r = correlationsOf(matrix)
        const two = matrixFromRows([
          [1, at(r, 0, 1)],
          [at(r, 0, 1), 1],
        ])
        if (Math.abs(at(r, 0, 1)) > 0.999 || [0, 1, 2].some((i) => at(matrix, i, i) === 0)) return
        const [a, b, c] = [at(r, 0, 2), at(r, 1, 2), at(r, 0, 1)]
        const r2 = (a * a + b * b - 2 * a * b * c) / (1 - c * c)
        const weights = sure(johnsonWeights(two, [a, b]))
        expectClose(weights[0]! + weights[1]!, r2, 1e-8, 1e-6)
        expectAllClose(sure(johnsonWeights(two, [b, a])), [weights[1]!, weights[0]!], 1e-8, 1e-6)
      }),
    )
  })
  it('bootstrap limits are those of the seed, in any unit', () => {
    const columns = [0, 1, 2].map((j) =>
      Float64Array.from({ length: 40 }, (_, i) => ((i * (7 + j)) % 11) + (i % 3)),
    )
    const options = { rounds: 40, seed: 3, basis: 'complete' as const }
    const limits = (data: readonly Float64Array[], seed = 3) =>
      driverLimits(data, { ...options, seed }).flatMap(({ lmgShare, johnson }) => [
        ...sure(lmgShare),
        ...sure(johnson),
      ])
    const plain = limits(columns)
    expectAllClose(limits(columns.map((column, j) => column.map((x) => (j + 2) * x - 5))), plain, 1e-8)
    expect(limits(columns, 4)).not.toEqual(plain)
  })
})

describe('CUPED', () => {
  const arm = fc.array(fc.tuple(whole(0, 20), whole(0, 20)), { minLength: 3, maxLength: 20 })
  it('follows the unit of the outcome, not that of the earlier value; turning the arms turns the sign', () => {
    fc.assert(
      fc.property(arm, arm, factor, (control, treated, k) => {
        const of = (rows: readonly (readonly [number, number])[], scale = 1, earlier = 1) =>
          pairMoments(
            rows.map(([x]) => earlier * x + 3),
            rows.map(([, y]) => scale * y),
          )
        const plain = cuped(of(control), of(treated))
        const scaled = cuped(of(control, k, 5), of(treated, k, 5))
        const effect = (found: typeof plain) =>
          isNoValue(found) || isNoValue(found.effect) ? undefined : found.effect.difference
        if (effect(plain) === undefined) return
        expectClose(effect(scaled), k * effect(plain)!, 1e-8, 1e-6)
        expectClose(effect(cuped(of(treated), of(control))), -effect(plain)!, 1e-8, 1e-6)
      }),
    )
  })
})

describe('agreement', () => {
  const subjects = fc.array(fc.array(whole(0, 3), { minLength: 4, maxLength: 4 }), {
    minLength: 3,
    maxLength: 20,
  })
  const tally = (ratings: readonly number[]) => [0, 1, 2, 3].map((c) => ratings.filter((r) => r === c).length)
  it('of many raters does not know the names of categories or the order of raters', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const table = rows.map(tally)
        same(fleissKappa(table), fleissKappa(table.map((row) => row.toReversed()).reverse()), (x) => [
          x.kappa,
          x.se,
        ])
        same(
          fleissKappa([...table, ...table]),
          fleissKappa(
            table,
            table.map(() => 2),
          ),
          (x) => [x.kappa, x.se],
        )
        const renamed = rows.map((row) => row.map((rating) => (rating * 3 + 1) % 4).reverse())
        same(krippendorff(rows, 'nominal'), krippendorff(renamed, 'nominal'), (x) => [x.alpha])
        const turned = (f: (x: number) => number) => rows.map((row) => row.map(f))
        const alike: [RatingLevel, (x: number) => number][] = [
          ['ordinal', (x) => (x + 1) ** 3],
          ['interval', (x) => 5 * x - 40],
          ['ratio', (x) => 7 * x],
        ]
        for (const [level, f] of alike)
          same(krippendorff(rows, level), krippendorff(turned(f), level), (x) => [x.alpha])
        same(
          krippendorff([...rows, ...rows], 'interval'),
          krippendorff(
            rows,
            'interval',
            rows.map(() => 2),
          ),
          (x) => [x.alpha, x.units],
        )
      }),
    )
  })
})

describe('forecasts', () => {
  it('errors follow the unit, shares of errors do not, and the naive forecast moves with the series', () => {
    fc.assert(
      fc.property(fc.array(whole(1, 60), { minLength: 9, maxLength: 30 }), factor, (values, k) => {
        const scaled = values.map((x) => k * x)
        const naive = (series: readonly number[]) => series.slice(0, -1)
        const of = (series: readonly number[]) =>
          sure(forecastAccuracy(series.slice(1), naive(series), naiveScale(series, 1)))
        const [a, b] = [of(values), of(scaled)]
        expectAllClose([b.mae, b.rmse, b.me], [k * a.mae, k * a.rmse, k * a.me], 1e-10, 1e-9)
        same(a.mape, b.mape, (x) => [x])
        same(a.mase, b.mase, (x) => [x])
        const ahead = (series: readonly number[]) => sure(seasonalNaive(series, 3, 5)).forecast
        expectAllClose(
          ahead(values.map((x) => k * x + 100)),
          ahead(values).map((x) => k * x + 100),
          1e-12,
        )
        const tried = (series: readonly number[]) =>
          backtest(
            Float64Array.from(series),
            (training, horizon) => {
              const found = seasonalNaive(training, 1, horizon)
              return isNoValue(found) ? found : { forecast: found.forecast, reach: found.reach }
            },
            { horizon: 2, least: 5 },
          )
        same(tried(values), tried(scaled), (x) => [x.origins, x.accuracy.rmse / x.accuracy.rmse || 0])
        const [one, other] = [tried(values), tried(scaled)]
        if (!isNoValue(one) && !isNoValue(other))
          expectClose(other.accuracy.mae, k * one.accuracy.mae, 1e-10, 1e-9)
      }),
    )
  })
})
