// For: the people who could be given work: the program's employees, and members who are none of them.
// In: the workspace, and the unit of who asks. Out: each with unit, functions, open cases, and when they are back.
import { Refusal } from '../base/errors.ts'
import type { Principal, Role } from '../base/principal.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import {
  barredFrom,
  narrowedTo,
  type UnitScope,
  unitScope,
  visibleCase,
  type Worker,
  workingRoles,
} from './access.ts'
import { listMembers, type Member } from './members.ts'
import { actorOf } from './who.ts'

/** Somebody cases can be given to. */
export interface Colleague {
  /** Employee key, or user:<id> of a member who is no employee. */
  id: string
  name: string | null
  email: string | null
  unitKey: string | null
  unit: string | null
  manager: boolean
  functions: string[]
  openCases: number
  absentUntil: Date | null
  /** Can sign in. */
  member: boolean
}

/** Somebody found by id, with what narrows what they may be given: nobody works on a case about themselves. */
export interface Assignee {
  id: string
  name: string
  email: string | null
  sees: UnitScope
}

/** All whom the asker could give a case: of the asker's unit, those below it and those above it; without narrowing all.
 * @param caseId of which to be given; whoever does not see it, or whom it is about, is left out
 * @throws Refusal thing.unknown when the asker does not see the case
 */
export async function listColleagues(
  database: Database,
  workspaceId: string,
  now: Date,
  scope: UnitScope,
  caseId?: string,
): Promise<Colleague[]> {
  const members = await listMembers(database, workspaceId)
  const byKey = new Map(
    members.flatMap((each) => (each.employeeKey === null ? [] : [[each.employeeKey, each]])),
  )
  const others = members.filter((each) => each.employeeKey === null && mayWork(each.role))
  return database.inWorkspace(workspaceId, async (tx) => {
    const units = await unitsAround(tx, scope)
    const may: (worker: Worker) => boolean =
      caseId === undefined ? () => true : await seers(tx, caseId, scope)
    const open = await openCases(tx)
    const employees = await tx.query<Row & Omit<Colleague, 'openCases' | 'member'>>(
      `select e.employee_key as id, e.name, e.email, e.unit_key as "unitKey", coalesce(u.name, e.unit_key) as unit,
         coalesce(e.role = 'manager', false) as manager, e.functions,
         (select max(x.to_at) from absences x
          where x.employee_key = e.employee_key and x.from_at <= $1 and x.to_at > $1) as "absentUntil"
       from employees e left join units u on u.unit_key = e.unit_key
       where e.active and ($2::text[] is null or e.unit_key is null or e.unit_key = any($2))
       order by e.name, e.employee_key`,
      [now, units ?? null],
    )
    return [
      ...employees
        .filter(({ id, unitKey }) => {
          const member = byKey.get(id) ?? null
          return (!member || mayWork(member.role)) && may({ key: id, unitKey, member })
        })
        .map((each) => ({ ...each, openCases: open.get(each.id) ?? 0, member: byKey.has(each.id) })),
      ...others
        .filter(({ unitKey }) => !units || unitKey === null || units.includes(unitKey))
        .filter((member) => may({ key: `user:${member.userId}`, unitKey: null, member }))
        .map((each) => colleagueOf(each, open)),
    ]
  })
}

/** Who can be given a case. */
async function seers(tx: Tx, caseId: string, scope: UnitScope) {
  const values: unknown[] = [caseId]
  const [about] = await tx.query<{ employee: string | null; path: string[] | null }>(
    `select c.employee_key as employee, u.path from cases c left join units u on u.unit_key = c.unit_key
     where c.case_id = $1 and ${visibleCase(scope, 'c', values)}`,
    values,
  )
  if (!about) throw new Refusal('thing.unknown')
  const { employee: employeeKey, path } = about
  return (worker: Worker) => barredFrom(worker, { employeeKey, path: path ?? [] }) === undefined
}

/** @param to an employee's key, user:<id> of a member who is no employee, or `me`
 * @throws Refusal person.unknown; person.cannot when they may not work on cases
 */
export async function findAssignee(database: Database, principal: Principal, to: string): Promise<Assignee> {
  const { workspaceId } = principal
  const me = actorOf(principal)
  if (to === 'me' || to === me.id)
    return {
      ...me,
      email: principal.email ?? null,
      sees: {
        ...unitScope(principal),
        ...(principal.employeeKey ? { notAbout: principal.employeeKey } : {}),
      },
    }
  const members = await listMembers(database, workspaceId)
  if (to.startsWith('user:')) {
    const member = members.find(({ userId, employeeKey }) => `user:${userId}` === to && employeeKey === null)
    if (!member) throw new Refusal('person.unknown')
    requireWorker(member, member.name || member.email)
    return {
      id: to,
      name: member.name || member.email,
      email: member.email,
      sees: member.unitKey === null ? {} : { unitKey: member.unitKey },
    }
  }
  const [employee] = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ name: string | null; email: string | null; unit: string | null }>(
      'select name, email, unit_key as unit from employees where employee_key = $1 and active',
      [to],
    ),
  )
  if (!employee) throw new Refusal('person.unknown')
  const member = members.find(({ employeeKey }) => employeeKey === to)
  if (member) requireWorker(member, employee.name ?? to)
  const narrowed = narrowedTo({ member: member ?? null, unitKey: employee.unit })
  return {
    id: to,
    name: employee.name ?? to,
    email: employee.email,
    sees: {
      ...(narrowed === null ? {} : { unitKey: narrowed }),
      notAbout: to,
    },
  }
}

const mayWork = (role: Role) => workingRoles.includes(role)

function requireWorker({ role }: Member, name: string) {
  if (!mayWork(role)) throw new Refusal('person.cannot', `${name} may look at cases, but not work on them.`)
}

const colleagueOf = (member: Member, open: ReadonlyMap<string, number>): Colleague => ({
  id: `user:${member.userId}`,
  name: member.name || member.email,
  email: member.email,
  unitKey: member.unitKey,
  unit: member.unitKey,
  manager: member.role === 'unitManager',
  functions: [],
  openCases: open.get(`user:${member.userId}`) ?? 0,
  absentUntil: null,
  member: true,
})

/** The unit, those below and those above it; undefined for all. */
async function unitsAround(tx: Tx, { unitKey }: UnitScope): Promise<string[] | undefined> {
  if (unitKey === undefined) return undefined
  const rows = await tx.query<{ key: string }>(
    `select u.unit_key as key from units u
     where u.path @> array[$1::text] or u.unit_key = any((select path from units where unit_key = $1)::text[])`,
    [unitKey],
  )
  return rows.map(({ key }) => key)
}

async function openCases(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.query<{ owner: string; n: number }>(
    `select owner, count(*) as n from cases where state <> 'closed' and owner is not null group by owner`,
  )
  return new Map(rows.map(({ owner, n }) => [owner, n]))
}
