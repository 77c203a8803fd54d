import { scaleOf } from './question.ts'
import type { Program, ProgramQuestion } from './schema.ts'

/** The answer that stands for a whole response in lists. */
export interface Score {
  question: string
  kind: ProgramQuestion['kind']
  value: number
}

/** The question that is a survey's score: its first one answered with a number. */
export function scoreQuestion(program: Program, survey: string): ProgramQuestion | undefined {
  return program.surveys[survey]?.questions.find((question) => scaleOf(question) !== undefined)
}

/** The answer to that question; null when there is none. */
export function scoreOf(program: Program, survey: string, answers: Record<string, unknown>): Score | null {
  const question = scoreQuestion(program, survey)
  const value = question && answers[question.id]
  return question && typeof value === 'number' ? { question: question.id, kind: question.kind, value } : null
}
