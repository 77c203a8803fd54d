import { isNoValue } from './interval.ts'
import { cholesky, choleskySolve } from './linear.ts'
import { matrixFromRows } from './matrix.ts'

type Residuals = (point: Float64Array) => Float64Array

/** Smallest sum of squares of a smooth vector function inside a box: Levenberg and Marquardt's damped steps from afar,
 * Newton's on the full second derivatives near the bottom, where large residuals make the former creep.
 * @param residuals gives the vector at a point; its length does not change
 * @param start a point inside the box
 * @param low, high limits of each parameter; infinite ones are allowed
 * @returns the point, its sum of squares and whether the steps died out before the rounds did
 * @see Marquardt 1963; Dennis & Schnabel 1983, 10.2; derivatives are central differences, one-sided at the walls
 */
export function leastSquaresBox(
  residuals: Residuals,
  start: readonly number[],
  low: readonly number[],
  high: readonly number[],
  rounds = 200,
): { point: Float64Array; sse: number; converged: boolean } {
  const box: Box = { residuals, low, high }
  let point: Float64Array = Float64Array.from(start, (value, i) =>
    Math.min(high[i]!, Math.max(low[i]!, value)),
  )
  let sse = squares(residuals(point))
  let damping = 1e-3
  let newton = false
  for (let round = 0; round < rounds; round++) {
    const { slopes, gradient } = derivatives(box, point)
    // A parameter on its wall that would go through it is held for this round, and so is one that nothing hangs on.
    const free = [...start.keys()].filter(
      (i) =>
        !(point[i]! <= low[i]! && gradient[i]! >= 0) &&
        !(point[i]! >= high[i]! && gradient[i]! <= 0) &&
        slopes[i]!.some((slope) => slope !== 0),
    )
    if (free.length === 0 || sse === 0) return { point, sse, converged: true }
    const bend = newton
      ? bends(box, point, free)
      : free.map((i) => Float64Array.from(free, (j) => dot(slopes[i]!, slopes[j]!)))
    const found = dampedStep(box, point, sse, free, gradient, bend, damping)
    if (!found) {
      if (newton) return { point, sse, converged: true }
      newton = true
      damping = 1e-6
      continue
    }
    const gained = sse - found.sse
    const small = free.every((i) => Math.abs(found.point[i]! - point[i]!) <= 1e-9 * (1 + Math.abs(point[i]!)))
    ;({ point, sse } = found)
    damping = Math.max(1e-12, found.damping / 5)
    if (newton && (small || gained <= 1e-15 * sse)) return { point, sse, converged: true }
    if (!newton && (gained <= 1e-3 * sse || round > 20)) {
      newton = true
      damping = 1e-6
    }
  }
  return { point, sse, converged: false }
}

interface Box {
  readonly residuals: Residuals
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** The first step that gains, the damping raised until it does; undefined when none does. */
function dampedStep(
  { residuals, low, high }: Box,
  point: Float64Array,
  sse: number,
  free: readonly number[],
  gradient: Float64Array,
  bend: readonly Float64Array[],
  from: number,
): { point: Float64Array; sse: number; damping: number } | undefined {
  for (let damping = from; damping < 1e12; damping *= 4) {
    const damped = bend.map((row, i) =>
      row.map((value, j) => (i === j ? value + damping * Math.abs(value) + 1e-300 : value)),
    )
    const factor = cholesky(matrixFromRows(damped), 1e-15)
    if (isNoValue(factor)) continue
    const step = choleskySolve(
      factor,
      free.map((i) => -gradient[i]!),
    )
    const trial = Float64Array.from(point)
    free.forEach((i, at) => {
      trial[i] = Math.min(high[i]!, Math.max(low[i]!, point[i]! + step[at]!))
    })
    const better = squares(residuals(trial))
    if (better < sse) return { point: trial, sse: better, damping }
  }
  return undefined
}

/** Slopes of the residuals by each parameter, and half the gradient of their sum of squares. */
function derivatives({ residuals, low, high }: Box, point: Float64Array) {
  const current = residuals(point)
  const slopes = Array.from(point, (value, i) => {
    const step = 1e-5 * Math.max(0.1, Math.abs(value))
    const up = point.with(i, Math.min(high[i]!, value + step))
    const down = point.with(i, Math.max(low[i]!, value - step))
    const width = up[i]! - down[i]!
    const below = residuals(down)
    return residuals(up).map((entry, at) => (width > 0 ? (entry - below[at]!) / width : 0))
  })
  return { slopes, gradient: Float64Array.from(slopes, (slope) => dot(slope, current)) }
}

/** Half the second derivatives of the sum of squares, by differences of the gradient. */
function bends(box: Box, point: Float64Array, free: readonly number[]): Float64Array[] {
  const rows = free.map((i) => {
    const step = 1e-4 * Math.max(0.1, Math.abs(point[i]!))
    const up = point.with(i, Math.min(box.high[i]!, point[i]! + step))
    const down = point.with(i, Math.max(box.low[i]!, point[i]! - step))
    const width = up[i]! - down[i]!
    const below = derivatives(box, down).gradient
    const above = derivatives(box, up).gradient
    return Float64Array.from(free, (j) => (above[j]! - below[j]!) / width)
  })
  return rows.map((row, a) => row.map((value, b) => (value + rows[b]![a]!) / 2))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function squares(vector: Float64Array): number {
  const sum = dot(vector, vector)
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY
}
