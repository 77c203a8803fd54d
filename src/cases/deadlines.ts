// For: reminding of deadlines, finding those that were missed, and telling those above: whatever happens to the process.
// In: the times that stand in the table of cases; jobs are only alarm clocks. Out: what fell due, each once, written
// down with the time at which it was due; mails to owners and to those it is escalated to.
import { type Clock, timeOfWork } from '../base/clock.ts'
import { accountOwnerOf, type WhoAsk } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { calendarOf, escalationsOf, remindersOf } from './calendar.ts'
import { type HandedUp, handUp } from './handUp.ts'
import { passOnCases } from './owner.ts'
import { keepHistory, type StoredEvent } from './store.ts'
import { tellDeadlines } from './tellDeadlines.ts'

export interface DeadlineParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
}

const batchSize = 5000

/** Judges every case whose time has come. Running it again, or twice at once, does nothing twice.
 * Announces `cases.due` for when the next one is to be looked at.
 */
export async function judgeDeadlines(parts: DeadlineParts, workspaceId: string): Promise<void> {
  const announceNext = async (tx: Tx) => {
    const next = await nextCheck(tx)
    if (next) await parts.announce(tx, { kind: 'cases.due', workspaceId }, next)
  }
  const batch = async (tx: Tx) => {
    const due = await readDue(tx, parts.clock.now())
    await judge(tx, parts, due)
    return due.length === batchSize
  }
  const more = await parts.database.inWorkspace(workspaceId, async (tx) => {
    await passOnCases(tx, parts, parts.clock.now())
    const more = await batch(tx)
    if (!more) await announceNext(tx)
    return more
  })
  if (!more) return
  const rest = async () => {
    while (await parts.database.inWorkspace(workspaceId, batch));
  }
  // After a standstill: while the store writes one batch the next is thought out.
  await Promise.all([rest(), rest()])
  await parts.database.inWorkspace(workspaceId, announceNext)
}

