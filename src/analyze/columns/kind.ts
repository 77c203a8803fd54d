// For: what a column is: answers on a scale, numbers, categories, dates, texts, ids.
// In: its name and its profile (profile.ts), one pass over its cells. Out: a guess.
// The other files of this folder find what in such columns is no answer, or not read.
import type { ColumnProfile } from './profile.ts'

/** scale: an answer people gave (X); number: something measured (O). */
export type ColumnKind = 'scale' | 'number' | 'category' | 'date' | 'text' | 'id' | 'empty'

export interface ColumnGuess {
  readonly kind: ColumnKind
  /** Of a scale: which question it is likely to answer. */
  readonly metric?: 'nps' | 'csat' | 'ces' | 'rating'
  /** Of a category with two values: the one that means yes. */
  readonly yes?: string
}

/** A column with what it is taken for. */
export interface Guessed {
  readonly profile: ColumnProfile
  readonly guess: ColumnGuess
}

const COUNTED =
  /count|num_|num[A-Z]|calls|times|rooms|bath|children|kids|siblings|persons|people|members|qty|quantity|number|antal|(^|_)n(_|$)|items?$|sequential|installments|photos|orders|visits|(^|_)age|days|hours|months?|years?|tenure|price|amount|value$|minutes?|seconds|(^|_)wait|duration|distance|delay|(^|_)late|weight|length|height|width|(^|_)(km|kg|cm|mm|min|sec|hrs)$|^yrs/i
// Steps that things and people are sorted into; nobody was asked.
const GRADED =
  /level|grade|class$|stage|rank|tier|group|zone|floor|phase|^dept|department|region|district|cluster|wave|round|version|batch/i
const ASKED =
  /score|rating|nps|csat|(^|_)ces(_|$)|satisf|recommend|effort|stars?|likert|^q\d+|likely|easy|agree|quality|service|friendl|overall|clean|speed|helpful|trust|nöjd|betyg|rekommend|troligt|bemötande|fornøyd|anbefal|sannsynlig|tilfreds|zufried|empfehl|bewertung|recommand/i
// Named as a question beyond doubt: a scale even where only one or two of its points were used.
const SURELY_ASKED =
  /(^|[_\s-])(nps|csat|ces|enps)([_\s-]|$)|satisf|recommend|rating|score|stars|nöjd|betyg|rekommend|fornøyd|anbefal|tilfreds|zufried|empfehl/i
const RECOMMENDED =
  /nps|recommend|recommand|likely|promot|rekommend|troligt|anbefal|sannsynlig|empfehl|weiterempf/i
/** Of a question in full: "How likely are you to buy again?" is none on recommending. */
export const ASKED_TO_RECOMMEND =
  /nps|recommend|recommand|rekommend|anbefal|empfehl|recomend|raccomand|aanbevel|suosittel/i
const LABELLED_LIKELY =
  /(extremely|very) likely|not at all likely|(mycket|inte alls) (troligt|sannolikt)|svært sannsynlig|meget sandsynlig|sehr wahrscheinlich|très probable/i
const NAMED_ID = /(^|[_\s-])(id|uuid|guid|key|ref|no|nr)$|(Id|ID|No|Nr|Ref)$/
const NUMBERED =
  /^(row|order|customer|client|user|member|account|invoice|ticket|sample|case|contract|policy|serial|card|product|item|employee|reference|respondent|kund|order)[_\s-]?(number|num|nummer|code)$|^(respondent|customer|client|user|account|invoice|ticket|index|row|unnamed: 0|kund|kunde|deltagare|pid|uid|rid|cid|subject|subj|participant|patient|person)$/i
// What R, pandas and spreadsheets call the numbers of the rows.
const ROW_NAMES = /^(column1|x|x1|v1|\.\.\.1|unnamed: 0|row_?names?|index|_?id)$/i
const NOT_WHEN = /birth|born|född|født|built|model|made|geboren/i
const COMMENT =
  /comment|feedback|verbatim|remark|kommentar|fritext|bemerkung|avis|commentaire|do better|improve|förbättra|forbedre|verbessern|améliorer|mejorar|suggestion|förslag|anything else|något (?:annat|mer)|own words|tell us|egna ord|please specify|nämligen|bitte angeben|review_?(text|message|body)|(^|[_\s])(text|message|notes?|why)([_\s]|$)/i
const PLACE_CODE = /zip|postal|postcode|phone/i

