import type { ProgramValue } from '../program/schema-value.ts'
import { updatedShare } from '../stats/beta-binomial.ts'
import { wilson } from '../stats/wilson.ts'
import type { Estimate } from './value.ts'

/** Cases that were followed up long enough ago, and how many of those customers had not left within the time. */
export interface FollowedUp {
  contacted: number
  retained: number
}

/** The chance that a customer who is contacted stays, and what says so.
 *
 * Learned from cases it is selection-biased: whoever is reached and called first differs from those who are not, and
 * many of them would have stayed anyhow. Only a follow-up delayed by lot tells the effect.
 */
export interface SaveTerm extends Estimate {
  source: 'save.cases' | 'save.prior'
  n: number
  biased: boolean
  said?: string
}

const usualWeight = 20
/** Without a stated prior, own cases alone speak from this many on. */
const fewest = 30

/** Beta-binomial: the stated prior counts as so many cases as its weight, own ones are added.
 * @returns undefined when neither tells
 */
export function saveTerm(
  priors: ProgramValue['priors'],
  { contacted, retained }: FollowedUp,
): SaveTerm | undefined {
  const prior = priors?.save
  if (!prior) {
    if (contacted < fewest) return undefined
    const [low, high] = wilson(retained, contacted)
    return { value: retained / contacted, low, high, source: 'save.cases', n: contacted, biased: true }
  }
  const said = { said: prior.source }
  if (contacted === 0) return { value: prior.value, source: 'save.prior', n: 0, biased: false, ...said }
  const { mean, interval } = updatedShare(
    { mean: prior.value, weight: prior.weight ?? usualWeight },
    retained,
    contacted,
  )
  return {
    value: mean,
    low: interval[0],
    high: interval[1],
    source: 'save.cases',
    n: contacted,
    biased: true,
    ...said,
  }
}
