import type { CaseAction, CaseOutcome } from '../cases/case.ts'
import { changeCase } from '../cases/store.ts'
import type { Database } from '../storage/postgres.ts'
import { seededRandom } from './random.ts'

const hour = 3_600_000
const waiting = 3
const underWay = 4
/** Years ago; nobody is told of it now. */
const silently = { announce: async () => {} }

/** Lets the managers of the simulated company do their part: each case is taken after some hours and closed after some
 * days, by the manager of its unit, at those times. What would still be under way at `until` is left so.
 * @returns how many cases were acted upon
 */
export async function handleDemoCases(database: Database, workspaceId: string, until: Date): Promise<number> {
  const cases = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ case_id: string; opened_at: Date; employee_key: string | null; name: string | null }>(
      `select c.case_id, c.opened_at, m.employee_key, m.name from cases c
       left join units u on u.unit_key = c.unit_key
       left join lateral (
         select e.employee_key, e.name from employees e
         where e.role = 'manager' and e.unit_key = any(u.path) order by array_position(u.path, e.unit_key) desc limit 1
       ) m on true
       where c.state = 'open' order by c.opened_at, c.case_id`,
    ),
  )
  let handled = 0
  for (const [index, each] of cases.entries()) {
    const random = seededRandom(Number.parseInt(each.case_id.slice(0, 8), 16))
    const taken = new Date(each.opened_at.getTime() + (2 + random.share() ** 2 * 60) * hour)
    const closed = new Date(taken.getTime() + (3 + random.share() * 120) * hour)
    // The newest wait still and some before them are under way, as it is with people; the demo shows both.
    const newer = cases.length - index
    if (taken > until || newer <= waiting) continue
    const actor = { id: each.employee_key ?? 'demo', name: each.name ?? 'Customer care', mandate: true }
    const outcome: CaseOutcome =
      random.share() < 0.78 ? 'solved' : random.share() < 0.6 ? 'not solved' : 'no answer'
    await database.inWorkspace(workspaceId, async (tx) => {
      const done = (action: CaseAction, revision: number, at: Date) =>
        changeCase(tx, silently, { caseId: each.case_id, action, actor, revision, at })
      const { revision } = await done({ kind: 'take' }, 1, taken)
      if (closed > until || newer <= waiting + underWay) return
      await done({ kind: 'close', outcome }, revision, closed)
    })
    handled++
  }
  return handled
}
