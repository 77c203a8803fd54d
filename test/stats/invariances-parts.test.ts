import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmsOf, chartPoint, emptyPoint, sideOf } from '../../src/stats/chart-point.ts'
import { differenceInDifferences } from '../../src/stats/difference-in-differences.ts'
import * as d from '../../src/stats/distributions.ts'
import { projectState, type SmoothingModel } from '../../src/stats/exponential-smoothing.ts'
import { fitSmoothing } from '../../src/stats/fit-smoothing.ts'
import { forecastReach } from '../../src/stats/forecast-limits.ts'
import { harmStop } from '../../src/stats/harm-stop.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { leastSquaresBox } from '../../src/stats/least-squares-box.ts'
import { invertPositive } from '../../src/stats/linear.ts'
import { logRank, pairwiseLogRank } from '../../src/stats/log-rank.ts'
import { matrix, matrixFromRows, multiply, multiplyVector, transpose } from '../../src/stats/matrix.ts'
import { panelOf } from '../../src/stats/panel.ts'
import { randomFrom, resample } from '../../src/stats/random.ts'
import { ratioOf, ratiosOf } from '../../src/stats/ratios.ts'
import { sandwich } from '../../src/stats/sandwich.ts'
import { modelApplies, smoothingStart } from '../../src/stats/smoothing-start.ts'
import { expectAllClose, expectClose } from './reference.ts'

// The parts that larger statistics stand on: an example of R's, their edges, and what they must not change with.

const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const whole = (min: number, max: number) => fc.integer({ min, max })
const few = { numRuns: 30 }
const factor = whole(2, 9)

describe('the start values of exponential smoothing', () => {
  const x = [30, 21, 29, 31, 35, 24, 33, 36]
  it('are those of R: a line through the centred average, and the mean swing about it', () => {
    // R 4.2.2: st <- decompose(ts(x, frequency = 4), type); d <- na.omit(c(st$trend)); coef(lm(d ~ seq_along(d))); st$figure
    const additive = sure(smoothingStart('additive', x, 4))
    expectAllClose([additive.level, additive.trend], [27.375, 0.9875], 1e-12)
    expectAllClose(additive.season, [4.84375, -7.28125, 0.71875, 1.71875], 1e-12)
    const multiplied = sure(smoothingStart('multiplicative', x, 4))
    expectAllClose([multiplied.level, multiplied.trend], [27.375, 0.9875], 1e-12)
    expectAllClose(
      multiplied.season,
      [1.157224237199711, 0.765072096716668, 1.022202604992772, 1.055501061090849],
      1e-12,
    )
    expect(smoothingStart('simple', x, 1)).toEqual({ level: 30, trend: 0, season: [], first: 1 })
    expect(smoothingStart('holt', x, 1)).toEqual({ level: 21, trend: -9, season: [], first: 2 })
  })
  it('need two cycles, a cycle, and positive values to multiply', () => {
    expect(smoothingStart('simple', [1], 1)).toMatchObject({ reason: 'too few' })
    expect(smoothingStart('holt', [1, 2], 1)).toMatchObject({ reason: 'too few' })
    expect(smoothingStart('additive', x.slice(1), 4)).toMatchObject({ reason: 'too few' })
    expect(smoothingStart('additive', x, 1)).toMatchObject({ reason: 'not applicable' })
    expect(smoothingStart('multiplicative', [...x.slice(1), 0], 4)).toMatchObject({ reason: 'out of range' })
    expect(modelApplies('multiplicative', [1, 0], 2)).toBe(false)
    expect(modelApplies('holt', [-1], 1)).toBe(true)
    const flat = sure(smoothingStart('additive', [5, 5, 5, 5, 5, 5], 3))
    expect([flat.level, flat.trend, ...flat.season]).toEqual([5, 0, 0, 0, 0])
  })
  it('follow the unit of the values: swings add up to 0, or their mean is 1', () => {
    const series = fc
      .tuple(whole(2, 6), fc.array(whole(1, 90), { minLength: 12, maxLength: 20 }))
      .map(([period, values]) => ({ period, values }))
    fc.assert(
      fc.property(series, factor, ({ period, values }, k) => {
        const [one, two] = [values, values.map((y) => k * y - 7)].map((list) =>
          sure(smoothingStart('additive', list, period)),
        )
        expectAllClose([two!.level, two!.trend], [k * one!.level - 7, k * one!.trend], 1e-9, 1)
        expectAllClose(
          two!.season,
          one!.season.map((swing) => k * swing),
          1e-9,
          1,
        )
        expect(one!.season.reduce((sum, swing) => sum + swing, 0)).toBeCloseTo(0, 9)
        const [a, b] = [values, values.map((y) => k * y)].map((list) =>
          sure(smoothingStart('multiplicative', list, period)),
        )
        expectAllClose(b!.season, a!.season, 1e-9, 1)
        expect(a!.season.reduce((sum, swing) => sum + swing, 0) / period).toBeCloseTo(1, 9)
      }),
      few,
    )
  })
})

