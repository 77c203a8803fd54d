// For: the survey page as HTML, whole without a script.
// In: what is asked, what was answered, the language. Out: documents with every text escaped.
import type { Fault } from '../base/errors.ts'
import { escapeHtml, type Naming, personal } from '../channels/wording.ts'
import { questionText, scaleEnds, scaleOf, textIn } from '../program/question.ts'
import type { LanguageCode, ProgramQuestion } from '../program/schema.ts'
import type { Answers } from '../program/survey.ts'
import { severalGiven } from './answers.ts'
import { assets } from './assets.ts'
import { type SurveyWords, surveyWords } from './wording.ts'

/** Everything a page of questions shows. */
export interface QuestionPage {
  language: LanguageCode
  workspace: string
  title: string
  intro: string
  token: string
  questions: readonly ProgramQuestion[]
  answers: Answers
  naming: Naming
  /** From 1. */
  page: number
  pages: number
  faults: readonly Fault[]
  /** Questions, in words, that were answered and are not asked. */
  notAsked: readonly string[]
  /** A score was clicked in the mail and is marked here. */
  chosen: boolean
}

export function renderQuestions(view: QuestionPage): string {
  const words = surveyWords[view.language]
  const last = view.page >= view.pages
  const faultOf = new Map(view.faults.map((fault) => [fault.where, fault]))
  const onPage = view.faults.filter((fault) => view.questions.some((question) => question.id === fault.where))
  const others = view.faults.length - onPage.length - view.notAsked.length
  const told = [
    ...(view.notAsked.length > 0 ? [text(words.notAsked(view.notAsked))] : []),
    ...(onPage.length > 0 ? [words.faults] : others > 0 ? [words.noAnswer] : []),
  ]
  const notice =
    told.length > 0
      ? `<p class="fault" role="alert">${told.join('<br>')}</p>`
      : view.chosen
        ? `<p class="note">${words.chosen}</p>`
        : ''
  const intro =
    view.page === 1 && view.intro ? `<p class="intro">${lines(personalized(view.intro, view))}</p>` : ''
  const progress = view.pages > 1 ? `<p class="soft" id="pages">${words.page(view.page, view.pages)}</p>` : ''
  const back =
    view.page > 1 ? `<button class="quiet" name="go" value="back" formnovalidate>${words.back}</button>` : ''
  const body = `<h1>${text(view.title)}</h1>${intro}${notice}
<form method="post" action="/s/${view.token}" data-survey novalidate>
${view.chosen ? '<input type="hidden" name="way" value="mail">' : ''}
<input type="hidden" name="asked" value="${view.questions.map((question) => question.id).join(' ')}">
<div id="questions">${view.questions.map((question) => renderQuestion(question, view, faultOf.get(question.id))).join('\n')}</div>
<div class="end"><button name="go" value="on" data-next="${words.next}" data-send="${words.send}">${last ? words.send : words.next}</button>${back}<span class="soft" role="status" id="kept" data-kept="${words.saved}"></span></div>
${progress}</form>`
  return layout({ language: view.language, workspace: view.workspace, title: view.title, body, script: true })
}

/** One question as a fieldset; the script fetches these by themselves too. */
export function renderQuestion(
  question: ProgramQuestion,
  view: Pick<QuestionPage, 'language' | 'answers' | 'naming'>,
  fault?: Fault,
): string {
  const words = surveyWords[view.language]
  const id = `q-${question.id}`
  const help = personalized(textIn(question.help, view.language), view)
  const told = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ')
  const described = told ? ` aria-describedby="${told}"` : ''
  const title = `${text(personalized(questionText(question, view.language), view))}${question.required ? '' : ` <small>${words.optional}</small>`}`
  const under = `${help ? `<p class="soft" id="${id}-help">${text(help)}</p>` : ''}${fault ? `<p class="fault" id="${id}-fault">${text(faultWords(question, fault, words))}</p>` : ''}`
  const answer = Object.hasOwn(view.answers, question.id) ? view.answers[question.id] : undefined
  const name = `q.${question.id}`
  if (question.kind === 'text') {
    const value = typeof answer === 'string' ? text(answer) : ''
    return `<div class="q" data-q="${question.id}"><label class="t" for="${id}">${title}</label>${under}
<textarea id="${id}" name="${name}" rows="4" maxlength="${question.maxLength ?? 5000}"${described}${fault ? ' aria-invalid="true"' : ''}>
${value}</textarea></div>`
  }
  if (question.kind === 'contactMe') {
    return `<div class="q" data-q="${question.id}">${under}${option('checkbox', name, 'yes', text(personalized(questionText(question, view.language), view)), answer === true, described)}</div>`
  }
  return `<fieldset class="q" data-q="${question.id}"${described}><legend class="t">${title}</legend>${under}${inputs(question, name, answer, view)}</fieldset>`
}

