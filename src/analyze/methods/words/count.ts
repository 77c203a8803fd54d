import { words } from '../../../stats/words.ts'
import { CellCounts, isBlank } from '../../cells/cells.ts'
import type { Input } from '../../method.ts'
import { type Counts, type Sides, sideOf } from './sides.ts'

// How often each word occurs on each side, and by language: one pass over the file while the different words are few
// enough to be kept. Where they are not, the rare ones are left out: a pass that counts words by their hash finds how
// rare, and another counts the rest exactly.

/** Different words kept, those of each side and language counted apart: some 300 MB. */
export const MOST_WORDS = 1_000_000

export interface WordCounts {
  readonly rows: number
  readonly used: number
  readonly counts: CellCounts
  readonly pooled: Sides
  readonly languages: ReadonlyMap<string, Sides>
  /** Values of --by that were met. */
  readonly seen: ReadonlySet<string>
  /** Words that occur less often were left out. */
  readonly least: number
}

/** Counts the words of the file.
 * @param least words that occur less often in all may be left out already
 * @param most different words kept
 */
export async function countWords(input: Input, least: number, most = MOST_WORDS): Promise<WordCounts> {
  const whole = await onePass(input, least, most)
  if (whole) return whole
  const sketch = new Sketch()
  await eachComment(input, (_side, _language, found) => {
    for (const word of found) sketch.add(word)
    return true
  })
  for (let rare = sketch.least(most); ; rare *= 2) {
    const found = await onePass(input, Math.max(least, rare), most, (word) => sketch.count(word) >= rare)
    if (found) return found
  }
}

async function onePass(
  input: Input,
  least: number,
  most: number,
  isKept: (word: string) => boolean = () => true,
): Promise<WordCounts | undefined> {
  const pooled: Sides = new Map()
  const languages = new Map<string, Sides>()
  let kept = 0
  const add = (sides: Sides, side: string, found: readonly string[]) => {
    const own: Counts = sides.get(side) ?? new Map()
    sides.set(side, own)
    kept -= own.size
    for (const word of found) own.set(word, (own.get(word) ?? 0) + 1)
    kept += own.size
  }
  const done = await eachComment(input, (side, language, found) => {
    const common = found.filter(isKept)
    add(pooled, side, common)
    if (language !== undefined) {
      const sides: Sides = languages.get(language) ?? new Map()
      languages.set(language, sides)
      add(sides, side, common)
    }
    return kept <= most
  })
  return kept > most ? undefined : { ...done, pooled, languages, least }
}

type Comment = (side: string, language: string | undefined, found: readonly string[]) => boolean

/** Goes through the comments that have words and a side; false from the visitor stops. */
async function eachComment(input: Input, visit: Comment) {
  const { csv, options } = input
  const texts = options.columns('text')
  const language = options.columnIfGiven('language')
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  const seen = new Set<string>()
  const side = sideOf(input, seen)
  let used = 0
  const rows = await csv.eachRow((cells) => {
    const found = texts.flatMap((column) => words(cells[column]!))
    if (found.length === 0) return counts.add('without words')
    const own = side(cells, counts)
    if (own === undefined) return
    used++
    const name = language === undefined || isBlank(cells[language]!) ? undefined : cells[language]!.trim()
    if (!visit(own, name, found)) return false
  })
  return { rows, used, counts, seen }
}

const BITS = 23

/** Counts of words by their hash: never less than the true ones, since several words may share a place. */
class Sketch {
  readonly #counts = new Uint32Array(1 << BITS)

  add(word: string): void {
    this.#counts[placeOf(word)]!++
  }

  count(word: string): number {
    return this.#counts[placeOf(word)]!
  }

  /** From how many occurrences on there are at most `most` words. */
  least(most: number): number {
    const often = new Float64Array(1025)
    for (const count of this.#counts) if (count > 0) often[Math.min(count, 1024)]!++
    let above = 0
    for (let count = 1024; count > 1; count--) {
      above += often[count]!
      if (above > most) return count + 1
    }
    return 2
  }
}

// FNV-1a, mixed so that all bits count.
function placeOf(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> (32 - BITS)
}
