import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cuped, pairMoments } from '../../src/stats/cuped.ts'
import {
  differenceInDifferences,
  type Effect,
  eventStudy,
  type Panel,
  placebos,
  preTrend,
} from '../../src/stats/difference-in-differences.ts'
import type { OrReason } from '../../src/stats/interval.ts'
import { type TTest, welch } from '../../src/stats/mean.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { panelOf } from '../../src/stats/panel.ts'
import { expectAllClose, expectClose, reference } from './reference.ts'

type Kinds = Record<
  | 'value'
  | 'classical'
  | 'hc1'
  | 'cr0'
  | 'cr1'
  | 'cr1s'
  | 'vcovCL'
  | 'cr2'
  | 'cr2df'
  | 'cr2p'
  | 'classicalP'
  | 'cr1sP'
  | 'n'
  | 'clusters',
  number
>
type Welch = Record<'difference' | 'se' | 't' | 'df' | 'p' | 'low' | 'high', number>
// R 4.2.2, sandwich 3.0-2, clubSandwich 0.5.8; test/reference/initiative.R holds the calls.
const stored = reference<{
  rows: Record<'store' | 'period' | 'treated' | 'y', number[]>
  begin: number
  did: Kinds
  preTrend: Kinds
  study: (Kinds & { period: number })[]
  leads: Record<'f' | 'df1' | 'df2' | 'p', number>
  placebo: Kinds[]
  welch: Record<'post' | 'change' | 'clusters', Welch>
  cuped: Welch & {
    x: number[]
    y: number[]
    treated: number[]
    theta: number
    correlation: number
    reduction: number
  }
}>('initiative')
const { rows, begin } = stored
const panel = panelOf({
  value: rows.y,
  period: rows.period,
  treated: rows.treated,
  cluster: rows.store,
  periods: 6,
  begin,
})
const sure = <T>(answer: OrReason<T>): T => {
  expect(answer).not.toHaveProperty('reason')
  return answer as T
}

function expectWelch(test: TTest, expected: Welch): void {
  for (const key of ['difference', 'se', 't', 'df', 'p'] as const) expectClose(test[key], expected[key], 1e-8)
  expectAllClose(test.interval, [expected.low, expected.high], 1e-8)
}

describe('agrees with R', () => {
  it('difference in differences with each kind of error', () => {
    const found = sure(differenceInDifferences(panel))
    expect(found).toMatchObject({ n: stored.did.n, clusters: stored.did.clusters })
    expectClose(found.effect, stored.did.value, 1e-10)
    for (const kind of ['classical', 'hc1', 'cr0', 'cr1', 'cr1s', 'cr2'] as const)
      expectClose(sure(found.errors[kind]).se, stored.did[kind], 1e-8, 0, kind)
    expectClose(sure(found.errors.cr1s).se, stored.did.vcovCL, 1e-8)
    const cr2 = sure(found.errors.cr2)
    expectAllClose([cr2.df, cr2.p], [stored.did.cr2df, stored.did.cr2p], 1e-7)
    expectClose(sure(found.errors.classical).p, stored.did.classicalP)
    expectClose(sure(found.errors.cr1s).p, stored.did.cr1sP)
  })
  it('pre-trend', () => {
    for (const kind of ['classical', 'hc1', 'cr0', 'cr1', 'cr1s', 'cr2'] as const) {
      const effect = sure(preTrend(panel, kind))
      expectClose(effect.value, stored.preTrend.value, 1e-9)
      expectClose(effect.se, stored.preTrend[kind], 1e-8, 0, kind)
    }
    expectClose(sure(preTrend(panel, 'cr2')).df, stored.preTrend.cr2df, 1e-7)
  })
  it('event study and the joint test of its leads', () => {
    const study = sure(eventStudy(panel, 'cr2'))
    expect(study.periods[begin - 1]!.effect).toBeNull()
    for (const expected of stored.study) {
      const effect = sure(study.periods[expected.period]!.effect as OrReason<Effect>)
      expectClose(effect.value, expected.value, 1e-9)
      expectAllClose([effect.se, effect.df, effect.p], [expected.cr2, expected.cr2df, expected.cr2p], 1e-7)
    }
    const leads = sure(study.leads)
    for (const key of ['f', 'df1', 'df2', 'p'] as const) expectClose(leads[key], stored.leads[key], 1e-8)
  })
  it('placebos', () => {
    sure(placebos(panel, 'cr2')).forEach((placebo, i) => {
      const effect = sure(placebo.effect)
      expectAllClose(
        [effect.value, effect.se, effect.df],
        [stored.placebo[i]!.value, stored.placebo[i]!.cr2, stored.placebo[i]!.cr2df],
        1e-7,
      )
      expect(placebo.corrected).toBeGreaterThanOrEqual(effect.p as number)
    })
  })
  it('Welch on post, change and cluster means; CUPED', () => {
    const { x, y, treated } = stored.cuped
    const arm = (which: number) => treated.flatMap((t, i) => (t === which ? [i] : []))
    const pick = (values: number[], which: number) => arm(which).map((i) => values[i]!)
    const change = y.map((value, i) => value - x[i]!)
    const post = (which: number) =>
      rows.y.filter((_, i) => rows.treated[i] === which && rows.period[i]! >= begin)
    expectWelch(sure(welch(momentsOf(post(0)), momentsOf(post(1)))), stored.welch.post)
    expectWelch(sure(welch(momentsOf(pick(change, 0)), momentsOf(pick(change, 1)))), stored.welch.change)
    expectWelch(sure(welch(momentsOf(pick(y, 0)), momentsOf(pick(y, 1)))), stored.welch.clusters)
    const found = sure(cuped(pairMoments(pick(x, 0), pick(y, 0)), pairMoments(pick(x, 1), pick(y, 1))))
    expectAllClose(
      [found.theta, found.correlation, found.varianceReduction],
      [stored.cuped.theta, stored.cuped.correlation, stored.cuped.reduction],
      1e-8,
    )
    expectWelch(sure(found.effect), stored.cuped)
  })
})

