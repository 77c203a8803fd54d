/** Mean ranks of values, ties sharing the mean of their places, and the sizes of the groups of ties.
 * @param values without NaN
 * @see R rank
 */
export function midranks(values: ArrayLike<number>): { ranks: Float64Array; ties: number[] } {
  const sorted = Float64Array.from(values).sort()
  const distinct: number[] = []
  const rank: number[] = []
  const ties: number[] = []
  for (let i = 0; i < sorted.length; ) {
    let end = i + 1
    while (end < sorted.length && sorted[end] === sorted[i]) end++
    distinct.push(sorted[i]!)
    rank.push((i + 1 + end) / 2)
    ties.push(end - i)
    i = end
  }
  const ranks = new Float64Array(values.length)
  for (let i = 0; i < ranks.length; i++) ranks[i] = rank[placeOf(distinct, values[i]!)]!
  return { ranks, ties }
}

/** Position of `value` in an ascending list that holds it. */
export function placeOf(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
