// For: delivering queued mails, each once, also across crashes.
// In: rows of table messages. Out: mails at the SMTP server; rows sent, failed, queued again or uncertain.
import { randomUUID } from 'node:crypto'
import { type Clock, sinceOfWork, systemClock, timeOfWork } from '../base/clock.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import {
  answeredElsewhere,
  createWriter,
  messageIdHeader,
  unsubscribed,
  type WritingParts,
  type Written,
} from './content.ts'
import { workspaceHeader } from './mailbox.ts'
import type { Claimed } from './queue.ts'
import type { Fate, Transport } from './transport.ts'

export interface Delivery {
  sent: number
  failed: number
  uncertain: number
}

export interface DeliveryParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: WritingParts['programs']
  publicUrl: string
  mailer: Mailer
  outdated?: WritingParts['outdated']
}

/** What a process delivers with: opened once. */
export interface Mailer {
  transport: Transport
  /** The transport leads to the development mailbox, which can be asked what it holds. */
  toMailbox: boolean
  mailFrom: string
  /** Address that answers to letters come to, with the tag of the case put in. */
  replyTo: string
  /** No other process delivers from this database: a claim that is not ours belongs to a dead one. */
  sole: boolean
  runId: string
  underWay: Set<string>
  /** The machine's own time, for claims; a replay's clock says nothing about how long a process has been gone. */
  leaseClock: Clock
}

export function createMailer(
  options: { transport: Transport; toMailbox: boolean; mailFrom: string; replyTo?: string; sole: boolean },
  leaseClock: Clock = systemClock,
): Mailer {
  return { replyTo: options.mailFrom, ...options, runId: randomUUID(), underWay: new Set(), leaseClock }
}

const batchSize = 100
const leaseMilliseconds = 10 * 60_000
/** After these many refusals "for now" a mail is given up: about two days with the waits below. */
const attemptsAtMost = 12

const writers = new WeakMap<Mailer, ReturnType<typeof createWriter>>()

/** Delivers everything that is due in a workspace. Never twice: a mail whose fate is not known is looked up in the
 * development mailbox; where nobody can be asked it becomes 'uncertain' and is left to a person.
 */
export async function deliverMessages(parts: DeliveryParts, workspaceId: string): Promise<Delivery> {
  const { mailer } = parts
  let write = writers.get(mailer)
  if (!write) {
    write = createWriter({ ...parts, mailFrom: mailer.mailFrom, replyTo: mailer.replyTo })
    writers.set(mailer, write)
  }
  const total: Delivery = { sent: 0, failed: 0, uncertain: await settle(parts, workspaceId) }
  for (;;) {
    const claimed = await claim(parts, workspaceId)
    if (claimed.length === 0) return total
    const until = mailer.leaseClock.now().getTime() + leaseMilliseconds / 2
    for (const message of claimed) mailer.underWay.add(message.messageId)
    try {
      const written = await write(workspaceId, claimed, parts.clock)
      const outcomes = await Promise.all(written.map((each) => sendOne(mailer, workspaceId, each, until)))
      const marked = await parts.database.inWorkspace(workspaceId, (tx) => mark(tx, parts, outcomes))
      total.sent += marked.sent
      total.failed += marked.failed
      total.uncertain += marked.uncertain
    } finally {
      for (const message of claimed) mailer.underWay.delete(message.messageId)
    }
  }
}

interface Outcome {
  id: string
  about: string
  kind: string
  state: 'sent' | 'failed' | 'queued' | 'uncertain' | 'sending' | 'withdrawn'
  error: string | null
  /** It may not be sent before; no attempt was made. */
  later?: Date
}

async function sendOne(
  mailer: Mailer,
  workspaceId: string,
  written: Written,
  until: number,
): Promise<Outcome> {
  const { messageId: id, aboutId: about, kind } = written.claimed
  const outcome = (state: Outcome['state'], error: string | null = null) => ({
    id,
    about,
    kind,
    state,
    error,
  })
  if ('dropped' in written) return outcome('failed', written.dropped)
  if ('withdrawn' in written) return outcome('withdrawn', written.withdrawn)
  if ('later' in written) return { ...outcome('queued'), later: written.later }
  // Before the claim runs out for others, so that nobody settles what we are about to send.
  if (mailer.leaseClock.now().getTime() > until) return outcome('queued', 'not reached in time')
  const headers = mailer.toMailbox
    ? { ...written.mail.headers, [workspaceHeader]: workspaceId }
    : written.mail.headers
  const fate: Fate = await mailer.transport.send({ ...written.mail, headers })
  switch (fate.fate) {
    case 'accepted':
      return outcome('sent')
    case 'refused':
      return outcome('failed', fate.error)
    case 'later':
      return outcome('queued', fate.error)
    case 'unknown':
      // Left claimed; a settling in a while asks the mailbox. Where nobody can be asked it is uncertain now.
      return outcome(mailer.toMailbox ? 'sending' : 'uncertain', fate.error)
  }
}

async function claim({ database, mailer, clock }: DeliveryParts, workspaceId: string): Promise<Claimed[]> {
  const claimed = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<Claimed & { tryAt: Date } & Record<string, unknown>>(
      `update messages m set state = 'sending', attempts = attempts + 1, claimed_by = $2, claimed_at = $3
       from (select workspace_id, message_id from messages
             where state = 'queued' and try_at <= $1
             order by queued_at, message_id limit ${batchSize} for update skip locked) due
       where m.workspace_id = due.workspace_id and m.message_id = due.message_id
       returning m.message_id as "messageId", m.kind, m.about_id as "aboutId", m.recipient, m.content as note,
         m.queued_at as "queuedAt", m.try_at as "tryAt"`,
      [clock.now(), mailer.runId, mailer.leaseClock.now()],
    ),
  )
  return claimed.map(({ tryAt, ...message }) => ({ ...message, sendingAt: timeOfWork(clock, tryAt) }))
}

