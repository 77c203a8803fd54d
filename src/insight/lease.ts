import { randomUUID } from 'node:crypto'
import { systemClock } from '../base/clock.ts'
import type { Database, Tx } from '../storage/postgres.ts'

/** What is remembered of a workspace's facts. */
export interface Projection {
  schema_hash: string
  generation: number
  next_batch: number
  sending: Sending | null
  projected_at: Date | null
}

/** The batch under way, with the outbox rows it carries. Their numbers are listed one by one: a transaction that
 * commits later may have drawn a lower number than one that is already seen. */
export interface Sending {
  batch: number
  seqs: number[]
}

// Long enough for one batch on a busy machine; it is renewed with each.
const leaseMilliseconds = 15_000

/** Who holds the lease: one piece of work, so that two of the same process exclude each other as well. */
export const newHolder = (): string => randomUUID()

/** Takes or renews the right to project this workspace. Leases run by real time: a virtual clock says nothing about
 * whether a process lives.
 * @returns what is remembered, or undefined while somebody else is at it
 */
export async function takeLease(tx: Tx, holder: string, sole = false): Promise<Projection | undefined> {
  const now = systemClock.now()
  await tx.query('insert into fact_projections (workspace_id) values ($1) on conflict do nothing', [
    tx.workspaceId,
  ])
  const rows = await tx.query<Projection & { [column: string]: unknown }>(
    `update fact_projections set lease_holder = $2, lease_until = $3
     where workspace_id = $1 and (lease_holder is null or lease_holder = $2 or lease_until < $4 or $5)
     returning schema_hash, generation, next_batch, sending, projected_at`,
    [tx.workspaceId, holder, new Date(now.getTime() + leaseMilliseconds), now, sole],
  )
  return rows[0]
}

export async function releaseLease(database: Database, workspaceId: string, holder: string): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `update fact_projections set lease_holder = null, lease_until = null
       where workspace_id = $1 and lease_holder = $2`,
      [workspaceId, holder],
    ),
  )
}

const underWay = new Map<string, Promise<unknown>>()

/** One after the other within this process, so that `sole` never takes the lease from ourselves. */
export async function inTurn<T>(workspaceId: string, work: () => Promise<T>): Promise<T> {
  const before = underWay.get(workspaceId) ?? Promise.resolve()
  const mine = before.then(work, work)
  underWay.set(workspaceId, mine)
  try {
    return await mine
  } finally {
    if (underWay.get(workspaceId) === mine) underWay.delete(workspaceId)
  }
}
