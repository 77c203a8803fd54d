import { eigenSymmetric } from './eigen.ts'
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

/** What one cluster has in each of the cells it reaches. */
export interface ClusterCells {
  readonly cells: readonly number[]
  readonly n: readonly number[]
  readonly sum: readonly number[]
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
  clusters: readonly ClusterCells[] = [],
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
  const groups = clusters.map((cluster) => clusterScore(design, cluster, fitted))
  const adjusted = groups.length > 1 ? adjustClusters(inverse, groups) : undefined
  const whole = cells.reduce(
    (sum, cell) => sum + cell.squares + (cell.n > 0 ? (cell.sum * cell.sum) / cell.n : 0),
    0,
  )
  // Errors below this are rounding: twelve digits under those of the residuals, or of the answers themselves.
  const noise = 1e-24 * Math.max(sigma2, whole / n)
  const smallest = (contrast: ArrayLike<number>) =>
    Math.sqrt(noise * dot(contrast, multiplyVector(inverse, contrast)))
  const context = { n, k, sigma2, inverse, design, cellSquares, groups, adjusted }
  return {
    n,
    clusters: groups.length,
    coefficients,
    sigma2,
    covariance: (kind) => covarianceOf(context, kind),
    estimate: (contrast, kind, level = 0.95) => {
      requireLevel(level)
      const covariance = covarianceOf(context, kind)
      if (isNoValue(covariance)) return covariance
      if (isClustered(kind) && !isSeen(context, contrast)) return ABSORBED_WHOLLY
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

// Whether any cluster leaves a residual in the direction of the contrast: with one cluster an arm none does, and the
// sandwich is nought by construction, however much the answers vary.
function isSeen({ adjusted }: Context, contrast: ArrayLike<number>): boolean {
  if (!adjusted) return true
  const { root, groups } = adjusted
  const aim = multiplyVector(transpose(root), contrast)
  const whole = dot(aim, aim)
  return groups.some(({ vectors, values }) =>
    multiplyVector(transpose(vectors), aim).some(
      (entry, i) => 1 - values[i]! > ROUNDING && values[i]! * entry * entry > ROUNDING * whole,
    ),
  )
}

const ROUNDING = 1e-10

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

interface Score {
  /** X_g'X_g */
  readonly cross: Matrix
  /** X_g'e_g */
  readonly score: Float64Array
}

interface Adjusted {
  /** L with L L' = (X'X)^-1: coefficients measured in its columns have hat matrices of k x k. */
  readonly root: Matrix
  readonly groups: readonly {
    readonly vectors: Matrix
    readonly values: Float64Array
    readonly score: Float64Array
  }[]
}

interface Context {
  readonly n: number
  readonly k: number
  readonly sigma2: number
  readonly inverse: Matrix
  readonly design: Matrix
  readonly cellSquares: readonly number[]
  readonly groups: readonly Score[]
  readonly adjusted: Adjusted | undefined
}

function covarianceOf(context: Context, kind: ErrorKind): OrReason<Matrix> {
  const { n, k, inverse, groups } = context
  if (kind === 'classical') return scale(inverse, context.sigma2)
  if (kind === 'hc1')
    return scale(sandwich(inverse, weightedCross(context.design, context.cellSquares)), n / (n - k))
  if (groups.length === 0) return noValue('not applicable', 'no cluster was named')
  const g = groups.length
  if (g < 2) return noValue('too few', 'cluster-robust errors need at least 2 clusters')
  if (kind === 'cr2') {
    const { root, groups: parts } = context.adjusted!
    const meat = outerSum(
      k,
      parts.map(({ vectors, values, score }) => stretch(vectors, values, score, (d) => 1 / Math.sqrt(1 - d))),
    )
    return multiply(multiply(root, meat), transpose(root))
  }
  const factor = { cr0: 1, cr1: g / (g - 1), cr1s: (g * (n - 1)) / ((g - 1) * (n - k)) }[kind]
  return scale(
    sandwich(
      inverse,
      outerSum(
        k,
        groups.map((group) => group.score),
      ),
    ),
    factor,
  )
}

function degreesOfFreedom(context: Context, contrast: ArrayLike<number>, kind: ErrorKind): number {
  if (kind === 'classical' || kind === 'hc1') return context.n - context.k
  if (kind !== 'cr2') return context.groups.length - 1
  const { root, groups } = context.adjusted!
  const aim = multiplyVector(transpose(root), contrast)
  let trace = 0
  let squares = 0
  const across = groups.map(({ vectors, values }) => {
    const turned = multiplyVector(transpose(vectors), aim)
    let own = 0
    turned.forEach((entry, i) => {
      if (1 - values[i]! > ABSORBED) own += values[i]! * entry * entry
    })
    trace += own
    const reach = stretch(vectors, values, aim, (d) => d / Math.sqrt(1 - d))
    squares += own * own - dot(reach, reach) ** 2
    return reach
  })
  const whole = outerSum(context.k, across)
  return (trace * trace) / (squares + dot(whole.data, whole.data))
}

// A direction that one cluster decides alone has no residual; clubSandwich leaves it out below this.
const ABSORBED = 1e-12

/** V f(d) V' x for the eigenvectors V and eigenvalues d of a cluster's hat matrix. */
function stretch(
  vectors: Matrix,
  values: Float64Array,
  x: ArrayLike<number>,
  f: (d: number) => number,
): Float64Array {
  const turned = multiplyVector(transpose(vectors), x)
  turned.forEach((entry, i) => {
    turned[i] = 1 - values[i]! > ABSORBED ? entry * f(Math.max(0, values[i]!)) : 0
  })
  return multiplyVector(vectors, turned)
}

function adjustClusters(inverse: Matrix, groups: readonly Score[]): Adjusted | undefined {
  const root = cholesky(inverse, 0)
  if (isNoValue(root)) return undefined
  const turned = transpose(root)
  // Clusters of the same make-up are common (every store, both periods) and share their eigenvectors.
  const known = new Map<string, { vectors: Matrix; values: Float64Array }>()
  return {
    root,
    groups: groups.map(({ cross, score }) => {
      const key = cross.data.join()
      let eigen = known.get(key)
      if (!eigen) {
        eigen = eigenSymmetric(multiply(multiply(turned, cross), root))
        known.set(key, eigen)
      }
      return { ...eigen, score: multiplyVector(turned, score) }
    }),
  }
}

function clusterScore(design: Matrix, cluster: ClusterCells, fitted: Float64Array): Score {
  const k = design.cols
  const cross = matrix(k, k)
  const score = new Float64Array(k)
  cluster.cells.forEach((cell, i) => {
    const miss = cluster.sum[i]! - cluster.n[i]! * fitted[cell]!
    for (let a = 0; a < k; a++) {
      const za = at(design, cell, a)
      if (za === 0) continue
      score[a]! += za * miss
      for (let b = 0; b < k; b++) cross.data[a * k + b]! += cluster.n[i]! * za * at(design, cell, b)
    }
  })
  return { cross, score }
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

function outerSum(k: number, vectors: readonly Float64Array[]): Matrix {
  const sum = matrix(k, k)
  for (const vector of vectors)
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) sum.data[a * k + b]! += vector[a]! * vector[b]!
  return sum
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
