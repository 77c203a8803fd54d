import { nextHour } from '../base/clock.ts'
import type { Tx } from '../storage/postgres.ts'
import { refreshValues, type ValueParts } from './refresh.ts'
import { valuePlan } from './value.ts'

/** When on the wall clock of the program's zone values are made anew: nobody waits for a page then. */
const hourOfNight = 3
/** Where nothing is known to have happened yet, one looks again after so long: data are on their way. */
const lookAgainAfter = 600_000
/** A refresh that was due this long ago and never came was lost, and is announced again. */
const lostAfter = 3_600_000
const work = 'value'

/** Sees to it that each workspace whose program declares value is refreshed: at once when it never was, then every
 * night. Asked as often as one likes; each night is announced once.
 * @param except workspaces that are left alone
 */
export async function planRefreshes(
  parts: ValueParts,
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { database, programs } = parts
  const workspaces = await database.asOwner((tx) =>
    tx.query<{ id: string }>(
      'select workspace_id as id from workspaces where active_version is not null order by workspace_id',
    ),
  )
  for (const { id } of workspaces) {
    if (except.has(id)) continue
    const plan = valuePlan(await programs.active(id))
    if (!plan) continue
    await database.inWorkspace(id, async (tx) => {
      const lost = new Date(parts.clock.now().getTime() - lostAfter)
      if (await moveDue(tx, parts.clock.now(), lost)) await announceAt(tx, parts, id, parts.clock.now())
    })
  }
}

/** Refreshes when that is due, and plans the next night; while nothing has happened yet, soon again. News that came twice finds it done. */
export async function refreshDue(parts: ValueParts, workspaceId: string): Promise<void> {
  const { database, clock, programs } = parts
  const due = await database.inWorkspace(workspaceId, readDue)
  if (due && due > clock.now()) return
  const refreshed = await refreshValues(parts, workspaceId)
  const { program } = await programs.active(workspaceId)
  if (!program.value) return
  const night = nextHour(clock.now(), hourOfNight, program.workspace.timeZone)
  const soon = new Date(clock.now().getTime() + lookAgainAfter)
  const next = refreshed || night < soon ? night : soon
  await database.inWorkspace(workspaceId, async (tx) => {
    if (await moveDue(tx, next, clock.now())) await announceAt(tx, parts, workspaceId, next)
  })
}

async function readDue(tx: Tx): Promise<Date | undefined> {
  const [row] = await tx.query<{ due: string }>(
    `select state->>'due' as due from progress where workspace_id = $1 and work = $2`,
    [tx.workspaceId, work],
  )
  return row && new Date(row.due)
}

/** Notes when the next refresh is due, unless one later than `passed` is noted already. @returns whether it was noted */
async function moveDue(tx: Tx, due: Date, passed: Date): Promise<boolean> {
  const rows = await tx.query(
    `insert into progress (workspace_id, work, state, changed_at)
     values ($1, $2, jsonb_build_object('due', $3::text), current_setting('samklang.now')::timestamptz)
     on conflict (workspace_id, work) do update set state = excluded.state, changed_at = excluded.changed_at
     where (progress.state->>'due')::timestamptz <= $4::timestamptz returning work`,
    [tx.workspaceId, work, due.toISOString(), passed],
  )
  return rows.length > 0
}

const announceAt = (tx: Tx, parts: ValueParts, workspaceId: string, at: Date) =>
  parts.announce(tx, { kind: 'value.due', workspaceId }, at)
