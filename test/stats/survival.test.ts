import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concordance } from '../../src/stats/concordance.ts'
import { type CoxCoefficient, cox } from '../../src/stats/cox.ts'
import type { Interval, OrReason } from '../../src/stats/interval.ts'
import {
  kaplanMeier,
  restrictedMean,
  type SurvivalLimits,
  survivalQuantile,
} from '../../src/stats/kaplan-meier.ts'
import { logRank, pairwiseLogRank } from '../../src/stats/log-rank.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Curve {
  type: SurvivalLimits
  time: number[]
  atRisk: number[]
  events: number[]
  censored: number[]
  survival: number[]
  se: (number | null)[]
  low: (number | null)[]
  high: (number | null)[]
}
type Quantiles = Record<'quantiles' | 'qlow' | 'qhigh', (number | null)[]>
interface Cox {
  coef: number[]
  se: number[]
  p: number[]
  low: number[]
  high: number[]
  loglik: [number, number]
  lr: number[]
  wald: number
  score: number[]
  aic: number
  concordance: number
  cse: number
  count: number[]
}
interface Small {
  times: number[]
  events: number[]
  median: number
  rmean: [number, number]
  curve: Curve
}
// R 4.2.2, survival 3.5-3; test/reference/survival.R holds the calls.
const stored = reference<{
  lung: Record<'time' | 'event' | 'age' | 'sex' | 'ecog', number[]>
  km: (Curve & Quantiles)[]
  restricted: { all: [number, number]; at300: [number, number] }
  veteran: Record<'time' | 'event' | 'cell' | 'karno', number[]>
  groups: Record<'rmeanCommon' | 'seCommon' | 'rmean' | 'se' | 'median' | 'low' | 'high', number[]>
  logRank: { observed: number[]; expected: number[]; chisq: number; p: number }
  pairwise: Record<'chisq' | 'p' | 'bh' | 'holm', number[]>
  efron: Cox
  breslow: Cox
  dummies: { coef: (number | null)[]; se: number[] }
  small: Small
  flat: Small
  concordance: { value: number; se: number; count: number[] }
}>('survival')
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const lung = { times: stored.lung.time, events: stored.lung.event }
const veteran = { times: stored.veteran.time, events: stored.veteran.event }

function expectCurve(followUp: { times: number[]; events: number[] }, expected: Curve) {
  const curve = sure(kaplanMeier(followUp, { limits: expected.type }))
  expect(curve.points.map(({ time, atRisk, events, censored }) => [time, atRisk, events, censored])).toEqual(
    expected.time.map((time, i) => [time, expected.atRisk[i], expected.events[i], expected.censored[i]]),
  )
  curve.points.forEach((point, i) => {
    expectClose(point.survival, expected.survival[i]!, 1e-12)
    if (typeof expected.se[i] === 'number') expectClose(point.se, expected.se[i]!, 1e-10)
    else expect(point.se).toMatchObject({ reason: 'no variance' })
    if (typeof expected.low[i] === 'number')
      expectAllClose(point.interval as Interval, [expected.low[i]!, expected.high[i]!], 1e-10)
    else expect(point.interval).toMatchObject({ reason: 'no variance' })
  })
  return curve
}

