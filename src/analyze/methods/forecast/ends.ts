import type { Interval } from '../../../stats/interval.ts'
import type { Series } from '../../inputs/series.ts'
import type { Options } from '../../options/options.ts'
import { UsageError } from '../../options/usage-error.ts'

/** The ends of the scale that a series is measured on, which a model of smoothing knows nothing of: those given by
 * --within, or of NPS -100 and 100 and of shares 0 and 1.
 * @throws UsageError when values lie outside them
 */
export function endsOf({ kind, points }: Pick<Series, 'kind' | 'points'>, options: Options): Interval | null {
  const own: Interval | null = kind === 'nps' ? [-100, 100] : kind === 'share' ? [0, 1] : null
  const given = options.numbers('within')
  if (!given) return own
  if (own)
    throw new UsageError(`--within has no effect: the series lies within ${own.join(' and ')} by itself`)
  const [low, high] = given
  if (given.length !== 2 || !(low! < high!))
    throw new UsageError('--within takes the lower and the upper end of the scale: 1,5')
  const beyond = points.find(({ value }) => value !== null && (value < low! || value > high!))
  if (beyond)
    throw new UsageError(`--within ${low},${high} leaves out ${beyond.value}, the value of ${beyond.label}`)
  return [low!, high!]
}

/** A forecast or a limit, cut at the ends of its scale. */
export const cutAt = (value: number, ends: Interval | null): number =>
  ends ? Math.max(ends[0], Math.min(ends[1], value)) : value
