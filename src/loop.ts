// For: the main flow in one place: what follows what. Each step is idempotent and runs at least once.
// In: news that changes have enqueued in their own transactions.
// Out: the steps run, by the lane's clock: live, or a replay's virtual time.

import { notifyCases } from './cases/notify.ts'
import { openCases } from './cases/open.ts'
import { deliverMessages } from './channels/deliver.ts'
import { project } from './insight/project.ts'
import { decideDates, decideInvitations } from './invitations/decide.ts'
import { sendInvitations } from './invitations/send.ts'
import type { Parts } from './parts.ts'
import type { Lane, News } from './storage/jobs.ts'

type Step = (parts: Parts, workspaceId: string, news: News[]) => Promise<void>

/** All values of a list that several pieces of news carry. */
const gathered = <T>(news: News[], name: string): T[] => [
  ...new Set(news.flatMap((each) => each[name] as T[])),
]

const loop: Record<string, Step[]> = {
  'event.recorded': [(parts, workspace, news) => decideInvitations(parts, workspace, gathered(news, 'seqs'))],
  'date.due': [(parts, workspace) => decideDates(parts, workspace)],
  'invitation.due': [(parts, workspace) => sendInvitations(parts, workspace)],
  'message.queued': [(parts, workspace) => deliverMessages(parts, workspace)],
  'response.completed': [
    (parts, workspace, news) => openCases(parts, workspace, gathered(news, 'responseIds')),
  ],
  'case.opened': [(parts, workspace, news) => notifyCases(parts, workspace, gathered(news, 'caseIds'))],
}
