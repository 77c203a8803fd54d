// For: keeping the facts level with the truth.
// In: the outbox, which names what has changed; the truth about it.
// Out: rows in the column store, each exactly once whatever is delivered twice or dies half-way.
import type { Columns } from '../storage/columns.ts'
import type { FactKind } from '../storage/outbox.ts'
import type { Tx } from '../storage/postgres.ts'
import type { TruthRow } from './factColumn.ts'
import { factKinds, factRow, factTable, type Layout } from './facts.ts'
import { inTurn, newHolder, type Projection, releaseLease, type Sending, takeLease } from './lease.ts'
import { type InsightParts, layoutFor } from './parts.ts'
import { rebuildUnder } from './rebuild.ts'
import { noteHeld, prepareTables } from './tables.ts'
import { decisionsOf, readTruth, responsesOf } from './truth.ts'

// Small enough that reading it does not hold PGlite's one thread for long.
const batchSize = 2000

/** Carries everything that waits in the workspace's outbox over to the column store.
 * @param most batches after which it stops, though more may wait
 * @returns how many changes were carried; 0 also while another process is at it
 */
export function project(parts: InsightParts, workspaceId: string, most = Infinity): Promise<number> {
  return inTurn(workspaceId, () => projectInTurn(parts, workspaceId, most))
}

async function projectInTurn(parts: InsightParts, workspaceId: string, most: number): Promise<number> {
  const { database } = parts
  const waits = await database.inWorkspace(workspaceId, (tx) =>
    tx.query('select from outbox where workspace_id = $1 limit 1', [workspaceId]),
  )
  if (waits.length === 0) return 0
  return underLease(parts, workspaceId, async (layout, holder) => {
    let carried = 0
    for (let batches = 0; batches < most; batches++) {
      const count = await projectBatch(parts, workspaceId, layout, holder)
      if (count === 0) break
      carried += count
    }
    return carried
  })
}

/** Makes the tables fit the program in force, without waiting for something to carry over. */
export function fitTables(parts: InsightParts, workspaceId: string): Promise<void> {
  return inTurn(workspaceId, async () => {
    await underLease(parts, workspaceId, async () => 0)
  })
}

/** Takes the lease and makes the tables fit; 0 without having done the work while another process is at it. */
async function underLease(
  parts: InsightParts,
  workspaceId: string,
  work: (layout: Layout, holder: string) => Promise<number>,
): Promise<number> {
  const { program } = await parts.programs.active(workspaceId)
  const layout = layoutFor(program)
  const holder = newHolder()
  try {
    const found = await parts.database.inWorkspace(workspaceId, (tx) => takeLease(tx, holder, parts.sole))
    if (!found) return 0
    if (!(await prepareTables(parts, workspaceId, layout, found))) {
      await rebuildUnder(parts, workspaceId, layout, holder)
    }
    return await work(layout, holder)
  } finally {
    await releaseLease(parts.database, workspaceId, holder)
  }
}

interface Batch {
  number: number
  generation: number
  seqs: number[]
  facts: Map<FactKind, { keys: string[]; fresh: Set<string>; truth: TruthRow[] }>
}

async function projectBatch(parts: InsightParts, workspaceId: string, layout: Layout, holder: string) {
  const readAt = parts.clock.now()
  const batch = await parts.database.inWorkspace(workspaceId, (tx) => reserve(tx, holder, parts.sole))
  if (!batch) return 0
  parts.between?.('reserved')
  for (const kind of factKinds) await writeFacts(parts.columns, workspaceId, layout, kind, batch)
  parts.between?.('inserted')
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    await tx.query(
      `delete from outbox where workspace_id = $1
       and seq in (select value::bigint from json_array_elements_text($2::json))`,
      [workspaceId, JSON.stringify(batch.seqs)],
    )
    await tx.query(
      `update fact_projections set sending = null, next_batch = $2, projected_at = greatest(projected_at, $3)
       where workspace_id = $1`,
      [workspaceId, batch.number + 1, readAt],
    )
  })
  parts.between?.('settled')
  return batch.seqs.length
}

/** Fixes which outbox rows the next batch carries (or finds those of one that did not come to its end), notes their
 * keys as possibly held by the column store, and reads the truth about them. */
