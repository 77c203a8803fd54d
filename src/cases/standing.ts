// For: how a case stands, as the sum of what happened to it. Pure.
// In: a standing and the next event of the history. Out: the standing then; the history alone gives it.

/** open: waits, perhaps somebody's; taken: somebody works on it; contacted: the customer was reached; closed. */
export const caseStates = ['open', 'taken', 'contacted', 'closed'] as const
export type CaseState = (typeof caseStates)[number]

export const caseOutcomes = ['solved', 'not solved', 'no answer'] as const
export type CaseOutcome = (typeof caseOutcomes)[number]

/** What stands in a case's history; the first is how it began. */
export const caseEventKinds = [
  'opened',
  'taken',
  'assigned',
  'forwarded',
  'noted',
  'attempted',
  'contacted',
  'escalated',
  'recorded',
  'closed',
  'reopened',
  'read',
  'watched',
  'unwatched',
  'joined',
  'reminded',
  'missed',
  'followedUp',
  'replied',
] as const
export type CaseEventKind = (typeof caseEventKinds)[number]

/** Employee key, `user:<id>` or `key:<id>`. */
export interface Person {
  id: string
  name: string
}

/** What was found out; null takes it back. Churn risks are shares 0..1. */
export interface CaseRecord {
  cause?: string | null
  action?: string | null
  churnBefore?: number | null
  churnAfter?: number | null
  learning?: string | null
  quote?: string | null
}

export interface CaseEvent {
  revision: number
  at: Date
  kind: CaseEventKind
  /** Null: the product. */
  actor: string | null
  actorName: string | null
  note: string | null
  /** What it changed, so that the history alone gives the standing. Times are ISO 8601. */
  detail: Record<string, unknown> | null
}

/** The part of a case that actions change. */
export interface CaseStanding {
  state: CaseState
  owner: string | null
  ownerName: string | null
  outcome: CaseOutcome | null
  contactDueAt: Date
  nextCheckAt: Date | null
  assignedAt: Date | null
  takenAt: Date | null
  /** In this round: since it was opened, or opened again. */
  contactedAt: Date | null
  closedAt: Date | null
  /** Of the first contact there was; stays, whatever is done later. */
  missedAt: Date | null
  /** A new contact was promised when it was opened again, and that deadline passed; stays. */
  missedAgainAt: Date | null
  /** The first contact of a round that is over, with its deadline and channel. */
  firstContactedAt: Date | null
  firstDueAt: Date | null
  firstChannel: string | null
  /** Of the latest that came from the customer and has not been read. */
  newsRevision: number | null
  escalatedAt: Date | null
  lastAnswerAt: Date | null
  channel: string | null
  attempts: number
  reminded: number
  /** How many steps of the policy's chain have been gone. */
  escalation: number
  forwarded: number
  reopened: number
  joined: number
  cause: string | null
  action: string | null
  churnBefore: number | null
  churnAfter: number | null
  learning: string | null
  quote: string | null
  solvedByCustomer: boolean | null
  solvedByCustomerAt: Date | null
  revision: number
  /** Of the latest change that was more than an addition: who has seen that one may change the case. */
  settledRevision: number
}

/** How a case stands when it has just been opened. */
export function openedStanding(opened: {
  owner?: Person | null
  at: Date
  answeredAt: Date
  contactDueAt: Date
  next: Date | null
}): CaseStanding {
  const { owner = null, at, answeredAt, contactDueAt, next } = opened
  return {
    state: 'open',
    owner: owner?.id ?? null,
    ownerName: owner?.name ?? null,
    outcome: null,
    contactDueAt,
    nextCheckAt: next,
    assignedAt: owner ? at : null,
    takenAt: null,
    contactedAt: null,
    closedAt: null,
    missedAt: null,
    missedAgainAt: null,
    firstContactedAt: null,
    firstDueAt: null,
    firstChannel: null,
    newsRevision: null,
    escalatedAt: null,
    lastAnswerAt: answeredAt,
    channel: null,
    attempts: 0,
    reminded: 0,
    escalation: 0,
    forwarded: 0,
    reopened: 0,
    joined: 0,
    cause: null,
    action: null,
    churnBefore: null,
    churnAfter: null,
    learning: null,
    quote: null,
    solvedByCustomer: null,
    solvedByCustomerAt: null,
    revision: 1,
    settledRevision: 1,
  }
}

/** What an event makes of a case.
 * @param moved the state then, and whether the event only adds; case.ts knows them
 */
