import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Covariance, CovarianceSums, PairwiseSums } from '../../src/stats/covariance.ts'
import { type Drivers, drivers } from '../../src/stats/drivers.ts'
import { driverLimits } from '../../src/stats/drivers-bootstrap.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { johnsonWeights } from '../../src/stats/johnson.ts'
import { lmg } from '../../src/stats/lmg.ts'
import { matrix } from '../../src/stats/matrix.ts'
import { randomFrom } from '../../src/stats/random.ts'
import type { Coefficient, Regression } from '../../src/stats/regression.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

type Numbers = Record<string, number[]>
const r = reference<
  Numbers & {
    data: Numbers
    r2: number
    adjusted: number
    sigma: number
    f: number
    p: number
    missing: { wt: number[]; hp: number[]; mpg: number }
    pairwise: { cor: number[][]; beta: number[]; johnson: number[] }
  }
>('drivers')

const columns = Object.values(r.data)
const rowsOf = (cols: readonly ArrayLike<number>[]) =>
  Array.from({ length: cols[0]!.length }, (_, i) => cols.map((c) => c[i]!))

function complete(cols: readonly ArrayLike<number>[]): Covariance {
  const sums = new CovarianceSums(cols.length)
  for (const row of rowsOf(cols)) sums.add(row)
  return sums.result()
}

function known<T>(answer: OrReason<T>): T {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as T
}

describe('drivers of mtcars agree with R', () => {
  const found = known(drivers(complete(columns), 0))
  const all = (name: 'pearson' | 'standardisedBeta' | 'vif' | 'lmg' | 'johnson') =>
    found.drivers.map((d) => d[name])
  it('correlations, standardised coefficients, VIF', () => {
    expectAllClose(all('pearson'), r.pearson!)
    expectAllClose(all('standardisedBeta'), r.beta!)
    expectAllClose(all('vif'), r.vif!)
  })
  it('LMG by its definition, Johnson by its formula', () => {
    expectAllClose(all('lmg'), r.lmg!)
    expectAllClose(all('johnson'), r.johnson!)
    expectClose(found.r2, r.r2)
  })
  it('the table of lm', () => {
    const fit = known(found.regression) as Regression
    const rows = [fit.intercept, ...fit.coefficients] as Coefficient[]
    expectAllClose(
      rows.map((row) => row.estimate),
      r.coefficients!,
    )
    expectAllClose(
      rows.map((row) => row.se),
      r.se!,
    )
    expectAllClose(
      rows.map((row) => row.t),
      r.t!,
    )
    expectAllClose(
      rows.map((row) => row.p),
      r.ps!,
    )
    expectAllClose(
      rows.map((row) => known(row.interval)[0]),
      r.low!,
    )
    expectAllClose(
      rows.map((row) => known(row.interval)[1]),
      r.high!,
    )
    expectAllClose([fit.adjustedR2, fit.sigma, fit.f, fit.p], [r.adjusted, r.sigma, r.f, r.p])
  })
  it('pairwise correlations', () => {
    const names = Object.keys(r.data)
    const holes = columns.map((c) => Float64Array.from(c))
    for (const i of r.missing.wt) holes[names.indexOf('wt')]![i] = Number.NaN
    for (const i of r.missing.hp) holes[names.indexOf('hp')]![i] = Number.NaN
    holes[names.indexOf('mpg')]![r.missing.mpg] = Number.NaN
    const sums = new PairwiseSums(6)
    for (const row of rowsOf(holes)) sums.add(row)
    const pairwise = known(drivers(sums.result(), 0))
    expectAllClose(
      pairwise.drivers.map((d) => d.pearson),
      r.pairwise.cor[5]!.slice(0, 5),
    )
    expectAllClose(
      pairwise.drivers.map((d) => d.standardisedBeta),
      r.pairwise.beta,
    )
    expectAllClose(
      pairwise.drivers.map((d) => d.johnson),
      r.pairwise.johnson,
    )
    expect(pairwise.regression).toMatchObject({ adjustedR2: { reason: 'not applicable' } })
  })
})

describe('the figures of FORMULAS.md', () => {
  const R = matrix(3, 3, [1, 0.6, 0.3, 0.6, 1, 0.4, 0.3, 0.4, 1])
  const fixed = (values: OrReason<Float64Array>) => Array.from(known(values), (v) => v.toFixed(4))
  it('Johnson and LMG', () => {
    expect(fixed(johnsonWeights(R, [0.6, 0.5, 0.3]))).toEqual(['0.2366', '0.1222', '0.0380'])
    expect(fixed(lmg(R, [0.6, 0.5, 0.3]))).toEqual(['0.2360', '0.1241', '0.0367'])
  })
})