const tiny = (y: number[][]): Panel =>
  panelOf({
    value: y.flat(),
    period: y.flatMap((cell, c) => cell.map(() => c % 2)),
    treated: y.flatMap((cell, c) => cell.map(() => (c > 1 ? 1 : 0))),
    periods: 2,
    begin: 1,
  })

describe('has no effect to tell', () => {
  it('when a cell is empty or the answers too few', () => {
    expect(differenceInDifferences(tiny([[1], [2], [], [3]]))).toMatchObject({ reason: 'empty group' })
    expect(differenceInDifferences(tiny([[1], [2], [2], [3]]))).toMatchObject({ reason: 'too few' })
  })
  it('with clusters where none were named, or with one', () => {
    const found = sure(
      differenceInDifferences(
        tiny([
          [1, 2],
          [2, 3],
          [2, 1],
          [3, 5],
        ]),
      ),
    )
    expectClose(found.effect, 1.5, 1e-12)
    expect(found.errors.cr2).toMatchObject({ reason: 'not applicable' })
    const one = panelOf({
      value: [1, 2, 2, 3, 3],
      period: [0, 1, 0, 1, 0],
      treated: [0, 0, 1, 1, 1],
      cluster: [0, 0, 0, 0, 0],
      periods: 2,
      begin: 1,
    })
    expect(sure(differenceInDifferences(one)).errors.cr1).toMatchObject({ reason: 'too few' })
  })
  it('and no p when the answers do not vary', () => {
    const found = sure(
      differenceInDifferences(
        tiny([
          [1, 1],
          [2, 2],
          [2, 2],
          [5, 5],
        ]),
      ),
    )
    expectClose(found.effect, 2, 1e-12)
    expect(sure(found.errors.classical).p).toMatchObject({ reason: 'no variance' })
  })
  it('and no checks with a single period before', () => {
    const short = tiny([
      [1, 2],
      [2, 3],
      [2, 1],
      [3, 5],
    ])
    expect(preTrend(short, 'hc1')).toMatchObject({ reason: 'too few' })
    expect(placebos(short, 'hc1')).toMatchObject({ reason: 'too few' })
    expect(sure(eventStudy(short, 'hc1')).leads).toMatchObject({ reason: 'too few' })
  })
  it('and no CUPED on a constant earlier value', () => {
    expect(cuped(pairMoments([1, 1], [2, 3]), pairMoments([1, 1], [4, 5]))).toMatchObject({
      reason: 'no variance',
    })
    expect(cuped(pairMoments([], []), pairMoments([1, 1], [4, 5]))).toMatchObject({ reason: 'empty group' })
  })
})

it('the order of the rows and the unit of the answers change nothing but the unit', () => {
  const order = fc.shuffledSubarray(
    rows.y.map((_, i) => i),
    { minLength: rows.y.length },
  )
  fc.assert(
    fc.property(
      order,
      fc.constantFrom(0.1, 3, 100),
      fc.integer({ min: -40, max: 40 }),
      (order, factor, shift) => {
        const pick = (column: number[]) => order.map((i) => column[i]!)
        const other = panelOf({
          value: pick(rows.y).map((value) => factor * value + shift),
          period: pick(rows.period),
          treated: pick(rows.treated),
          cluster: pick(rows.store),
          periods: 6,
          begin,
        })
        const found = sure(differenceInDifferences(other))
        expectClose(found.effect, factor * stored.did.value, 1e-8)
        const cr2 = sure(found.errors.cr2)
        expectAllClose([cr2.se, cr2.df], [factor * stored.did.cr2, stored.did.cr2df], 1e-6)
      },
    ),
    { numRuns: 20 },
  )
})
