// For: the main flow in one place: what follows what. Each step is idempotent and runs at least once.
// In: news that changes have enqueued in their own transactions.
// Out: the steps run, by the lane's clock: live, or a replay's virtual time.
import type { Clock } from './base/clock.ts'
import type { Log } from './base/log.ts'
import { noteAside } from './cases/aside.ts'
import { judgeDeadlines, workspacesWithDeadlines } from './cases/deadlines.ts'
import { takeFollowUps } from './cases/followUp.ts'
import { tellCaseNews } from './cases/news.ts'
import { openCases } from './cases/open.ts'
import { harmWatch } from './cases/outcomes.ts'
import { outdatedMails } from './cases/outdated.ts'
import { passOnUnseen } from './cases/passOn.ts'
import { takeReplies } from './cases/replies.ts'
import { repriceCases } from './cases/reprice.ts'
import { tellOpened } from './cases/tellOpened.ts'
import { type DeliveryParts, deliverMessages, type Mailer } from './channels/deliver.ts'
import { deliverHooks, type HookSender, workspacesWithHooks } from './channels/hooks/deliver.ts'
import { codeComments } from './comments/code.ts'
import { planRecoding, recodeSome } from './comments/recode.ts'
import { activatePromoters } from './improve/promoters.ts'
import { createCarrier } from './insight/carry.ts'
import { project } from './insight/project.ts'
import { decideDates, decideInvitations } from './invitations/decide.ts'
import { sendInvitations } from './invitations/send.ts'
import { overtakenDigests, planDigests, sendDigests } from './notify/digest.ts'
import { hookCases, hookResponses } from './notify/hookSteps.ts'
import { sendPraise } from './notify/praise.ts'
import { forgetDeliveries } from './notify/tidy.ts'
import { findWorkspaces } from './people/workspaces.ts'
import type { Programs } from './program/store.ts'
import { workspacesInReplay } from './simulate/position.ts'
import type { Columns } from './storage/columns.ts'
import type { Announce, Lane, News } from './storage/jobs.ts'
import type { Database } from './storage/postgres.ts'
import { planRefreshes, refreshDue } from './value/due.ts'
import { noteLoyalty } from './value/note.ts'

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
  hooks: HookSender
  /** No other process works on these stores. */
  sole: boolean
}

export type Step = (parts: Parts, workspaceId: string, news: News[]) => Promise<unknown>

/** All values of a list that several pieces of news carry, each once. */
const gathered = <T>(news: News[], name: string): T[] => [
  ...new Set(news.flatMap((each) => (each[name] ?? []) as T[])),
]

/** When each answer came in. */
const cameIn = (clock: Clock, news: News[]) =>
  new Map(
    news.flatMap(({ at, responseIds }) =>
      (responseIds as string[]).map((id) => [id, at === undefined ? clock.now() : new Date(at)] as const),
    ),
  )

const watches = new WeakMap<Clock, ReturnType<typeof harmWatch>>()
/** One watch for each clock, so that it remembers when it looked. */
function harmOf(clock: Clock) {
  const watch = watches.get(clock) ?? harmWatch(clock)
  watches.set(clock, watch)
  return watch
}

/** What is no longer true of the mails that have waited: those about cases, and digests. */
const outdatedFor =
  (parts: Parts): DeliveryParts['outdated'] =>
  async (tx, messages, clock) =>
    new Map<string, string>([
      ...(await outdatedMails(tx, messages, clock)),
      ...(await overtakenDigests(tx, parts, messages, clock.now())),
    ])

