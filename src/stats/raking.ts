import { noValue, type OrReason, SampleInvalid } from './interval.ts'

/** One combination of the margins' categories, and how many answered in it. */
export interface Cell {
  /** For each margin the number of its category. */
  readonly categories: readonly number[]
  readonly count: number
}

export interface Raked {
  /** One a cell: what each answer in it counts; the mean over all answers is 1. Cells without answers: 0. */
  readonly weights: Float64Array
  readonly rounds: number
  /** Largest distance left between a weighted share and its target. */
  readonly distance: number
}

export interface RakeOptions {
  readonly rounds?: number
  readonly tolerance?: number
  /** What a category is called in the detail of a result that is none. */
  readonly nameOf?: (margin: number, category: number) => string
}

const numbered = (margin: number, category: number) => `category ${category + 1} of margin ${margin + 1}`

/** Raking: weights that bring every margin to its target, by fitting one margin after the other.
 * @param cells every combination that occurs
 * @param targets for each margin the share of each category; each margin is scaled to 1
 * @returns 'empty group' when a category has a target but no answers (or answers and a target of 0), 'not converged'
 * when the margins contradict each other in the cells that have answers
 * @see Deming & Stephan 1940; R survey::rake
 */
export function rake(
  cells: readonly Cell[],
  targets: readonly (readonly number[])[],
  { rounds = 1000, tolerance = 1e-12, nameOf = numbered }: RakeOptions = {},
): OrReason<Raked> {
  const n = cells.reduce((sum, cell) => sum + cell.count, 0)
  if (n === 0) return noValue('empty group')
  const wanted = targets.map((shares) => {
    const total = shares.reduce((sum, share) => sum + share, 0)
    if (!(total > 0) || shares.some((share) => !(share >= 0)))
      throw new SampleInvalid('targets must be shares >= 0')
    return shares.map((share) => (share / total) * n)
  })
  const weights = Float64Array.from(cells, (cell) => (cell.count > 0 ? 1 : 0))
  const sumsOf = (margin: number) => {
    const sums = new Float64Array(wanted[margin]!.length)
    cells.forEach((cell, i) => {
      sums[cell.categories[margin]!]! += cell.count * weights[i]!
    })
    return sums
  }
  for (let margin = 0; margin < wanted.length; margin++) {
    const empty = sumsOf(margin).findIndex((sum, category) => sum > 0 !== wanted[margin]![category]! > 0)
    if (empty >= 0) {
      const kind = wanted[margin]![empty]! > 0 ? 'a target but no answers' : 'answers but a target of 0'
      return noValue('empty group', `${nameOf(margin, empty)} has ${kind}`)
    }
  }
  let distance = Number.POSITIVE_INFINITY
  let round = 0
  while (round < rounds && distance > tolerance) {
    round++
    for (let margin = 0; margin < wanted.length; margin++) {
      const sums = sumsOf(margin)
      cells.forEach((cell, i) => {
        const category = cell.categories[margin]!
        if (sums[category]! > 0) weights[i]! *= wanted[margin]![category]! / sums[category]!
      })
    }
    distance = 0
    for (let margin = 0; margin < wanted.length; margin++) {
      sumsOf(margin).forEach((sum, category) => {
        distance = Math.max(distance, Math.abs(sum - wanted[margin]![category]!) / n)
      })
    }
  }
  if (distance > 1e-6)
    return noValue('not converged', `after ${round} rounds a share is still ${distance.toExponential(1)} off`)
  return { weights, rounds: round, distance }
}

/** Post-stratification: weights that bring every cell to its target.
 * @param counts answers in each cell
 * @param targets share of each cell; scaled to 1
 * @returns 'empty group' when a cell has a target but no answers, or answers and a target of 0
 * @see Holt & Smith 1979; R survey::postStratify
 */
export function postStratify(counts: readonly number[], targets: readonly number[]): OrReason<Raked> {
  return rake(
    counts.map((count, i) => ({ categories: [i], count })),
    [targets],
    { rounds: 1 },
  )
}
