import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmsOf, chartPoint, emptyPoint, sideOf } from '../../src/stats/chart-point.ts'
import { countBelow } from '../../src/stats/count-below.ts'
import { differenceInDifferences } from '../../src/stats/difference-in-differences.ts'
import * as d from '../../src/stats/distributions.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { leastSquaresBox } from '../../src/stats/least-squares-box.ts'
import { invertPositive } from '../../src/stats/linear.ts'
import { matrix, matrixFromRows, multiply, multiplyVector, transpose } from '../../src/stats/matrix.ts'
import { panelOf } from '../../src/stats/panel.ts'
import { randomFrom, resample } from '../../src/stats/random.ts'
import { ratioOf, ratiosOf } from '../../src/stats/ratios.ts'
import { sandwich } from '../../src/stats/sandwich.ts'
import { wald } from '../../src/stats/wald.ts'
import { expectAllClose, expectClose } from './reference.ts'

// What all of src/stats stands on: matrices, distributions, numbers from a seed. An example, edges, and a property.

const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const whole = (min: number, max: number) => fc.integer({ min, max })
const few = { numRuns: 30 }

describe('matrices', () => {
  const square = fc.array(fc.array(whole(-9, 9), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  })
  it("multiply as they should: (AB)' = B'A', (AB)v = A(Bv)", () => {
    fc.assert(
      fc.property(square, square, fc.array(whole(-9, 9), { minLength: 3, maxLength: 3 }), (a, b, v) => {
        const [A, B] = [matrixFromRows(a), matrixFromRows(b)]
        expect(transpose(multiply(A, B))).toEqual(multiply(transpose(B), transpose(A)))
        expect(multiplyVector(multiply(A, B), v)).toEqual(multiplyVector(A, multiplyVector(B, v)))
      }),
      few,
    )
    expect(() => multiply(matrix(2, 3), matrix(2, 3))).toThrow('2x3 times 2x3')
    expect(() => matrix(2, 2, [1])).toThrow('1 numbers for 2 x 2')
    expect(() => matrixFromRows([[1], [1, 2]])).toThrow('unequal length')
  })
  it('make a sandwich that is symmetric, and no less than nought in any direction', () => {
    // R 4.2.2: B <- solve(matrix(c(2,-1,.5,-1,3,.25,.5,.25,1), 3)); B %*% matrix(c(4,1,0,1,2,-1,0,-1,3), 3) %*% B
    const bread = matrixFromRows([
      [2, -1, 0.5],
      [-1, 3, 0.25],
      [0.5, 0.25, 1],
    ])
    const meat = matrixFromRows([
      [4, 1, 0],
      [1, 2, -1],
      [0, -1, 3],
    ])
    expectAllClose(
      sandwich(sure(invertPositive(bread)), meat).data.filter((_, i) => i % 4 === 0 || i === 1 || i === 2),
      [3.78147762747138, 2.19771071800208, -4.08532778355879, 1.44016649323621, 6.84287200832466],
      1e-10,
    )
    fc.assert(
      fc.property(square, square, (bread, scores) => {
        const B = multiply(transpose(matrixFromRows(bread)), matrixFromRows(bread))
        const M = multiply(transpose(matrixFromRows(scores)), matrixFromRows(scores))
        const found = sandwich(B, M)
        expect(transpose(found)).toEqual(found)
        for (const v of [
          [1, 0, 0],
          [1, -1, 2],
        ]) {
          const along = multiplyVector(found, v).reduce((sum, entry, i) => sum + entry * v[i]!, 0)
          expect(along).toBeGreaterThanOrEqual(0)
        }
      }),
      few,
    )
  })
})

describe('distributions', () => {
  it('add up to 1 with what lies beyond, and mirror where they are even', () => {
    const size = fc.double({ min: 0.01, max: 30, noNaN: true })
    const df = fc.double({ min: 0.5, max: 200, noNaN: true })
    fc.assert(
      fc.property(size, df, df, (x, a, b) => {
        expect(d.chiSquareCdf(x, a) + d.chiSquareUpper(x, a)).toBeCloseTo(1, 12)
        expect(d.fisherCdf(x, a, b) + d.fisherUpper(x, a, b)).toBeCloseTo(1, 12)
        expectClose(d.fisherUpper(x, a, b), d.fisherCdf(1 / x, b, a), 1e-9, 1e-12)
        expect(d.studentCdf(-x, a)).toBeCloseTo(d.studentUpper(x, a), 12)
        expectClose(d.studentTwoSided(x, a), d.fisherUpper(x * x, 1, a), 1e-9, 1e-12)
        expectClose(d.normalTwoSided(x), d.chiSquareUpper(x * x, 1), 1e-9, 1e-300)
        const { lower, upper } = d.incompleteGamma(a, x)
        expect(lower + upper).toBeCloseTo(1, 12)
        const share = x / 31
        expectClose(d.incompleteBeta(a, b, share).lower, d.incompleteBeta(b, a, 1 - share).upper, 1e-8, 1e-12)
        expectClose(d.lgamma(a + 1), d.lgamma(a) + Math.log(a), 1e-12, 1)
      }),
      { numRuns: 60 },
    )
  })
})

