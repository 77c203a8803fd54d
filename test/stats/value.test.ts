import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitSbg } from '../../src/stats/fit-sbg.ts'
import type { OrReason } from '../../src/stats/interval.ts'
import { residualLifetimeValue } from '../../src/stats/residual-lifetime-value.ts'
import { quintileScores, rfmScores } from '../../src/stats/rfm.ts'
import { derl, gaussFraction, sbgRetention, sbgSurvival } from '../../src/stats/sbg.ts'
import { expectClose, reference } from './reference.ts'

interface Point {
  alpha: number
  beta: number
  n: number
  d: number
  value: number
}
interface Fit {
  alpha: number
  beta: number
  logLikelihood: number
  se: [number, number]
}
// R 4.2.2, gsl 2.1-8; test/reference/value.R holds the calls.
const stored = reference<{
  derl: Point[]
  near: Point[]
  cohorts: Record<'regular' | 'high' | 'young', Fit>
  rfm: Record<'money' | 'often' | 'moneyScore' | 'oftenScore', number[]>
  rlv: { finiteAfter: number; finiteDue: number }
}>('value')
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
// Fader & Hardie 2007, table 1.
const regular = [1000, 631, 468, 382, 326, 289, 262, 241]
const high = [1000, 869, 743, 653, 593, 551, 517, 491]

describe('residual lifetime value with constant retention', () => {
  it('is that of FORMULAS', () => {
    const value = residualLifetimeValue(1000, 0.8, 0.1)
    expectClose(value.afterPayment, 8000 / 3, 1e-12)
    expectClose(value.paymentDue, 11000 / 3, 1e-12)
  })
  it('over seven payments agrees with their sum', () => {
    const value = residualLifetimeValue(1000, 0.8, 0.1, 7)
    expectClose(value.afterPayment, stored.rlv.finiteAfter, 1e-12)
    expectClose(value.paymentDue, stored.rlv.finiteDue, 1e-12)
    expect(residualLifetimeValue(5, 1, 0, 3)).toEqual({ afterPayment: 15, paymentDue: 15 })
    expect(residualLifetimeValue(5, 0, 0.1, 3)).toEqual({ afterPayment: 0, paymentDue: 5 })
    expect(residualLifetimeValue(5, 0.5, 0.1, 0)).toEqual({ afterPayment: 0, paymentDue: 0 })
  })
  it('has no end when retention is not below 1 + discount', () => {
    expect(residualLifetimeValue(5, 1, 0).afterPayment).toMatchObject({ reason: 'out of range' })
    expect(() => residualLifetimeValue(5, 1.2, 0)).toThrow('retention')
  })
  it('grows to the infinite value with the horizon, whatever the rates', () => {
    const rate = fc.double({ min: 0.01, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(rate, rate, (retention, discount) => {
        const endless = residualLifetimeValue(10, retention, discount)
        const long = residualLifetimeValue(10, retention, discount, 10_000)
        expectClose(long.afterPayment, sure(endless.afterPayment), 1e-9)
        expectClose(sure(endless.paymentDue) - sure(endless.afterPayment), 10, 1e-9)
      }),
    )
  })
})

describe('discounted expected residual lifetime', () => {
  it('is that of FORMULAS', () => {
    expect(sure(derl({ alpha: 0.704, beta: 1.182 }, 1, 0.1)).toFixed(4)).toBe('2.9647')
  })
  it('agrees with R gsl', () => {
    for (const { alpha, beta, n, d, value } of stored.derl)
      expectClose(derl({ alpha, beta }, n, d), value, 1e-10)
  })
  it('agrees with the plain sum where the discount is small', () => {
    for (const { alpha, beta, n, d, value } of stored.near)
      expectClose(derl({ alpha, beta }, n, d), value, 1e-8)
  })
  it('without a discount is the mean, or infinite', () => {
    expectClose(derl({ alpha: 3, beta: 2 }, 1, 0), 1, 1e-12)
    expectClose(derl({ alpha: 3, beta: 2 }, 1, 1e-9), 1, 1e-7)
    expect(derl({ alpha: 1, beta: 2 }, 1, 0)).toMatchObject({ reason: 'out of range' })
    expect(() => derl({ alpha: 0, beta: 2 }, 1, 0)).toThrow('positive')
    expect(gaussFraction(2, 5, 0)).toBe(1)
  })
  it('is its own next step: what comes is one renewal and the discounted rest', () => {
    const positive = fc.double({ min: 0.05, max: 20, noNaN: true })
    const discount = fc.double({ min: 0.001, max: 2, noNaN: true })
    fc.assert(
      fc.property(positive, positive, discount, fc.integer({ min: 1, max: 30 }), (alpha, beta, d, n) => {
        const spread = { alpha, beta }
        const next = sure(derl(spread, n + 1, d)) / (1 + d)
        expectClose(derl(spread, n, d), sbgRetention(spread, n) * (1 + next), 1e-9)
      }),
    )
  })
})

describe('the fit to cohorts', () => {
  const cohorts = { regular: [regular], high: [high], young: [regular, [800, 520, 390, 310], [900, 560]] }
  for (const name of ['regular', 'high', 'young'] as const) {
    it(`agrees with R: ${name}`, () => {
      const fit = sure(fitSbg(cohorts[name]))
      const expected = stored.cohorts[name]
      expectClose(fit.alpha, expected.alpha, 1e-5)
      expectClose(fit.beta, expected.beta, 1e-5)
      expectClose(fit.logLikelihood, expected.logLikelihood, 1e-9)
      expectClose(fit.se.alpha, expected.se[0], 1e-5)
      expectClose(fit.se.beta, expected.se[1], 1e-5)
    })
  }
  it('is the published one', () => {
    const fit = sure(fitSbg([regular]))
    expect([fit.alpha.toFixed(3), fit.beta.toFixed(3), fit.logLikelihood.toFixed(1)]).toEqual([
      '0.704',
      '1.182',
      '-1680.3',
    ])
    expectClose(fit.renewals.at(-1)!.fittedSurvival, sbgSurvival(fit, 7), 1e-12)
  })
  it('says why there is none', () => {
    expect(fitSbg([])).toMatchObject({ reason: 'too few' })
    expect(fitSbg([[100, 50]])).toMatchObject({ reason: 'too few' })
    expect(fitSbg([[100, 100, 100]])).toMatchObject({ reason: 'no variance' })
    expect(fitSbg([[100, 0, 0]])).toMatchObject({ reason: 'too few' })
    expect(fitSbg([[1000, 800, 640, 512]])).toMatchObject({ reason: 'not applicable' })
    expect(fitSbg([[13, 8, 8, 8]])).toMatchObject({
      reason: 'not converged',
      detail: expect.stringContaining('first renewal'),
    })
    expect(() => fitSbg([[100, 101]])).toThrow('grow')
  })
  it('does not move when every cohort is doubled or split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), (times) => {
        const once = sure(fitSbg([regular]))
        const many = sure(fitSbg(Array(times).fill(regular)))
        expectClose(many.alpha, once.alpha, 1e-8)
        expectClose(many.beta, once.beta, 1e-8)
        expectClose(many.se.alpha, once.se.alpha / Math.sqrt(times), 1e-6)
      }),
      { numRuns: 10 },
    )
  })
})

