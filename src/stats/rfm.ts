import { countBelow } from './count-below.ts'
import { SampleInvalid } from './interval.ts'

export interface RfmScore {
  /** 1..5, 5 is best. */
  readonly recency: number
  readonly frequency: number
  readonly monetary: number
}

/** Quintile scores 1..5 of values where more is better: min(5, 1 + floor(5k/n)), k the number of values strictly
 * worse. Equal values share a score.
 * @param values any finite numbers; for recency give the time of the last purchase, later being better
 * @throws SampleInvalid when a value is not finite
 */
export function quintileScores(values: ArrayLike<number>): Uint8Array {
  const n = values.length
  const sorted = Float64Array.from(values).sort()
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(values[i]!)) throw new SampleInvalid('a score needs finite values')
  return Uint8Array.from({ length: n }, (_, i) =>
    Math.min(5, 1 + Math.floor((5 * countBelow(sorted, values[i]!)) / n)),
  )
}

/** RFM scores of customers.
 * @param customers last: time of the last purchase, later is better; frequency: purchases; monetary: net of refunds
 */
export function rfmScores(customers: {
  readonly last: ArrayLike<number>
  readonly frequency: ArrayLike<number>
  readonly monetary: ArrayLike<number>
}): RfmScore[] {
  const recency = quintileScores(customers.last)
  const frequency = quintileScores(customers.frequency)
  const monetary = quintileScores(customers.monetary)
  return Array.from(recency, (score, i) => ({
    recency: score,
    frequency: frequency[i]!,
    monetary: monetary[i]!,
  }))
}
