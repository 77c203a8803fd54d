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
    const rows = await database.asOwner((tx) => findInvited(tx, tokens, false))
    const found = new Map(
      rows.map((invited) => [invited.token, { workspaceId: invited.workspaceId, invited }]),
    )
    return tokens.map((token) => found.get(token))
  })
  return (token) => (isToken(token) ? together(token) : Promise.resolve(undefined))
}
