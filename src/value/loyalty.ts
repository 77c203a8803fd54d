import { bandLimits } from '../program/bands.ts'
import { scaleOf } from '../program/question.ts'
import type { Program, ProgramQuestion } from '../program/schema.ts'
import type { LoyaltyBand } from '../program/schema-value.ts'
import { scoreQuestion } from '../program/score.ts'

/** The band of a score: NPS 0-3, 0-6, 7-8, 9-10; other scales likewise, where strong detractors are the lowest
 * four elevenths of the scale (1 of 5, 1 and 2 of 7).
 */
export function bandOf(question: ProgramQuestion, score: number): LoyaltyBand {
  const [promoter] = bandLimits(question, 'promoter')
  const [passive] = bandLimits(question, 'passive')
  if (score >= promoter) return 'promoter'
  if (score >= passive) return 'passive'
  const { from, to } = scaleOf(question) ?? { from: 0, to: 10 }
  return (score - from + 1) / (to - from + 1) <= 4 / 11 ? 'strongDetractor' : 'detractor'
}

/** What an answer says of loyalty: its band, and the score stretched to 0..10 so that scales can be mixed. */
export interface ScoredAnswer {
  band: LoyaltyBand
  score: number
}

/** Reads the score of an answer; undefined when its survey asks for none or it was skipped.
 * @param survey left out: the first survey whose score these answers hold
 */
export function scoredAnswer(
  program: Program,
  answers: Record<string, unknown>,
  survey?: string,
): ScoredAnswer | undefined {
  for (const each of survey === undefined ? Object.keys(program.surveys) : [survey]) {
    const question = scoreQuestion(program, each)
    const score = question && answers[question.id]
    if (!question || typeof score !== 'number') continue
    const { from, to } = scaleOf(question) ?? { from: 0, to: 10 }
    return { band: bandOf(question, score), score: (10 * (score - from)) / (to - from) }
  }
  return undefined
}

/** SQL that is true for responses with a score.
 * @param row its alias
 * @param values the statement's parameters; those it needs are added
 */
export function hasScore(program: Program, row: string, values: unknown[]): string {
  const each = Object.keys(program.surveys).flatMap((survey) => {
    const question = scoreQuestion(program, survey)
    if (!question) return []
    values.push(survey, question.id)
    const [at, id] = [values.length - 1, values.length]
    return [`(${row}.survey = $${at}::text and jsonb_typeof(${row}.answers->$${id}::text) = 'number')`]
  })
  return each.length > 0 ? `(${each.join(' or ')})` : 'false'
}
