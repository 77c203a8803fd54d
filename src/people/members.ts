import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Principal, Role, SignedIn } from '../base/principal.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { roleScopes, scopesOf, unitRoles } from './access.ts'
import { requireUnit } from './apiKeys.ts'
import { findOrAddUser } from './links.ts'

export interface Membership {
  workspaceId: string
  slug: string
  workspaceName: string
  role: Role
  unitKey: string | null
  employeeKey: string | null
  /** What the program calls the employee. */
  employeeName: string | null
}

export interface Member {
  userId: string
  name: string
  email: string
  role: Role
  unitKey: string | null
  employeeKey: string | null
}

/** What a member may do and see; a role that needs a unit is refused without one. */
export interface Place {
  role: Role
  unitKey?: string
  employeeKey?: string
}

/** The workspaces a person belongs to, oldest first. */
export async function membershipsOf(database: Database, userId: string): Promise<Membership[]> {
  const rows = await database.script(
    `select m.workspace_id as "workspaceId", w.slug, w.name as "workspaceName", m.role,
       m.unit_key as "unitKey", m.employee_key as "employeeKey", e.name as "employeeName"
     from samklang.members m join samklang.workspaces w on w.workspace_id = m.workspace_id
     left join samklang.employees e on e.workspace_id = m.workspace_id and e.employee_key = m.employee_key
     where m.user_id = $1 order by w.created_at, w.slug`,
    [userId],
  )
  return rows as unknown as Membership[]
}

export function memberPrincipal(user: SignedIn, membership: Membership): Principal {
  const unitKey = membership.unitKey ?? undefined
  return {
    kind: 'user',
    id: user.id,
    // One name for one person, whether they act or are given something: the program's, before the account's.
    name: membership.employeeName || user.name || user.email,
    email: user.email,
    workspaceId: membership.workspaceId,
    role: membership.role,
    scopes: scopesOf(roleScopes[membership.role], unitKey),
    ...(unitKey === undefined ? {} : { unitKey }),
    ...(membership.employeeKey === null ? {} : { employeeKey: membership.employeeKey }),
  }
}

/** Members with their names, which live outside of the workspace: read as owner, of this workspace alone. Who has given
 * none goes by what the program calls the employee they are.
 */
export async function listMembers(database: Database, workspaceId: string): Promise<Member[]> {
  const rows = await database.script(
    `select m.user_id as "userId", coalesce(nullif(u."name", ''), e.name, '') as name, u."email", m.role,
       m.unit_key as "unitKey", m.employee_key as "employeeKey"
     from samklang.members m join auth.users u on u."id" = m.user_id
     left join samklang.employees e on e.workspace_id = m.workspace_id and e.employee_key = m.employee_key
     where m.workspace_id = $1 order by 2, u."email"`,
    [workspaceId],
  )
  return rows as unknown as Member[]
}

/** Adds a person to a workspace, or gives a member another place.
 * @throws Refusal request.malformed when the role needs a unit, or there is no such unit or employee
 */
export async function placeMember(
  database: Database,
  clock: Clock,
  workspaceId: string,
  who: { userId: string } | { email: string; name?: string },
  place: Place,
): Promise<string> {
  if (unitRoles.includes(place.role) && place.unitKey === undefined) {
    throw new Refusal('request.malformed', 'This role needs a unit.', [
      { where: 'body/unitKey', message: 'expected the key of a unit of the program' },
    ])
  }
  if (place.unitKey !== undefined) {
    const unitKey = place.unitKey
    await database.inWorkspace(workspaceId, (tx) => requireUnit(tx, unitKey))
  }
  if (place.employeeKey !== undefined) {
    const employeeKey = place.employeeKey
    await database.inWorkspace(workspaceId, (tx) => requireEmployee(tx, employeeKey))
  }
  return database.asOwner(async (tx) => {
    const administered = await hasAdministrator(tx, workspaceId)
    const userId = 'userId' in who ? who.userId : await findOrAddUser(tx, clock, who.email, who.name)
    const values = [workspaceId, userId, place.role, place.unitKey ?? null, place.employeeKey ?? null]
    if ('userId' in who) {
      const rows = await tx.query(
        `update members set role = $3, unit_key = $4, employee_key = $5
         where workspace_id = $1 and user_id = $2 returning user_id`,
        values,
      )
      if (rows.length === 0) throw new Refusal('thing.unknown')
    } else {
      await tx.query(
        `insert into members (workspace_id, user_id, role, unit_key, employee_key, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, user_id) do update
         set role = excluded.role, unit_key = excluded.unit_key, employee_key = excluded.employee_key`,
        [...values, clock.now()],
      )
    }
    // A workspace that nobody administers any more could not be mended from the portal.
    if (administered && !(await hasAdministrator(tx, workspaceId))) {
      throw new Refusal('access.denied', 'A workspace keeps at least one administrator.')
    }
    return userId
  })
}

/** Takes a member out of a workspace. Their open cases are given to others with the next look at deadlines: `cases.due`
 * is announced for it.
 * @throws Refusal thing.unknown; access.denied for the last administrator
 */
export async function removeMember(
  { database, announce }: { database: Database; announce: Announce },
  workspaceId: string,
  userId: string,
): Promise<void> {
  await database.asOwner(async (tx) => {
    const administered = await hasAdministrator(tx, workspaceId)
    const rows = await tx.query(
      'delete from members where workspace_id = $1 and user_id = $2 returning user_id',
      [workspaceId, userId],
    )
    if (rows.length === 0) throw new Refusal('thing.unknown')
    if (administered && !(await hasAdministrator(tx, workspaceId)))
      throw new Refusal('access.denied', 'A workspace keeps at least one administrator.')
    await announce(tx, { kind: 'cases.due', workspaceId })
  })
}

async function requireEmployee(tx: Tx, key: string): Promise<void> {
  const rows = await tx.query('select 1 from employees where employee_key = $1', [key])
  if (rows.length > 0) return
  throw new Refusal('request.malformed', `There is no employee ${key}.`, [
    { where: 'body/employeeKey', message: 'expected the key of an employee of the program' },
  ])
}

async function hasAdministrator(tx: Tx, workspaceId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from members where workspace_id = $1 and role = 'admin' and unit_key is null limit 1`,
    [workspaceId],
  )
  return rows.length > 0
}

/** True for somebody who came by a link and has not chosen a password yet. */
export async function passwordNeeded(database: Database, userId: string): Promise<boolean> {
  const rows = await database.script(
    'select 1 from auth.accounts where "userId" = $1 and "password" is not null limit 1',
    [userId],
  )
  return rows.length === 0
}
