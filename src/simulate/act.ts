import type { Person } from '../cases/case.ts'
import { changeCase } from '../cases/store.ts'
import { idOf } from '../events/apply.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import type { ActInput } from './input.ts'

/** Lets people of the company do what they did with their cases. Done again, what was done stays done once.
 * @throws Error when an answer about the transaction opened no case, or the case does not allow it
 */
export async function carryOut(
  parts: { database: Database; announce: Announce; programs: Programs },
  workspaceId: string,
  acts: readonly ActInput[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  for (const { by, at, transaction, action } of acts) {
    const transactionId = idOf.transaction(workspaceId, transaction.type, transaction.key)
    await parts.database.inWorkspace(workspaceId, async (tx) => {
      const [found] = await tx.query<{ caseId: string; revision: number; done: boolean }>(
        `select c.case_id as "caseId", d.revision,
           exists (select from case_events v where v.case_id = c.case_id and v.actor = $2 and v.at = $3) as done
         from case_responses k
         join responses r on r.response_id = k.response_id
         join cases c on c.case_id = k.case_id
         join case_deadlines d on d.case_id = c.case_id
         where r.transaction_id = $1 order by c.opened_at desc limit 1`,
        [transactionId, by, at],
      )
      if (!found) throw new Error(`no answer about ${transaction.type} ${transaction.key} has a case`)
      if (found.done) return
      const { caseId, revision } = found
      const actor = { ...(await person(tx, by)), mandate: true }
      const to = 'to' in action ? { to: await named(tx, action.to) } : {}
      const done = { ...action, ...to } as typeof action
      await changeCase(tx, parts, { caseId, revision, actor, at, action: done }, { checked })
    })
  }
}

/** Employees stand in a scenario by their key. */
const named = (tx: Tx, to: unknown): Promise<Person | Person[]> =>
  Array.isArray(to) ? Promise.all(to.map((key) => person(tx, String(key)))) : person(tx, String(to))

async function person(tx: Tx, key: string): Promise<Person> {
  const [found] = await tx.query<{ name: string | null }>(
    'select name from employees where employee_key = $1',
    [key],
  )
  return { id: key, name: found?.name ?? key }
}