/** Workspaces in which something has fallen due, or a case belongs to somebody who has left. */
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
           where e.workspace_id = w.workspace_id and not e.active)`,
      [clock.now()],
    ),
  )
  return rows.map(({ id }) => id)
}

export interface Due extends Row {
  caseId: string
  rule: string
  version: string
  unitKey: string | null
  employeeKey: string | null
  owner: string | null
  contactDueAt: Date
  nextCheckAt: Date
  reopened: number
  firstContactedAt: Date | null
  revision: number
  /** When it is to be looked at again. */
  next?: Date | null
}

/** Cases that nobody else is judging at this moment, those that wait longest first. */
function readDue(tx: Tx, now: Date): Promise<Due[]> {
  return tx.query<Due>(
    `select d.case_id as "caseId", c.rule, c.version, c.unit_key as "unitKey", c.employee_key as "employeeKey", c.owner,
       c.contact_due_at as "contactDueAt", d.next_check_at as "nextCheckAt", c.reopened,
       c.first_contacted_at as "firstContactedAt", d.revision
     from (
       select case_id, next_check_at, revision from case_deadlines where next_check_at <= $1
       order by next_check_at limit ${batchSize} for update skip locked
     ) d, lateral (select * from cases c where c.case_id = d.case_id limit 1) c
     order by d.next_check_at, d.case_id`,
    [now],
  )
}

async function nextCheck(tx: Tx): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    'select min(next_check_at) as at from case_deadlines where next_check_at is not null',
  )
  return row?.at ?? null
}

/** Something a case's policy foresees at a time. */
export interface Planned {
  at: Date
  kind: 'reminded' | 'missed' | 'escalated'
  who?: string
}

/** All that is foreseen for a case, in the order of its time. */
function planOf({ program }: CheckedProgram, { rule: id, unitKey, contactDueAt }: Due): Planned[] {
  const rule: RecoveryRule = program.recovery?.rules.find((each) => each.id === id) ?? { id, when: 'true' }
  const calendar = calendarOf(program, rule, unitKey)
  return [
    ...remindersOf(calendar, rule, contactDueAt).map((at): Planned => ({ at, kind: 'reminded' })),
    { at: contactDueAt, kind: 'missed' },
    ...escalationsOf(calendar, rule, contactDueAt).map(
      ({ at, to }): Planned => ({ at, kind: 'escalated', who: to }),
    ),
  ]
}

export interface Step {
  row: Due
  planned: Planned
  /** When it is found: by a clock that jumps, when it was due. */
  noted: Date
}

async function judge(tx: Tx, parts: DeadlineParts, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return
  const now = parts.clock.now()
  const steps: Step[] = []
  for (const row of due) {
    const plan = planOf(await parts.programs.versionIn(tx, row.version), row)
    row.next = plan.find(({ at }) => at > now)?.at ?? null
    for (const planned of plan) {
      // What lies before the time at which the case was to be looked at has been done, or let go.
      if (planned.at < row.nextCheckAt || planned.at > now) continue
      const noted = timeOfWork(parts.clock, planned.at)
      // Nobody is reminded of a deadline that has passed.
      if (planned.kind !== 'reminded' || noted < row.contactDueAt) steps.push({ row, planned, noted })
    }
  }
  const found = await findEscalated(tx, parts, steps)
  await moveOn(tx, due, steps)
  await keepHistory(tx, parts, eventsOf(steps, found))
  await tellDeadlines(tx, parts, steps, found)
}

/** What stands in the history; it carries what standing.ts makes of it. */
function eventsOf(steps: readonly Step[], found: Map<Step, HandedUp>): StoredEvent[] {
  const revisions = new Map<Due, number>()
  return steps.map((step) => {
    const { row, planned, noted } = step
    const revision = (revisions.get(row) ?? row.revision) + 1
    revisions.set(row, revision)
    const { people = [], nobody, because, passed = [] } = found.get(step) ?? {}
    const escalated = {
      people: people.map(({ key, name }) => ({ id: key, name: name ?? key })),
      who: planned.who,
      ...(because === undefined ? {} : { because }),
      ...(passed.length > 0 ? { passed } : {}),
    }
    return {
      caseId: row.caseId,
      revision,
      at: planned.at,
      kind: planned.kind,
      actor: null,
      actorName: null,
      note: nobody ?? null,
      detail: {
        ...(planned.kind === 'escalated' ? escalated : {}),
        next: row.next?.toISOString() ?? null,
        ...(noted > planned.at ? { noted: noted.toISOString() } : {}),
      },
    }
  })
}

/** Changes the rows: as changeCases would, but of many thousands at once, and only what a deadline changes. */
async function moveOn(tx: Tx, due: readonly Due[], steps: readonly Step[]): Promise<void> {
  const byRow = Map.groupBy(steps, ({ row }) => row)
  const rows = due.map((row) => {
    const own = byRow.get(row) ?? []
    const count = (kind: Planned['kind']) => own.filter(({ planned }) => planned.kind === kind).length
    const missed = count('missed') > 0 ? row.contactDueAt : undefined
    return {
      id: row.caseId,
      next: row.next,
      steps: own.length,
      reminded: count('reminded'),
      missed: row.firstContactedAt === null ? missed : undefined,
      again: row.reopened > 0 ? missed : undefined,
      escalation: count('escalated'),
      escalated: own.find(({ planned }) => planned.kind === 'escalated')?.planned.at,
    }
  })
  await tx.query(
    `update case_deadlines d set next_check_at = r.next, revision = d.revision + r.steps,
       reminded = d.reminded + r.reminded, missed_at = coalesce(d.missed_at, r.missed),
       missed_again_at = coalesce(d.missed_again_at, r.again),
       escalation = d.escalation + r.escalation, escalated_at = coalesce(d.escalated_at, r.escalated)
     from json_to_recordset($2::json) as r(id uuid, next timestamptz, steps int, reminded int, missed timestamptz,
       again timestamptz, escalation int, escalated timestamptz)
     where d.workspace_id = $1 and d.case_id = r.id`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

/** Whom each step of escalation reaches. */
async function findEscalated(
  tx: Tx,
  { programs }: DeadlineParts,
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
  const asks: WhoAsk[] = []
  for (const { row, planned } of escalated) {
    const { program } = await programs.versionIn(tx, row.version)
    const context = contexts.get(row.caseId)
    asks.push({
      who: planned.who as string,
      unitKey: row.unitKey,
      employeeKey: row.employeeKey,
      accountOwner: context ? accountOwnerOf(program, context) : null,
      at: planned.at,
      unhappy: true,
      owner: row.owner,
    })
  }
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
