import { type Interval, noValue, type OrReason } from './interval.ts'
import { Z95 } from './normal.ts'
import { wilson } from './wilson.ts'

export interface SharesApart {
  /** Second share minus first, -1..1. */
  readonly difference: number
  readonly interval: Interval
}

/** The difference of two shares with Newcombe's hybrid score interval, which holds its level also for small groups
 * and shares near 0 or 1, where Wald's does not.
 * @returns 'empty group' when a group has n = 0
 * @throws SampleInvalid when successes exceed n
 * @see Newcombe 1998, Statistics in Medicine 17:873, method 10
 */
export function newcombe(
  first: { readonly successes: number; readonly n: number },
  second: { readonly successes: number; readonly n: number },
  z = Z95,
): OrReason<SharesApart> {
  if (first.n === 0 || second.n === 0) return noValue('empty group')
  const a = first.successes / first.n
  const b = second.successes / second.n
  const [aLow, aHigh] = wilson(first.successes, first.n, z)
  const [bLow, bHigh] = wilson(second.successes, second.n, z)
  const difference = b - a
  return {
    difference,
    interval: [
      Math.max(-1, difference - Math.hypot(b - bLow, aHigh - a)),
      Math.min(1, difference + Math.hypot(bHigh - b, a - aLow)),
    ],
  }
}
