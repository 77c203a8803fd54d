import { setImmediate as turnOfOthers } from 'node:timers/promises'
import type { FactKind } from '../storage/outbox.ts'
import type { TruthRow } from './factColumn.ts'
import { factKinds, factRow, factTable, type Layout } from './facts.ts'
import { inTurn, newHolder, type Projection, releaseLease, takeLease } from './lease.ts'
import { type InsightParts, layoutFor } from './parts.ts'
import { createTables, dropTables, noteHeld } from './tables.ts'
import { readTruthPage } from './truth.ts'

const pageSize = 1000
// Of several pages, so that the column store has few parts to merge. No larger, since chDB holds the whole process up
// while it writes one, and with it every other workspace.
const blockSize = 3000

/** Builds all facts of a workspace anew from the truth, beside those that are read meanwhile, and then changes over.
 * What changes during it waits in the outbox.
 * @returns how many rows were written, or undefined while another process projects this workspace
 */
export function rebuildFacts(parts: InsightParts, workspaceId: string): Promise<number | undefined> {
  return inTurn(workspaceId, async () => {
    const { program } = await parts.programs.active(workspaceId)
    const holder = newHolder()
    try {
      const found = await parts.database.inWorkspace(workspaceId, (tx) => takeLease(tx, holder, parts.sole))
      return found && (await rebuildUnder(parts, workspaceId, layoutFor(program), holder))
    } finally {
      await releaseLease(parts.database, workspaceId, holder)
    }
  })
}

/** Rebuilds under a lease that is already held. A rebuild that dies is begun again: its tables are not yet read. */
export async function rebuildUnder(
  parts: InsightParts,
  workspaceId: string,
  layout: Layout,
  holder: string,
): Promise<number> {
  const { columns, database } = parts
  const renew = () => database.inWorkspace(workspaceId, (tx) => held(takeLease(tx, holder, parts.sole)))
  const { generation: before } = await renew()
  const readAt = parts.clock.now()
  const generation = before + 1
  await createTables(columns, workspaceId, generation, layout)
  let written = 0
  for (const kind of factKinds) {
    let block: TruthRow[] = []
    const write = async () => {
      const rows = block.map((truth) => ({ ...factRow(layout.columns[kind], truth), batch: 0, sign: 1 }))
      await columns.insert(factTable(workspaceId, kind, generation), rows)
      written += rows.length
      block = []
    }
    for await (const page of pages(parts, workspaceId, kind, renew)) {
      block.push(...page)
      if (block.length >= blockSize) await write()
      // Neither PGlite nor chDB gives way by itself.
      await turnOfOthers()
    }
    await write()
  }
  await database.inWorkspace(workspaceId, async (tx) => {
    await held(takeLease(tx, holder, parts.sole))
    // A batch that was under way went to the old tables; its outbox rows are still there and go to the new ones.
    await tx.query(
      `update fact_projections set generation = $2, schema_hash = $3, sending = null,
         projected_at = greatest(projected_at, $4), next_batch = next_batch + 1
       where workspace_id = $1`,
      [workspaceId, generation, layout.hash, readAt],
    )
  })
  await dropTables(columns, workspaceId, before)
  return written
}

async function held(lease: Promise<Projection | undefined>): Promise<Projection> {
  const projection = await lease
  if (!projection) throw new Error('another process has taken over the facts of this workspace')
  return projection
}

async function* pages(
  { database }: InsightParts,
  workspaceId: string,
  kind: FactKind,
  renew: () => Promise<unknown>,
): AsyncGenerator<TruthRow[]> {
  let after: string | undefined
  for (;;) {
    await renew()
    const page = await database.inWorkspace(workspaceId, async (tx) => {
      const rows = await readTruthPage(tx, kind, after, pageSize)
      await noteHeld(
        tx,
        kind,
        rows.map((row) => row.key),
      )
      return rows
    })
    if (page.length > 0) yield page
    if (page.length < pageSize) return
    after = page.at(-1)?.key
  }
}
