// For: a case, from the unhappy answer to its outcome: its states, what may follow what, and who may do it. Pure.
// In: a case as it stands, and what somebody does. Out: the event of its history and how it stands then; or why not.
import { Refusal } from '../base/errors.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import {
  type CaseEvent,
  type CaseEventKind,
  type CaseOutcome,
  type CaseRecord,
  type CaseStanding,
  type CaseState,
  changed,
  type Person,
  pick,
} from './standing.ts'

/** Who may do it: anybody who sees the case and may work on cases; its owner (also anybody when nobody owns it, and
 * those with mandate); those with mandate: managers, customer experience leads, administrators; the product itself.
 */
export type CaseWho = 'anyone' | 'owner' | 'mandate' | 'product'

interface Move {
  /** From each state in which it may be done, to the state then. */
  to: Partial<Record<CaseState, CaseState>>
  who: CaseWho
  /** What stands in the history. */
  event: CaseEventKind
  /** It only adds: no revision is asked for, and nobody who saw the case before it is refused for it. */
  adds?: true
}

const stays: Move['to'] = { open: 'open', taken: 'taken', contacted: 'contacted', closed: 'closed' }
const staysOpen: Move['to'] = { open: 'open', taken: 'taken', contacted: 'contacted' }
const waits: Move['to'] = { open: 'open', taken: 'taken' }
/** The new owner has it waiting. */
const passes: Move['to'] = { open: 'open', taken: 'open', contacted: 'contacted' }

/** Every action there is: all that may happen to a case, and nothing else does. docs/cases.md draws it. */
export const moves = {
  take: { to: { ...staysOpen, open: 'taken' }, who: 'anyone', event: 'taken' },
  assign: { to: passes, who: 'mandate', event: 'assigned' },
  forward: { to: passes, who: 'owner', event: 'forwarded' },
  note: { to: stays, who: 'anyone', event: 'noted', adds: true },
  attempt: { to: staysOpen, who: 'anyone', event: 'attempted', adds: true },
  contact: {
    to: { open: 'contacted', taken: 'contacted', contacted: 'contacted' },
    who: 'owner',
    event: 'contacted',
  },
  escalate: { to: staysOpen, who: 'anyone', event: 'escalated', adds: true },
  record: { to: stays, who: 'owner', event: 'recorded' },
  close: { to: { open: 'closed', taken: 'closed', contacted: 'closed' }, who: 'owner', event: 'closed' },
  reopen: { to: { closed: 'open' }, who: 'anyone', event: 'reopened' },
  read: { to: stays, who: 'anyone', event: 'read', adds: true },
  watch: { to: stays, who: 'anyone', event: 'watched', adds: true },
  unwatch: { to: stays, who: 'anyone', event: 'unwatched', adds: true },
  passedOn: { to: passes, who: 'product', event: 'assigned' },
  joined: { to: staysOpen, who: 'product', event: 'joined' },
  reopened: { to: { closed: 'open' }, who: 'product', event: 'reopened' },
  reminded: { to: waits, who: 'product', event: 'reminded', adds: true },
  missed: { to: waits, who: 'product', event: 'missed', adds: true },
  escalated: { to: waits, who: 'product', event: 'escalated', adds: true },
  followedUp: { to: stays, who: 'product', event: 'followedUp', adds: true },
  replied: { to: stays, who: 'product', event: 'replied', adds: true },
} as const satisfies Record<string, Move>

export type CaseActionKind = keyof typeof moves

/** Who does it. `mandate`: a manager, a lead, an administrator, or an API key. */
export interface Actor extends Person {
  mandate: boolean
}

/** What somebody does with a case. */
export type CaseAction =
  | { kind: 'take' | 'read' | 'watch' | 'unwatch' }
  | { kind: 'assign'; to: Person; note?: string }
  | { kind: 'forward'; to: Person; note: string }
  | { kind: 'note'; note: string }
  | { kind: 'attempt' | 'contact'; channel: ResponseChannel; note?: string; mailId?: string }
  | { kind: 'escalate'; to: readonly Person[]; note?: string }
  | ({ kind: 'record'; note?: string } & CaseRecord)
  | ({ kind: 'close'; outcome: CaseOutcome; note?: string } & CaseRecord)
  | { kind: 'reopen'; note: string; contactDueAt: Date; next?: Date | null }

/** Whom a rule would keep informed, and why they cannot be told. */
interface PassedStakeholder {
  who: string
  nobody: string
}

