import { type Interval, noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'
import { normalTwoSided, Z95 } from './normal.ts'
import { type Share, shareOf } from './wilson.ts'

/** How many answered 9-10, 7-8 and 0-6. Skipped questions are in none of them. */
export interface NpsCounts {
  readonly promoters: number
  readonly passives: number
  readonly detractors: number
}

export interface Nps {
  readonly n: number
  readonly promoters: Share
  readonly passives: Share
  readonly detractors: Share
  /** Points, -100..100, full precision. */
  readonly nps: number
  /** Points; trinomial, divided by n and not n - 1. */
  readonly se: number
  /** Points; nps plus and minus z standard errors. Collapses when all answers are of one class. */
  readonly wald: Interval
  /** Points; the interval to show. Not cut at the ends of the scale: see `withinScale`. Of one answer alone it does not
   * hold the score, unless that is 0; of two or more it does.
   */
  readonly adjustedWald: Interval
}

export interface Comparison {
  /** Second minus first. */
  readonly difference: number
  readonly se: number
  readonly interval: Interval
  readonly z: number
  /** Two-sided. */
  readonly p: number
}

export interface NpsDifference {
  readonly plain: OrReason<Comparison>
  readonly adjusted: Comparison
}

/** Sorts answers 0..10 into the three classes; NaN is a skipped question.
 * @throws SampleInvalid when an answer is not a whole number 0..10
 */
export function npsCounts(answers: ArrayLike<number>): NpsCounts {
  let promoters = 0
  let passives = 0
  let detractors = 0
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i]!
    if (Number.isNaN(answer)) continue
    if (!Number.isInteger(answer) || answer < 0 || answer > 10) {
      throw new SampleInvalid(`an NPS answer must be a whole number 0..10, got ${answer}`)
    }
    if (answer >= 9) promoters++
    else if (answer >= 7) passives++
    else detractors++
  }
  return { promoters, passives, detractors }
}

// p - d with its trinomial variance for one answer, as shares; `each` is added to both classes, `n` is the divisor.
function netShare(counts: NpsCounts, added: number): { net: number; variance: number; n: number } {
  const n = counts.promoters + counts.passives + counts.detractors + added
  const p = (counts.promoters + added / 4) / n
  const d = (counts.detractors + added / 4) / n
  const net = p - d
  return { net, variance: Math.max(0, p + d - net * net), n }
}

const ADDED = 3

/** Net Promoter Score with its standard error and two intervals.
 * @returns all in points (-100..100), shares as 0..1; 'empty group' when nobody answered
 * @throws SampleInvalid when a count is negative or not whole
 * @see FORMULAS.md; Rocks 2016, "Interval estimation for the Net Promoter Score", The American Statistician 70:365
 */
export function nps(counts: NpsCounts, z = Z95): OrReason<Nps> {
  for (const [name, count] of Object.entries(counts)) requireCount(name, count)
  const n = counts.promoters + counts.passives + counts.detractors
  if (n === 0) return noValue('empty group')
  const plain = netShare(counts, 0)
  const se = Math.sqrt(plain.variance / n)
  const adjusted = netShare(counts, ADDED)
  const adjustedSe = Math.sqrt(adjusted.variance / adjusted.n)
  return {
    n,
    promoters: shareOf(counts.promoters, n, z),
    passives: shareOf(counts.passives, n, z),
    detractors: shareOf(counts.detractors, n, z),
    nps: (100 * (counts.promoters - counts.detractors)) / n,
    se: 100 * se,
    wald: [100 * (plain.net - z * se), 100 * (plain.net + z * se)],
    adjustedWald: [100 * (adjusted.net - z * adjustedSe), 100 * (adjusted.net + z * adjustedSe)],
  }
}

/** The difference of two scores, second minus first, in points; both by the plain and by the adjusted shares.
 * @returns 'empty group' when one has no answers; plain is 'no variance' when both are of one class alone
 * @see FORMULAS.md; Rocks 2016
 */
export function npsDifference(first: NpsCounts, second: NpsCounts, z = Z95): OrReason<NpsDifference> {
  for (const counts of [first, second]) {
    for (const [name, count] of Object.entries(counts)) requireCount(name, count)
    if (counts.promoters + counts.passives + counts.detractors === 0) return noValue('empty group')
  }
  const plain = compare(first, second, 0, z)
  const adjusted = compare(first, second, ADDED, z)
  return { plain: plain.se > 0 ? plain : noValue('no variance'), adjusted }
}

function compare(first: NpsCounts, second: NpsCounts, added: number, z: number): Comparison {
  const a = netShare(first, added)
  const b = netShare(second, added)
  const difference = 100 * (b.net - a.net)
  const se = 100 * Math.sqrt(a.variance / a.n + b.variance / b.n)
  const ratio = difference / se
  return {
    difference,
    se,
    interval: [difference - z * se, difference + z * se],
    z: ratio,
    p: Number.isNaN(ratio) ? 1 : normalTwoSided(ratio),
  }
}

/** Cuts an interval at the ends of the scale, for showing. */
export function withinScale(interval: Interval, low = -100, high = 100): Interval {
  return [Math.max(low, interval[0]), Math.min(high, interval[1])]
}
