import { scaleOf } from './question.ts'
import type { Program } from './schema.ts'

/** The answer that stands for a whole response in lists. */
export interface Score {
  question: string
  kind: string
  value: number
}

/** The answer to the first question of the survey that is answered with a number; null when there is none. */
export function scoreOf(program: Program, survey: string, answers: Record<string, unknown>): Score | null {
  for (const question of program.surveys[survey]?.questions ?? []) {
    const value = answers[question.id]
    if (scaleOf(question) && typeof value === 'number')
      return { question: question.id, kind: question.kind, value }
  }
  return null
}
