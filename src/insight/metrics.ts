// For: what each metric sums in the column store, and in which unit it is told.
// In: a program and the id of a metric: its own, or one that every program has.
// Out: a plan of at most four sums, all linear in sign, from which every statistic is computed.
import { Refusal } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { LanguageCode, Program, ProgramMetric, ProgramQuestion } from '../program/schema.ts'
import { scaleOf } from '../program/scope.ts'
import type { FactKind } from '../storage/outbox.ts'
import { humanized, textIn } from './fields.ts'
import { loopMetrics } from './loopMetrics.ts'
import { identifier, type Parameters } from './parameters.ts'
import type { MetricInfo, MetricPlan, PlanAt, Sum } from './plan.ts'
import { answerColumn } from './programColumns.ts'
import { type BuiltInMetric, wordsIn } from './words.ts'

const count: Sum = { of: 'sign' }
const countIf = (where: string): Sum => ({ of: 'sign', where })
const completed = `state = 'completed'`

const counted = (fact: FactKind, where: string): PlanAt => {
  const plan = { kind: 'count', unit: 'count', fact, where: [where], n: count, time: 'at' } as const
  return () => ({ ...plan, where: [where] })
}

/** A share of sent invitations. */
const ofSent = (top: string): PlanAt => {
  const share = { kind: 'share', unit: 'percent', fact: 'decision', n: count, time: 'sent_at' } as const
  return () => ({ ...share, where: ['isNotNull(sent_at)'], top: countIf(top) })
}

/** Answers given elsewhere come whole, so they tell nothing about a survey that is left half-way. */
const invitedIn = `way_in != 'import'`
/** A share of the answers that were begun, finished or not. */
const ofStarted = (top: Sum): PlanAt => {
  const share = { kind: 'share', unit: 'percent', fact: 'response', n: count, time: 'at' } as const
  return () => ({ ...share, where: [invitedIn], top })
}

const builtIn: Record<BuiltInMetric, PlanAt> = {
  responses: counted('response', completed),
  comments: (now) => ({ ...counted('response', completed)(now), where: [completed, 'has_comment'] }),
  invited: counted('decision', `outcome = 'invited'`),
  withheld: counted('decision', `outcome = 'withheld'`),
  answered: ofSent('answered'),
  begun: ofSent('begun'),
  started: counted('response', invitedIn),
  completion: ofStarted(countIf(completed)),
  // Who answered a question and went on is counted with the question after which they left.
  dropOff: ofStarted({
    ...countIf(`state = 'partial'`),
    inGroupsBy: { field: 'question', where: (key) => `last_question = ${key}` },
  }),
  cases: counted('case', '1'),
  ...loopMetrics,
}
const isBuiltIn = (id: string): id is BuiltInMetric => Object.hasOwn(builtIn, id)

/** The metrics that every program has without declaring them. */
const builtInMetrics = Object.keys(builtIn) as BuiltInMetric[]

const units = { nps: 'points', csat: 'percent', ces: 'mean', mean: 'mean', share: 'percent' } as const

function info(id: string, metric: ProgramMetric, language: LanguageCode): MetricInfo {
  const kind = metric.kind as keyof typeof units
  const label =
    textIn(metric.label, language) ?? (/^(nps|csat|ces|enps)$/.test(id) ? id.toUpperCase() : humanized(id))
  return {
    id,
    kind,
    label,
    unit: units[kind],
    ...(metric.target === undefined ? {} : { target: metric.target }),
  }
}

/** Plans a metric.
 * @param now the time of asking
 * @throws Refusal ask.invalid naming the nearest when there is none of this id
 */
export function planMetric(
  program: Program,
  id: string,
  parameters: Parameters,
  now: Date,
  language: LanguageCode = 'en',
): MetricPlan {
  const metric = Object.hasOwn(program.metrics, id) ? program.metrics[id] : undefined
  if (metric) return planOwn(program, info(id, metric, language), metric, parameters)
  if (isBuiltIn(id)) {
    const plan = builtIn[id](() => parameters.time(now))
    return { ...plan, id, label: wordsIn(language).metrics[id] }
  }
  const known = [...Object.keys(program.metrics), ...builtInMetrics]
  const detail = `There is no metric "${id}"${suggestion(id, known)}.`
  throw new Refusal('ask.invalid', detail, [{ where: '/metric', message: detail }])
}

