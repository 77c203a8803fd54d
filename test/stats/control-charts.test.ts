import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cusumChart } from '../../src/stats/cusum-chart.ts'
import { ewmaChart } from '../../src/stats/ewma-chart.ts'
import { individualsChart } from '../../src/stats/individuals-chart.ts'
import type { OrReason } from '../../src/stats/interval.ts'
import { npsChart } from '../../src/stats/nps-chart.ts'
import { pChart } from '../../src/stats/p-chart.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

type Numbers = Record<string, number[]>
interface Stored {
  nile: { values: number[] }
  individuals: Record<'centre' | 'sigma' | 'range' | 'upper' | 'lower' | 'sd', number> & Numbers
  ewma: Numbers
  cusum: Numbers
  share: {
    centre: number
    value: (number | null)[]
    low: (number | null)[]
    high: (number | null)[]
  } & Numbers
  nps: {
    centre: number
    sigma: number
    value: (number | null)[]
    low: (number | null)[]
    high: (number | null)[]
  } & Numbers
}
// R 4.2.2; test/reference/trend.R holds the formulas, which are those of R's qcc.
const stored = reference<Stored>('trend')
const nile = stored.nile.values
const base = { baselinePeriods: 20 }
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const places = (alarms: readonly { index: number }[]) => alarms.map(({ index }) => index + 1)
const present = <T>(list: readonly (T | null)[]) => list.filter((entry): entry is T => entry !== null)

describe('agrees with R', () => {
  it('individuals and moving range', () => {
    const chart = sure(individualsChart(nile, base))
    const { centre, sigma, range, upper, lower, sd } = stored.individuals
    expectAllClose([chart.centre, chart.sigma, chart.ranges.centre], [centre, sigma, range], 1e-12)
    expectAllClose([chart.points[0]!.low, chart.points[0]!.high], [lower, upper], 1e-12)
    expect(places(chart.alarms)).toEqual([stored.individuals.alarms].flat())
    expect(places(chart.ranges.alarms)).toEqual([stored.individuals.ranges].flat())
    expectClose(sure(individualsChart(nile, { ...base, estimator: 'sd' })).sigma, sd, 1e-12)
  })
  it('EWMA with limits that widen', () => {
    const chart = sure(ewmaChart(nile, base))
    for (const [key, column] of [
      ['value', 'values'],
      ['low', 'low'],
      ['high', 'high'],
    ] as const)
      expectAllClose(
        chart.points.map((point) => point[key]!),
        stored.ewma[column]!,
        1e-10,
      )
    expect(places(chart.alarms)).toEqual(stored.ewma.alarms)
  })
  it('tabular CUSUM', () => {
    const chart = sure(cusumChart(nile, base))
    for (const key of ['high', 'low'] as const)
      expectAllClose(
        chart.points.map((point) => point[key]),
        stored.cusum[key]!,
        1e-10,
      )
    expect(places(chart.alarms)).toEqual(stored.cusum.alarms)
  })
  it('p-chart and NPS chart with varying n, a period without answers among them', () => {
    const { successes, n } = stored.share
    const shares = sure(pChart(n!.map((n, i) => ({ successes: successes![i]!, n }))))
    const { promoters, detractors, n: answers } = stored.nps
    const nps = sure(
      npsChart(answers!.map((n, i) => ({ promoters: promoters![i]!, detractors: detractors![i]!, n }))),
    )
    expectClose(nps.sigma, stored.nps.sigma)
    for (const [chart, expected] of [
      [shares, stored.share],
      [nps, stored.nps],
    ] as const) {
      expectClose(chart.centre, expected.centre)
      expect(chart.points[4]).toEqual({ value: null, low: null, high: null, outside: null })
      for (const key of ['value', 'low', 'high'] as const)
        expectAllClose(present(chart.points.map((point) => point[key])), present(expected[key]), 1e-12)
    }
    expect(shares.alarms).toEqual([
      { index: 5, side: 'above', value: 31 / 95, limit: shares.points[5]!.high },
      { index: 7, side: 'above', value: 1, limit: shares.points[7]!.high },
    ])
    expect(places(nps.alarms)).toEqual([3, 6])
  })
})

