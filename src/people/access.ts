// For: who may do what, in one place: the roles, their scopes, and the narrowing to a unit.
// In: a role, or a key's scopes, and perhaps a unit.
// Out: scopes; and the one SQL condition that keeps a unit's people to their own unit and those below it.
import type { Principal, Role, Scope } from '../base/principal.ts'
import { scopes } from '../base/principal.ts'
import { bandSql } from '../program/bands.ts'
import type { Program } from '../program/schema.ts'

/** What each role may do. A unit manager and an employee always have a unit; a viewer sees numbers alone. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  admin: scopes,
  cxLead: scopes.filter((scope) => scope !== 'admin'),
  analyst: ['read', 'ask:read', 'responses:read', 'customers:read', 'cases:read', 'data:read'],
  unitManager: ['read', 'ask:read', 'responses:read', 'customers:read', 'cases:read', 'cases:write'],
  // Whoever looks after a customer's case needs all that is known of the customer, within the unit.
  employee: ['read', 'ask:read', 'responses:read', 'customers:read', 'cases:read', 'cases:write'],
  viewer: ['read', 'ask:read'],
}

/** Roles that mean nothing without a unit. */
export const unitRoles: readonly Role[] = ['unitManager', 'employee']

/** Scopes that look across all units; whoever is narrowed to a unit does not get them. */
const acrossUnits: readonly Scope[] = [
  'outreach:write',
  'data:read',
  'data:write',
  'mailbox:read',
  'program:write',
  'admin',
]

/** What somebody may do: the role's or key's scopes, less those that look across units when narrowed to one. Whoever may
 * read may ask for numbers too, as every role may.
 */
export function scopesOf(granted: readonly Scope[], unitKey: string | undefined): readonly Scope[] {
  const all: readonly Scope[] =
    granted.includes('read') && !granted.includes('ask:read') ? [...granted, 'ask:read'] : granted
  return unitKey === undefined ? all : all.filter((scope) => !acrossUnits.includes(scope))
}

/** What a read is narrowed to. Every read that can be narrowed takes one. */
export interface UnitScope {
  unitKey?: string
  /** The key of an employee who is not shown what is unhappy about their own work: that is the manager's to tell. */
  notAbout?: string
}

/** The one place that decides what somebody is narrowed to. Employees and unit managers are not shown what is unhappy
 * about their own work; of a unit manager's the manager above hears. Numbers count it all the same.
 */
export const unitScope = ({ unitKey, role, employeeKey }: Principal): UnitScope => ({
  ...(unitKey === undefined ? {} : { unitKey }),
  ...(role !== undefined && unitRoles.includes(role) && employeeKey !== undefined
    ? { notAbout: employeeKey }
    : {}),
})

/** SQL that is true for rows of the scope's unit and those below it; `true` when there is no narrowing.
 * @param column the column that holds the row's unit key, such as r.unit_key
 * @param values the statement's parameters; the unit is added to them
 */
export function withinUnit(scope: UnitScope, column: string, values: unknown[]): string {
  if (scope.unitKey === undefined) return 'true'
  values.push(scope.unitKey)
  return `${column} in (select u.unit_key from units u where u.path @> array[$${values.length}::text])`
}

/** As withinUnit, for cases: none about the reader's own work, where that is narrowed.
 * @param cases the name of the table in the statement
 */
export function visibleCase(scope: UnitScope, cases: string, values: unknown[]): string {
  const within = withinUnit(scope, `${cases}.unit_key`, values)
  if (scope.notAbout === undefined) return within
  return `${within} and ${cases}.employee_key is distinct from $${values.push(scope.notAbout)}`
}

/** Roles that may work on cases. */
export const workingRoles = (Object.keys(roleScopes) as Role[]).filter((role) =>
  roleScopes[role].includes('cases:write'),
)

/** Somebody cases could be brought to: as whom they sign in, or null; and the unit they work in. */
export interface Worker {
  key: string
  unitKey: string | null
  member: { role: Role; unitKey: string | null } | null
}

/** The unit that narrows them; null for none. Who does not sign in is taken to see the unit they work in. */
export const narrowedTo = ({ member, unitKey }: Pick<Worker, 'member' | 'unitKey'>): string | null =>
  member ? member.unitKey : unitKey

/** Why somebody cannot have a case, nor be told of it; undefined when they can. By hand and by a policy alike.
 * @param path the unit of the case and those above it; empty when it has none
 */
export function barredFrom(
  worker: Worker,
  { employeeKey, path }: { employeeKey: string | null; path: readonly string[] },
): 'about' | 'mayNotWork' | 'unseen' | undefined {
  if (worker.key === employeeKey) return 'about'
  if (worker.member && !workingRoles.includes(worker.member.role)) return 'mayNotWork'
  return seesUnit(worker, path) ? undefined : 'unseen'
}

/** Whether somebody sees what happens in a unit: nothing narrows them to another.
 * @param path the unit and those above it; empty for none, which only those see whom nothing narrows
 */
export function seesUnit(worker: Pick<Worker, 'member' | 'unitKey'>, path: readonly string[]): boolean {
  const narrowed = narrowedTo(worker)
  return narrowed === null || path.includes(narrowed)
}

/** SQL that is true where somebody can be told of a case: barredFrom in the store's words, for those who were named when
 * they still could.
 * @param person the column with their employee key or user:<id>
 * @param cases the name of the table of cases, with its unit_key and employee_key
 */
export function maySeeCase(person: string, cases: string): string {
  const sees = (unit: string) =>
    `(${unit} is null or exists (select from units u where u.unit_key = ${cases}.unit_key and ${unit} = any(u.path)))`
  const roles = workingRoles.map((role) => `'${role}'`).join(', ')
  return `(${person} is distinct from ${cases}.employee_key and coalesce(
    (select m.role in (${roles}) and ${sees('m.unit_key')} from members m
     where coalesce(m.employee_key, 'user:' || m.user_id) = ${person} order by m.created_at, m.user_id limit 1),
    (select ${sees('e.unit_key')} from employees e where e.employee_key = ${person} and e.active), false))`
}

/** As withinUnit, for answers: of those about the reader's own work none that was followed up, told as criticism, or has a
 * low score.
 * @param responses the name of the table in the statement
 * @param program says which scores are low
 */
export function visibleAnswer(
  scope: UnitScope,
  responses: string,
  program: Program,
  values: unknown[],
): string {
  const within = withinUnit(scope, `${responses}.unit_key`, values)
  if (scope.notAbout === undefined) return within
  const parameter = (value: unknown) => `$${values.push(value)}`
  const about = `${responses}.employee_key = ${parameter(scope.notAbout)}`
  return `${within} and (${about} and (${bandSql(program, 'detractor', responses, parameter)}
    or exists (select from case_responses f where f.response_id = ${responses}.response_id)
    or exists (select from recovery_decisions f where f.response_id = ${responses}.response_id and f.handling <> 'none')
    or exists (select from notifications f where f.response_id = ${responses}.response_id and f.kind = 'criticism')
  )) is not true`
}
