// For: those who live in the demo's two years besides those whose answers are its inputs: managers, and customers who are
// asked something back.
// In: the loop's news in virtual time. Out: what these people do then.
import { tellOpened } from '../cases/tellOpened.ts'
import type { News } from '../storage/jobs.ts'
import { handleDemoCases } from './demoCases.ts'
import { answerAsCustomers } from './demoCustomers.ts'
import { planForDemoCases } from './demoPlans.ts'

type Parts = Parameters<typeof answerAsCustomers>[0] &
  Parameters<typeof handleDemoCases>[0] &
  Parameters<typeof tellOpened>[0]

/** What they do by the kind of news, after the loop's own steps.
 * @param end when the two years end: nothing is done after it
 */
export function demoPeople(end: Date) {
  return {
    'response.completed': [
      async (parts: Parts, workspaceId: string, news: News[]) => {
        // Managers are told and act before anything else that falls due in the days that a replay takes at once.
        const responseIds = news.flatMap((each) => each.responseIds as string[])
        const { told, waited } = await casesOf(parts, workspaceId, responseIds)
        await tellOpened(parts, workspaceId, told)
        const caseIds = [...told, ...waited]
        await handleDemoCases(parts, workspaceId, caseIds, end)
        await planForDemoCases(parts, workspaceId, caseIds, end)
        await answerAsCustomers(parts, workspaceId)
      },
    ],
  }
}

/** Cases that these answers have opened or opened again; those that nobody took in time, or that a trial made wait. */
async function casesOf({ database, clock }: Parts, workspaceId: string, responseIds: readonly string[]) {
  const ids = async (sql: string, values: unknown[]) =>
    (
      await database.inWorkspace(workspaceId, (tx) => tx.query<{ id: string }>(sql, [workspaceId, ...values]))
    ).map(({ id }) => id)
  return {
    told: await ids(
      'select distinct case_id as id from case_responses where workspace_id = $1 and response_id = any($2::uuid[])',
      [responseIds],
    ),
    waited: await ids(
      "select case_id as id from cases where workspace_id = $1 and state in ('open', 'taken') and (contact_due_at < $2 or hold_until <= $2)",
      [clock.now()],
    ),
  }
}
