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
import { many } from '../storage/many.ts'
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

/** Judges these cases alone, as far as the clock, for whoever knows what becomes of each before the next is looked at.
 * Announces nothing: what is to come of them is found with that of the others.
 */
export async function judgeCases(
  parts: DeadlineParts,
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  const now = parts.clock.now()
  await parts.database.inWorkspace(workspaceId, async (tx) =>
    judge(tx, parts, await takeDue(tx, now, await readWaiting(tx, now, caseIds))),
  )
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
  const planOf = planning()
  const programs = new Map<string, CheckedProgram>()
  for (const version of new Set(due.map((row) => row.version)))
    programs.set(version, await parts.programs.versionIn(tx, version))
  const steps: Step[] = []
  const moves = due.map((row) => {
    const plan = planOf(programs.get(row.version)!, row)
    row.next = plan.find(({ at }) => at > now)?.at ?? null
    const own = stepsOf(row, plan, parts.clock)
    steps.push(...own)
    return moveOf(row, own)
  })
  const found = await findEscalated(tx, programs, steps)
  await setImmediate()
  await moveOn(tx, moves)
  await setImmediate()
  const watched = new Set(due.flatMap(({ isWatched, caseId }) => (isWatched ? [caseId] : [])))
  await keepHistory(tx, parts, eventsOf(steps, found), (caseId) => watched.has(caseId))
  await tellDeadlines(tx, parts, steps, found)
}

/** What has come of a plan since the case was to be looked at: what lies before that has been done, or let go. */
function stepsOf(row: Due, plan: readonly Planned[], clock: Clock): Step[] {
  const now = clock.now()
  return plan.flatMap((planned) => {
    if (planned.at < row.nextCheckAt || planned.at > now) return []
    const noted = timeOfWork(clock, planned.at)
    // Nobody is reminded of a deadline that has passed.
    return planned.kind !== 'reminded' || noted < row.contactDueAt ? [{ row, planned, noted }] : []
  })
}

/** What stands in the history; it carries what standing.ts makes of it. */
function eventsOf(steps: readonly Step[], found: Map<Step, HandedUp>): StoredEvent[] {
  const detailOf = details()
  let revision = 0
  return steps.map((step, index) => {
    const { row, planned } = step
    revision = (row === steps[index - 1]?.row ? revision : row.revision) + 1
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
  const known = new Map<HandedUp | undefined, Map<string, StoredEvent['detail']>>()
  return ({ row: { next }, planned: { who, at }, noted }: Step, reached: HandedUp | undefined) => {
    const late = noted > at ? noted : undefined
    const times = `${next?.getTime()} ${late?.getTime()}`
    const alike = known.get(reached) ?? new Map<string, StoredEvent['detail']>()
    known.set(reached, alike)
    const detail = alike.get(times) ?? {
      ...(reached
        ? { people: reached.people.map(({ key, name }) => ({ id: key, name: name ?? key })), who }
        : {}),
      ...(reached?.because === undefined ? {} : { because: reached.because }),
      ...(reached?.passed?.length ? { passed: reached.passed } : {}),
      next: next?.toISOString() ?? null,
      ...(late ? { noted: late.toISOString() } : {}),
    }
    alike.set(times, detail)
    return detail
  }
}

/** How a row changes; what is left out changes nothing. */
interface Move {
  id: string
  next: Date | null
  steps: number
  reminded?: number
  missed?: Date
  again?: Date
  escalation?: number
  escalated?: Date
}

const moveColumns = {
  id: 'uuid',
  next: 'timestamptz',
  steps: 'int',
  reminded: 'int',
  missed: 'timestamptz',
  again: 'timestamptz',
  escalation: 'int',
  escalated: 'timestamptz',
} as const

function moveOf(row: Due, steps: readonly Step[]): Move {
  const move: Move = { id: row.caseId, next: row.next ?? null, steps: steps.length }
  for (const { planned } of steps) {
    if (planned.kind === 'reminded') move.reminded = (move.reminded ?? 0) + 1
    else if (planned.kind === 'missed') {
      if (row.firstContactedAt === null) move.missed = row.contactDueAt
      if (row.reopened > 0) move.again = row.contactDueAt
    } else {
      move.escalation = (move.escalation ?? 0) + 1
      move.escalated ??= planned.at
    }
  }
  return move
}

/** Changes the rows: as changeCases would, but of many thousands at once, and only what a deadline changes. */
async function moveOn(tx: Tx, moves: readonly Move[]): Promise<void> {
  const { from, values } = many(moves, moveColumns, 2)
  // The rows are found by their ids first, all at once, and not one by one.
  await tx.query(
    `update case_deadlines d set next_check_at = r.next, revision = d.revision + r.steps,
       reminded = d.reminded + coalesce(r.reminded, 0), missed_at = coalesce(d.missed_at, r.missed),
       missed_again_at = coalesce(d.missed_again_at, r.again),
       escalation = d.escalation + coalesce(r.escalation, 0), escalated_at = coalesce(d.escalated_at, r.escalated)
     from ${from} where d.workspace_id = $1 and d.case_id = any($2::uuid[]) and d.case_id = r.id`,
    [tx.workspaceId, ...values],
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
  // Most steps of a round ask the same; whose turn it is in a round robin is another for each.
  const asks = new Map<string, WhoAsk>()
  const keys = escalated.map(
    ({ row: { caseId, unitKey, employeeKey, owner, version }, planned: { who = '', at } }) => {
      const context = contexts.get(caseId)
      const accountOwner = context ? accountOwnerOf(programs.get(version)!.program, context) : null
      const turn = who.startsWith('roundRobin.') ? asks.size : ''
      const key = [who, unitKey, employeeKey, accountOwner, owner, turn].join('\n')
      if (!asks.has(key)) asks.set(key, { who, unitKey, employeeKey, accountOwner, at, unhappy: true, owner })
      return key
    },
  )
  const found = await handUp(tx, [...asks.values()])
  const reached = new Map([...asks.keys()].map((key, index) => [key, found[index]!]))
  return new Map(escalated.map((step, index) => [step, reached.get(keys[index]!)!]))
}

async function readContexts(tx: Tx, caseIds: readonly string[]): Promise<Map<string, Context>> {
  const rows = await tx.query<{ id: string; context: Context }>(
    `select c.case_id as id, r.context from cases c join responses r on r.response_id = c.response_id
     where c.case_id = any($1::uuid[])`,
    [caseIds],
  )
  return new Map(rows.map(({ id, context }) => [id, context]))
}
