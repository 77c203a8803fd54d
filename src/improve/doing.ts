import type { Clock } from '../base/clock.ts'
import type { Principal } from '../base/principal.ts'
import { type UnitScope, unitScope } from '../people/access.ts'
import { findAssignee } from '../people/staff.ts'
import { type ActorName, actorOf } from '../people/who.ts'
import type { Database } from '../storage/postgres.ts'

/** Who does something, what they may see, and by which clock. */
export interface Doing {
  actor: ActorName
  scope: UnitScope
  clock: Clock
}

/** Who sent a request does it. */
export const doingOf = (principal: Principal, clock: Clock): Doing => ({
  actor: actorOf(principal),
  scope: unitScope(principal),
  clock,
})

/** Who is named as owner, by the name they have; nothing when nobody is.
 * @throws Refusal person.unknown
 */
export async function ownerNamed(
  database: Database,
  principal: Principal,
  owner: { id: string } | null | undefined,
): Promise<{ owner?: string; ownerName?: string }> {
  if (!owner) return {}
  const { id, name } = await findAssignee(database, principal, owner.id)
  return { owner: id, ownerName: name }
}