interface Asked {
  survey: string
  question: ProgramQuestion
  column: string
}

function questionsOf(program: Program, metric: ProgramMetric): Asked[] {
  return metric.questions.map((path) => {
    const [survey = '', id = ''] = path.split('.')
    const question = program.surveys[survey]?.questions.find((each) => each.id === id)
    if (!question) throw new Refusal('ask.invalid', `The metric's question ${path} is not in the program.`)
    return { survey, question, column: identifier(answerColumn(survey, id)) }
  })
}

function planOwn(
  program: Program,
  info: MetricInfo,
  metric: ProgramMetric,
  parameters: Parameters,
): MetricPlan {
  const asked = questionsOf(program, metric)
  const plan: MetricPlan = { ...info, fact: 'response', where: [], n: count, time: 'at' }
  const onceEach = new Set(asked.map(({ survey }) => survey)).size === asked.length
  if (metric.kind === 'share') return planShare(plan, asked, metric.counts ?? [], onceEach, parameters)
  const columns = asked.map(({ column }) => column)
  let value = columns.length === 1 ? columns[0]! : `coalesce(${columns.join(', ')})`
  if (!onceEach) {
    plan.unfold = `arrayFilter(x -> isNotNull(x), [${columns.join(', ')}])`
    value = 'v'
  }
  plan.where.push(`isNotNull(${value})`)
  const scale = scaleOf(asked[0]!.question) ?? { from: 0, to: 10 }
  plan.scale = [scale.from, scale.to]
  const sums = { sum: { of: `sign * ${value}` }, squares: { of: `sign * ${value} * ${value}` } }
  if (info.kind === 'nps') return { ...plan, ...atLeastAtMost(value, 9, 6) }
  if (info.kind === 'csat') return { ...plan, ...sums, ...atLeastAtMost(value, scale.to - 1, scale.from + 1) }
  if (info.kind === 'ces') return { ...plan, ...sums, ...atLeastAtMost(value, scale.to - 2, scale.from + 2) }
  return { ...plan, ...sums }
}

const atLeastAtMost = (value: string, top: number, low: number) => ({
  top: countIf(`${value} >= ${top}`),
  low: countIf(`${value} <= ${low}`),
})

/** A share counts a response once for each of the metric's questions it answered. */
function planShare(
  plan: MetricPlan,
  asked: readonly Asked[],
  counts: readonly (string | number | boolean)[],
  onceEach: boolean,
  parameters: Parameters,
): MetricPlan {
  const texts = counts.filter((each) => typeof each === 'string')
  const numbers = counts.filter((each) => typeof each === 'number')
  const each = asked.map(({ question, column }) => {
    if (question.kind === 'multiChoice') {
      return {
        has: `notEmpty(${column})`,
        success: `hasAny(${column}, ${parameters.add('Array(String)', texts)})`,
      }
    }
    const has = `isNotNull(${column})`
    const value = `assumeNotNull(${column})`
    if (question.kind === 'choice')
      return { has, success: `has(${parameters.add('Array(String)', texts)}, ${value})` }
    if (question.kind === 'contactMe')
      return { has, success: `${value} = ${counts.includes(true) || counts.length === 0}` }
    return { has, success: `has(${parameters.add('Array(Float64)', numbers)}, ${value})` }
  })
  const [first] = each
  if (each.length === 1 && first) {
    return { ...plan, where: [...plan.where, first.has], top: countIf(first.success) }
  }
  if (onceEach) {
    const has = each.map((one) => one.has).join(' or ')
    const success = each.map((one) => `(${one.has} and ${one.success})`).join(' or ')
    return { ...plan, where: [...plan.where, `(${has})`], top: countIf(success) }
  }
  const values = each.map((one) => `if(${one.has}, toUInt8(${one.success}), null)`).join(', ')
  return {
    ...plan,
    unfold: `arrayFilter(x -> isNotNull(x), [${values}])`,
    where: [...plan.where, 'isNotNull(v)'],
    top: countIf('v = 1'),
  }
}
