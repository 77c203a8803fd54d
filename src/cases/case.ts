// For: a case, from the unhappy answer to its outcome: its states and what may follow what. Pure.
// In: a case as it stands, and what somebody does. Out: how it stands then, or why not.
import { Refusal } from '../base/errors.ts'

export const caseStates = ['open', 'taken', 'closed'] as const
export type CaseState = (typeof caseStates)[number]

export const caseOutcomes = ['solved', 'not solved', 'no answer'] as const
export type CaseOutcome = (typeof caseOutcomes)[number]

/** What somebody does with a case. */
export type CaseAction =
  | { kind: 'take' }
  | { kind: 'note'; note: string }
  | { kind: 'close'; outcome: CaseOutcome; note?: string }

/** What stands in the case's history. */
export type CaseEventKind = 'opened' | 'taken' | 'noted' | 'closed'

/** The part of a case that actions change. */
export interface CaseStanding {
  state: CaseState
  owner: string | null
  ownerName: string | null
  outcome: CaseOutcome | null
  takenAt: Date | null
  closedAt: Date | null
  revision: number
}

export interface Actor {
  id: string
  name: string
}

/** A case after an action. Taking a case that somebody has moves it to the new owner; closing an open one takes it.
 * @param revision the one the actor saw
 * @throws Refusal case.changed when it has another by now; case.closed
 */
export function act(
  standing: CaseStanding,
  action: CaseAction,
  revision: number,
  actor: Actor,
  at: Date,
): { standing: CaseStanding; event: CaseEventKind } {
  if (standing.revision !== revision) throw new Refusal('case.changed')
  if (standing.state === 'closed') throw new Refusal('case.closed')
  const next = { ...standing, revision: revision + 1 }
  const own = { owner: actor.id, ownerName: actor.name, takenAt: standing.takenAt ?? at }
  switch (action.kind) {
    case 'note':
      return { standing: next, event: 'noted' }
    case 'take':
      return { standing: { ...next, ...own, state: 'taken' }, event: 'taken' }
    case 'close': {
      const owned = standing.owner === null ? own : {}
      return {
        standing: { ...next, ...owned, state: 'closed', outcome: action.outcome, closedAt: at },
        event: 'closed',
      }
    }
  }
}
