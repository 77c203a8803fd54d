import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitSbg, type SbgFit } from '../../src/stats/fit-sbg.ts'
import { hasValue, isNoValue } from '../../src/stats/interval.ts'
import { randomFrom } from '../../src/stats/random.ts'
import { derl } from '../../src/stats/sbg.ts'
import { derlInterval, sbgInterval } from '../../src/stats/sbg-interval.ts'
import type { Life } from '../../src/value/payments.ts'
import { residualValues } from '../../src/value/residual.ts'
import { estimateRetention, type Retention } from '../../src/value/retention.ts'
import { dayMs, type ValuePlan } from '../../src/value/value.ts'

const year = 365.2425 * dayMs
const plan = (model: 'constant' | 'sbg' | 'auto' = 'auto', more: Partial<ValuePlan> = {}): ValuePlan => ({
  value: { of: 'contact', payments: [], period: 'P1Y', discount: 0.1, model, churn: { after: 'P400D' } },
  kind: 'contact',
  periodDays: 365.2425,
  afterDays: 400,
  withinDays: 400,
  slackDays: 36.52425,
  discount: 0.1,
  currency: 'SEK',
  ...more,
})
/** Lives that began at 0 and had so many renewals each. */
const renewing = (counts: readonly number[], firstAt = 0): Life[] =>
  counts.flatMap((members, renewals) =>
    Array.from({ length: members }, () => ({ firstAt, lastAt: firstAt + renewals * year })),
  )
// Fader & Hardie 2007, table 1: still active after 0, 1, 2 ... renewals.
const active = [1000, 631, 468, 382, 326, 289, 262, 241]
const ended = active.map((n, i) => n - (active[i + 1] ?? 0))
const afterSeven = 8.1 * year

