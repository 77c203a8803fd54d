import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Row, Tx } from '../storage/postgres.ts'

/** A filter that somebody keeps. Its owner alone changes it; a shared one everybody sees. */
export interface SavedView extends Row {
  viewId: string
  page: string
  name: string
  filter: Record<string, unknown>
  shared: boolean
  mine: boolean
  createdAt: Date
}

export interface ViewInput {
  page: string
  name: string
  filter: Record<string, unknown>
  shared?: boolean
}

const columns = `view_id as "viewId", page, name, filter, shared, owner = $1 as mine, created_at as "createdAt"`
const viewsAtMost = 200

/** One's own and the shared ones, by name. */
export function listViews(tx: Tx, me: string, page?: string): Promise<SavedView[]> {
  return tx.query<SavedView>(
    `select ${columns} from saved_views
     where (owner = $1 or shared) and ($2::text is null or page = $2) order by page, lower(name), view_id`,
    [me, page ?? null],
  )
}

/** @throws Refusal request.malformed when one has two hundred already */
export async function saveView(tx: Tx, clock: Clock, me: string, input: ViewInput): Promise<SavedView> {
  const [count] = await tx.query<{ n: number }>('select count(*) as n from saved_views where owner = $1', [
    me,
  ])
  if ((count?.n ?? 0) >= viewsAtMost) throw new Refusal('request.malformed', `You have ${viewsAtMost} views.`)
  const [made] = await tx.query<SavedView>(
    `insert into saved_views (workspace_id, view_id, page, name, filter, owner, shared, created_at)
     values ($2, $3, $4, $5, $6, $1, $7, $8) returning ${columns}`,
    [
      me,
      tx.workspaceId,
      newId(clock),
      input.page,
      input.name,
      JSON.stringify(input.filter),
      input.shared ?? false,
      clock.now(),
    ],
  )
  return made as SavedView
}

/** @throws Refusal thing.unknown, also for somebody else's */
export async function changeView(tx: Tx, me: string, viewId: string, input: ViewInput): Promise<SavedView> {
  const [changed] = await tx.query<SavedView>(
    `update saved_views set page = $3, name = $4, filter = $5, shared = $6
     where view_id = $2 and owner = $1 returning ${columns}`,
    [me, viewId, input.page, input.name, JSON.stringify(input.filter), input.shared ?? false],
  )
  if (!changed) throw new Refusal('thing.unknown')
  return changed
}

/** @throws Refusal thing.unknown, also for somebody else's */
export async function removeView(tx: Tx, me: string, viewId: string): Promise<void> {
  const rows = await tx.query('delete from saved_views where view_id = $2 and owner = $1 returning 1', [
    me,
    viewId,
  ])
  if (rows.length === 0) throw new Refusal('thing.unknown')
}
