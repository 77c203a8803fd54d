import type { Clock } from '../base/clock.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { noteNews } from './news.ts'
import { recipientsOf } from './notify.ts'

/** Notes for whose these cases are, as of other news, that letters to them were set aside as too many; once, until that
 * was told.
 */
export async function noteAside(
  parts: { database: Database; clock: Clock; announce: Announce },
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const owners = await recipientsOf(tx, caseIds, 'owner', 'all')
    const noted = await tx.query<{ person: string; id: string }>(
      `select n.person, c.id from case_news n, unnest(n.case_ids) as c(id)
       where n.change = 'aside' and n.told_at is null and n.case_ids && $1::uuid[]`,
      [[...caseIds]],
    )
    const known = new Set(noted.map(({ person, id }) => `${person} ${id}`))
    const fresh = owners.filter(({ person, caseId }) => !known.has(`${person} ${caseId}`))
    const at = parts.clock.now()
    await noteNews(
      tx,
      parts,
      fresh.map(({ person, caseId }) => ({ person, change: 'aside', caseIds: [caseId], at })),
    )
  })
}
