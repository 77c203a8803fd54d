// For: answers to letters, by SMTP, each put on the case it answers once; what may be false or a loop is kept aside.
// In: mails to reply addresses. Out: rows of table case_mails; news mail.received of those on a case, mail.tooMany of those
// set aside as a flood.
import PostalMime, { type Email } from 'postal-mime'
import type { Clock } from '../base/clock.ts'
import { sha256, stableId } from '../base/ids.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { withCharsets } from './charset.ts'
import { textOfHtml } from './htmlText.ts'
import { withoutQuoted } from './quoted.ts'
import { isGenuine, type ReplyAddress, readReplyAddress, replyKey } from './replyAddress.ts'
import { listenSmtp, refusal, type SmtpListener, type TakenMail } from './smtp.ts'

export interface InboundParts {
  database: Database
  clock: Clock
  announce: Announce
  /** What our own mails come from; no customer writes from there. */
  ownSender?: string
}

export type InboundResult =
  | { result: 'recorded' | 'duplicate'; mailId: string; aside: null }
  | { result: 'recorded' | 'duplicate'; mailId: string; aside: 'forged' | 'loop' | 'tooMany' }
  /** There is no such case: nobody here gets this mail. */
  | { result: 'unknown' }

const largest = 10 * 1024 * 1024
/** More answers on one case in an hour are no conversation; of what no person wrote as many are counted apart, so that a
 * machine which answers everything comes to an end and shuts nobody out.
 */
const mostAnHour = 20
const hour = 3_600_000
const longestText = 100_000

/** Listens for answers, for a mail server that hands on what comes to the reply address.
 * @param port 0 takes any free one
 */
export function openInbound(parts: InboundParts, port: number, host: string): Promise<SmtpListener> {
  return listenSmtp(
    {
      banner: 'Samklang',
      largest,
      async recipient(address) {
        const reply = readReplyAddress(address)
        if (!reply || !(await workspaceOf(parts.database, reply))) throw nobody()
      },
      async take(mail) {
        await takeReplies(parts, mail)
      },
    },
    port,
    host,
  )
}

const nobody = () => refusal(550, 'There is nobody of this name here.')

/** Records a mail for each reply address it came to.
 * @throws an SMTP refusal when none of them leads to a case
 */
export async function takeReplies(parts: InboundParts, mail: TakenMail): Promise<InboundResult[]> {
  const results: InboundResult[] = []
  for (const to of mail.to) results.push(await recordInboundMail(parts, { ...mail, to }))
  if (results.every(({ result }) => result === 'unknown')) throw nobody()
  return results
}

async function workspaceOf(database: Database, { caseId }: ReplyAddress): Promise<string | undefined> {
  const [row] = await database.script('select workspace_id as id from samklang.cases where case_id = $1', [
    caseId,
  ])
  return row?.id as string | undefined
}

/** Puts an answer on its case. The same mail again changes nothing.
 * An address whose code is not ours (forged), our own letter coming back (loop), and a flood (tooMany) are kept aside
 * for a person to judge. What no person wrote, such as an absence note or a bounce, is marked automatic: it stands on
 * the case and answers nothing.
 * @param mail.to the envelope's recipient, which is what the mail server went by
 */
export async function recordInboundMail(
  parts: InboundParts,
  mail: { from: string; to: string; raw: Buffer },
): Promise<InboundResult> {
  const address = readReplyAddress(mail.to)
  const workspaceId = address && (await workspaceOf(parts.database, address))
  if (!address || !workspaceId) return { result: 'unknown' }
  const read = await readMail(mail.raw)
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    // One at a time for each case, so that a flood is counted right.
    await tx.query('select 1 from cases where case_id = $1 for update', [address.caseId])
    const aside = await whyAside(tx, parts, address, mail, read)
    const messageId = read.messageId ?? `<${sha256(mail.raw.toString('latin1'))}@no-message-id>`
    // A forged copy that comes first must not keep the true one out.
    const place = aside === 'forged' ? 'forged' : 'case'
    const mailId = stableId(workspaceId, 'mail', address.caseId, place, messageId)
    const inserted = await tx.query(
      `insert into case_mails (workspace_id, mail_id, case_id, direction, message_id, in_reply_to, sender, recipient,
         subject, text, raw, attachments, automatic, aside, at)
       values ($1, $2, $3, 'in', $4, $5, $6, $7, $8, $9, decode($10, 'base64'), $11::text::jsonb, $12, $13, $14)
       on conflict do nothing returning 1`,
      [
        workspaceId,
        mailId,
        address.caseId,
        messageId,
        read.inReplyTo,
        read.sender || mail.from,
        mail.to,
        read.subject,
        read.text,
        mail.raw.toString('base64'),
        JSON.stringify(read.attachments),
        isFromMachine(mail, read),
        aside,
        parts.clock.now(),
      ],
    )
    if (inserted.length === 0) return { result: 'duplicate', mailId, aside } as InboundResult
    const caseIds = [address.caseId]
    if (aside === null)
      await parts.announce(tx, { kind: 'mail.received', workspaceId, mailIds: [mailId], caseIds })
    if (aside === 'tooMany') await parts.announce(tx, { kind: 'mail.tooMany', workspaceId, caseIds })
    return { result: 'recorded', mailId, aside } as InboundResult
  })
}

