// For: those who live in the demo's two years besides those whose answers are its inputs: managers, and customers who are
// asked something back.
// In: the loop's news in virtual time. Out: what these people do then.
import type { News } from '../storage/jobs.ts'
import { handleDemoCases } from './demoCases.ts'
import { answerAsCustomers } from './demoCustomers.ts'
import { planForDemoCases } from './demoPlans.ts'

type Parts = Parameters<typeof answerAsCustomers>[0] & Parameters<typeof handleDemoCases>[0]

/** What they do by the kind of news, after the loop's own steps.
 * @param end when the two years end: nothing is done after it
 */
export function demoPeople(end: Date) {
  return {
    'case.opened': [
      async (parts: Parts, workspaceId: string, news: News[]) => {
        const caseIds = news.flatMap((each) => each.caseIds as string[])
        await planForDemoCases(parts, workspaceId, caseIds, end)
        await handleDemoCases(parts, workspaceId, caseIds, end)
      },
    ],
    'response.completed': [(parts: Parts, workspaceId: string) => answerAsCustomers(parts, workspaceId)],
  }
}
