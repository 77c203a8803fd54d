// For: the rules of what a program listens for and what follows: touchpoints, metrics, triggers.
import { suggestion } from '../base/nearest.ts'
import { fieldsOf } from './derive.ts'
import { ExpressionChecker } from './expressions.ts'
import { repeated } from './meaning-data.ts'
import { checkImprove } from './meaning-improve.ts'
import { checkNotify } from './meaning-notify.ts'
import { checkRecovery } from './meaning-recovery.ts'
import { checkSurvey } from './meaning-surveys.ts'
import { scaleOf } from './question.ts'
import type { Program, ProgramMetric, ProgramQuestion, ProgramTrigger } from './schema.ts'
import { loopMetricNames } from './schema-recovery.ts'
import { answerField, contextScope, eventScope } from './scope.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

/** @param warn is told what is no fault and will hardly be meant */
export function checkListening(program: Program, report: Report, warn: Report): void {
  const context = new ExpressionChecker(contextScope(program))
  checkJourney(program, report)
  for (const [id, survey] of Object.entries(program.surveys))
    checkSurvey(program, id, survey, context, report, warn)
  for (const [id, metric] of Object.entries(program.metrics)) checkMetric(program, id, metric, report)
  for (const [id, trigger] of Object.entries(program.triggers ?? {}))
    checkTrigger(program, id, trigger, context, report)
  checkRecovery(program, context, report)
  checkNotify(program, context, report)
  checkImprove(program, context, report)
}

function checkJourney(program: Program, report: Report): void {
  const steps = (program.journey ?? []).map((step) => step.id)
  repeated(steps, (index, id) => report(['journey', index, 'id'], `the step "${id}" stands twice`))
  for (const [id, { step }] of Object.entries(program.touchpoints))
    if (step !== undefined && !steps.includes(step))
      report(
        ['touchpoints', id, 'step'],
        `there is no step "${step}" in the journey${suggestion(step, steps)}`,
      )
}

const metricQuestions: Record<ProgramMetric['kind'], readonly ProgramQuestion['kind'][]> = {
  nps: ['nps'],
  csat: ['csat'],
  ces: ['ces'],
  mean: ['nps', 'csat', 'ces', 'rating'],
  share: ['nps', 'csat', 'ces', 'rating', 'choice', 'multiChoice', 'contactMe'],
}

/** Names of metrics that are there without being declared. */
export const builtInMetrics = [
  ...(['responses', 'comments', 'invited', 'answered', 'withheld', 'cases'] as const),
  ...loopMetricNames,
] as const

function checkMetric(program: Program, id: string, metric: ProgramMetric, report: Report): void {
  const path: Path = ['metrics', id]
  if (builtInMetrics.some((name) => name === id))
    report(path, `"${id}" is there already; choose another name`, 'key')
  const scales = new Set<string>()
  for (const [index, reference] of metric.questions.entries()) {
    const here = [...path, 'questions', index]
    const question = findQuestion(program, reference, here, report)
    if (!question) continue
    const kinds = metricQuestions[metric.kind]
    if (!kinds.includes(question.kind))
      report(
        here,
        `${metric.kind} is made of ${kinds.join(', ')}; "${reference}" is a ${question.kind} question`,
      )
    const scale = scaleOf(question)
    if (scale) scales.add(`${scale.from}-${scale.to}`)
    if (metric.kind === 'share') checkCounts(metric, question, path, report)
  }
  if (metric.kind === 'mean' && scales.size > 1)
    report([...path, 'questions'], `scales must not be mixed in one mean: ${[...scales].join(', ')}`, 'key')
  if (metric.kind === 'share' && !metric.counts)
    report(path, '"counts" is missing: the answers that count as yes', 'key')
  if (metric.kind !== 'share' && metric.counts)
    report([...path, 'counts'], `only a share has counts; this is of kind ${metric.kind}`, 'key')
}

function checkCounts(metric: ProgramMetric, question: ProgramQuestion, path: Path, report: Report): void {
  const { type, values } = answerField(question)
  const expected = type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string'
  for (const [index, counted] of (metric.counts ?? []).entries()) {
    const known = values === undefined || values.includes(String(counted))
    if (typeof counted !== expected || !known)
      report(
        [...path, 'counts', index],
        `"${counted}" is no answer to ${question.id}${values ? suggestion(String(counted), values) : ''}`,
      )
  }
}

function findQuestion(program: Program, reference: string, path: Path, report: Report) {
  const [surveyId = '', questionId = '', ...more] = reference.split('.')
  if (questionId === '' || more.length > 0) {
    report(path, `expected <survey>.<question>; found "${reference.slice(0, 60)}"`)
    return undefined
  }
  const surveys = Object.keys(program.surveys)
  if (!surveys.includes(surveyId)) {
    report(path, `there is no survey "${surveyId}"${suggestion(surveyId, surveys)}`)
    return undefined
  }
  const { questions } = program.surveys[surveyId]!
  const question = questions.find((each) => each.id === questionId)
  const ids = questions.map((each) => each.id)
  if (!question) report(path, `${surveyId} has no question "${questionId}"${suggestion(questionId, ids)}`)
  return question
}

function checkTrigger(
  program: Program,
  id: string,
  trigger: ProgramTrigger,
  context: ExpressionChecker,
  report: Report,
): void {
  const path: Path = ['triggers', id]
  const surveys = Object.keys(program.surveys)
  if (!surveys.includes(trigger.survey))
    report(
      [...path, 'survey'],
      `there is no survey "${trigger.survey}"${suggestion(trigger.survey, surveys)}`,
    )
  // `unless` is judged when the invitation falls due, long after the event.
  let forWhen = context
  if ('event' in trigger.on) {
    const types = Object.keys(program.events)
    if (!types.includes(trigger.on.event))
      report(
        [...path, 'on', 'event'],
        `there is no event "${trigger.on.event}"${suggestion(trigger.on.event, types)}`,
      )
    forWhen = new ExpressionChecker(new Map([['event', eventScope(program, trigger.on.event)]]), context)
  } else checkDate(program, trigger.on.date, [...path, 'on', 'date'], report)
  for (const key of ['when', 'unless'] as const) {
    const cel = trigger[key]
    if (cel === undefined) continue
    const problem = (key === 'when' ? forWhen : context).problem(cel, 'boolean')
    if (problem) report([...path, key], problem.message, 'value', problem.offset)
  }
}

function checkDate(program: Program, reference: string, path: Path, report: Report): void {
  const [type = '', name = '', ...more] = reference.split('.')
  const transactions = Object.keys(program.transactions ?? {})
  const fields = fieldsOf(program, type)
  const times = Object.keys(fields).filter((each) => fields[each]?.type === 'time')
  if (name === '' || more.length > 0)
    report(path, `expected <transaction>.<time field>; found "${reference.slice(0, 60)}"`)
  else if (!transactions.includes(type))
    report(path, `there is no transaction "${type}"${suggestion(type, transactions)}`)
  else if (!Object.hasOwn(fields, name))
    report(path, `${type} has no field "${name}"${suggestion(name, times)}`)
  else if (!times.includes(name))
    report(path, `expected a field of type time; ${reference} is of type ${fields[name]?.type}`)
}
