import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backtest } from '../../src/stats/backtest.ts'
import { projectState, type SmoothingModel, smooth } from '../../src/stats/exponential-smoothing.ts'
import { fitSmoothing } from '../../src/stats/fit-smoothing.ts'
import { forecastAccuracy, naiveScale } from '../../src/stats/forecast-accuracy.ts'
import { forecastReach } from '../../src/stats/forecast-limits.ts'
import type { OrReason } from '../../src/stats/interval.ts'
import { seasonalNaive } from '../../src/stats/seasonal-naive.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Shape {
  fitted: number[]
  sse: number
  coefficients: number[]
  forecast: number[]
  upper: number[]
}
interface Best {
  weights: number | number[]
  sse: number
}
// R 4.2.2, HoltWinters, and forecast 8.20; test/reference/forecast.R holds the calls.
const stored = reference<{
  series: Record<'nile' | 'passengers' | 'quarter' | 'odd', number[]>
  given: Record<string, Shape>
  properReach: number[]
  best: Record<string, Best>
  freeSimple: { alpha: number; level: number; sse: number }
  naive: Record<string, number> & { forecast: number[]; upper: number[] }
}>('forecast')
const { nile, passengers, quarter, odd } = stored.series
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}

const given: [string, SmoothingModel, number[], number, [number, number, number], 'proper' | 'R'][] = [
  ['simple', 'simple', nile, 1, [0.25, 0, 0], 'proper'],
  ['holt', 'holt', nile, 1, [0.3, 0.1, 0], 'proper'],
  ['additive', 'additive', quarter, 4, [0.4, 0.2, 0.3], 'proper'],
  ['multiplicative', 'multiplicative', quarter, 4, [0.4, 0.2, 0.3], 'R'],
  ['odd', 'additive', odd, 5, [0.5, 0.1, 0.6], 'proper'],
]

describe('agrees with R HoltWinters for given weights', () => {
  for (const [name, model, values, period, [alpha, beta, gamma], form] of given) {
    it(name, () => {
      const expected = stored.given[name]!
      const fit = sure(fitSmoothing(model, values, { period, weights: { alpha, beta, gamma } }))
      expectAllClose(fit.fitted, expected.fitted, 1e-10)
      expectClose(fit.sse, expected.sse, 1e-10)
      const { level, trend, season } = fit.state
      const state = [level, ...(model === 'simple' ? [] : [trend]), ...season]
      expectAllClose(state, [expected.coefficients].flat(), 1e-10)
      const forecast = projectState(model, fit.state, expected.forecast.length)
      expectAllClose(forecast, expected.forecast, 1e-10)
      const reach = sure(forecastReach(fit, forecast.length, 0.9, form))
      expectAllClose(
        forecast.map((value, i) => value + reach[i]!),
        expected.upper,
        1e-10,
      )
    })
  }
  it('and the proper multiplicative limits are the formula R means', () => {
    const fit = sure(
      fitSmoothing('multiplicative', quarter, { period: 4, weights: { alpha: 0.4, beta: 0.2, gamma: 0.3 } }),
    )
    expectAllClose(sure(forecastReach(fit, 9, 0.9)), stored.properReach, 1e-10)
  })
})

const best: [string, SmoothingModel, number[], number][] = [
  ['simple', 'simple', nile, 1],
  ['holt', 'holt', passengers, 12],
  ['additive', 'additive', passengers, 12],
  ['multiplicative', 'multiplicative', passengers, 12],
  ['quarter', 'additive', quarter, 4],
]
describe('finds the weights with the least squares, to 1e-5 of R', () => {
  for (const [name, model, values, period] of best) {
    it(name, () => {
      const expected = stored.best[name]!
      const fit = sure(fitSmoothing(model, values, { period }))
      expect(fit.sse).toBeLessThanOrEqual(expected.sse * (1 + 1e-10))
      const found = fit.fittedWeights.map((weight) => fit.weights[weight])
      expectAllClose(found, [expected.weights].flat(), 1e-5, 1e-3)
    })
  }
  it('simple with a fitted level', () => {
    const fit = sure(fitSmoothing('simple', nile, { start: 'fitted' }))
    expectClose(fit.weights.alpha, stored.freeSimple.alpha, 1e-5)
    expectClose(fit.start.level, stored.freeSimple.level, 1e-5)
    expectClose(fit.sse, stored.freeSimple.sse, 1e-9)
    expect(fit.fitted).toHaveLength(nile.length)
  })
})

it('given start values stand before the first value', () => {
  // Hyndman & Athanasopoulos, Forecasting, 2nd ed., 7.1: l0 = 446.6, alpha = 0.83 on oil production.
  const oil = [
    445.36, 453.2, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87,
    456.72, 473.82, 525.95, 549.83, 542.34,
  ]
  const start = { level: 446.5868, trend: 0, season: [], first: 0 }
  const run = smooth('simple', oil, { alpha: 0.8339, beta: 0, gamma: 0 }, start)
  expectClose(run.fitted[0], 446.5868)
  expectClose(run.fitted[1], 446.5868 + 0.8339 * (445.36 - 446.5868), 1e-12)
  expectClose(run.state.level, 542.68, 1e-5)
})

