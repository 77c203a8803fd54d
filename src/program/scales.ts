import { scaleOf } from './question.ts'
import type { Program } from './schema.ts'

/** Warns of questions that keep their name and change their scale: answers stay as they were given, so that whatever is
 * made of answers from before and after mixes the scales. A sentence for each.
 */
export function scaleChanges(before: Program, after: Program): string[] {
  const scales = scalesOf(before)
  return [...scalesOf(after)].flatMap(([question, scale]) => {
    const was = scales.get(question)
    if (was === undefined || was === scale) return []
    const metrics = Object.entries(after.metrics).flatMap(([id, { questions }]) =>
      questions.includes(question) ? [id] : [],
    )
    const mixed = metrics.length > 0 ? ` ${metrics.join(', ')}` : ' what is made of them'
    return [
      `${question}: the scale was ${was} and is ${scale}. Answers given before keep theirs, and${mixed} over both mixes the two; a question with a new id keeps them apart.`,
    ]
  })
}

const scalesOf = (program: Program): Map<string, string> =>
  new Map(
    Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
      questions.flatMap((question): Array<[string, string]> => {
        const scale = scaleOf(question)
        return scale ? [[`${survey}.${question.id}`, `${scale.from}-${scale.to}`]] : []
      }),
    ),
  )
