import type { ColumnProfile } from './column-profile.ts'

/** scale: an answer people gave (X); number: something measured (O). */
export type ColumnKind = 'scale' | 'number' | 'category' | 'date' | 'text' | 'id' | 'empty'

export interface ColumnGuess {
  readonly kind: ColumnKind
  /** Of a scale: which question it is likely to answer. */
  readonly metric?: 'nps' | 'csat' | 'ces' | 'rating'
  /** Of a category with two values: the one that means yes. */
  readonly yes?: string
}

const COUNTED =
  /count|qty|quantity|number|antal|(^|_)n(_|$)|items?$|sequential|installments|photos|orders|visits|(^|_)age|days|hours|months?|years?|tenure|price|amount|value$|minutes?|seconds|(^|_)wait|duration|distance|delay|(^|_)late|weight|length|height|width|(^|_)(km|kg|cm|mm|min|sec|hrs)$/i
const ASKED =
  /score|rating|nps|csat|(^|_)ces|satisf|recommend|effort|stars?|likert|^q\d+|nöjd|betyg|likely|easy|agree|quality|service|friendl|overall|clean|speed|helpful|trust/i
const NAMED_ID = /(^|[_\s-])(id|uuid|guid|key|ref|no|nr)$|(Id|ID|No|Nr|Ref)$/
const NUMBERED =
  /^(row|order|customer|client|user|member|account|invoice|ticket|case|contract|policy|serial|card|product|item|employee|reference|respondent|kund|order)[_\s-]?(number|num|nummer|code)$|^(respondent|customer|client|user|account|invoice|ticket|index|row|unnamed: 0|kund)$/i
const PLACE_CODE = /zip|postal|postcode|phone/i

/** Guesses what a column is from its profile and name.
 *
 * date: 95 % are dates. scale: whole numbers within 0..10 that end at 5, 7 or 10, or a name that asks. number: 95 %
 * are numbers. id: nearly all different, and no words. category: few different values. text: the rest.
 */
export function guessColumn(column: ColumnProfile): ColumnGuess {
  const { present, distinct, name } = column
  if (present === 0) return { kind: 'empty' }
  const different = distinct / present
  const numeric = column.numbers >= 0.95 * present
  if (column.dates >= 0.95 * present) return { kind: 'date' }
  if (distinct <= 2 && column.distinctIsExact) return { kind: 'category', ...yesOf(column) }
  if (PLACE_CODE.test(name)) return { kind: 'category' }
  if (numeric && column.whole && NUMBERED.test(name)) return { kind: different > 0.2 ? 'id' : 'category' }
  if (numeric && column.range && !(NAMED_ID.test(name) && column.whole)) {
    const metric = metricOf(column)
    if (metric) return { kind: 'scale', metric }
    const serial =
      column.whole &&
      different > 0.98 &&
      present >= 20 &&
      column.range.high - column.range.low < 1.05 * present
    return { kind: serial && !COUNTED.test(name) ? 'id' : 'number' }
  }
  const wordy = column.spaced > 0.3 && (column.meanLength > 25 || different > 0.5)
  if (!wordy && different > (NAMED_ID.test(name) ? 0.2 : 0.95) && present >= 5 && distinct > 5)
    return { kind: 'id' }
  if (!wordy && column.meanLength <= 60 && (distinct <= 50 || different < 0.5)) return { kind: 'category' }
  if (NAMED_ID.test(name) && column.spaced < 0.05) return { kind: 'id' }
  return { kind: 'text' }
}

function metricOf({ range, whole, distinct, name }: ColumnProfile): ColumnGuess['metric'] | undefined {
  const { low, high } = range!
  if (!whole || low < 0 || high > 10 || distinct < 3) return undefined
  const asked = ASKED.test(name)
  if (COUNTED.test(name) && !asked) return undefined
  const whole_ = (low === 0 && high === 10) || (low === 1 && [5, 7, 10].includes(high))
  if (!asked && !whole_) return undefined
  if (/nps|recommend|likely/i.test(name) || high > 7) return 'nps'
  if (/(^|_)ces|effort|easy/i.test(name)) return 'ces'
  if (high > 5) return 'rating'
  return /csat|satisf|score|rating|stars?|overall|nöjd|betyg/i.test(name) ? 'csat' : 'rating'
}

const YES = /^(1|y|yes|true|t|ja|j|sant|churned|left|lost|treated|treatment|test|after|post)$/i

function yesOf({ values }: ColumnProfile): { yes: string } | object {
  const yes = values.find(({ value }) => YES.test(value.trim()))
  return yes && values.length === 2 ? { yes: yes.value } : {}
}

/** Whether the name speaks of something that only tells rows or customers apart. */
export const namesId = (name: string) => NAMED_ID.test(name) || NUMBERED.test(name)
/** Whether the name speaks of something people were asked. */
export const namesQuestion = (name: string) => ASKED.test(name)
/** A battery: three columns or more, asked on the same few points, are answers on a scale whatever their names. */
export function guessBatteries<T extends { readonly profile: ColumnProfile; readonly guess: ColumnGuess }>(
  columns: readonly T[],
): (T | (T & { guess: ColumnGuess }))[] {
  const pointsOf = ({ profile, guess }: T) => {
    const { range, whole, distinct, numbers, present } = profile
    if (guess.kind !== 'number' || !range || !whole || COUNTED.test(profile.name) || numbers < 0.95 * present)
      return ''
    const few = range.low >= 0 && range.low <= 1 && range.high >= 4 && range.high <= 10
    return few && distinct === range.high - range.low + 1 ? `${range.low}-${range.high}` : ''
  }
  const sizes = new Map<string, number>()
  for (const column of columns) sizes.set(pointsOf(column), (sizes.get(pointsOf(column)) ?? 0) + 1)
  return columns.map((column) => {
    const points = pointsOf(column)
    return points !== '' && sizes.get(points)! >= 3
      ? { ...column, guess: { kind: 'scale' as const, metric: 'rating' as const } }
      : column
  })
}

/** Whether the name speaks of customers who left. */
export const namesLeaving = (name: string) =>
  /churn|left|lost|cancel|event|status|died|dead|attrition|uppsagd|slutat/i.test(name)
/** Whether the name speaks of the length of a relation. */
export const namesDuration = (name: string) =>
  /time|tenure|duration|days|months|weeks|years|lifetime|age/i.test(name)
/** Whether the name speaks of money. */
export const namesMoney = (name: string) =>
  /amount|value|price|revenue|total|spend|margin|payment|belopp|summa|sales/i.test(name)
