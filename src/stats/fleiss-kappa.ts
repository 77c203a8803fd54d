import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { normalTwoSided } from './normal.ts'

export interface FleissKappa {
  readonly subjects: number
  readonly raters: number
  readonly kappa: number
  /** Under the hypothesis of no agreement. */
  readonly se: number
  readonly z: number
  readonly p: number
}

/** Fleiss' kappa of several raters.
 * @param counts one row a subject: how many raters chose each category; every row has the same sum
 * @param times how many subjects have these counts, 1 each when left out
 * @returns 'too few' without subjects or with one rater, 'no variance' when one category alone was used
 * @see Fleiss 1971, Psychological Bulletin 76:378; Fleiss, Nee & Landis 1979 for SE; R irr::kappam.fleiss
 */
export function fleissKappa(
  counts: readonly (readonly number[])[],
  times?: ArrayLike<number>,
): OrReason<FleissKappa> {
  const often = (i: number) => times?.[i] ?? 1
  const subjects = counts.reduce((sum, _, i) => sum + often(i), 0)
  if (subjects === 0) return noValue('too few')
  const sizes = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const raters = sizes[0]!
  if (sizes.some((size) => size !== raters))
    throw new SampleInvalid('every subject needs the same number of ratings')
  if (raters < 2) return noValue('too few', 'one rater')
  const categories = counts[0]!.length
  const shares = Array.from(
    { length: categories },
    (_, j) => counts.reduce((sum, row, i) => sum + often(i) * row[j]!, 0) / (subjects * raters),
  )
  const observed =
    counts.reduce((sum, row, i) => sum + often(i) * row.reduce((s, c) => s + c * (c - 1), 0), 0) /
    (subjects * raters * (raters - 1))
  const expected = shares.reduce((sum, share) => sum + share ** 2, 0)
  const spread = shares.reduce((sum, share) => sum + share * (1 - share), 0)
  if (!(spread > 1e-15)) return noValue('no variance', 'one category alone was used')
  const kappa = (observed - expected) / (1 - expected)
  const skew = shares.reduce((sum, share) => sum + share * (1 - share) * (1 - 2 * share), 0)
  const variance = (2 * (spread ** 2 - skew)) / (spread ** 2 * subjects * raters * (raters - 1))
  const se = Math.sqrt(Math.max(0, variance))
  return { subjects, raters, kappa, se, z: kappa / se, p: normalTwoSided(kappa / se) }
}