/** What the product does with a case. `next`: when the deadlines are to be judged again; null for never. */
export type ProductAction =
  /** The owner has left (null when there is nobody to have it), or a stricter rule names one of a case that has none.
   * `because` is how the policy names the next one.
   */
  | {
      kind: 'passedOn'
      to: Person | null
      because: string | null
      reason?: 'ownerGone' | 'ownerMoved' | 'stricterRule'
    }
  /** `rule`, `contactDueAt`: by a stricter rule, it goes on by that one and is due earlier; `passed`: whom that rule would
   * keep informed and who cannot be told.
   */
  | {
      kind: 'joined'
      responseId: string
      answeredAt: Date
      note?: string
      rule?: { from: string; to: string }
      contactDueAt?: Date
      next?: Date | null
      passed?: readonly PassedStakeholder[]
    }
  /** `solved` false: the customer was asked whether it was solved, and said no. */
  | {
      kind: 'reopened'
      responseId?: string
      answeredAt?: Date
      solved?: false
      passed?: readonly PassedStakeholder[]
      contactDueAt: Date
      note?: string
      next?: Date | null
    }
  /** `noted` is when it was found, where that is later than when it was due. */
  | { kind: 'reminded' | 'missed'; note?: string; next?: Date | null; noted?: Date }
  | {
      kind: 'escalated'
      to: readonly Person[]
      /** As the policy names them. */
      who?: string
      note?: string
      next?: Date | null
      noted?: Date
    }
  | { kind: 'followedUp'; solved: boolean; responseId?: string; note?: string }
  | { kind: 'replied'; note?: string; mailId?: string }

/** What the program says a case can be recorded with; undefined where it declares none. */
export interface RecordRules {
  causes: readonly string[] | undefined
  actions: readonly string[] | undefined
}

/** What this person may do with the case now. */
export function allowedActions(standing: CaseStanding, actor: Actor): CaseActionKind[] {
  return (Object.keys(moves) as CaseActionKind[]).filter(
    (kind) =>
      stateAfter(kind, standing.state) &&
      isAllowed(moves[kind].who, standing, actor) &&
      (kind !== 'read' || standing.newsRevision !== null),
  )
}

/** A case after an action of a person (with the revision they saw) or of the product (`actor` null).
 * @param revision undefined only for what adds, and for the product
 * @throws Refusal case.changed when something else changed it meanwhile; case.closed and case.open when it is not in a
 * state for this; case.notYours; access.denied; case.incomplete when the program asks for more to close it
 */
export function act(
  standing: CaseStanding,
  action: CaseAction | ProductAction,
  by: { actor: Actor | null; revision?: number; at: Date; rules?: RecordRules },
): { standing: CaseStanding; event: CaseEvent } {
  const { actor, at } = by
  const move: Move = moves[action.kind]
  if (actor) requireSeen(standing, move, by.revision)
  requireState(standing, action.kind)
  requireWho(standing, move.who, actor)
  if (by.rules) requireRecorded(standing, action, by.rules)
  const event: CaseEvent = {
    revision: standing.revision + 1,
    at,
    kind: move.event,
    actor: actor?.id ?? null,
    actorName: actor?.name ?? null,
    note: ('note' in action ? action.note : undefined) ?? null,
    detail: withRead(detailOf(standing, action), actor !== null && reads(standing, action.kind, by)),
  }
  return { event, standing: after(standing, event) }
}

/** The standing after an event: told from the beginning, the history gives how a case stands. */
export function after(standing: CaseStanding, event: CaseEvent): CaseStanding {
  const action = actionOf(event)
  const state = stateAfter(action, standing.state)
  if (!state) throw new Error(`a case's history cannot have ${event.kind} when it is ${standing.state}`)
  return changed(standing, event, { state, adds: (moves[action] as Move).adds ?? false })
}

const reaching: readonly CaseActionKind[] = ['take', 'contact', 'close', 'reopen']

/** Whether an action shows that what came from the customer is known: whose case it is, or whoever answers it, did it and
 * had seen that. Of a closed case anybody may read it.
 */
export function reads(
  { newsRevision, owner, state }: CaseStanding,
  kind: CaseActionKind,
  { actor, revision }: { actor: Person | null; revision?: number },
): boolean {
  if (newsRevision === null || (revision ?? 0) < newsRevision) return false
  return owner === null || owner === actor?.id || state === 'closed' || reaching.includes(kind)
}

const withRead = (detail: CaseEvent['detail'], read: boolean): CaseEvent['detail'] =>
  read ? { ...detail, read: true } : detail