/** Rows that somebody claimed and did not mark: the process died, or lost the database. */
async function settle(parts: DeliveryParts, workspaceId: string): Promise<number> {
  const { mailer, clock } = parts
  const host = new URL(parts.publicUrl).hostname
  const marked = await parts.database.inWorkspace(workspaceId, async (tx) => {
    const open = await tx.query<{
      id: string
      about: string
      kind: string
      claimedBy: string
      claimedAt: Date
    }>(
      `select message_id as id, about_id as about, kind, claimed_by as "claimedBy", claimed_at as "claimedAt"
       from messages where state = 'sending' for update skip locked`,
    )
    const leaseEnds = (row: { claimedAt: Date }) => row.claimedAt.getTime() + leaseMilliseconds
    const now = mailer.leaseClock.now().getTime()
    const left = open.filter((row) =>
      row.claimedBy === mailer.runId ? !mailer.underWay.has(row.id) : mailer.sole || leaseEnds(row) <= now,
    )
    const waiting = open.filter((row) => row.claimedBy !== mailer.runId && !left.includes(row))
    if (waiting.length > 0) {
      const wait = Math.max(...waiting.map(leaseEnds)) - now
      const at = new Date(clock.now().getTime() + wait)
      await parts.announce(tx, { kind: 'message.queued', workspaceId }, at)
    }
    if (left.length === 0) return { uncertain: 0 }
    const held = new Set<string>()
    if (mailer.toMailbox) {
      const found = await tx.query<{ message_id: string }>(
        `select message_id from mailbox
         where message_id = any($1::text[])`,
        [left.map((row) => messageIdHeader(row.id, host))],
      )
      for (const row of found) held.add(row.message_id)
    }
    const outcomes = left.map(({ id, about, kind }): Outcome => {
      if (!mailer.toMailbox) {
        return {
          id,
          about,
          kind,
          state: 'uncertain',
          error: 'the process ended while the mail was being sent',
        }
      }
      return { id, about, kind, state: held.has(messageIdHeader(id, host)) ? 'sent' : 'queued', error: null }
    })
    return mark(tx, parts, outcomes)
  })
  return marked.uncertain
}

async function mark(tx: Tx, { clock, announce }: DeliveryParts, outcomes: Outcome[]): Promise<Delivery> {
  const now = clock.now()
  const changed = await tx.query<{ state: string; attempts: number; tryAt: Date }>(
    `update messages m set
       state = case when r.state = 'queued' and m.attempts >= ${attemptsAtMost} then 'failed' else r.state end,
       error = r.error,
       -- By a clock that jumps, when it was due.
       sent_at = case when r.state = 'sent' then least(greatest(m.try_at, $3::timestamptz), $1::timestamptz) end,
       attempts = m.attempts - case when r.later is null then 0 else 1 end,
       -- 1, 2, 4 … minutes, at most 8 hours; what was merely found unsent is due at once.
       try_at = case when r.later is not null then r.later
         when r.state = 'queued' and r.error is not null
         then $1::timestamptz + least(480, power(2, m.attempts - 1)) * interval '1 minute' else m.try_at end
     from json_to_recordset($2::json) as r(id uuid, state text, error text, later timestamptz)
     where m.message_id = r.id and m.state = 'sending'
     returning m.state, m.attempts, m.try_at as "tryAt"`,
    [now, JSON.stringify(outcomes), sinceOfWork(clock)],
  )
  const later = changed.flatMap((row) => {
    // The mailbox may be about to commit what it was given before the connection broke.
    if (row.state === 'sending') return [now.getTime() + 60_000]
    return row.state === 'queued' && row.tryAt > now ? [row.tryAt.getTime()] : []
  })
  for (const time of new Set(later)) {
    await announce(tx, { kind: 'message.queued', workspaceId: tx.workspaceId as string }, new Date(time))
  }
  const count = (state: string) => changed.filter((row) => row.state === state).length
  const delivery = { sent: count('sent'), failed: count('failed'), uncertain: count('uncertain') }
  if (delivery.failed + delivery.uncertain === 0) return delivery
  // An invitation counts as sent once its mail is queued; only what came otherwise is told.
  const withheld = await tx.query<{ decision: string; state: string; reason: string }>(
    `update invitations i set state = case when m.error = any($2::text[]) then 'withheld' else m.state end
     from messages m
     where m.message_id = any($1::uuid[])
       and m.kind = 'invitation' and m.state in ('failed', 'uncertain')
       and i.invitation_id = m.about_id and i.state in ('sending', 'sent')
     returning i.decision_id as decision, i.state, m.error as reason`,
    [outcomes.map((each) => each.id), [unsubscribed, answeredElsewhere]],
  )
  await noteWithheld(
    tx,
    withheld.filter(({ state }) => state === 'withheld'),
  )
  return delivery
}

/** A decision whose mail was held back at the last moment says why. */
async function noteWithheld(tx: Tx, withheld: ReadonlyArray<{ decision: string; reason: string }>) {
  if (withheld.length === 0) return
  await tx.query(
    `update decisions d set outcome = 'withheld', reason = r.reason
     from json_to_recordset($2::json) as r(decision uuid, reason text)
     where d.workspace_id = $1 and d.decision_id = r.decision`,
    [tx.workspaceId, JSON.stringify(withheld)],
  )
  await appendOutbox(
    tx,
    'decision',
    withheld.map(({ decision }) => decision),
  )
}
