import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Database } from '../storage/postgres.ts'

export interface Workspace {
  id: string
  slug: string
  name: string
  activeVersion: string | undefined
}

interface WorkspaceRow extends Record<string, unknown> {
  workspace_id: string
  slug: string
  name: string
  active_version: string | null
}

const read = (row: WorkspaceRow): Workspace => ({
  id: row.workspace_id,
  slug: row.slug,
  name: row.name,
  activeVersion: row.active_version ?? undefined,
})

/** All workspaces, oldest first; or the one with this slug. */
export async function findWorkspaces(database: Database, slug?: string): Promise<Workspace[]> {
  const rows = await database.asOwner((tx) =>
    tx.query<WorkspaceRow>(
      `select workspace_id, slug, name, active_version from workspaces
       where $1::text is null or slug = $1 order by created_at, slug`,
      [slug ?? null],
    ),
  )
  return rows.map(read)
}

/** A name as it stands in addresses: lower case, digits and hyphens. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
}

/** @throws Refusal workspace.exists when the slug is taken; request.malformed when nothing is left of the name */
export async function createWorkspace(
  parts: { database: Database; clock: Clock },
  name: string,
  slug = slugOf(name),
): Promise<Workspace> {
  if (slug === '') throw new Refusal('request.malformed', 'A workspace needs a name with letters or digits.')
  const rows = await parts.database.asOwner((tx) =>
    tx.query<WorkspaceRow>(
      `insert into workspaces (workspace_id, slug, name, created_at) values ($1, $2, $3, $4)
       on conflict (slug) do nothing returning workspace_id, slug, name, active_version`,
      [newId(parts.clock), slug, name, parts.clock.now()],
    ),
  )
  if (!rows[0]) throw new Refusal('workspace.exists', slug)
  return read(rows[0])
}

/** The workspace of this name, made when there is none. */
export async function ensureWorkspace(
  parts: { database: Database; clock: Clock },
  name: string,
  slug = slugOf(name),
): Promise<Workspace> {
  const [found] = await findWorkspaces(parts.database, slug)
  return found ?? createWorkspace(parts, name, slug)
}
