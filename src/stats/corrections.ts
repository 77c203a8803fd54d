import { SampleInvalid } from './interval.ts'

/** How p-values of a family are corrected: Benjamini-Hochberg for exploring, Holm for confirming. */
export type Correction = 'bh' | 'holm' | 'bonferroni' | 'none'

/** Corrected p-values, in the order given. Missing tests (null) stay null and do not count into the family.
 * @param ps each 0..1
 * @throws SampleInvalid when a p lies outside 0..1
 * @see Benjamini & Hochberg 1995, JRSS B 57:289; Holm 1979, Scandinavian Journal of Statistics 6:65; R p.adjust
 */
export function correct(ps: readonly (number | null)[], method: Correction): (number | null)[] {
  const present = ps.flatMap((p, index) => (p === null ? [] : [{ p, index }]))
  for (const { p } of present)
    if (!(p >= 0 && p <= 1)) throw new SampleInvalid(`a p-value must lie in 0..1, got ${p}`)
  const m = present.length
  const corrected = ps.map((): number | null => null)
  present.sort((a, b) => a.p - b.p)
  if (method === 'bh') {
    let least = 1
    for (let rank = m; rank >= 1; rank--) {
      const { p, index } = present[rank - 1]!
      least = Math.min(least, (m / rank) * p)
      corrected[index] = least
    }
    return corrected
  }
  let most = 0
  present.forEach(({ p, index }, i) => {
    if (method === 'none') corrected[index] = p
    else if (method === 'bonferroni') corrected[index] = Math.min(1, p * m)
    else {
      most = Math.max(most, Math.min(1, p * (m - i)))
      corrected[index] = most
    }
  })
  return corrected
}