async function reserve(tx: Tx, holder: string, sole?: boolean): Promise<Batch | undefined> {
  const projection = await takeLease(tx, holder, sole)
  if (!projection) return undefined
  const sending = projection.sending ?? (await nextSending(tx, projection))
  if (!sending) return undefined
  const rows = await tx.query<{ kind: FactKind; key: string }>(
    `select distinct kind, key from outbox where workspace_id = $1
     and seq in (select value::bigint from json_array_elements_text($2::json))`,
    [tx.workspaceId, JSON.stringify(sending.seqs)],
  )
  const keysOf = (kind: FactKind) => rows.filter((row) => row.kind === kind).map((row) => row.key)
  const cases = keysOf('case')
  const responses = [...new Set([...keysOf('response'), ...(await responsesOf(tx, cases))])]
  const keys: Record<FactKind, string[]> = {
    response: responses,
    decision: [...new Set([...keysOf('decision'), ...(await decisionsOf(tx, responses))])],
    case: cases,
  }
  const facts: Batch['facts'] = new Map()
  for (const kind of factKinds) {
    if (keys[kind].length === 0) continue
    const fresh = await noteHeld(tx, kind, keys[kind])
    facts.set(kind, { keys: keys[kind], fresh, truth: await readTruth(tx, kind, keys[kind]) })
  }
  return { number: sending.batch, generation: projection.generation, seqs: sending.seqs, facts }
}

async function nextSending(tx: Tx, projection: Projection): Promise<Sending | undefined> {
  const rows = await tx.query<{ seq: number }>(
    'select seq from outbox where workspace_id = $1 order by seq limit $2',
    [tx.workspaceId, batchSize],
  )
  if (rows.length === 0) return undefined
  const sending = { batch: projection.next_batch, seqs: rows.map((row) => row.seq) }
  await tx.query('update fact_projections set sending = $2 where workspace_id = $1', [
    tx.workspaceId,
    JSON.stringify(sending),
  ])
  return sending
}

type FactRow = Record<string, unknown>

/** Takes back what has changed and writes it anew, in one block. A batch the table already holds is left alone. */
async function writeFacts(
  columns: Columns,
  workspaceId: string,
  layout: Layout,
  kind: FactKind,
  batch: Batch,
) {
  const facts = batch.facts.get(kind)
  if (!facts) return
  const table = factTable(workspaceId, kind, batch.generation)
  const held = await columns.query(`select 1 from ${table} where batch = {batch:UInt64} limit 1`, {
    batch: batch.number,
  })
  if (held.length > 0) return
  const shape = layout.columns[kind]
  const old = await liveRows(
    columns,
    table,
    shape,
    facts.keys.filter((key) => !facts.fresh.has(key)),
  )
  const cancelled: FactRow[] = []
  const written: FactRow[] = []
  const present = new Set<string>()
  for (const truth of facts.truth) {
    present.add(truth.key)
    const row = factRow(shape, truth)
    const before = old.get(truth.key)
    // Most of what re-enters the outbox changed in nothing that is a column.
    if (before && shape.every(({ name }) => JSON.stringify(before[name]) === JSON.stringify(row[name])))
      continue
    if (before) cancelled.push({ ...before, batch: batch.number, sign: -1 })
    written.push({ ...row, batch: batch.number, sign: 1 })
  }
  for (const [key, before] of old) {
    if (!present.has(key)) cancelled.push({ ...before, batch: batch.number, sign: -1 })
  }
  await columns.insert(table, [...cancelled, ...written], `batch-${batch.number}`)
}

/** The rows that stand: of each key the latest, unless that took it back. */
async function liveRows(
  columns: Columns,
  table: string,
  shape: Layout['columns'][FactKind],
  keys: readonly string[],
): Promise<Map<string, FactRow>> {
  if (keys.length === 0) return new Map()
  const names = shape.map(({ name }) => `\`${name}\``).join(', ')
  const rows = await columns.query<FactRow & { key: string; sign: number }>(
    `select key, sign, ${names} from ${table} where key in {keys:Array(UUID)}
     order by batch desc, sign desc limit 1 by key`,
    { keys },
  )
  return new Map(rows.filter((row) => row.sign === 1).map(({ sign: _, ...row }) => [row.key, row]))
}