describe('Kaplan-Meier agrees with R survfit', () => {
  for (const expected of stored.km) {
    it(`with ${expected.type} limits`, () => {
      const curve = expectCurve(lung, expected)
      for (const [i, share] of [0.25, 0.5, 0.75].entries()) {
        const found = survivalQuantile(curve, share)
        for (const [key, column] of [
          ['time', 'quantiles'],
          ['low', 'qlow'],
          ['high', 'qhigh'],
        ] as const) {
          const value = expected[column][i]
          if (typeof value === 'number') expectClose(found[key], value)
          else expect(found[key]).toMatchObject({ reason: 'not reached' })
        }
      }
    })
  }
  it('to the last customer, with ties of events and censoring, and a curve flat at one half', () => {
    for (const small of [stored.small, stored.flat]) {
      const curve = expectCurve({ times: small.times, events: small.events }, small.curve)
      expectClose(survivalQuantile(curve).time, small.median)
      const mean = restrictedMean(curve)
      expectAllClose([mean.mean, mean.se], small.rmean, 1e-10)
    }
  })
  it('in restricted means', () => {
    const curve = sure(kaplanMeier(lung))
    const all = restrictedMean(curve)
    const part = restrictedMean(curve, 300)
    expectAllClose([all.mean, all.se], stored.restricted.all, 1e-10)
    expectAllClose([part.mean, part.se], stored.restricted.at300, 1e-10)
    expect(restrictedMean(curve, 0)).toMatchObject({ mean: 0, se: 0 })
  })
  it('group by group', () => {
    const longest = Math.max(...veteran.times)
    for (let cell = 0; cell < 4; cell++) {
      const own = veteran.times.flatMap((_, i) => (stored.veteran.cell[i] === cell ? [i] : []))
      const curve = sure(
        kaplanMeier({ times: own.map((i) => veteran.times[i]!), events: own.map((i) => veteran.events[i]!) }),
      )
      const { time, low, high } = survivalQuantile(curve)
      expectAllClose(
        [time, low, high],
        [stored.groups.median[cell]!, stored.groups.low[cell]!, stored.groups.high[cell]!],
      )
      const common = restrictedMean(curve, longest)
      const own_ = restrictedMean(curve)
      expectAllClose(
        [common.mean, common.se],
        [stored.groups.rmeanCommon[cell]!, stored.groups.seCommon[cell]!],
        1e-10,
      )
      expectAllClose([own_.mean, own_.se], [stored.groups.rmean[cell]!, stored.groups.se[cell]!], 1e-10)
    }
  })
})

describe('the log-rank test agrees with R survdiff', () => {
  it('overall', () => {
    const test = sure(logRank(veteran, stored.veteran.cell, 4))
    expectAllClose(
      test.groups.map((group) => group.observed),
      stored.logRank.observed,
    )
    expectAllClose(
      test.groups.map((group) => group.expected),
      stored.logRank.expected,
      1e-10,
    )
    expectAllClose([test.chiSquare, test.p, test.df], [stored.logRank.chisq, stored.logRank.p, 3], 1e-10)
  })
  it('pair by pair, corrected over the pairs', () => {
    for (const correction of ['bh', 'holm'] as const) {
      const pairs = pairwiseLogRank(veteran, stored.veteran.cell, 4, correction)
      expectAllClose(
        pairs.map(({ test }) => sure(test).chiSquare),
        stored.pairwise.chisq,
        1e-10,
      )
      expectAllClose(
        pairs.map(({ test }) => sure(test).p),
        stored.pairwise.p,
        1e-9,
      )
      expectAllClose(
        pairs.map(({ corrected }) => corrected),
        stored.pairwise[correction],
        1e-9,
      )
    }
  })
})

