import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { type Mean, meanInterval, type TTest, welch } from './mean.ts'
import { momentsFromCounts } from './moments.ts'
import { normalQuantile } from './normal.ts'
import { type ShareDifference, shareDifference } from './share-difference.ts'
import { type Share, shareOf } from './wilson.ts'

export interface Csat {
  readonly n: number
  /** Share of the answers counted as satisfied: 4-5 of five points (CES: 5-7 of seven). */
  readonly top: Share
  /** Share of the answers counted as dissatisfied: 1-2 of five points (CES: 1-3 of seven). */
  readonly bottom: Share
  readonly mean: Mean
}

/** How many of the highest and of the lowest points count. */
export interface Boxes {
  readonly top: number
  readonly bottom: number
}

/** The five-point CSAT: 4 and 5 are satisfied, 1 and 2 are not. */
export const CSAT_BOXES: Boxes = { top: 2, bottom: 2 }

/** CES v2 on seven points: 5, 6 and 7 agree, 1, 2 and 3 disagree. */
export const CES_BOXES: Boxes = { top: 3, bottom: 3 }

function inBoxes(counts: readonly number[], boxes: Boxes): { n: number; top: number; bottom: number } {
  if (boxes.top + boxes.bottom > counts.length) throw new SampleInvalid('top and bottom boxes overlap')
  const sum = (part: readonly number[]) => part.reduce((total, count) => total + count, 0)
  return {
    n: sum(counts),
    top: sum(counts.slice(counts.length - boxes.top)),
    bottom: sum(counts.slice(0, boxes.bottom)),
  }
}

/** Satisfaction from how often each point 1, 2, ... of the scale was answered.
 * @param counts as long as the scale has points, lowest first
 * @returns 'empty group' when nobody answered
 * @see FORMULAS.md (CSAT, CES v2, share interval)
 */
export function csat(counts: readonly number[], boxes: Boxes = CSAT_BOXES, level = 0.95): OrReason<Csat> {
  const mean = meanInterval(momentsFromCounts(counts, 1), level)
  if ('reason' in mean) return mean
  const { n, top, bottom } = inBoxes(counts, boxes)
  const z = normalQuantile(0.5 + level / 2)
  return { n, top: shareOf(top, n, z), bottom: shareOf(bottom, n, z), mean }
}

export interface CsatDifference {
  readonly top: ShareDifference
  readonly bottom: ShareDifference
  readonly mean: OrReason<TTest>
}

/** Compares two groups, second minus first: shares by pooled z, means by Welch. */
export function csatDifference(
  first: readonly number[],
  second: readonly number[],
  boxes: Boxes = CSAT_BOXES,
  level = 0.95,
): OrReason<CsatDifference> {
  const a = inBoxes(first, boxes)
  const b = inBoxes(second, boxes)
  const z = normalQuantile(0.5 + level / 2)
  const top = shareDifference({ successes: a.top, n: a.n }, { successes: b.top, n: b.n }, z)
  const bottom = shareDifference({ successes: a.bottom, n: a.n }, { successes: b.bottom, n: b.n }, z)
  if ('reason' in top || 'reason' in bottom) return noValue('empty group')
  return { top, bottom, mean: welch(momentsFromCounts(first, 1), momentsFromCounts(second, 1), level) }
}
