// For: the rules of customer value that its form cannot tell: what is named exists, is a number, makes sense.
import { isDuration, meanDays } from '../base/clock.ts'
import { suggestion } from '../base/nearest.ts'
import { fieldsOf } from './derive.ts'
import { durationProblem } from './duration.ts'
import { ExpressionChecker } from './expressions.ts'
import { repeated } from './meaning-data.ts'
import type { Program, ProgramField } from './schema.ts'
import type { ValuePayment } from './schema-value.ts'
import { answersScope, contactNameOf, contextScope, type ScopeField, valueScope } from './scope.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkValue(program: Program, report: Report): void {
  const { value } = program
  if (!value) return
  if (program.workspace.currency === undefined)
    report(['value'], 'value is money: "currency" is missing in workspace', 'key')
  for (const [index, payment] of value.payments.entries())
    checkPayment(program, payment, ['value', 'payments', index], report)
  repeated(
    value.payments.map((payment) => payment.transaction),
    (index, type) =>
      report(['value', 'payments', index, 'transaction'], `the transaction "${type}" stands twice`),
  )
  if (value.potential !== undefined)
    checkField(
      fieldsOf(program, value.of),
      value.of,
      value.potential,
      'number',
      ['value', 'potential'],
      report,
    )
  checkLength(value.period, ['value', 'period'], report)
  checkLength(value.churn.after, ['value', 'churn', 'after'], report)
  if (value.churn.within !== undefined) checkLength(value.churn.within, ['value', 'churn', 'within'], report)
  checkSegments(program, report)
  checkFeatures(program, report)
}

function checkPayment(program: Program, payment: ValuePayment, path: Path, report: Report): void {
  const types = Object.keys(program.transactions ?? {})
  const type = payment.transaction
  if (!types.includes(type)) {
    report([...path, 'transaction'], `there is no transaction "${type}"${suggestion(type, types)}`)
    return
  }
  const fields = fieldsOf(program, type)
  for (const key of ['amount', 'refund', 'margin'] as const)
    if (payment[key] !== undefined) checkField(fields, type, payment[key], 'number', [...path, key], report)
  if (payment.at !== undefined) checkField(fields, type, payment.at, 'time', [...path, 'at'], report)
}

function checkField(
  fields: Record<string, ProgramField>,
  owner: string,
  field: string,
  wanted: 'number' | 'time',
  path: Path,
  report: Report,
): void {
  const fitting = Object.keys(fields).filter((each) => fields[each]?.type === wanted)
  if (!Object.hasOwn(fields, field))
    report(path, `${owner} has no field "${field}"${suggestion(field, fitting)}`)
  else if (!fitting.includes(field))
    report(path, `expected a field of type ${wanted}; ${owner}.${field} is of type ${fields[field]?.type}`)
}

/** A period of no length would be divided by. */
function checkLength(duration: string, path: Path, report: Report): void {
  if (!isDuration(duration))
    report(path, `expected an ISO 8601 duration, such as P1Y or P30D; found "${duration.slice(0, 60)}"`)
  else if (meanDays(duration) < 1) report(path, `expected at least a day; found "${duration}"`)
  else {
    const problem = durationProblem(duration)
    if (problem !== undefined) report(path, problem)
  }
}

function checkSegments(program: Program, report: Report): void {
  const segments = program.value?.segments ?? []
  repeated(
    segments.map((segment) => segment.id),
    (index, id) => report(['value', 'segments', index, 'id'], `the segment "${id}" stands twice`),
  )
  // The segment is what is being decided.
  const { segment: _, ...known } = valueScope
  const checker = new ExpressionChecker(new Map([['value', known]]))
  for (const [index, { when }] of segments.entries()) {
    const problem = checker.problem(when, 'boolean')
    if (problem) report(['value', 'segments', index, 'when'], problem.message, 'value', problem.offset)
  }
}

function checkFeatures(program: Program, report: Report): void {
  const known = churnFeatures(program)
  for (const [index, feature] of (program.value?.churn.features ?? []).entries()) {
    const path = ['value', 'churn', 'features', index]
    const field = known.get(feature)
    if (!known.has(feature))
      report(path, `there is no field "${feature}"${suggestion(feature, [...known.keys()])}`)
    else if (field && !['number', 'boolean', 'category'].includes(field.type))
      report(path, `expected a number, category, or true and false; ${feature} is of type ${field.type}`)
  }
}

/** What a feature of churn can be: the score, fields of the context, answers; undefined has no certain type. */
export function churnFeatures(program: Program): Map<string, ScopeField | undefined> {
  const known = new Map<string, ScopeField | undefined>([['score', { type: 'number' }]])
  const contextual = [contactNameOf(program), 'account', ...Object.keys(program.transactions ?? {})]
  for (const [scope, fields] of contextScope(program))
    if (contextual.includes(scope))
      for (const [name, field] of Object.entries(fields)) known.set(`${scope}.${name}`, field)
  const questions = Object.values(program.surveys).flatMap((survey) => survey.questions)
  for (const [name, field] of Object.entries(answersScope(questions))) known.set(`answers.${name}`, field)
  return known
}
