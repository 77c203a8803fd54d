import { type Interval, noValue, type OrReason, SampleInvalid } from './interval.ts'
import { Z95 } from './normal.ts'
import type { NpsCounts } from './nps.ts'

/** Answers that share a weight. */
export interface WeightedCounts extends NpsCounts {
  readonly weight: number
  /** For each margin the number of the category; a cell of its own when left out. */
  readonly categories?: readonly number[]
}

export interface EffectiveSize {
  readonly n: number
  /** Kish: (Σw)² / Σw² */
  readonly effective: number
  /** n / effective; 1 when all weights are equal. */
  readonly designEffect: number
}

export interface WeightedNps extends EffectiveSize {
  /** Points. */
  readonly nps: number
  /** Weighted shares. */
  readonly promoters: number
  readonly passives: number
  readonly detractors: number
  /** Points; Taylor linearisation of a weighted mean, the weights taken as given. */
  readonly linearisedSe: OrReason<number>
  readonly linearisedInterval: OrReason<Interval>
  /** Points; the trinomial error on the effective sample. */
  readonly kishSe: number
  readonly kishInterval: Interval
  /** Points; linearised with what the margins tell taken out: right for raked and post-stratified weights. */
  readonly calibratedSe: OrReason<number>
}

/** Kish's effective sample size of weights.
 * @param groups how many answers have which weight
 * @returns 'empty group' when no answer has a weight
 * @see Kish 1965, Survey Sampling, 11.2C
 */
export function effectiveSize(
  groups: readonly { readonly n: number; readonly weight: number }[],
): OrReason<EffectiveSize> {
  const n = groups.reduce((sum, group) => sum + group.n, 0)
  const total = groups.reduce((sum, group) => sum + group.n * group.weight, 0)
  const squares = groups.reduce((sum, group) => sum + group.n * group.weight ** 2, 0)
  if (!(squares > 0)) return noValue('empty group')
  const effective = total ** 2 / squares
  return { n, effective, designEffect: n / effective }
}

/** NPS of weighted answers with its standard errors.
 * @param cells answers by weight, one entry a cell of the margins
 * @returns 'empty group' without answers; linearisedSe is 'too few' with one answer
 * @see Särndal, Swensson & Wretman 1992, 5.7; R survey::svymean with the weights as given (linearised) and of rake and postStratify (calibrated)
 */
export function weightedNps(cells: readonly WeightedCounts[], z = Z95): OrReason<WeightedNps> {
  if (cells.some((cell) => !(cell.weight >= 0))) throw new SampleInvalid('weights must be at least 0')
  const sizeOf = (cell: NpsCounts) => cell.promoters + cell.passives + cell.detractors
  const size = effectiveSize(cells.map((cell) => ({ n: sizeOf(cell), weight: cell.weight })))
  if ('reason' in size) return size
  const sum = (f: (cell: WeightedCounts, i: number) => number) =>
    cells.reduce((total, cell, i) => total + f(cell, i), 0)
  const total = sum((cell) => cell.weight * sizeOf(cell))
  const promoters = sum((cell) => cell.weight * cell.promoters) / total
  const detractors = sum((cell) => cell.weight * cell.detractors) / total
  const net = promoters - detractors
  // Squared distances of +1, 0 and -1 from a centre.
  const spread = (cell: NpsCounts, centre: number) =>
    cell.promoters * (1 - centre) ** 2 + cell.passives * centre ** 2 + cell.detractors * (1 + centre) ** 2
  const { n } = size
  const scale = n / (n - 1)
  const error = (squares: number): OrReason<number> =>
    n < 2 ? noValue('too few') : (100 * Math.sqrt(scale * squares)) / total
  const linearisedSe = error(sum((cell) => cell.weight ** 2 * spread(cell, net)))
  const fitted = fitOfMargins(cells)
  const residuals = cells.map(
    (cell, i) => cell.weight * (cell.promoters - cell.detractors - sizeOf(cell) * fitted[i]!),
  )
  const offset = residuals.reduce((all, residual) => all + residual, 0) / n
  const calibratedSe = error(
    Math.max(0, sum((cell, i) => cell.weight ** 2 * spread(cell, fitted[i]!)) - n * offset ** 2),
  )
  const kishSe = 100 * Math.sqrt(Math.max(0, promoters + detractors - net ** 2) / size.effective)
  const around = (se: number): Interval => [100 * net - z * se, 100 * net + z * se]
  return {
    ...size,
    nps: 100 * net,
    promoters,
    passives: Math.max(0, 1 - promoters - detractors),
    detractors,
    linearisedSe,
    linearisedInterval: typeof linearisedSe === 'number' ? around(linearisedSe) : linearisedSe,
    kishSe,
    kishInterval: around(kishSe),
    calibratedSe,
  }
}

// What the margins tell of +1, 0 and -1 in each cell, by taking out the mean of one margin after the other: ten
// rounds without weights, as survey does.
function fitOfMargins(cells: readonly WeightedCounts[]): Float64Array {
  const fitted = new Float64Array(cells.length)
  const margins = cells[0]?.categories?.length ?? 1
  const categoryOf = (i: number, margin: number) => cells[i]!.categories?.[margin] ?? i
  for (let round = 0; round < (margins > 1 ? 10 : 1); round++) {
    for (let margin = 0; margin < margins; margin++) {
      const sums = new Map<number, { n: number; rest: number }>()
      cells.forEach((cell, i) => {
        const n = cell.promoters + cell.passives + cell.detractors
        const own = sums.get(categoryOf(i, margin)) ?? { n: 0, rest: 0 }
        sums.set(categoryOf(i, margin), own)
        own.n += n
        own.rest += cell.promoters - cell.detractors - n * fitted[i]!
      })
      for (let i = 0; i < cells.length; i++) {
        const own = sums.get(categoryOf(i, margin))!
        if (own.n > 0) fitted[i]! += own.rest / own.n
      }
    }
  }
  return fitted
}
