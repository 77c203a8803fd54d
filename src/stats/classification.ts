import { chiSquareUpper } from './chi-square.ts'
import { type Interval, noValue, type OrReason, requireCount, SampleInvalid } from './interval.ts'
import { wilson } from './wilson.ts'

// How good predicted chances are: how far off, how they sort at a threshold, and whether 30 % means 30 %.
// In: chances 0..1 and outcomes 0 or 1. Out: scores, a table of thresholds, a table of calibration.
// Judged on the rows they were fitted to, all of them flatter.

/** Mean squared error of the chances.
 * @returns 'empty group' without rows
 * @see Brier 1950
 */
export function brier(chance: ArrayLike<number>, outcome: ArrayLike<number>): OrReason<number> {
  return meanOf(chance, outcome, (p, y) => (p - y) ** 2)
}

/** Mean of minus the log of the chance given to what happened; 'out of range' when that chance was 0. */
export function logLoss(chance: ArrayLike<number>, outcome: ArrayLike<number>): OrReason<number> {
  const loss = meanOf(chance, outcome, (p, y) => -(y === 1 ? Math.log(p) : Math.log1p(-p)))
  return loss === Number.POSITIVE_INFINITY
    ? noValue('out of range', 'what happened was given no chance')
    : loss
}

export interface ThresholdRow {
  /** Chances at or above it count as predicted. */
  readonly threshold: number
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
  readonly sensitivity: OrReason<number>
  readonly specificity: OrReason<number>
  readonly precision: OrReason<number>
  readonly accuracy: number
  /** Harmonic mean of precision and sensitivity. */
  readonly f1: OrReason<number>
}

/** What each threshold would find and miss. */
export function thresholdTable(
  chance: ArrayLike<number>,
  outcome: ArrayLike<number>,
  thresholds: readonly number[],
): ThresholdRow[] {
  requireEqual(chance, outcome)
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : noValue('empty group'))
  return thresholds.map((threshold) => {
    const counts = [0, 0, 0, 0] as [number, number, number, number]
    for (let i = 0; i < chance.length; i++) counts[(chance[i]! >= threshold ? 2 : 0) + outcome[i]!]!++
    const [trueNegatives, falseNegatives, falsePositives, truePositives] = counts
    return {
      threshold,
      truePositives,
      falsePositives,
      trueNegatives,
      falseNegatives,
      sensitivity: share(truePositives, truePositives + falseNegatives),
      specificity: share(trueNegatives, trueNegatives + falsePositives),
      precision: share(truePositives, truePositives + falsePositives),
      accuracy: (truePositives + trueNegatives) / chance.length,
      f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    }
  })
}

/** The threshold with the largest sensitivity + specificity - 1 (Youden's index), the smallest one when several tie.
 * @returns 'empty group' when all outcomes are equal
 */
export function bestThreshold(
  chance: ArrayLike<number>,
  outcome: ArrayLike<number>,
): OrReason<{ threshold: number; youden: number }> {
  requireEqual(chance, outcome)
  const order = Uint32Array.from({ length: chance.length }, (_, i) => i).sort(
    (a, b) => chance[b]! - chance[a]!,
  )
  let positives = 0
  for (let i = 0; i < outcome.length; i++) positives += outcome[i]!
  const negatives = outcome.length - positives
  if (positives === 0 || negatives === 0) return noValue('empty group', 'all outcomes are equal')
  let hits = 0
  let false_ = 0
  let best = { threshold: Number.POSITIVE_INFINITY, youden: Number.NEGATIVE_INFINITY }
  for (let i = 0; i < order.length; i++) {
    if (outcome[order[i]!] === 1) hits++
    else false_++
    const threshold = chance[order[i]!]!
    if (i + 1 < order.length && chance[order[i + 1]!] === threshold) continue
    const youden = hits / positives - false_ / negatives
    if (youden >= best.youden - 1e-15) best = { threshold, youden }
  }
  return best
}

export interface CalibrationBin {
  readonly n: number
  readonly events: number
  readonly meanChance: number
  readonly observed: number
  /** Wilson limits of the observed share. */
  readonly interval: Interval
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[]
  /** Hosmer and Lemeshow's test, bins - 2 degrees of freedom; 'too few' below 3 bins. */
  readonly hosmerLemeshow: OrReason<{ readonly chiSquare: number; readonly df: number; readonly p: number }>
}

/** Observed shares by groups of equal size of the predicted chance, cut at its quantiles.
 * @param bins how many are aimed at; ties make fewer
 * @returns 'empty group' without rows
 * @see Hosmer & Lemeshow 1980; R ResourceSelection::hoslem.test
 */
export function calibration(
  chance: ArrayLike<number>,
  outcome: ArrayLike<number>,
  bins = 10,
): OrReason<Calibration> {
  requireEqual(chance, outcome)
  requireCount('bins', bins, 1)
  const n = chance.length
  if (n === 0) return noValue('empty group')
  const sorted = Float64Array.from(chance).sort()
  const cuts = [
    ...new Set(Array.from({ length: bins - 1 }, (_, i) => quantile(sorted, (i + 1) / bins))),
  ].filter((cut) => cut > sorted[0]! && cut < sorted[n - 1]!)
  const sums = [...cuts, sorted[n - 1]!].map(() => ({ n: 0, events: 0, chance: 0 }))
  for (let i = 0; i < n; i++) {
    const found = cuts.findIndex((cut) => chance[i]! <= cut)
    const sum = sums[found < 0 ? cuts.length : found]!
    sum.n++
    sum.events += outcome[i]!
    sum.chance += chance[i]!
  }
  const made = sums.filter((sum) => sum.n > 0)
  let chiSquare = 0
  for (const sum of made)
    chiSquare += (sum.events - sum.chance) ** 2 * (1 / sum.chance + 1 / (sum.n - sum.chance))
  const df = made.length - 2
  return {
    bins: made.map((sum) => ({
      n: sum.n,
      events: sum.events,
      meanChance: sum.chance / sum.n,
      observed: sum.events / sum.n,
      interval: wilson(sum.events, sum.n),
    })),
    hosmerLemeshow:
      df < 1
        ? noValue('too few', 'fewer than 3 groups of chances')
        : { chiSquare, df, p: chiSquareUpper(chiSquare, df) },
  }
}

/** R's quantile type 7. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const low = Math.floor(place + 4 * Number.EPSILON)
  const part = place - low
  const value = sorted[low]!
  return Math.abs(part) < 1e-12 ? value : value + part * (sorted[low + 1]! - value)
}

function meanOf(
  chance: ArrayLike<number>,
  outcome: ArrayLike<number>,
  loss: (p: number, y: number) => number,
): OrReason<number> {
  requireEqual(chance, outcome)
  if (chance.length === 0) return noValue('empty group')
  let sum = 0
  for (let i = 0; i < chance.length; i++) sum += loss(chance[i]!, outcome[i]!)
  return sum / chance.length
}

function requireEqual(chance: ArrayLike<number>, outcome: ArrayLike<number>): void {
  if (chance.length !== outcome.length)
    throw new SampleInvalid(`${chance.length} chances but ${outcome.length} outcomes`)
}
