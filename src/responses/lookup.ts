import { createBatcher } from '../storage/batcher.ts'
import type { Database } from '../storage/postgres.ts'
import { findInvited, type Invited, isToken } from './invited.ts'

export interface Found {
  workspaceId: string
  invited: Invited
}

/** The one way from a link to a workspace; everything after it happens inside that workspace. Links that are followed
 * at the same time are looked up together.
 */
export type Lookup = (token: string) => Promise<Found | undefined>

export function createLookup(database: Database): Lookup {
  const together = createBatcher<string, Found | undefined>(200, async (tokens) => {
    const rows = await database.asOwner((tx) =>
      tx.query<{ token: string; workspace_id: string }>(
        'select token, workspace_id from invitations where token = any($1::text[])',
        [tokens],
      ),
    )
    const found = new Map<string, Found>()
    for (const [workspaceId, own] of Map.groupBy(rows, (row) => row.workspace_id)) {
      const links = own.map((row) => row.token)
      const invited = await database.inWorkspace(workspaceId, (tx) => findInvited(tx, links, false))
      for (const each of invited) found.set(each.token, { workspaceId, invited: each })
    }
    return tokens.map((token) => found.get(token))
  })
  return (token) => (isToken(token) ? together(token) : Promise.resolve(undefined))
}
