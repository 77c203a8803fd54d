import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasValue, type OrReason } from '../../src/stats/interval.ts'
import { pairOrder } from '../../src/stats/inversions.ts'
import { mannKendall } from '../../src/stats/mann-kendall.ts'
import { pettitt } from '../../src/stats/pettitt.ts'
import { theilSen } from '../../src/stats/theil-sen.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Series {
  values: number[]
  times: number[]
  mk: Record<string, number>
  sen: Record<string, number>
  sen90: Record<string, number>
  pettitt: { statistic: number; after: number | number[]; p: number }
}
// R 4.2.2; test/reference/trend.R holds the formulas of trend::mk.test, sens.slope and pettitt.test.
const stored = reference<Record<'nile' | 'tied' | 'uneven', Series>>('trend')

const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}

describe('agrees with R', () => {
  for (const name of ['nile', 'tied', 'uneven'] as const) {
    const series = stored[name]
    it(`Mann-Kendall: ${name}`, () => {
      const test = sure(mannKendall(series.values))
      for (const key of ['s', 'variance', 'tau', 'z', 'p'] as const)
        expectClose(test[key], series.mk[key]!, 1e-10)
    })
    it(`Theil-Sen: ${name}`, () => {
      for (const [level, expected] of [
        [0.95, series.sen],
        [0.9, series.sen90],
      ] as const) {
        const line = sure(theilSen(series.values, series.times, level))
        expectClose(line.slope, expected.slope!, 1e-10)
        expectClose(line.intercept, expected.intercept!, 1e-10)
        expectAllClose(sure(line.limits), [expected.low!, expected.high!], 1e-10)
      }
    })
    it(`Pettitt: ${name}`, () => {
      const test = sure(pettitt(series.values))
      expectClose(test.statistic, series.pettitt.statistic)
      expectClose(test.p, series.pettitt.p, 1e-10)
      expect(test.after).toEqual([series.pettitt.after].flat())
    })
  }
})

describe('has no trend to tell', () => {
  it('for too few values', () => {
    expect(mannKendall([1, 2])).toMatchObject({ reason: 'too few' })
    expect(pettitt([])).toMatchObject({ reason: 'too few' })
    expect(theilSen([3])).toMatchObject({ reason: 'too few' })
    expect(sure(theilSen([3, 4])).limits).toMatchObject({ reason: 'too few' })
  })
  it('for equal values', () => {
    expect(mannKendall([8, 8, 8, 8])).toMatchObject({ reason: 'no variance' })
    expect(pettitt([8, 8, 8, 8])).toMatchObject({ reason: 'no variance' })
    expect(sure(theilSen([8, 8, 8, 8]))).toMatchObject({ slope: 0, intercept: 8 })
  })
  it('for times that do not rise', () => {
    expect(() => theilSen([1, 2, 3], [1, 1, 2])).toThrow('rise')
  })
})

describe('a long series', () => {
  const n = 2501
  const values = Float64Array.from({ length: n }, (_, i) => Math.round(5 + Math.sin(i * i) * 4 + i / 900))
  it('has the slope that listing all pairs gives', () => {
    const slopes: number[] = []
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) slopes.push((values[j]! - values[i]!) / (j - i))
    const sorted = Float64Array.from(slopes).sort()
    const line = sure(theilSen(values))
    expectClose(line.slope, (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2, 1e-10)
    const limits = sure(line.limits)
    for (const limit of limits) expect(sorted.some((slope) => Math.abs(slope - limit) < 1e-12)).toBe(true)
    expect(limits[0]).toBeLessThanOrEqual(line.slope)
    expect(limits[1]).toBeGreaterThanOrEqual(line.slope)
  })
  it('of a million values is counted, not paired', () => {
    const many = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 11)
    const test = sure(mannKendall(many))
    expect(test.n).toBe(1_000_000)
    expect(Math.abs(test.tau)).toBeLessThan(0.001)
  })
})

const scores = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 3, maxLength: 40 })

describe('holds for any series', () => {
  it('pairs are counted as one by one', () => {
    fc.assert(
      fc.property(scores, (values) => {
        let s = 0
        for (let i = 0; i < values.length; i++)
          for (let j = i + 1; j < values.length; j++) s += Math.sign(values[j]! - values[i]!)
        const { rising, falling } = pairOrder(values)
        return rising - falling === s
      }),
    )
  })
  it('scale changes only the unit, and time turned round turns the trend', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 9 }), (values, factor) => {
        const plain = mannKendall(values)
        if (!hasValue(plain)) return
        const scaled = sure(mannKendall(values.map((value) => value * factor + 3)))
        const turned = sure(mannKendall(values.toReversed()))
        expect(scaled).toEqual(plain)
        expect(turned.s).toBe(-plain.s || 0)
        expect(turned.p).toBe(plain.p)
        const slope = sure(theilSen(values)).slope
        expectClose(sure(theilSen(values.map((value) => value * factor))).slope, slope * factor, 1e-12)
        expect(sure(pettitt(values.toReversed())).statistic).toBe(sure(pettitt(values)).statistic)
      }),
    )
  })
})
