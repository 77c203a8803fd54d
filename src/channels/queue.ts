// For: mails that are to be sent, each once.
// In: who is to be told about what, queued in the transaction of the change. Out: rows of table messages.
import type { Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import type { Note } from './note.ts'

/** Kinds of mail. invitation, case, caseInformed, caseReminder and caseEscalated are written at delivery from the row
 * they are about, unless they bring a note of their own; all others bring one.
 */
export const messageKinds = [
  'invitation',
  'case',
  'caseInformed',
  'caseReminder',
  'caseEscalated',
  'caseNews',
  'letter',
  'autoReply',
  'praise',
  'criticism',
  'digest',
  'youSaidWeDid',
  'promoter',
  'plan',
] as const
export type MessageKind = (typeof messageKinds)[number]

/** Those about a case that are written at delivery. */
export const caseKinds = [
  'case',
  'caseInformed',
  'caseReminder',
  'caseEscalated',
] as const satisfies readonly MessageKind[]
export type CaseMailKind = (typeof caseKinds)[number]

/** Of a deadline: the program may let it through quiet hours. */
export const isOfDeadline = (kind: CaseMailKind) => kind === 'caseReminder' || kind === 'caseEscalated'

export interface NewMessage {
  kind: MessageKind
  /** The invitation, case, response or whatever else it is about. */
  aboutId: string
  /** An e-mail address. */
  recipient: string
  /** What it says; left out where that is read from the row it is about. */
  note?: Note
  /** When what it tells came about, where that is not now: by a clock that jumps. */
  queuedAt?: Date
  /** Not before this time, such as the end of quiet hours; when it is queued. */
  sendAt?: Date
  /** Tells several mails of one kind about one thing to one person apart, such as the second reminder. */
  occasion?: string
}

/** A mail that is about to be sent. */
export interface Claimed {
  messageId: string
  kind: MessageKind
  aboutId: string
  recipient: string
  /** What it says; null when that is read from the row it is about. */
  note: Note | null
  /** Left out: just now. */
  queuedAt?: Date
  /** When its sending is written down: now, or in a replay when it was due. Left out: now. */
  sendingAt?: Date
}

/** The id of a message: also in its Message-ID header. */
export const messageIdOf = (
  workspaceId: string,
  { kind, aboutId, recipient, occasion }: Pick<NewMessage, 'kind' | 'aboutId' | 'recipient' | 'occasion'>,
): string =>
  stableId(workspaceId, 'message', kind, aboutId, recipient, ...(occasion === undefined ? [] : [occasion]))

/** Queues mails and announces message.queued. The same one queued again changes nothing. */
export async function queueMessages(
  tx: Tx,
  parts: { announce: Announce; clock: Clock },
  messages: readonly NewMessage[],
): Promise<void> {
  if (messages.length === 0) return
  const at = parts.clock.now()
  const workspaceId = tx.workspaceId as string
  const rows = messages.map((message) => ({
    id: messageIdOf(workspaceId, message),
    kind: message.kind,
    about: message.aboutId,
    recipient: message.recipient,
    content: message.note ?? null,
    queued_at: message.queuedAt ?? at,
    try_at: message.sendAt ?? message.queuedAt ?? at,
  }))
  await tx.query(
    `insert into messages (workspace_id, message_id, kind, about_id, recipient, content, state, queued_at, try_at)
     select $1::uuid, r.id, r.kind, r.about, r.recipient, r.content, 'queued', r.queued_at, r.try_at
     from json_to_recordset($2::json) as r(id uuid, kind text, about uuid, recipient text, content jsonb,
       queued_at timestamptz, try_at timestamptz)
     on conflict (workspace_id, message_id) do nothing`,
    [workspaceId, JSON.stringify(rows)],
  )
  const times = new Set(messages.map(({ sendAt }) => Math.max(sendAt?.getTime() ?? 0, at.getTime())))
  for (const time of times) await parts.announce(tx, { kind: 'message.queued', workspaceId }, new Date(time))
}

export interface TroubledMessage {
  messageId: string
  kind: MessageKind
  aboutId: string
  recipient: string
  state: 'uncertain' | 'failed'
  attempts: number
  queuedAt: Date
  error: string | null
}

/** Mails that were not, or not certainly, delivered; newest first, at most 200. */
export function listTroubledMessages(tx: Tx): Promise<TroubledMessage[]> {
  return tx.query<TroubledMessage & Record<string, unknown>>(
    `select message_id as "messageId", kind, about_id as "aboutId", recipient, state, attempts,
            queued_at as "queuedAt", error
     from messages where state in ('uncertain', 'failed') order by queued_at desc limit 200`,
  )
}

/** A mail that was not even queued, since it had become untrue before. */
export interface WithdrawnMessage extends Pick<NewMessage, 'kind' | 'aboutId' | 'recipient' | 'occasion'> {
  why: string
}

/** Keeps mails that need not be sent any more, as those that were withdrawn from the queue are. */
export async function noteWithdrawn(tx: Tx, at: Date, messages: readonly WithdrawnMessage[]): Promise<void> {
  if (messages.length === 0) return
  const rows = messages.map((message) => ({
    id: messageIdOf(tx.workspaceId as string, message),
    kind: message.kind,
    about: message.aboutId,
    recipient: message.recipient,
    why: message.why,
  }))
  await tx.query(
    `insert into messages (workspace_id, message_id, kind, about_id, recipient, state, queued_at, try_at, error)
     select $1::uuid, r.id, r.kind, r.about, r.recipient, 'withdrawn', $2::timestamptz, $2::timestamptz, r.why
     from json_to_recordset($3::json) as r(id uuid, kind text, about uuid, recipient text, why text)
     on conflict (workspace_id, message_id) do nothing`,
    [tx.workspaceId, at, JSON.stringify(rows)],
  )
}
