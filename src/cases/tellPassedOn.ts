import { queueMessages } from '../channels/queue.ts'
import type { Person } from '../people/who.ts'
import type { Program } from '../program/schema.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import { type CaseNews, noteNews } from './news.ts'
import { mailsEach } from './newsDue.ts'
import { caseMail, heldUntil, mailAt, type Reader, recipientsOrLeads } from './notify.ts'

/** A case that has gone on to somebody else. */
export interface HandedOver {
  caseId: string
  /** Nobody could have it. */
  owner: Person | null
  /** Whose it was, where they are to be told. */
  before: string | null
}

/** Tells whoever has a case now, of one that nobody has those who are told of such ones, and in one mail of all of them
 * whoever had them. Of a case that a trial makes wait nobody has been told, and nobody is before.
 */
export async function tellPassedOn(
  tx: Tx,
  { announce }: { announce: Announce },
  program: Program,
  handed: readonly HandedOver[],
  at: Date,
): Promise<void> {
  const held = await heldUntil(
    tx,
    handed.map(({ caseId }) => caseId),
    at,
  )
  const unowned = handed.flatMap(({ caseId, owner }) => (owner ? [] : [caseId]))
  const given = [
    ...handed.flatMap(({ caseId, owner }) =>
      owner?.email
        ? [
            {
              caseId,
              person: owner.key,
              change: 'assigned' as const,
              reader: { ...owner, email: owner.email },
            },
          ]
        : [],
    ),
    ...(await recipientsOrLeads(tx, unowned, 'owner')).map(({ caseId, person, ...reader }) => ({
      ...{ caseId, person, reader, change: 'nobodys' as const },
    })),
  ]
  const news: CaseNews[] = []
  const mailed: Array<{ caseId: string; reader: Reader }> = []
  for (const group of Map.groupBy(given, ({ person, change }) => `${change} ${person}`).values()) {
    const now = group.filter(({ caseId }) => !held.has(caseId))
    if (now.length <= mailsEach) mailed.push(...group)
    else {
      const { person, change } = group[0]!
      news.push({ person, change, caseIds: now.map(({ caseId }) => caseId), at })
      mailed.push(...group.filter(({ caseId }) => held.has(caseId)))
    }
  }
  await queueMessages(
    tx,
    { announce, clock: { now: () => at } },
    mailed.map(({ caseId, reader }) => ({
      ...caseMail('case', caseId, reader.email, `passed on ${at.toISOString()}`),
      sendAt: mailAt(program, 'case', reader, held.get(caseId) ?? at),
    })),
  )
  const lost = handed.filter(({ caseId, before }) => before !== null && !held.has(caseId))
  for (const [person, cases] of Map.groupBy(lost, ({ before }) => before as string))
    news.push({ person, change: 'movedFrom', caseIds: cases.map(({ caseId }) => caseId), at })
  await noteNews(tx, { announce }, news)
}
