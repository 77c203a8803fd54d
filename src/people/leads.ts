import type { Role } from '../base/principal.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { barredFrom } from './access.ts'
import type { Person } from './who.ts'

/** Somebody who leads the customer experience of the workspace, or of one unit and those below it. */
export interface Lead extends Row, Person {
  /** The unit that narrows what they see; null for none. */
  sees: string | null
  role: Role
}

/** Those among them who can be told of a case: who see its unit, less the one it is about; where none of those who lead
 * does, the administrators who do.
 */
export function leadsOf(
  leads: readonly Lead[],
  about: { employeeKey: string | null; path: readonly string[] },
): Lead[] {
  const seeing = leads.filter(
    ({ key, sees, role, unitKey }) =>
      barredFrom({ key, unitKey, member: { role, unitKey: sees } }, about) === undefined,
  )
  const leading = seeing.filter(({ role }) => role === 'cxLead')
  return leading.length > 0 ? leading : seeing
}

/** Members who lead the customer experience, and those who administer the workspace. All can be told by mail. */
export function readLeads(tx: Tx): Promise<Lead[]> {
  return tx.query<Lead>(
    `select r.person as key, r.name, r.email, r.language, r.unit_key as "unitKey", m.unit_key as sees, m.role
     from members m join case_readers r on r.person = coalesce(m.employee_key, 'user:' || m.user_id)
     where m.workspace_id = $1 and m.role in ('cxLead', 'admin') and r.email is not null order by m.created_at, r.person`,
    [tx.workspaceId],
  )
}
