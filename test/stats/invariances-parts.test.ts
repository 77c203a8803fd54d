import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as d from '../../src/stats/distributions.ts'
import { projectState, type SmoothingModel, smooth } from '../../src/stats/exponential-smoothing.ts'
import { fitSbg } from '../../src/stats/fit-sbg.ts'
import { type FitOptions, fitSmoothing } from '../../src/stats/fit-smoothing.ts'
import { forecastReach } from '../../src/stats/forecast-limits.ts'
import { harmStop } from '../../src/stats/harm-stop.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { logRank, pairwiseLogRank } from '../../src/stats/log-rank.ts'
import { derl } from '../../src/stats/sbg.ts'
import { derlInterval, sbgInterval } from '../../src/stats/sbg-interval.ts'
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

describe('fitted weights of exponential smoothing', () => {
  const weight = fc.double({ min: 0, max: 1, noNaN: true })
  const series = fc.array(whole(1, 90), { minLength: 10, maxLength: 16 })
  const missedBy = (model: SmoothingModel, values: number[], options: FitOptions) =>
    fitSmoothing(model, values, { period: 4, ...options })
  it('miss by no more than any others', () => {
    fc.assert(
      fc.property(series, weight, weight, weight, (values, alpha, beta, gamma) => {
        for (const model of ['simple', 'holt', 'additive'] as const) {
          for (const start of ['heuristic', 'fitted'] as const) {
            const best = missedBy(model, values, { start })
            if (isNoValue(best)) continue
            const other = sure(missedBy(model, values, { start, weights: { alpha, beta, gamma } }))
            expect(best.sse).toBeLessThanOrEqual(other.sse * (1 + 1e-9) + 1e-9)
          }
        }
      }),
      few,
    )
  })
  // Least sums by a grid of 41 places a weight (301 for two), the 30 deepest gone down by steps without derivatives.
  it.each<[string, SmoothingModel, number[], number]>([
    ['in the corner', 'holt', [88, 88, 89, 87, 84, 76, 38, 4, 3, 66], 6137],
    ['in the corner', 'additive', [88, 88, 89, 87, 84, 76, 38, 4, 3, 66], 4610.3928125],
    ['at a wall', 'holt', [42, 47, 61, 52, 47, 81, 57, 46, 42, 43, 14, 48, 21, 18, 48], 4779.725107349248],
    [
      'in the second valley',
      'holt',
      [28, 18, 14, 56, 14, 53, 79, 83, 45, 73, 90, 69, 74, 4, 73],
      15758.586487936956,
    ],
    [
      'at a wall',
      'additive',
      [48, 87, 29, 73, 25, 50, 31, 44, 9, 38, 60, 1, 48, 21, 1, 88],
      12929.320663770412,
    ],
    [
      'off the end of a flat where the level stays',
      'holt',
      [10, 13, 6, 13, 24, 21, 34, 18, 41, 46, 40, 53, 21, 40],
      1278.4892288799192,
    ],
    [
      'off the end of a flat where the season stays',
      'additive',
      [88, 85, 37, 23, 35, 41, 30, 11, 72, 85, 62, 7, 7],
      5909.526836847755,
    ],
    [
      'in the deepest of valleys that are nearly alike',
      'additive',
      [65, 43, 31, 17, 65, 41, 67, 25, 36, 47, 73, 24, 65, 62, 52],
      3712.6571604246615,
    ],
    [
      'beside a weight that does nothing',
      'additive',
      [2, 46, 86, 38, 4, 34, 66, 17, 50, 72, 32, 46, 9, 4, 55],
      8409.97918657081,
    ],
    ['at two walls', 'multiplicative', [49, 4, 79, 38, 50, 58, 85, 21, 69, 80, 76, 29], 1946.6916223132775],
  ])('are found %s: %s %j', (_, model, values, least) => {
    expectClose(sure(missedBy(model, values, {})).sse, least, 1e-9)
  })
  it('are found beside fitted start values at a wall that a level at rest hides', () => {
    const values = [80, 86, 90, 56, 83, 3, 35, 61, 39, 11, 46, 39, 34, 19, 88, 76]
    expectClose(sure(missedBy('holt', values, { start: 'fitted' })).sse, 11236.8731165686, 1e-9)
  })
  it('refuse given ones outside of 0..1', () => {
    for (const alpha of [-0.1, 1.1, Number.NaN])
      expect(() => missedBy('holt', [1, 2, 4, 3], { weights: { alpha } })).toThrow('alpha')
  })
})

