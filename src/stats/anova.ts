import { fisherUpper } from './fisher.ts'
import { noValue, type OrReason } from './interval.ts'
import { type Moments, mergeMoments, varianceOf } from './moments.ts'

export interface Anova {
  readonly groups: number
  readonly n: number
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  /** Part of the variance between groups, 0..1. */
  readonly etaSquared: number
}

/** One-way analysis of variance from the moments of the groups; empty groups are passed over.
 * @returns 'too few' without two groups or a degree of freedom, 'no variance' when all values are the same or all
 * groups are constant
 * @see R anova(lm(y ~ g)), oneway.test(var.equal = TRUE)
 */
export function anova(groups: readonly Moments[]): OrReason<Anova> {
  const present = groups.filter((group) => group.n > 0)
  const k = present.length
  if (k < 2) return noValue('too few', 'fewer than two groups')
  const whole = present.reduce(mergeMoments)
  const within = present.reduce((sum, group) => sum + group.squares, 0)
  const between = present.reduce((sum, group) => sum + group.n * (group.mean - whole.mean) ** 2, 0)
  const df1 = k - 1
  const df2 = whole.n - k
  if (df2 < 1) return noValue('too few')
  if (!(within > 0)) return noValue('no variance')
  const f = between / df1 / (within / df2)
  return {
    groups: k,
    n: whole.n,
    f,
    df1,
    df2,
    p: fisherUpper(f, df1, df2),
    etaSquared: between / (between + within),
  }
}

/** Welch's one-way analysis for unequal variances.
 * @returns 'too few' when a group has one value, 'no variance' when one is constant
 * @see Welch 1951, Biometrika 38:330; R oneway.test(var.equal = FALSE)
 */
export function welchAnova(groups: readonly Moments[]): OrReason<Omit<Anova, 'etaSquared'>> {
  const present = groups.filter((group) => group.n > 0)
  const k = present.length
  if (k < 2) return noValue('too few', 'fewer than two groups')
  if (present.some((group) => group.n < 2)) return noValue('too few', 'a group has one value')
  if (present.some((group) => !(group.squares > 0))) return noValue('no variance', 'a group is constant')
  const weights = present.map((group) => group.n / varianceOf(group))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const mean = present.reduce((sum, group, i) => sum + weights[i]! * group.mean, 0) / total
  const spread =
    present.reduce((sum, group, i) => sum + (1 - weights[i]! / total) ** 2 / (group.n - 1), 0) / (k * k - 1)
  const between = present.reduce((sum, group, i) => sum + weights[i]! * (group.mean - mean) ** 2, 0)
  const f = between / ((k - 1) * (1 + 2 * (k - 2) * spread))
  const df2 = 1 / (3 * spread)
  const n = present.reduce((sum, group) => sum + group.n, 0)
  return { groups: k, n, f, df1: k - 1, df2, p: fisherUpper(f, k - 1, df2) }
}
