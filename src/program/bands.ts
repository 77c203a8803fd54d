import { scaleOf } from './question.ts'
import type { Program, ProgramQuestion } from './schema.ts'
import { scoreQuestion } from './score.ts'

export type Band = 'promoter' | 'passive' | 'detractor'

/** Lowest and highest score of a band. NPS: 9-10, 7-8, 0-6. Else the two highest, the two below them (one on five
 * points, where the middle is neither), and the rest.
 */
export function bandLimits(question: ProgramQuestion, band: Band): [low: number, high: number] {
  const { from, to } = scaleOf(question) ?? { from: 0, to: 0 }
  const promoter = to - 1
  const passive = question.kind === 'nps' || to - from >= 6 ? promoter - 2 : promoter - 1
  if (band === 'promoter') return [promoter, to]
  if (band === 'passive') return [passive, promoter - 1]
  return [from, passive - 1]
}

/** SQL that is true for responses whose score is in a band.
 * @param row their alias
 * @param parameter takes a value into the statement and gives its name there
 */
export function bandSql(
  program: Program,
  band: Band,
  row: string,
  parameter: (value: unknown) => string,
): string {
  const each = Object.keys(program.surveys).flatMap((survey) => {
    const question = scoreQuestion(program, survey)
    if (!question) return []
    const [low, high] = bandLimits(question, band)
    const answer = `${row}.answers->${parameter(question.id)}`
    // A case, because a value that is no number must not reach the cast.
    return [
      `(${row}.survey = ${parameter(survey)} and case when jsonb_typeof(${answer}) = 'number'
        then (${answer})::numeric between ${low} and ${high} else false end)`,
    ]
  })
  return each.length > 0 ? `(${each.join(' or ')})` : 'false'
}
