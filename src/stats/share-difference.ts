import { type Interval, noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'
import { normalTwoSided, Z95 } from './normal.ts'

export interface ShareDifference {
  /** Second share minus first, 0..1. */
  readonly difference: number
  /** Wald interval with unpooled variances, cut at -1 and 1. */
  readonly interval: Interval
  /** With the pooled share under the hypothesis of no difference. */
  readonly z: OrReason<number>
  /** Two-sided. */
  readonly p: OrReason<number>
}

/** Compares two shares by the pooled z test.
 * @returns 'empty group' when a group has n = 0; z and p are 'no variance' when all or none succeed in both
 * @throws SampleInvalid when successes exceed n
 * @see R prop.test(c(x2, x1), c(n2, n1), correct = FALSE); its X-squared is z squared
 */
export function shareDifference(
  first: { readonly successes: number; readonly n: number },
  second: { readonly successes: number; readonly n: number },
  z = Z95,
): OrReason<ShareDifference> {
  for (const group of [first, second]) {
    requireCount('n', group.n)
    requireCount('successes', group.successes)
    if (group.successes > group.n) throw new SampleInvalid(`successes ${group.successes} of ${group.n}`)
  }
  if (first.n === 0 || second.n === 0) return noValue('empty group')
  const a = first.successes / first.n
  const b = second.successes / second.n
  const difference = b - a
  const half = z * Math.sqrt((a * (1 - a)) / first.n + (b * (1 - b)) / second.n)
  const interval: Interval = [Math.max(-1, difference - half), Math.min(1, difference + half)]
  const pooled = (first.successes + second.successes) / (first.n + second.n)
  const variance = pooled * (1 - pooled) * (1 / first.n + 1 / second.n)
  if (!(variance > 0)) {
    return { difference, interval, z: noValue('no variance'), p: noValue('no variance') }
  }
  const ratio = difference / Math.sqrt(variance)
  return { difference, interval, z: ratio, p: normalTwoSided(ratio) }
}
