import { subtractDuration } from '../base/clock.ts'
import type { NotifyParts } from './praise.ts'

/** For how long it is known what was posted, so that nothing is posted twice, and replays can reach back. */
const kept = 'P60D'

/** Forgets posts that were taken, or given up, long ago. A target that stays gone keeps no more than these. */
export async function forgetDeliveries(
  { database, clock }: Pick<NotifyParts, 'database' | 'clock'>,
  workspaceId: string,
): Promise<void> {
  const before = subtractDuration(clock.now(), kept)
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `delete from deliveries where (state = 'delivered' and delivered_at < $1) or (state = 'dead' and queued_at < $1)`,
      [before],
    ),
  )
}
