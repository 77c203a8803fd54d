import type { Columns } from '../storage/columns.ts'
import type { FactKind } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import type { FactColumn } from './factColumn.ts'
import { createTableSql, factKinds, factTable, type Layout } from './facts.ts'
import type { Projection } from './lease.ts'

const seen = new WeakMap<Columns, Set<string>>()

/** Makes the tables of the generation that is read fit the program.
 * @returns false when they cannot be made to fit by adding columns and have to be built anew: there are none, a
 *   column has changed its type, units have moved, or the time zone is another
 */
export async function prepareTables(
  parts: { columns: Columns; database: Database },
  workspaceId: string,
  layout: Layout,
  projection: Projection,
): Promise<boolean> {
  if (projection.generation === 0) return false
  const known = seen.get(parts.columns) ?? new Set()
  seen.set(parts.columns, known)
  const state = `${workspaceId} ${projection.generation} ${layout.hash}`
  if (known.has(state) && projection.schema_hash === layout.hash) return true
  if (!projection.schema_hash.startsWith(layout.base)) return false
  const missing: Array<{ table: string; column: FactColumn }> = []
  for (const kind of factKinds) {
    const table = factTable(workspaceId, kind, projection.generation)
    const rows = await parts.columns.query<{ name: string; type: string }>(
      'select name, type from system.columns where database = currentDatabase() and table = {table:String}',
      { table },
    )
    if (rows.length === 0) return false
    const found = new Map(rows.map((row) => [row.name, row.type.replaceAll(' ', '')]))
    for (const column of layout.columns[kind]) {
      const type = found.get(column.name)
      if (type === undefined) missing.push({ table, column })
      else if (type !== column.type.replaceAll(' ', '')) return false
    }
  }
  for (const { table, column } of missing) {
    await parts.columns.command(
      `alter table ${table} add column if not exists \`${column.name}\` ${column.type}`,
    )
  }
  await rememberLayout(parts.database, workspaceId, layout.hash)
  known.add(state)
  return true
}

async function rememberLayout(database: Database, workspaceId: string, hash: string) {
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query('update fact_projections set schema_hash = $2 where workspace_id = $1', [workspaceId, hash]),
  )
}

export async function createTables(
  columns: Columns,
  workspaceId: string,
  generation: number,
  layout: Layout,
) {
  await dropTables(columns, workspaceId, generation)
  for (const kind of factKinds) {
    await columns.command(
      createTableSql(factTable(workspaceId, kind, generation), layout.columns[kind], layout.zone),
    )
  }
}

export async function dropTables(columns: Columns, workspaceId: string, generation: number) {
  for (const kind of factKinds) {
    await columns.command(`drop table if exists ${factTable(workspaceId, kind, generation)} sync`)
  }
}

/** Notes these keys as possibly held; returns those that certainly were not held before. */
export async function noteHeld(tx: Tx, kind: FactKind, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    `insert into fact_rows (workspace_id, kind, key)
     select $1::uuid, $2, value::uuid from json_array_elements_text($3::json)
     on conflict do nothing returning key`,
    [tx.workspaceId, kind, JSON.stringify(keys)],
  )
  return new Set(rows.map((row) => row.key))
}