describe('Cox agrees with R coxph', () => {
  for (const ties of ['efron', 'breslow'] as const) {
    it(`with ${ties} ties`, () => {
      const expected = stored[ties]
      const fit = sure(cox(lung, [stored.lung.age, stored.lung.sex, stored.lung.ecog], { ties }))
      const coefficients = fit.coefficients.map(sure)
      const column = (key: 'estimate' | 'se' | 'p') => coefficients.map((coefficient) => coefficient[key])
      expectAllClose(column('estimate'), expected.coef, 1e-8)
      expectAllClose(column('se'), expected.se, 1e-8)
      expectAllClose(column('p'), expected.p, 1e-7)
      expectAllClose(
        coefficients.map(({ hazardInterval }) => (hazardInterval as Interval)[0]),
        expected.low,
        1e-8,
      )
      expectAllClose(
        coefficients.map(({ hazardInterval }) => (hazardInterval as Interval)[1]),
        expected.high,
        1e-8,
      )
      expectAllClose([fit.logLikelihood.without, fit.logLikelihood.fitted], expected.loglik, 1e-10)
      expectClose(fit.likelihoodRatio.chiSquare, expected.lr[0]!, 1e-8)
      expectClose(fit.likelihoodRatio.p, expected.lr[2]!, 1e-7)
      expectClose(fit.wald.chiSquare, expected.wald, 1e-8)
      expectClose(fit.score.chiSquare, expected.score[0]!, 1e-8)
      expectClose(fit.aic, expected.aic, 1e-10)
      const c = sure(fit.concordance)
      expectAllClose([c.concordance, c.se], [expected.concordance, expected.cse], 1e-8)
      expect([c.concordant, c.discordant, c.tiedRisk, c.tiedTime]).toEqual(expected.count.slice(0, 4))
    })
  }
  it('where a column follows from another', () => {
    const { cell, karno } = stored.veteran
    const dummy = (which: number) => cell.map((value) => Number(value === which))
    const fit = sure(cox(veteran, [karno, dummy(1), dummy(2), dummy(3), karno.map((value) => 2 * value)]))
    const kept = fit.coefficients.slice(0, 4).map(sure)
    expectAllClose(
      kept.map(({ estimate }) => estimate),
      stored.dummies.coef.slice(0, 4) as number[],
      1e-8,
    )
    expectAllClose(
      kept.map(({ se }) => se),
      stored.dummies.se,
      1e-8,
    )
    expect(fit.coefficients[4]).toMatchObject({ reason: 'singular' })
    const levels = { codes: cell.map((value) => value % 4), levels: 4 }
    const joined = sure(cox(veteran, [karno, levels]))
    expectClose(joined.logLikelihood.fitted, fit.logLikelihood.fitted, 1e-12)
    expectClose(sure(joined.concordance).concordance, sure(fit.concordance).concordance, 1e-12)
    expectAllClose(
      joined.coefficients.map((one) => sure(one).se),
      stored.dummies.se,
      1e-8,
    )
  })
  it('and the concordance of any score', () => {
    const { times, events } = stored.small
    const found = sure(concordance({ times, events }, [5, 4, 4, 3, 3, 6, 1, 2]))
    expectAllClose([found.concordance, found.se], [stored.concordance.value, stored.concordance.se], 1e-10)
    expect([found.concordant, found.discordant, found.tiedRisk, found.tiedTime]).toEqual(
      stored.concordance.count.slice(0, 4),
    )
  })
})

describe('has nothing to tell', () => {
  it('without customers or events', () => {
    expect(kaplanMeier({ times: [], events: [] })).toMatchObject({ reason: 'empty group' })
    const censored = { times: [1, 2, 3], events: [0, 0, 0] }
    expect(survivalQuantile(sure(kaplanMeier(censored))).time).toMatchObject({ reason: 'not reached' })
    expect(logRank(censored, [0, 1, 1], 2)).toMatchObject({ reason: 'no variance' })
    expect(cox(censored, [[1, 2, 3]])).toMatchObject({ reason: 'too few' })
    expect(concordance(censored, [1, 2, 3])).toMatchObject({ reason: 'too few' })
  })
  it('for one group, or groups never at risk together', () => {
    expect(logRank({ times: [1, 2], events: [1, 1] }, [0, 0], 2)).toMatchObject({ reason: 'too few' })
  })
  it('when a column is constant, or orders the events perfectly', () => {
    const data = { times: [1, 2, 3, 4, 5, 6], events: [1, 1, 1, 1, 1, 1] }
    expect(cox(data, [[2, 2, 2, 2, 2, 2]])).toMatchObject({ reason: 'singular' })
    expect(cox(data, [[6, 5, 4, 3, 2, 1]], { names: ['score'] })).toMatchObject({
      reason: 'perfect separation',
      detail: expect.stringContaining('score'),
    })
  })
  it('for times and events that cannot be', () => {
    expect(() => kaplanMeier({ times: [-1], events: [1] })).toThrow('time')
    expect(() => kaplanMeier({ times: [1], events: [2] })).toThrow('0 or 1')
    expect(() => kaplanMeier({ times: [1, 2], events: [1] })).toThrow('events')
  })
})

