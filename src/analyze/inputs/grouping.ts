import Type from 'typebox'
import { type CellCounts, isBlank } from '../cells/cells.ts'
import { PERIODS, type Period, parseDate, periodOf } from '../cells/dates.ts'
import type { OptionSpecs, Options } from '../options/options.ts'
import { UsageError } from '../options/usage-error.ts'

/** Options of the methods that answer per group and period. */
export const groupingOptions: OptionSpecs = {
  by: { value: 'COLUMNS', text: 'one result for each group' },
  date: { value: 'COLUMN', text: 'one result for each period of this date' },
  period: { needs: ['date'], value: 'NAME', text: PERIODS.join(', '), standard: 'month' },
  'date-format': {
    needs: ['date'],
    value: 'ORDER',
    text: 'order of the parts of a date: ymd, dmy or mdy',
    standard: 'ymd',
  },
}

// Their JSON alone comes to some 250 MB beyond this.
const MOST_PLACES = 50_000

const collator = new Intl.Collator('en', { numeric: true })

/** The place of a result: its group and its period, where asked for. */
export interface Place {
  readonly group?: string
  readonly period?: string
}

/** Sorts rows into groups and periods, and keeps one aggregate for each. */
export class Grouping<T> {
  readonly #by: readonly number[]
  readonly #date: number | undefined
  readonly #period: Period
  readonly #order: 'ymd' | 'dmy' | 'mdy'
  readonly #found = new Map<string, { place: Place; value: T }>()
  readonly #make: () => T

  constructor(options: Options, make: () => T) {
    this.#by = options.columns('by')
    this.#date = options.columnIfGiven('date')
    this.#period = options.choice('period', PERIODS, 'month')
    this.#order = options.choice('date-format', ['ymd', 'dmy', 'mdy'], 'ymd')
    if (options.has('period') && this.#date === undefined)
      throw new UsageError('--period needs --date COLUMN')
    this.#make = make
  }

  get grouped(): boolean {
    return this.#by.length > 0
  }

  get dated(): boolean {
    return this.#date !== undefined
  }

  /** The aggregate of the row's place; undefined (and counted) when its group or date is missing. */
  of(cells: readonly string[], counts: CellCounts): T | undefined {
    let group = ''
    for (const column of this.#by) {
      const cell = cells[column]!.trim()
      if (isBlank(cell)) {
        counts.add('group blank')
        return undefined
      }
      group = group ? `${group} / ${cell}` : cell
    }
    let period = ''
    if (this.#date !== undefined) {
      const cell = cells[this.#date]!
      const date = parseDate(cell, this.#order)
      if (!date) {
        counts.add(isBlank(cell) ? 'date blank' : 'date not understood')
        return undefined
      }
      period = periodOf(date, this.#period)
    }
    const key = `${group}\u0000${period}`
    let entry = this.#found.get(key)
    if (!entry) {
      if (this.#found.size >= MOST_PLACES)
        throw new UsageError(
          `there are more than ${MOST_PLACES.toLocaleString('en')} groups and periods, which nobody can read; take columns with fewer values for --by, or a longer --period`,
        )
      const place = { ...(this.grouped && { group }), ...(this.dated && { period }) }
      entry = { place, value: this.#make() }
      this.#found.set(key, entry)
    }
    return entry.value
  }

  /** All places with their aggregates, by group and then period. A file without rows has one empty place. */
  entries(): { readonly place: Place; readonly value: T }[] {
    const all = [...this.#found.values()]
    if (all.length === 0 && !this.grouped && !this.dated) all.push({ place: {}, value: this.#make() })
    const order = (a = '', b = '') => collator.compare(a, b)
    return all.sort((a, b) => order(a.place.group, b.place.group) || order(a.place.period, b.place.period))
  }
}

/** The pairs to compare: those asked for by --compare A,B; else the two groups of a file that has two; else, with
 * dates, the last two periods of each group. */
export function pairsToCompare<T>(
  entries: readonly { readonly place: Place; readonly value: T }[],
  options: Options,
): (readonly [{ place: Place; value: T }, { place: Place; value: T }])[] {
  const groups = [...new Set(entries.map(({ place }) => place.group))]
  if (options.has('compare')) {
    const names = new Set(entries.flatMap(({ place }) => [place.group, place.period]))
    const asked = twoNames(options.all('compare'), names)
    if (asked[0] === asked[1]) throw new UsageError(`--compare holds "${asked[0]}" against itself`)
    const [first, second] = asked.map((name) =>
      entries.filter(({ place }) => place.group === name || place.period === name),
    )
    if (!first!.length || !second!.length) {
      throw new UsageError(`--compare: there is no group or period "${first!.length ? asked[1] : asked[0]}"`)
    }
    // The other half of the place must be the same on both sides.
    return first!.flatMap((a) => {
      const partner = second!.find((b) =>
        a.place.group === asked[0] ? a.place.period === b.place.period : a.place.group === b.place.group,
      )
      return partner ? [[a, partner] as const] : []
    })
  }
  const dated = entries.some(({ place }) => place.period !== undefined)
  if (dated) {
    return groups.flatMap((group) => {
      const own = entries.filter(({ place }) => place.group === group)
      return own.length >= 2 ? [[own.at(-2)!, own.at(-1)!] as const] : []
    })
  }
  return groups.length === 2 ? [[entries[0]!, entries[1]!] as const] : []
}

/** The two names of --compare: "A,B", or the option twice. A name may hold commas itself: then that comma parts them
 * which leaves two names that there are.
 * @param known the names there are, where they are known already
 * @throws UsageError when they are not two
 */
export function twoNames(
  given: readonly string[],
  known: ReadonlySet<string | undefined> = new Set(),
): readonly [string, string] {
  const texts = given.map((text) => text.trim())
  const [text = '', other] = texts
  if (texts.length === 2 && other !== undefined) return [text, other]
  const parts = text.split(',')
  const cuts = parts.slice(1).map((_, i): [string, string] => [
    parts
      .slice(0, i + 1)
      .join(',')
      .trim(),
    parts
      .slice(i + 1)
      .join(',')
      .trim(),
  ])
  const found = cuts.filter((pair) => pair.every((name) => known.has(name)))
  const [pair] = found.length > 0 ? found : cuts
  if (texts.length > 1 || !pair || found.length > 1 || (found.length === 0 && cuts.length > 1))
    throw new UsageError(
      '--compare takes two groups or two periods: --compare A,B, or the option twice where a name holds a comma',
    )
  return pair
}

/** "store 1, 2026-01" for tables. */
export function placeLabel(place: Place): string {
  return [place.group, place.period].filter((part) => part !== undefined).join(', ') || 'all'
}

/** A place in JSON. */
export const placeSchema = Type.Object({
  group: Type.Optional(Type.String()),
  period: Type.Optional(Type.String()),
})
