import { type ClusterSums, clusterCount } from './cluster-sums.ts'
import { eigenSymmetric } from './eigen.ts'
import { isNoValue } from './interval.ts'
import { cholesky } from './linear.ts'
import { at, type Matrix, matrix, multiply, multiplyVector, transpose } from './matrix.ts'

// Cluster-robust errors from sums: clusters with as many answers in each cell have one hat matrix, and are taken
// together, so that a million customers seen once before and once after cost what two clusters do.
// In: a design, its fit, and the sums of each cluster. Out: the scores' products, and what CR2 needs of each make-up.

/** The clusters that have as many answers in each cell. */
interface MakeUp {
  readonly clusters: number
  /** Eigenvectors and eigenvalues of their hat matrix, in the coordinates of `root`. */
  readonly vectors: Matrix
  readonly values: Float64Array
  /** Sum of the products of their scores, in the same coordinates. */
  readonly scores: Matrix
}

/** What CR2 is computed from. */
export interface Adjusted {
  /** L with L L' = (X'X)^-1: coefficients measured in its columns have hat matrices of k x k. */
  readonly root: Matrix
  readonly makeUps: readonly MakeUp[]
}

export interface ClusterScores {
  readonly clusters: number
  /** Sum over the clusters of X_g'e_g e_g'X_g. */
  readonly meat: Matrix
  /** Undefined when the make-ups are too many, or the design cannot be told. */
  readonly adjusted: Adjusted | undefined
}

// Each make-up has matrices of its own, as wide as there are coefficients: some 250 MB at the most.
const MOST_MAKE_UPS = 60_000
const MOST_ENTRIES = 7_000_000

/** How many different make-ups CR2 is computed for, with so many coefficients. */
export const mostMakeUps = (coefficients: number): number =>
  Math.min(MOST_MAKE_UPS, Math.floor(MOST_ENTRIES / coefficients ** 2))

/** Whether the clusters have few enough different make-ups for CR2 with so many coefficients. */
export function fitsCr2(clusters: ClusterSums, coefficients: number): boolean {
  const seen = new Set<string>()
  const most = mostMakeUps(coefficients)
  for (let g = 0; g < clusterCount(clusters); g++)
    if (seen.add(makeUpOf(clusters, g)).size > most) return false
  return true
}

/** Scores of all clusters, at the fitted values of the cells.
 * @param inverse of X'X
 */
export function clusterScores(
  design: Matrix,
  inverse: Matrix,
  clusters: ClusterSums,
  fitted: Float64Array,
): ClusterScores {
  const k = design.cols
  const meat = matrix(k, k)
  const count = clusterCount(clusters)
  const most = mostMakeUps(k)
  const { columns, factors } = entriesOf(design)
  const score = new Float64Array(k)
  const marked = new Uint8Array(k)
  let parts: Map<string, Part> | undefined = count > 1 ? new Map() : undefined
  const reached: number[] = []
  for (let g = 0; g < count; g++) {
    for (let i = clusters.starts[g]!; i < clusters.starts[g + 1]!; i++) {
      const cell = clusters.cells[i]!
      const miss = clusters.sum[i]! - clusters.n[i]! * fitted[cell]!
      columns[cell]!.forEach((column, c) => {
        if (marked[column] === 0) reached.push(column)
        marked[column] = 1
        score[column]! += factors[cell]![c]! * miss
      })
    }
    addProducts(meat, score, reached)
    if (parts) {
      const name = makeUpOf(clusters, g)
      let part = parts.get(name)
      if (!part) {
        part = { clusters: 0, cross: crossOf(design, clusters, g), scores: matrix(k, k) }
        parts.set(name, part)
      }
      part.clusters++
      addProducts(part.scores, score, reached)
      if (parts.size > most) parts = undefined
    }
    for (const column of reached) {
      score[column] = 0
      marked[column] = 0
    }
    reached.length = 0
  }
  return { clusters: count, meat, adjusted: parts && adjust(inverse, parts) }
}

/** Covariance of the coefficients by CR2. */
export function cr2Covariance({ root, makeUps }: Adjusted): Matrix {
  const k = root.cols
  const meat = matrix(k, k)
  for (const { vectors, values, scores } of makeUps) {
    const step = stretching(vectors, values, (d) => 1 / Math.sqrt(1 - d))
    multiply(multiply(step, scores), step).data.forEach((entry, i) => {
      meat.data[i]! += entry
    })
  }
  return multiply(multiply(root, meat), transpose(root))
}

/** Satterthwaite's degrees of freedom of one combination of the coefficients by CR2. */
export function cr2Freedom({ root, makeUps }: Adjusted, contrast: ArrayLike<number>): number {
  const aim = timesColumns(contrast, root)
  let trace = 0
  let squares = 0
  const reaches = makeUps.map(({ clusters, vectors, values }) => {
    const turned = timesColumns(aim, vectors)
    let own = 0
    turned.forEach((entry, i) => {
      const d = values[i]!
      if (1 - d > ABSORBED) own += d * entry * entry
      turned[i] = 1 - d > ABSORBED ? (entry * Math.max(0, d)) / Math.sqrt(1 - d) : 0
    })
    const reach = multiplyVector(vectors, turned)
    trace += clusters * own
    squares += clusters * (own * own - dot(reach, reach) ** 2)
    return { clusters, reach }
  })
  return (trace * trace) / (squares + squaredNorm(reaches, root.cols))
}

