import { leastSquaresBox } from './least-squares-box.ts'

// For: sums of squares with several valleys. In: a vector of misses by a few parameters, and places of a grid on each.
// Out: the deepest bottom that the valleys of the grid lead to.

export interface Bottom {
  readonly point: Float64Array
  readonly sse: number
  readonly converged: boolean
}

/** Rounds after which descents are held against each other. */
const SHORT = 4
/** Valleys that are gone down, and bottoms that are looked for to the end. */
const VALLEYS = 12
const BOTTOMS = 3
/** Sums of squares that rounding alone tells apart, as a share. */
const LEVEL = 1e-12

/** Smallest sum of squares in a box, of a function that may have several minima: a grid, short descents from each of
 * its lowest valleys, whole ones from where these have come deepest.
 * @param residuals gives the vector at a point, its own each time
 * @param axes places of the grid, one list a parameter, rising; the first and the last are the box's walls
 * @param free start of further parameters, without walls, that the grid does not vary
 * @returns the deepest bottom that was reached, or the deepest place where no descent came to an end; undefined
 * where the vector is finite nowhere on the grid. A valley that lies within one mesh and a pit beside a pole can be missed.
 */
export function leastSquaresValleys(
  residuals: (point: Float64Array) => Float64Array,
  squares: (point: ArrayLike<number>) => number,
  axes: readonly (readonly number[])[],
  free: readonly number[] = [],
): Bottom | undefined {
  const low = [...axes.map((axis) => axis[0]!), ...free.map(() => Number.NEGATIVE_INFINITY)]
  const high = [...axes.map((axis) => axis.at(-1)!), ...free.map(() => Number.POSITIVE_INFINITY)]
  const descend = (point: ArrayLike<number>, rounds?: number) =>
    leastSquaresBox(residuals, Array.from(point), low, high, rounds)
  const short = gridValleys((point) => squares([...point, ...free]), axes)
    .slice(0, VALLEYS)
    .map((point) => descend([...point, ...free], SHORT))
    .flatMap((begun) => [begun, ...offFlats(squares, begun, axes).map((point) => descend(point, SHORT))])
    .sort((a, b) => a.sse - b.sse)
  const bottoms: Bottom[] = []
  let deepest: Bottom | undefined
  for (const begun of short) {
    if (bottoms.some((bottom) => isSame(bottom, begun))) continue
    const end = begun.converged ? begun : descend(begun.point)
    if (!deepest || end.sse < deepest.sse) deepest = end
    if (end.converged && bottoms.push(end) === BOTTOMS) break
  }
  return bottoms.length > 0 ? bottoms.reduce((a, b) => (b.sse < a.sse ? b : a)) : deepest
}

const isSame = (a: Bottom, b: Bottom) =>
  a.point.every((value, i) => Math.abs(value - b.point[i]!) < 1e-3 * Math.max(1, Math.abs(value)))

/** Where a parameter does nothing, as a trend's weight beside a level that never moves, a descent stands still wherever
 * it began, though the way down may begin elsewhere on the flat. How steeply another parameter leads down from there
 * is linear in the one that does nothing, so that the ends of the flat tell. These are they. */
function offFlats(
  squares: (point: ArrayLike<number>) => number,
  { point, sse }: Bottom,
  axes: readonly (readonly number[])[],
): Float64Array[] {
  return axes.flatMap((axis, i) => {
    const ends = [axis[0]!, axis.at(-1)!].map((wall) => point.with(i, wall))
    return ends.every((end) => Math.abs(squares(end) - sse) <= LEVEL * sse) ? ends : []
  })
}

/** The points of the grid that no neighbour, corner to corner, lies below; the deepest first. */
function gridValleys(
  squares: (point: readonly number[]) => number,
  axes: readonly (readonly number[])[],
): number[][] {
  let grid: number[][] = [[]]
  for (const axis of axes) grid = grid.flatMap((point) => axis.map((value) => [...point, value]))
  const heights = Float64Array.from(grid, (point) => {
    const height = squares(point)
    return Number.isFinite(height) ? height : Number.POSITIVE_INFINITY
  })
  // The least of each point and its neighbours, along one axis after the other.
  let lowest = heights
  let stride = grid.length
  for (const { length } of axes) {
    stride /= length
    const before = lowest
    lowest = before.map((height, at) => {
      const place = Math.floor(at / stride) % length
      const left = place > 0 ? before[at - stride]! : height
      const right = place < length - 1 ? before[at + stride]! : height
      return Math.min(height, left, right)
    })
  }
  const valleys = [...heights.keys()]
    .filter((at) => heights[at]! <= lowest[at]! * (1 + LEVEL) && heights[at]! < Number.POSITIVE_INFINITY)
    .sort((a, b) => heights[a]! - heights[b]!)
  // Of points on one level, as where a parameter does nothing, the first stands for all.
  return valleys
    .filter((at, i) => i === 0 || heights[at]! > heights[valleys[i - 1]!]! * (1 + LEVEL))
    .map((at) => grid[at]!)
}
