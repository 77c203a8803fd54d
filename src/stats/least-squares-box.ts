import { isNoValue } from './interval.ts'
import { cholesky, choleskySolve } from './linear.ts'
import { matrixFromRows } from './matrix.ts'

/** Smallest sum of squares of a smooth vector function inside a box, by Levenberg and Marquardt's damped steps.
 * @param residuals gives the vector at a point; its length does not change
 * @param start a point inside the box
 * @param low, high limits of each parameter; infinite ones are allowed
 * @returns the point, its sum of squares and whether the steps died out before the rounds did
 * @see Marquardt 1963; derivatives are central differences, one-sided at the walls
 */
export function leastSquaresBox(
  residuals: (point: Float64Array) => Float64Array,
  start: readonly number[],
  low: readonly number[],
  high: readonly number[],
  rounds = 200,
): { point: Float64Array; sse: number; converged: boolean } {
  const k = start.length
  let point = Float64Array.from(start, (value, i) => Math.min(high[i]!, Math.max(low[i]!, value)))
  let current = residuals(point)
  let sse = squares(current)
  let damping = 1e-3
  for (let round = 0; round < rounds; round++) {
    const slopes = jacobian(residuals, point, low, high)
    const gradient = slopes.map((slope) => dot(slope, current))
    // A parameter on its wall that would go through it is held for this round.
    const free = [...Array(k).keys()].filter(
      (i) => !(point[i]! <= low[i]! && gradient[i]! > 0) && !(point[i]! >= high[i]! && gradient[i]! < 0),
    )
    if (free.length === 0 || sse === 0) return { point, sse, converged: true }
    const normal = free.map((i) => Float64Array.from(free, (j) => dot(slopes[i]!, slopes[j]!)))
    let moved = false
    while (damping < 1e12) {
      const damped = normal.map((row, i) =>
        row.map((value, j) => (i === j ? value * (1 + damping) + 1e-300 : value)),
      )
      const factor = cholesky(matrixFromRows(damped), 1e-15)
      const step = isNoValue(factor)
        ? undefined
        : choleskySolve(
            factor,
            free.map((i) => -gradient[i]!),
          )
      const trial = Float64Array.from(point)
      free.forEach((i, at) => {
        trial[i] = Math.min(high[i]!, Math.max(low[i]!, point[i]! + (step?.[at] ?? 0)))
      })
      const candidate = residuals(trial)
      const better = squares(candidate)
      if (better < sse) {
        const small = free.every((i) => Math.abs(trial[i]! - point[i]!) <= 1e-10 * (1 + Math.abs(point[i]!)))
        const gained = sse - better
        ;[point, current, sse] = [trial, candidate, better]
        damping = Math.max(1e-12, damping / 5)
        if (small && gained <= 1e-14 * sse) return { point, sse, converged: true }
        moved = true
        break
      }
      damping *= 4
    }
    if (!moved) return { point, sse, converged: true }
  }
  return { point, sse, converged: false }
}

function jacobian(
  residuals: (point: Float64Array) => Float64Array,
  point: Float64Array,
  low: readonly number[],
  high: readonly number[],
): Float64Array[] {
  return Array.from(point, (value, i) => {
    const step = 1e-5 * Math.max(0.1, Math.abs(value))
    const up = Float64Array.from(point)
    const down = Float64Array.from(point)
    up[i] = Math.min(high[i]!, value + step)
    down[i] = Math.max(low[i]!, value - step)
    const width = up[i]! - down[i]!
    const above = residuals(up)
    const below = residuals(down)
    return above.map((entry, at) => (width > 0 ? (entry - below[at]!) / width : 0))
  })
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
