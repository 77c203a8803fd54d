import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { type Moments, momentsOf } from '../../src/stats/moments.ts'
import { type PartialPooling, partialPooling } from '../../src/stats/partial-pooling.ts'
import { randomFrom } from '../../src/stats/random.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Fit {
  tau2: number
  sigma2?: number
  mean: number
  se: number
  blup: number[]
  sd: number[]
}
const r = reference<
  Record<'n' | 'mean' | 'squares', number[]> &
    Record<'dl' | 'mlPooled' | 'remlPooled' | 'ml' | 'reml' | 'own' | 'ownDl', Fit> & { sigma2: number }
>('pooling')
const units: Moments[] = r.n.map((n, i) => ({ n, mean: r.mean[i]!, squares: r.squares[i]! }))

function known(answer: OrReason<PartialPooling>): PartialPooling {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as PartialPooling
}

function hold(found: PartialPooling, fit: Fit, relative: number, sd: 'sd' | 'conditionalSd'): void {
  expectAllClose([found.between, found.mean, found.meanSe], [fit.tau2, fit.mean, fit.se], relative)
  expectAllClose(
    found.units.map((unit) => unit.shrunken),
    fit.blup,
    relative,
  )
  expectAllClose(
    found.units.map((unit) => unit[sd]),
    fit.sd,
    relative,
  )
}

describe('partial pooling agrees with R', () => {
  it('moments: metafor rma(method = "DL") and blup', () => {
    hold(known(partialPooling(units, 'dl')), r.dl, 1e-8, 'sd')
    expectClose(known(partialPooling(units, 'dl')).sigma2, r.sigma2)
  })
  it('ML and REML with a pooled variance: metafor', () => {
    hold(known(partialPooling(units, 'ml', 'pooled')), r.mlPooled, 1e-6, 'sd')
    hold(known(partialPooling(units, 'reml', 'pooled')), r.remlPooled, 1e-6, 'sd')
  })
  it('ML and REML, both variances together: lme4 lmer', () => {
    for (const method of ['ml', 'reml'] as const) {
      const found = known(partialPooling(units, method))
      hold(found, r[method], 1e-5, 'conditionalSd')
      expectClose(found.sigma2, r[method].sigma2!, 1e-5)
      expectClose(found.icc, r[method].tau2 / (r[method].tau2 + r[method].sigma2!), 1e-5)
    }
  })
  it("each unit's own variance: metafor", () => {
    const big = units.filter((unit) => unit.n > 2)
    hold(known(partialPooling(big, 'reml', 'own')), r.own, 1e-6, 'sd')
    hold(known(partialPooling(big, 'dl', 'own')), r.ownDl, 1e-8, 'sd')
  })
})

describe('partial pooling at its edges', () => {
  it('draws all units together when they do not differ more than chance', () => {
    const alike = [momentsOf([1, 5, 9]), momentsOf([2, 5, 8]), momentsOf([0, 5, 10, 5])]
    for (const method of ['dl', 'ml', 'reml'] as const) {
      const found = known(partialPooling(alike, method))
      expect(found.between).toBe(0)
      expect(found.icc).toBe(0)
      for (const unit of found.units) expect(unit.shrunken).toBeCloseTo(found.mean, 12)
      expect(found.units.map((unit) => unit.shrunkenRank)).toEqual([2, 2, 2])
    }
  })
  it('gives one rank to means that are equal but for rounding', () => {
    const own = [44 / 14, 44 / 14 + 4.5e-16, 44 / 14 - 4.5e-16, 3, 3.2]
    expect(new Set(own).size).toBe(5)
    const found = known(
      partialPooling(
        own.map((mean) => ({ n: 14, mean, squares: 0.01 })),
        'reml',
      ),
    )
    expect(found.units.map(({ rank }) => rank)).toEqual([3, 3, 3, 5, 1])
    expect(found.units.map(({ shrunkenRank }) => shrunkenRank)).toEqual([3, 3, 3, 5, 1])
  })
  it('says why there is no answer', () => {
    expect(partialPooling([momentsOf([1, 2])], 'dl')).toMatchObject({ reason: 'too few' })
    expect(partialPooling([momentsOf([1]), momentsOf([2])], 'reml')).toMatchObject({ reason: 'too few' })
    expect(partialPooling([momentsOf([1, 1]), momentsOf([2, 2])], 'ml')).toMatchObject({
      reason: 'no variance',
    })
    expect(partialPooling([momentsOf([1]), momentsOf([2, 3])], 'dl', 'own')).toMatchObject({
      reason: 'too few',
    })
  })
  it('follows shift and scale, whatever the method', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (seed, k) => {
          const random = randomFrom(seed)
          const made = Array.from({ length: 6 }, (_, u) =>
            Array.from({ length: 2 + u * 2 }, () => u * 0.3 + 2 * random()),
          )
          for (const method of ['dl', 'ml', 'reml'] as const) {
            const one = known(partialPooling(made.map(momentsOf), method))
            const two = known(
              partialPooling(
                made.map((v) => momentsOf(v.map((x) => k * x - 3))),
                method,
              ),
            )
            expectClose(two.between, k * k * one.between, 1e-4, 1e-3 * k * k)
            expectAllClose(
              two.units.map((u) => u.shrunken),
              one.units.map((u) => k * u.shrunken - 3),
              1e-4,
              k,
            )
          }
        },
      ),
      { numRuns: 20 },
    )
  })
})
