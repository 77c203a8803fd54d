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
  const now = parts.clock.now()
  // By a clock that jumps, steps of many days are found at once, and each is told when it was due.
  const noted = (due: Date) => parts.clock.at?.(due) ?? now
  const reminded = Map.groupBy(
    steps.filter(({ planned }) => planned.kind === 'reminded'),
    ({ row }) => row.caseId,
  )
  const told = new Map<string, Telling>()
  const tellOf = (change: Telling['change'], { row, planned }: Step, reader: Named) => {
    const at = noted(planned.at)
    const key = `${change} ${reader.person} ${at.getTime()}`
    const found = told.get(key) ?? {
      change,
      reader,
      at,
      cases: new Map<string, () => string>(),
      due: row.contactDueAt,
    }
    if (row.contactDueAt < found.due) found.due = row.contactDueAt
    // Of what has come together the last step says it.
    found.cases.set(row.caseId, () => `${row.reopened} ${planned.at.toISOString()}`)
    told.set(key, found)
  }
  for (const reader of await recipientsOf(tx, [...reminded.keys()], 'owner'))
    for (const step of reminded.get(reader.caseId)!) tellOf('reminded', step, reader)
  const escalatedTo = [...found.values()].flatMap(({ people }) => people.map(({ key }) => key))
  const readers = await readReaders(tx, escalatedTo)
  for (const step of steps)
    for (const { key } of found.get(step)?.people ?? []) {
      const reader = readers.get(key)
      if (reader) tellOf('escalated', step, reader)
    }
  const [few, many] = [[...told.values()].filter(isFew), [...told.values()].filter((each) => !isFew(each))]
  const { program } = await parts.programs.activeIn(tx)
  const messages = few.flatMap(({ change, reader, at: queuedAt, cases }) => {
    const kind = change === 'reminded' ? 'caseReminder' : 'caseEscalated'
    const times = { queuedAt, sendAt: mailAt(program, kind, reader, queuedAt) }
    return [...cases].map(([id, occasion]) => ({ ...caseMail(kind, id, reader.email, occasion()), ...times }))
  })
  await takeBack(tx, messages)
  await queueMessages(tx, parts, messages)
  await noteNews(
    tx,
    parts,
    many.map(({ change, reader: { person }, at, cases, due }) => ({
      person,
      caseIds: [...cases.keys()],
      ...(change === 'reminded'
        ? // A reminder waits for the rest of its flood no longer than it is of use.
          { change: 'dueSoon', at: new Date(Math.min(at.getTime(), due.getTime() - floodWait - inTime)) }
        : { change: 'handedUp', at }),
    })),
  )
}

/** An earlier step's mail that still waits for the end of its reader's quiet hours says no more than this one does. */
async function takeBack(
  tx: Tx,
  messages: ReadonlyArray<NewMessage & { queuedAt: Date; sendAt: Date }>,
): Promise<void> {
  const waiting = messages.filter(
    ({ kind, queuedAt, sendAt }) => kind === 'caseEscalated' && sendAt > queuedAt,
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
  /** When it is told. */
  at: Date
  /** Each with what tells mails about it apart, which few need. */
  cases: Map<string, () => string>
  /** The first of their deadlines. */
  due: Date
}

interface Named extends Reader {
  person: string
}

const isFew = ({ cases }: Telling) => cases.size <= mailsEach
