import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartBaseline, meanMovingRange } from '../../src/stats/chart-baseline.ts'
import { keepColumns } from '../../src/stats/columns-kept.ts'
import { CovarianceSums } from '../../src/stats/covariance.ts'
import { leastSquaresBox } from '../../src/stats/least-squares-box.ts'
import { leastSquaresValleys } from '../../src/stats/least-squares-valleys.ts'
import { leastSquares } from '../../src/stats/linear.ts'
import { matrixFromRows } from '../../src/stats/matrix.ts'
import { findMinimum } from '../../src/stats/minimum.ts'
import { regressionFromCovariance } from '../../src/stats/regression.ts'
import { findRoot } from '../../src/stats/root.ts'
import { orderFollowUp, spanStarts } from '../../src/stats/survival-times.ts'
import { expectAllClose, expectClose } from './reference.ts'

// What the fits stand on: roots, minima, least squares, columns made ready and follow-up put in order.

const whole = (min: number, max: number) => fc.integer({ min, max })

describe('roots and minima', () => {
  it('as R finds them', () => {
    // R 4.2.2: uniroot(function(x) x^3 - 2*x - 5, c(2, 3), tol = 1e-15)$root
    expectClose(
      findRoot((x) => x ** 3 - 2 * x - 5, 2, 3),
      2.09455148154233,
      1e-12,
    )
    // R 4.2.2: optimize in the best part of a fine grid of (x - 1.7)^2 + .3 sin(9 x) on -1..4, which has several dips
    const dips = (x: number) => (x - 1.7) ** 2 + 0.3 * Math.sin(9 * x)
    expectClose(findMinimum(dips, -1, 4), 1.90308376953761, 1e-6)
    expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow('opposite sign')
    expect([findRoot((x) => x, 0, 1), findRoot((x) => x - 1, 0, 1)]).toEqual([0, 1])
  })
  it('of any cubic and parabola', () => {
    fc.assert(
      fc.property(whole(-50, 50), whole(1, 40), (at, k) => {
        expectClose(
          findRoot((x) => (x - at / 10) ** 3 * k + (x - at / 10), -6, 7),
          at / 10,
          1e-7,
          1,
        )
        expectClose(
          findMinimum((x) => k * (x - at / 10) ** 2, -6, 6),
          at / 10,
          1e-6,
          1,
        )
      }),
    )
  })
})

describe('least squares', () => {
  it('in a box stand at the bottom, or at the wall before it', () => {
    // Rosenbrock 1960: the bottom of the valley is (1, 1).
    const valley = (p: ArrayLike<number>) => Float64Array.of(10 * (p[1]! - p[0]! ** 2), 1 - p[0]!)
    const free = leastSquaresBox(valley, [-1.2, 1], [-5, -5], [5, 5])
    expectAllClose(free.point, [1, 1], 1e-6)
    expect(free.converged).toBe(true)
    const walled = leastSquaresBox(valley, [0, 0], [-5, -5], [0.5, 5])
    expectAllClose(walled.point, [0.5, 0.25], 1e-6)
  })
  const places = Array.from({ length: 21 }, (_, i) => i / 2 - 5)
  const of = (misses: (p: ArrayLike<number>) => Float64Array, ...axes: number[][]) =>
    leastSquaresValleys(misses, (p) => misses(p).reduce((sum, miss) => sum + miss * miss, 0), axes)
  it('of several valleys stand in the deepest', () => {
    // Himmelblau 1972 has four bottoms of 0; a third miss lifts all of them but (3, 2).
    const himmelblau = ([x, y]: number[]) => [x! ** 2 + y! - 11, x! + y! ** 2 - 7, (x! - 3) / 10]
    const found = of((p) => Float64Array.from(himmelblau(Array.from(p))), places, places)
    expectAllClose(found!.point, [3, 2], 1e-6)
    expect(found!.converged).toBe(true)
    expect(of(() => Float64Array.of(Number.NaN), places)).toBeUndefined()
  })
  it('of two valleys that lie meshes apart stand in the deepest', () => {
    const tenth = whole(-45, 45).map((n) => n / 10)
    fc.assert(
      fc.property(tenth, tenth, (one, other) => {
        fc.pre(Math.abs(one - other) >= 2)
        // Misses 0 at one place alone, and nearly so at another.
        const found = of((p) => Float64Array.of((p[0]! - one) * (p[0]! - other), (p[0]! - one) / 100), places)
        expectClose(found!.point[0], one, 1e-4, 1)
      }),
    )
  })
  it('off a flat begin at its end that leads down', () => {
    // The second weight does nothing where the first is 0; only beside 1 does it lead down from there.
    const flat = (p: ArrayLike<number>) => Float64Array.of(1 + p[0]! * (1 - 1.001 * p[1]!) + 0.5 * p[0]! ** 2)
    const found = of(flat, [0, 0.5, 1], [0, 0.5, 1])
    expectAllClose(found!.point, [0.001, 1], 1e-3, 0.01)
  })
  const rows = fc.array(fc.tuple(whole(-9, 9), whole(-9, 9), whole(-9, 9)), { minLength: 6, maxLength: 25 })
  it('from covariances are those from the rows', () => {
    fc.assert(
      fc.property(rows, (rows) => {
        const sums = new CovarianceSums(3)
        for (const row of rows) sums.add(row)
        const found = regressionFromCovariance(sums.result())
        if ('reason' in found) return
        const { coefficients, rss } = leastSquares(
          matrixFromRows(rows.map(([a, b]) => [1, a, b])),
          rows.map(([, , y]) => y),
        )
        const all = [found.intercept, ...found.coefficients].map(({ estimate }) => estimate)
        expectAllClose(all, coefficients, 1e-7, 1e-3)
        const sigma = found.sigma as number
        expectClose(sigma ** 2 * (rows.length - 3), rss, 1e-6, 1e-3)
      }),
    )
  })
})

