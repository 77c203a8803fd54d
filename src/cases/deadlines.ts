// For: reminding of deadlines, finding those that were missed, and telling those above: whatever happens to the process.
// In: the times that stand in the table of cases; jobs are only alarm clocks. Out: what fell due, each once, written
// down with the time at which it was due; mails to owners and to those it is escalated to.
import { setImmediate } from 'node:timers/promises'
import { type Clock, timeOfWork } from '../base/clock.ts'
import { accountOwnerOf, type WhoAsk } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import {
  type Due,
  type Planned,
  planning,
  readWaiting,
  roundSize,
  type Step,
  takeDue,
  type Waiting,
} from './due.ts'
import { type HandedUp, handUp } from './handUp.ts'
import { isPushed, passOnCases } from './passOn.ts'
import { keepHistory, type StoredEvent } from './store.ts'
import { tellDeadlines } from './tellDeadlines.ts'

export interface DeadlineParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
}

/** So many at once, since PGlite does not yield while it works: others get their turn within a batch, too. */
const batchSize = 2500

/** Judges every case whose time has come. Running it again, or twice at once, does nothing twice.
 * Announces `cases.due` for when the next one is to be looked at.
 */
export async function judgeDeadlines(parts: DeadlineParts, workspaceId: string): Promise<void> {
  const { database, clock } = parts
  const announceNext = async (tx: Tx) => {
    const next = await nextCheck(tx)
    if (next) await parts.announce(tx, { kind: 'cases.due', workspaceId }, next)
  }
  const judgeAll = async (tx: Tx, waiting: readonly Waiting[]) => {
    const due = await takeDue(tx, clock.now(), waiting)
    await judge(tx, parts, due)
    return due.length
  }
  let waiting = await database.inWorkspace(workspaceId, async (tx) => {
    await passOnCases(tx, parts, clock.now())
    const found = await readWaiting(tx, clock.now())
    if (found.length > batchSize) return found
    await judgeAll(tx, found)
    await announceNext(tx)
    return []
  })
  if (waiting.length === 0) return
  for (;;) {
    const judged = await inBatches(waiting, (batch) =>
      database.inWorkspace(workspaceId, (tx) => judgeAll(tx, batch)),
    )
    // Those that are left when nothing could be judged are another process's.
    if (waiting.length < roundSize || judged === 0) break
    waiting = await database.inWorkspace(workspaceId, (tx) => readWaiting(tx, clock.now()))
  }
  await database.inWorkspace(workspaceId, announceNext)
}

/** Two batches at a time: while the store writes one the next is thought out.
 * @returns the sum of what the work returns
 */
async function inBatches(
  waiting: readonly Waiting[],
  work: (batch: readonly Waiting[]) => Promise<number>,
): Promise<number> {
  let [place, sum] = [0, 0]
  const lane = async () => {
    while (place < waiting.length) {
      const batch = waiting.slice(place, place + batchSize)
      place += batchSize
      const done = await work(batch)
      sum += done
      await setImmediate()
    }
  }
  await Promise.all([lane(), lane()])
  return sum
}

/** Workspaces in which something has fallen due, a case belongs to somebody who has left, or a program is new. */
export async function workspacesWithDeadlines({
  database,
  clock,
}: {
  database: Database
  clock: Clock
}): Promise<string[]> {
  const rows = await database.asOwner((tx) =>
    tx.query<{ id: string }>(
      `select w.workspace_id as id from workspaces w
       where exists (select from case_deadlines d where d.workspace_id = w.workspace_id and d.next_check_at <= $1)
         or exists (select from employees e join cases c on c.workspace_id = e.workspace_id
           and c.owner = e.employee_key and c.state <> 'closed'
           where e.workspace_id = w.workspace_id and not e.active)
         or ${isPushed('w')}`,
      [clock.now()],
    ),
  )
  return rows.map(({ id }) => id)
}

async function nextCheck(tx: Tx): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    'select min(next_check_at) as at from case_deadlines where next_check_at is not null',
  )
  return row?.at ?? null
}

async function judge(tx: Tx, parts: DeadlineParts, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return
  const now = parts.clock.now()
  const steps: Step[] = []
  const planOf = planning()
  const programs = new Map<string, CheckedProgram>()
  for (const version of new Set(due.map((row) => row.version)))
    programs.set(version, await parts.programs.versionIn(tx, version))
  for (const row of due) {
    const plan = planOf(programs.get(row.version)!, row)
    row.next = plan.find(({ at }) => at > now)?.at ?? null
    for (const planned of plan) {
      // What lies before the time at which the case was to be looked at has been done, or let go.
      if (planned.at < row.nextCheckAt || planned.at > now) continue
      const noted = timeOfWork(parts.clock, planned.at)
      // Nobody is reminded of a deadline that has passed.
      if (planned.kind !== 'reminded' || noted < row.contactDueAt) steps.push({ row, planned, noted })
    }
  }
  const found = await findEscalated(tx, programs, steps)
  await setImmediate()
  await moveOn(tx, due, steps)
  await setImmediate()
  await keepHistory(tx, parts, eventsOf(steps, found))
  await tellDeadlines(tx, parts, steps, found)
}

