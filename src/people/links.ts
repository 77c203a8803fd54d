import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId, newToken, sha256 } from '../base/ids.ts'
import type { Database, Tx } from '../storage/postgres.ts'

export interface LinkParts {
  database: Database
  clock: Clock
  publicUrl: string
}

const hour = 3_600_000
/** The owner's address until they choose their own. `.invalid` can never receive mail (RFC 2606). */
export const ownerEmail = 'owner@samklang.invalid'

/** Makes a link that signs somebody in once, within an hour. Only its hash is kept.
 * @param who.email an existing or new person; left out: the owner, who is made on first start
 * @param who.workspaceId makes the person an administrator of this workspace, unless they are a member already; the
 * portal opens it
 */
export async function createSignInLink(
  parts: LinkParts,
  who: { email?: string; name?: string; workspaceId?: string } = {},
): Promise<{ url: string; userId: string; expiresAt: Date }> {
  const at = parts.clock.now()
  const expiresAt = new Date(at.getTime() + hour)
  const token = newToken()
  const { userId, slug } = await parts.database.asOwner(async (tx) => {
    const user = who.email
      ? await findOrAddUser(tx, parts.clock, who.email, who.name)
      : await owner(tx, parts.clock)
    if (who.workspaceId) {
      await tx.query(
        `insert into members (workspace_id, user_id, role, created_at) values ($1, $2, 'admin', $3)
         on conflict do nothing`,
        [who.workspaceId, user, at],
      )
    }
    await tx.query('delete from auth.links where expires_at < $1', [at])
    await tx.query(
      'insert into auth.links (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
      [sha256(token), user, at, expiresAt],
    )
    const [workspace] = who.workspaceId
      ? await tx.query<{ slug: string }>('select slug from workspaces where workspace_id = $1', [
          who.workspaceId,
        ])
      : []
    return { userId: user, slug: workspace?.slug }
  })
  const opens = slug === undefined ? '' : `&workspace=${encodeURIComponent(slug)}`
  return { url: `${parts.publicUrl}/sign-in?link=${token}${opens}`, userId, expiresAt }
}

/** Spends a link. Whoever asks second, or too late, is refused; two at once cannot both get in.
 * @throws Refusal access.linkSpent
 */
export async function spendLink(
  parts: Omit<LinkParts, 'publicUrl'>,
  token: string,
): Promise<{ userId: string }> {
  const at = parts.clock.now()
  return parts.database.asOwner(async (tx) => {
    const [link] = await tx.query<{ user_id: string }>(
      `update auth.links set spent_at = $2 where token_hash = $1 and spent_at is null and expires_at > $2
       returning user_id`,
      [sha256(token), at],
    )
    if (!link) throw new Refusal('access.linkSpent')
    await adoptWorkspaces(tx, link.user_id, at)
    return { userId: link.user_id }
  })
}

/** Notes which session a link opened, so that this one may set a new password for an hour. */
export async function rememberSession(parts: Omit<LinkParts, 'publicUrl'>, token: string, sessionId: string) {
  await parts.database.asOwner((tx) =>
    tx.query('update auth.links set session_id = $2, expires_at = $3 where token_hash = $1', [
      sha256(token),
      sessionId,
      new Date(parts.clock.now().getTime() + hour),
    ]),
  )
}

/** True when the person has no password yet, or came by a link in this session within the hour. */
export async function maySetPassword(
  parts: Omit<LinkParts, 'publicUrl'>,
  session: { sessionId: string; userId: string },
): Promise<boolean> {
  const rows = await parts.database.asOwner((tx) =>
    tx.query(
      `select 1 where exists (select 1 from auth.links where session_id = $1 and expires_at > $3)
         or not exists (select 1 from auth.accounts where "userId" = $2 and "password" is not null)`,
      [session.sessionId, session.userId, parts.clock.now()],
    ),
  )
  return rows.length > 0
}

/** Finds a person by e-mail address, in any case of letters, or adds them without a password. */
export async function findOrAddUser(tx: Tx, clock: Clock, email: string, name = ''): Promise<string> {
  const rows = await tx.query<{ id: string }>(
    `insert into auth.users ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
     values ($1, $2, $3, false, $4, $4)
     on conflict ("email") do update set "email" = excluded."email" returning "id" as id`,
    [newId(clock), name, email.trim().toLowerCase(), clock.now()],
  )
  return rows[0]!.id
}

async function owner(tx: Tx, clock: Clock): Promise<string> {
  return (await firstUser(tx)) ?? findOrAddUser(tx, clock, ownerEmail, 'Owner')
}

/** The owner administers every workspace that nobody administers yet, such as one a replay has just made. */
async function adoptWorkspaces(tx: Tx, userId: string, at: Date) {
  if (userId !== (await firstUser(tx))) return
  await tx.query(
    `insert into members (workspace_id, user_id, role, created_at)
     select w.workspace_id, $1, 'admin', $2 from workspaces w
     where not exists (select 1 from members m where m.workspace_id = w.workspace_id and m.role = 'admin')
     on conflict do nothing`,
    [userId, at],
  )
}

/** Gives workspaces that nobody administers, made while the owner was signed in, to the owner at once. */
export async function giveToOwner(parts: Pick<LinkParts, 'database' | 'clock'>): Promise<void> {
  await parts.database.asOwner(async (tx) => {
    const first = await firstUser(tx)
    if (first) await adoptWorkspaces(tx, first, parts.clock.now())
  })
}

async function firstUser(tx: Tx): Promise<string | undefined> {
  const [first] = await tx.query<{ id: string }>(
    'select "id" as id from auth.users order by "createdAt", "id" limit 1',
  )
  return first?.id
}
