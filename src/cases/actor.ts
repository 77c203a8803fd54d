import type { Clock } from '../base/clock.ts'
import type { Principal, Role } from '../base/principal.ts'
import { type UnitScope, unitScope } from '../people/access.ts'
import { actorOf } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import type { Actor } from './case.ts'

const mandated: readonly Role[] = ['admin', 'cxLead', 'unitManager']

/** Who acts on cases when this person or key does. Managers and leads may act on what others own; keys too, since they
 * stand for a system of the company and not for a colleague.
 */
export function caseActor(principal: Principal): Actor {
  const mandate =
    principal.kind === 'key' || (principal.role !== undefined && mandated.includes(principal.role))
  return { ...actorOf(principal), mandate }
}

/** Whoever does something with cases: as whom, which they see, by which program, and when. */
export interface Acting {
  actor: Actor
  scope: UnitScope
  checked: CheckedProgram
  at: Date
}

export async function actingAs(
  parts: { programs: Programs; clock: Clock },
  principal: Principal,
): Promise<Acting> {
  return {
    actor: caseActor(principal),
    scope: unitScope(principal),
    checked: await parts.programs.active(principal.workspaceId),
    at: parts.clock.now(),
  }
}
