/** Pairs of a sequence by their order: how many later values lie above, below or level with earlier ones.
 * @param values any order; not changed
 * @returns whole numbers that add up to n(n-1)/2, in n log n steps
 * @see Knight 1966, JASA 61:436
 */
export function pairOrder(values: ArrayLike<number>): { rising: number; falling: number; level: number } {
  const n = values.length
  return pairOrderOf(Float64Array.from(values), new Float64Array(n))
}

/** The same with the values in a room that may be overwritten, and a second one as large: for those who count often. */
export function pairOrderOf(
  values: Float64Array,
  room: Float64Array,
): { rising: number; falling: number; level: number } {
  const n = values.length
  let from = values
  let to = room
  let falling = 0
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      falling += merge(from, to, start, Math.min(start + width, n), Math.min(start + 2 * width, n))
    }
    ;[from, to] = [to, from]
  }
  let level = 0
  let size = 1
  for (let i = 1; i <= n; i++) {
    if (i < n && from[i] === from[i - 1]) size++
    else {
      level += (size * (size - 1)) / 2
      size = 1
    }
  }
  return { rising: (n * (n - 1)) / 2 - level - falling, falling, level }
}

/** Merges two sorted runs and counts the pairs that stood in falling order. */
function merge(from: Float64Array, to: Float64Array, start: number, middle: number, end: number): number {
  let left = start
  let right = middle
  let falling = 0
  for (let out = start; out < end; out++) {
    if (right >= end || (left < middle && from[left]! <= from[right]!)) to[out] = from[left++]!
    else {
      falling += middle - left
      to[out] = from[right++]!
    }
  }
  return falling
}

/** Sizes of the groups of equal values, those of size one left out.
 * @param sorted ascending
 */
export function tieSizes(sorted: ArrayLike<number>): number[] {
  const sizes: number[] = []
  let size = 1
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[i - 1]) size++
    else {
      if (size > 1) sizes.push(size)
      size = 1
    }
  }
  return sizes
}
