// For: what one can ask about. In: the program. Out: metrics and fields with readable names, in groups.
import { loopWords } from '../../../../src/insight/loopWords.ts'
import type { AskResult, Program, ProgramMetric, Scalar } from '../api/wire.ts'
import { type Formats, readable, worded } from '../words/format.ts'
import type { Words } from '../words/shape.ts'
import type { Language } from '../words/words.ts'

export interface Choice {
  value: string
  label: string
}
export interface ChoiceGroup {
  group: string
  items: Choice[]
}

const counts = [
  'responses',
  'comments',
  'invited',
  'answered',
  'withheld',
  'begun',
  'started',
  'completion',
  'dropOff',
  'cases',
] as const

export const metricName = (metric: ProgramMetric, formats: Formats) =>
  formats.text(metric.label, metric.id.length <= 4 ? metric.id.toUpperCase() : readable(metric.id))

export function metricChoices(
  program: Program,
  { words, language }: { words: Words; language: Language },
  formats: Formats,
): ChoiceGroup[] {
  return [
    {
      group: words.explore.group.metrics,
      items: program.metrics.map((metric) => ({ value: metric.id, label: metricName(metric, formats) })),
    },
    {
      group: words.explore.group.counts,
      items: counts.map((id) => ({ value: id, label: words.explore.builtIn[id] })),
    },
    {
      group: words.explore.group.loop,
      // In full, as answers name them; the short names need a page around them.
      items: loopMetrics.map((id) => ({ value: id, label: loopWords[language].metrics[id] })),
    },
  ]
}

/** A value of a declared field for people: by the label that the program gives it, else as it is. */
export function valueName(
  field: Program['fields'][number] | undefined,
  value: Scalar | undefined,
  formats: Formats,
): string {
  const label = field?.labels && Object.hasOwn(field.labels, String(value)) ? field.labels[String(value)] : ''
  return label ? formats.text(label, String(value)) : formats.value(value, field?.unit)
}

/** A field's name for people; of one that no program declares, the id made readable. */
export function fieldName(id: string, program: Program, words: Words, formats: Formats): string {
  const [name = id, frozen] = id.split('@')
  const declared = program.fields.find((field) => field.id === name)
  const own = words.explore.field[name]
  const label =
    own ??
    (name.startsWith('unit.')
      ? `${words.explore.field.unit}: ${readable(name.slice(5))}`
      : formats.text(declared?.label, wishName(name, program, words, formats) ?? readable(name)))
  return frozen ? words.explore.frozen(label) : label
}

/** The wish to be contacted is the only question without a text of its own; each survey may have one. */
function wishName(name: string, program: Program, words: Words, formats: Formats): string | undefined {
  const [, surveyId, questionId] = /^answers\.([^.]+)\.([^.]+)$/.exec(name) ?? []
  const survey = program.surveys.find((each) => each.id === surveyId)
  const question = survey?.questions.find((each) => each.id === questionId)
  return survey && question?.kind === 'contactMe'
    ? `${words.explore.contactMe} · ${formats.text(survey.name, survey.id)}`
    : undefined
}

/** A field's name within a sentence: by region, by outcome, by NPS of the year before. */
export function splitName(id: string, program: Program, words: Words, formats: Formats): string {
  const name = id.startsWith('unit.') ? readable(id.slice(5)) : fieldName(id, program, words, formats)
  // An abbreviation stays as it is.
  return /^\p{Lu}(?!\p{Lu})/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}

const ownFields = ['employee', 'survey', 'touchpoint', 'wayIn', 'language', 'version']
const decisionFields = ['decision.reason', 'decision.trigger', 'decision.outcome']
/** Numbers of closing the loop that are of answers: whether something was done about them, and what came of it. */
export const answerMetrics = [
  'handled',
  'praiseSent',
  'promotersActivated',
  'referencesAccepted',
  'reviewsFollowed',
  'upsellsWon',
  'referralLeads',
] as const
/** Numbers of closing the loop: of cases, then of answers. */
export const loopMetrics = [
  'contactedInTime',
  'contacted',
  'missed',
  'hoursToContact',
  'attemptsToContact',
  'solved',
  'followedUpSolved',
  'causeKnown',
  'learned',
  'quoted',
  'churnReduced',
  'escalated',
  'forwarded',
  'reopened',
  'contactedByPhone',
  'contactedByMail',
  'contactedByMeeting',
  'contactedByMessage',
  ...answerMetrics,
] as const
export type LoopMetricId = (typeof loopMetrics)[number]

