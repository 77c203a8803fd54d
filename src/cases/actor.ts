import type { Principal, Role } from '../base/principal.ts'
import { actorOf } from '../people/who.ts'
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
