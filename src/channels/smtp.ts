// For: taking mails over SMTP, each acknowledged only when it has been kept.
// In: a port and what to do with a mail. Out: a listening server.
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'

export interface TakenMail {
  /** Of the envelope; empty for a bounce. */
  from: string
  to: string[]
  raw: Buffer
}

export interface SmtpOptions {
  banner: string
  /** Bytes; a larger mail is refused. */
  largest: number
  /** Throws a refusal when nobody of this name gets mail here. */
  recipient?(address: string): Promise<void>
  /** "250 OK" is said when it has returned; what it throws is told the other side. */
  take(mail: TakenMail): Promise<void>
}

export interface SmtpListener {
  /** smtp://host:port */
  url: string
  close(): Promise<void>
}

/** An error that the other side is told with this SMTP code. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

/** @param port 0 takes any free one */
export async function listenSmtp(options: SmtpOptions, port: number, host: string): Promise<SmtpListener> {
  const { recipient } = options
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hidePIPELINING: false,
    size: options.largest,
    banner: options.banner,
    ...(recipient
      ? {
          onRcptTo: (address, _session, done) => {
            recipient(address.address).then(() => done(), done)
          },
        }
      : {}),
    onData(stream, session, done) {
      read(stream, options.largest)
        .then(async (raw) => {
          if (stream.sizeExceeded || raw === undefined) throw refusal(552, 'The mail is too large.')
          const { mailFrom, rcptTo } = session.envelope
          const from = mailFrom ? mailFrom.address : ''
          await options.take({ from, to: rcptTo.map((each) => each.address), raw })
          done()
        })
        .catch((error: Error) => done(error))
    },
  })
  // A client that goes away in mid-mail is its own trouble; without a listener it would end the process.
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: `smtp://${host}:${(server.server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** What is too large is read to its end, as SMTP wants it, and not kept. */
async function read(stream: Readable, largest: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += (chunk as Buffer).length
    if (size <= largest) chunks.push(chunk as Buffer)
  }
  return size > largest ? undefined : Buffer.concat(chunks)
}
