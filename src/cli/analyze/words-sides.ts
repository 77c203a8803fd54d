import { type CellCounts, isBlank } from './cells.ts'
import { type Input, UsageError } from './method.ts'

const MOST_SIDES = 50

export type Counts = Map<string, number>

/** The words of one language, by side. */
export type Sides = Map<string, Counts>

/** Low and high scores as sides, or the values of a column. */
export function sideOf({
  csv,
  options,
}: Input): (cells: readonly string[], counts: CellCounts) => string | undefined {
  const by = options.columnIfGiven('by')
  const score = options.columnIfGiven('score')
  if (by !== undefined && score !== undefined) throw new UsageError('--by or --score, not both')
  if (by === undefined && score === undefined)
    throw new UsageError('words needs --by COLUMN or --score COLUMN')
  if (by !== undefined) {
    return (cells, counts) => {
      if (isBlank(cells[by]!)) counts.add(`${csv.columns[by]} blank`)
      return isBlank(cells[by]!) ? undefined : cells[by]!.trim()
    }
  }
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

/** Counts the words of one comment on its side. */
export function add(sides: Sides, side: string, found: readonly string[]): void {
  let own = sides.get(side)
  if (!own) {
    own = new Map()
    sides.set(side, own)
  }
  for (const word of found) own.set(word, (own.get(word) ?? 0) + 1)
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

/** Which sides are held against which: those asked for, the only two, or each against all others. */
export function pairsOf(
  sides: readonly string[],
  asked: readonly string[] | undefined,
): { first: string; second?: string }[] {
  if (asked) {
    if (asked.length !== 2) throw new UsageError('--compare takes two sides: --compare A,B')
    for (const side of asked)
      if (!sides.includes(side))
        throw new UsageError(`--compare: there is no "${side}"; there are ${sides.slice(0, 20).join(', ')}`)
    return [{ first: asked[0]!, second: asked[1]! }]
  }
  if (sides.includes('low') && sides.includes('high') && sides.length === 2)
    return [{ first: 'low', second: 'high' }]
  if (sides.length === 2) return [{ first: sides[0]!, second: sides[1]! }]
  if (sides.length > MOST_SIDES)
    throw new UsageError(`there are ${sides.length} groups; choose two with --compare A,B`)
  return sides.map((first) => ({ first }))
}
