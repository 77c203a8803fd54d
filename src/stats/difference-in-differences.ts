import { type Cell, cellRegression, type ErrorKind, type Estimate, jointTest } from './cell-regression.ts'
import { type ClusterSums, clusterCount, poolClusters } from './cluster-sums.ts'
import { correct } from './corrections.ts'
import { fisherUpper } from './fisher.ts'
import { isNoValue, noValue, type OrReason } from './interval.ts'
import { matrixFromRows } from './matrix.ts'

// Did it help? The change of those who got the initiative, less the change of those who did not.
// In: panels of sums by period and arm (and by cluster). Out: the effect with every kind of error, and its checks.
// The effect is causal only if both arms would have moved alike; the pre-trend and placebo tests look at that.

/** Sums of the answers by arm and period, and the same for each cluster. */
export interface Panel {
  /** How many periods; the initiative began with period `begin` (0..periods). */
  readonly periods: number
  readonly begin: number
  /** Control of period 0, 1 ..., then treated of period 0, 1 ... */
  readonly cells: readonly Cell[]
  /** Places as in `cells`; no clusters when answers are independent. */
  readonly clusters: ClusterSums
}

export interface Effect extends Estimate {
  readonly value: number
}

export interface DifferenceInDifferences {
  readonly n: number
  readonly clusters: number
  readonly effect: number
  readonly errors: Readonly<Record<ErrorKind, OrReason<Effect>>>
}

export const ERROR_KINDS: readonly ErrorKind[] = ['classical', 'hc1', 'cr0', 'cr1', 'cr1s', 'cr2']

/** Difference in differences of before and after, by least squares on treated, post and their product.
 * @returns 'empty group' when one of the four cells is empty
 * @see Angrist & Pischke, Mostly Harmless Econometrics 5.2; R lm(y ~ treated * post) with sandwich and clubSandwich
 */
export function differenceInDifferences(panel: Panel, level = 0.95): OrReason<DifferenceInDifferences> {
  return effectBetween(panel, [0, panel.begin], [panel.begin, panel.periods], level)
}

function effectBetween(
  panel: Panel,
  before: Span,
  after: Span,
  level: number,
): OrReason<DifferenceInDifferences> {
  const { periods } = panel
  const inSpan = (period: number, [from, to]: Span) => period >= from && period < to
  // Four cells: control before and after, treated before and after.
  const place = panel.cells.map((_, c) => {
    const arm = c >= periods ? 2 : 0
    const period = c % periods
    return inSpan(period, before) ? arm : inSpan(period, after) ? arm + 1 : -1
  })
  const cells = [0, 1, 2, 3].map((four) => poolCells(panel.cells.filter((_, c) => place[c] === four)))
  if (cells.some((cell) => cell.n === 0))
    return noValue('empty group', 'an arm has no answers before or after')
  const clusters = poolClusters(panel.clusters, place, 4)
  const design = matrixFromRows([
    [1, 0, 0, 0],
    [1, 0, 1, 0],
    [1, 1, 0, 0],
    [1, 1, 1, 1],
  ])
  const regression = cellRegression(design, cells, clusters)
  if (isNoValue(regression)) return regression
  const errors = Object.fromEntries(
    ERROR_KINDS.map((kind) => [kind, regression.estimate([0, 0, 0, 1], kind, level)]),
  ) as Record<ErrorKind, OrReason<Effect>>
  return { n: regression.n, clusters: clusterCount(clusters), effect: regression.coefficients[3]!, errors }
}

type Span = readonly [from: number, to: number]

export interface EventStudy {
  /** The period that the others are held against: the last before the initiative. */
  readonly reference: number
  /** Difference between the arms in each period less that of the reference; null at the reference. */
  readonly periods: readonly { readonly period: number; readonly effect: OrReason<Effect> | null }[]
  /** Are the differences before the initiative all nought? */
  readonly leads: OrReason<{
    readonly f: number
    readonly df1: number
    readonly df2: number
    readonly p: number
  }>
}

/** Effect in each period against the last period before the initiative.
 * @param kind of error for the effects; the joint test takes cr1s in place of cr2
 * @returns 'too few' without a period before; 'empty group' when an arm lacks a period
 * @see Angrist & Pischke 5.2.1
 */
