// For: keeping what each answer is about.
// In: completed responses; or all of a workspace, when its program has changed.
// Out: rows of response_themes, and their facts. What a person said of an answer stays.
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { type Answered, codesThemes, listCoder, type ThemeCoder } from './coder.ts'

export interface CodeParts {
  database: Database
  programs: Programs
  /** Left out: by word lists. */
  themeCoder?: ThemeCoder
}

interface Completed extends Row, Omit<Answered, 'response'> {
  responseId: string
  version: string
  survey: string
  touchpoint: string
  wayIn: string
}

const columns = `response_id as "responseId", comment, language, answers, context, survey, touchpoint, way_in as "wayIn",
  answered_at as "answeredAt", version`

/** Codes these responses by the program they were answered under. Doing it again changes nothing. */
export async function codeComments(
  parts: CodeParts,
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const responses = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<Completed>(
      `select ${columns} from responses
       where state = 'completed' and response_id = any($1::uuid[])`,
      [responseIds],
    ),
  )
  for (const [version, group] of Map.groupBy(responses, (each) => each.version)) {
    const checked = await parts.programs.version(workspaceId, version)
    if (!codesThemes(checked.program)) continue
    await parts.database.inWorkspace(workspaceId, (tx) => code(tx, parts, checked, group))
  }
}

const batchSize = 1000

/** Codes every answer of a workspace anew by the program in force, from the oldest on.
 * @returns how many were looked at, and of how many what they are about has changed
 */
export async function recodeThemes(
  parts: CodeParts,
  workspaceId: string,
): Promise<{ coded: number; changed: number }> {
  const checked = await parts.programs.active(workspaceId)
  const total = { coded: 0, changed: 0 }
  for (let after: string | null = null; ; ) {
    const from: string | null = after
    const batch: Recoded = await parts.database.inWorkspace(workspaceId, (tx) =>
      recodeBatch(tx, parts, checked, from),
    )
    total.coded += batch.coded
    total.changed += batch.changed
    if (batch.last === undefined) return total
    after = batch.last
  }
}

interface Recoded {
  coded: number
  changed: number
  last: string | undefined
}

/** Codes the next answers anew.
 * @param after the answer looked at last; null for none
 * @returns the last of them; undefined when there were none
 */
export async function recodeBatch(
  tx: Tx,
  parts: CodeParts,
  checked: CheckedProgram,
  after: string | null,
): Promise<Recoded> {
  const responses = await tx.query<Completed>(
    `select ${columns} from responses where state = 'completed' and ($1::uuid is null or response_id > $1)
     order by response_id limit ${batchSize}`,
    [after],
  )
  const changed = await code(tx, parts, checked, responses)
  return { coded: responses.length, changed, last: responses.at(-1)?.responseId }
}

interface ThemeRow extends Row {
  response_id: string
  theme: string
  by: string
  found: string[]
}

async function code(
  tx: Tx,
  { themeCoder = listCoder }: CodeParts,
  checked: CheckedProgram,
  responses: readonly Completed[],
): Promise<number> {
  if (responses.length === 0) return 0
  const ids = responses.map((each) => each.responseId)
  const before = await tx.query<ThemeRow>(
    `select response_id, theme, by, found from response_themes where response_id = any($1::uuid[]) for update`,
    [ids],
  )
  const said = new Set(before.flatMap((row) => (row.by === 'person' ? [keyOf(row)] : [])))
  const rows = responses.flatMap((response): ThemeRow[] =>
    themeCoder
      .code(checked, { ...response, response })
      .map((coded) => ({ response_id: response.responseId, ...coded }))
      .filter((row) => !said.has(keyOf(row))),
  )
  const kept = new Set(before.filter((row) => row.by !== 'person').map(textOf))
  const made = new Set(rows.map(textOf))
  const changed = [
    ...before.filter((row) => row.by !== 'person' && !made.has(textOf(row))),
    ...rows.filter((row) => !kept.has(textOf(row))),
  ]
  const anew = new Set(changed.map((row) => row.response_id))
  if (anew.size === 0) return 0
  const changedIds = [...anew]
  await tx.query(`delete from response_themes where response_id = any($1::uuid[]) and by <> 'person'`, [
    changedIds,
  ])
  await tx.query(
    `insert into response_themes (workspace_id, response_id, theme, by, found, version)
     select $1::uuid, r.response_id, r.theme, r.by, r.found, $2
     from json_to_recordset($3::json) as r(response_id uuid, theme text, by text, found text[])
     on conflict (workspace_id, response_id, theme) do nothing`,
    [tx.workspaceId, checked.version, JSON.stringify(rows.filter((row) => anew.has(row.response_id)))],
  )
  await appendOutbox(tx, 'response', changedIds)
  return changedIds.length
}

const keyOf = (row: ThemeRow) => `${row.response_id} ${row.theme}`
const textOf = (row: ThemeRow) => JSON.stringify([row.response_id, row.theme, row.by, row.found])

/** What these responses are about, without parents; a response that is about nothing is left out. */
export async function themesOf(tx: Tx, responseIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ id: string; themes: string[] }>(
    `select response_id as id, array_agg(theme order by theme) as themes from response_themes
     where response_id = any($1::uuid[]) group by response_id`,
    [responseIds],
  )
  return new Map(rows.map(({ id, themes }) => [id, themes]))
}