describe('ratios', () => {
  it('are exponentials, and say so when they are too large', () => {
    // R 4.2.2: exp(c(-1.5, 0, .7, 709))
    expectAllClose(
      [-1.5, 0, 0.7, 709].map((x) => ratioOf(x)),
      [0.22313016014843, 1, 2.01375270747048, 8.21840746155497e307],
      1e-12,
    )
    expect(ratioOf(710)).toMatchObject({ reason: 'out of range' })
    expect(ratiosOf([-800, 710])).toMatchObject({ reason: 'out of range' })
    expect(sure(ratiosOf([-800, 0]))).toEqual([0, 1])
    const logs = fc.double({ min: -300, max: 300, noNaN: true })
    fc.assert(
      fc.property(logs, logs, (a, b) => {
        expectClose((ratioOf(a) as number) * (ratioOf(b) as number), ratioOf(a + b) as number, 1e-11, 0)
        expectClose((ratioOf(a) as number) * (ratioOf(-a) as number), 1, 1e-12)
      }),
      few,
    )
  })
})

describe('a coefficient with its standard error', () => {
  it('is told with z, p and limits', () => {
    // R 4.2.2: 2 * pnorm(-2.5), 0.5 + c(-1, 1) * 0.2 * qnorm(0.975)
    const { z, p, interval } = wald(0.5, 0.2, 1.959963984540054)
    expect(z).toBe(2.5)
    expectClose(p, 0.01241933065155227, 1e-12)
    expectAllClose(interval, [0.10800720309198925, 0.8919927969080108], 1e-12)
    expect(wald(0, 1, 1.96)).toEqual({ estimate: 0, se: 1, z: 0, p: 1, interval: [-1.96, 1.96] })
  })
  it('is the same in another unit, and turned with its sign', () => {
    const estimates = fc.double({ min: -50, max: 50, noNaN: true })
    fc.assert(
      fc.property(estimates, fc.double({ min: 0.1, max: 10, noNaN: true }), (estimate, se) => {
        const plain = wald(estimate, se, 1.96)
        const scaled = wald(8 * estimate, 8 * se, 1.96)
        expect([scaled.z, scaled.p]).toEqual([plain.z, plain.p])
        expect(scaled.interval).toEqual(plain.interval.map((limit) => 8 * limit))
        const turned = wald(-estimate, se, 1.96)
        expect(turned.p).toBe(plain.p)
        expectAllClose(turned.interval, [-plain.interval[1], -plain.interval[0]], 1e-12)
      }),
      few,
    )
  })
})

describe('values below one', () => {
  it('are counted, ties and ends as well', () => {
    const sorted = Float64Array.of(1, 2, 2, 5)
    expect([0, 1, 2, 3, 5, 9].map((value) => countBelow(sorted, value))).toEqual([0, 0, 1, 3, 3, 4])
    expect(countBelow(new Float64Array(), 1)).toBe(0)
    fc.assert(
      fc.property(fc.array(whole(-5, 5)), whole(-6, 6), (values, value) => {
        const rising = Float64Array.from(values).sort()
        expect(countBelow(rising, value)).toBe(values.filter((each) => each < value).length)
      }),
      few,
    )
  })
})