export function eventStudy(panel: Panel, kind: ErrorKind, level = 0.95): OrReason<EventStudy> {
  const { periods, begin } = panel
  if (begin < 1) return noValue('too few', 'no period lies before the initiative')
  const reference = begin - 1
  const size = 2 * periods
  // One coefficient a cell; the effects are contrasts of cell means.
  const design = matrixFromRows(Array.from({ length: size }, (_, c) => unit(size, [[c, 1]])))
  const regression = cellRegression(design, panel.cells, panel.clusters)
  if (isNoValue(regression)) return noValue('empty group', 'an arm has no answers in some period')
  const contrast = (period: number) =>
    unit(size, [
      [periods + period, 1],
      [period, -1],
      [periods + reference, -1],
      [reference, 1],
    ])
  const all = Array.from({ length: periods }, (_, period) => ({
    period,
    effect: period === reference ? null : regression.estimate(contrast(period), kind, level),
  }))
  const before = Array.from({ length: begin - 1 }, (_, period) => contrast(period))
  const joint =
    before.length === 0
      ? noValue('too few', 'a pre-trend needs at least 2 periods before the initiative')
      : jointTest(regression, matrixFromRows(before), kind === 'cr2' ? 'cr1s' : kind)
  const leads = isNoValue(joint) ? joint : { ...joint, p: fisherUpper(joint.f, joint.df1, joint.df2) }
  return { reference, periods: all, leads }
}

/** Difference between the arms in the slope over the periods before the initiative, per period: least squares on
 * the periods, the arm, and arm x period.
 * @returns 'too few' with fewer than 2 periods before
 */
export function preTrend(panel: Panel, kind: ErrorKind, level = 0.95): OrReason<Effect> {
  const { periods, begin } = panel
  if (begin < 2) return noValue('too few', 'a pre-trend needs at least 2 periods before the initiative')
  const kept = panel.cells.map((_, c) => c).filter((c) => c % periods < begin)
  const design = matrixFromRows(
    kept.map((c) => {
      const treated = c >= periods ? 1 : 0
      const period = c % periods
      const dummies = Array.from({ length: begin }, (_, p) => (p === period ? 1 : 0))
      return [...dummies, treated, treated * (period - (begin - 1) / 2)]
    }),
  )
  const place = panel.cells.map((_, c) => kept.indexOf(c))
  const regression = cellRegression(
    design,
    kept.map((c) => panel.cells[c]!),
    poolClusters(panel.clusters, place, kept.length),
  )
  if (isNoValue(regression)) return regression
  return regression.estimate(unit(begin + 2, [[begin + 1, 1]]), kind, level)
}

export interface Placebo {
  /** The period in which the initiative is pretended to have begun. */
  readonly begin: number
  readonly effect: OrReason<Effect>
  /** Corrected by Holm over all placebo tests. */
  readonly corrected: number | null
}

/** The same comparison within the periods before the initiative, pretending that it began at each of them.
 * @returns 'too few' with fewer than 2 periods before
 */
export function placebos(panel: Panel, kind: ErrorKind, level = 0.95): OrReason<Placebo[]> {
  if (panel.begin < 2) return noValue('too few', 'a placebo needs at least 2 periods before the initiative')
  const effects = Array.from({ length: panel.begin - 1 }, (_, i) => {
    const found = effectBetween(panel, [0, i + 1], [i + 1, panel.begin], level)
    return { begin: i + 1, effect: isNoValue(found) ? found : found.errors[kind] }
  })
  const ps = effects.map(({ effect }) =>
    isNoValue(effect) || isNoValue(effect.p) ? null : (effect.p as number),
  )
  const corrected = correct(ps, 'holm')
  return effects.map((placebo, i) => ({ ...placebo, corrected: corrected[i]! }))
}

function poolCells(cells: readonly Cell[]): Cell {
  const n = cells.reduce((sum, cell) => sum + cell.n, 0)
  const sum = cells.reduce((total, cell) => total + cell.sum, 0)
  const squares = cells.reduce(
    (total, cell) => total + (cell.n === 0 ? 0 : cell.squares + cell.n * (cell.sum / cell.n - sum / n) ** 2),
    0,
  )
  return { n, sum, squares }
}

function unit(size: number, entries: readonly (readonly [number, number])[]): Float64Array {
  const vector = new Float64Array(size)
  for (const [place, value] of entries) vector[place]! += value
  return vector
}
