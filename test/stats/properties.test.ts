import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anova, welchAnova } from '../../src/stats/anova.ts'
import { hasValue, isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { kruskalWallis } from '../../src/stats/kruskal-wallis.ts'
import { meanInterval, welch } from '../../src/stats/mean.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { npsDifference } from '../../src/stats/nps.ts'
import { penaltyReward } from '../../src/stats/penalty-reward.ts'
import { shareDifference } from '../../src/stats/share-difference.ts'
import { weightedNps } from '../../src/stats/weighted-nps.ts'
import { contrastWords } from '../../src/stats/words.ts'
import { expectClose } from './reference.ts'

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 25 })
const groups = fc.array(values, { minLength: 2, maxLength: 5 })
const scale = fc.integer({ min: 1, max: 30 })
const shift = fc.integer({ min: -1000, max: 1000 })

/** Both have a value and it is the same, or neither has. */
function same<T>(a: OrReason<T>, b: OrReason<T>, figure: (value: T) => number, relative = 1e-8): void {
  expect(hasValue(b)).toBe(hasValue(a))
  if (isNoValue(a) || isNoValue(b)) return
  expectClose(figure(b as T), figure(a as T), relative, 1e-6)
}

describe('tests over groups', () => {
  it('do not change with the unit of measure, nor with the order of groups and values', () => {
    fc.assert(
      fc.property(groups, scale, shift, (sets, k, c) => {
        const one = sets.map(momentsOf)
        const two = [...sets].reverse().map((set) => momentsOf([...set].reverse().map((x) => k * x + c)))
        same(anova(one), anova(two), (a) => a.f)
        same(anova(one), anova(two), (a) => a.etaSquared)
        same(welchAnova(one), welchAnova(two), (a) => a.f)
      }),
    )
  })
  it('by ranks do not change under any rising function', () => {
    fc.assert(
      fc.property(groups, (sets) => {
        const flat = sets.flat()
        const labels = sets.flatMap((set, g) => set.map(() => g))
        same(
          kruskalWallis(flat, labels),
          kruskalWallis(
            flat.map((x) => x ** 3 + x),
            labels,
          ),
          (k) => k.h,
        )
      }),
    )
  })
  it('of two groups: ANOVA is the square of the pooled t, Welch of the Welch t', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [x, y] = [momentsOf(a), momentsOf(b)]
        const t = welch(x, y)
        const f = welchAnova([x, y])
        if (isNoValue(t) || isNoValue(f)) return
        expectClose(f.f, t.t ** 2, 1e-8, 1e-6)
        expectClose(f.p, t.p, 1e-7, 1e-10)
      }),
    )
  })
})

describe('differences', () => {
  const counts = fc.record({ promoters: fc.nat(200), passives: fc.nat(200), detractors: fc.nat(200) })
  it('of NPS turn their sign when the groups change places', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const one = npsDifference(a, b)
        const two = npsDifference(b, a)
        same(one, two, (d) => d.adjusted.p)
        if (!isNoValue(one) && !isNoValue(two)) expectClose(two.adjusted.z, -one.adjusted.z, 1e-12, 1e-9)
      }),
    )
  })
  it('of shares mirror when success and failure do', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), fc.integer({ min: 99, max: 200 }), (x, y, n) => {
        const one = shareDifference({ successes: x, n }, { successes: y, n: n + 7 })
        const two = shareDifference({ successes: n - x, n }, { successes: n + 7 - y, n: n + 7 })
        same(one, two, (d) => (isNoValue(d.p) ? 1 : (d.p as number)))
      }),
    )
  })
  it('a mean stays inside its interval, which grows with the level', () => {
    fc.assert(
      fc.property(values, (xs) => {
        const narrow = meanInterval(momentsOf(xs), 0.8)
        const wide = meanInterval(momentsOf(xs), 0.99)
        if (isNoValue(narrow) || isNoValue(wide) || isNoValue(narrow.interval) || isNoValue(wide.interval))
          return
        const [[a, b], [c, d]] = [narrow.interval as [number, number], wide.interval as [number, number]]
        expect(c <= a && a <= narrow.mean && narrow.mean <= b && b <= d).toBe(true)
      }),
    )
  })
})

describe('weights', () => {
  const cell = fc.record({
    promoters: fc.nat(40),
    passives: fc.nat(40),
    detractors: fc.nat(40),
    weight: fc.integer({ min: 1, max: 9 }),
  })
  it('count by their proportions alone', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), scale, (cells, k) => {
        const one = weightedNps(cells)
        const two = weightedNps(cells.map((c) => ({ ...c, weight: k * c.weight })))
        same(one, two, (w) => w.nps)
        same(one, two, (w) => w.kishSe)
        same(one, two, (w) => (isNoValue(w.linearisedSe) ? 0 : (w.linearisedSe as number)))
      }),
    )
  })
})

describe('penalty and reward', () => {
  it('follow the unit of the overall score, and mind neither order nor doubled rows', () => {
    const row = fc.record({
      a: fc.integer({ min: -1, max: 1 }),
      b: fc.integer({ min: -1, max: 1 }),
      y: fc.integer({ min: 0, max: 10 }),
    })
    fc.assert(
      fc.property(fc.array(row, { minLength: 12, maxLength: 60 }), scale, (rows, k) => {
        const of = (list: typeof rows, factor: number) =>
          penaltyReward(list.map(({ a, b, y }) => ({ marks: [a, b], overall: momentsOf([factor * y + 3]) })))
        const estimate = (found: Exclude<ReturnType<typeof of>, { reason: unknown }>) => {
          const { penalty } = found.factors[0]!
          return isNoValue(penalty) ? 0 : (penalty as { estimate: number }).estimate
        }
        const one = of(rows, 1)
        const scaled = of([...rows].reverse(), k)
        const doubled = of([...rows, ...rows], 1)
        if (isNoValue(one) || isNoValue(scaled) || isNoValue(doubled)) return
        expectClose(estimate(scaled as never), k * estimate(one as never), 1e-6, 1e-4)
        expectClose(estimate(doubled as never), estimate(one as never), 1e-6, 1e-4)
      }),
    )
  })
})

describe('words', () => {
  it('of two equal texts stand at zero', () => {
    const text = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 99 }), {
      minKeys: 2,
    })
    fc.assert(
      fc.property(text, (counts) => {
        const both = new Map(Object.entries(counts))
        const found = contrastWords(both, both)
        if (isNoValue(found)) throw new Error(found.reason)
        for (const word of found.words) expect(Math.abs(word.z)).toBeLessThan(1e-9)
      }),
    )
  })
})
