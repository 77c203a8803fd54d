import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohenKappa } from '../../src/stats/cohen-kappa.ts'
import { fleissKappa } from '../../src/stats/fleiss-kappa.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { krippendorff } from '../../src/stats/krippendorff.ts'
import { expectClose, reference } from './reference.ts'

const r = reference<{
  table: number[][]
  kappa: number
  quadratic: number
  linear: number
  ase: number
  linearAse: number
  quadraticAse: number
  fleiss: { counts: number[][]; kappa: number; se: number }
}>('agreement')

function known<T>(answer: OrReason<T>): T {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as T
}

describe("Cohen's kappa", () => {
  it('agrees with psych::cohen.kappa and vcd::Kappa, SE and all weights', () => {
    for (const [weights, kappa, se] of [
      ['nominal', r.kappa, r.ase],
      ['linear', r.linear, r.linearAse],
      ['quadratic', r.quadratic, r.quadraticAse],
    ] as const) {
      const found = known(cohenKappa(r.table, weights))
      expectClose(found.kappa, kappa)
      expectClose(found.se, se)
    }
  })
  it('is 1 when the raters never differ, and has no value when they know one category', () => {
    expect(
      cohenKappa(
        [
          [5, 0],
          [0, 3],
        ],
        'nominal',
      ),
    ).toMatchObject({ kappa: 1, agreement: 1, se: 0 })
    expect(
      cohenKappa(
        [
          [5, 0],
          [0, 0],
        ],
        'nominal',
      ),
    ).toMatchObject({ reason: 'no variance' })
    expect(cohenKappa([[0]], 'linear')).toMatchObject({ reason: 'empty group' })
  })
  it('has no error where the marks of one rater lie all to one side of the other: linear weights see their means', () => {
    for (const table of [
      [
        [0, 0, 0],
        [1, 6, 0],
        [4, 2, 0],
      ],
      [
        [0, 7, 2],
        [0, 4, 9],
        [0, 0, 0],
      ],
    ]) {
      const none = { reason: 'no variance', detail: expect.stringContaining('settles') }
      expect(cohenKappa(table, 'linear')).toMatchObject({
        kappa: 0,
        se: none,
        interval: none,
        z: none,
        p: none,
      })
      expect(known(cohenKappa(table, 'nominal')).se).toBeGreaterThan(0)
    }
  })
  it('does not mind which rater comes first', () => {
    const counts = fc.array(fc.array(fc.nat(9), { minLength: 3, maxLength: 3 }), {
      minLength: 3,
      maxLength: 3,
    })
    fc.assert(
      fc.property(counts, (table) => {
        const one = cohenKappa(table, 'linear')
        const two = cohenKappa(
          table[0]!.map((_, j) => table.map((row) => row[j]!)),
          'linear',
        )
        if (isNoValue(one) || isNoValue(two)) return expect(isNoValue(one)).toBe(isNoValue(two))
        expect(two.kappa).toBeCloseTo(one.kappa, 10)
        if (isNoValue(one.se)) return expect(two.se).toEqual(one.se)
        expect(two.se).toBeCloseTo(one.se as number, 10)
      }),
    )
  })
})

describe("Fleiss' kappa", () => {
  it('gives the textbook 0.210 and the SE of its formula', () => {
    const found = known(fleissKappa(r.fleiss.counts))
    expect(found.kappa.toFixed(3)).toBe('0.210')
    expectClose(found.kappa, r.fleiss.kappa)
    expectClose(found.se, r.fleiss.se)
  })
  it('says why there is none', () => {
    expect(fleissKappa([])).toMatchObject({ reason: 'too few' })
    expect(
      fleissKappa([
        [3, 0],
        [3, 0],
      ]),
    ).toMatchObject({ reason: 'no variance' })
    expect(() =>
      fleissKappa([
        [3, 0],
        [1, 1],
      ]),
    ).toThrow('same number')
  })
})

// Krippendorff 2011: four observers, twelve units, ratings missing.
const x = Number.NaN
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, x, x, x],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, x, 3],
  [x, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, x],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, x],
]
const units = observers[0]!.map((_, u) => observers.map((ratings) => ratings[u]!))

describe("Krippendorff's alpha", () => {
  it('gives the figures of Krippendorff 2011', () => {
    const alpha = (level: Parameters<typeof krippendorff>[1]) =>
      known(krippendorff(units, level)).alpha.toFixed(3)
    expect([alpha('nominal'), alpha('ordinal'), alpha('interval'), alpha('ratio')]).toEqual([
      '0.743',
      '0.815',
      '0.849',
      '0.797',
    ])
  })
  it('takes a row that occurs often once, with how often', () => {
    const twice = [...units, ...units, ...units.slice(0, 4)]
    const times = units.map((_, i) => (i < 4 ? 3 : 2))
    expect(krippendorff(units, 'ordinal', times)).toEqual(krippendorff(twice, 'ordinal'))
    const counts = r.fleiss.counts
    expectClose(
      known(
        fleissKappa(
          counts,
          counts.map(() => 2),
        ),
      ).se,
      known(fleissKappa([...counts, ...counts])).se,
      1e-12,
    )
  })
  it('has no ratios of ratings below 0', () => {
    const units = [
      [-1, 1],
      [1, 1],
      [2, 2],
    ]
    expect(krippendorff(units, 'ratio')).toMatchObject({ reason: 'out of range' })
    expect(known(krippendorff(units, 'interval')).alpha).toBeLessThan(1)
  })
  it('leaves out units with one rating, and counts the others', () => {
    expect(known(krippendorff(units, 'nominal'))).toMatchObject({ units: 11, ratings: 40 })
    expect(krippendorff([[1, x]], 'nominal')).toMatchObject({ reason: 'too few' })
    expect(
      krippendorff(
        [
          [1, 1],
          [1, 1],
        ],
        'interval',
      ),
    ).toMatchObject({ reason: 'no variance' })
  })
  it('minds neither the order of raters and units nor, for intervals, the unit of measure', () => {
    const turned = [...units].reverse().map((unit) => [...unit].reverse().map((v) => 3 * v - 2))
    expectClose(
      known(krippendorff(turned, 'interval')).alpha,
      known(krippendorff(units, 'interval')).alpha,
      1e-12,
    )
  })
})
