import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaQuantile, updatedShare } from '../../src/stats/beta-binomial.ts'
import { bestThreshold, brier, calibration, logLoss, thresholdTable } from '../../src/stats/classification.ts'
import { contingency } from '../../src/stats/contingency.ts'
import { csat, csatDifference } from '../../src/stats/csat.ts'
import { kendallExactP, spearmanExactP } from '../../src/stats/exact-rank.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { medianOf } from '../../src/stats/median.ts'
import { newcombe } from '../../src/stats/newcombe.ts'
import { npsChart } from '../../src/stats/nps-chart.ts'
import { pChart } from '../../src/stats/p-chart.ts'
import { quantileOfSorted } from '../../src/stats/quantile.ts'
import { midranks } from '../../src/stats/ranks.ts'
import { expectAllClose, expectClose } from './reference.ts'

// What each figure must not change with: order, unit of measure, rows written twice, names of categories.

function same<T>(a: OrReason<T>, b: OrReason<T>, figures: (value: T) => ArrayLike<number>): void {
  expect(isNoValue(b)).toBe(isNoValue(a))
  if (!isNoValue(a) && !isNoValue(b)) expectAllClose(figures(b as T), figures(a as T), 1e-8, 1e-6)
}
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}
const whole = (min: number, max: number) => fc.integer({ min, max })
const list = (least: number, most = 30) => fc.array(whole(-60, 60), { minLength: least, maxLength: most })
const factor = whole(2, 9)

describe('ranks and quantiles', () => {
  it('as R has them', () => {
    // R 4.2.2: quantile(c(1,3,4,9,10,17), c(.1,.35,.5,.99)); median(c(5,1,9,2)); rank(c(4,1,4,9))
    const sorted = [1, 3, 4, 9, 10, 17]
    expectAllClose(
      [0.1, 0.35, 0.5, 0.99].map((p) => quantileOfSorted(sorted, p)),
      [2, 3.75, 6.5, 16.65],
      1e-12,
    )
    expect([medianOf([5, 1, 9, 2]), medianOf([7, 1, 3]), medianOf([4])]).toEqual([3.5, 3, 4])
    expect([...midranks([4, 1, 4, 9]).ranks]).toEqual([2.5, 1, 2.5, 4])
    expect(() => quantileOfSorted([], 0.5)).toThrow('quantile 0.5 of 0 values')
    expect(() => quantileOfSorted([1], 1.5)).toThrow()
  })
  it('follow the values under a change of unit, and rank sums are fixed', () => {
    fc.assert(
      fc.property(list(1), factor, whole(0, 100), (values, k, share) => {
        const sorted = values.toSorted((a, b) => a - b)
        const p = share / 100
        const turned = sorted.map((x) => k * x - 7)
        expectClose(quantileOfSorted(turned, p), k * quantileOfSorted(sorted, p) - 7, 1e-12, 1)
        expectClose(quantileOfSorted(sorted, 0.5), medianOf(values), 1e-12, 1)
        const { ranks, ties } = midranks(values)
        expect([...midranks(values.map((x) => x ** 3)).ranks]).toEqual([...ranks])
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((values.length * (values.length + 1)) / 2)
        expect(ties.reduce((sum, tie) => sum + tie, 0)).toBe(values.length)
      }),
    )
  })
  it('exact p of rank correlations: as R, and the same for the reversed order', () => {
    // R 4.2.2: x <- c(2.5,.1,3.3,9.1,4.2,7.7,1.8); y <- c(1.2,.7,5.5,6.1,3.9,8.8,2.2)
    // cor.test(x, y, method = "kendall")$p.value, method = "spearman": 18 concordant pairs, distance 6
    expectClose(kendallExactP(18, 7), 0.03015873015873005)
    expectClose(spearmanExactP(6, 7), 0.0123015873015873)
    fc.assert(
      fc.property(whole(2, 12), whole(0, 100), (n, share) => {
        const pairs = (n * (n - 1)) / 2
        const k = Math.round((pairs * share) / 100)
        expectClose(kendallExactP(k, n), kendallExactP(pairs - k, n), 1e-10)
      }),
    )
  })
})

const judged = fc.array(fc.tuple(whole(1, 99), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 40 })

describe('judging chances', () => {
  it('does not change with the order of rows or with every row twice', () => {
    fc.assert(
      fc.property(judged, (rows) => {
        const of = (rows: readonly (readonly [number, number])[]) =>
          [rows.map(([chance]) => chance / 100), rows.map(([, y]) => y)] as const
        const [once, twice] = [
          of(rows as [number, number][]),
          of([...rows, ...rows].reverse() as [number, number][]),
        ]
        same(brier(...once), brier(...twice), (x) => [x])
        same(logLoss(...once), logLoss(...twice), (x) => [x])
        same(bestThreshold(...once), bestThreshold(...twice), (x) => [x.youden, x.threshold])
        const table = (data: typeof once) =>
          thresholdTable(...data, [0.3, 0.6]).flatMap((row) => [
            row.accuracy,
            Number(sureOr(row.sensitivity)),
          ])
        expectAllClose(table(twice), table(once), 1e-10)
        // Who is said to leave with p is said to stay with 1 - p.
        const turned = [once[0].map((p) => 1 - p), once[1].map((y) => 1 - y)] as const
        same(brier(...once), brier(...turned), (x) => [x])
        same(logLoss(...once), logLoss(...turned), (x) => [x])
        const bins = sure(calibration(...once, 4)).bins
        expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(rows.length)
        expect(bins.reduce((sum, bin) => sum + bin.events, 0)).toBe(once[1].reduce((sum, y) => sum + y, 0))
      }),
    )
  })
})
const sureOr = (value: OrReason<number>) => (isNoValue(value) ? -1 : value)

