import { addDuration, type Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Tx } from '../storage/postgres.ts'
import type { Applied } from './apply.ts'

/** A delay that cannot be reckoned must not hold up intake: the watch falls due at its date, and the decision says why
 * nobody is asked.
 */
function dueOf(date: Date, delay: string | undefined, zone: string): Date {
  if (!delay) return date
  try {
    return addDuration(date, delay, zone)
  } catch {
    return date
  }
}

/** Sets a watch for every trigger on a date field whose value these transactions have got or changed.
 * A watch falls due at the date plus the trigger's delay; a date that moves moves its watch.
 */
export async function watchDates(
  tx: Tx,
  parts: { clock: Clock; announce: Announce },
  checked: CheckedProgram,
  applied: Applied,
): Promise<void> {
  const workspaceId = tx.workspaceId as string
  const rows: Array<{ id: string; trigger: string; transaction: string; due: string }> = []
  for (const [trigger, { on, delay }] of Object.entries(checked.program.triggers ?? {})) {
    if (!('date' in on)) continue
    const [type, field] = on.date.split('.') as [string, string]
    for (const [id, transaction] of applied.transactions) {
      const date = transaction.now[field]
      if (transaction.type !== type || date === undefined || date === transaction.before[field]) continue
      const due = dueOf(new Date(date as string), delay, checked.program.workspace.timeZone)
      rows.push({
        id: stableId('watch', workspaceId, trigger, id),
        trigger,
        transaction: id,
        due: due.toISOString(),
      })
    }
  }
  if (rows.length === 0) return
  await tx.query(
    `insert into date_watches (workspace_id, watch_id, trigger, transaction_id, due_at)
     select $1::uuid, r.id, r.trigger, r.transaction, r.due
     from json_to_recordset($2::json) as r(id uuid, trigger text, transaction uuid, due timestamptz)
     on conflict (workspace_id, watch_id) do update set due_at = excluded.due_at`,
    [workspaceId, JSON.stringify(rows)],
  )
  const [first] = rows.map((row) => row.due).sort() as [string]
  await parts.announce(tx, { kind: 'date.due', workspaceId }, new Date(first))
}
