// For: what somebody sees who follows a survey link, and what their form does.
// In: the link, the form. Out: a page, a redirect to the next one, or JSON for the page's script.

import type { Clock } from '../base/clock.ts'
import type { Fault } from '../base/errors.ts'
import { namingFrom, personal } from '../channels/wording.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage, questionText, textIn } from '../program/question.ts'
import type { LanguageCode, ProgramQuestion } from '../program/schema.ts'
import { type Answers, type Showing, shownQuestions } from '../program/survey.ts'
import { judgeAnswer, mergeAnswers, noSuchQuestion, notAsked } from './answers.ts'
import { answersOfForm, askedIn, numberIn } from './form.ts'
import { type Invited, isOpen, ownAnswers, showingOf } from './invited.ts'
import type { Lookup } from './lookup.ts'
import { type QuestionPage, renderMessage, renderQuestion, renderQuestions } from './page.ts'
import type { AnswerInput, AnswerReceipt } from './record.ts'
import { surveyPages } from './survey.ts'
import { surveyWords } from './wording.ts'

export interface Visit {
  token: string
  /** The language to use when nothing is known of the person. */
  wished: LanguageCode
  query: Record<string, unknown>
}

export type Shown = { status: number; html: string } | { to: string } | { status: number; json: object }

export interface VisitParts {
  lookup: Lookup
  clock: Clock
  programs: { version(workspaceId: string, version: string): Promise<CheckedProgram> }
  /** What an answer changed, in words for the one who gave it; nothing when left out. */
  receipt?:
    | ((
        workspaceId: string,
        invitationId: string,
        language: LanguageCode,
      ) => Promise<ReadonlyArray<{ said: string; did: string }>>)
    | undefined
}

export type RecordOne = (workspaceId: string, input: AnswerInput) => Promise<AnswerReceipt>

interface Opened {
  workspaceId: string
  invited: Invited
  language: LanguageCode
  workspace: string
  showing: Showing
}

export async function showSurvey(parts: VisitParts, visit: Visit): Promise<Shown> {
  const found = await find(parts, visit)
  if ('html' in found) return found
  const { showing, invited } = found
  const kept = ownAnswers(invited)
  const pages = surveyPages(showing, kept)
  const clicked = clickedScore(showing, kept, visit.query)
  const answers = clicked ? { ...kept, [clicked.id]: clicked.answer } : kept
  const at = clicked
    ? pageWith(pages, clicked.id)
    : (wantedPage(pages, visit.query.page) ?? firstOpenPage(pages, answers))
  const chosen = clicked !== undefined && kept[clicked.id] !== clicked.answer
  return page(found, { pages, at, answers, faults: [], chosen, status: 200 })
}

/** Stores what the form holds, then leads on: to the next page, back, or to the thanks. */
export async function takeForm(
  parts: VisitParts,
  record: RecordOne,
  visit: Visit,
  form: URLSearchParams,
): Promise<Shown> {
  const found = await find(parts, visit)
  if ('html' in found)
    return form.get('go') === 'keep' ? { status: found.status, json: { closed: true } } : found
  const { showing, invited, workspaceId } = found
  const { questions } = showing.survey
  const kept = ownAnswers(invited)
  const given = answersOfForm(questions, form)
  const input: AnswerInput = {
    token: invited.token,
    answers: given,
    complete: false,
    at: parts.clock.now(),
    wayIn: form.get('way') === 'mail' ? 'mail' : 'survey',
    invited,
  }
  const merged = mergeAnswers(showing, kept, given, false)
  const go = form.get('go')
  if (go === 'keep') {
    await record(workspaceId, input)
    return { status: 200, json: followers(found, askedIn(form), merged.answers) }
  }

  const pages = surveyPages(showing, merged.answers)
  const asked = new Set([...askedIn(form), ...Object.keys(given)])
  const at = Math.max(
    0,
    pages.findIndex((each) => each.some((question) => asked.has(question.id))),
  )
  const back = go === 'back'
  const wrong = new Set(merged.faults.map((fault) => fault.where))
  // A wrong answer is told as such, not as a missing one.
  const missing = back ? [] : neededOn(pages, asked, merged.answers).filter(({ where }) => !wrong.has(where))
  const faults = [...merged.faults, ...missing]
  if (faults.length > 0) {
    await record(workspaceId, input)
    if (back) return { to: `/s/${invited.token}?page=${Math.max(1, at)}` }
    return page(found, { pages, at, answers: merged.answers, faults, chosen: false, status: 422 })
  }
  const lastAsked = pages.findLastIndex((each) => each.some((question) => asked.has(question.id)))
  const target = back ? at - 1 : lastAsked + 1
  if (target < pages.length) {
    await record(workspaceId, input)
    return { to: `/s/${invited.token}?page=${Math.max(1, target + 1)}` }
  }
  const receipt = await record(workspaceId, { ...input, complete: true })
  if ('state' in receipt && receipt.state === 'completed') return { to: `/s/${invited.token}?done=1` }
  const left = 'refused' in receipt ? receipt.refused : (receipt.faults ?? [])
  // Something on an earlier page, passed over, is still missing.
  const first = pageWith(pages, left[0]?.where ?? '')
  return page(found, { pages, at: first, answers: merged.answers, faults: left, chosen: false, status: 422 })
}