describe('retention', () => {
  it('of the cohort of Fader and Hardie is theirs', () => {
    const { byRenewal, sbg, chosen, decided } = estimateRetention(renewing(ended), plan(), afterSeven)
    expect(byRenewal.map((each) => each.renewed)).toEqual(active.slice(1))
    expect(byRenewal.map((each) => each.atRisk)).toEqual(active.slice(0, -1))
    expect(decided).toBe(active.slice(0, -1).reduce((sum, n) => sum + n, 0))
    expect(chosen).toBe('sbg')
    expect(sbg).toMatchObject({ alpha: expect.closeTo(0.704, 3), beta: expect.closeTo(1.182, 3) })
  })

  it('leaves out those of whom it is not known yet, whatever they did', () => {
    const young = [
      { firstAt: afterSeven - year, lastAt: afterSeven - year },
      { firstAt: afterSeven - year, lastAt: afterSeven },
    ]
    const { decided, cohorts } = estimateRetention([...renewing(ended), ...young], plan(), afterSeven)
    expect(decided).toBe(active.slice(0, -1).reduce((sum, n) => sum + n, 0))
    expect(cohorts.map((each) => each.customers)).toEqual([1000, 2])
  })

  it('counts a renewal that comes a little early or late', () => {
    const lives = [0.93, 1, 1.08].map((years) => ({ firstAt: 0, lastAt: years * year }))
    const early = { firstAt: 0, lastAt: 0.85 * year }
    const { byRenewal } = estimateRetention([...lives, early], plan(), 2.2 * year)
    expect(byRenewal).toEqual([{ renewal: 1, atRisk: 4, renewed: 3 }])
  })

  it('of one cohort that all stayed is 1, with what that leaves open', () => {
    const found = estimateRetention(renewing([0, 0, 0, 50]), plan(), 4.2 * year)
    expect(found).toMatchObject({ chosen: 'constant', rate: 1, sbg: { reason: 'no variance' } })
    expect(hasValue(found.constant) && found.constant.interval[0]).toBeGreaterThan(0.95)
    const worth = residualValues(found, plan())({ periods: 4, margin: 100, hasLeft: false })
    // 100 a year for ever, at ten per cent.
    expect(worth.value).toBeCloseTo(1000, 9)
    const undiscounted = residualValues(found, plan('auto', { discount: 0 }))
    expect(undiscounted({ periods: 4, margin: 100, hasLeft: false }).value).toBeNull()
  })

  it('of customers who all left is 0', () => {
    const found = estimateRetention(renewing([50]), plan(), 4.2 * year)
    expect(found).toMatchObject({ chosen: 'constant', rate: 0, decided: 50, renewed: 0 })
    expect(residualValues(found, plan())({ periods: 1, margin: 100, hasLeft: false }).value).toBe(0)
  })

  it('of nobody is unknown', () => {
    const found = estimateRetention([], plan(), year)
    expect(found).toMatchObject({ chosen: 'none', rate: null, cohorts: [], constant: { reason: 'too few' } })
    expect(residualValues(found, plan())({ periods: 1, margin: 100, hasLeft: false }).value).toBeNull()
  })

  it('is constant when the program says so', () => {
    expect(estimateRetention(renewing(ended), plan('constant'), afterSeven).chosen).toBe('constant')
  })

  it('never has more renewed than at risk, and no more at risk than there are customers', () => {
    const life = fc.record({
      first: fc.double({ min: 0, max: 9, noNaN: true }),
      stay: fc.double({ min: 0, max: 9, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(life, { maxLength: 60 }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (some, now) => {
          const lives = some
            .filter(({ first }) => first <= now)
            .map(({ first, stay }) => ({ firstAt: first * year, lastAt: Math.min(first + stay, now) * year }))
          const { byRenewal, cohorts, constant } = estimateRetention(lives, plan(), now * year)
          let before = lives.length
          for (const { atRisk, renewed } of byRenewal) {
            expect(renewed).toBeLessThanOrEqual(atRisk)
            expect(atRisk).toBeLessThanOrEqual(before)
            before = atRisk
          }
          expect(cohorts.reduce((sum, each) => sum + each.customers, 0)).toBe(lives.length)
          if (hasValue(constant)) {
            const { value, interval } = constant
            expect(interval[0] <= value && value <= interval[1]).toBe(true)
          }
        },
      ),
    )
  })
})

describe('residual value', () => {
  const fitted: Retention = {
    decided: 1,
    renewed: 1,
    constant: { value: 0.8, interval: [0.7, 0.9], aic: 0 },
    sbg: { ...(fitSbg([active]) as SbgFit), alpha: 0.704, beta: 1.182 },
    chosen: 'sbg',
    rate: 0.8,
    byRenewal: [],
    cohorts: [],
  }
  it('by the heterogeneous model is that of FORMULAS', () => {
    const worth = residualValues(fitted, plan())({ periods: 1, margin: 1, hasLeft: false })
    expect(worth.value!.toFixed(4)).toBe('2.9647')
    expect(worth.sbg).toBe(worth.value)
    expect(worth.constant).toBeCloseTo(8 / 3, 12)
  })
  it('by a constant retention is that of FORMULAS, with the limits of the retention', () => {
    const worth = residualValues(
      { ...fitted, chosen: 'constant' },
      plan(),
    )({
      periods: 1,
      margin: 1000,
      hasLeft: false,
    })
    expect(worth.value!.toFixed(2)).toBe('2666.67')
    expect(worth.interval![0]).toBeCloseTo(700 / 0.4, 9)
    expect(worth.interval![1]).toBeCloseTo(900 / 0.2, 9)
  })
  it('of a margin below zero has its limits in order', () => {
    const { value, interval } = residualValues(fitted, plan())({ periods: 3, margin: -50, hasLeft: false })
    expect(value).toBeLessThan(0)
    expect(interval![0]).toBeLessThan(value!)
    expect(interval![1]).toBeGreaterThan(value!)
  })
  it('rises with tenure, since those who would leave have left', () => {
    const of = residualValues(fitted, plan())
    const values = [1, 2, 3, 5, 9].map((periods) => of({ periods, margin: 1, hasLeft: false }).value!)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
  })
})

describe('the limits of the heterogeneous model', () => {
  it('agree with those of its parameters', () => {
    const fit = fitSbg([active]) as SbgFit
    const limits = sbgInterval(fit, ({ alpha }) => alpha)
    expect(isNoValue(limits)).toBe(false)
    const [low, high] = limits as [number, number]
    expect(low).toBeCloseTo(fit.limits.alpha[0], 6)
    expect(high).toBeCloseTo(fit.limits.alpha[1], 6)
  })

  it('hold the true value about as often as they say', () => {
    const random = randomFrom(71)
    const truth = { alpha: 1, beta: 3 }
    const sure = derl(truth, 2, 0.1) as number
    let [held, heldLife, runs] = [0, 0, 0]
    for (let run = 0; run < 120; run++) {
      const counts = Array.from({ length: 9 }, () => 0)
      for (let member = 0; member < 800; member++) {
        // Beta(1, 3) by its inverse.
        const churn = 1 - random() ** (1 / 3)
        let renewals = 0
        while (renewals < 8 && random() >= churn) renewals++
        counts[renewals]!++
      }
      const { sbg } = estimateRetention(renewing(counts), plan('sbg'), 9.2 * year)
      if (isNoValue(sbg)) continue
      runs++
      const life = derlInterval(sbg, 2, 0.1) as [number, number]
      if (life[0] <= sure && sure <= life[1]) heldLife++
      if (sbg.limits.alpha[0] <= 1 && 1 <= sbg.limits.alpha[1]) held++
    }
    expect(runs).toBeGreaterThan(110)
    // 95 %, less what chance allows in 120 runs.
    expect(heldLife / runs).toBeGreaterThan(0.89)
    expect(held / runs).toBeGreaterThan(0.89)
  })
})