function detailOf(standing: CaseStanding, action: CaseAction | ProductAction): CaseEvent['detail'] {
  const next = 'next' in action && action.next !== undefined ? { next: isoOf(action.next) } : {}
  const noted = 'noted' in action && action.noted ? { noted: isoOf(action.noted) } : {}
  const rest = (() => {
    switch (action.kind) {
      case 'assign':
      case 'forward':
        return {
          from: standing.owner,
          fromName: standing.ownerName,
          to: action.to.id,
          toName: action.to.name,
        }
      case 'passedOn':
        return {
          reason: action.reason ?? 'ownerGone',
          from: standing.owner,
          fromName: standing.ownerName,
          ...(action.to ? { to: action.to.id, toName: action.to.name } : {}),
          ...(action.because === null ? {} : { because: action.because }),
        }
      case 'take':
        return standing.owner === null ? {} : { from: standing.owner, fromName: standing.ownerName }
      case 'attempt':
      case 'contact':
        return { channel: action.channel, ...(action.mailId ? { mailId: action.mailId } : {}) }
      case 'escalate':
        return { people: action.to }
      case 'escalated':
        return { people: action.to, ...(action.who === undefined ? {} : { who: action.who }) }
      case 'record':
        return pick(action)
      case 'close':
        return { outcome: action.outcome, ...pick(action) }
      case 'reopen':
        return { contactDueAt: isoOf(action.contactDueAt), next: isoOf(action.contactDueAt) }
      case 'reopened':
        return {
          contactDueAt: isoOf(action.contactDueAt),
          next: isoOf(action.contactDueAt),
          ...(action.responseId ? { responseId: action.responseId } : {}),
          ...(action.answeredAt ? { answeredAt: isoOf(action.answeredAt) } : {}),
          ...(action.solved === false ? { solved: false } : {}),
        }
      case 'joined':
        return {
          responseId: action.responseId,
          answeredAt: isoOf(action.answeredAt),
          ...(action.rule ? { rule: action.rule.to, fromRule: action.rule.from } : {}),
          ...(action.contactDueAt ? { contactDueAt: isoOf(action.contactDueAt) } : {}),
        }
      case 'followedUp':
        return { solved: action.solved, ...(action.responseId ? { responseId: action.responseId } : {}) }
      case 'replied':
        return action.mailId ? { mailId: action.mailId } : {}
      default:
        return {}
    }
  })()
  const passed = 'passed' in action && action.passed ? { passed: action.passed } : {}
  const detail = { ...rest, ...next, ...noted, ...passed }
  return Object.keys(detail).length > 0 ? detail : null
}

const isoOf = (at: Date | null) => at?.toISOString() ?? null

const stateAfter = (kind: CaseActionKind, state: CaseState): CaseState | undefined =>
  (moves[kind].to as Move['to'])[state]

/** The action that an event stands for: two of them are done both by people and by the product. */
function actionOf({ kind, actor }: CaseEvent): CaseActionKind {
  const found = (Object.keys(moves) as CaseActionKind[]).find(
    (each) => moves[each].event === kind && (moves[each].who === 'product') === (actor === null),
  )
  if (!found) throw new Error(`a case's history cannot hold ${kind}`)
  return found
}

function requireSeen(standing: CaseStanding, move: Move, revision: number | undefined) {
  if (revision === undefined) {
    if (!move.adds) throw new Refusal('case.changed', 'Say which revision you saw.')
    return
  }
  if (move.adds) return
  if (revision > standing.revision || revision < standing.settledRevision) throw new Refusal('case.changed')
}

function requireState(standing: CaseStanding, kind: CaseActionKind) {
  if (stateAfter(kind, standing.state)) return
  throw new Refusal(standing.state === 'closed' ? 'case.closed' : 'case.open')
}

function isAllowed(who: CaseWho, standing: CaseStanding, actor: Actor | null): boolean {
  if (who === 'product') return actor === null
  if (actor === null) return false
  if (who === 'anyone' || actor.mandate) return true
  return who === 'owner' && (standing.owner === null || standing.owner === actor.id)
}

function requireWho(standing: CaseStanding, who: CaseWho, actor: Actor | null) {
  if (isAllowed(who, standing, actor)) return
  throw who === 'owner' ? new Refusal('case.notYours') : new Refusal('access.denied')
}

/** Cause and action are the program's own; closing with an outcome that has a cause names it. */
function requireRecorded(standing: CaseStanding, action: CaseAction | ProductAction, rules: RecordRules) {
  if (action.kind !== 'record' && action.kind !== 'close') return
  for (const [name, known] of [
    ['cause', rules.causes],
    ['action', rules.actions],
  ] as const) {
    const given = action[name]
    if (given === undefined || given === null || known?.includes(given)) continue
    throw new Refusal('case.incomplete', `The program declares no ${name} ${given}.`, [
      {
        where: `body/${name}`,
        message: `expected one of ${known?.join(', ') ?? 'none: the program declares none'}`,
      },
    ])
  }
  const outcome = action.kind === 'close' ? action.outcome : standing.outcome
  if (outcome === null || outcome === 'no answer' || !rules.causes?.length) return
  const cause = action.cause === undefined ? standing.cause : action.cause
  // What was closed before there were causes may be recorded on without one.
  if (cause !== null || (action.kind === 'record' && standing.cause === null)) return
  throw new Refusal('case.incomplete', 'Name its cause.', [
    { where: 'body/cause', message: `expected one of ${rules.causes.join(', ')}` },
  ])
}
