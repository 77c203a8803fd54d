import type { Database } from '../storage/postgres.ts'

/** How far a replay has come. */
export interface Position {
  fingerprint: string
  version: string
  /** Inputs played, of how many, and the virtual time reached. */
  taken: number
  total?: number
  until: Date
  recorded: number
  duplicate: number
  refused: number
  complete: boolean
}

/** Where to go on: after the last batch finished of the same source under the same program, else at the beginning. */
export async function readPosition(
  database: Database,
  workspaceId: string,
  source: { name: string; fingerprint: string },
  version: string,
): Promise<Position> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ state: Omit<Position, 'until'> & { until: string } }>(
      'select state from progress where workspace_id = $1 and work = $2',
      [workspaceId, work],
    ),
  )
  const state = rows[0]?.state
  if (state && !state.complete && state.fingerprint === source.fingerprint && state.version === version) {
    return { ...state, until: new Date(state.until) }
  }
  return {
    fingerprint: source.fingerprint,
    version,
    taken: 0,
    until: beginning,
    recorded: 0,
    duplicate: 0,
    refused: 0,
    complete: false,
  }
}

/** Whether a replay of a workspace has come to its end. */
export async function isPlayed(database: Database, workspaceId: string): Promise<boolean> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `select 1 from progress where workspace_id = $1 and work = $2 and (state->>'complete')::boolean`,
      [workspaceId, work],
    ),
  )
  return rows.length > 0
}

/** Workspaces that are being replayed, or whose replay was stopped and waits to be gone on with. */
export async function workspacesInReplay(database: Database): Promise<Set<string>> {
  const rows = await database.asOwner((tx) =>
    tx.query<{ id: string }>(
      `select workspace_id as id from progress
       where work = $1 and not coalesce((state->>'complete')::boolean, false)`,
      [work],
    ),
  )
  return new Set(rows.map(({ id }) => id))
}

const work = 'replay'
/** Before anything that is replayed. */
const beginning = new Date('1900-01-01T00:00:00Z')

export async function savePosition(
  database: Database,
  workspaceId: string,
  position: Position,
  at: Date,
): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(
      `insert into progress (workspace_id, work, state, changed_at) values ($1, $2, $3, $4)
       on conflict (workspace_id, work) do update set state = excluded.state, changed_at = excluded.changed_at`,
      [workspaceId, work, JSON.stringify(position), at],
    ),
  )
}