/** What stands in the history; it carries what standing.ts makes of it. */
function eventsOf(steps: readonly Step[], found: Map<Step, HandedUp>): StoredEvent[] {
  const revisions = new Map<Due, number>()
  const detailOf = details()
  return steps.map((step) => {
    const { row, planned } = step
    const revision = (revisions.get(row) ?? row.revision) + 1
    revisions.set(row, revision)
    const reached = found.get(step)
    return {
      caseId: row.caseId,
      revision,
      at: planned.at,
      kind: planned.kind,
      actor: null,
      actorName: null,
      note: reached?.nobody ?? null,
      detail: detailOf(step, reached),
    }
  })
}

/** The details of steps; those that say the same are one object. */
function details() {
  const known = new Map<string, StoredEvent['detail']>()
  return ({ row: { next }, planned: { kind, who, at }, noted }: Step, reached: HandedUp | undefined) => {
    const { people = [], because, passed = [] } = reached ?? {}
    const late = noted > at ? noted : undefined
    const told = kind === 'escalated' ? people.map(({ key }) => key) : undefined
    const others = passed.length > 0 ? JSON.stringify(passed) : ''
    const key = `${who} ${told} ${because} ${others} ${next?.getTime()} ${late?.getTime()}`
    let detail = known.get(key)
    if (!detail) {
      detail = {
        ...(told ? { people: people.map(({ key, name }) => ({ id: key, name: name ?? key })), who } : {}),
        ...(because === undefined ? {} : { because }),
        ...(others ? { passed } : {}),
        next: next?.toISOString() ?? null,
        ...(late ? { noted: late.toISOString() } : {}),
      }
      known.set(key, detail)
    }
    return detail
  }
}

/** Changes the rows: as changeCases would, but of many thousands at once, and only what a deadline changes. */
async function moveOn(tx: Tx, due: readonly Due[], steps: readonly Step[]): Promise<void> {
  const byRow = Map.groupBy(steps, ({ row }) => row)
  const rows = due.map((row) => {
    const own = byRow.get(row) ?? []
    const count = (kind: Planned['kind']) =>
      own.reduce((sum, { planned }) => (planned.kind === kind ? sum + 1 : sum), 0)
    const missed = count('missed') > 0 ? row.contactDueAt.getTime() : undefined
    // What changes nothing is left out; times are numbers, which are read three times as fast.
    return {
      id: row.caseId,
      next: row.next?.getTime(),
      steps: own.length,
      reminded: count('reminded') || undefined,
      missed: row.firstContactedAt === null ? missed : undefined,
      again: row.reopened > 0 ? missed : undefined,
      escalation: count('escalated') || undefined,
      escalated: own.find(({ planned }) => planned.kind === 'escalated')?.planned.at.getTime(),
    }
  })
  await tx.query(
    `update case_deadlines d set next_check_at = to_timestamp(r.next::float8 / 1000), revision = d.revision + r.steps,
       reminded = d.reminded + coalesce(r.reminded, 0),
       missed_at = coalesce(d.missed_at, to_timestamp(r.missed::float8 / 1000)),
       missed_again_at = coalesce(d.missed_again_at, to_timestamp(r.again::float8 / 1000)),
       escalation = d.escalation + coalesce(r.escalation, 0),
       escalated_at = coalesce(d.escalated_at, to_timestamp(r.escalated::float8 / 1000))
     from json_to_recordset($2::json) as r(id uuid, next bigint, steps int, reminded int, missed bigint, again bigint,
       escalation int, escalated bigint)
     where d.workspace_id = $1 and d.case_id = r.id`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

/** Whom each step of escalation reaches. */
async function findEscalated(
  tx: Tx,
  programs: ReadonlyMap<string, CheckedProgram>,
  steps: readonly Step[],
): Promise<Map<Step, HandedUp>> {
  const escalated = steps.filter(({ planned }) => planned.kind === 'escalated')
  if (escalated.length === 0) return new Map()
  const contexts = escalated.some(({ planned }) => planned.who === 'accountOwner')
    ? await readContexts(
        tx,
        escalated.map(({ row }) => row.caseId),
      )
    : new Map<string, Context>()
  const asks = escalated.map(({ row, planned }): WhoAsk => {
    const context = contexts.get(row.caseId)
    return {
      who: planned.who as string,
      unitKey: row.unitKey,
      employeeKey: row.employeeKey,
      accountOwner: context ? accountOwnerOf(programs.get(row.version)!.program, context) : null,
      at: planned.at,
      unhappy: true,
      owner: row.owner,
    }
  })
  const found = await handUp(tx, asks)
  return new Map(escalated.map((step, index) => [step, found[index]!]))
}

async function readContexts(tx: Tx, caseIds: readonly string[]): Promise<Map<string, Context>> {
  const rows = await tx.query<{ id: string; context: Context }>(
    `select c.case_id as id, r.context from cases c join responses r on r.response_id = c.response_id
     where c.case_id = any($1::uuid[])`,
    [caseIds],
  )
  return new Map(rows.map(({ id, context }) => [id, context]))
}
