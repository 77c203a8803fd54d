import { contingency } from '../../../stats/contingency.ts'
import { isNoValue } from '../../../stats/interval.ts'
import { count, number, pValue } from '../../output/paint.ts'

/** Whether groups differ in how they answered, one sentence: the highest of many is high by chance as well.
 * @param counts one row a group, one column a kind of answer
 */
export function groupsDiffer(counts: readonly (readonly number[])[]): string {
  const found = contingency(counts)
  if (isNoValue(found) || isNoValue(found.p))
    return 'Whether the groups differ by more than chance was not tested.'
  const figures = `chi-square ${number(found.chiSquare, 1)}, ${found.df} df, p ${pValue(found.p)}`
  return found.p < 0.05
    ? `The ${counts.length} groups differ by more than chance (${figures}).`
    : `The ${counts.length} groups do not differ by more than chance (${figures}).`
}

const LEAST_NAMED = 10

/** The groups among which the highest and lowest are named: those of ten answers or more, where at least two are; a
 * group of one answer is the highest or the lowest as often as not. And what is said of the others.
 */
export function namedGroups<T>(
  groups: readonly T[],
  answersOf: (group: T) => number,
): { readonly named: readonly T[]; readonly aside: string } {
  const enough = groups.filter((group) => answersOf(group) >= LEAST_NAMED)
  const left = groups.length - enough.length
  if (enough.length < 2 || left === 0) return { named: groups, aside: '' }
  return {
    named: enough,
    aside: ` (${left === 1 ? 'one group' : `${count(left)} groups`} of fewer than ${LEAST_NAMED} answers left aside)`,
  }
}