/** Guesses what a column is from its profile and name.
 *
 * date: 95 % are dates. scale: whole numbers within 0..10 that end at 5, 7 or 10, or a name that asks, also of half
 * points. number: 95 %
 * are numbers. id: nearly all different, and no words. category: few different values. text: the rest.
 */
export function guessColumn(column: ColumnProfile): ColumnGuess {
  const { present, distinct, name } = column
  if (present === 0) return { kind: 'empty' }
  const different = distinct / present
  const numeric = column.numbers >= 0.95 * present
  if (isDate(column)) return { kind: 'date' }
  const surely = SURELY_ASKED.test(name) && numeric && (column.range?.high ?? 0) > 1
  if (distinct <= 2 && column.distinctIsExact && !(surely && metricOf(column)))
    return { kind: 'category', ...yesOf(column) }
  if (PLACE_CODE.test(name)) return { kind: 'category' }
  if (column.isCoded && numeric) return { kind: different > 0.5 ? 'id' : 'category' }
  if (
    ROW_NAMES.test(name) &&
    different === 1 &&
    present >= LEAST_SERIAL &&
    (!numeric || column.whole) &&
    column.spaced < 0.5
  )
    return { kind: 'id' }
  if (numeric && column.whole && NUMBERED.test(name)) return { kind: different > 0.2 ? 'id' : 'category' }
  if (numeric && column.range && !(NAMED_ID.test(name) && column.whole)) {
    const metric = metricOf(column)
    if (metric) return { kind: 'scale', metric }
    if (isPanelIndex(column)) return { kind: 'id' }
    const serial =
      column.whole &&
      different > 0.98 &&
      present >= 20 &&
      column.range.high - column.range.low < 1.05 * present
    return { kind: serial && !COUNTED.test(name) ? 'id' : 'number' }
  }
  if (!numeric && (COMMENT.test(name) || COMMENT.test(column.question)) && column.spaced > 0.3)
    return { kind: 'text' }
  const many = distinct > MOST_LONG_CATEGORIES || different > 0.2
  const wordy = column.spaced > 0.3 && ((column.meanLength > 25 && many) || different > 0.5)
  if (!wordy && different > (NAMED_ID.test(name) ? 0.2 : 0.95) && present >= 5 && distinct > 5)
    return { kind: 'id' }
  if (!wordy && column.meanLength <= 60 && (distinct <= 50 || different < 0.5)) return { kind: 'category' }
  if (NAMED_ID.test(name) && column.spaced < 0.05) return { kind: 'id' }
  return { kind: 'text' }
}

const LEAST_SERIAL = 5
const LEAST_PANEL = 30

// 1, 2, 3 ... without a gap, each as often as the others: who answered in each of several rounds.
function isPanelIndex({ name, whole, range, distinct, present, values }: ColumnProfile): boolean {
  if (!whole || !range || COUNTED.test(name) || range.low < 0 || range.low > 1) return false
  if (distinct < LEAST_PANEL || distinct !== range.high - range.low + 1 || values.length === 0) return false
  return present >= 2 * distinct && values.every(({ n }) => n === values[0]!.n)
}
const MOST_LONG_CATEGORIES = 12

// Bare years are dates where the name says so, of "time" only when there is one row a year; years of birth are numbers.
function isDate({ name, dates, present, numbers, range, distinct }: ColumnProfile): boolean {
  if (dates < 0.95 * present) return false
  const yearsAlone = numbers >= 0.95 * present && (range?.high ?? 0) <= 2200
  return !yearsAlone || (!NOT_WHEN.test(name) && (distinct === present || !/time$/i.test(name)))
}

