import { subtractDuration } from '../base/clock.ts'
import type { NotifyParts } from './praise.ts'

/** For how long it is known what was posted, so that nothing is posted twice, and replays can reach back. */
const kept = 'P60D'

/** Forgets posts that were taken long ago; those given up stay until somebody replays or removes them. */
export async function forgetDeliveries(
  { database, clock }: Pick<NotifyParts, 'database' | 'clock'>,
  workspaceId: string,
): Promise<void> {
  const before = subtractDuration(clock.now(), kept)
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(`delete from deliveries where state = 'delivered' and delivered_at < $1`, [before]),
  )
}
