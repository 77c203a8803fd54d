import type { CaseAction } from '../cases/case.ts'
import type { Person } from '../cases/standing.ts'
import { changeCase } from '../cases/store.ts'
import { idOf } from '../events/apply.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import type { ActInput, CaseActInput } from './input.ts'
import { improve, isCustomerAct, withCustomer } from './outer.ts'

interface ActParts {
  database: Database
  announce: Announce
  programs: Programs
}

/** Lets people do what they did with cases, customers and improvements. Done again, what was done stays done once.
 * @throws Error when an answer about the transaction opened no case, or what is done is not allowed
 */
export async function carryOut(
  parts: ActParts,
  workspaceId: string,
  acts: readonly ActInput[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  for (const act of acts)
    await parts.database.inWorkspace(workspaceId, async (tx) => {
      const doing = { actor: await person(tx, act.by), scope: {}, clock: { now: () => act.at } }
      if (act.transaction === undefined) return improve(tx, parts, checked, act, doing)
      const about = idOf.transaction(workspaceId, act.transaction.type, act.transaction.key)
      const { action } = act
      if (isCustomerAct(action)) return withCustomer(tx, parts, checked, { about, action }, doing)
      return onCase(tx, parts, checked, { ...act, action }, about)
    })
}

async function onCase(
  tx: Tx,
  parts: ActParts,
  checked: CheckedProgram,
  { by, at, transaction, action }: CaseActInput & { action: CaseAction },
  about: string,
): Promise<void> {
  const [found] = await tx.query<{ caseId: string; revision: number; done: boolean }>(
    `select c.case_id as "caseId", d.revision,
       exists (select from case_events v where v.case_id = c.case_id and v.actor = $2 and v.at = $3) as done
     from case_responses k
     join responses r on r.response_id = k.response_id
     join cases c on c.case_id = k.case_id
     join case_deadlines d on d.case_id = c.case_id
     where r.transaction_id = $1 order by c.opened_at desc limit 1`,
    [about, by, at],
  )
  if (!found) throw new Error(`no answer about ${transaction.type} ${transaction.key} has a case`)
  if (found.done) return
  const { caseId, revision } = found
  const actor = { ...(await person(tx, by)), mandate: true }
  const to = 'to' in action ? { to: await named(tx, action.to) } : {}
  const done = { ...action, ...to } as typeof action
  await changeCase(tx, parts, { caseId, revision, actor, at, action: done }, { checked })
}

/** Employees stand in a scenario by their key. */
const named = (tx: Tx, to: unknown): Promise<Person | Person[]> =>
  Array.isArray(to) ? Promise.all(to.map((key) => person(tx, String(key)))) : person(tx, String(to))

/** An employee by key; a customer has the key for a name. */
async function person(tx: Tx, key: string): Promise<Person> {
  const [found] = await tx.query<{ name: string | null }>(
    'select name from employees where employee_key = $1',
    [key],
  )
  return { id: key, name: found?.name ?? key }
}
