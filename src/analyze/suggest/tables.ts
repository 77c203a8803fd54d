import { type Guessed, namesCount } from '../columns/kind.ts'

// Files whose rows are no answers but counts of them, or ratings of the same things: their columns are read together,
// and each alone means nothing.

/** Counts of promoters, detractors and all answers, one row a period. */
export interface Tallies {
  readonly promoters: Guessed
  readonly detractors: Guessed
  readonly answers: Guessed
  /** These and the passives: parts of one whole, which go together whatever people feel. */
  readonly all: readonly Guessed[]
}

/** Customers still active at each renewal. */
export interface Cohorts {
  readonly active: Guessed
  readonly renewal: Guessed
  readonly cohort: Guessed | undefined
  readonly all: readonly Guessed[]
}

const isCount = ({ profile }: Guessed) =>
  profile.present > 0 && profile.numbers === profile.present && profile.whole && profile.range!.low >= 0

const meanOf = ({ profile }: Guessed) => profile.range?.mean ?? 0

/** @returns the counts, where the file has them and they add up on the whole */
export function talliesAmong(columns: readonly Guessed[]): Tallies | undefined {
  const counts = columns.filter(isCount)
  const called = (name: RegExp) => counts.find(({ profile }) => name.test(profile.name))
  const [promoters, detractors] = [called(/promot/i), called(/detract/i)]
  const passives = called(/passive|neutral/i)
  if (!promoters || !detractors || promoters === detractors) return undefined
  const taken = [promoters, detractors, ...(passives ? [passives] : [])]
  const least = taken.reduce((sum, column) => sum + meanOf(column), 0)
  const answers = counts.find(
    (column) =>
      !taken.includes(column) &&
      (namesCount(column.profile.name) || ANSWERS.test(column.profile.name)) &&
      meanOf(column) >= (1 - 1e-9) * least,
  )
  return answers && { promoters, detractors, answers, all: [...taken, answers] }
}

const ANSWERS = /answer|response|respondent|total|^base$|sample|svar|antw/i

/** @returns the columns of a table of retention: renewals 0, 1, 2 ... each once a cohort, and who is left at each */
export function cohortsAmong(columns: readonly Guessed[]): Cohorts | undefined {
  const renewal = columns.find(
    ({ profile }) =>
      RENEWAL.test(profile.name) &&
      profile.whole &&
      profile.numbers === profile.present &&
      profile.range?.low === 0 &&
      profile.distinct >= 3 &&
      profile.distinct === profile.range.high + 1,
  )
  const active = columns.find(
    (column) => column !== renewal && isCount(column) && ACTIVE.test(column.profile.name),
  )
  if (!renewal || !active) return undefined
  const starts = renewal.profile.values.find(({ value }) => Number(value) === 0)?.n ?? 0
  const cohort = columns.find(
    (column) => column !== renewal && column !== active && starts > 1 && column.profile.distinct === starts,
  )
  // Without cohorts a count that only may be of those left is as likely a series that rises and falls.
  if (!cohort && !LEFT.test(active.profile.name)) return undefined
  // A renewal that stands several times without a name for its cohort is another kind of table.
  if (starts !== 1 && !cohort) return undefined
  return { active, renewal, cohort, all: [active, renewal, ...(cohort ? [cohort] : [])] }
}

const RENEWAL = /renewal|period|year|month|week|quarter|tenure|since|^(age|t|time|år|månad|vecka|måned|uke)$/i
const LEFT = /active|regular|remain|retain|alive|surviv|renew/i
const ACTIVE = /active|regular|remain|retain|alive|surviv|customers|subscribers|members|users|kunder|aktiv/i

/** Columns in which several raters judged the same things; they are no answers of customers. */
export function ratersAmong(columns: readonly Guessed[]): Guessed[] {
  const called = columns.filter(({ profile }) => RATER.test(profile.name) && isRating({ profile }))
  if (called.length >= 2) return rateAlike(called) ? called : []
  // Raters are as often A, B, C, beside nothing but the number of what they rated.
  const letters = columns.filter(({ profile }) => /^[A-Z]$/.test(profile.name) && isRating({ profile }))
  const others = columns.filter((column) => !letters.includes(column))
  const [thing] = others
  const inOrder = letters.every(({ profile }, i) => profile.name.charCodeAt(0) === 65 + i)
  const isThing = thing !== undefined && thing.profile.distinct >= 0.95 * thing.profile.present
  return letters.length >= 2 && inOrder && others.length === 1 && isThing && rateAlike(letters) ? letters : []
}

const RATER =
  /rater|coder|judge|annotat|assessor|label+er|human|machine|kodare|kodier|koder|bedömare|bedømmer|granskare|beurteiler|codeur|människa|menneske|^maskin|^(ai|ki|llm|gpt)([\s_-]|$)|^facit$/i

const isRating = ({ profile }: Pick<Guessed, 'profile'>) => profile.distinct >= 2 && profile.distinct <= 30

// What each of them says, mostly another says as well.
function rateAlike(raters: readonly Guessed[]): boolean {
  const wordsOf = ({ profile }: Guessed) => profile.values.map(({ value }) => value.trim())
  return raters.every((rater) => {
    const known = new Set(raters.filter((other) => other !== rater).flatMap(wordsOf))
    return wordsOf(rater).filter((word) => known.has(word)).length >= rater.profile.distinct / 2
  })
}