async function find(parts: VisitParts, visit: Visit): Promise<Opened | { status: number; html: string }> {
  const found = await parts.lookup(visit.token)
  if (!found) {
    const words = surveyWords[visit.wished]
    const { unknownTitle: title, unknown: message } = words
    return { status: 404, html: renderMessage({ language: visit.wished, workspace: '', title, message }) }
  }
  const { workspaceId, invited } = found
  const checked = await parts.programs.version(workspaceId, invited.version)
  const workspace = checked.program.workspace.name
  const language = knownLanguage(invited.language)
  const words = surveyWords[language]
  const now = parts.clock.now()
  const showing = showingOf(invited, checked, now)
  const message = (status: number, title: string, text: string) => ({
    status,
    html: renderMessage({ language, workspace, title, message: text }),
  })
  if (invited.responseState === 'completed' || invited.answeredBy !== null) {
    if (visit.query.done !== '1') {
      const items = (await parts.receipt?.(workspaceId, invited.invitationId, language)) ?? []
      const html = renderMessage({
        ...{ language, workspace, title: words.answeredTitle, message: words.answered },
        changed: { title: words.changed, items },
      })
      return { status: 200, html }
    }
    const own = showing
      ? personal(textIn(showing.survey.thanks, language), namingOf({ showing, language }))
      : ''
    return message(200, words.thanksTitle, [words.thanks, own].filter(Boolean).join('\n'))
  }
  if (!showing || !isOpen(invited, now)) return message(410, words.expiredTitle, words.expired)
  return { workspaceId, invited, language, workspace, showing }
}

function page(
  found: Opened,
  state: {
    pages: ProgramQuestion[][]
    at: number
    answers: Answers
    faults: Fault[]
    chosen: boolean
    status: number
  },
): Shown {
  const { showing, language, invited, workspace } = found
  const naming = namingOf(found)
  const astray = state.faults.filter(({ message }) => message === notAsked || message === noSuchQuestion)
  const nameOf = (id: string) => {
    const question = showing.survey.questions.find((each) => each.id === id)
    return question ? personal(questionText(question, language), naming) : id
  }
  const view: QuestionPage = {
    language,
    workspace,
    title: personal(textIn(showing.survey.name, language), naming),
    intro: textIn(showing.survey.intro, language),
    token: invited.token,
    questions: state.pages[state.at] ?? [],
    answers: state.answers,
    naming,
    page: state.at + 1,
    pages: state.pages.length,
    faults: state.faults,
    notAsked: astray.map(({ where }) => nameOf(where)),
    chosen: state.chosen,
  }
  return { status: state.status, html: renderQuestions(view) }
}

const namingOf = ({ showing, language }: Pick<Opened, 'showing' | 'language'>) =>
  namingFrom(showing.context, showing.checked, language)

/** What the script needs: the questions shown from the first one on its page, with those it has not got yet. */
function followers(found: Opened, asked: string[], answers: Answers): object {
  const { showing, language } = found
  const shown = shownQuestions(showing, answers)
  const first = shown.findIndex((question) => asked.includes(question.id))
  const naming = namingOf(found)
  return {
    shown: shown.slice(Math.max(0, first)).map((question) => ({
      id: question.id,
      ...(asked.includes(question.id)
        ? {}
        : { html: renderQuestion(question, { language, answers, naming }) }),
    })),
  }
}

/** A score clicked in the mail: marked on the page, and stored only with the form. */
function clickedScore(showing: Showing, kept: Answers, query: Record<string, unknown>) {
  if (typeof query.q !== 'string' || typeof query.a !== 'string') return undefined
  const question = shownQuestions(showing, kept).find((each) => each.id === query.q)
  if (!question || question.kind === 'text' || question.kind === 'multiChoice') return undefined
  const judged = judgeAnswer(question, numberIn(query.a))
  return 'answer' in judged && judged.answer !== undefined
    ? { id: question.id, answer: judged.answer }
    : undefined
}

const pageWith = (pages: ProgramQuestion[][], id: string) =>
  Math.max(
    0,
    pages.findIndex((page) => page.some((question) => question.id === id)),
  )

function wantedPage(pages: ProgramQuestion[][], wanted: unknown): number | undefined {
  if (typeof wanted !== 'string' || !/^\d{1,4}$/.test(wanted)) return undefined
  return Math.min(Math.max(Number(wanted), 1), Math.max(pages.length, 1)) - 1
}

/** Where somebody goes on who comes back: the first page without any answer, or before that the one they were on, while
 * it has questions open.
 * @returns the place of the page, from 0
 */
export function firstOpenPage(
  pages: ReadonlyArray<ReadonlyArray<Pick<ProgramQuestion, 'id'>>>,
  answers: Answers,
): number {
  const isOpen = ({ id }: { id: string }) => answers[id] === undefined
  const latest = pages.findLastIndex((page) => !page.every(isOpen))
  const open = pages.findIndex((page, index) => page.every(isOpen) || (index === latest && page.some(isOpen)))
  return open < 0 ? Math.max(0, pages.length - 1) : open
}

function neededOn(pages: ProgramQuestion[][], asked: Set<string>, answers: Answers): Fault[] {
  return pages
    .flat()
    .filter((question) => question.required && asked.has(question.id) && answers[question.id] === undefined)
    .map((question) => ({ where: question.id, message: 'an answer is needed' }))
}
