import type { CheckedProgram } from './checked.ts'
import { ConditionFailed } from './conditions.ts'
import type { Context } from './context.ts'
import type { ProgramQuestion, ProgramSurvey } from './schema.ts'

export type Answer = string | number | boolean | string[]
export type Answers = Record<string, Answer>

/** An answer that O-data already gave, so that the question is not asked. */
export interface KnownAnswer {
  value: Answer
  /** customer.x, account.x or <transaction>.x */
  field: string
  /** When the field was set: ISO 8601. */
  since: string
}
export type KnownAnswers = Record<string, KnownAnswer>

/** For whom and when a survey is shown. */
export interface Showing {
  checked: CheckedProgram
  survey: ProgramSurvey
  context: Context
  known: KnownAnswers
  now: Date
}

/** The questions this person is asked, given the answers so far, in order. Left out are those that O-data answered
 * and those whose condition does not hold; a condition over a question not answered yet does not hold.
 */
export function shownQuestions(showing: Showing, answers: Answers): ProgramQuestion[] {
  const { survey, known } = showing
  const sofar: Answers = Object.create(null)
  for (const question of survey.questions) {
    const value = Object.hasOwn(known, question.id) ? known[question.id]?.value : undefined
    if (value !== undefined) sofar[question.id] = value
  }
  const shown: ProgramQuestion[] = []
  for (const question of survey.questions) {
    if (Object.hasOwn(known, question.id)) continue
    if (question.show !== undefined && !holds(showing, question.show, sofar)) continue
    shown.push(question)
    // An answer left from a question that is no longer shown must not keep others on the page.
    const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined
    if (answer !== undefined) sofar[question.id] = answer
  }
  return shown
}

function holds({ checked, context, now }: Showing, cel: string, answers: Answers): boolean {
  try {
    return checked.condition(cel)(checked.variables(context, { answers: { ...answers }, now }))
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}
