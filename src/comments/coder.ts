// For: telling what an answer is about.
// In: a comment, its language, the answers. Out: themes of the program, each with by what and the words found.
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed } from '../program/conditions.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import type { Answers } from '../program/survey.ts'
import { wordMatcher } from './words.ts'

/** What is coded: a completed answer. */
export interface Answered {
  comment: string | null
  language: string
  answers: Answers
  context: Context
  response: { survey: string; touchpoint: string; language: string; wayIn: string }
  answeredAt: Date
}

export interface Coded {
  theme: string
  by: 'words' | 'answers'
  /** The words of the comment by which it was found, as they stand there. */
  found: string[]
}

/** However themes are found: by word lists today. Each theme comes at most once, parents only when found themselves. */
export interface ThemeCoder {
  code(checked: CheckedProgram, answered: Answered): Coded[]
}

/** Codes by the program's word lists, and by the conditions over answers. */
export const listCoder: ThemeCoder = {
  code(checked, answered) {
    const { program } = checked
    const coded: Coded[] = []
    const inComment = matcherOf(program).match(answered.comment ?? '', answered.language)
    for (const { id, when } of program.themes ?? []) {
      const found = inComment.get(id)
      if (found) coded.push({ theme: id, by: 'words', found })
      else if (when !== undefined && holds(checked, when, answered))
        coded.push({ theme: id, by: 'answers', found: [] })
    }
    return coded
  },
}

/** These themes with all that they are part of. */
export function withParents(program: Program, themes: Iterable<string>): string[] {
  const parents = new Map((program.themes ?? []).map(({ id, parent }) => [id, parent]))
  const all = new Set<string>()
  for (const theme of themes)
    for (let at: string | undefined = theme; at !== undefined && !all.has(at); at = parents.get(at))
      all.add(at)
  return [...all]
}

/** Whether any theme of the program can be found without somebody reading. */
export const codesThemes = (program: Program): boolean =>
  (program.themes ?? []).some(({ words, when }) => words !== undefined || when !== undefined)

const matchers = new WeakMap<Program, ReturnType<typeof wordMatcher>>()

function matcherOf(program: Program) {
  let matcher = matchers.get(program)
  if (!matcher) {
    matcher = wordMatcher((program.themes ?? []).map(({ id, words }) => ({ id, words: words ?? {} })))
    matchers.set(program, matcher)
  }
  return matcher
}

/** A condition over something missing does not hold. */
function holds(checked: CheckedProgram, cel: string, answered: Answered): boolean {
  const { context, answers, response, comment, answeredAt } = answered
  try {
    return checked.condition(cel)(checked.variables(context, { answers, response, comment, now: answeredAt }))
  } catch (error) {
    if (error instanceof ConditionFailed) return false
    throw error
  }
}
