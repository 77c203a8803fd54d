// For: the letters on a case: what was written to the customer, and what they answered.
// In: a letter to send; or all mails of a case to show. Out: rows of table case_mails, and of messages for those out.
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { type UnitScope, visibleCase } from '../people/access.ts'
import { knownLanguage } from '../program/question.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { messageIdHeader } from './content.ts'
import { messageIdOf, queueMessages } from './queue.ts'

export interface Letter {
  caseId: string
  /** The customer's address. */
  to: string
  subject: string
  /** Plain text; empty lines part paragraphs. */
  body: string
  language?: string
  /** Of one that is written to many at once: whom it goes to, unless they have unsubscribed. */
  consentOf?: string
  /** Who signs it; stands before the address as the sender's name. */
  from?: string
  actor?: { id: string; name: string }
  /** The same letter queued again changes nothing; left out, it is a new one. */
  mailId?: string
  sendAt?: Date
}

export interface LetterParts {
  clock: Clock
  announce: Announce
  publicUrl: string
}

const threadLength = 10

/** Writes a letter on a case and queues it. An answer to it comes back to the case; it continues the thread there is.
 * @returns the mail's id
 */
export async function queueLetter(tx: Tx, parts: LetterParts, letter: Letter): Promise<string> {
  const workspaceId = tx.workspaceId as string
  const mailId = letter.mailId ?? newId(parts.clock)
  const host = new URL(parts.publicUrl).hostname
  const message = { kind: 'letter' as const, aboutId: mailId, recipient: letter.to }
  const earlier = await tx.query<{ id: string; direction: string }>(
    `select message_id as id, direction from case_mails
     where case_id = $1 and (aside is null or settled = 'accepted') and mail_id <> $2
     order by at desc, mail_id desc limit ${threadLength}`,
    [letter.caseId, mailId],
  )
  const references = earlier.map(({ id }) => id).reverse()
  const subject = letter.subject.replace(/\s+/g, ' ').trim()
  await tx.query(
    `insert into case_mails (workspace_id, mail_id, case_id, direction, message_id, in_reply_to, sender, recipient,
       subject, text, at, actor, actor_name)
     values ($1, $2, $3, 'out', $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [
      workspaceId,
      mailId,
      letter.caseId,
      messageIdHeader(messageIdOf(workspaceId, message), host),
      references.at(-1) ?? null,
      letter.from ?? '',
      letter.to,
      subject,
      letter.body,
      parts.clock.now(),
      letter.actor?.id ?? null,
      letter.actor?.name ?? null,
    ],
  )
  await queueMessages(tx, parts, [
    {
      ...message,
      ...(letter.sendAt ? { sendAt: letter.sendAt } : {}),
      note: {
        language: knownLanguage(letter.language),
        subject,
        intro: letter.body,
        replyCase: letter.caseId,
        references,
        ...(letter.from ? { from: letter.from } : {}),
        ...(letter.consentOf ? { consentOf: letter.consentOf } : {}),
      },
    },
  ])
  return mailId
}

export interface CaseMail extends Row {
  mailId: string
  caseId: string
  direction: 'out' | 'in'
  at: Date
  sender: string
  recipient: string
  subject: string
  text: string
  automatic: boolean
  /** It came in from an address that is neither the customer's nor one that was written to about the case. */
  otherSender: boolean
  attachments: Array<{ name: string; type: string; size: number }>
  actor: string | null
  actorName: string | null
  /** Of one that goes out: how far it has come. */
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'uncertain' | null
  error: string | null
  aside: 'forged' | 'loop' | 'tooMany' | null
}

const columns = `c.mail_id as "mailId", c.case_id as "caseId", c.direction, c.at, c.sender, c.recipient, c.subject,
  c.text, c.automatic, c.attachments, c.actor, c.actor_name as "actorName", m.state, m.error, c.aside,
  c.direction = 'in' and not exists (
    select from cases o join contacts p on p.contact_id = o.contact_id
    where o.case_id = c.case_id and p.address = mail_address(c.sender)
    union all select from case_mails o
    where o.case_id = c.case_id and o.direction = 'out' and mail_address(o.recipient) = mail_address(c.sender)
  ) as "otherSender"`
const tables = `case_mails c
  left join messages m on m.kind = 'letter' and m.about_id = c.mail_id and c.direction = 'out'`

/** @throws Refusal thing.unknown when there is no such case in the scope */
export async function requireCase(tx: Tx, caseId: string, scope: UnitScope): Promise<void> {
  const values: unknown[] = [caseId]
  const within = visibleCase(scope, 'k', values)
  const found = await tx.query(`select 1 from cases k where k.case_id = $1 and ${within}`, values)
  if (found.length === 0) throw new Refusal('thing.unknown')
}

/** All letters on a case, oldest first; those kept aside are not among them. */
export function listCaseMails(tx: Tx, caseId: string): Promise<CaseMail[]> {
  return tx.query<CaseMail>(
    `select ${columns} from ${tables}
     where c.case_id = $1 and (c.aside is null or c.settled = 'accepted') order by c.at, c.mail_id`,
    [caseId],
  )
}

/** These mails, in any order. */
export function readCaseMails(tx: Tx, mailIds: readonly string[]): Promise<CaseMail[]> {
  return tx.query<CaseMail>(`select ${columns} from ${tables} where c.mail_id = any($1::uuid[])`, [mailIds])
}

/** Answers kept aside that nobody has judged, newest first.
 * @param page.cursor `next` of the page before
 * @throws Refusal request.malformed when the cursor is none
 */
export async function listMailsAside(
  tx: Tx,
  scope: UnitScope,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ items: CaseMail[]; next: string | null; total: number }> {
  const values: unknown[] = []
  const aside = `${tables} join cases k on k.case_id = c.case_id
    where c.aside is not null and c.settled is null and ${visibleCase(scope, 'k', values)}`
  const [count] = await tx.query<{ total: number }>(`select count(*) as total from ${aside}`, values)
  let after = 'true'
  if (cursor !== undefined) {
    const [, time = '', id = ''] = /^([\dTZ:.-]{20,30})_([0-9a-f-]{36})$/.exec(cursor) ?? []
    if (Number.isNaN(Date.parse(time)))
      throw new Refusal('request.malformed', undefined, [
        { where: 'querystring/cursor', message: 'expected `next` of an earlier page' },
      ])
    after = `(c.at, c.mail_id) < ($${values.push(new Date(time))}::timestamptz, $${values.push(id)}::uuid)`
  }
  const rows = await tx.query<CaseMail>(
    `select ${columns} from ${aside} and ${after}
     order by c.at desc, c.mail_id desc limit $${values.push(limit + 1)}`,
    values,
  )
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next = rows.length > limit && last ? `${last.at.toISOString()}_${last.mailId}` : null
  return { items, next, total: count?.total ?? 0 }
}

/** Puts an answer that was kept aside on its case, or puts it away; either is noted with who did it.
 * @throws Refusal thing.unknown
 */
export async function settleMailAside(
  tx: Tx,
  parts: { clock: Clock; announce: Announce },
  mailId: string,
  settled: 'accepted' | 'discarded',
  by: { id: string; scope: UnitScope },
): Promise<void> {
  const values: unknown[] = [mailId, settled, by.id]
  const within = visibleCase(by.scope, 'k', values)
  const [row] = await tx.query<{ caseId: string }>(
    `update case_mails c set settled = $2, settled_by = $3 from cases k
     where k.case_id = c.case_id and c.mail_id = $1 and c.aside is not null and c.settled is null and ${within}
     returning c.case_id as "caseId"`,
    values,
  )
  if (!row) throw new Refusal('thing.unknown')
  if (settled === 'accepted') {
    const workspaceId = tx.workspaceId as string
    await parts.announce(tx, { kind: 'mail.received', workspaceId, mailIds: [mailId], caseIds: [row.caseId] })
  }
}

/** A mail that came in, as it came. @throws Refusal thing.unknown */
export async function rawMail(tx: Tx, mailId: string, scope: UnitScope): Promise<Buffer> {
  const values: unknown[] = [mailId]
  const within = visibleCase(scope, 'k', values)
  const [row] = await tx.query<{ raw: string | null }>(
    `select encode(c.raw, 'base64') as raw from case_mails c join cases k on k.case_id = c.case_id
     where c.mail_id = $1 and ${within}`,
    values,
  )
  if (!row?.raw) throw new Refusal('thing.unknown')
  return Buffer.from(row.raw, 'base64')
}
