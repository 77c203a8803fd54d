import { type Interval, noValue, type OrReason, requireLevel, SampleInvalid } from './interval.ts'
import { normalQuantile } from './normal.ts'

export interface Auc {
  /** Chance that one with the outcome scores above one without it; ties count half. */
  readonly auc: number
  readonly positives: number
  readonly negatives: number
  /** DeLong's; 'too few' with a single positive or negative. */
  readonly se: OrReason<number>
  /** auc ± z se, cut at 0 and 1. */
  readonly interval: OrReason<Interval>
}

/** Area under the ROC curve with DeLong's limits, from midranks.
 * @param score higher means more likely
 * @param outcome 0 or 1
 * @returns 'empty group' when all outcomes are equal
 * @see DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837; Sun & Xu 2014; R pROC::ci.auc
 */
export function auc(score: ArrayLike<number>, outcome: ArrayLike<number>, level = 0.95): OrReason<Auc> {
  requireLevel(level)
  const n = score.length
  if (outcome.length !== n) throw new SampleInvalid(`${n} scores but ${outcome.length} outcomes`)
  const [positive, negative] = [1, 0].map((which) =>
    Float64Array.from({ length: n }, (_, i) => i).filter((i) => outcome[i] === which),
  )
  const m = positive!.length
  const l = negative!.length
  if (m + l !== n) throw new SampleInvalid('an outcome is 0 or 1')
  if (m === 0 || l === 0) return noValue('empty group', 'all outcomes are equal')
  const above = Float64Array.from(positive!, (i) => score[i]!).sort()
  const below = Float64Array.from(negative!, (i) => score[i]!).sort()
  // For each score, the share of the other side that it beats.
  const wins = beats(above, below)
  const losses = beats(below, above).map((share) => 1 - share)
  const area = wins.reduce((sum, share) => sum + share, 0) / m
  if (m < 2 || l < 2) {
    const alone = noValue('too few', 'limits need at least 2 of each outcome')
    return { auc: area, positives: m, negatives: l, se: alone, interval: alone }
  }
  const se = Math.sqrt(varianceAbout(wins, area) / m + varianceAbout(losses, area) / l)
  const reach = normalQuantile((1 + level) / 2) * se
  return {
    auc: area,
    positives: m,
    negatives: l,
    se,
    interval: [Math.max(0, area - reach), Math.min(1, area + reach)],
  }
}

/** Share of `others` below each of `values`, ties half; both ascending. */
function beats(values: Float64Array, others: Float64Array): Float64Array {
  let under = 0
  let upTo = 0
  return values.map((value) => {
    while (under < others.length && others[under]! < value) under++
    upTo = Math.max(upTo, under)
    while (upTo < others.length && others[upTo]! <= value) upTo++
    return (under + upTo) / 2 / others.length
  })
}

function varianceAbout(shares: Float64Array, mean: number): number {
  return shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1)
}
