// For: what old answers are about, after a program has changed its themes.
// In: the program in force. Out: answers coded anew in the background, in batches, each once for each change of the lists.
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/ids.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import { type CodeParts, recodeBatch } from './code.ts'

export interface RecodeParts extends CodeParts {
  clock: Clock
  announce: Announce
}

/** Announces `themes.due` when the program in force says something else of themes than what the answers were coded by.
 * To be asked now and then; asking again changes nothing. When it is asked for the first time it takes the answers as
 * coded: each was, when it came.
 */
export async function planRecoding(parts: RecodeParts, workspaceId: string): Promise<void> {
  const { program } = await parts.programs.active(workspaceId)
  const lists = sha256(JSON.stringify(program.themes ?? []))
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const [noted] = await tx.query<{ due: boolean }>(
      `insert into theme_codings as t (workspace_id, lists, begun_at, done_at) values ($1, $2, $3, $3)
       on conflict (workspace_id) do update set lists = excluded.lists, after = null, begun_at = excluded.begun_at,
         done_at = null where t.lists <> excluded.lists returning done_at is null as due`,
      [workspaceId, lists, parts.clock.now()],
    )
    if (noted?.due) await parts.announce(tx, { kind: 'themes.due', workspaceId })
  })
}

const batchesAtOnce = 5

/** Codes some thousand answers anew, from where it stood, and announces itself while there are more; whatever else is
 * due gets its turn in between. What has been coded stays when the process ends in the middle.
 */
export async function recodeSome(parts: RecodeParts, workspaceId: string): Promise<void> {
  for (let batch = 1; ; batch++) {
    const more = await parts.database.inWorkspace(workspaceId, async (tx) => {
      const after = await standsAt(tx)
      if (after === undefined) return false
      const checked = await parts.programs.activeIn(tx)
      const { last } = await recodeBatch(tx, parts, checked, after)
      await tx.query('update theme_codings set after = $1, done_at = $2', [
        last ?? after,
        last === undefined ? parts.clock.now() : null,
      ])
      if (last !== undefined && batch === batchesAtOnce)
        await parts.announce(tx, { kind: 'themes.due', workspaceId })
      return last !== undefined
    })
    if (!more || batch === batchesAtOnce) return
  }
}

/** Null before the first answer, undefined when nothing is left to be done; nobody else goes on meanwhile. */
async function standsAt(tx: Tx): Promise<string | null | undefined> {
  const [row] = await tx.query<{ after: string | null }>(
    'select after from theme_codings where done_at is null for update',
  )
  return row?.after
}
