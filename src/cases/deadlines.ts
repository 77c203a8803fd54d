// For: reminding of deadlines, finding those that were missed, and telling those above: whatever happens to the process.
// In: the times that stand in the table of cases; jobs are only alarm clocks. Out: what fell due, each once, written
// down with the time at which it was due; mails to owners and to those it is escalated to.
import type { Clock } from '../base/clock.ts'
import { type NewMessage, queueMessages } from '../channels/queue.ts'
import { accountOwnerOf, type Found, resolvePeople } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { calendarOf, escalationsOf, remindersOf } from './calendar.ts'
import type { ProductAction } from './case.ts'
import { caseMail, recipientsOf } from './notify.ts'
import { passOnCases } from './owner.ts'
import { applyProduct } from './store.ts'

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
  for (let more = true, first = true; more; first = false) {
    more = await parts.database.inWorkspace(workspaceId, async (tx) => {
      if (first) await passOnCases(tx, parts, parts.clock.now())
      const due = await readDue(tx, parts.clock.now())
      await judge(tx, parts, due)
      if (due.length === batchSize) return true
      const next = await nextCheck(tx)
      if (next) await parts.announce(tx, { kind: 'cases.due', workspaceId }, next)
      return false
    })
  }
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
       where exists (select from cases c where c.workspace_id = w.workspace_id and c.next_check_at <= $1
           and c.state in ('open', 'taken'))
         or exists (select from employees e join cases c on c.workspace_id = e.workspace_id
           and c.owner = e.employee_key and c.state <> 'closed'
           where e.workspace_id = w.workspace_id and not e.active)`,
      [clock.now()],
    ),
  )
  return rows.map(({ id }) => id)
}

interface Due extends Row {
  caseId: string
  rule: string
  version: string
  unitKey: string | null
  employeeKey: string | null
  owner: string | null
  contactDueAt: Date
  nextCheckAt: Date
  reminded: number
  escalation: number
  reopened: number
}

/** Cases that nobody else is judging at this moment, those that wait longest first. */
function readDue(tx: Tx, now: Date): Promise<Due[]> {
  return tx.query<Due>(
    `select case_id as "caseId", rule, version, unit_key as "unitKey", employee_key as "employeeKey", owner,
       contact_due_at as "contactDueAt", next_check_at as "nextCheckAt", reminded, escalation, reopened
     from cases where next_check_at <= $1 and state in ('open', 'taken')
     order by next_check_at, case_id limit ${batchSize} for update skip locked`,
    [now],
  )
}

async function nextCheck(tx: Tx): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select min(next_check_at) as at from cases where next_check_at is not null and state in ('open', 'taken')`,
  )
  return row?.at ?? null
}

/** Something a case's policy foresees at a time. */
interface Planned {
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

interface Step {
  row: Due
  planned: Planned
  /** When the case is to be looked at after it; undefined on all but the last of a case. */
  next?: Date | null
}

async function judge(tx: Tx, parts: DeadlineParts, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return
  const now = parts.clock.now()
  const steps: Step[] = []
  const idle: Array<{ id: string; next: Date | null }> = []
  for (const row of due) {
    const plan = planOf(await parts.programs.versionIn(tx, row.version), row)
    const next = plan.find(({ at }) => at > now)?.at ?? null
    // What lies before the time at which the case was to be looked at has been done, or let go.
    const ripe = plan.filter(({ at }) => at >= row.nextCheckAt && at <= now)
    for (const planned of ripe) steps.push({ row, planned })
    const last = steps.at(-1)
    if (ripe.length > 0 && last) last.next = next
    else idle.push({ id: row.caseId, next })
  }
  const found = await findEscalated(tx, parts, steps)
  const changed = new Set(
    await applyProduct(
      tx,
      parts,
      steps.map((step) => ({
        caseId: step.row.caseId,
        at: step.planned.at,
        action: actionOf(step, found, now),
      })),
    ),
  )
  for (const { row } of steps) if (!changed.has(row.caseId)) idle.push({ id: row.caseId, next: null })
  await moveOn(tx, idle)
  await tell(
    tx,
    parts,
    steps.filter(({ row }) => changed.has(row.caseId)),
    found,
    now,
  )
}

function actionOf(step: Step, found: Map<Step, Found>, now: Date): ProductAction {
  const { planned, next } = step
  const noted = now > planned.at ? { noted: now } : {}
  const after = next === undefined ? {} : { next }
  if (planned.kind !== 'escalated') return { kind: planned.kind, ...after, ...noted }
  const { people, nobody } = found.get(step) ?? { people: [] }
  return {
    kind: 'escalated',
    to: people.map(({ key, name }) => ({ id: key, name: name ?? key })),
    who: planned.who as string,
    ...(nobody ? { note: nobody } : {}),
    ...after,
    ...noted,
  }
}

/** Who is meant by each step of escalation. Those who are away are told too: somebody reads their mail. */
async function findEscalated(
  tx: Tx,
  { programs }: DeadlineParts,
  steps: readonly Step[],
): Promise<Map<Step, Found>> {
  const escalated = steps.filter(({ planned }) => planned.kind === 'escalated')
  if (escalated.length === 0) return new Map()
  const contexts = escalated.some(({ planned }) => planned.who === 'accountOwner')
    ? await readContexts(
        tx,
        escalated.map(({ row }) => row.caseId),
      )
    : new Map<string, Context>()
  const asks = []
  for (const { row, planned } of escalated) {
    const { program } = await programs.versionIn(tx, row.version)
    const context = contexts.get(row.caseId)
    asks.push({
      who: planned.who as string,
      unitKey: row.unitKey,
      employeeKey: row.employeeKey,
      accountOwner: context ? accountOwnerOf(program, context) : null,
      at: planned.at,
    })
  }
  const found = await resolvePeople(tx, asks)
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

async function moveOn(tx: Tx, idle: ReadonlyArray<{ id: string; next: Date | null }>): Promise<void> {
  if (idle.length === 0) return
  await tx.query(
    `update cases c set next_check_at = r.next
     from json_to_recordset($1::json) as r(id uuid, next timestamptz) where c.case_id = r.id`,
    [JSON.stringify(idle)],
  )
}

/** Reminds owners, unless the deadline has passed meanwhile, and tells those a case is escalated to. */
async function tell(
  tx: Tx,
  parts: DeadlineParts,
  steps: readonly Step[],
  found: Map<Step, Found>,
  now: Date,
): Promise<void> {
  const reminded = new Map(
    steps.flatMap(({ row, planned }) =>
      planned.kind === 'reminded' && now < row.contactDueAt ? [[row.caseId, { row, planned }] as const] : [],
    ),
  )
  const owners = await recipientsOf(tx, [...reminded.keys()], 'owner')
  const messages: NewMessage[] = owners.map(({ caseId, email }) => {
    const { row, planned } = reminded.get(caseId)!
    return caseMail('caseReminder', caseId, email, `${row.reopened} ${planned.at.toISOString()}`)
  })
  for (const step of steps)
    for (const { email } of found.get(step)?.people ?? [])
      if (email) {
        const { row, planned } = step
        const occasion = `${row.reopened} ${planned.at.toISOString()} ${planned.who}`
        messages.push(caseMail('caseEscalated', row.caseId, email, occasion))
      }
  await queueMessages(tx, parts, messages)
}
