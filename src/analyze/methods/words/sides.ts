import { type CellCounts, isBlank } from '../../cells/cells.ts'
import { twoNames } from '../../inputs/grouping.ts'
import type { Input } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'

const MOST_SIDES = 50

export type Counts = Map<string, number>

/** The words of one language, by side. */
export type Sides = Map<string, Counts>

/** Low and high scores as sides, or the values of a column (the two to compare, where they are named).
 * @param seen gets the values met, a few more than there can be sides
 */
export function sideOf(
  { csv, options }: Input,
  seen: Set<string> = new Set(),
): (cells: readonly string[], counts: CellCounts) => string | undefined {
  const asked = options.has('compare') ? twoNames(options.all('compare')) : undefined
  if (asked && asked[0] === asked[1]) throw new UsageError(`--compare holds "${asked[0]}" against itself`)
  const by = options.columnIfGiven('by')
  const score = options.columnIfGiven('score')
  if (by !== undefined && score !== undefined) throw new UsageError('--by or --score, not both')
  if (by === undefined && score === undefined)
    throw new UsageError('words needs --by COLUMN or --score COLUMN')
  if (by !== undefined) {
    return (cells, counts) => {
      if (isBlank(cells[by]!)) return void counts.add(`${csv.columns[by]} blank`)
      const side = cells[by]!.trim()
      if (!seen.has(side) && seen.size <= MOST_SIDES) seen.add(side)
      if (!asked && seen.size > MOST_SIDES)
        throw new UsageError(`there are more than ${MOST_SIDES} groups; choose two with --compare A,B`)
      if (asked && !asked.includes(side)) return void counts.add('of other groups')
      return side
    }
  }
  if (asked)
    throw new UsageError('--compare has no effect with --score: low scores are held against high ones')
  const low = options.number('low', 6)
  const high = options.number('high', 9)
  if (!(low < high)) throw new UsageError('--low must be under --high')
  return (cells, counts) => {
    const value = counts.number(cells, score!, 'score')
    if (value <= low) return 'low'
    if (value >= high) return 'high'
    if (!Number.isNaN(value)) counts.add('score in between')
    return undefined
  }
}

/** Leaves out words that are rare in both texts together, before anything is computed. */
export function atLeast(a: Counts, b: Counts, least: number): [Counts, Counts] {
  if (least <= 1) return [a, b]
  const enough = (word: string) => (a.get(word) ?? 0) + (b.get(word) ?? 0) >= least
  const kept = (counts: Counts) => new Map([...counts].filter(([word]) => enough(word)))
  return [kept(a), kept(b)]
}

/** The words of all sides but one. */
export function rest(sides: Sides, side: string): Counts {
  const sum: Counts = new Map()
  for (const [name, own] of sides) {
    if (name === side) continue
    for (const [word, n] of own) sum.set(word, (sum.get(word) ?? 0) + n)
  }
  return sum
}

/** Which sides are held against which: those asked for, the only two, or each against all others.
 * @param seen all values met, of which only those asked for are among the sides
 */
export function pairsOf(
  sides: readonly string[],
  asked: readonly string[] | undefined,
  seen: ReadonlySet<string>,
): { first: string; second?: string }[] {
  if (asked) {
    for (const side of asked)
      if (!sides.includes(side))
        throw new UsageError(
          `--compare: there is no "${side}"; there are ${[...seen].sort().slice(0, 20).join(', ')}`,
        )
    return [{ first: asked[0]!, second: asked[1]! }]
  }
  if (sides.includes('low') && sides.includes('high') && sides.length === 2)
    return [{ first: 'low', second: 'high' }]
  if (sides.length === 2) return [{ first: sides[0]!, second: sides[1]! }]
  return sides.map((first) => ({ first }))
}