describe('fitted start values of exponential smoothing', () => {
  const series = fc.array(whole(1, 90), { minLength: 12, maxLength: 20 })
  const near = fc.double({ min: -5, max: 5, noNaN: true })
  it('miss by no more than those beside them, and follow the unit', () => {
    const weights = { alpha: 0.3, beta: 0.2, gamma: 0.4 }
    fc.assert(
      fc.property(series, near, near, near, factor, (values, up, tilt, swing, k) => {
        for (const model of ['simple', 'holt', 'additive'] as const) {
          const made = (list: number[]) =>
            sure(fitSmoothing(model, list, { period: 4, weights, start: 'fitted' }))
          const { start, sse } = made(values)
          const season = start.season.map((one, i) => one + [swing, -swing, 0, 0][i]!)
          const moved = { ...start, level: start.level + up, trend: start.trend + tilt, season }
          expect(sse).toBeLessThanOrEqual(smooth(model, values, made(values).weights, moved).sse * (1 + 1e-9))
          const scaled = made(values.map((y) => k * y)).start
          expectAllClose(
            [scaled.level, ...scaled.season],
            [k * start.level, ...start.season.map((s) => k * s)],
            1e-7,
            1,
          )
        }
      }),
      few,
    )
  })
  it('are those that made the series', () => {
    const start = { level: 20, trend: 2, season: [3, -4, 2, -1], first: 0 }
    const line = Array.from({ length: 14 }, (_, i) => 20 + 2 * (i + 1) + start.season[i % 4]!)
    const found = sure(
      fitSmoothing('additive', line, {
        period: 4,
        start: 'fitted',
        weights: { alpha: 0.3, beta: 0.1, gamma: 0.2 },
      }),
    ).start
    expectAllClose([found.level, found.trend, ...found.season], [20, 2, 3, -4, 2, -1], 1e-9)
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

describe('the limits of what a fitted sBG says', () => {
  const cohort = [1000, 631, 468, 382, 326]
  it('are those of the delta method in R', () => {
    // R 4.2.2, gsl, numDeriv: V <- solve(hessian(ll, log(fit))); g <- grad(log DERL, log(fit)); n = 2, d = .1
    // exp(log(DERL) + c(-1, 1) * qnorm(.975) * sqrt(t(g) %*% V %*% g))
    expectAllClose(
      sure(derlInterval(sure(fitSbg([cohort])), 2, 0.1)),
      [3.48449441764478, 4.45660177136818],
      1e-5,
    )
  })
  it('have the reason of a quantity without a value, and none of one that is nought', () => {
    const fit = sure(fitSbg([cohort]))
    const reason = { value: null, reason: 'out of range' } as const
    expect(sbgInterval(fit, () => reason)).toEqual(reason)
    expect(sbgInterval(fit, () => 0)).toEqual([0, 0])
    expect(() => sbgInterval(fit, () => 1, 0)).toThrow('level')
  })
  it('scale with the quantity, and narrow by the root of how many customers there are', () => {
    const falling = fc
      .tuple(whole(300, 600), whole(60, 70), whole(75, 85), whole(88, 95))
      .map(([first, ...kept]) => {
        const active = [first]
        for (const share of kept) active.push(Math.round((active.at(-1)! * share) / 100))
        return active
      })
    fc.assert(
      fc.property(falling, factor, (active, k) => {
        const fit = sure(fitSbg([active]))
        const [low, high] = sure(derlInterval(fit, 1, 0.1))
        const scaled = sure(sbgInterval(fit, (spread) => k * (derl(spread, 1, 0.1) as number)))
        expectAllClose(scaled, [k * low, k * high], 1e-8)
        const many = sure(derlInterval(sure(fitSbg([active.map((n) => 4 * n)])), 1, 0.1))
        expectClose(Math.log(many[1] / many[0]), Math.log(high / low) / 2, 1e-4)
      }),
      few,
    )
  })
})
