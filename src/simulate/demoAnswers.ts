import { knownAnswers } from '../invitations/known.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context, Value, Values } from '../program/context.ts'
import { deriveFields } from '../program/derive.ts'
import { mapEvent } from '../program/mapping.ts'
import { scaleOf } from '../program/question.ts'
import type { Answers } from '../program/survey.ts'
import { shownQuestions } from '../program/survey.ts'
import type { Happening } from './company.ts'
import type { SourceEvent } from './input.ts'
import { compose } from './phrases.ts'
import type { Random } from './random.ts'
import { feelings, onScale, topics, truth } from './truth.ts'

export interface DemoAnswer {
  answers: Record<string, Value | Value[]>
  transaction: { type: string; key: string }
  /** From the mail to the answer. */
  hours: number
}

/** What somebody answers to a survey about a happening; undefined when they do not answer.
 * Every question of a scale is answered by the same feeling with a little chance, so that metrics hang together.
 */
export function demoAnswers(
  checked: CheckedProgram,
  surveyName: string,
  happening: Happening,
  context: Context,
  random: Random,
): DemoAnswer | undefined {
  const survey = checked.program.surveys[surveyName]
  const feeling = feelingAbout(happening) + happening.contact.nature + random.normal() * truth.spread.moment
  const strong = feeling < 4 || feeling > 9
  const answering = truth.answering.share * (strong ? truth.answering.strongFeelings : 1)
  if (!survey || !random.chance(answering)) return undefined
  if (!context.transaction) return undefined

  const now = new Date(context.at)
  const times = { contact: {}, account: {}, transaction: {} }
  const known = knownAnswers(checked, surveyName, { context, times }, now)
  const showing = { checked, survey, context, known, now }
  const answers: Answers = {}
  for (let turn = 0; turn < survey.questions.length; turn++) {
    // What is asked next can hang on what was answered before.
    const question = shownQuestions(showing, answers).find((each) => !Object.hasOwn(answers, each.id))
    if (!question) break
    const scale = scaleOf(question)
    if (scale) {
      answers[question.id] = onScale(feeling + random.normal() * 0.4, scale.from, scale.to)
    } else if (question.kind === 'choice') {
      answers[question.id] = random.pick(question.choices).value
    } else if (question.kind === 'multiChoice') {
      const told = troubles(happening).filter((value) =>
        question.choices.some((each) => each.value === value),
      )
      answers[question.id] = told.length > 0 ? told : [random.pick(question.choices).value]
    } else if (question.kind === 'contactMe') {
      answers[question.id] = feeling < 4.5 && random.chance(0.4)
    } else {
      // An empty text is no answer; it keeps the place of one that was not given.
      answers[question.id] =
        question.required || random.chance(truth.answering.comment)
          ? compose(random, happening.contact.account.team.tongue, topicsOf(happening, feeling, random))
          : ''
    }
  }
  const given = Object.entries(answers).filter(([, answer]) => answer !== '')
  const { type, key } = context.transaction
  return {
    answers: Object.fromEntries(given),
    transaction: { type, key },
    hours: 0.2 + random.waiting(20),
  }
}

function feelingAbout(happening: Happening): number {
  switch (happening.what) {
    case 'visit':
      return feelings.visit(happening)
    case 'order':
      return feelings.order(happening)
    case 'support':
      return feelings.support(happening)
    case 'contract':
      return feelings.contract(happening)
  }
}

/** What went wrong, in the words of the visit's survey. */
function troubles(happening: Happening): string[] {
  if (happening.what !== 'visit') return []
  return [
    ...(happening.told ? [] : ['information']),
    ...(happening.minutesLate > 60 ? ['time'] : []),
    ...(happening.rightFirstTime ? [] : ['solution']),
  ]
}

function topicsOf(happening: Happening, feeling: number, random: Random) {
  switch (happening.what) {
    case 'visit':
      return topics.visit(happening, feeling, random)
    case 'order':
      return topics.order(happening, feeling, random)
    case 'support':
      return topics.support(happening, feeling, random)
    case 'contract':
      return topics.contract(happening, feeling, random)
  }
}

/** The O-data that the invitation will have frozen, as far as these events tell it. */
export async function contextOf(checked: CheckedProgram, events: readonly SourceEvent[]): Promise<Context> {
  const context: Context = { at: events.at(-1)?.time ?? '' }
  for (const event of events) {
    const { contact, account, transaction } = await mapEvent(checked, { ...event })
    if (contact) {
      context.contact = {
        key: contact.key,
        ...(contact.language ? { language: contact.language } : {}),
        fields: { ...context.contact?.fields, ...contact.fields },
      }
    }
    if (account) {
      context.account = { key: account.key, fields: { ...context.account?.fields, ...account.fields } }
    }
    if (transaction) {
      const fields: Values = { ...context.transaction?.fields, ...transaction.fields }
      context.transaction = {
        type: transaction.type,
        key: transaction.key,
        fields: deriveFields(checked.program, transaction.type, fields, new Date(event.time)),
      }
    }
  }
  return context
}
