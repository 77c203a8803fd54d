import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'

/** Gives what falls due after a replay's end to the live loop: dates that are watched, invitations that are scheduled.
 * Each of its rounds says when the next one is, so that the first time of each is enough. Done again it does no harm.
 */
export async function handOver(database: Database, announce: Announce, workspaceId: string): Promise<void> {
  await database.inWorkspace(workspaceId, async (tx) => {
    const [next] = await tx.query<{ date: Date | null; invitation: Date | null }>(
      `select (select min(due_at) from date_watches where workspace_id = $1) as date,
         (select min(due_at) from invitations where workspace_id = $1 and state = 'scheduled') as invitation`,
      [workspaceId],
    )
    if (next?.date) await announce(tx, { kind: 'date.due', workspaceId }, next.date)
    if (next?.invitation) await announce(tx, { kind: 'invitation.due', workspaceId }, next.invitation)
  })
}
