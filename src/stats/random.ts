/** Uniform numbers in [0, 1) from a seed: the same seed, the same numbers, on every machine. */
export type Random = () => number

/** xoshiro128** with its state filled by splitmix32.
 * @param seed a whole number; its lowest 32 bits count
 * @see Blackman & Vigna 2021, ACM TOMS 47:36
 */
export function randomFrom(seed: number): Random {
  let filler = seed >>> 0
  const fill = () => {
    filler = (filler + 0x9e3779b9) >>> 0
    let z = filler
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  let [a, b, c, d] = [fill(), fill(), fill(), fill()]
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k))
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result
  }
  // 53 bits: 27 of one draw and 26 of the next.
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
}

/** How often each of n rows is drawn when n rows are drawn with replacement. */
export function resample(n: number, random: Random): Uint32Array {
  const times = new Uint32Array(n)
  for (let i = 0; i < n; i++) times[Math.floor(random() * n)]!++
  return times
}
