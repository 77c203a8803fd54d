// For: what the managers of the simulated company do with its cases.
// In: a workspace whose cases have been opened, and the time it is there. Out: cases taken, customers called, cases
// closed, each at its time; a lane on which that goes on while the years are played.
import type { CaseAction, CaseOutcome } from '../cases/case.ts'
import { changeCase } from '../cases/store.ts'
import type { Lane } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'
import { seededRandom } from './random.ts'

const hour = 3_600_000
const waiting = 3
const underWay = 4
/** What is opened later than so long before the end is left until the end: some of it is to be found waiting. */
const freshFor = 14 * 24 * hour
/** Years ago; nobody is told of it now. */
const silently = { announce: async () => {} }

interface DemoCase extends Row {
  caseId: string
  state: 'open' | 'taken' | 'contacted'
  /** When it was opened, or opened again. */
  since: Date
  reopened: number
  attempts: number
  revision: number
  employeeKey: string | null
  name: string | null
}

/** Lets the managers do their part: each case is taken after some hours, the customer called soon after, and the case
 * closed after some days, by the manager of its unit, at those times. Some are reached too late, some not at all. What
 * would still be under way at `until` is left so.
 * @param before only cases opened before then; left out: all, of which the newest wait still and some are under way
 * @returns how many cases were acted upon
 */
export async function handleDemoCases(
  database: Database,
  workspaceId: string,
  until: Date,
  before?: Date,
): Promise<number> {
  const cases = await database.inWorkspace(workspaceId, (tx) => readCases(tx, before ?? until))
  let handled = 0
  for (const [index, each] of cases.entries()) {
    const newer = before ? Number.POSITIVE_INFINITY : cases.length - index
    if (newer <= waiting) continue
    const actions = actionsOf(each).filter(
      ({ at }, step) => at <= until && (step === 0 || newer > waiting + underWay),
    )
    if (actions.length === 0) continue
    await database.inWorkspace(workspaceId, async (tx) => {
      let { revision } = each
      for (const { action, at } of actions) {
        const actor = { id: each.employeeKey ?? 'demo', name: each.name ?? 'Customer care', mandate: true }
        const change = { caseId: each.caseId, action, actor, revision, at }
        ;({ revision } = await changeCase(tx, silently, change))
      }
    })
    handled++
  }
  return handled
}

/** A lane of the years as they are played, on which the managers come first: before a deadline is judged, and before
 * further answers of their customers are.
 */
export function withDemoManagers(
  lane: Lane,
  { database, end, now }: { database: Database; end: Date; now: () => Date },
): Lane {
  const fresh = new Date(end.getTime() - freshFor)
  return {
    ...lane,
    drain: (handle) =>
      lane.drain(async (kind, workspaceId, news) => {
        if (kind === 'response.completed' || kind === 'cases.due')
          await handleDemoCases(database, workspaceId, now(), fresh)
        // Those of the last days are judged when the managers have done what they do at the end.
        if (kind === 'cases.due' && now() > fresh) return
        await handle(kind, workspaceId, news)
      }),
  }
}

function readCases(
  tx: { query: <R extends Row>(sql: string, values: unknown[]) => Promise<R[]> },
  before: Date,
) {
  return tx.query<DemoCase>(
    `select c.case_id as "caseId", c.state, coalesce(r.at, c.opened_at) as since, c.reopened, c.attempts, c.revision,
       m.employee_key as "employeeKey", m.name
     from cases c
     left join units u on u.unit_key = c.unit_key
     left join lateral (
       select e.employee_key, e.name from employees e
       where e.role = 'manager' and e.unit_key = any(u.path) order by array_position(u.path, e.unit_key) desc limit 1
     ) m on true
     left join lateral (
       select max(v.at) as at from case_events v where v.case_id = c.case_id and v.kind = 'reopened'
     ) r on true
     where c.state <> 'closed' and c.opened_at < $1 order by since, c.case_id`,
    [before],
  )
}

/** What is still to be done with a case, in order, each at its time. */
function actionsOf(each: DemoCase): Array<{ action: CaseAction; at: Date }> {
  const random = seededRandom(Number.parseInt(each.caseId.slice(0, 8), 16) + each.reopened)
  const after = (time: Date, hours: number) => new Date(time.getTime() + hours * hour)
  const taken = after(each.since, 2 + random.share() ** 2 * 60)
  const closed = after(taken, 3 + random.share() * 120)
  const called = after(taken, 0.1 + random.share() * 1.9)
  const outcome: CaseOutcome =
    random.share() < 0.78 ? 'solved' : random.share() < 0.6 ? 'not solved' : 'no answer'
  const call: CaseAction = { kind: outcome === 'no answer' ? 'attempt' : 'contact', channel: 'phone' }
  const all: Array<{ action: CaseAction; at: Date; isDone: boolean }> = [
    { action: { kind: 'take' }, at: taken, isDone: each.state !== 'open' },
    { action: call, at: called, isDone: each.state === 'contacted' || each.attempts > each.reopened },
    { action: { kind: 'close', outcome }, at: closed, isDone: false },
  ]
  return all.filter(({ isDone }) => !isDone)
}