function metricOf({
  range,
  whole,
  halves,
  numbers,
  distinct,
  name,
  worded,
  present,
  question,
  points,
}: ColumnProfile): ColumnGuess['metric'] | undefined {
  const { low } = range!
  // Nobody may have used the last points of a scale of words.
  const high = points ?? range!.high
  const surely = SURELY_ASKED.test(name) || ASKED_TO_RECOMMEND.test(question)
  const least = surely ? 1 : 3
  if (!(whole || halves >= LEAST_HALVED * numbers) || low < 0 || high > 10 || high < 2 || distinct < least)
    return undefined
  // What is answered in words was asked, even where it is called price.
  const inWords = worded > 0.5 * present
  const asked = inWords || ASKED.test(name) || ASKED.test(question)
  if (!inWords && (namesAmount(name) || GRADED.test(name)) && !surely) return undefined
  const whole_ = (low === 0 && high === 10) || (low === 1 && [5, 7, 10].includes(high))
  if (!asked && !whole_) return undefined
  // Answers in half points are those of no index that counts points.
  if (!whole) return asked && distinct >= LEAST_HALVES ? 'rating' : undefined
  if (RECOMMENDED.test(name) || recommends(question, high))
    return high > 5 && points === undefined ? 'nps' : 'rating'
  // Of 0 to 10 without a word on recommending only a bare score or a numbered question may be it.
  // Nor is one that ends at 8: nobody gave the marks of those who recommend.
  if (high > 7)
    return (/score/i.test(name) && (high > 8 || low === 0)) || (low === 0 && /^q\d+/i.test(name))
      ? 'nps'
      : 'rating'
  // On five points it is another question, never to be averaged with this one.
  if (high > 5 && (points ?? 7) === 7 && EASY.test(`${name} ${question}`)) return 'ces'
  if (high > 5) return 'rating'
  return namesSatisfaction(name) || namesSatisfaction(question) ? 'csat' : 'rating'
}

// Fewer different ones are as likely shares or doses.
const LEAST_HALVES = 5
// Of the answers: a single 4.5 among whole ones is a slip.
const LEAST_HALVED = 0.05
const EASY = /(^|_)ces(_|$)|effort|easy|enkelt|lätt att|lett å|let at|einfach/i

// The words beside the numbers stand for the question where the file does not hold it.
const recommends = (question: string, high: number) =>
  ASKED_TO_RECOMMEND.test(question) ||
  (high === 10 && !question.includes('?') && LABELLED_LIKELY.test(question))

const YES =
  /^(y|yes|true|t|ja|j|sant|oui|sí|si|churned|left|lost|died|dead|treated|treatment|test|after|post|cancelled|canceled)$/i

// Of 1 and 2 nobody knows which means yes; 1 does beside 0.
function yesOf({ values }: ColumnProfile): { yes: string } | object {
  if (values.length !== 2) return {}
  const texts = values.map(({ value }) => value.trim())
  if (texts.every((text) => Number(text) === 0 || Number(text) === 1))
    return { yes: values[Number(texts[0]) === 1 ? 0 : 1]!.value }
  const yes = values.filter((_, i) => YES.test(texts[i]!))
  return yes.length === 1 ? { yes: yes[0]!.value } : {}
}

/** Whether the name speaks of something that only tells rows or customers apart. */
export const namesId = (name: string) => NAMED_ID.test(name) || NUMBERED.test(name)
/** Whether the name speaks of what people wrote in their own words. */
export const namesComment = (name: string) => COMMENT.test(name)
// A numbered question on the price or the value is no price.
const asksOfMoney = (name: string) => /^q\d/i.test(name) && /price|value|amount/i.test(name)
/** Whether the name speaks of something counted or measured. */
export const namesAmount = (name: string) => COUNTED.test(name) && !asksOfMoney(name)
/** Whether the name speaks of steps that things and people are sorted into. */
export const namesGrade = (name: string) => GRADED.test(name)
/** Whether the name speaks of something people were asked. */
export const namesQuestion = (name: string) => ASKED.test(name) && !namesAmount(name)
/** Whether it does beyond doubt. */
export const surelyAsked = (name: string) => SURELY_ASKED.test(name)
/** A battery: three columns or more, asked on the same few points, are answers on a scale whatever their names. */
export function guessBatteries<T extends { readonly profile: ColumnProfile; readonly guess: ColumnGuess }>(
  columns: readonly T[],
): (T | (T & { guess: ColumnGuess }))[] {
  const pointsOf = ({ profile, guess }: T) => {
    const { range, whole, distinct, numbers, present } = profile
    const isNumber = guess.kind === 'number' || (guess.kind === 'scale' && !whole)
    if (!isNumber || !range || COUNTED.test(profile.name) || numbers < 0.95 * present) return ''
    if (!whole) return isInHalves(profile) ? `half ${range.high > 5 ? 10 : 5}` : ''
    const few = range.low >= 0 && range.low <= 1 && range.high >= 4 && range.high <= 10
    return few && distinct === range.high - range.low + 1 ? `${range.low}-${range.high}` : ''
  }
  const sizes = new Map<string, number>()
  for (const column of columns) sizes.set(pointsOf(column), (sizes.get(pointsOf(column)) ?? 0) + 1)
  const halved = new Set(
    columns.flatMap((column) => (column.guess.kind === 'scale' ? [pointsOf(column)] : [])),
  )
  const asked = new Set(
    columns.flatMap(({ profile, guess }) => (guess.kind === 'scale' ? [runOf(profile)] : [])),
  )
  return columns.map((column) => {
    const points = pointsOf(column)
    // Of half points one at least is named as a question: lengths and doses are measured in halves too.
    const isOne = points !== '' && sizes.get(points)! >= 3 && (column.profile.whole || halved.has(points))
    // No price is one of 1 to 5, where that is what people were asked in another column.
    const { profile, guess } = column
    const isPrice = guess.kind === 'number' && namesMoney(profile.name) && asked.has(runOf(profile))
    return isOne || (isPrice && runOf(profile) !== '')
      ? { ...column, guess: { kind: 'scale' as const, metric: 'rating' as const } }
      : column
  })
}