describe('the limits of a forecast', () => {
  const fitOf = (model: SmoothingModel, values: readonly number[], weights = { alpha: 0.4, beta: 0.2 }) =>
    sure(fitSmoothing(model, values, { period: 4, weights: { ...weights, gamma: 0.3 } }))
  it("are R's", () => {
    // R 4.2.2: fit <- HoltWinters(c(12,15,11,14,18,16,15), .4, .2, FALSE); p <- predict(fit, 3, TRUE); p[,2] - p[,1]
    expectAllClose(
      sure(forecastReach(fitOf('holt', [12, 15, 11, 14, 18, 16, 15]), 3)),
      [4.84758951019447, 5.37711095688206, 6.02350791048144],
      1e-10,
    )
  })
  it('need two residuals, and are nought where nothing was missed', () => {
    expect(forecastReach(fitOf('holt', [1, 2, 4]), 2)).toMatchObject({ reason: 'too few' })
    expect(sure(forecastReach(fitOf('holt', [1, 2, 3, 4, 5, 6]), 3))).toEqual([0, 0, 0])
    expect(sure(forecastReach(fitOf('holt', [1, 2, 4, 3]), 0))).toEqual([])
    expect(() => forecastReach(fitOf('holt', [1, 2, 4, 3]), 1, 1)).toThrow('level')
  })
  it('widen ahead and with the level, follow the unit, and are those of a random walk at a weight of 1', () => {
    const series = fc.array(whole(1, 90), { minLength: 10, maxLength: 20 })
    fc.assert(
      fc.property(series, factor, fc.constantFrom('simple', 'holt', 'additive'), (values, k, model) => {
        const reach = sure(forecastReach(fitOf(model, values), 6))
        for (let h = 1; h < 6; h++) expect(reach[h]!).toBeGreaterThanOrEqual(reach[h - 1]!)
        const wide = sure(forecastReach(fitOf(model, values), 6, 0.99))
        expectAllClose(
          wide.map((one) => one * d.Z95),
          reach.map((one) => one * d.normalQuantile(0.995)),
          1e-9,
        )
        const scaled = fitOf(
          model,
          values.map((y) => k * y - 30),
        )
        expectAllClose(
          sure(forecastReach(scaled, 6)),
          reach.map((one) => k * one),
          1e-8,
          1e-6,
        )
        const walk = sure(forecastReach(fitOf('simple', values, { alpha: 1, beta: 0 }), 4))
        expectAllClose(
          walk,
          [1, 2, 3, 4].map((h) => walk[0]! * Math.sqrt(h)),
          1e-10,
        )
      }),
      few,
    )
  })
  it('of seasons that multiply follow the unit as well', () => {
    const series = fc.array(whole(20, 90), { minLength: 10, maxLength: 20 })
    fc.assert(
      fc.property(series, factor, (values, k) => {
        const [one, two] = [values, values.map((y) => k * y)].map((list) => {
          const fit = fitOf('multiplicative', list)
          return [...sure(forecastReach(fit, 6)), ...projectState('multiplicative', fit.state, 6)]
        })
        expectAllClose(
          two!,
          one!.map((figure) => k * figure),
          1e-8,
          1e-6,
        )
      }),
      few,
    )
  })
})

