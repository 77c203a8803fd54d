import { Refusal } from '../base/errors.ts'
import type { Row, Tx } from '../storage/postgres.ts'

export type KeptState = 'open' | 'replayed' | 'discarded'

export interface KeptRecord extends Row {
  recordId: string
  kind: 'event' | 'response'
  receivedAt: Date
  source: string | null
  eventId: string | null
  /** As received; text that was no JSON stands as text. */
  record: unknown
  reason: string
  detail: string
  state: KeptState
}

/** The newest 200 in this state, or the one with this id; `total` counts all in this state. */
export async function readKeptAside(
  tx: Tx,
  state: KeptState,
  recordId?: string,
): Promise<{ items: KeptRecord[]; total: number }> {
  const items = await tx.query<KeptRecord>(
    `select record_id as "recordId", kind, received_at as "receivedAt", source, event_id as "eventId", record, reason,
       detail, state
     from kept_aside where state = $1 and ($2::uuid is null or record_id = $2)
     order by received_at desc, record_id limit 200`,
    [state, recordId ?? null],
  )
  const [count] = await tx.query<{ total: number }>(
    'select count(*) as total from kept_aside where state = $1',
    [state],
  )
  return { items, total: count?.total ?? 0 }
}

/** @throws Refusal thing.unknown when there is no such open record */
export async function settleKeptAside(
  tx: Tx,
  recordId: string,
  settled: { state: 'replayed' | 'discarded'; at: Date; by: string },
): Promise<void> {
  const rows = await tx.query(
    `update kept_aside set state = $2, settled_at = $3, settled_by = $4
     where record_id = $1 and state = 'open' returning record_id`,
    [recordId, settled.state, settled.at, settled.by],
  )
  if (rows.length === 0) throw new Refusal('thing.unknown')
}
