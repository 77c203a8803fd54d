import { medianOf } from '../../stats/median.ts'

/** A period that is left out, with its answers. */
export interface LeftOut {
  readonly label: string
  readonly n: number
}

/** The fewest answers a period needs.
 * @param periods those with answers
 * @param share of the answers of the median period, 0..1
 */
export function enoughAnswers(periods: readonly { readonly n: number }[], share: number): number {
  return share * (periods.length > 0 ? medianOf(periods.map(({ n }) => n)) : 0)
}

/** "2016-09 (n 4), 2018-10 (n 12)" */
export const leftOutText = (cut: readonly LeftOut[], shown: (n: number) => string) =>
  cut.map(({ label, n }) => `${label} (n ${shown(n)})`).join(', ')
