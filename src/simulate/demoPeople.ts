// For: those who live in the demo's two years besides those whose answers are its inputs: managers, and customers who are
// asked something back.
// In: the loop's news in virtual time. Out: what these people do then.
import { notifyCases } from '../cases/notify.ts'
import type { News } from '../storage/jobs.ts'
import { handleDemoCases } from './demoCases.ts'
import { answerAsCustomers } from './demoCustomers.ts'
import { planForDemoCases } from './demoPlans.ts'

type Parts = Parameters<typeof answerAsCustomers>[0] &
  Parameters<typeof handleDemoCases>[0] &
  Parameters<typeof notifyCases>[0]

/** What they do by the kind of news, after the loop's own steps.
 * @param end when the two years end: nothing is done after it
 */
export function demoPeople(end: Date) {
  return {
    'response.completed': [
      async (parts: Parts, workspaceId: string, news: News[]) => {
        // Managers are told and act before anything else that falls due in the days that a replay takes at once.
        const caseIds = await casesOf(
          parts,
          workspaceId,
          news.flatMap((each) => each.responseIds as string[]),
        )
        if (caseIds.length > 0) {
          await notifyCases(parts, workspaceId, caseIds)
          await planForDemoCases(parts, workspaceId, caseIds, end)
          await handleDemoCases(parts, workspaceId, caseIds, end)
        }
        await answerAsCustomers(parts, workspaceId)
      },
    ],
  }
}

async function casesOf({ database }: Parts, workspaceId: string, responseIds: readonly string[]) {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ id: string }>(
      'select distinct case_id as id from case_responses where workspace_id = $1 and response_id = any($2::uuid[])',
      [workspaceId, responseIds],
    ),
  )
  return rows.map(({ id }) => id)
}
