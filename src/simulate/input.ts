import type { CaseAction } from '../cases/case.ts'
import type { Value } from '../program/context.ts'

/** A CloudEvents 1.0 event as it is handed to the intake. */
export interface SourceEvent {
  specversion: '1.0'
  id: string
  source: string
  type: string
  /** RFC 3339, UTC. */
  time: string
  data: Record<string, unknown>
}

/** What every input has. Inputs of one person are never reordered; those of different persons commute. */
interface Timed {
  at: Date
  /** Whoever the input can matter to: the contact, or the account when conditions read account fields. */
  person: string
}

export interface EventInput extends Timed {
  kind: 'event'
  event: SourceEvent
}

/** An answer found elsewhere, which has no invitation of ours. */
export interface Elsewhere {
  source: string
  externalId: string
  contactKey: string
  language?: string
}

/** A respondent's answer: handed in through the invitation for the transaction when that was sent by then. */
export interface AnswerInput extends Timed {
  kind: 'answer'
  survey: string
  transaction: { type: string; key: string }
  answers: Record<string, Value | Value[]>
  /** How it comes in when there is no invitation for it; left out: the person says nothing. */
  otherwise?: Elsewhere
}

/** What somebody of the company does with the case that came of an answer about this transaction. */
export interface ActInput extends Timed {
  kind: 'act'
  /** Employee key. */
  by: string
  transaction: { type: string; key: string }
  action: CaseAction
}

export type Input = EventInput | AnswerInput | ActInput
