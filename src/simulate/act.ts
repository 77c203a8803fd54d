import { actOnCase } from '../cases/store.ts'
import { idOf } from '../events/apply.ts'
import type { Database } from '../storage/postgres.ts'
import type { ActInput } from './input.ts'

/** Lets people of the company do what they did with their cases. Done again, what was done stays done once.
 * @throws Error when an answer about the transaction opened no case, or the case does not allow it
 */
export async function carryOut(
  database: Database,
  workspaceId: string,
  acts: readonly ActInput[],
): Promise<void> {
  for (const { by, at, transaction, action } of acts) {
    const transactionId = idOf.transaction(workspaceId, transaction.type, transaction.key)
    await database.inWorkspace(workspaceId, async (tx) => {
      const [found] = await tx.query<{
        caseId: string
        revision: number
        name: string | null
        done: boolean
      }>(
        `select c.case_id as "caseId", c.revision,
           (select e.name from employees e where e.employee_key = $2) as name,
           exists (select from case_events v where v.case_id = c.case_id and v.actor = $2 and v.at = $3) as done
         from case_responses k
         join responses r on r.response_id = k.response_id
         join cases c on c.case_id = k.case_id
         where r.transaction_id = $1 order by c.opened_at desc limit 1`,
        [transactionId, by, at],
      )
      if (!found) throw new Error(`no answer about ${transaction.type} ${transaction.key} has a case`)
      if (found.done) return
      const actor = { id: by, name: found.name ?? by }
      await actOnCase(tx, found.caseId, action, found.revision, { actor, scope: {}, at })
    })
  }
}