describe('columns for a fit', () => {
  it('leave out what is constant or follows from others, and give a row without its zeros', () => {
    const x = [1, 2, 3, 4, 5, 6]
    const codes = [0, 1, 2, 0, 1, 2]
    const first = codes.map((code) => (code === 0 ? 1 : 0))
    const made = keepColumns([x, [7, 7, 7, 7, 7, 7], { codes, levels: 3 }, first, x.map((v) => 3 - 2 * v)])
    expect([made.width, made.kept]).toEqual([6, [0, 2, 3]])
    const places = new Int32Array(5)
    const values = new Float64Array(5)
    expect(made.fill(1, places, values)).toBe(2)
    expect([...places.subarray(0, 2)]).toEqual([0, 1])
    expectAllClose(values.subarray(0, 2), [-1.5 / Math.sqrt(35 / 12), 1], 1e-12)
    expect(made.fill(0, places, values)).toBe(1)
    expect(keepColumns([]).kept).toEqual([])
  })
  it('count a row as often as it weighs', () => {
    const rows = fc.array(fc.tuple(whole(-5, 5), whole(0, 2), whole(1, 3)), { minLength: 4, maxLength: 20 })
    fc.assert(
      fc.property(rows, (rows) => {
        const long = rows.flatMap(([x, code, times]) =>
          Array.from({ length: times }, () => [x, code] as const),
        )
        const of = (list: readonly (readonly number[])[], weights?: readonly number[]) =>
          keepColumns([list.map(([x]) => x!), { codes: list.map(([, code]) => code!), levels: 3 }], weights)
        const [short, whole] = [
          of(
            rows,
            rows.map(([, , times]) => times),
          ),
          of(long),
        ]
        expect(short.kept).toEqual(whole.kept)
        expectAllClose(short.centres, whole.centres, 1e-10, 1e-9)
        expectAllClose(short.scales, whole.scales, 1e-9, 1e-9)
      }),
    )
  })
})

describe('follow-up in order', () => {
  it('is sorted, whole, and cut at each distinct time', () => {
    const rows = fc.array(fc.tuple(whole(0, 12), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(rows, (rows) => {
        const data = orderFollowUp({
          times: rows.map(([time]) => time),
          events: rows.map(([, event]) => event),
        })
        expect([...data.order].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i))
        data.order.forEach((row, i) => {
          expect([data.times[i], data.events[i]]).toEqual(rows[row])
        })
        const starts = [...spanStarts(data)]
        expect(starts.at(-1)).toBe(rows.length)
        expect(starts.length - 1).toBe(new Set(rows.map(([time]) => time)).size)
        for (const start of starts.slice(1, -1))
          expect(data.times[start]).toBeGreaterThan(data.times[start - 1]!)
      }),
    )
    expect([...spanStarts(orderFollowUp({ times: [], events: [] }))]).toEqual([0])
    expect(() => orderFollowUp({ times: [-1], events: [0] })).toThrow('a time of -1')
    expect(() => orderFollowUp({ times: [1], events: [2] })).toThrow('0 or 1')
  })
})

describe('the baseline of a chart', () => {
  it('as R takes it from moving ranges, and as given', () => {
    // R 4.2.2: v <- c(12.4, 11.9, 13.1, 12.4, 14); mean(v); mean(abs(diff(v))) / 1.128; sd(v)
    const v = [12.4, 11.9, 13.1, 12.4, 14]
    expectClose(meanMovingRange(v, 5), 1)
    expect(chartBaseline(v, {})).toMatchObject({ centreIs: 'estimated', sigmaIs: 'estimated', n: 5 })
    const of = (options: Parameters<typeof chartBaseline>[1]) => {
      const found = chartBaseline(v, options)
      return 'reason' in found ? [] : [found.centre, found.sigma]
    }
    expectAllClose(of({}), [12.76, 1 / 1.128], 1e-12)
    expectAllClose(of({ estimator: 'sd' }), [12.76, 0.814248119432891], 1e-12)
    expectAllClose(of({ centre: 3, sigma: 2 }), [3, 2], 1e-12)
    expect(chartBaseline([5], {})).toMatchObject({ reason: 'too few' })
    expect(() => chartBaseline(v, { sigma: 0 })).toThrow('positive')
  })
  it('moves with the unit of the values', () => {
    fc.assert(
      fc.property(fc.array(whole(-30, 30), { minLength: 2, maxLength: 20 }), whole(2, 9), (values, k) => {
        for (const estimator of ['moving range', 'sd'] as const) {
          const [a, b] = [values, values.map((x) => k * x + 5)].map((list) =>
            chartBaseline(list, { estimator }),
          )
          if ('reason' in a! || 'reason' in b!) throw new Error('two values are enough')
          expectAllClose([b!.centre, b!.sigma], [k * a!.centre + 5, k * a!.sigma], 1e-9, 1e-3)
        }
      }),
    )
  })
})
