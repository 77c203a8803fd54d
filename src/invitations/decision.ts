// For: deciding whether a person is asked, now. Pure: a list of named steps, each giving one reason to withhold.
// In: the trigger, the person, the O-data around, what was asked before.
// Out: send, or withhold with the reason.
import { createHash } from 'node:crypto'
import { addDuration } from '../base/clock.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed, type Variables } from '../program/conditions.ts'
import type { Context, Values } from '../program/context.ts'
import type { ProgramTrigger } from '../program/schema.ts'

/** Why somebody was not asked. */
export const withheldReasons = [
  'unknownPerson',
  'conditionNotMet',
  'conditionFailed',
  'noAddress',
  'unsubscribed',
  'notSampled',
  'overtaken',
  'alreadyAsked',
  'answeredElsewhere',
  'quarantine',
  'recentMail',
  'tooLate',
  'failed',
] as const
export type WithheldReason = (typeof withheldReasons)[number]

/** An invitation that this person, or somebody who shares their address, was sent, or is about to be in the same run. */
export interface EarlierInvitation {
  survey: string
  transactionId: string | undefined
  sentAt: Date
}

export interface Candidate {
  decisionId: string
  trigger: ProgramTrigger
  contactId: string | undefined
  transactionId: string | undefined
  person: { email: string | undefined; unsubscribed: boolean } | undefined
  context: Context
  /** Fields of the event that set the trigger off. */
  event: Values
  earlier: readonly EarlierInvitation[]
  /** An answer about the transaction, with the survey, was handed in already. */
  answeredElsewhere: boolean
  dueAt: Date
  now: Date
  /** Of a follow-up question: the case has not been opened again since it was closed. */
  stillClosed?: boolean
}

export interface Withheld {
  reason: WithheldReason
  detail?: string
}

export type Decision = { send: true } | ({ send: false } & Withheld)

type Step = (checked: CheckedProgram, candidate: Candidate) => Withheld | undefined

/** An invitation this long past its due time is about something forgotten: old O-data was loaded, not lived. */
export const tooLateAfter = 'P14D'

export const defaultQuarantine = {
  transactional: 'P30D',
  relationship: 'P90D',
  betweenMails: 'PT24H',
} as const

const requirePerson: Step = (_, { contactId, person }) =>
  contactId && person ? undefined : { reason: 'unknownPerson' }

const meetCondition: Step = (checked, candidate) => {
  const { when } = candidate.trigger
  return !when || checked.condition(when)(variablesOf(checked, candidate))
    ? undefined
    : { reason: 'conditionNotMet' }
}

const notOvertaken: Step = (checked, candidate) => {
  const { unless } = candidate.trigger
  return unless && checked.condition(unless)(variablesOf(checked, candidate))
    ? { reason: 'overtaken' }
    : undefined
}

const requireAddress: Step = (_, { person }) => (person?.email ? undefined : { reason: 'noAddress' })

const respectUnsubscription: Step = (_, { person }) =>
  person?.unsubscribed ? { reason: 'unsubscribed' } : undefined

const sample: Step = (_, { decisionId, trigger }) =>
  shareOf(decisionId) < (trigger.sample ?? 1) ? undefined : { reason: 'notSampled' }

/** One transaction is asked about once with one survey, whichever trigger came first. */
const askOnce: Step = (_, { earlier, trigger, transactionId }) =>
  transactionId &&
  earlier.some((each) => each.survey === trigger.survey && each.transactionId === transactionId)
    ? { reason: 'alreadyAsked' }
    : undefined

const notAnswered: Step = (_, { answeredElsewhere }) =>
  answeredElsewhere ? { reason: 'answeredElsewhere' } : undefined

const respectQuarantine: Step = ({ program }, { earlier, dueAt }) => {
  const quarantine = { ...defaultQuarantine, ...program.quarantine }
  for (const { survey, sentAt } of earlier) {
    const kind = program.surveys[survey]?.kind ?? 'transactional'
    const until = addDuration(sentAt, quarantine[kind], program.workspace.timeZone)
    if (dueAt < until) return { reason: 'quarantine', detail: `${survey} ${sentAt.toISOString()}` }
  }
  return undefined
}

const keepMailsApart: Step = ({ program }, { earlier, dueAt }) => {
  const apart = program.quarantine?.betweenMails ?? defaultQuarantine.betweenMails
  const recent = earlier.find(({ sentAt }) => dueAt < addDuration(sentAt, apart, program.workspace.timeZone))
  return recent && { reason: 'recentMail', detail: recent.sentAt.toISOString() }
}

const inTime: Step = ({ program }, { dueAt, now }) =>
  now <= addDuration(dueAt, tooLateAfter, program.workspace.timeZone) ? undefined : { reason: 'tooLate' }

const always = [
  requirePerson,
  requireAddress,
  respectUnsubscription,
  notOvertaken,
  askOnce,
  notAnswered,
  respectQuarantine,
  keepMailsApart,
  inTime,
]

/** Judges a trigger when it is set off. */
export const decideInvitation = judge([requirePerson, meetCondition, sample, ...always.slice(1)])

/** Judges again when the invitation falls due: who was asked meanwhile, what has happened since. */
export const decideSending = judge(always)

const stayedClosed: Step = (_, { stillClosed }) => (stillClosed ? undefined : { reason: 'overtaken' })

/** Judges a follow-up question when it falls due. Whoever was just called about something gone wrong is to be asked
 * whether it was mended, so that neither quarantine nor the time between mails holds it back. Who wants no mail gets none.
 */
export const decideFollowUp = judge([
  requirePerson,
  requireAddress,
  respectUnsubscription,
  stayedClosed,
  inTime,
])

/** What cannot be reckoned for one invitation withholds that one; the others do not wait until it is mended. */
export function failureOf(error: unknown): Withheld {
  const { message } = error as Error
  return { reason: error instanceof ConditionFailed ? 'conditionFailed' : 'failed', detail: message }
}

function judge(steps: readonly Step[]) {
  return (checked: CheckedProgram, candidate: Candidate): Decision => {
    for (const step of steps) {
      try {
        const withheld = step(checked, candidate)
        if (withheld) return { send: false, ...withheld }
      } catch (error) {
        return { send: false, ...failureOf(error) }
      }
    }
    return { send: true }
  }
}

const variablesOf = (checked: CheckedProgram, { context, event, now }: Candidate): Variables =>
  checked.variables(context, { event, now })

/** The same decision always draws the same share, 0..1, so that judging twice samples once. */
function shareOf(decisionId: string): number {
  return createHash('sha256').update(decisionId).digest().readUInt32BE(0) / 2 ** 32
}