export function changed(
  standing: CaseStanding,
  event: CaseEvent,
  moved: { state: CaseState; adds: boolean },
): CaseStanding {
  const { at, kind } = event
  const detail = (event.detail ?? {}) as EventDetail
  const next: CaseStanding = {
    ...standing,
    state: moved.state,
    revision: event.revision,
    settledRevision: moved.adds ? standing.settledRevision : event.revision,
    ...('next' in detail ? { nextCheckAt: dateOf(detail.next) } : {}),
    ...(detail.read ? { newsRevision: null } : {}),
    ...(fromCustomer(event) ? { newsRevision: event.revision } : {}),
  }
  const own =
    event.actor === null
      ? {}
      : { owner: event.actor, ownerName: event.actorName, takenAt: standing.takenAt ?? at }
  const owned = standing.owner === null ? { ...own, assignedAt: at } : { takenAt: standing.takenAt ?? at }
  // Counted as missed even when the customer is reached before anybody looked at the clock.
  const late = standing.contactedAt === null && at > standing.contactDueAt
  const missed = late ? missedIn(standing) : {}
  switch (kind) {
    case 'taken':
      return { ...next, ...own, assignedAt: standing.owner === event.actor ? standing.assignedAt : at }
    case 'assigned':
    case 'forwarded':
      return {
        ...next,
        owner: detail.to ?? null,
        ownerName: detail.toName ?? null,
        assignedAt: at,
        forwarded: standing.forwarded + (kind === 'forwarded' ? 1 : 0),
      }
    case 'attempted':
      return { ...next, attempts: standing.attempts + 1 }
    case 'contacted':
      return {
        ...next,
        ...owned,
        ...missed,
        contactedAt: standing.contactedAt ?? at,
        channel: standing.contactedAt === null ? (detail.channel ?? null) : standing.channel,
        nextCheckAt: null,
      }
    case 'recorded':
      return { ...next, ...recordOf(standing, detail) }
    case 'closed':
      return {
        ...next,
        ...owned,
        ...missed,
        ...recordOf(standing, detail),
        outcome: detail.outcome ?? null,
        closedAt: at,
        nextCheckAt: null,
      }
    case 'reopened':
      return {
        ...next,
        ...firstRound(standing),
        outcome: null,
        closedAt: null,
        contactedAt: null,
        channel: null,
        contactDueAt: dateOf(detail.contactDueAt) ?? standing.contactDueAt,
        lastAnswerAt: dateOf(detail.answeredAt) ?? standing.lastAnswerAt,
        reopened: standing.reopened + 1,
        joined: standing.joined + (detail.responseId === undefined ? 0 : 1),
        reminded: 0,
        escalation: 0,
      }
    case 'joined':
      return {
        ...next,
        joined: standing.joined + 1,
        contactDueAt: dateOf(detail.contactDueAt) ?? standing.contactDueAt,
        lastAnswerAt: dateOf(detail.answeredAt) ?? standing.lastAnswerAt,
      }
    case 'reminded':
      return { ...next, reminded: standing.reminded + 1 }
    case 'missed':
      return { ...next, ...missedIn(standing) }
    case 'escalated':
      return {
        ...next,
        escalatedAt: standing.escalatedAt ?? at,
        escalation: standing.escalation + (event.actor === null ? 1 : 0),
      }
    case 'followedUp':
      return { ...next, solvedByCustomer: detail.solved ?? null, solvedByCustomerAt: at }
    default:
      return next
  }
}

/** What the customer said, and nobody here has answered to yet. */
const fromCustomer = ({ kind, actor, detail }: CaseEvent) =>
  actor === null &&
  (kind === 'replied' || kind === 'joined' || (kind === 'reopened' && detail?.responseId !== undefined))

/** Whose first contact was made is not missed for that by what is promised when it is opened again. */
function missedIn(standing: CaseStanding): Pick<CaseStanding, 'missedAt' | 'missedAgainAt'> {
  const { missedAt, missedAgainAt, contactDueAt } = standing
  return {
    missedAt: standing.firstContactedAt === null ? (missedAt ?? contactDueAt) : missedAt,
    missedAgainAt: standing.reopened > 0 ? (missedAgainAt ?? contactDueAt) : missedAgainAt,
  }
}

/** The contact of a round that is over, kept when it was the first. */
function firstRound(standing: CaseStanding): Partial<CaseStanding> {
  const { firstContactedAt, contactedAt, contactDueAt, channel } = standing
  if (firstContactedAt !== null || contactedAt === null) return {}
  return { firstContactedAt: contactedAt, firstDueAt: contactDueAt, firstChannel: channel }
}

interface EventDetail {
  next?: string | null
  to?: string
  toName?: string
  channel?: string
  outcome?: CaseOutcome
  contactDueAt?: string
  answeredAt?: string
  responseId?: string
  solved?: boolean
  /** Who did it knew what had come from the customer. */
  read?: boolean
  cause?: string | null
}

const recordKeys = ['cause', 'action', 'churnBefore', 'churnAfter', 'learning', 'quote'] as const

function recordOf(standing: CaseStanding, detail: EventDetail): CaseRecord {
  const given = Object.entries(detail).filter(([key]) => (recordKeys as readonly string[]).includes(key))
  return { ...pick(standing), ...Object.fromEntries(given) }
}

/** The parts of a record that are there. */
export const pick = (record: CaseRecord): CaseRecord =>
  Object.fromEntries(recordKeys.filter((key) => record[key] !== undefined).map((key) => [key, record[key]]))

const dateOf = (text: string | null | undefined) => (text ? new Date(text) : null)