describe('the seasonal naive forecast', () => {
  const naive = sure(seasonalNaive(quarter, 4, 9, 0.9))
  it('agrees with R forecast::snaive', () => {
    expectAllClose(naive.forecast, stored.naive.forecast, 1e-12)
    expectAllClose(
      naive.forecast.map((value, i) => value + naive.reach[i]!),
      stored.naive.upper,
      1e-10,
    )
  })
  it('and so does its accuracy', () => {
    const scale = naiveScale(quarter, 4)
    const accuracy = sure(forecastAccuracy(quarter.slice(4), naive.fitted, scale))
    for (const key of ['me', 'mae', 'rmse', 'mape', 'mase'] as const)
      expectClose(accuracy[key], stored.naive[key]!, 1e-12)
  })
})

describe('has no forecast', () => {
  it('when the series is too short', () => {
    expect(fitSmoothing('simple', [])).toMatchObject({ reason: 'too few' })
    expect(fitSmoothing('holt', [1, 2])).toMatchObject({ reason: 'too few' })
    expect(fitSmoothing('additive', [1, 2, 3, 4, 5, 6, 7], { period: 4 })).toMatchObject({
      reason: 'too few',
    })
    expect(seasonalNaive([1, 2, 3], 4, 2)).toMatchObject({ reason: 'too few' })
  })
  it('when a multiplicative season meets a zero, or there is no cycle', () => {
    expect(fitSmoothing('multiplicative', [0, 2, 3, 4], { period: 2 })).toMatchObject({
      reason: 'out of range',
    })
    expect(fitSmoothing('additive', [0, 2, 3, 4])).toMatchObject({ reason: 'not applicable' })
  })
  it('and no MAPE when a value is 0, no MASE when nothing changes', () => {
    expect(forecastAccuracy([0, 1], [1, 1], 1)).toMatchObject({ mape: { reason: 'out of range' } })
    expect(naiveScale([5, 5, 5], 1)).toMatchObject({ reason: 'no variance' })
  })
  it('but a constant series is forecast as itself', () => {
    const fit = sure(fitSmoothing('simple', [5, 5, 5, 5]))
    expect(fit.sse).toBe(0)
    expect(projectState('simple', fit.state, 2)).toEqual([5, 5])
    expect(sure(forecastReach(fit, 2))).toEqual([0, 0])
  })
})

describe('a backtest', () => {
  const values = Float64Array.from(passengers)
  const last = (training: Float64Array, horizon: number) => ({
    forecast: Array(horizon).fill(training.at(-1)),
    reach: Array(horizon).fill(10),
  })
  it('cuts at each of the last places and looks at nothing after the cut', () => {
    const result = sure(backtest(values, last, { horizon: 2, least: 12, origins: 3 }))
    const n = values.length
    const errors = [n - 4, n - 3, n - 2].flatMap((cut) =>
      [0, 1].map((step) => values[cut + step]! - values[cut - 1]!),
    )
    expect(result.origins).toBe(3)
    expectClose(result.accuracy.mae, errors.reduce((sum, error) => sum + Math.abs(error), 0) / 6)
    expect(result.coverage).toBe(errors.filter((error) => Math.abs(error) <= 10).length / 6)
    expect(result.bySteps.map(({ step, n }) => [step, n])).toEqual([
      [1, 3],
      [2, 3],
    ])
  })
  it('does not score what was filled in', () => {
    const observed = Array.from(values, (_, i) => i % 3 !== 0)
    const result = sure(backtest(values, last, { horizon: 1, least: 12, origins: 9, observed }))
    const from = values.length - 9
    const errors = Array.from({ length: 9 }, (_, k) => from + k).flatMap((i) =>
      observed[i] ? [Math.abs(values[i]! - values[i - 1]!)] : [],
    )
    expect(result.accuracy.n).toBe(6)
    expectClose(result.accuracy.mae, errors.reduce((sum, error) => sum + error, 0) / 6)
    expect(result.bySteps).toMatchObject([{ step: 1, n: 6 }])
    const none = Array.from(values, () => false)
    expect(backtest(values, last, { horizon: 1, least: 12, observed: none })).toMatchObject({
      reason: 'too few',
    })
  })
  it('needs enough values', () => {
    expect(backtest(values.slice(0, 5), last, { horizon: 2, least: 4 })).toMatchObject({ reason: 'too few' })
  })
})

it('forecasts follow the series when it is shifted or scaled', () => {
  const series = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 9, maxLength: 30 })
  const weight = fc.double({ min: 0.05, max: 0.95, noNaN: true })
  fc.assert(
    fc.property(series, weight, weight, weight, (values, alpha, beta, gamma) => {
      const weights = { alpha, beta, gamma }
      const ahead = (model: SmoothingModel, values: number[]) =>
        projectState(model, sure(fitSmoothing(model, values, { period: 4, weights })).state, 5)
      for (const model of ['simple', 'holt', 'additive'] as const) {
        const plain = ahead(model, values)
        expectAllClose(
          ahead(
            model,
            values.map((value) => 3 * value - 20),
          ),
          plain.map((value) => 3 * value - 20),
          1e-8,
          10,
        )
      }
    }),
  )
})
