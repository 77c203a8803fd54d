// For: handing mails to an SMTP server over a few kept connections.
// In: the server's address, or the development mailbox. Out: for each mail, what is known of its fate.
import { createTransport } from 'nodemailer'

export interface Mail {
  messageId: string
  from: string
  to: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
}

/** accepted: the server has it. refused: it never will. later: it has it not, and may take it another time.
 * unknown: the connection broke after the mail was handed over and before the server's word.
 */
export type Fate = { fate: 'accepted' } | { fate: 'refused' | 'later' | 'unknown'; error: string }

export interface Transport {
  /** Never throws. */
  send(mail: Mail): Promise<Fate>
  close(): void
}

interface SmtpError extends Error {
  command?: string
  responseCode?: number
  code?: string
  syscall?: string
}

const connections = 16

/** @param url smtp:// or smtps://, with user and password when the server asks for them */
export function openTransport(url: string, timeout = 30_000): Transport {
  const pool = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // A mail whose connection broke may have been taken already: whether to send it again is ours to decide.
    maxRequeues: 0,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
  })
  return {
    async send(mail) {
      try {
        await pool.sendMail({
          ...mail,
          textEncoding: 'quoted-printable',
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { fate: 'accepted' }
      } catch (error) {
        return fateOf(error as SmtpError)
      }
    },
    close: () => pool.close(),
  }
}

function fateOf(error: SmtpError): Fate {
  const said = error.message
  if (error.responseCode !== undefined) {
    // A server that wants another password, or is closing, says nothing about this mail.
    const ofTheMail = error.responseCode >= 500 && error.code !== 'EAUTH' && error.command !== 'CONN'
    return { fate: ofTheMail ? 'refused' : 'later', error: said }
  }
  if (error.code === 'EENVELOPE') return { fate: 'refused', error: said }
  // nodemailer names the command CONN also when a connection breaks while the mail itself is on its way; only
  // these tell for certain that there was no connection yet.
  const noConnection =
    ['EDNS', 'EAUTH', 'ETLS', 'ECONFIG'].includes(error.code ?? '') || error.syscall === 'connect'
  return { fate: noConnection ? 'later' : 'unknown', error: said }
}