const counts = fc
  .tuple(whole(2, 4), whole(2, 4))
  .chain(([r, c]) =>
    fc.array(fc.array(whole(0, 20), { minLength: c, maxLength: c }), { minLength: r, maxLength: r }),
  )

describe('tables of counts', () => {
  it('are the same turned over and in any order; k times the counts give k times chi-square and the same V', () => {
    // R 4.2.2: chisq.test(matrix(c(12,7,5,9,14,3), 2), correct = FALSE)$statistic
    expectClose(
      sure(
        contingency([
          [12, 5, 14],
          [7, 9, 3],
        ]),
      ).chiSquare,
      7.105574782857473,
    )
    fc.assert(
      fc.property(counts, factor, (table, k) => {
        const found = contingency(table)
        const turned = table[0]!.map((_, j) => table.map((row) => row[j]!).reverse())
        same(found, contingency(turned), (x) => [x.chiSquare, x.df, x.p, x.v])
        same(found, contingency(table.map((row) => row.map((n) => k * n))), (x) => [x.v])
        if (!isNoValue(found)) {
          const more = sure(contingency(table.map((row) => row.map((n) => k * n))))
          expectClose(more.chiSquare, k * found.chiSquare, 1e-9, 1e-9)
        }
      }),
    )
  })
  it('of CSAT: shares stay with every answer twice, and turning the groups turns the sign', () => {
    const five = fc.array(whole(0, 15), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(five, five, (a, b) => {
        same(csat(a), csat(a.map((n) => 2 * n)), (x) => [x.top.share, x.bottom.share, x.mean.mean])
        const [there, back] = [csatDifference(a, b), csatDifference(b, a)]
        same(there, back, (x) => [Math.abs(x.top.difference), Math.abs(x.bottom.difference)])
        if (!isNoValue(there) && !isNoValue(back))
          expectClose(back.top.difference, -there.top.difference, 1e-12, 1e-9)
      }),
    )
  })
  it('of two shares by Newcombe: turning the groups turns the limits, more answers draw them in', () => {
    const share = fc.tuple(whole(0, 30), whole(0, 30)).map(([x, rest]) => ({ successes: x, n: x + rest }))
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [there, back] = [newcombe(a, b), newcombe(b, a)]
        same(there, back, (x) => [Math.abs(x.difference), x.interval[1] - x.interval[0]])
        if (isNoValue(there) || isNoValue(back)) return
        expectAllClose(back.interval, [-there.interval[1], -there.interval[0]], 1e-10, 1e-9)
        const twice = (g: typeof a) => ({ successes: 4 * g.successes, n: 4 * g.n })
        const { interval } = sure(newcombe(twice(a), twice(b)))
        expect(interval[1] - interval[0]).toBeLessThan(there.interval[1] - there.interval[0])
      }),
    )
  })
  it('a share believed in moves towards what is counted', () => {
    // R 4.2.2: qbeta(c(.025, .5, .975), 3.5, 12.25); qbeta(c(.025, .975), .5, .5)
    expectAllClose(
      [0.025, 0.5, 0.975].map((p) => betaQuantile(p, 3.5, 12.25)),
      [0.06085001307551243, 0.2102733543107423, 0.4497294335078353],
      1e-8,
    )
    expectAllClose(
      [0.025, 0.975].map((p) => betaQuantile(p, 0.5, 0.5)),
      [0.001541333133436012, 0.998458666866564],
      1e-8,
    )
    fc.assert(
      fc.property(whole(1, 99), whole(0, 20), whole(1, 20), (prior, successes, more) => {
        const belief = { mean: prior / 100, weight: 8 }
        const { mean, interval } = updatedShare(belief, successes, successes + more)
        const seen = successes / (successes + more)
        expect(mean).toBeGreaterThanOrEqual(Math.min(seen, belief.mean) - 1e-12)
        expect(mean).toBeLessThanOrEqual(Math.max(seen, belief.mean) + 1e-12)
        expect(interval[0]).toBeLessThan(mean)
        expect(interval[1]).toBeGreaterThan(mean)
      }),
    )
  })
})

describe('charts of counts', () => {
  const periods = fc.array(fc.tuple(whole(0, 20), whole(0, 20), whole(1, 20)), {
    minLength: 2,
    maxLength: 15,
  })
  it('have one centre for any order of the periods, and narrower limits where n is larger', () => {
    fc.assert(
      fc.property(periods, (rows) => {
        const shares = rows.map(([a, b, c]) => ({ successes: a, n: a + b + c }))
        const scores = rows.map(([a, b, c]) => ({ promoters: a, detractors: b, n: a + b + c }))
        same(pChart(shares), pChart(shares.toReversed()), (x) => [x.centre])
        same(npsChart(scores), npsChart(scores.toReversed()), (x) => [x.centre, x.sigma])
        const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!
        const chart = npsChart(scores, { shares: { promoters: 0.4, detractors: 0.3 } })
        const { points } = sure(chart)
        for (let i = 1; i < points.length; i++)
          if (scores[i]!.n > scores[i - 1]!.n)
            expect(width(points[i]!)).toBeLessThanOrEqual(width(points[i - 1]!) + 1e-9)
      }),
    )
  })
})
