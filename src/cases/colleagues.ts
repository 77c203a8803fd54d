import { queueMessages } from '../channels/queue.ts'
import { readReaders } from '../people/readers.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import type { CaseEvent } from './standing.ts'

interface Told {
  kind: 'case' | 'caseEscalated'
  caseId: string
  person: string
  at: Date
  occasion: string
}

/** Queues mails to those whom a colleague gave, forwarded or escalated a case; who does it to themselves gets none. */
export async function tellColleagues(
  tx: Tx,
  { announce }: { announce: Announce },
  events: ReadonlyArray<CaseEvent & { caseId: string }>,
): Promise<void> {
  const told = events.flatMap(({ caseId, revision, kind, actor, at, detail }): Told[] => {
    if (actor === null) return []
    const occasion = { caseId, at, occasion: String(revision) }
    if (kind === 'assigned' || kind === 'forwarded')
      return detail?.to === actor ? [] : [{ ...occasion, kind: 'case', person: String(detail?.to) }]
    if (kind !== 'escalated') return []
    const people = (detail?.people ?? []) as Array<{ id: string }>
    return people
      .filter(({ id }) => id !== actor)
      .map(({ id }) => ({ ...occasion, kind: 'caseEscalated' as const, person: id }))
  })
  const [first] = told
  if (!first) return
  const readers = await readReaders(
    tx,
    told.map(({ person }) => person),
  )
  const messages = told.flatMap(({ kind, caseId, person, occasion }) => {
    const recipient = readers.get(person)?.email
    return recipient === undefined ? [] : [{ kind, aboutId: caseId, recipient, occasion }]
  })
  await queueMessages(tx, { announce, clock: { now: () => first.at } }, messages)
}
