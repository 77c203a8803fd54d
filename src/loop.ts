// For: the main flow in one place: what follows what. Each step is idempotent and runs at least once.
// In: news that changes have enqueued in their own transactions.
// Out: the steps run, by the lane's clock: live, or a replay's virtual time.
import type { Clock } from './base/clock.ts'
import type { Log } from './base/log.ts'
import { notifyCases } from './cases/notify.ts'
import { openCases } from './cases/open.ts'
import { deliverMessages, type Mailer } from './channels/deliver.ts'
import { project, projectWaiting } from './insight/project.ts'
import { decideDates, decideInvitations } from './invitations/decide.ts'
import { sendInvitations } from './invitations/send.ts'
import type { Programs } from './program/store.ts'
import type { Columns } from './storage/columns.ts'
import type { Announce, Lane, News } from './storage/jobs.ts'
import type { Database } from './storage/postgres.ts'

/** What the parts of the product need of each other; each takes the few it uses. */
export interface Parts {
  database: Database
  columns: Columns
  clock: Clock
  announce: Announce
  programs: Programs
  log: Log
  publicUrl: string
  mailer: Mailer
  /** No other process works on these stores. */
  sole: boolean
}

type Step = (parts: Parts, workspaceId: string, news: News[]) => Promise<unknown>

/** All values of a list that several pieces of news carry, each once. */
const gathered = <T>(news: News[], name: string): T[] => [
  ...new Set(news.flatMap((each) => each[name] as T[])),
]

/** News, and what follows from it. Facts follow every change by themselves: the outbox is written with it. */
const follows: Record<string, Step[]> = {
  'event.recorded': [(parts, workspace, news) => decideInvitations(parts, workspace, gathered(news, 'seqs'))],
  'date.due': [(parts, workspace) => decideDates(parts, workspace)],
  'invitation.due': [(parts, workspace) => sendInvitations(parts, workspace)],
  'message.queued': [(parts, workspace) => deliverMessages(parts, workspace)],
  'response.completed': [
    (parts, workspace, news) => openCases(parts, workspace, gathered(news, 'responseIds')),
  ],
  'case.opened': [(parts, workspace, news) => notifyCases(parts, workspace, gathered(news, 'caseIds'))],
}

export interface Loop {
  /** Does everything due by the lane's clock, and all that follows from it, until nothing is left. */
  drain(): Promise<number>
  /** Brings the facts of a workspace up to date. */
  project(workspaceId: string): Promise<number>
  /** Works on its own from now on: at once after a change here, every half second for changes elsewhere. */
  start(): void
  stop(): Promise<void>
}

const every = 500

/** A loop on a lane; `parts` carry the lane's clock and its way to announce. */
export function createLoop(parts: Parts, lane: Lane): Loop {
  const handle = async (kind: string, workspaceId: string, news: News[]) => {
    for (const step of follows[kind] ?? []) await step(parts, workspaceId, news)
  }
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let again = false

  async function work() {
    try {
      // Facts before what follows, so that a number stands on open pages before mails are made; and again behind it.
      await projectWaiting(parts)
      await lane.drain(handle)
      await projectWaiting(parts)
    } catch (error) {
      // A store that is away comes back; what waits there waits on, and the next round tries again.
      parts.log.error({ err: error }, 'the loop could not work')
    }
  }

  function wake() {
    if (timer === undefined) return
    if (working) {
      again = true
      return
    }
    working = work().finally(() => {
      working = undefined
      if (!again) return
      again = false
      wake()
    })
  }

  return {
    drain: () => lane.drain(handle),
    project: (workspaceId) => project(parts, workspaceId),
    start() {
      lane.onWake(wake)
      timer = setInterval(wake, every)
      wake()
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      await working
    },
  }
}
