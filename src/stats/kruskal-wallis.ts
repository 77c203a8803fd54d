import { chiSquareUpper } from './chi-square.ts'
import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { midranks } from './ranks.ts'

export interface KruskalWallis {
  readonly groups: number
  readonly n: number
  readonly h: number
  readonly df: number
  readonly p: number
}

/** Kruskal-Wallis test, corrected for ties.
 * @param values without NaN
 * @param groups for each value the number of its group
 * @returns 'too few' without two groups, 'no variance' when all values are the same
 * @see Kruskal & Wallis 1952, JASA 47:583; R kruskal.test
 */
export function kruskalWallis(values: ArrayLike<number>, groups: ArrayLike<number>): OrReason<KruskalWallis> {
  const n = values.length
  if (groups.length !== n) throw new SampleInvalid(`${n} values in ${groups.length} groups`)
  const { ranks, ties } = midranks(values)
  const sums = new Map<number, { n: number; sum: number }>()
  for (let i = 0; i < n; i++) {
    const own = sums.get(groups[i]!)
    if (own) {
      own.n++
      own.sum += ranks[i]!
    } else sums.set(groups[i]!, { n: 1, sum: ranks[i]! })
  }
  if (sums.size < 2) return noValue('too few', 'fewer than two groups')
  if (ties.length < 2) return noValue('no variance')
  const tied = ties.reduce((sum, t) => sum + t ** 3 - t, 0)
  let between = 0
  for (const { n: size, sum } of sums.values()) between += sum ** 2 / size
  const h = ((12 * between) / (n * (n + 1)) - 3 * (n + 1)) / (1 - tied / (n ** 3 - n))
  return { groups: sums.size, n, h, df: sums.size - 1, p: chiSquareUpper(h, sums.size - 1) }
}
