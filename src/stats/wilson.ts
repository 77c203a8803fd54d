import { type Interval, requireCount, SampleInvalid } from './interval.ts'
import { Z95 } from './normal.ts'

/** Wilson score interval for a share.
 * @param successes whole number, 0..n
 * @param n answers, at least 1
 * @param z normal quantile of the wanted level, 95 % when left out
 * @returns [low, high], each a share 0..1
 * @throws SampleInvalid when n < 1 or successes is outside 0..n
 * @see Wilson 1927, JASA 22:209; R prop.test(correct = FALSE)
 */
export function wilson(successes: number, n: number, z = Z95): Interval {
  requireCount('n', n, 1)
  requireCount('successes', successes)
  if (successes > n) throw new SampleInvalid(`successes ${successes} of ${n}`)
  const share = successes / n
  const zz = z * z
  const centre = share + zz / (2 * n)
  const half = z * Math.sqrt((share * (1 - share)) / n + zz / (4 * n * n))
  const low = successes === 0 ? 0 : (centre - half) / (1 + zz / n)
  const high = successes === n ? 1 : (centre + half) / (1 + zz / n)
  return [low, high]
}

/** A share with its count and Wilson interval. */
export interface Share {
  readonly count: number
  readonly share: number
  readonly interval: Interval
}

/** Count, share and Wilson interval together. n must be at least 1. */
export function shareOf(successes: number, n: number, z = Z95): Share {
  return { count: successes, share: successes / n, interval: wilson(successes, n, z) }
}