/** News, and what follows from it. Facts follow every change by themselves: the outbox is written with it. */
const follows: Record<string, Step[]> = {
  'event.recorded': [(parts, workspace, news) => decideInvitations(parts, workspace, gathered(news, 'seqs'))],
  'date.due': [(parts, workspace) => decideDates(parts, workspace)],
  'invitation.due': [(parts, workspace) => sendInvitations(parts, workspace)],
  'mail.received': [(parts, workspace, news) => takeReplies(parts, workspace, gathered(news, 'mailIds'))],
  'mail.tooMany': [(parts, workspace, news) => noteAside(parts, workspace, gathered(news, 'caseIds'))],
  'message.queued': [
    (parts, workspace) => deliverMessages({ ...parts, outdated: outdatedFor(parts) }, workspace),
  ],
  'response.completed': [
    (parts, workspace, news) => codeComments(parts, workspace, gathered(news, 'responseIds')),
    (parts, workspace, news) => takeFollowUps(parts, workspace, gathered(news, 'responseIds')),
    (parts, workspace, news) =>
      openCases(
        { ...parts, harmOf: harmOf(parts.clock) },
        workspace,
        gathered(news, 'responseIds'),
        cameIn(parts.clock, news),
      ),
    (parts, workspace, news) => noteLoyalty(parts, workspace, gathered(news, 'responseIds')),
    (parts, workspace, news) => sendPraise(parts, workspace, gathered(news, 'responseIds')),
    (parts, workspace, news) => hookResponses(parts, workspace, cameIn(parts.clock, news)),
    (parts, workspace) => planDigests(parts, workspace),
    // After the cases: nobody with an open one is asked to speak well of us.
    (parts, workspace, news) => activatePromoters(parts, workspace, gathered(news, 'responseIds')),
  ],
  'themes.due': [(parts, workspace) => recodeSome(parts, workspace)],
  'value.due': [(parts, workspace) => refreshDue(parts, workspace)],
  'value.refreshed': [(parts, workspace) => repriceCases(parts, workspace)],
  'cases.due': [(parts, workspace) => judgeDeadlines(parts, workspace)],
  'member.placed': [(parts, workspace, news) => passOnUnseen(parts, workspace, gathered(news, 'people'))],
  'caseNews.due': [(parts, workspace) => tellCaseNews(parts, workspace)],
  'case.opened': [
    (parts, workspace, news) => tellOpened(parts, workspace, gathered(news, 'caseIds')),
    (parts, workspace, news) => hookCases(parts, workspace, gathered(news, 'caseIds')),
  ],
  'case.changed': [
    (parts, workspace, news) => hookCases(parts, workspace, gathered(news, 'caseIds')),
    // While it was closed, what its customer is worth may have been reckoned.
    (parts, workspace, news) => repriceCases(parts, workspace, gathered(news, 'reopened')),
  ],
  'notify.due': [sendDigests, forgetDeliveries],
}

/** News of a time that has come. In a workspace that is being replayed it is another time, and the replay's to act upon. */
const ofTime: ReadonlySet<string> = new Set([
  ...['date.due', 'invitation.due', 'cases.due', 'caseNews.due', 'notify.due', 'value.due', 'themes.due'],
  ...['message.queued', 'hook.queued'],
])

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
/** Milliseconds between two turns of a workspace's facts, at most. */
const longestPause = 300
/** Workspaces whose facts are carried over side by side. */
const carriedAtOnce = 4
/** What fell due and was not told (a job was lost, the process was down, an owner has left) is found so often. */
const deadlinesEvery = 30_000
/** Rounds of posts of one workspace that may be under way. */
const postingAtOnce = 4
/** How often it is looked for what nobody announces: values to be reckoned, digests to be planned, posts left behind. */
const planEvery = 60_000

/** Rounds of a work, one after another: whoever wakes it during one has another after it. */
function inRounds(round: () => Promise<void>, mayRun: () => boolean) {
  let running: Promise<void> | undefined
  let again = false
  function wake() {
    again = true
    if (!mayRun()) return
    running ??= run().finally(() => {
      running = undefined
      if (again) wake()
    })
  }
  async function run() {
    while (again && mayRun()) {
      again = false
      await round()
    }
  }
  return { wake, ended: async () => running }
}

/** A loop on a lane; `parts` carry the lane's clock and its way to announce.
 * @param also what follows besides, after the rest: people of a simulated company, who answer to the same news
 */
