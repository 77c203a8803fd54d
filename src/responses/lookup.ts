import { createBatcher, runsAtOnce } from '../storage/batcher.ts'
import type { Database, Tx } from '../storage/postgres.ts'
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
  const together = createBatcher<string, Found | undefined>(
    200,
    async (tokens) => {
      // A single reading statement needs no transaction.
      const owner = { workspaceId: undefined, query: database.script as Tx['query'] }
      const rows = await findInvited(owner, tokens, false)
      const found = new Map(
        rows.map((invited) => [invited.token, { workspaceId: invited.workspaceId, invited }]),
      )
      return tokens.map((token) => found.get(token))
    },
    runsAtOnce(database),
  )
  return (token) => (isToken(token) ? together(token) : Promise.resolve(undefined))
}