/** Sum of the squared entries of Σ clusters reach reach'. */
function squaredNorm(reaches: readonly { clusters: number; reach: Float64Array }[], k: number): number {
  // Few make-ups of many coefficients: by the products of each two of them.
  if (reaches.length < k) {
    let sum = 0
    for (const a of reaches)
      for (const b of reaches) sum += a.clusters * b.clusters * dot(a.reach, b.reach) ** 2
    return sum
  }
  const whole = matrix(k, k)
  for (const { clusters, reach } of reaches)
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) whole.data[a * k + b]! += clusters * reach[a]! * reach[b]!
  return dot(whole.data, whole.data)
}

/** Whether any cluster leaves a residual in the direction of the contrast: with one cluster an arm none does, and the
 * sandwich is nought by construction, however much the answers vary. */
export function leavesResidual({ root, makeUps }: Adjusted, contrast: ArrayLike<number>): boolean {
  const aim = timesColumns(contrast, root)
  const whole = dot(aim, aim)
  return makeUps.some(({ vectors, values }) =>
    timesColumns(aim, vectors).some(
      (entry, i) => 1 - values[i]! > ROUNDING && values[i]! * entry * entry > ROUNDING * whole,
    ),
  )
}

const ROUNDING = 1e-10

// A direction that one cluster decides alone has no residual; clubSandwich leaves it out below this.
const ABSORBED = 1e-12

/** V f(d) V' for the eigenvectors V and eigenvalues d of a hat matrix. */
function stretching(vectors: Matrix, values: Float64Array, f: (d: number) => number): Matrix {
  const k = values.length
  const scaled = matrix(k, k, vectors.data)
  const factors = values.map((d) => (1 - d > ABSORBED ? f(Math.max(0, d)) : 0))
  for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) scaled.data[a * k + b]! *= factors[b]!
  return multiply(scaled, transpose(vectors))
}

interface Part {
  clusters: number
  /** X_g'X_g, the same for all of them. */
  readonly cross: Matrix
  readonly scores: Matrix
}

function adjust(inverse: Matrix, parts: Map<string, Part>): Adjusted | undefined {
  const root = cholesky(inverse, 0)
  if (isNoValue(root)) return undefined
  const turned = transpose(root)
  const inRoot = (m: Matrix) => multiply(multiply(turned, m), root)
  const makeUps: MakeUp[] = []
  for (const [name, { clusters, cross, scores }] of parts) {
    // Thousands of matrices: each is let go when its successor stands.
    parts.delete(name)
    makeUps.push({ clusters, ...eigenSymmetric(inRoot(cross)), scores: inRoot(scores) })
  }
  return { root, makeUps }
}

function makeUpOf({ starts, cells, n }: ClusterSums, cluster: number): string {
  let name = ''
  for (let i = starts[cluster]!; i < starts[cluster + 1]!; i++) name += `${cells[i]}:${n[i]} `
  return name
}

/** X_g'X_g */
function crossOf(design: Matrix, { starts, cells, n }: ClusterSums, cluster: number): Matrix {
  const k = design.cols
  const cross = matrix(k, k)
  for (let i = starts[cluster]!; i < starts[cluster + 1]!; i++) {
    const cell = cells[i]!
    for (let a = 0; a < k; a++) {
      const za = n[i]! * at(design, cell, a)
      if (za === 0) continue
      for (let b = 0; b < k; b++) cross.data[a * k + b]! += za * at(design, cell, b)
    }
  }
  return cross
}

/** What of each row of the design is not nought. */
function entriesOf(design: Matrix): { columns: number[][]; factors: number[][] } {
  const columns = Array.from({ length: design.rows }, (_, cell) =>
    Array.from({ length: design.cols }, (_, column) => column).filter(
      (column) => at(design, cell, column) !== 0,
    ),
  )
  return { columns, factors: columns.map((own, cell) => own.map((column) => at(design, cell, column))) }
}

function addProducts(to: Matrix, vector: Float64Array, places: readonly number[]): void {
  for (const a of places) for (const b of places) to.data[a * to.cols + b]! += vector[a]! * vector[b]!
}

/** x'M: the product of x with each column. */
function timesColumns(x: ArrayLike<number>, m: Matrix): Float64Array {
  const made = new Float64Array(m.cols)
  for (let i = 0; i < m.rows; i++) {
    const factor = x[i]!
    if (factor !== 0) for (let j = 0; j < m.cols; j++) made[j]! += factor * m.data[i * m.cols + j]!
  }
  return made
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
