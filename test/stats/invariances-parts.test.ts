import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as d from '../../src/stats/distributions.ts'
import { projectState, type SmoothingModel } from '../../src/stats/exponential-smoothing.ts'
import { fitSbg } from '../../src/stats/fit-sbg.ts'
import { fitSmoothing } from '../../src/stats/fit-smoothing.ts'
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
  it('miss by no more than any others', () => {
    const weight = fc.double({ min: 0, max: 1, noNaN: true })
    const series = fc.array(whole(1, 90), { minLength: 10, maxLength: 16 })
    fc.assert(
      fc.property(series, weight, weight, weight, (values, alpha, beta, gamma) => {
        for (const model of ['simple', 'holt', 'additive'] as const) {
          const best = fitSmoothing(model, values, { period: 4 })
          if (isNoValue(best)) continue
          const other = sure(fitSmoothing(model, values, { period: 4, weights: { alpha, beta, gamma } }))
          expect(best.sse).toBeLessThanOrEqual(other.sse * (1 + 1e-9))
        }
      }),
      { numRuns: 8 },
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