export function createLoop(parts: Parts, lane: Lane, also: Readonly<Record<string, Step[]>> = {}): Loop {
  // A receiver that does not answer keeps nobody waiting: a live loop posts beside its other work, a few rounds of a
  // workspace at once; what is queued while they are all busy is taken up by the one that ends first.
  const posting = new Map<string, Set<Promise<unknown>>>()
  const missed = new Set<string>()
  async function post(workspaceId: string) {
    if (timer === undefined) return void (await deliverHooks(parts, workspaceId))
    const busy = posting.get(workspaceId) ?? new Set()
    if (busy.size >= postingAtOnce) return void missed.add(workspaceId)
    const work = deliverHooks(parts, workspaceId)
      .catch((error: Error) => parts.log.error({ err: error, workspaceId }, 'webhooks could not be posted'))
      .finally(() => {
        busy.delete(work)
        if (busy.size === 0) posting.delete(workspaceId)
        if (missed.delete(workspaceId) && timer !== undefined) void post(workspaceId)
      })
    posting.set(workspaceId, busy.add(work))
  }
  async function lookRound() {
    const replayed = await workspacesInReplay(parts.database)
    await planRefreshes(parts, replayed)
    for (const workspaceId of await workspacesWithHooks(parts))
      if (!replayed.has(workspaceId)) await post(workspaceId)
    for (const { id, activeVersion } of await findWorkspaces(parts.database))
      if (activeVersion !== undefined && !replayed.has(id)) {
        await planDigests(parts, id)
        await planRecoding(parts, id)
      }
  }
  let deadlinesLookedFor = 0

  /** Puts off what a replay has to end before; a replay's own loop puts nothing off. */
  async function putOff(kind: string, workspaceId: string): Promise<boolean> {
    if (!started || !ofTime.has(kind)) return false
    if (!(await workspacesInReplay(parts.database)).has(workspaceId)) return false
    const later = new Date(parts.clock.now().getTime() + planEvery)
    await parts.database.inWorkspace(workspaceId, (tx) => parts.announce(tx, { kind, workspaceId }, later))
    return true
  }

  const handle = async (kind: string, workspaceId: string, news: News[]) => {
    if (await putOff(kind, workspaceId)) return
    if (kind === 'hook.queued') await post(workspaceId)
    for (const step of [...(follows[kind] ?? []), ...(also[kind] ?? [])]) await step(parts, workspaceId, news)
  }
  /** It works on its own, by the live clock. */
  let started = false
  let timer: NodeJS.Timeout | undefined
  let planner: NodeJS.Timeout | undefined
  let planning: Promise<void> | undefined

  async function work() {
    try {
      if ((await lane.drain(handle)) > 0) carrying.wake()
      if (performance.now() - deadlinesLookedFor > deadlinesEvery || deadlinesLookedFor === 0) {
        deadlinesLookedFor = performance.now()
        const replayed = await workspacesInReplay(parts.database)
        for (const workspaceId of await workspacesWithDeadlines(parts))
          if (!replayed.has(workspaceId)) await judgeDeadlines(parts, workspaceId)
      }
    } catch (error) {
      // A store that is away comes back; what waits there waits on, and the next round tries again.
      parts.log.error({ err: error }, 'the loop could not work')
    }
  }

  async function plan() {
    try {
      await lookRound()
    } catch (error) {
      parts.log.error({ err: error }, 'what is to come could not be planned')
    }
  }

  const carrier = createCarrier(parts, {
    atOnce: carriedAtOnce,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, Math.min(milliseconds, longestPause))),
    again: () => carrying.wake(),
    failed: (error, workspaceId) =>
      parts.log.error({ err: error, workspaceId }, 'facts could not be carried over'),
  })
  const carry = () =>
    carrier
      .round()
      .catch((error: Error) => parts.log.error({ err: error }, 'what waits for the facts cannot be read'))

  // Facts go beside the work: however much of it there is, a number stands on open pages before all mails are made.
  const working = inRounds(work, () => timer !== undefined)
  const carrying = inRounds(carry, () => timer !== undefined)
  function wake() {
    working.wake()
    carrying.wake()
  }

  return {
    drain: () => lane.drain(handle),
    project: (workspaceId) => project(parts, workspaceId),
    start() {
      started = true
      lane.onWake(wake)
      timer = setInterval(wake, every)
      const planAgain = () => {
        planning ??= plan().finally(() => {
          planning = undefined
        })
      }
      planner = setInterval(planAgain, planEvery)
      planAgain()
      wake()
    },
    async stop() {
      clearInterval(timer)
      clearInterval(planner)
      timer = undefined
      await planning
      await working.ended()
      await carrying.ended()
      await carrier.ended()
      await Promise.all([...posting.values()].flatMap((busy) => [...busy]))
    },
  }
}
