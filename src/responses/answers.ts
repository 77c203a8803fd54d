// For: judging answers, whoever sends them. Pure.
// In: a survey shown to a person, the answers kept so far, new ones of any shape. Out: what to keep, and every fault.
import type { Fault } from '../base/errors.ts'
import { scaleOf } from '../program/question.ts'
import type { ProgramQuestion } from '../program/schema.ts'
import { type Answer, type Answers, type Showing, shownQuestions } from '../program/survey.ts'

const longestText = 5_000
const mostQuestions = 500
export const severalGiven = 'expected one answer, not several'
export const noSuchQuestion = 'the survey has no such question'
export const notAsked = 'this question is not asked, given the other answers'

/** The answer; undefined when there is none (empty); or what is wrong with it. */
export type Judged = { answer: Answer | undefined } | { fault: string }

/** Judges one answer: null, '' and [] stand for none. A text loses characters that no one can read. */
export function judgeAnswer(question: ProgramQuestion, value: unknown): Judged {
  if (value === null || value === undefined || value === '') return { answer: undefined }
  if (Array.isArray(value) && question.kind !== 'multiChoice') return { fault: severalGiven }
  const scale = scaleOf(question)
  if (scale) {
    return Number.isInteger(value) && (value as number) >= scale.from && (value as number) <= scale.to
      ? { answer: value as number }
      : { fault: `expected a whole number from ${scale.from} to ${scale.to}` }
  }
  switch (question.kind) {
    case 'choice':
      return isChoice(question, value) ? { answer: value } : { fault: expectedChoice(question) }
    case 'multiChoice': {
      if (!Array.isArray(value) || value.length > question.choices.length) {
        return { fault: `expected a list; ${expectedChoice(question)}` }
      }
      const given: unknown[] = value
      if (!given.every((each) => isChoice(question, each))) return { fault: expectedChoice(question) }
      // In the order of the question, so that the same answer is always the same value.
      const chosen = question.choices.map((choice) => choice.value).filter((each) => given.includes(each))
      return { answer: chosen.length > 0 ? chosen : undefined }
    }
    case 'text':
      return judgeText(value, question.maxLength ?? longestText)
    case 'contactMe':
      return typeof value === 'boolean' ? { answer: value } : { fault: 'expected true or false' }
    default:
      return { fault: 'this question takes no answer' }
  }
}

function judgeText(value: unknown, longest: number): Judged {
  if (typeof value !== 'string') return { fault: 'expected text' }
  // Before anything is done with it: a text of a megabyte is not worth cleaning.
  if (value.length > longest * 2) return { fault: `expected at most ${longest} characters` }
  const readable = value
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
  if (readable.length > longest) return { fault: `expected at most ${longest} characters` }
  // Blanks stay: an answer from elsewhere is kept as it was written; forms take them off themselves.
  return { answer: readable === '' ? undefined : readable }
}

type WithChoices = Extract<ProgramQuestion, { kind: 'choice' | 'multiChoice' }>

const isChoice = (question: WithChoices, value: unknown): value is string =>
  typeof value === 'string' && question.choices.some((choice) => choice.value === value)
const expectedChoice = (question: WithChoices) =>
  `expected one of ${question.choices.map((choice) => choice.value).join(', ')}`

export interface Merged {
  answers: Answers
  state: 'partial' | 'completed'
  faults: Fault[]
}

/** Adds new answers to those kept so far. Each answer stands for itself: a wrong one is a fault, the others are kept.
 * It is completed when that was asked for and nothing is wrong or missing; only then do answers to questions that
 * are no longer shown fall away.
 * @param given question id -> answer of any shape; an empty one takes back what was answered before
 */
export function mergeAnswers(
  showing: Showing,
  kept: Answers,
  given: Record<string, unknown>,
  complete: boolean,
): Merged {
  const faults: Fault[] = []
  const answers: Answers = { ...kept }
  const entries = Object.entries(given)
  if (entries.length > mostQuestions) {
    return { answers, state: 'partial', faults: [{ where: '', message: 'far too many answers' }] }
  }
  const changed: string[] = []
  for (const [id, value] of entries) {
    const where = id.slice(0, 80).toWellFormed()
    const question = showing.survey.questions.find((each) => each.id === id)
    if (!question) {
      faults.push({ where, message: noSuchQuestion })
      continue
    }
    const judged = judgeAnswer(question, value)
    if ('fault' in judged) faults.push({ where, message: judged.fault })
    else if (judged.answer === undefined) delete answers[id]
    else {
      answers[id] = judged.answer
      changed.push(id)
    }
  }
  const shown = shownQuestions(showing, answers)
  const isShown = new Set(shown.map((question) => question.id))
  for (const id of changed.filter((each) => !isShown.has(each))) {
    const was = Object.hasOwn(kept, id) ? kept[id] : undefined
    if (was === undefined) delete answers[id]
    else answers[id] = was
    faults.push({ where: id, message: notAsked })
  }
  if (!complete) return { answers, state: 'partial', faults }

  const wrong = new Set(faults.map((fault) => fault.where))
  for (const question of shown) {
    if (question.required && answers[question.id] === undefined && !wrong.has(question.id)) {
      faults.push({ where: question.id, message: 'an answer is needed' })
    }
  }
  // What was given and could not be kept is told by itself.
  if (Object.keys(answers).length === 0 && faults.length === 0)
    faults.push({ where: '', message: 'there is no answer yet' })
  if (faults.length > 0) return { answers, state: 'partial', faults }
  const final = Object.entries(answers).filter(([id]) => isShown.has(id))
  return { answers: Object.fromEntries(final), state: 'completed', faults }
}

/** All free text of the answers but headings, in the order of the questions; null when there is none. */
export function commentOf(questions: readonly ProgramQuestion[], answers: Answers): string | null {
  const texts = questions.flatMap((question) => {
    const answer = question.kind === 'text' && !question.heading ? answers[question.id] : undefined
    return typeof answer === 'string' ? [answer] : []
  })
  return texts.length > 0 ? texts.join('\n\n') : null
}
