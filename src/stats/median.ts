/** Middle value, or the mean of the two middle ones.
 * @param values any order, at least one between `start` and `end`; not changed
 * @see R median
 */
export function medianOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  const sorted = Float64Array.from({ length: end - start }, (_, i) => values[start + i]!).sort()
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