describe('numbers from a seed', () => {
  it('are those of the published generator', () => {
    // xoshiro128starstar.c of Blackman & Vigna in Python, its state filled by splitmix32 from 1.
    const random = randomFrom(1)
    expect([random(), random(), random()]).toEqual([
      0.5686059948349658, 0.8893939367683266, 0.4705824180198359,
    ])
  })
  it('are the same for the same seed, lie in 0..1 and fill it evenly', () => {
    fc.assert(
      fc.property(whole(0, 2 ** 32 - 1), (seed) => {
        const [one, two] = [randomFrom(seed), randomFrom(seed)]
        const drawn = Array.from({ length: 400 }, () => one())
        expect(drawn).toEqual(Array.from({ length: 400 }, () => two()))
        expect(drawn.every((x) => x >= 0 && x < 1)).toBe(true)
        // Six standard errors of the mean of 400 uniform numbers.
        expect(Math.abs(drawn.reduce((sum, x) => sum + x, 0) / 400 - 0.5)).toBeLessThan(0.0867)
        const times = resample(50, randomFrom(seed))
        expect(times.reduce((sum, time) => sum + time, 0)).toBe(50)
      }),
      few,
    )
    expect(resample(0, randomFrom(1))).toHaveLength(0)
  })
})

describe('least squares in a box', () => {
  it('of a plane are where the equations put them, in any order of the parameters', () => {
    const pair = fc.tuple(whole(-20, 20), whole(-20, 20))
    fc.assert(
      fc.property(pair, whole(1, 5), ([a, b], k) => {
        const miss = (p: ArrayLike<number>) =>
          Float64Array.of(p[0]! - a / 10, k * (p[1]! - b / 10), p[0]! + p[1]! - (a + b) / 10)
        const turned = (p: ArrayLike<number>) => miss([p[1]!, p[0]!])
        const one = leastSquaresBox(miss, [0, 0], [-5, -5], [5, 5])
        const two = leastSquaresBox(turned, [0, 0], [-5, -5], [5, 5])
        expectAllClose(one.point, [a / 10, b / 10], 1e-6, 1)
        expectAllClose([two.point[1]!, two.point[0]!], one.point, 1e-6, 1)
        // Behind a wall nothing is better than the wall.
        const walled = leastSquaresBox(miss, [0, 0], [-5, -5], [0, 0])
        expect(walled.sse).toBeGreaterThanOrEqual(one.sse - 1e-12)
        expect(Math.max(...walled.point)).toBeLessThanOrEqual(0)
      }),
      few,
    )
  })
})

describe('a point of a chart', () => {
  it('is outside strictly, on the side where it lies, and mirrors', () => {
    const size = whole(-50, 50)
    fc.assert(
      fc.property(size, size, whole(0, 40), (value, low, width) => {
        const side = sideOf(value, low, low + width)
        expect(side).toBe(value > low + width ? 'above' : value < low ? 'below' : false)
        const mirror = { above: 'below', below: 'above', false: false }[String(side)]
        expect(sideOf(-value, -low - width, -low)).toBe(mirror)
        const points = [emptyPoint, chartPoint(value, low, low + width)]
        expect(alarmsOf(points)).toEqual(
          side ? [{ index: 1, side, value, limit: side === 'above' ? low + width : low }] : [],
        )
      }),
      few,
    )
    expect(sideOf(0.3, 0, 0.1 + 0.2)).toBe(false)
  })
})

describe('a panel', () => {
  it('holds the moments of its cells whatever the order of the rows, and none outside', () => {
    const rows = fc.array(fc.tuple(whole(-9, 9), whole(0, 2), whole(0, 1)), { minLength: 12, maxLength: 40 })
    const of = (list: readonly (readonly [number, number, number])[]) =>
      panelOf({
        value: list.map(([y]) => y),
        period: list.map(([, period]) => period),
        treated: list.map(([, , arm]) => arm),
        periods: 3,
        begin: 1,
      })
    fc.assert(
      fc.property(rows, (list) => {
        const [one, two] = [of(list), of(list.toReversed())]
        expect(two.cells.map(({ n, sum }) => [n, sum])).toEqual(one.cells.map(({ n, sum }) => [n, sum]))
        // The effect is what the four means say, by hand.
        const mean = (arm: number, after: boolean) => {
          const own = list.filter(([, period, a]) => a === arm && period >= 1 === after).map(([y]) => y)
          return own.reduce((sum, y) => sum + y, 0) / own.length
        }
        const found = differenceInDifferences(one)
        if (isNoValue(found)) return
        const byHand = mean(1, true) - mean(1, false) - (mean(0, true) - mean(0, false))
        expectClose((found as { effect: number }).effect, byHand, 1e-9, 1e-3)
      }),
      few,
    )
    expect(() => of([[1, 3, 0]])).toThrow('row 0 lies outside')
    expect(() => of([[1, 0, 2]])).toThrow('row 0 lies outside')
  })
})
