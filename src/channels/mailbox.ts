// For: the built-in development mailbox: a real SMTP server in the process that keeps every mail it is given.
// In: SMTP on 127.0.0.1; the header X-Samklang-Workspace says whose mail it is. Out: rows of table mailbox.
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'
import type { Clock } from '../base/clock.ts'
import { createBatcher } from '../storage/batcher.ts'
import type { Database } from '../storage/postgres.ts'

export interface Mailbox {
  /** smtp://127.0.0.1:port */
  url: string
  close(): Promise<void>
}

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
 */
export async function openMailbox(
  parts: { database: Database; clock: Clock },
  port: number,
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

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hidePIPELINING: false,
    size: largest,
    banner: 'Samklang development mailbox',
    onData(stream, session, done) {
      read(stream)
        .then(async (raw) => {
          const header = headerOf(raw)
          const workspaceId = header(workspaceHeader).toLowerCase()
          if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(workspaceId)) {
            throw refusal(554, `This mailbox takes mails with the header ${workspaceHeader} alone.`)
          }
          if (stream.sizeExceeded) throw refusal(552, 'The mail is too large.')
          const { mailFrom, rcptTo } = session.envelope
          await keep({
            workspaceId,
            messageId: header('Message-ID'),
            sender: mailFrom ? mailFrom.address : '',
            recipient: rcptTo.map((each) => each.address).join(', '),
            subject: header('Subject'),
            raw,
          })
          done()
        })
        .catch((error: Error) => done(error))
    },
  })
  // A client that goes away in mid-mail is its own trouble; without a listener it would end the process.
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

async function read(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  // Postgres keeps no NUL in text.
  return Buffer.concat(chunks).toString('utf8').replaceAll('\u0000', '')
}

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
