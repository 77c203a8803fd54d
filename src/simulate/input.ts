import type { CaseAction } from '../cases/case.ts'
import type { ImprovementFields, ImprovementState } from '../improve/improvement.ts'
import type { ItemState } from '../improve/plans.ts'
import type { GivenLead } from '../improve/referral.ts'
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

interface About {
  transaction: { type: string; key: string }
}

/** What somebody of the company does with the case that came of an answer about this transaction, or with the customer
 * who gave it; or what that customer does with a mail that asked them to speak well of us.
 */
export interface CaseActInput extends Timed, About {
  kind: 'act'
  /** Employee key; of what a customer does, theirs. */
  by: string
  action: CaseAction | CustomerAct
}

/** What somebody does about an improvement. */
export interface ImproveActInput extends Timed {
  kind: 'act'
  by: string
  transaction?: undefined
  action: ImproveAct
}

export type ActInput = CaseActInput | ImproveActInput

export type CustomerAct =
  | {
      kind: 'plan'
      title: string
      /** `who` is an employee key, `dueOn` a day. */
      items: Array<{ what: string; who: string; dueOn: string; state: ItemState }>
    }
  /** How far each item has come, in their order. */
  | { kind: 'planMoves'; states: ItemState[]; closed?: boolean }
  | { kind: 'planMail'; subject: string; body: string }
  | { kind: 'reference'; yes: boolean }
  | ({ kind: 'lead' } & GivenLead)
  | { kind: 'leadSettled'; email: string; state: 'won' | 'lost'; value?: number }

/** Improvements are known by their title. */
export type ImproveAct =
  | ({
      kind: 'improve'
      title: string
      owner: string
      /** Their cases are tied to it. */
      transactions: Array<About['transaction']>
    } & Partial<Omit<ImprovementFields, 'title' | 'owner' | 'ownerName'>>)
  | { kind: 'improvement'; title: string; state: ImprovementState; note?: string }
  | { kind: 'tell'; title: string }

export type Input = EventInput | AnswerInput | ActInput
