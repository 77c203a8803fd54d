import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correct } from '../../src/stats/corrections.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { meanInterval, pooledT, welch } from '../../src/stats/mean.ts'
import { mergeMoments, momentsFromCounts, momentsFromSums, momentsOf } from '../../src/stats/moments.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

interface Basics {
  sleep: { a: number[]; b: number[] }
  welch: { t: number; df: number; p: number; low: number; high: number }
  pooled: { t: number; p: number; low: number; high: number }
  one: { mean: number; low: number; high: number }
  p: number[]
  bh: number[]
  holm: number[]
  bonferroni: number[]
}
const r = reference<Basics>('basics')

function known<T>(answer: OrReason<T>): T {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as T
}

describe('means', () => {
  const a = momentsOf(r.sleep.a)
  const b = momentsOf(r.sleep.b)
  it('t interval agrees with t.test(x)', () => {
    const mean = known(meanInterval(a))
    expectClose(mean.mean, r.one.mean)
    expectAllClose(known(mean.interval), [r.one.low, r.one.high])
  })
  it('Welch agrees with t.test(b, a)', () => {
    const test = known(welch(a, b))
    expectAllClose(
      [test.t, test.df, test.p, ...test.interval],
      [r.welch.t, r.welch.df, r.welch.p, r.welch.low, r.welch.high],
    )
  })
  it('the pooled test agrees with var.equal = TRUE', () => {
    const test = known(pooledT(a, b))
    expectAllClose([test.t, test.p, ...test.interval], [r.pooled.t, r.pooled.p, r.pooled.low, r.pooled.high])
  })
  it('say why they have no value', () => {
    expect(meanInterval(momentsOf([]))).toMatchObject({ reason: 'empty group' })
    expect(meanInterval(momentsOf([3]))).toMatchObject({ n: 1, mean: 3, interval: { reason: 'too few' } })
    expect(welch(momentsOf([1, 1]), momentsOf([2, 2]))).toMatchObject({ reason: 'no variance' })
    expect(welch(momentsOf([1]), momentsOf([2, 3]))).toMatchObject({ reason: 'too few' })
  })
  it('have no variance where rounding alone makes one', () => {
    // R 4.2.2: t.test(c(.2, .4, .7) - c(.1, .3, .6), c(0, 0, 0)) stops: "data are essentially constant"
    const changes = momentsOf([0.2 - 0.1, 0.4 - 0.3, 0.7 - 0.6])
    const none = momentsOf([0, 0, 0])
    expect(changes.squares).toBeGreaterThan(0)
    expect(welch(none, changes)).toMatchObject({ reason: 'no variance' })
    expect(pooledT(none, changes)).toMatchObject({ reason: 'no variance' })
  })
  it('do not lose digits on a large offset', () => {
    const far = momentsOf(r.sleep.a.map((x) => x + 1e9))
    expectClose(far.squares, a.squares, 1e-6)
  })
  it('follow shift and scale, and do not mind the order', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 40 })
    fc.assert(
      fc.property(values, fc.double({ min: 0.1, max: 10, noNaN: true }), (xs, k) => {
        const one = momentsOf(xs)
        const two = momentsOf(xs.map((x) => k * x + 5).reverse())
        expect(two.mean).toBeCloseTo(k * one.mean + 5, 7)
        expectClose(two.squares, k * k * one.squares, 1e-8, 1e-3)
        const cut = 1 + (xs.length >> 1)
        const merged = mergeMoments(momentsOf(xs.slice(0, cut)), momentsOf(xs.slice(cut)))
        expectClose(merged.squares, one.squares, 1e-9, 1e-3)
      }),
    )
  })
  it('are the same from sums and from counts', () => {
    const sum = r.sleep.a.reduce((s, x) => s + x, 0)
    const squares = r.sleep.a.reduce((s, x) => s + x * x, 0)
    expectClose(momentsFromSums(10, sum, squares).squares, a.squares, 1e-12)
    expect(momentsFromCounts([1, 2, 3], 1)).toEqual(momentsOf([1, 2, 2, 3, 3, 3]))
    expect(() => momentsFromSums(2, 10, 1)).toThrow('too small')
  })
})

describe('corrections for many tests', () => {
  it('agree with p.adjust', () => {
    expectAllClose(correct(r.p, 'bh'), r.bh)
    expectAllClose(correct(r.p, 'holm'), r.holm)
    expectAllClose(correct(r.p, 'bonferroni'), r.bonferroni)
  })
  it('leave out tests that could not be made', () => {
    expect(correct([null, 0.02, 0.04], 'bonferroni')).toEqual([null, 0.04, 0.08])
    expect(correct([], 'bh')).toEqual([])
    expect(() => correct([1.2], 'bh')).toThrow('p-value')
  })
  it('never lower a p, never change the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
        for (const method of ['bh', 'holm', 'bonferroni'] as const) {
          const corrected = correct(ps, method) as number[]
          ps.forEach((p, i) => {
            expect(corrected[i]).toBeGreaterThanOrEqual(p)
            ps.forEach((other, j) => {
              if (p < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[j]!)
            })
          })
        }
      }),
    )
  })
})