describe('drivers that cannot be told apart or say nothing', () => {
  const random = randomFrom(1)
  const a = Array.from({ length: 120 }, random)
  const b = Array.from({ length: 120 }, random)
  const y = a.map((x, i) => x + b[i]! * 0.5 + random())
  it('too few rows', () => {
    expect(drivers(complete(columns))).toMatchObject({ reason: 'too few' })
  })
  it('two that are the same: no coefficients, but the same LMG for both', () => {
    const found = known(drivers(complete([a, b, a, y]))) as Drivers
    expect(found.regression).toMatchObject({ reason: 'singular' })
    expect(found.drivers[0]).toMatchObject({ vif: { reason: 'singular' }, johnson: { reason: 'singular' } })
    expectClose(found.drivers[0]!.lmg, found.drivers[2]!.lmg as number)
  })
  it('a constant driver or outcome', () => {
    const constant = a.map(() => 3)
    const found = known(drivers(complete([a, constant, b, y]))) as Drivers
    expect(found.drivers[1]).toMatchObject({ pearson: { reason: 'no variance' } })
    expectClose(found.r2, known(drivers(complete([a, b, y]))).r2 as number)
    expect(drivers(complete([a, b, constant]))).toMatchObject({ reason: 'no variance' })
  })
  it('correlations that contradict each other', () => {
    expect(lmg(matrix(3, 3, [1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1]), [0.5, 0.5, 0.5])).toMatchObject({
      reason: 'singular',
    })
  })
  it('a sum of two others over many rows: singular, not nonsense', () => {
    const many = randomFrom(5)
    const p = Array.from({ length: 60_000 }, () => 3 + many())
    const q = p.map(() => 100 * many())
    const both = p.map((x, i) => x + q[i]!)
    const out = p.map((x, i) => x - q[i]! / 50 + many())
    const found = known(drivers(complete([p, q, both, out]))) as Drivers
    expect(found.regression).toMatchObject({ reason: 'singular' })
    expect(found.drivers[2]).toMatchObject({
      vif: { reason: 'singular' },
      standardisedBeta: { reason: 'singular' },
    })
  })
  it('a perfect fit', () => {
    const found = known(drivers(complete([a, b, a.map((x, i) => 2 * x - b[i]!)]))) as Drivers
    expectClose(found.r2, 1)
  })
})

describe('LMG and Johnson', () => {
  const sample = fc.integer({ min: 0, max: 1e6 }).map((seed) => {
    const random = randomFrom(seed)
    const p = 2 + (seed % 6)
    const common = Array.from({ length: 150 }, random)
    const xs = Array.from({ length: p }, () => common.map((c) => c + 1.5 * random()))
    return [
      ...xs,
      common.map((_, i) => xs.reduce((sum, x, j) => sum + x[i]! * (j + 1), 0) / p + random() * 3),
    ]
  })
  it('add up to R², and mind neither scale nor order nor doubled rows', () => {
    fc.assert(
      fc.property(sample, (cols) => {
        const p = cols.length - 1
        const found = known(drivers(complete(cols), 0))
        const sum = (name: 'lmg' | 'johnson', of: Drivers) =>
          of.drivers.reduce((s, d) => s + (d[name] as number), 0)
        expectClose(sum('lmg', found), found.r2 as number, 1e-9)
        expectClose(sum('johnson', found), found.r2 as number, 1e-9)
        const changed = [...cols.slice(0, p).reverse(), cols[p]!].map((c, j) => c.map((x) => x * (j + 2) - 7))
        const again = known(drivers(complete(changed), 0))
        expectAllClose(
          again.drivers.map((d) => d.lmg).reverse(),
          found.drivers.map((d) => d.lmg as number),
          1e-8,
        )
        const doubled = known(drivers(complete(cols.map((c) => [...c, ...c])), 0))
        expectAllClose(
          doubled.drivers.map((d) => d.johnson),
          found.drivers.map((d) => d.johnson as number),
          1e-8,
        )
      }),
      { numRuns: 25 },
    )
  })
  it('take 20 drivers exactly', () => {
    // Equal correlations give equal shares of a known R².
    const p = 20
    const rho = 0.4
    const R = matrix(
      p,
      p,
      Array.from({ length: p * p }, (_, k) => (Math.floor(k / p) === k % p ? 1 : rho)),
    )
    const r2 = (p * 0.3 ** 2) / (1 + (p - 1) * rho)
    expectAllClose(known(lmg(R, Array(p).fill(0.3))), Array(p).fill(r2 / p), 1e-10)
  })
})

describe('bootstrap limits', () => {
  const cols = columns.map((c) => Float64Array.from(c))
  it('are the same for the same seed, and hold the estimate', () => {
    const one = driverLimits(cols, { rounds: 60, seed: 7, basis: 'complete' })
    expect(driverLimits(cols, { rounds: 60, seed: 7, basis: 'complete' })).toEqual(one)
    expect(driverLimits(cols, { rounds: 60, seed: 8, basis: 'complete' })).not.toEqual(one)
    const [low, high] = known(one[0]!.lmg)
    expect(low < r.lmg![0]! && r.lmg![0]! < high).toBe(true)
  })
})
