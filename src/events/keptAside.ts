import type { Clock } from '../base/clock.ts'
import type { Refusal } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import { canonicalJson } from '../program/version.ts'
import type { Tx } from '../storage/postgres.ts'
import { isStorable } from './cloudEvent.ts'

export interface KeptAside {
  recordId: string
  record: unknown
  refusal: Refusal
  source: string | undefined
  eventId: string | undefined
  /** It is a kept record in mended form, and takes that one's place. */
  mends: boolean
}

/** A refused record with an id made of its content, so that a sender who tries again leaves one record, not many.
 * @param mends id of the kept record that this one is the mended form of: refused again it stays that record
 */
export function keepAside(
  workspaceId: string,
  kind: 'event' | 'response',
  record: unknown,
  refusal: Refusal,
  mends?: string,
): KeptAside {
  const parts = typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : {}
  const text = (value: unknown) =>
    typeof value === 'string' && isStorable(value) ? value.slice(0, 512) : undefined
  return {
    recordId: mends ?? stableId('kept', workspaceId, kind, canonicalJson(record)),
    record,
    refusal,
    source: text(parts.source),
    eventId: text(parts.id ?? parts.externalId),
    mends: mends !== undefined,
  }
}

/** Stores refused records with their reason. One that was settled before and is refused again is open again; one that
 * somebody has begun to mend stays as they left it when its sender tries the first form once more.
 */
export async function storeKeptAside(
  tx: Tx,
  clock: Clock,
  kind: 'event' | 'response',
  kept: readonly KeptAside[],
): Promise<void> {
  if (kept.length === 0) return
  const rows = new Map(
    kept.map((each) => [
      each.recordId,
      {
        id: each.recordId,
        source: each.source,
        event_id: each.eventId,
        // What jsonb cannot hold is kept as its JSON text, in which NUL and half surrogates are written out.
        record: isStorable(each.record) ? (each.record ?? null) : JSON.stringify(each.record),
        reason: each.refusal.code,
        detail: isStorable(each.refusal.message)
          ? each.refusal.message
          : JSON.stringify(each.refusal.message),
      },
    ]),
  )
  await tx.query(
    `insert into kept_aside (workspace_id, record_id, kind, received_at, source, event_id, record, reason, detail)
     select $1::uuid, r.id, $2, $3, r.source, r.event_id, coalesce(r.record, 'null'), r.reason, r.detail
     from json_to_recordset($4::json) as r(id uuid, source text, event_id text, record jsonb, reason text, detail text)
     on conflict (workspace_id, record_id) do update
       set state = 'open', record = excluded.record, source = excluded.source, event_id = excluded.event_id,
         reason = excluded.reason, detail = excluded.detail, settled_at = null, settled_by = null
       where kept_aside.state <> 'open' or kept_aside.record = excluded.record
         or kept_aside.record_id = any($5::uuid[])`,
    [
      tx.workspaceId,
      kind,
      clock.now(),
      // JSON has no number beyond 1.8e308; as null it would be lost, and the record fit without it.
      JSON.stringify([...rows.values()], (_, value) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ),
      kept.filter((each) => each.mends).map((each) => each.recordId),
    ],
  )
}