const sample = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(0, 1, 1),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(0, 1),
    ),
    { minLength: 4, maxLength: 40 },
  )
  .map((rows) => ({
    times: rows.map(([time]) => time),
    events: rows.map(([, event]) => event as number),
    x: rows.map(([, , x]) => x),
    group: rows.map(([, , , group]) => group as number),
  }))

describe('holds for any follow-up', () => {
  it('concordance is that of all pairs one by one', () => {
    fc.assert(
      fc.property(sample, ({ times, events, x }) => {
        let [concordant, discordant, tied] = [0, 0, 0]
        times.forEach((a, i) => {
          times.forEach((b, j) => {
            const first = events[i] === 1 && (a < b || (a === b && events[j] === 0 && i !== j))
            if (!first) return
            if (x[i]! > x[j]!) concordant++
            else if (x[i]! < x[j]!) discordant++
            else tied++
          })
        })
        const found = concordance({ times, events }, x)
        if ('reason' in found) {
          expect(concordant + discordant + tied).toBe(0)
          return
        }
        const { concordant: c, discordant: d, tiedRisk } = sure(found)
        expect([c, d, tiedRisk]).toEqual([concordant, discordant, tied])
      }),
    )
  })
  it('the unit of time changes the times alone; everybody twice keeps the curve and halves its variance', () => {
    fc.assert(
      fc.property(sample, ({ times, events }) => {
        const plain = sure(kaplanMeier({ times, events }))
        const weeks = sure(kaplanMeier({ times: times.map((time) => 7 * time), events }))
        const twice = sure(kaplanMeier({ times: [...times, ...times], events: [...events, ...events] }))
        expect(weeks.points.map(({ survival }) => survival)).toEqual(
          plain.points.map(({ survival }) => survival),
        )
        expectAllClose(
          twice.points.map(({ survival }) => survival),
          plain.points.map(({ survival }) => survival),
          1e-12,
        )
        expectClose(restrictedMean(weeks).mean, 7 * restrictedMean(plain).mean, 1e-12)
        expect(plain.points.reduce((sum, { events }) => sum + events, 0)).toBe(
          events.reduce((sum, event) => sum + event, 0),
        )
      }),
    )
  })
  it('the score test of a group in Cox with Breslow ties is the log-rank test where no times tie', () => {
    fc.assert(
      fc.property(sample, ({ events, group }) => {
        const times = events.map((_, i) => ((i * 7) % events.length) + 1)
        if (new Set(times).size < times.length) return
        const test = logRank({ times, events }, group, 2)
        const fit = cox({ times, events }, [group], { ties: 'breslow' })
        if ('reason' in test || 'reason' in fit) return
        expectClose(sure(fit).score.chiSquare, sure(test).chiSquare, 1e-8, 1e-6)
      }),
    )
  })
  it('Cox does not mind the order of the rows or the unit of a column', () => {
    const { age, sex } = stored.lung
    const plain = sure(cox(lung, [age, sex]))
    const estimate = (answer: OrReason<CoxCoefficient>) => sure(answer).estimate
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...age.keys()], { minLength: age.length }),
        fc.constantFrom(0.001, 10, 1e6),
        (order, factor) => {
          const pick = (column: number[]) => order.map((i) => column[i]!)
          const other = sure(
            cox({ times: pick(lung.times), events: pick(lung.events) }, [
              pick(age).map((value) => factor * value - 5),
              pick(sex),
            ]),
          )
          expectClose(factor * estimate(other.coefficients[0]!), estimate(plain.coefficients[0]!), 1e-7)
          expectClose(estimate(other.coefficients[1]!), estimate(plain.coefficients[1]!), 1e-7)
        },
      ),
      { numRuns: 10 },
    )
  })
})
