import type { Tx } from './postgres.ts'

export type FactKind = 'response' | 'decision' | 'case'

/** Notes, in the transaction of the change, that these rows must reach the column store anew.
 * @param keys ids of responses, decisions or cases; the same key may be noted any number of times
 */
export async function appendOutbox(tx: Tx, kind: FactKind, keys: readonly string[], at: Date): Promise<void> {
  if (keys.length === 0) return
  await tx.query(
    `insert into outbox (workspace_id, kind, key, queued_at)
     select $1::uuid, $2, key::uuid, $3 from json_array_elements_text($4::json) as key`,
    [tx.workspaceId, kind, at, JSON.stringify(keys)],
  )
}
