import type { Prepared, Tx } from './postgres.ts'

/** What has facts: each kind is one wide table of a workspace in the column store. */
export type FactKind = 'response' | 'decision' | 'case'

// The transaction carries the time of its clock as a setting, so that no time has to be handed through; it is looked up
// once, not for each row.
const append: Prepared = {
  name: 'append outbox',
  text: `insert into samklang.outbox (workspace_id, kind, key, queued_at)
    select $1::uuid, $2::text, k, (select current_setting('samklang.now')::timestamptz)
    from unnest(string_to_array($3, ',')::uuid[]) k`,
}

/** Notes, in the transaction of the change, that these rows have changed or gone and their facts are to follow.
 * @param keys response, decision or case ids; the same one twice does no harm
 */
export async function appendOutbox(tx: Tx, kind: FactKind, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await tx.query(append, [tx.workspaceId, kind, keys.join(',')])
}
