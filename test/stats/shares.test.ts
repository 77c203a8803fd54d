import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csat, csatDifference } from '../../src/stats/csat.ts'
import { isNoValue } from '../../src/stats/interval.ts'
import { nps, npsCounts, npsDifference } from '../../src/stats/nps.ts'
import { shareDifference } from '../../src/stats/share-difference.ts'
import { wilson } from '../../src/stats/wilson.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Basics {
  wilson: { x: number[]; n: number[]; low: number[]; high: number[] }
  two: { z2: number; p: number; low: number; high: number }
}
const r = reference<Basics>('basics')

describe('Wilson interval', () => {
  it('agrees with prop.test(correct = FALSE)', () => {
    const limits = r.wilson.x.map((x, i) => wilson(x, r.wilson.n[i]!))
    expectAllClose(
      limits.map((l) => l[0]),
      r.wilson.low,
    )
    expectAllClose(
      limits.map((l) => l[1]),
      r.wilson.high,
    )
  })
  it('gives the figures of FORMULAS.md: 8 of 10', () => {
    const [low, high] = wilson(8, 10)
    expect(low).toBeCloseTo(0.4902, 4)
    expect(high).toBeCloseTo(0.9433, 4)
  })
  it('mirrors when success and failure change places, and holds the share', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (x, rest) => {
        const n = x + rest + 1
        const [low, high] = wilson(x, n)
        const [mirrorLow, mirrorHigh] = wilson(n - x, n)
        expect(low).toBeCloseTo(1 - mirrorHigh, 12)
        expect(high).toBeCloseTo(1 - mirrorLow, 12)
        expect(low <= x / n && x / n <= high).toBe(true)
      }),
    )
  })
  it('refuses more successes than answers, and no answers', () => {
    expect(() => wilson(3, 2)).toThrow('3 of 2')
    expect(() => wilson(0, 0)).toThrow('n must be')
  })
})

const score = (promoters: number, passives: number, detractors: number) => ({
  promoters,
  passives,
  detractors,
})

describe('NPS', () => {
  it('gives the figures of FORMULAS.md: 50/30/20', () => {
    const result = nps(score(50, 30, 20))
    if (isNoValue(result)) throw new Error('has a value')
    expect(result.nps).toBe(30)
    expect(result.se).toBeCloseTo(7.81, 2)
    expect(result.adjustedWald.map((limit) => limit.toFixed(1))).toEqual(['14.1', '44.2'])
    expectAllClose(result.wald, [30 - 1.959963984540054 * result.se, 30 + 1.959963984540054 * result.se])
  })
  it('compares as FORMULAS.md does: p = 0.078', () => {
    const result = npsDifference(score(50, 30, 20), score(62, 25, 13))
    if (isNoValue(result)) throw new Error('has a value')
    expect(result.adjusted.p).toBeCloseTo(0.078, 3)
    expect(isNoValue(result.plain) ? 0 : result.plain.difference).toBeCloseTo(19, 12)
  })
  it('has no value without answers', () => {
    expect(nps(score(0, 0, 0))).toEqual({ value: null, reason: 'empty group' })
    expect(npsDifference(score(0, 0, 0), score(1, 0, 0))).toMatchObject({ reason: 'empty group' })
  })
  it('holds with one answer and with promoters alone', () => {
    for (const counts of [score(1, 0, 0), score(40, 0, 0)]) {
      const result = nps(counts)
      if (isNoValue(result)) throw new Error('has a value')
      expect(result.nps).toBe(100)
      expect(result.se).toBe(0)
      expect(result.wald).toEqual([100, 100])
      expect(result.adjustedWald[0]).toBeLessThan(100)
    }
    expect(npsDifference(score(5, 0, 0), score(9, 0, 0))).toMatchObject({ plain: { reason: 'no variance' } })
  })
  it('sorts answers at 6, 7, 8 and 9, and leaves skipped ones out', () => {
    expect(npsCounts([0, 6, 7, 8, 9, 10, Number.NaN])).toEqual(score(2, 2, 2))
    expect(() => npsCounts([11])).toThrow('0..10')
    expect(() => npsCounts([7.5])).toThrow('whole')
  })
  it('narrows by the root of k when every answer is given k times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(500),
        fc.nat(500),
        fc.integer({ min: 2, max: 9 }),
        (p, a, d, k) => {
          const once = nps(score(p, a, d))
          const often = nps(score(k * p, k * a, k * d))
          if (isNoValue(once) || isNoValue(often)) throw new Error('has a value')
          expect(often.nps).toBeCloseTo(once.nps, 9)
          expect(often.se * Math.sqrt(k)).toBeCloseTo(once.se, 9)
        },
      ),
    )
  })
})

describe('a thousand million answers', () => {
  it('keep their digits', () => {
    const result = nps(score(5e8, 3e8, 2e8))
    if (isNoValue(result)) throw new Error('has a value')
    expectAllClose([result.nps, result.se], [30, 100 * Math.sqrt(0.61 / 1e9)], 1e-12)
    const [low, high] = wilson(1e9 - 3, 1e9)
    expect(low < 1 - 3e-9 && 1 - 3e-9 < high && high < 1).toBe(true)
  })
})

describe('CSAT', () => {
  it('gives the figures of FORMULAS.md: 74 of 107', () => {
    const result = csat([10, 13, 10, 40, 34])
    if (isNoValue(result)) throw new Error('has a value')
    expect(result.n).toBe(107)
    expect(result.top.share).toBeCloseTo(0.6916, 4)
    expect(result.bottom.count).toBe(23)
    expect(result.mean.mean).toBeCloseTo((10 + 26 + 30 + 160 + 170) / 107, 12)
  })
  it('counts 5 to 7 of seven points for CES', () => {
    const result = csat([1, 1, 1, 1, 2, 3, 4], { top: 3, bottom: 3 })
    expect(result).toMatchObject({ n: 13, top: { count: 9 }, bottom: { count: 3 } })
  })
  it('has no value without answers and no spread for one', () => {
    expect(csat([0, 0, 0, 0, 0])).toMatchObject({ reason: 'empty group' })
    expect(csat([0, 0, 0, 0, 1])).toMatchObject({ mean: { mean: 5, interval: { reason: 'too few' } } })
    expect(csatDifference([0, 0, 0, 0, 0], [1, 0, 0, 0, 0])).toMatchObject({ reason: 'empty group' })
    expect(csatDifference([0, 0, 0, 0, 4], [0, 0, 0, 0, 9])).toMatchObject({
      top: { z: { reason: 'no variance' } },
    })
  })
  it('compares shares as prop.test(correct = FALSE)', () => {
    const result = shareDifference({ successes: 45, n: 120 }, { successes: 60, n: 100 })
    if (isNoValue(result)) throw new Error('has a value')
    expectClose((result.z as number) ** 2, r.two.z2)
    expectClose(result.p, r.two.p)
    expectAllClose(result.interval, [r.two.low, r.two.high])
  })
})
