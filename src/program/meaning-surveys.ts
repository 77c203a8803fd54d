// For: the rules of what is asked: surveys, their questions, when each is shown and what answers it unasked.
import { isDuration, meanDays } from '../base/clock.ts'
import { suggestion } from '../base/nearest.ts'
import { fieldsOf } from './derive.ts'
import { ExpressionChecker } from './expressions.ts'
import { repeated } from './meaning-data.ts'
import { scaleOf } from './question.ts'
import type { Program, ProgramField, ProgramQuestion, ProgramSurvey } from './schema.ts'
import { answerField, answersScope, contactNameOf } from './scope.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkSurvey(
  program: Program,
  id: string,
  survey: ProgramSurvey,
  context: ExpressionChecker,
  report: Report,
  warn: Report,
): void {
  const path: Path = ['surveys', id]
  const touchpoints = Object.keys(program.touchpoints)
  if (!touchpoints.includes(survey.touchpoint))
    report(
      [...path, 'touchpoint'],
      `there is no touchpoint "${survey.touchpoint}"${suggestion(survey.touchpoint, touchpoints)}`,
    )
  if (survey.expires !== undefined && isDuration(survey.expires) && meanDays(survey.expires) === 0)
    report([...path, 'expires'], 'no time is left to answer in')
  repeated(
    survey.questions.map((question) => question.id),
    (index, question) =>
      report([...path, 'questions', index, 'id'], `the question "${question}" stands twice in the survey`),
  )
  for (const [index, question] of survey.questions.entries()) {
    const here = [...path, 'questions', index]
    checkQuestion(program, question, here, report)
    warnUnanswerable(program, id, question, here, warn)
    if (question.show === undefined) continue
    const before = survey.questions.slice(0, index)
    const later = survey.questions.slice(index).map((each) => each.id)
    const checker = new ExpressionChecker(new Map([['answers', answersScope(before)]]), context)
    const problem = checker.problem(question.show, 'boolean')
    if (!problem) continue
    const name = /^answers has no field "(\w+)"/.exec(problem.message)?.[1]
    const early = name !== undefined && later.includes(name)
    const message = early ? `"${name}" is not answered yet when this question is shown` : problem.message
    report([...here, 'show'], message, 'value', problem.offset)
  }
}

function checkQuestion(program: Program, question: ProgramQuestion, path: Path, report: Report): void {
  if (question.kind === 'choice' || question.kind === 'multiChoice')
    repeated(
      question.choices.map((choice) => choice.value),
      (index, value) => report([...path, 'choices', index, 'value'], `the choice "${value}" stands twice`),
    )
  const needsText =
    question.kind === 'rating' || question.kind === 'choice' || question.kind === 'multiChoice'
  if (needsText && question.text === undefined)
    report(path, `"text" is missing; a ${question.kind} question has no usual wording`, 'key')
  if (question.answeredBy) checkAnsweredBy(program, question, path, report)
}

/** The name in a condition -> its fields' scope in the program. */
function fieldScopes(program: Program): Map<string, string> {
  const scopes = new Map<string, string>([
    [contactNameOf(program), 'contact'],
    ['account', 'account'],
  ])
  for (const type of Object.keys(program.transactions ?? {})) scopes.set(type, type)
  return scopes
}

function checkAnsweredBy(program: Program, question: ProgramQuestion, path: Path, report: Report): void {
  const { field: reference, values } = question.answeredBy!
  const here = [...path, 'answeredBy']
  const found = fieldNamed(program, reference)
  if (typeof found === 'string') report([...here, 'field'], found)
  else if (values) checkAnswerValues(question, values, found.values, [...here, 'values'], report)
  else {
    const mismatch = fieldMismatch(question, found)
    if (mismatch) report([...here, 'field'], mismatch)
  }
}

/** A survey that is only sent about visits never has an order to take an answer from. */
function warnUnanswerable(
  program: Program,
  survey: string,
  { answeredBy }: ProgramQuestion,
  path: Path,
  warn: Report,
): void {
  const type = answeredBy?.field.split('.')[0]
  if (type === undefined || !Object.hasOwn(program.transactions ?? {}, type)) return
  const about = Object.values(program.triggers ?? {})
    .filter((trigger) => trigger.survey === survey)
    .map(({ on }) => ('event' in on ? program.events[on.event]?.about : on.date.split('.')[0]))
  if (about.length === 0 || about.includes(type)) return
  const sent = [...new Set(about.map((each) => each ?? 'no transaction'))].join(', ')
  warn(
    [...path, 'answeredBy', 'field'],
    `"${survey}" is sent about ${sent} alone, which has no ${type}: the question is always asked`,
  )
}

/** The declared field that `customer.state` names, or why there is none. */
function fieldNamed(program: Program, reference: string): ProgramField | string {
  const [name = '', fieldName = '', ...more] = reference.split('.')
  const scopes = fieldScopes(program)
  const scope = scopes.get(name)
  if (scope === undefined || fieldName === '' || more.length > 0) {
    const forms = [...scopes.keys()].map((each) => `${each}.<field>`)
    return `expected ${forms.join(' or ')}; found "${reference.slice(0, 60)}"`
  }
  const fields = fieldsOf(program, scope)
  const field = Object.hasOwn(fields, fieldName) ? fields[fieldName] : undefined
  return field ?? `${name} has no field "${fieldName}"${suggestion(fieldName, Object.keys(fields))}`
}

function fieldMismatch(question: ProgramQuestion, field: ProgramField): string | undefined {
  const answer = answerField(question)
  const textual = answer.type === 'text' || answer.type === 'category'
  const fieldTextual = field.type === 'text' || field.type === 'category'
  if (textual ? !fieldTextual : answer.type !== field.type)
    return `a ${question.kind} question cannot be answered by a field of type ${field.type}, unless "values" tells how`
  const strange = field.values?.filter((value) => answer.values && !answer.values.includes(value)) ?? []
  if (strange.length === 0) return undefined
  return `${strange.join(', ')}: no such choice; "values" tells which choice each means`
}

function checkAnswerValues(
  question: ProgramQuestion,
  values: Record<string, string | number>,
  known: readonly string[] | undefined,
  path: Path,
  report: Report,
): void {
  const choices = answerField(question).values
  const scale = scaleOf(question)
  for (const [value, answer] of Object.entries(values)) {
    const here = [...path, value]
    if (known && !known.includes(value))
      report(here, `"${value}" is none of the field's values${suggestion(value, known)}`, 'key')
    if (choices && !choices.includes(String(answer)))
      report(here, `the question has no choice "${answer}"${suggestion(String(answer), choices)}`)
    if (scale && (typeof answer !== 'number' || answer < scale.from || answer > scale.to))
      report(here, `expected an answer from ${scale.from} to ${scale.to}, found ${answer}`)
  }
}
