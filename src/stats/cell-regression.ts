import {
  type ClusterScores,
  clusterScores,
  cr2Covariance,
  cr2Freedom,
  leavesResidual,
  mostMakeUps,
} from './cluster-errors.ts'
import { type ClusterSums, NO_CLUSTERS } from './cluster-sums.ts'
import { type Interval, isNoValue, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { cholesky, choleskySolve, invertPositive } from './linear.ts'
import { at, type Matrix, matrix, multiply, multiplyVector, transpose } from './matrix.ts'
import { studentQuantile, studentTwoSided } from './student.ts'

// Least squares where many answers share few rows of the design: all of it from counts, sums and squares a cell.
// In: the design (one row a cell), the sums of each cell, and those of each cluster in each cell.
// Out: coefficients with classical, HC1 and cluster-robust errors; nothing here sees a single answer.

/** Sums of the answers of one design row. */
export interface Cell {
  readonly n: number
  readonly sum: number
  /** Sum of squared deviations from the mean of the cell. */
  readonly squares: number
}

export type ErrorKind = 'classical' | 'hc1' | 'cr0' | 'cr1' | 'cr1s' | 'cr2'

export interface Estimate {
  readonly se: number
  readonly t: OrReason<number>
  readonly df: number
  /** Two-sided. */
  readonly p: OrReason<number>
  readonly interval: Interval
}

export interface CellRegression {
  readonly n: number
  readonly clusters: number
  readonly coefficients: Float64Array
  /** Residual variance, n - k. */
  readonly sigma2: number
  /** Covariance of the coefficients. */
  readonly covariance: (kind: ErrorKind) => OrReason<Matrix>
  /** One combination of the coefficients with its error. */
  readonly estimate: (
    contrast: ArrayLike<number>,
    kind: ErrorKind,
    level?: number,
  ) => OrReason<Estimate & { readonly value: number }>
}

/** Least squares from cells.
 *
 * classical: residual variance, t with n - k. hc1: White's errors times n/(n - k), t with n - k. cr0: the cluster
 * sandwich as it is; cr1: times G/(G - 1), as clubSandwich; cr1s: times G(n - 1)/((G - 1)(n - k)), as Stata and
 * sandwich::vcovCL; all three t with G - 1. cr2: each cluster's residuals are multiplied by (I - H_gg)^(-1/2), with
 * Satterthwaite degrees of freedom, as clubSandwich with the identity as working model.
 * @param design one row a cell, one column a coefficient
 * @param cells as many as the design has rows
 * @param clusters leave out when answers are independent; the cluster kinds are then 'not applicable'
 * @returns 'too few' unless n > k; 'singular' when the columns depend on one another
 * @see White 1980; Liang & Zeger 1986; Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, JBES 36:672
 */
export function cellRegression(
  design: Matrix,
  cells: readonly Cell[],
  clusters: ClusterSums = NO_CLUSTERS,
): OrReason<CellRegression> {
  if (cells.length !== design.rows)
    throw new SampleInvalid(`${design.rows} rows of the design and ${cells.length} cells`)
  const k = design.cols
  const n = cells.reduce((sum, cell) => sum + cell.n, 0)
  if (n <= k) return noValue('too few', `${n} answers for ${k} coefficients`)
  const cross = weightedCross(
    design,
    cells.map((cell) => cell.n),
  )
  const inverse = invertPositive(cross)
  if (isNoValue(inverse)) return noValue('singular', 'a cell is empty, or one column follows from the others')
  const coefficients = solveRefined(design, inverse, cells)
  const fitted = multiplyVector(design, coefficients)
  const cellSquares = cells.map((cell, c) =>
    cell.n === 0 ? 0 : cell.squares + cell.n * (cell.sum / cell.n - fitted[c]!) ** 2,
  )
  const sigma2 = cellSquares.reduce((sum, squares) => sum + squares, 0) / (n - k)
  const scores = clusterScores(design, inverse, clusters, fitted)
  const whole = cells.reduce(
    (sum, cell) => sum + cell.squares + (cell.n > 0 ? (cell.sum * cell.sum) / cell.n : 0),
    0,
  )
  // Errors below this are rounding: twelve digits under those of the residuals, or of the answers themselves.
  const noise = 1e-24 * Math.max(sigma2, whole / n)
  const smallest = (contrast: ArrayLike<number>) =>
    Math.sqrt(noise * dot(contrast, multiplyVector(inverse, contrast)))
  const context = { n, k, sigma2, inverse, design, cellSquares, scores }
  const known = new Map<ErrorKind, OrReason<Matrix>>()
  const covarianceBy = (kind: ErrorKind) => {
    const found = known.get(kind) ?? covarianceOf(context, kind)
    known.set(kind, found)
    return found
  }
  return {
    n,
    clusters: scores.clusters,
    coefficients,
    sigma2,
    covariance: covarianceBy,
    estimate: (contrast, kind, level = 0.95) => {
      requireLevel(level)
      const covariance = covarianceBy(kind)
      if (isNoValue(covariance)) return covariance
      if (isClustered(kind) && scores.adjusted && !leavesResidual(scores.adjusted, contrast))
        return ABSORBED_WHOLLY
      const value = dot(contrast, coefficients)
      const se = Math.sqrt(Math.max(0, dot(contrast, multiplyVector(covariance, contrast))))
      const df = degreesOfFreedom(context, contrast, kind)
      const reach = studentQuantile((1 + level) / 2, df) * se
      const t = se > smallest(contrast) ? value / se : isClustered(kind) ? FLAT_CLUSTERS : FLAT_CELLS
      return {
        value,
        se,
        df,
        t,
        p: typeof t === 'number' ? studentTwoSided(t, df) : t,
        interval: [value - reach, value + reach],
      }
    },
  }
}

const FLAT_CELLS = noValue('no variance', 'the answers do not vary inside their cells')
const FLAT_CLUSTERS = noValue('no variance', 'the clusters do not differ from the means of their cells')
const ABSORBED_WHOLLY = noValue(
  'too few',
  'each cluster decides a coefficient alone, so nothing is left over to tell how clusters differ',
)

const isClustered = (kind: ErrorKind) => kind !== 'classical' && kind !== 'hc1'

/** Least squares with two rounds of refinement, so that a perfect fit leaves no residue of rounding. */
function solveRefined(design: Matrix, inverse: Matrix, cells: readonly Cell[]): Float64Array {
  const turned = transpose(design)
  const coefficients = new Float64Array(design.cols)
  for (let round = 0; round < 3; round++) {
    const fitted = multiplyVector(design, coefficients)
    const left = cells.map((cell, c) => cell.sum - cell.n * fitted[c]!)
    multiplyVector(inverse, multiplyVector(turned, left)).forEach((step, i) => {
      coefficients[i]! += step
    })
  }
  return coefficients
}

interface Context {
  readonly n: number
  readonly k: number
  readonly sigma2: number
  readonly inverse: Matrix
  readonly design: Matrix
  readonly cellSquares: readonly number[]
  readonly scores: ClusterScores
}

function covarianceOf(context: Context, kind: ErrorKind): OrReason<Matrix> {
  const { n, k, inverse, scores } = context
  if (kind === 'classical') return scale(inverse, context.sigma2)
  if (kind === 'hc1')
    return scale(sandwich(inverse, weightedCross(context.design, context.cellSquares)), n / (n - k))
  const g = scores.clusters
  if (g === 0) return noValue('not applicable', 'no cluster was named')
  if (g < 2) return noValue('too few', 'cluster-robust errors need at least 2 clusters')
  if (kind === 'cr2') return scores.adjusted ? cr2Covariance(scores.adjusted) : tooManyMakeUps(k)
  const factor = { cr0: 1, cr1: g / (g - 1), cr1s: (g * (n - 1)) / ((g - 1) * (n - k)) }[kind]
  return scale(sandwich(inverse, scores.meat), factor)
}

const tooManyMakeUps = (coefficients: number) =>
  noValue(
    'not applicable',
    `CR2 is computed for up to ${mostMakeUps(coefficients).toLocaleString('en')} clusters that differ in how many answers they have in each cell; these are more`,
  )

function degreesOfFreedom({ n, k, scores }: Context, contrast: ArrayLike<number>, kind: ErrorKind): number {
  if (kind === 'classical' || kind === 'hc1') return n - k
  return kind === 'cr2' ? cr2Freedom(scores.adjusted!, contrast) : scores.clusters - 1
}

function weightedCross(design: Matrix, weights: readonly number[]): Matrix {
  const k = design.cols
  const cross = matrix(k, k)
  weights.forEach((weight, cell) => {
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) cross.data[a * k + b]! += weight * at(design, cell, a) * at(design, cell, b)
  })
  return cross
}

const sandwich = (bread: Matrix, meat: Matrix) => multiply(multiply(bread, meat), bread)
const scale = (m: Matrix, factor: number) =>
  matrix(
    m.rows,
    m.cols,
    m.data.map((value) => value * factor),
  )

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** F test that several combinations of the coefficients are all nought: Wald statistic over their number, with
 * that number and clusters - 1 (or n - k without clusters) degrees of freedom.
 * @returns 'singular' when there are no more clusters than combinations
 */
export function jointTest(
  regression: CellRegression,
  contrasts: Matrix,
  kind: ErrorKind,
): OrReason<{ readonly f: number; readonly df1: number; readonly df2: number }> {
  const covariance = regression.covariance(kind)
  if (isNoValue(covariance)) return covariance
  const values = multiplyVector(contrasts, regression.coefficients)
  const factor = cholesky(multiply(multiply(contrasts, covariance), transpose(contrasts)))
  if (isNoValue(factor)) return noValue('singular', 'too few clusters to test so many differences at once')
  const df2 = isClustered(kind) ? regression.clusters - 1 : regression.n - regression.coefficients.length
  return { f: dot(values, choleskySolve(factor, values)) / values.length, df1: values.length, df2 }
}
