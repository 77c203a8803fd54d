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