describe('RFM scores', () => {
  it('follow the definition', () => {
    expect([...quintileScores(stored.rfm.money)]).toEqual(stored.rfm.moneyScore)
    expect([...quintileScores(stored.rfm.often)]).toEqual(stored.rfm.oftenScore)
    expect([...quintileScores([1, 2, 3, 4, 5])]).toEqual([1, 2, 3, 4, 5])
    expect([...quintileScores([7, 7, 7])]).toEqual([1, 1, 1])
    expect([...quintileScores([])]).toEqual([])
    expect(() => quintileScores([Number.NaN])).toThrow('finite')
    const scores = rfmScores({ last: [1, 2], frequency: [3, 1], monetary: [-5, 9] })
    expect(scores).toEqual([
      { recency: 1, frequency: 3, monetary: 1 },
      { recency: 3, frequency: 1, monetary: 3 },
    ])
  })
  it('depend on order alone, rise with the value, and stay when all customers are doubled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }), (values) => {
        const scores = quintileScores(values)
        expect(quintileScores(values.map((value) => value ** 3 + 7))).toEqual(scores)
        expect(quintileScores([...values, ...values]).slice(0, values.length)).toEqual(scores)
        values.forEach((a, i) => {
          values.forEach((b, j) => {
            if (a <= b) expect(scores[i]!).toBeLessThanOrEqual(scores[j]!)
          })
        })
      }),
    )
  })
})
