// For: mails about cases that have waited, for quiet hours or for a process that was down, and are no longer true.
// In: mails that are about to be sent. Out: those that must not be, each with the reason.
import { type Clock, sinceOfWork } from '../base/clock.ts'
import { type CaseMailKind, type Claimed, caseKinds } from '../channels/queue.ts'
import { maySeeCase } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { recipientsOrLeads } from './notify.ts'

/** Why a mail about a case is not sent any more: the customer has been reached since, or the case closed; it is somebody
 * else's to know by now; the deadline it reminds of has passed; a later mail to the same reader says the same, or, of a
 * reminder, one of the same minute that says more: that the case is theirs, or that the customer says it is not solved.
 */
export const outdatedReasons = ['closed', 'contacted', 'notTheirs', 'late', 'repeated'] as const
export type Outdated = (typeof outdatedReasons)[number]

interface Waiting extends Row {
  id: string
  kind: CaseMailKind
  caseId: string
  recipient: string
  closed: boolean
  /** It was closed later than this is written down as sent. */
  closedSince: boolean
  owned: boolean
  /** The deadline that it reminds of has passed. */
  late: boolean
  /** The customer was reached after it had been queued. */
  contacted: boolean
  /** A colleague handed the case up, and not a deadline. */
  byHand: boolean
  repeated: boolean
}

interface Reading {
  /** Who is told of each case now; of whom `informed` as one who is kept informed. */
  told: ReadonlyMap<string, ReadonlyArray<{ email: string; informed: boolean }>>
  /** To whom each case has been handed up. */
  escalated: ReadonlySet<string>
}

type Step = (mail: Waiting, reading: Reading) => Outdated | undefined

/** The news that it was closed goes to those who hear of it in a mail of its own. */
const isClosed: Step = ({ closed }) => (closed ? 'closed' : undefined)

const isContacted: Step = ({ kind, contacted, byHand }) =>
  contacted && kind !== 'caseInformed' && !byHand ? 'contacted' : undefined

const isAnothers: Step = ({ kind, caseId, recipient, owned }, { told, escalated }) => {
  const handedUp = escalated.has(keyOf(caseId, recipient))
  if (kind === 'caseEscalated') return handedUp ? undefined : 'notTheirs'
  if (kind === 'caseInformed' && handedUp) return undefined
  const own = (told.get(caseId) ?? []).filter(({ email }) => isSame(email, recipient))
  const asOwner = own.some(({ informed }) => !informed)
  // Whoever was kept informed and has it now knows; of one that nobody has they are to know all the same.
  const isTheirs = kind === 'caseInformed' ? own.length > 0 && !(asOwner && owned) : asOwner
  return isTheirs ? undefined : 'notTheirs'
}

const isLate: Step = ({ late }) => (late ? 'late' : undefined)

/** That a case was handed up to somebody says more than that they are kept informed of it. */
const isRepeated: Step = ({ kind, caseId, recipient, contacted, repeated }, { escalated }) =>
  repeated || (kind === 'caseInformed' && !contacted && escalated.has(keyOf(caseId, recipient)))
    ? 'repeated'
    : undefined

const steps: readonly Step[] = [isClosed, isContacted, isAnothers, isLate, isRepeated]

/** Each is judged by what was so when its sending is written down: a replay that looks later sends what was true then.
 * @returns by the id of the message, why it must not be sent
 */
