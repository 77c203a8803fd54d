// For: keeping the facts of all workspaces level, without one of them holding up another's.
// In: the outboxes, looked through whenever somebody wakes it. Out: facts; failures, each told by itself.
import type { InsightParts } from './parts.ts'
import { project } from './project.ts'

export interface Carrier {
  /** Begins with every workspace in whose outbox something waits and with which nobody here is busy; those that had
   * their turn longest ago first. It does not wait for them: one that is filled, or built anew, takes its time. */
  round(): Promise<void>
  /** Resolves when all that is under way has come to its end. */
  ended(): Promise<void>
}

export interface CarrierOptions {
  /** Workspaces whose turns run side by side; a turn is short unless everything is built anew. */
  atOnce: number
  /** Between two turns of a workspace, so that what the next one carries gathers meanwhile.
   * @param milliseconds what the turn took
   */
  pause(milliseconds: number): Promise<void>
  /** A turn that carried something has ended: there may be more, or others may have waited for it. */
  again(): void
  failed(error: unknown, workspaceId: string): void
}

/** A turn is over after so many batches, though more may wait: one that is being filled would never end. */
const mostBatches = 5

export function createCarrier(parts: InsightParts, options: CarrierOptions): Carrier {
  const underWay = new Map<string, Promise<void>>()
  const turns = new Map<string, number>()
  let turn = 0

  async function take(workspaceId: string) {
    const began = performance.now()
    let carried = 0
    try {
      carried = await project(parts, workspaceId, mostBatches)
    } catch (error) {
      options.failed(error, workspaceId)
    }
    await options.pause(performance.now() - began)
    underWay.delete(workspaceId)
    // What failed or is another process's is tried when somebody else wakes it.
    if (carried > 0) options.again()
  }

  return {
    async round() {
      const waiting = (await workspacesWaiting(parts)).filter((id) => !underWay.has(id))
      waiting.sort((one, other) => (turns.get(one) ?? 0) - (turns.get(other) ?? 0))
      for (const id of waiting.slice(0, Math.max(0, options.atOnce - underWay.size))) {
        turn += 1
        turns.set(id, turn)
        underWay.set(id, take(id))
      }
    },
    async ended() {
      await Promise.all(underWay.values())
    },
  }
}

async function workspacesWaiting({ database }: InsightParts): Promise<string[]> {
  const rows = await database.asOwner((tx) =>
    tx.query<{ workspace_id: string }>(
      `select w.workspace_id from workspaces w
       where exists (select from outbox o where o.workspace_id = w.workspace_id)`,
    ),
  )
  return rows.map((row) => row.workspace_id)
}
