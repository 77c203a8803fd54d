import { type Clock, sinceOfWork, timeOfWork } from '../base/clock.ts'
import { messageIdOf, queueMessages } from '../channels/queue.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { noteNews } from './news.ts'
import { mailsEach } from './newsDue.ts'
import { caseMail, heldUntil, mailAt, type Recipient, recipientsOf } from './notify.ts'

/** Queues a mail to the owner of each case, and one in other words to those who are kept informed; of a case that nobody
 * owns, to the managers of its unit, or of the nearest unit above it that has one. Where that would be very many mails to
 * one person at once, they are told by one. A closed case tells nobody. The same case again tells nothing more, until it
 * is opened again. Of a case that a trial makes wait nobody is told before: they would call.
 */
export async function tellOpened(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const held = await heldUntil(tx, caseIds, sinceOfWork(parts.clock))
    const recipients = await untold(tx, await recipientsOf(tx, caseIds, 'everybody'))
    if (recipients.length === 0) return
    const { program } = await parts.programs.activeIn(tx)
    const openedAt = await timesOfOpening(tx, parts.clock, caseIds)
    // Of what is told later, or again, each is a mail.
    const atOnce = recipients.filter(({ caseId, reopened }) => !held.has(caseId) && reopened === 0)
    const floods = [
      ...Map.groupBy(atOnce, (reader) =>
        [changeOf(reader), reader.person, openedAt(reader.caseId).getTime()].join(' '),
      ).values(),
    ].filter((some) => some.length > mailsEach)
    const together = new Set(floods.flat())
    const messages = recipients
      .filter((reader) => !together.has(reader))
      .map((reader) => {
        const queuedAt = openedAt(reader.caseId)
        const sendAt = mailAt(program, kindOf(reader), reader, held.get(reader.caseId) ?? queuedAt)
        return { ...mailOf(reader), queuedAt, sendAt }
      })
    await queueMessages(tx, parts, messages)
    await noteNews(
      tx,
      parts,
      floods.map((some) => ({
        person: some[0]!.person,
        change: changeOf(some[0]!),
        caseIds: some.map(({ caseId }) => caseId),
        at: openedAt(some[0]!.caseId),
      })),
    )
  })
}

const kindOf = ({ informed }: Recipient) => (informed ? 'caseInformed' : 'case')
const changeOf = ({ informed }: Recipient) => (informed ? 'informed' : 'opened')
const mailOf = (reader: Recipient) =>
  caseMail(
    kindOf(reader),
    reader.caseId,
    reader.email,
    reader.reopened ? `reopened ${reader.reopened}` : undefined,
  )

/** Those who have not been told yet, by a mail of its own or by one of many: the work may be done again. */
async function untold(tx: Tx, recipients: readonly Recipient[]): Promise<Recipient[]> {
  const messageId = (reader: Recipient) => messageIdOf(tx.workspaceId as string, mailOf(reader))
  const inOneOfMany = (reader: Recipient) =>
    `${changeOf(reader)} ${reader.person} ${reader.caseId} ${reader.reopened}`
  const rows = await tx.query<{ key: string }>(
    `select message_id::text as key from messages where message_id = any($1::uuid[])
     union all
     select concat_ws(' ', n.change, n.person, c.id, 0) from case_news n, unnest(n.case_ids) as c(id)
     where n.change in ('opened', 'informed') and n.person = any($2::text[]) and c.id = any($3::uuid[])`,
    [
      recipients.map(messageId),
      [...new Set(recipients.map(({ person }) => person))],
      [...new Set(recipients.map(({ caseId }) => caseId))],
    ],
  )
  const told = new Set(rows.map(({ key }) => key))
  return recipients.filter((reader) => !told.has(messageId(reader)) && !told.has(inOneOfMany(reader)))
}

/** When each was opened, or opened again; now, but by a clock that jumps. */
async function timesOfOpening(
  tx: Tx,
  clock: Clock,
  caseIds: readonly string[],
): Promise<(caseId: string) => Date> {
  const now = clock.now()
  if (!clock.at) return () => now
  const rows = await tx.query<{ id: string; at: Date }>(
    `select case_id as id, max(at) as at from case_events
     where case_id = any($1::uuid[]) and kind in ('opened', 'reopened') group by case_id`,
    [[...caseIds]],
  )
  const known = new Map(rows.map(({ id, at }) => [id, timeOfWork(clock, at)]))
  return (caseId) => known.get(caseId) ?? now
}