async function whyAside(
  tx: Tx,
  { clock, ownSender }: InboundParts,
  address: ReplyAddress,
  mail: { from: string },
  read: ReadMail,
): Promise<'forged' | 'loop' | 'tooMany' | null> {
  if (!isGenuine(address, await replyKey(tx))) return 'forged'
  if (readReplyAddress(mail.from)) return 'loop'
  const ours = ownSender === undefined ? undefined : addressIn(ownSender)
  if (ours !== undefined && [mail.from, read.sender].some((sender) => addressIn(sender) === ours))
    return 'loop'
  const [, own] = /^<([0-9a-f-]{36})@/.exec(read.messageId ?? '') ?? []
  if (own) {
    const sent = await tx.query('select 1 from messages where message_id = $1', [own])
    if (sent.length > 0) return 'loop'
  }
  const [flood] = await tx.query<{ n: number }>(
    // Of genuine ones of their kind: neither who guesses at addresses nor a machine, nor our own letters that come back,
    // must close the case to its customer.
    `select count(*) as n from case_mails where case_id = $1 and direction = 'in' and at > $2 and message_id <> $3
       and automatic = $4 and (aside is null or aside = 'tooMany')`,
    [address.caseId, new Date(clock.now().getTime() - hour), read.messageId ?? '', isFromMachine(mail, read)],
  )
  return (flood?.n ?? 0) >= mostAnHour ? 'tooMany' : null
}

/** No person wrote it. A bounce has no sender. */
const isFromMachine = ({ from }: { from: string }, { automatic }: ReadMail) => automatic || from === ''

/** Name <a@b> -> a@b */
const addressIn = (sender: string) => (/<([^<>]+)>\s*$/.exec(sender)?.[1] ?? sender).trim().toLowerCase()

interface ReadMail {
  messageId: string | null
  inReplyTo: string | null
  sender: string
  subject: string
  text: string
  attachments: Array<{ name: string; type: string; size: number }>
  automatic: boolean
}

async function readMail(raw: Buffer): Promise<ReadMail> {
  let mail: Email
  try {
    mail = await PostalMime.parse(withCharsets(raw), { maxNestingDepth: 50 })
  } catch {
    // What cannot be read is kept and shown as it came.
    mail = { headers: [], headerLines: [], attachments: [], text: raw.toString('latin1') }
  }
  const headers = new Map(mail.headers.map(({ key, value }) => [key.toLowerCase(), value]))
  const text = mail.html && !mail.text?.trim() ? textOfHtml(mail.html) : (mail.text ?? '')
  return {
    messageId: clean(mail.messageId, 500) || null,
    inReplyTo: clean(mail.inReplyTo, 500) || null,
    sender: clean(mail.from?.address, 320),
    subject: clean(mail.subject, 500),
    text: clean(withoutQuoted(text), longestText),
    attachments: (mail.attachments ?? []).map(({ filename, mimeType, content }) => ({
      name: clean(filename ?? '', 255),
      type: mimeType,
      size: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
    })),
    automatic: isAutomatic(headers),
  }
}

// Postgres keeps no NUL in text.
const clean = (text: string | undefined, longest: number) =>
  (text ?? '').replaceAll('\u0000', '').slice(0, longest).toWellFormed()

/** RFC 3834, and what mail programs did before and besides it. */
function isAutomatic(headers: Map<string, string>): boolean {
  const has = (name: string, pattern: RegExp) => pattern.test(headers.get(name) ?? '')
  return (
    has('auto-submitted', /^(?!no\b)\S/i) ||
    has('precedence', /bulk|junk|list|auto/i) ||
    ['x-auto-response-suppress', 'x-autoreply', 'x-autorespond', 'list-id', 'x-failed-recipients'].some(
      (name) => headers.has(name),
    )
  )
}
