import type { ProgramQuestion } from '../program/schema.ts'
import { type Answers, type Showing, shownQuestions } from '../program/survey.ts'

/** The questions shown, parted into pages: a question whose condition looks at the answer to another one never stands
 * on the same page as that one, so that it can be asked without a script.
 * @returns at least one page, unless nothing is asked
 */
export function surveyPages(showing: Showing, answers: Answers): ProgramQuestion[][] {
  const pages: ProgramQuestion[][] = []
  let page: ProgramQuestion[] = []
  // Broken at the question that looks back whether it is shown or not, so that pages do not shift under the reader.
  const shown = new Set(shownQuestions(showing, answers).map((question) => question.id))
  let ids = new Set<string>()
  for (const question of showing.survey.questions) {
    if (question.show !== undefined && looksAt(question.show, ids)) {
      if (page.length > 0) pages.push(page)
      page = []
      ids = new Set()
    }
    ids.add(question.id)
    if (shown.has(question.id)) page.push(question)
  }
  if (page.length > 0) pages.push(page)
  return pages
}

/** Whether a condition names one of these answers; when it cannot be told which, it does. */
function looksAt(cel: string, ids: ReadonlySet<string>): boolean {
  if (ids.size === 0) return false
  const uses = [...cel.matchAll(/\banswers\b(?:\s*\.\s*([A-Za-z]\w*)|\s*\[\s*["']([^"']+)["']\s*\])?/g)]
  return uses.some((use) => {
    const id = use[1] ?? use[2]
    return id === undefined || ids.has(id)
  })
}