describe('an alarm is strictly outside', () => {
  it('so a value on the limit raises none', () => {
    expect(sure(individualsChart([10, 13, 7], { centre: 10, sigma: 1 })).alarms).toEqual([])
    expect(sure(individualsChart([10, 13.001], { centre: 10, sigma: 1 })).alarms).toHaveLength(1)
    expect(sure(cusumChart([5.5], { centre: 0, sigma: 1 })).alarms).toEqual([])
    expect(sure(cusumChart([5.6], { centre: 0, sigma: 1 })).alarms).toMatchObject([
      { side: 'above', since: 0 },
    ])
  })
  it('of each sum that passes the limit, also where both do', () => {
    // Counted by hand, k 0.5, h 5: the upper sum rises by 9.5 and then falls by 3.5 a period, the lower rises by 2.5.
    const chart = sure(cusumChart([10, 10, -3, -3, -3, -3], { centre: 0, sigma: 1 }))
    expect(chart.points.map(({ high, low, outside }) => [high, low, outside])).toEqual([
      [9.5, 0, 'above'],
      [19, 0, 'above'],
      [15.5, 2.5, 'above'],
      [12, 5, 'above'],
      [8.5, 7.5, 'both'],
      [5, 10, 'below'],
    ])
    expect(chart.alarms.map(({ index, side, value, since }) => [index, side, value, since])).toEqual([
      [0, 'above', 9.5, 0],
      [1, 'above', 19, 0],
      [2, 'above', 15.5, 0],
      [3, 'above', 12, 0],
      [4, 'above', 8.5, 0],
      [4, 'below', 7.5, 2],
      [5, 'below', 10, 2],
    ])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 60 }), (values) => {
        const { points, alarms } = sure(cusumChart([0, ...values], { centre: 0, sigma: 1 }))
        const over = (sum: 'high' | 'low') => points.flatMap((point, i) => (point[sum] > 5 ? [i] : []))
        expect(alarms.flatMap(({ index, side }) => (side === 'above' ? [index] : []))).toEqual(over('high'))
        expect(alarms.flatMap(({ index, side }) => (side === 'below' ? [index] : []))).toEqual(over('low'))
      }),
    )
  })
  it('and a constant series raises none, whatever its digits', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.integer({ min: 2, max: 50 }),
        (value, n) => {
          const values = Array(n).fill(value)
          expect(sure(individualsChart(values)).alarms).toEqual([])
          expect(sure(ewmaChart(values)).alarms).toEqual([])
          expect(cusumChart(values)).toMatchObject({ reason: 'no variance' })
        },
      ),
    )
  })
})

describe('a given baseline', () => {
  it('takes the place of the estimate', () => {
    const chart = sure(pChart([{ successes: 3, n: 10 }], { centre: 0.9 }))
    expect(chart).toMatchObject({ centre: 0.9, baseline: 'given' })
    expect(chart.alarms).toHaveLength(1)
    const nps = sure(
      npsChart([{ promoters: 5, detractors: 5, n: 10 }], { shares: { promoters: 0.5, detractors: 0.2 } }),
    )
    expectClose(nps.centre, 30)
    expectClose(nps.sigma, 78.10249675906654)
    expect(sure(individualsChart([1, 2, 3], { centre: 0, sigma: 2 }))).toMatchObject({
      centreIs: 'given',
      sigmaIs: 'given',
    })
  })
  it('must be possible', () => {
    expect(() => pChart([], { centre: 1.2 })).toThrow('0..1')
    expect(() => individualsChart([1, 2], { sigma: 0 })).toThrow('positive')
    expect(() => npsChart([{ promoters: 6, detractors: 5, n: 10 }])).toThrow('detractors')
    expect(() => ewmaChart([1, 2], { lambda: 0 })).toThrow('lambda')
  })
})

it('too few answers make no baseline', () => {
  expect(pChart([{ successes: 0, n: 0 }])).toMatchObject({ reason: 'too few' })
  expect(npsChart([])).toMatchObject({ reason: 'too few' })
  expect(individualsChart([4])).toMatchObject({ reason: 'too few' })
  expect(ewmaChart([])).toMatchObject({ reason: 'too few' })
})

it('charts follow their values when these are shifted and scaled', () => {
  const values = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 40 })
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: -50, max: 50 }),
      fc.constantFrom(0.5, 2, 8),
      (values, shift, factor) => {
        const moved = values.map((value) => factor * value + shift)
        const plain = cusumChart(values)
        if ('reason' in plain) return
        const other = sure(cusumChart(moved))
        expectAllClose(
          other.points.map((point) => point.high),
          plain.points.map((point) => point.high),
          1e-9,
          1,
        )
        const ewma = sure(ewmaChart(values))
        expectAllClose(
          sure(ewmaChart(moved)).points.map((point) => point.value!),
          ewma.points.map((point) => factor * point.value! + shift),
          1e-9,
          1,
        )
      },
    ),
  )
})
