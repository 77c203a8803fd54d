import type { Clock } from '../base/clock.ts'
import { type NewMessage, queueMessages } from '../channels/queue.ts'
import { readReaders } from '../people/readers.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import type { Step } from './due.ts'
import type { HandedUp } from './handUp.ts'
import { noteNews } from './news.ts'
import { floodWait, mailsEach } from './newsDue.ts'
import { caseMail, mailAt, type Reader, recipientsOf } from './notify.ts'

/** Reminds owners and tells those a case is escalated to, each once of what has just come together. */
export async function tellDeadlines(
  tx: Tx,
  parts: { announce: Announce; clock: Clock; programs: Programs },
  steps: readonly Step[],
  found: Map<Step, HandedUp>,
): Promise<void> {
  const reminded = new Map(
    steps.flatMap((step) => (step.planned.kind === 'reminded' ? [[step.row.caseId, step] as const] : [])),
  )
  const told = new Map<string, Telling>()
  const tellOf = (change: Telling['change'], { row, planned }: Step, reader: Named) => {
    const key = `${change} ${reader.person}`
    const found = told.get(key) ?? {
      change,
      reader,
      cases: new Map<string, () => string>(),
      due: row.contactDueAt,
    }
    if (row.contactDueAt < found.due) found.due = row.contactDueAt
    // Of what has come together the last step says it.
    found.cases.set(row.caseId, () => `${row.reopened} ${planned.at.toISOString()}`)
    told.set(key, found)
  }
  for (const reader of await recipientsOf(tx, [...reminded.keys()], 'owner'))
    tellOf('reminded', reminded.get(reader.caseId)!, reader)
  const escalatedTo = [...found.values()].flatMap(({ people }) => people.map(({ key }) => key))
  const readers = await readReaders(tx, escalatedTo)
  for (const step of steps)
    for (const { key } of found.get(step)?.people ?? []) {
      const reader = readers.get(key)
      if (reader) tellOf('escalated', step, reader)
    }
  const [few, many] = [[...told.values()].filter(isFew), [...told.values()].filter((each) => !isFew(each))]
  const { program } = await parts.programs.activeIn(tx)
  const now = parts.clock.now()
  const messages = few.flatMap(({ change, reader, cases }) => {
    const kind = change === 'reminded' ? 'caseReminder' : 'caseEscalated'
    const sendAt = mailAt(program, kind, reader, now)
    return [...cases].map(([id, occasion]) => ({ ...caseMail(kind, id, reader.email, occasion()), sendAt }))
  })
  await takeBack(tx, messages, now)
  await queueMessages(tx, parts, messages)
  await noteNews(
    tx,
    parts,
    many.map(({ change, reader: { person }, cases, due }) => ({
      person,
      caseIds: [...cases.keys()],
      ...(change === 'reminded'
        ? // A reminder waits for the rest of its flood no longer than it is of use.
          { change: 'dueSoon', at: new Date(Math.min(now.getTime(), due.getTime() - floodWait - inTime)) }
        : { change: 'handedUp', at: now }),
    })),
  )
}

/** An earlier step's mail that still waits for the end of its reader's quiet hours says no more than this one does. */
async function takeBack(tx: Tx, messages: readonly NewMessage[], now: Date): Promise<void> {
  const waiting = messages.filter(
    ({ kind, sendAt }) => kind === 'caseEscalated' && sendAt !== undefined && sendAt > now,
  )
  if (waiting.length === 0) return
  await tx.query(
    `delete from messages m using json_to_recordset($2::json) as r("aboutId" uuid, recipient text)
     where m.workspace_id = $1 and m.kind = 'caseEscalated' and m.state = 'queued' and m.content is null
       and m.about_id = r."aboutId" and m.recipient = r.recipient`,
    [tx.workspaceId, JSON.stringify(waiting)],
  )
}

/** So long before the first deadline that it is about a reminder is told, in milliseconds. */
const inTime = 15_000

/** What one person is told in a round: a mail for each of a few cases, one mail for many together. */
interface Telling {
  change: 'reminded' | 'escalated'
  reader: Named
  /** Each with what tells mails about it apart, which few need. */
  cases: Map<string, () => string>
  /** The first of their deadlines. */
  due: Date
}

interface Named extends Reader {
  person: string
}

const isFew = ({ cases }: Telling) => cases.size <= mailsEach
