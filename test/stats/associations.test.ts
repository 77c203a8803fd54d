import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anova, welchAnova } from '../../src/stats/anova.ts'
import { contingency } from '../../src/stats/contingency.ts'
import { pairMoments, pearson, spearman } from '../../src/stats/correlation.ts'
import { isNoValue, type OrReason } from '../../src/stats/interval.ts'
import { kendall } from '../../src/stats/kendall.ts'
import { kruskalWallis } from '../../src/stats/kruskal-wallis.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { type Impact, type Pattern, penaltyReward } from '../../src/stats/penalty-reward.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

type Test = {
  r: number
  t: number
  p: number
  low: number
  high: number
  rho: number
  rhoP: number
  tau: number
  z: number
  tauP: number
}
const r = reference<{
  mtcars: { mpg: number[]; hp: number[]; cyl: number[]; am: number[] }
  free: { x: number[]; y: number[]; rhoP: number; tauP: number }[]
  mpgHp: Test
  mpgCyl: Test
  mpgAm: Test
  chick: { weight: number[]; feed: number[] }
  anova: { f: number; p: number; eta: number }
  welch: { f: number; df2: number; p: number }
  kruskal: { h: number; p: number }
  air: { ozone: number[]; month: number[]; h: number; p: number }
  table: { counts: number[][]; x2: number; p: number; v: number; corrected: number; least: number }
  penalty: {
    s1: number[]
    s2: number[]
    s3: number[]
    y: number[]
    b: number[]
    se: number[]
    p: number[]
    hc3: number[]
    r2: number
    ap: number
  }
}>('associations')

function known<T>(answer: OrReason<T>): T {
  if (isNoValue(answer)) throw new Error(answer.reason)
  return answer as T
}

describe('correlations agree with cor.test', () => {
  const { mpg, hp, cyl, am } = r.mtcars
  for (const [name, other, expected] of [
    ['horse power', hp, r.mpgHp],
    ['cylinders, with ties', cyl, r.mpgCyl],
    ['two classes, point-biserial', am, r.mpgAm],
  ] as const) {
    it(name, () => {
      const p = known(pearson(pairMoments(mpg, other)))
      expectAllClose(
        [p.r, p.t, p.p, ...known(p.interval)],
        [expected.r, expected.t, expected.p, expected.low, expected.high],
      )
      const s = known(spearman(mpg, other))
      expectAllClose([s.r, s.p], [expected.rho, expected.rhoP])
      const k = known(kendall(mpg, other))
      expectAllClose([k.tau, k.z, k.p], [expected.tau, expected.z, expected.tauP])
    })
  }
  it('without ties by the exact distributions', () => {
    for (const { x, y, rhoP, tauP } of r.free) {
      expectClose(known(spearman(x, y)).p, rhoP, 1e-8, 1e-12, `rho of ${x.length}`)
      expectClose(
        known(
          spearman(
            x,
            y.map((v) => -v),
          ),
        ).p,
        rhoP,
        1e-8,
        1e-12,
        `turned rho of ${x.length}`,
      )
      expectClose(known(kendall(x, y)).p, tauP, 1e-8, 1e-12, `tau of ${x.length}`)
    }
  })
  it("has Spearman's own distribution up to 1290 pairs, as R", () => {
    // R 4.2.2: i <- 1:1290 (0:1290); cor.test(i, (i * 36) %% 1291, method = "spearman")$p.value
    const turned = (i: number[]) =>
      known(
        spearman(
          i,
          i.map((k) => (36 * k) % 1291),
        ),
      )
    const last = turned(Array.from({ length: 1290 }, (_, i) => i + 1))
    const next = turned(Array.from({ length: 1291 }, (_, i) => i))
    expect([last.exact, next.exact]).toEqual([true, false])
    expectAllClose([last.p, next.p], [0.3317089729115685, 0.2927515481065584])
  })
  it('and say why there is none', () => {
    expect(pearson(pairMoments([1, 2, 3], [0.1, 0.1, 0.1]))).toMatchObject({ reason: 'no variance' })
    expect(pearson(pairMoments([1], [2]))).toMatchObject({ reason: 'too few' })
    expect(pearson(pairMoments([1, 2], [2, 1]))).toMatchObject({ r: -1, p: { reason: 'too few' } })
    expect(kendall([1, 1], [1, 2])).toMatchObject({ reason: 'no variance' })
    expect(pearson(pairMoments([1, 2, 3, 4], [2, 4, 6, 8]))).toMatchObject({ r: 1, p: 0, interval: [1, 1] })
  })
  it('rank correlations do not change under a rising function; all turn sign when one column does', () => {
    const xs = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 5, maxLength: 40 })
    fc.assert(
      fc.property(xs, fc.integer(), (x, seed) => {
        const y = x.map((v, i) => ((v * 7 + i * (seed % 13) * 5) % 11) + i * 0.01)
        const k = kendall(x, y)
        if (isNoValue(k)) return
        expectClose(
          known(
            kendall(
              x.map((v) => v ** 3),
              y,
            ),
          ).tau,
          k.tau,
          1e-12,
        )
        expectClose(
          known(
            kendall(
              x.map((v) => -v),
              y,
            ),
          ).tau,
          -k.tau,
          1e-12,
        )
        expectClose(
          known(
            spearman(
              x.map((v) => Math.exp(v / 10)),
              y,
            ),
          ).r,
          known(spearman(x, y)).r,
          1e-9,
          1e-6,
        )
        expectClose(
          known(
            pearson(
              pairMoments(
                x.map((v) => 3 - 2 * v),
                y,
              ),
            ),
          ).r,
          -known(pearson(pairMoments(x, y))).r,
          1e-9,
          1e-6,
        )
      }),
    )
  })
  it('Kendall counts pairs as the definition does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 3, maxLength: 30 }), (points) => {
        const k = kendall(
          points.map((p) => p[0]),
          points.map((p) => p[1]),
        )
        if (isNoValue(k)) return
        let score = 0
        let untiedX = 0
        let untiedY = 0
        points.forEach(([a, b], i) => {
          for (const [c, d] of points.slice(i + 1)) {
            score += Math.sign(a - c) * Math.sign(b - d)
            untiedX += a === c ? 0 : 1
            untiedY += b === d ? 0 : 1
          }
        })
        expectClose(k.tau, score / Math.sqrt(untiedX * untiedY), 1e-12)
      }),
    )
  })
})

