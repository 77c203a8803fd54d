// For: answering an Ask.
// In: an Ask as data, the asker's scope. Out: an AskResult, from one query in all but rare cases.
import { Refusal } from '../base/errors.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Ask, AskResult } from './ask.ts'
import { type CompiledAsk, compileAsk, type Scope } from './compile.ts'
import { factTable } from './facts.ts'
import type { Projection } from './lease.ts'
import { type InsightParts, layoutFor } from './parts.ts'
import { fitTables } from './project.ts'
import { type Cell, type CellRow, cellsOf, composeRows } from './result.ts'

const defaultLimit = 500

/** Answers an Ask.
 * @param scope narrows what is counted to a unit and those below it
 * @param language of the labels
 * @throws Refusal ask.invalid, program.missing, store.unavailable while the facts are being rebuilt elsewhere,
 * facts.missing when they are in another column store than this one
 */
export async function ask(
  parts: InsightParts,
  workspaceId: string,
  asked: Ask,
  scope: Scope = {},
  language: LanguageCode = 'en',
): Promise<AskResult> {
  const { program, version } = await parts.programs.active(workspaceId)
  const now = parts.clock.now()
  const projection = await fittingProjection(parts, workspaceId, layoutFor(program).hash)
  const compile = (generation: number) =>
    compileAsk(asked, program, (kind) => factTable(workspaceId, kind, generation), scope, now, language)
  let compiled = compile(projection.generation)
  const read = (sql: string) => parts.columns.query<CellRow>(sql, compiled.parameters)
  const rows = await read(compiled.sql).catch(async (error: Error & { code?: string }) => {
    if (!tableIsGone(error)) throw error
    const next = await readProjection(parts, workspaceId)
    compiled = compile(next.generation)
    return read(compiled.sql).catch((error: Error) => {
      throw tableIsGone(error) ? new Refusal('facts.missing') : error
    })
  })
  const apart = compiled.overlapping || rows.length > compiled.cap
  const totals = apart ? cellsOf(await read(compiled.totalSql), 0) : []
  return resultOf(parts, workspaceId, asked, compiled, rows, totals, {
    watermark: (projection.projected_at ?? now).toISOString(),
    version,
  })
}

/** The answer that the rows of a compiled Ask come to.
 * @param totals without groups, when the groups do not add up to them
 */
export async function resultOf(
  parts: InsightParts,
  workspaceId: string,
  asked: Ask,
  compiled: CompiledAsk,
  rows: readonly CellRow[],
  totals: readonly Cell[],
  at: { watermark: string; version: string },
): Promise<AskResult> {
  const { metric, by } = compiled
  const composed = composeRows(compiled, cellsOf(rows, by.length, compiled.packed), totals, {
    compare: asked.compare !== undefined,
    limit: asked.limit ?? defaultLimit,
  })
  return {
    ask: asked,
    metric: {
      id: metric.id,
      kind: metric.kind,
      label: metric.label,
      unit: metric.unit,
      ...(metric.target === undefined ? {} : { target: metric.target }),
      ...(metric.scale === undefined ? {} : { scale: metric.scale }),
    },
    ...composed,
    fields: await Promise.all(
      by.map(async ({ id, label, type, labels }, index) => {
        const named = ownerFields.has(id) ? await ownerNames(parts, workspaceId, composed.rows, index) : {}
        return { id, label, type, labels: { ...named, ...labels } }
      }),
    ),
    ...at,
  }
}

const ownerFields = new Set(['case.owner', 'case.dueOwner'])

/** Names of owners whom the program does not know as employees; names never go to the column store. */
async function ownerNames(
  { database }: InsightParts,
  workspaceId: string,
  rows: AskResult['rows'],
  index: number,
): Promise<Record<string, string>> {
  const owners = [...new Set(rows.map(({ by }) => by[index]))].filter((owner) => typeof owner === 'string')
  if (owners.length === 0) return {}
  const found = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ owner: string; name: string | null }>(
      `select p.owner, coalesce(
         (select max(c.owner_name) from cases c where c.owner = p.owner),
         (select max(e.name) from employees e where e.employee_key = p.owner),
         (select max(r.name) from case_readers r where r.person = p.owner)) as name
       from json_array_elements_text($1::json) as p(owner)`,
      [JSON.stringify(owners)],
    ),
  )
  return Object.fromEntries(found.flatMap(({ owner, name }) => (name === null ? [] : [[owner, name]])))
}

/** A rebuild has just changed over to tables of its own and dropped those we were about to read. */
export const tableIsGone = (error: Error & { code?: string }): boolean =>
  error.code === '60' || /UNKNOWN_TABLE/.test(error.message)

type Known = Pick<Projection, 'generation' | 'schema_hash' | 'projected_at'>

async function readProjection({ database }: InsightParts, workspaceId: string): Promise<Known> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<Known & { [column: string]: unknown }>(
      'select generation, schema_hash, projected_at from fact_projections where workspace_id = $1',
      [workspaceId],
    ),
  )
  return rows[0] ?? { generation: 0, schema_hash: '', projected_at: null }
}

/** The facts have the columns of the program in force, which may have been pushed a moment ago. */
export async function fittingProjection(
  parts: InsightParts,
  workspaceId: string,
  hash: string,
): Promise<Known> {
  const found = await readProjection(parts, workspaceId)
  if (found.schema_hash === hash) return found
  await fitTables(parts, workspaceId)
  const fitted = await readProjection(parts, workspaceId)
  if (fitted.schema_hash !== hash) {
    throw new Refusal('store.unavailable', 'The facts are being rebuilt for a new version of the program.')
  }
  return fitted
}
