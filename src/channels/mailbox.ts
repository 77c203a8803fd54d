// For: the built-in development mailbox: a real SMTP server in the process that keeps every mail it is given.
// In: SMTP on 127.0.0.1; the header X-Samklang-Workspace says whose mail it is, a reply address which case it answers.
// Out: rows of table mailbox; answers handed on.
import type { Clock } from '../base/clock.ts'
import { createBatcher } from '../storage/batcher.ts'
import type { Database } from '../storage/postgres.ts'
import { readReplyAddress } from './replyAddress.ts'
import { listenSmtp, refusal, type SmtpListener, type TakenMail } from './smtp.ts'

export type Mailbox = SmtpListener

interface Arrived {
  workspaceId: string
  messageId: string
  sender: string
  recipient: string
  subject: string
  raw: string
}

export const workspaceHeader = 'X-Samklang-Workspace'
const largest = 5 * 1024 * 1024

/** Listens, and answers "250 OK" for a mail only when its row has been committed.
 * @param port 0 takes any free one
 * @param reply keeps an answer to a letter; without it none is taken
 */
export async function openMailbox(
  parts: { database: Database; clock: Clock },
  port: number,
  reply?: (mail: TakenMail) => Promise<unknown>,
): Promise<Mailbox> {
  const keep = createBatcher<Arrived, undefined>(200, async (mails) => {
    const workspaces = Map.groupBy(mails, (mail) => mail.workspaceId)
    for (const [workspaceId, own] of workspaces) {
      await parts.database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `insert into mailbox (workspace_id, received_at, message_id, sender, recipient, subject, raw)
           select $1::uuid, $2, r."messageId", r.sender, r.recipient, r.subject, r.raw
           from json_to_recordset($3::json)
             as r("messageId" text, sender text, recipient text, subject text, raw text)`,
          [workspaceId, parts.clock.now(), JSON.stringify(own)],
        ),
      )
    }
    return mails.map(() => undefined)
  })

  return listenSmtp(
    {
      banner: 'Samklang development mailbox',
      largest,
      async take({ from, to, raw }) {
        const answers = to.filter(readReplyAddress)
        const text = textOf(raw)
        const header = headerOf(text)
        const workspaceId = header(workspaceHeader).toLowerCase()
        if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(workspaceId)) {
          await keep({
            workspaceId,
            messageId: header('Message-ID'),
            sender: from,
            recipient: to.join(', '),
            subject: header('Subject'),
            raw: text,
          })
        } else if (answers.length === 0 || !reply) {
          throw refusal(
            554,
            `This mailbox takes mails with the header ${workspaceHeader}, and answers to letters.`,
          )
        }
        if (answers.length > 0 && reply) await reply({ from, to: answers, raw })
      },
    },
    port,
    '127.0.0.1',
  )
}

// Postgres keeps no NUL in text.
const textOf = (raw: Buffer) => raw.toString('utf8').replaceAll('\u0000', '')

/** Header fields as they stand, unfolded; what is encoded in them is decoded when the mail is read. */
function headerOf(raw: string): (name: string) => string {
  const end = raw.search(/\r?\n\r?\n/)
  const fields = new Map<string, string>()
  for (const line of raw
    .slice(0, end < 0 ? undefined : end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return (name) => fields.get(name.toLowerCase()) ?? ''
}