describe('groups', () => {
  const groups = [1, 2, 3, 4, 5, 6].map((feed) =>
    momentsOf(r.chick.weight.filter((_, i) => r.chick.feed[i] === feed)),
  )
  it('ANOVA and Welch agree with oneway.test', () => {
    const a = known(anova(groups))
    expectAllClose([a.f, a.p, a.etaSquared], [r.anova.f, r.anova.p, r.anova.eta])
    const w = known(welchAnova(groups))
    expectAllClose([w.f, w.df2, w.p], [r.welch.f, r.welch.df2, r.welch.p])
  })
  it('Kruskal-Wallis agrees with kruskal.test, with ties', () => {
    const k = known(kruskalWallis(r.chick.weight, r.chick.feed))
    expectAllClose([k.h, k.p], [r.kruskal.h, r.kruskal.p])
    const air = known(kruskalWallis(r.air.ozone, r.air.month))
    expectAllClose([air.h, air.p], [r.air.h, r.air.p])
  })
  it('say why there is no answer', () => {
    expect(anova([momentsOf([1, 2])])).toMatchObject({ reason: 'too few' })
    expect(anova([momentsOf([1, 1]), momentsOf([2, 2])])).toMatchObject({ reason: 'no variance' })
    expect(welchAnova([momentsOf([1]), momentsOf([2, 3])])).toMatchObject({ reason: 'too few' })
    expect(welchAnova([momentsOf([1, 1]), momentsOf([2, 3])])).toMatchObject({ reason: 'no variance' })
    expect(kruskalWallis([1, 1, 1], [0, 1, 1])).toMatchObject({ reason: 'no variance' })
  })
})

describe('tables of counts', () => {
  it('agree with chisq.test, V plain and corrected', () => {
    const c = known(contingency(r.table.counts))
    expectAllClose(
      [c.chiSquare, c.p, c.v, c.vCorrected, c.leastExpected],
      [r.table.x2, r.table.p, r.table.v, r.table.corrected, r.table.least],
    )
  })
  it('V does not change when every row is doubled, nor with an empty row', () => {
    const once = known(contingency(r.table.counts))
    expectClose(known(contingency(r.table.counts.map((row) => row.map((x) => 2 * x)))).v, once.v, 1e-12)
    expect(contingency([...r.table.counts, r.table.counts[0]!.map(() => 0)])).toEqual(once)
    expect(contingency([[1, 2]])).toMatchObject({ reason: 'too few' })
  })
})

