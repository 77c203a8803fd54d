import type { Pattern } from '../../../stats/penalty-reward.ts'
import { NumberColumn } from '../../inputs/kept-columns.ts'
import { UsageError } from '../../options/usage-error.ts'
import { count } from '../../output/paint.ts'

interface Marks {
  readonly has: (value: number) => boolean
  readonly least: number
  readonly most: number
}

/** "1-2" or "1,2" or "5" as a test of a number, and its ends. */
export function marksOf(text: string, option: string): Marks {
  const parts = text.split(',').map((part) => {
    const ends = part.trim().match(/^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/)
    if (ends?.[2] !== undefined && Number(ends[1]) > Number(ends[2]))
      throw new UsageError(`--${option} ${part.trim()} runs backwards: ${ends[2]}-${ends[1]}`)
    if (!ends) throw new UsageError(`--${option} takes marks such as 1-2 or 5, not "${text}"`)
    return [Number(ends[1]), Number(ends[2] ?? ends[1])] as const
  })
  return {
    has: (value) => parts.some(([low, high]) => value >= low && value <= high),
    least: Math.min(...parts.flat()),
    most: Math.max(...parts.flat()),
  }
}

/** Refuses codings by which a mark would be both, or a low one lie above a high one.
 * @throws UsageError
 */
export function checkMarks(low: Marks, high: Marks, lowText: string, highText: string): void {
  if (low.least > high.most)
    throw new UsageError(
      `--low ${lowText} lies above --high ${highText}; turn a scale round on which 1 is the best`,
    )
  if (low.most >= high.least) throw new UsageError('--low and --high overlap')
}

/** Marks beyond both codings: they would pass for middle marks, and a 0 or a 10 is none. */
export class OutsideMarks {
  readonly #least: number
  readonly #most: number
  readonly #found = new Map<number, Map<number, number>>()

  constructor(low: Marks, high: Marks) {
    this.#least = Math.min(low.least, high.least)
    this.#most = Math.max(low.most, high.most)
  }

  look(value: number, attribute: number): void {
    if (!(value < this.#least || value > this.#most)) return
    const own = this.#found.get(attribute) ?? new Map<number, number>()
    this.#found.set(attribute, own)
    if (own.has(value) || own.size < MOST_MARKS) own.set(value, (own.get(value) ?? 0) + 1)
  }

  /** @throws UsageError when there were any */
  refuse(names: readonly string[], lowText: string, highText: string): void {
    if (this.#found.size === 0) return
    const told = [...this.#found]
      .sort(([a], [b]) => a - b)
      .slice(0, 4)
      .map(([attribute, marks]) => {
        const each = [...marks]
          .sort(([a], [b]) => a - b)
          .map(([mark, n]) => `${mark} (${n === 1 ? 'once' : `${count(n)} times`})`)
        return `${names[attribute]} has ${each.slice(0, 4).join(', ')}${each.length > 4 ? ' ...' : ''}`
      })
    throw new UsageError(
      `--low ${lowText} and --high ${highText} are marks of ${this.#least} to ${this.#most}, but ${told.join('; ')}${this.#found.size > 4 ? ' ...' : ''}. ` +
        'Say which marks are low and high on this scale with --low and --high, or take a code as no answer with --blank',
    )
  }
}

const MOST_MARKS = 20

/** The different patterns of marks with the overall scores they gave, in columns: of twenty attributes there may be a
 * million. */
export class Patterns implements Iterable<Pattern> {
  readonly #attributes: number
  readonly #places = new Map<string, number>()
  #marks = new Int8Array(4096)
  readonly #n = new NumberColumn()
  readonly #means = new NumberColumn()
  readonly #squares = new NumberColumn()

  constructor(attributes: number) {
    this.#attributes = attributes
  }

  /** @param marks -1, 0 or 1, one an attribute */
  add(marks: Int8Array, overall: number): void {
    const place = this.#place(marks)
    const n = this.#n.at(place) + 1
    const step = overall - this.#means.at(place)
    const mean = this.#means.at(place) + step / n
    this.#n.put(place, n)
    this.#means.put(place, mean)
    this.#squares.put(place, this.#squares.at(place) + step * (overall - mean))
  }

  #place(marks: Int8Array): number {
    const key = packed(marks)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place = this.#places.size
    this.#places.set(key, place)
    const from = place * this.#attributes
    if (from + this.#attributes > this.#marks.length) {
      const larger = new Int8Array(2 * this.#marks.length + this.#attributes)
      larger.set(this.#marks)
      this.#marks = larger
    }
    this.#marks.set(marks, from)
    for (const column of [this.#n, this.#means, this.#squares]) column.push(0)
    return place
  }

  *[Symbol.iterator](): Generator<Pattern> {
    const size = this.#attributes
    for (let place = 0; place < this.#n.length; place++)
      yield {
        marks: this.#marks.subarray(place * size, (place + 1) * size),
        overall: {
          n: this.#n.at(place),
          mean: this.#means.at(place),
          squares: this.#squares.at(place),
        },
      }
  }
}

// Eight marks a character.
function packed(marks: Int8Array): string {
  let key = ''
  let code = 0
  for (let j = 0; j < marks.length; j++) {
    code = 3 * code + marks[j]! + 1
    if (j % 8 === 7) {
      key += String.fromCharCode(code)
      code = 0
    }
  }
  return key + String.fromCharCode(code)
}