export async function outdatedMails(
  tx: Tx,
  messages: readonly Claimed[],
  clock: Clock,
): Promise<Map<string, Outdated>> {
  const now = clock.now()
  const ofCases = messages.filter((each) => isOfCase(each) && each.queuedAt !== undefined)
  const old = new Set(
    ofCases.flatMap(({ messageId, queuedAt, sendingAt = now }) =>
      hasWaited(queuedAt as Date, sendingAt) ? [messageId] : [],
    ),
  )
  // What a reminder of this moment says may just have been told by what has waited until now.
  const judged = ofCases.filter(({ messageId, kind }) => old.has(messageId) || kind === 'caseReminder')
  if (judged.length === 0) return new Map()
  const sent = judged.map(({ messageId: id, sendingAt: at = now }) => ({ id, at }))
  const waiting = await readWaiting(tx, sent, { since: sinceOfWork(clock), now })
  const about = (closedSince: boolean) => [
    ...new Set(
      waiting.flatMap((each) => (old.has(each.id) && each.closedSince === closedSince ? each.caseId : [])),
    ),
  ]
  const recipients = [
    ...(await recipientsOrLeads(tx, about(false), 'everybody')),
    ...(await recipientsOrLeads(tx, about(true), 'everybody', 'all')),
  ]
  const handedUp = waiting.filter(({ kind }) => kind === 'caseEscalated' || kind === 'caseInformed')
  const reading: Reading = {
    told: Map.groupBy(recipients, ({ caseId }) => caseId),
    escalated: await readEscalated(
      tx,
      handedUp.map(({ caseId }) => caseId),
    ),
  }
  return new Map(
    waiting.flatMap((mail): Array<[string, Outdated]> => {
      for (const step of old.has(mail.id) ? steps : [isRepeated]) {
        const reason = step(mail, reading)
        if (reason) return [[mail.id, reason]]
      }
      return []
    }),
  )
}

const isOfCase = ({ kind, note }: Claimed) => !note && (caseKinds as readonly string[]).includes(kind)
/** What goes out at once is as true as it was: of thousands none is read again. */
export const hasWaited = (since: Date, now: Date) => now.getTime() - since.getTime() > atOnce
const atOnce = 5000
const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
const keyOf = (caseId: string, email: string) => `${caseId} ${email.toLowerCase()}`

/** What has waited and is sent so near to a reminder stands beside it in its reader's mailbox. */
const justNow = '1 minute'

/** @param done between when and when what is due by now is written down as done; a clock that does not jump has one time */
const readWaiting = (
  tx: Tx,
  sent: ReadonlyArray<{ id: string; at: Date }>,
  done: { since: Date; now: Date },
) =>
  tx.query<Waiting>(
    `select m.message_id as id, m.kind, m.about_id as "caseId", m.recipient, c.owner is not null as owned,
       c.state = 'closed' and c.closed_at <= r.at as closed, c.state = 'closed' and c.closed_at > r.at as "closedSince",
       m.kind = 'caseReminder' and c.contact_due_at <= r.at as late,
       coalesce(c.contacted_at > m.queued_at and c.contacted_at <= r.at, false) as contacted,
       m.kind = 'caseEscalated' and exists (select from case_events v where v.case_id = c.case_id
         and v.kind = 'escalated' and v.actor is not null and v.at = m.queued_at) as "byHand",
       exists (select from messages n where n.workspace_id = m.workspace_id and n.about_id = m.about_id
         and n.kind = m.kind and n.recipient = m.recipient and n.content is null and n.state in ('queued', 'sending')
         and n.queued_at > m.queued_at and n.try_at <= m.try_at)
       or m.kind = 'caseReminder' and exists (select from messages n where n.workspace_id = m.workspace_id
         and n.about_id = m.about_id and n.kind = 'case' and n.recipient = m.recipient and n.content is null
         and (n.state in ('queued', 'sending') and n.try_at <= $3
             and greatest(n.try_at, $4) between r.at - interval '${justNow}' and r.at + interval '${justNow}'
           or n.state = 'sent' and n.sent_at between r.at - interval '${justNow}' and r.at + interval '${justNow}'
             and n.sent_at > n.queued_at + interval '${atOnce} milliseconds')) as repeated
     from json_to_recordset($1::json) as r(id uuid, at timestamptz)
     join messages m on m.message_id = r.id join cases c on c.case_id = m.about_id
     where m.message_id = any($2::uuid[])`,
    [JSON.stringify(sent), sent.map(({ id }) => id), done.now, done.since],
  )

async function readEscalated(tx: Tx, caseIds: readonly string[]): Promise<Set<string>> {
  if (caseIds.length === 0) return new Set()
  const rows = await tx.query<{ id: string; email: string }>(
    `select p.case_id as id, r.email from case_people p
     join cases c on c.case_id = p.case_id
     join case_readers r on r.person = p.person and r.email is not null
     where p.case_id = any($1::uuid[]) and p.part = 'escalated' and ${maySeeCase('p.person', 'c')}`,
    [[...new Set(caseIds)]],
  )
  return new Set(rows.map(({ id, email }) => keyOf(id, email)))
}