describe('penalty and reward', () => {
  const { s1, s2, s3, y } = r.penalty
  const mark = (x: number) => (x <= 2 ? -1 : x === 5 ? 1 : 0)
  const patterns = (rows: readonly number[]): Pattern[] => {
    const found = new Map<string, { marks: number[]; values: number[] }>()
    for (const i of rows) {
      const marks = [s1, s2, s3].map((s) => mark(s[i]!))
      const own = found.get(marks.join()) ?? { marks, values: [] }
      found.set(marks.join(), own)
      own.values.push(y[i]!)
    }
    return [...found.values()].map(({ marks, values }) => ({ marks, overall: momentsOf(values) }))
  }
  const all = y.map((_, i) => i)
  it('agree with lm and vcovHC(type = "HC3")', () => {
    const found = known(penaltyReward(patterns(all)))
    const rows = [
      found.intercept,
      ...found.factors.flatMap((f) => [known(f.penalty), known(f.reward)]),
    ] as Impact[]
    expectAllClose(
      rows.map((row) => row.estimate),
      r.penalty.b,
    )
    expectAllClose(
      rows.map((row) => row.se),
      r.penalty.se,
    )
    expectAllClose(
      rows.map((row) => row.p),
      r.penalty.p,
    )
    expectAllClose(
      rows.map((row) => row.hc3Se),
      r.penalty.hc3,
    )
    expectClose(found.r2, r.penalty.r2)
    expectClose(found.factors[0]!.asymmetryP, r.penalty.ap)
    expect(found.factors.map((f) => f.class)).toEqual(['basic', expect.any(String), 'excitement'])
  })
  it('do not depend on how rows are gathered into patterns', () => {
    const single = all.map((i) => ({
      marks: [s1, s2, s3].map((s) => mark(s[i]!)),
      overall: momentsOf([y[i]!]),
    }))
    const a = known(penaltyReward(patterns(all)))
    const b = known(penaltyReward(single))
    expectClose(known(b.factors[1]!.penalty).hc3Se, known(a.factors[1]!.penalty).hc3Se as number, 1e-9)
  })
  it('have an asymmetry only where low marks lower and high marks raise', () => {
    // Low marks raise, high marks raise more: two answers a pattern, so that p is small.
    const signs = (low: number, high: number, noise: number) =>
      known(
        penaltyReward(
          ([-1, 0, 1] as const).map((sign) => {
            const middle = sign < 0 ? low : sign > 0 ? high : 0
            return { marks: [sign], overall: momentsOf([-1, 1, -1, 1].map((x) => 5 + middle + noise * x)) }
          }),
        ),
      ).factors[0]!
    expect(signs(-1, 2, 0.1)).toMatchObject({ class: 'excitement', asymmetry: expect.closeTo(1 / 3, 10) })
    for (const [low, high] of [
      [1, 2],
      [-2, -1],
      [2, -1],
    ] as const) {
      const none = { asymmetry: { reason: 'not applicable' }, asymmetryP: { reason: 'not applicable' } }
      expect(signs(low, high, 0.1)).toMatchObject({ ...none, class: 'unclear' })
      expect(signs(low, high, 50)).toMatchObject({ ...none, class: 'no effect' })
    }
  })
  it('take a wrong sign that may be chance for no penalty or no reward', () => {
    const turned = (low: number, high: number) =>
      known(
        penaltyReward(
          ([-1, 0, 1] as const).map((sign) => {
            const middle = sign < 0 ? low : sign > 0 ? high : 0
            const answers = [-1, 1, -1, 1, -1, 1].map((x) => 5 + middle + 0.5 * x)
            return { marks: [sign], overall: momentsOf(answers) }
          }),
        ),
      ).factors[0]!
    expect(turned(-2, -0.05)).toMatchObject({ class: 'basic', asymmetry: { reason: 'not applicable' } })
    expect(turned(0.05, 2)).toMatchObject({ class: 'excitement', asymmetryP: expect.any(Number) })
    expect(turned(-2, -1.5)).toMatchObject({ class: 'unclear' })
    expect(turned(0.05, -0.05)).toMatchObject({ class: 'no effect' })
  })
  it('tell what cannot be said', () => {
    const never = all.filter((i) => s1[i]! > 2)
    expect(known(penaltyReward(patterns(never))).factors[0]).toMatchObject({
      penalty: { reason: 'no variance' },
      class: { reason: 'no variance' },
    })
    expect(penaltyReward(patterns(all.slice(0, 4)))).toMatchObject({ reason: 'too few' })
    const same = all.map((i) => ({ marks: [mark(s1[i]!), mark(s1[i]!)], overall: momentsOf([y[i]!]) }))
    expect(penaltyReward(same)).toMatchObject({
      reason: 'singular',
      detail: expect.stringContaining('follow from those of others'),
    })
    const full = all.map((i) => ({ marks: [s1[i]! > 3 ? 1 : -1], overall: momentsOf([y[i]!]) }))
    expect(penaltyReward(full)).toMatchObject({
      reason: 'singular',
      detail: expect.stringContaining('none between'),
    })
  })
})