describe('the harm stop', () => {
  const limit = (a: number, n: number, b: number, m: number, alpha?: number) =>
    sure(harmStop({ successes: a, n }, { successes: b, n: m }, 0, alpha)).atLeast
  it('has the limit of its paper', () => {
    // R 4.2.2, equation (35) of Waudby-Smith et al. (one-sided): v <- function(x, n) { p <- (x + 1) / (n + 2); p * (1 - p) / n }
    // t <- n + m; s <- sqrt((v(a, n) + v(b, m)) * t); l <- -2 * log(2 * alpha); r2 <- (l + log(l + 1)) / 400
    // a / n - b / m - s * sqrt(2 * (t * r2 + 1) / (t^2 * r2) * log(1 + sqrt(t * r2 + 1) / (2 * alpha)))
    expectAllClose(
      [
        limit(80, 100, 60, 100),
        limit(20, 20, 0, 20),
        limit(300, 400, 200, 350),
        limit(80, 100, 60, 100, 0.2),
      ],
      [0.0195333047306575, 0.7576600473299209, 0.0828947295300226, 0.0524236400701193],
      1e-12,
    )
  })
  it('refuses arms that cannot be', () => {
    const arm = { successes: 20, n: 40 }
    expect(() => harmStop({ successes: 41, n: 40 }, arm, 0)).toThrow('41 of 40')
    expect(() => harmStop(arm, { successes: 1.5, n: 40 }, 0)).toThrow('successes')
    expect(harmStop(arm, { successes: 19, n: 19 }, 0)).toMatchObject({ reason: 'too few' })
  })
  it('turns with the arms and with success, stops later for more harm borne and sooner with more people', () => {
    const arm = whole(20, 80).chain((n) => whole(0, n).map((successes) => ({ successes, n })))
    fc.assert(
      fc.property(arm, arm, factor, (now, later, k) => {
        const of = (a: typeof now, b: typeof now, harm = 0.05) => sure(harmStop(a, b, harm))
        const found = of(now, later)
        const lost = (one: typeof now) => ({ successes: one.n - one.successes, n: one.n })
        // Who is not retained is lost: the same trial, told by the losses with the arms turned.
        const told = of(lost(later), lost(now))
        expectAllClose([told.difference, told.atLeast], [found.difference, found.atLeast], 1e-9, 1e-3)
        expect(of(later, now).difference).toBeCloseTo(-found.difference, 12)
        expect(found.atLeast).toBeLessThan(found.difference)
        expect(found.stop).toBe(found.atLeast > 0.05)
        if (of(now, later, 0.3).stop) expect(found.stop).toBe(true)
        const more = (one: typeof now) => ({ successes: k * one.successes, n: k * one.n })
        expect(of(more(now), more(later)).atLeast).toBeGreaterThan(found.atLeast)
      }),
      few,
    )
  })
})

describe('the log-rank test', () => {
  it('is that of R with ties', () => {
    // R 4.2.2, survival 3.5-3: g <- c(0,0,1,1,2,2,0,1,2); survdiff(Surv(c(1,3,2,5,4,4,6,6,2), c(1,1,0,1,1,1,0,1,1)) ~ g)
    const followUp = { times: [1, 3, 2, 5, 4, 4, 6, 6, 2], events: [1, 1, 0, 1, 1, 1, 0, 1, 1] }
    expectClose(sure(logRank(followUp, [0, 0, 1, 1, 2, 2, 0, 1, 2], 3)).chiSquare, 1.38889596067886, 1e-10)
  })
  it('does not mind the unit of time, the order of the rows or the names of the groups', () => {
    const rows = fc.array(fc.tuple(whole(1, 9), whole(0, 1), whole(0, 2)), { minLength: 6, maxLength: 40 })
    fc.assert(
      fc.property(rows, factor, (rows, k) => {
        const of = (list: typeof rows, unit: number, turn: number) => {
          const followUp = { times: list.map(([t]) => unit * t), events: list.map(([, e]) => e) }
          const group = list.map(([, , g]) => (g + turn) % 3)
          return { all: logRank(followUp, group, 3), pairs: pairwiseLogRank(followUp, group, 3, 'holm') }
        }
        const one = of(rows, 1, 0)
        const two = of(rows.toReversed(), k, 1)
        expect(isNoValue(two.all)).toBe(isNoValue(one.all))
        if (isNoValue(one.all) || isNoValue(two.all)) return
        expectAllClose([two.all.chiSquare, two.all.df], [one.all.chiSquare, one.all.df], 1e-8, 1e-6)
        const ps = ({ pairs }: typeof one) =>
          pairs.map(({ test }) => (isNoValue(test) ? 2 : test.p)).toSorted((a, b) => a - b)
        expectAllClose(ps(two), ps(one), 1e-8, 1e-6)
      }),
      few,
    )
  })
})

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

describe('numbers from a seed', () => {
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
