import PostalMime, { decodeWords } from 'postal-mime'
import { Refusal } from '../base/errors.ts'
import type { Tx } from '../storage/postgres.ts'

export interface MailInList {
  mailId: number
  receivedAt: Date
  sender: string
  recipient: string
  subject: string
}

export interface MailRead extends MailInList {
  messageId: string
  html: string | null
  text: string | null
  headers: Array<{ name: string; value: string }>
}

/** The development mailbox, newest first.
 * @param before a mailId: only mails that came earlier
 */
export async function listMailbox(
  tx: Tx,
  page: { before?: number; limit: number },
): Promise<{ items: MailInList[]; next: number | null; total: number }> {
  const rows = await tx.query<{
    mailId: number
    receivedAt: Date
    sender: string
    recipient: string
    subject: string
  }>(
    `select mail_id as "mailId", received_at as "receivedAt", sender, recipient, subject
     from mailbox where $1::bigint is null or mail_id < $1::bigint
     order by mail_id desc limit $2`,
    [page.before ?? null, page.limit + 1],
  )
  const [count] = await tx.query<{ total: number }>('select count(*) as total from mailbox')
  const items = rows.slice(0, page.limit).map((row) => ({ ...row, subject: decodeWords(row.subject) }))
  return {
    items,
    next: rows.length > page.limit ? (items.at(-1)?.mailId ?? null) : null,
    total: count?.total ?? 0,
  }
}

/** One mail, parsed. Its HTML is as it came: show it in a sandboxed frame.
 * @throws Refusal thing.unknown
 */
export async function readMailbox(tx: Tx, mailId: number): Promise<MailRead> {
  const [row] = await tx.query<{
    received_at: Date
    sender: string
    recipient: string
    raw: string
    message_id: string
  }>('select received_at, sender, recipient, raw, message_id from mailbox where mail_id = $1', [mailId])
  if (!row) throw new Refusal('thing.unknown')
  const mail = await PostalMime.parse(row.raw)
  return {
    mailId,
    receivedAt: row.received_at,
    sender: row.sender,
    recipient: row.recipient,
    subject: mail.subject ?? '',
    messageId: row.message_id,
    html: mail.html ?? null,
    text: mail.text ?? null,
    headers: mail.headers.map((header) => ({ name: header.originalKey ?? header.key, value: header.value })),
  }
}