/** What cases can be split by, those asked for most first. */
export const caseFields = [
  'case.owner',
  'case.dueOwner',
  'case.channel',
  'case.valueSegment',
  'case.band',
  'case.reason',
  'case.rule',
  'case.cause',
  'case.action',
  'case.recommended',
  'case.state',
  'case.outcome',
  'theme',
]
const ofAnswers = new Set<string>(answerMetrics)
export const caseMetrics = new Set<string>(['cases', ...loopMetrics.filter((id) => !ofAnswers.has(id))])
const decisionMetrics = new Set(['invited', 'answered', 'withheld', 'begun'])
/** Numbers of answers that may be unfinished, which are split by how far people came. */
const startedMetrics = new Set(['started', 'completion', 'dropOff'])

/** Fields fit to split by: not free text, not times; those of decisions and cases only for their own counts. */
export function fieldChoices(
  program: Program,
  metric: string,
  words: Words,
  formats: Formats,
): ChoiceGroup[] {
  const choice = (id: string): Choice => ({ value: id, label: fieldName(id, program, words, formats) })
  const splits = program.fields.filter((field) => field.type !== 'time' && field.type !== 'number')
  const data = splits.filter(
    (field) => field.id.includes('.') && !/^(answers|unit|decision|case)\./.test(field.id),
  )
  const answers = splits.filter((field) => field.id.startsWith('answers.'))
  const units = program.fields.filter((field) => field.id === 'unit' || field.id.startsWith('unit.'))
  const levels = [...new Set((program.units ?? []).map((unit) => `unit.${unit.level}`))]
  const unitIds = [...new Set(['unit', ...units.map((field) => field.id), ...levels])]
  const about = [
    ...(startedMetrics.has(metric) ? ['question', 'lastQuestion'] : []),
    ...unitIds,
    ...ownFields,
    ...(decisionMetrics.has(metric) ? decisionFields : []),
    ...(caseMetrics.has(metric) ? caseFields : []),
  ]
  const frozen = data.map((field) => choice(`${field.id}@frozen`))
  return [
    { group: words.explore.group.now, items: data.map((field) => choice(field.id)) },
    { group: words.explore.group.about, items: about.map(choice) },
    { group: words.explore.group.answers, items: answers.map((field) => choice(field.id)) },
    { group: words.explore.group.frozen, items: frozen },
  ].filter((group) => group.items.length > 0)
}

/** The unit level that splits the whole best: below the top one where there are several. */
export function levelField(program: Program): string | undefined {
  const level = program.units.find((unit) => unit.parent)?.level ?? program.units[0]?.level
  return level ? `unit.${level}` : undefined
}

/** The field whose split says most at a glance: a category of the transaction, where all answers are about one kind of
 * it; else a unit level, which every answer has; else a category of the contact.
 */
export function tellingField(program: Program): string | undefined {
  const categories = program.fields.filter(
    (field) => (field.type === 'category' || field.type === 'boolean') && !field.id.startsWith('answers.'),
  )
  const people = `${program.contactName}.`
  const ofMatter = categories.filter(
    (field) => !field.id.startsWith(people) && !/^(account|unit|decision|case)\b/.test(field.id),
  )
  const kinds = new Set(ofMatter.map((field) => field.id.split('.')[0]))
  if (kinds.size === 1) return ofMatter[0]?.id
  return levelField(program) ?? ofMatter[0]?.id ?? categories[0]?.id
}

/** In the language of the page, which its root names. */
function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(document.documentElement.lang, { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/** Values of the fields asked by, in words: the answer brings those it knows; codes of ours are in the catalogue. */
export function valueNames(result: AskResult | undefined, words: Words) {
  return (field: string, value: string | null): string => {
    if (value === null || value === '') return words.explore.missing
    const known = result?.fields.find((each) => each.id === field)
    const label = known?.labels[value]
    if (label) return label
    if (field === 'language') return languageName(value)
    if (field === 'decision.reason') return words.withheldReason[value] ?? readable(value)
    if (field === 'handling.reason') return words.decisionReason[value] ?? readable(value)
    if (field === 'case.outcome') return words.cases.outcomes[value] ?? value
    if (known?.type === 'boolean')
      return value === 'true' || value === '1' ? words.common.yes : words.common.no
    return worded(value)
  }
}
