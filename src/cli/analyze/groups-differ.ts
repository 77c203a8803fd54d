import { contingency } from '../../stats/contingency.ts'
import { isNoValue } from '../../stats/interval.ts'
import { number, pValue } from './paint.ts'

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
