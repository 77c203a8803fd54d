import {
  type ColumnGuess,
  type Guessed,
  namesComment,
  namesSomeone,
  namesWeight,
  namesWhole,
} from '../columns/kind.ts'
import type { ColumnProfile } from '../columns/profile.ts'
import { type Cohorts, cohortsAmong, ratersAmong, type Tallies, talliesAmong } from './tables.ts'

/** A method that fits a file, with the options to run it. */
export interface Suggestion {
  readonly method: string
  /** What it would answer here, one sentence. */
  readonly answers: string
  readonly options: readonly string[]
  /** Of a score: its column. */
  readonly column?: string
  /** Set when the options hold something that only the reader knows: shown, not run. */
  readonly assumes?: true
  /** Set where another suggestion stands for it: shown under this heading with its command, not run. */
  readonly furthers?: string
}

const MOST_DRIVERS = 12
const OF_A_LIFE =
  /anställ|ansatt|hire|employ|birth|född|fødsel|født|geburt|geboren|eintritt|austritt|slutdatum|terminat|joined|member_?since|(^|[_\s])(left|leaving|quit)([_\s]|$)|churn|cancel/i

/** Fewer values than this say nothing. */
export const least = 8

/** What each column of a file may serve for. */
// Comments that have been sorted into kinds stand again and again; what people wrote themselves hardly does.
const [SORTED, FEW] = [5, 50]
const isInOwnWords = ({ name, question, present, distinct }: ColumnProfile) =>
  (namesComment(name) || namesComment(question)) && present < Math.max(FEW, SORTED * distinct)

export class Roles {
  readonly scales: readonly Guessed[]
  readonly numbers: readonly Guessed[]
  readonly groups: readonly Guessed[]
  readonly flags: readonly Guessed[]
  readonly texts: readonly Guessed[]
  readonly ids: readonly Guessed[]
  readonly date: Guessed | undefined
  readonly outcome: Guessed | undefined
  readonly dateOptions: readonly string[]

  readonly columns: readonly Guessed[]

  /** Columns in which several raters judged the same things; they are no answers of customers. */
  readonly raters: readonly Guessed[]

  /** Counts that are parts of one whole, and a table of who is left at each renewal: read together, never alone. */
  readonly tallies: Tallies | undefined
  readonly cohorts: Cohorts | undefined

  constructor(all: readonly Guessed[]) {
    this.raters = ratersAmong(all)
    this.tallies = talliesAmong(all)
    this.cohorts = cohortsAmong(all)
    const apart = [...this.raters, ...(this.tallies?.all ?? []), ...(this.cohorts?.all ?? [])]
    const columns = all.filter((column) => !apart.includes(column))
    this.columns = columns
    const of = (kind: ColumnGuess['kind']) =>
      columns.filter(({ guess, profile }) => guess.kind === kind && profile.present >= least)
    const categories = of('category')
    this.scales = of('scale')
    const numbers = of('number')
    // Beside answers a column of weights is no measure of anything.
    this.numbers =
      this.scales.length > 0 ? numbers.filter(({ profile }) => !namesWeight(profile.name)) : numbers
    this.flags = categories.filter(({ profile }) => profile.distinct === 2)
    this.groups = categories.filter(
      (column) =>
        column.profile.distinct >= 2 &&
        column.profile.distinct <= 40 &&
        !namesSomeone(column.profile.name) &&
        !isInOwnWords(column.profile) &&
        !isScoreInWords(column),
    )
    this.texts = of('text').filter(({ profile }) => profile.spaced > 0.2)
    this.ids = columns.filter(({ guess }) => guess.kind === 'id' || guess.kind === 'category')
    // A score is not asked for on the day someone was born or employed.
    const dates = of('date').filter(({ profile }) => !OF_A_LIFE.test(profile.name))
    this.date = dates.find(({ profile }) => /creat|answer|date|time|purchase/i.test(profile.name)) ?? dates[0]
    const rank = { nps: 0, csat: 1, ces: 2, rating: 3 }
    const whole = ({ profile }: Guessed) => (namesWhole(profile.name) ? 0 : 1)
    const [first] = this.scales.toSorted(
      (a, b) => rank[a.guess.metric!] - rank[b.guess.metric!] || whole(a) - whole(b),
    )
    // Of many questions alike none is the outcome of the others, unless one asks about the whole.
    const isOne = first && (first.guess.metric !== 'rating' || this.scales.length <= 2 || whole(first) === 0)
    this.outcome = isOne ? first : undefined
    const order = this.date?.profile.dateOrder
    this.dateOptions = this.date
      ? [
          ...valued('date', this.date.profile.name),
          ...(order && order !== 'ymd' ? ['--date-format', order] : []),
        ]
      : []
  }

  /** Everything that may move the outcome, at most a dozen. */
  get drivers(): string[] {
    return this.#mayMove().slice(0, MOST_DRIVERS)
  }

  /** What a heading adds when not all of them are taken. */
  get driversLeft(): string {
    const all = this.#mayMove().length
    return all > MOST_DRIVERS ? ` (the first ${MOST_DRIVERS} of ${all} columns)` : ''
  }

  #mayMove(): string[] {
    const others = [...this.scales, ...this.numbers].filter((column) => column !== this.outcome)
    return others.filter(({ profile }) => (profile.range?.sd ?? 0) > 0).map(({ profile }) => profile.name)
  }
}

// "Promoter", "Passive", "Detractor" say again what the score beside them says.
const isScoreInWords = ({ profile }: Guessed) =>
  ['promoter', 'detractor'].every((word) =>
    profile.values.some(({ value }) => value.toLowerCase().includes(word)),
  )

/** An option with columns: those with a comma in their name stand in options of their own. */
export function named(option: string, columns: readonly string[]): string[] {
  const plain = columns.filter((name) => !name.includes(','))
  const own = columns.filter((name) => name.includes(','))
  return [...(plain.length > 0 ? [plain.join(',')] : []), ...own].flatMap((value) => valued(option, value))
}

/** An option with its value; one that begins with a dash would be taken for another option. */
export function valued(option: string, value: string): string[] {
  return value.startsWith('-') ? [`--${option}=${value}`] : [`--${option}`, value]
}

/** A column's name inside a question: one that is a question itself loses its mark. */
export const asked = (name: string) => name.replace(/[\s?:]+$/, '')