function inputs(
  question: ProgramQuestion,
  name: string,
  answer: unknown,
  view: Pick<QuestionPage, 'language' | 'naming'>,
): string {
  const said = (words: string) => text(personalized(words, view))
  const scale = scaleOf(question)
  if (scale) {
    const [low = '', high = ''] = scaleEnds(question, view.language).map(said)
    const numbers = Array.from({ length: scale.to - scale.from + 1 }, (_, index) => scale.from + index)
    // The ends in words belong to the outer numbers also for those who hear the page.
    const spoken = (number: number) => {
      const end = number === scale.from ? low : number === scale.to ? high : ''
      return end ? ` aria-label="${number}, ${end}"` : ''
    }
    const cells = numbers.map(
      (number) =>
        `<label><input type="radio" name="${name}" value="${number}"${number === answer ? ' checked' : ''}${spoken(number)}><span>${number}</span></label>`,
    )
    // A long scale breaks into two rows on a phone, where the words no longer stand under their numbers.
    const isLong = numbers.length > 7
    const named = (number: number, end: string) => (isLong && end ? `${number} – ${end}` : end)
    const ends =
      low || high
        ? `<div class="ends" aria-hidden="true"><span>${named(scale.from, low)}</span><span>${named(scale.to, high)}</span></div>`
        : ''
    return `<div class="scale${isLong ? ' long' : ''}">${cells.join('')}</div>${ends}`
  }
  if (question.kind === 'choice' || question.kind === 'multiChoice') {
    const type = question.kind === 'choice' ? 'radio' : 'checkbox'
    const ticked = (value: string) => (Array.isArray(answer) ? answer.includes(value) : answer === value)
    return question.choices
      .map((choice) =>
        option(type, name, choice.value, said(textIn(choice.text, view.language)), ticked(choice.value)),
      )
      .join('')
  }
  return ''
}

const option = (type: string, name: string, value: string, label: string, checked: boolean, more = '') =>
  `<label class="o"><input type="${type}" name="${name}" value="${text(value)}"${checked ? ' checked' : ''}${more}><span>${label}</span></label>`

function faultWords(question: ProgramQuestion, fault: Fault, words: SurveyWords): string {
  if (fault.message === 'an answer is needed') return words.faultNeeded
  if (fault.message === severalGiven) return words.faultSeveral
  const scale = scaleOf(question)
  if (scale) return words.faultScale(scale.from, scale.to)
  if (question.kind === 'text') return words.faultLong(question.maxLength ?? 5000)
  return words.faultOther
}

/** A page with a message and perhaps one button: thanks, closed, unknown, unsubscribing. */
export function renderMessage(view: {
  language: LanguageCode
  workspace: string
  title: string
  message: string
  form?: { action: string; button: string }
  link?: { href: string; label: string }
  /** What an answer changed: what was said, and what was done. */
  changed?: { title: string; items: ReadonlyArray<{ said: string; did: string }> }
}): string {
  const form = view.form
    ? `<form method="post" action="${text(view.form.action)}"><div class="end"><button>${text(view.form.button)}</button></div></form>`
    : ''
  const link = view.link ? `<p><a href="${text(view.link.href)}">${text(view.link.label)}</a></p>` : ''
  const items = view.changed?.items ?? []
  const { youSaid, weDid } = surveyWords[view.language]
  const changed =
    items.length > 0
      ? `<h2>${text(view.changed?.title ?? '')}</h2><dl>${items.map(({ said, did }) => `<dt>${youSaid}</dt><dd>${lines(said)}</dd><dt>${weDid}</dt><dd>${lines(did)}</dd>`).join('')}</dl>`
      : ''
  const body = `<h1>${text(view.title)}</h1><p class="intro">${lines(view.message)}</p>${changed}${form}${link}`
  return layout({ ...view, body, script: false })
}

/** A whole page around a body whose texts are escaped already. */
export function layout(view: {
  language: LanguageCode
  workspace: string
  title: string
  body: string
  script: boolean
}): string {
  return `<!doctype html>
<html lang="${view.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">
<title>${text([view.title, view.workspace].filter(Boolean).join(' · '))}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="${assets.css.path}">${view.script ? `<script src="${assets.js.path}" defer></script>` : ''}</head>
<body><main>${view.workspace ? `<p class="who">${text(view.workspace)}</p>` : ''}${view.body}</main></body></html>
`
}

const text = escapeHtml
const lines = (value: string) => text(value).replace(/\n/g, '<br>')
const personalized = (value: string, view: { naming: Naming }) => personal(value, view.naming)