const isInHalves = ({ halves, numbers, range, distinct }: ColumnProfile) =>
  halves >= LEAST_HALVED * numbers &&
  range !== undefined &&
  range.low >= 0 &&
  range.high <= 10 &&
  distinct >= LEAST_HALVES

function runOf({ range, whole, distinct, numbers, present }: ColumnProfile): string {
  if (!range || !whole || numbers < 0.95 * present || range.low !== 1 || ![5, 7, 10].includes(range.high))
    return ''
  return distinct >= range.high ? `1-${range.high}` : ''
}

/** Whether the name speaks of customers who left. */
export const namesLeaving = (name: string) =>
  /churn|left|lost|cancel|event|status|died|dead|death|attrition|uppsagd|sluta[td]|sagt_?opp|oppsagt|gekündigt|fustat|arrest$/i.test(
    name,
  )
/** Whether it speaks of leaving beyond doubt, and not of any event. */
export const namesCustomerLeaving = (name: string) =>
  /churn|left|lost|cancel|attrition|uppsagd|sluta[td]|sagt_?opp|oppsagt|gekündigt/i.test(name)
/** Whether the name speaks of the length of a relation; an age is not one. */
export const namesDuration = (name: string) =>
  /time|tenure|duration|days|months|weeks?|years|lifetime|account_?length|månader|måneder|monate|survival/i.test(
    name,
  ) && !/birth|age$|at_?diagnosis/i.test(name)
/** Whether it is the length of the relation itself, and not one of the other times that a file may hold. */
export const namesTenure = (name: string) =>
  /tenure|account_?length|lifetime|^(fu_?|follow_?up_?|survival_?)?time$|duration|as_?customer|at_?company|since_?(start|signup|join)/i.test(
    name,
  )
/** Whether the name speaks of nothing but a moment. */
export const namesMoment = (name: string) =>
  /^(period|wave|day|month|week|quarter|year|time|round|t|hour|date|år|dag|månad|vecka|måned|uke)$/i.test(
    name,
  )
/** Whether the name is that of a weight of the row. */
export const namesWeight = (name: string) => /^(weights?|wt|wgt|pw|vikt|gewicht)$|_(weight|wgt)$/i.test(name)
/** Whether the name says that the row stands for so many cases. */
export const namesCount = (name: string) =>
  /^(freq|frequency|counts?|n|antal|antall|anzahl|number)$/i.test(name)
/** Whether the name speaks of the whole, and not of a part. */
export const namesWhole = (name: string) =>
  /overall|total|general|helhet|samlet|gesamt|recommend|rekommend|anbefal|nps|satisfaction$/i.test(name)
/** Whether it speaks of a person or a thing that has a number, where it is a category by the count of its values. */
export const namesSomeone = (name: string) =>
  /^(customer|client|user|member|account|contact|kund|kunde|kunden|respondent|order|invoice|ticket|subject|participant|patient)([_\s-]?(id|no|nr|number|key))?$/i.test(
    name,
  )
/** Whether high answers mean satisfied people, as far as the name tells. */
export const namesSatisfaction = (name: string) =>
  /csat|satisf|score|rating|stars?|overall|nöjd|betyg|fornøyd|tilfreds|zufried/i.test(name)
/** Whether the name speaks of money. */
export const namesMoney = (name: string) =>
  /amount|value|price|revenue|total|spend|margin|payment|sales|belopp|beløp|summa|umsatz|betrag|omsättning|omsetning|montant|\bkr\b/i.test(
    name,
  )
