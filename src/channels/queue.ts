// For: mails that are to be sent, each once.
// In: who is to be told about what, queued in the transaction of the change. Out: rows of table messages.
import type { Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'

export type MessageKind = 'invitation' | 'case'

export interface NewMessage {
  kind: MessageKind
  /** The invitation or case. */
  aboutId: string
  /** An e-mail address. */
  recipient: string
}

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
    id: stableId(workspaceId, 'message', message.kind, message.aboutId, message.recipient),
    kind: message.kind,
    about: message.aboutId,
    recipient: message.recipient,
  }))
  await tx.query(
    `insert into messages (workspace_id, message_id, kind, about_id, recipient, state, queued_at, try_at)
     select $1::uuid, r.id, r.kind, r.about, r.recipient, 'queued', $2::timestamptz, $2::timestamptz
     from json_to_recordset($3::json) as r(id uuid, kind text, about uuid, recipient text)
     on conflict (workspace_id, message_id) do nothing`,
    [workspaceId, at, JSON.stringify(rows)],
  )
  await parts.announce(tx, { kind: 'message.queued', workspaceId }, at)
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
