// For: sending the invitations that have fallen due, each judged once more.
// In: scheduled invitations. Out: their O-data frozen and a mail queued, or withheld with the reason.
import { addDuration, type Clock, timeOfWork } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { queueMessages } from '../channels/queue.ts'
import { loadSurroundings, type Surroundings } from '../events/context.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { ProgramTrigger } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { type Decision, decideFollowUp, decideSending, failureOf, type Withheld } from './decision.ts'
import { earlierInvitations } from './earlier.ts'
import { answersFromElsewhere, waitForHandingIn } from './elsewhere.ts'
import { type KnownAnswer, knownAnswers } from './known.ts'

export interface SendParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
  /** Told of what cannot be reckoned; left out: the register alone says it. */
  log?: Log
}

interface DueRow extends Record<string, unknown> {
  invitation_id: string
  decision_id: string
  contact_id: string
  account_id: string | null
  transaction_id: string | null
  trigger: string
  survey: string
  due_at: Date
  version: string
  /** Of a follow-up question. */
  case_id: string | null
  still_closed: boolean
}

const batch = 500
const defaultExpiry = 'P30D'

/** Sends everything due by the clock, and says when the next falls due. Safe to run twice and side by side. */
export async function sendInvitations(parts: SendParts, workspaceId: string): Promise<void> {
  for (;;) {
    // An invitation is judged and asked by the program it was decided under.
    const versions = await parts.database.inWorkspace(workspaceId, (tx) =>
      tx.query<{ version: string }>(
        `select distinct version from invitations where workspace_id = $1 and state = 'scheduled' and due_at <= $2`,
        [workspaceId, parts.clock.now()],
      ),
    )
    const programs = new Map<string, CheckedProgram>()
    for (const { version } of versions)
      programs.set(version, await parts.programs.version(workspaceId, version))
    const count = await parts.database.inWorkspace(workspaceId, (tx) => sendBatch(tx, parts, programs))
    if (count < batch) return
  }
}

async function sendBatch(tx: Tx, parts: SendParts, programs: Map<string, CheckedProgram>): Promise<number> {
  const workspaceId = tx.workspaceId as string
  const now = parts.clock.now()
  await waitForHandingIn(tx)
  const due = await tx.query<DueRow>(
    `select invitation_id, decision_id, contact_id, account_id, transaction_id, trigger, survey, due_at, version, case_id,
       case_id is not null and exists (
         select from cases c join decisions d on d.decision_id = i.decision_id
         where c.case_id = i.case_id and c.state = 'closed' and c.closed_at = d.decided_at) as still_closed
     from invitations i where workspace_id = $1 and state = 'scheduled' and due_at <= $2 and version = any($3::text[])
     order by due_at, invitation_id limit ${batch} for update skip locked`,
    [workspaceId, now, [...programs.keys()]],
  )
  const surroundings = await loadSurroundings(
    tx,
    due.map((row) => ({
      contactId: row.contact_id,
      transactionId: row.transaction_id ?? undefined,
      accountId: row.account_id ?? undefined,
    })),
    now,
  )
  const earlier = await earlierInvitations(tx, surroundings, now)
  const asked = due.map((row) => ({
    survey: row.survey,
    contactId: row.contact_id,
    transactionId: row.transaction_id ?? undefined,
  }))
  const answeredElsewhere = await answersFromElsewhere(tx, asked)
  const sent: Outgoing[] = []
  const withheld: Array<{ row: DueRow; withheld: Withheld }> = []
  for (const [index, row] of due.entries()) {
    const checked = programs.get(row.version) as CheckedProgram
    const around = surroundings[index] as Surroundings
    const at = timeOfWork(parts.clock, row.due_at)
    const followUp = row.case_id !== null
    const trigger = (checked.program.triggers?.[row.trigger] ?? { survey: row.survey }) as ProgramTrigger
    const judged = (followUp ? decideFollowUp : decideSending)(checked, {
      decisionId: row.decision_id,
      trigger,
      contactId: row.contact_id,
      transactionId: row.transaction_id ?? undefined,
      person: around.person,
      context: around.context,
      event: {},
      earlier: earlier.of(around),
      answeredElsewhere: answeredElsewhere(asked[index]!),
      dueAt: row.due_at,
      now: at,
      stillClosed: row.still_closed,
    })
    const decision = judged.send ? outgoing(row, around, checked, at) : judged
    if (decision.send) {
      sent.push(decision)
      earlier.sent(around, {
        survey: row.survey,
        transactionId: row.transaction_id ?? undefined,
        sentAt: at,
      })
    } else {
      if (decision.reason === 'failed')
        parts.log?.warn(
          { trigger: row.trigger, detail: decision.detail },
          'an invitation could not be reckoned',
        )
      withheld.push({ row, withheld: decision })
    }
  }
  await markSent(tx, parts, sent)
  await markWithheld(tx, withheld)
  const decisions = [...sent, ...withheld].map((each) => each.row.decision_id)
  await appendOutbox(tx, 'decision', decisions)
  if (due.length < batch) {
    const [next] = await tx.query<{ at: Date | null }>(
      `select min(due_at) as at from invitations where workspace_id = $1 and state = 'scheduled'`,
      [workspaceId],
    )
    if (next?.at) await parts.announce(tx, { kind: 'invitation.due', workspaceId }, next.at)
  }
  return due.length
}

interface Outgoing {
  send: true
  row: DueRow
  around: Surroundings
  at: Date
  expires: Date
  known: Record<string, KnownAnswer>
}

/** What it is sent with, by the program's durations; one that cannot be reckoned withholds it. */
function outgoing(
  row: DueRow,
  around: Surroundings,
  checked: CheckedProgram,
  at: Date,
): Outgoing | Exclude<Decision, { send: true }> {
  const { program } = checked
  try {
    const expires = addDuration(
      at,
      program.surveys[row.survey]?.expires ?? defaultExpiry,
      program.workspace.timeZone,
    )
    return { send: true, row, around, at, expires, known: knownAnswers(checked, row.survey, around, at) }
  } catch (error) {
    return { send: false, ...failureOf(error) }
  }
}

async function markSent(tx: Tx, parts: SendParts, sent: Outgoing[]) {
  if (sent.length === 0) return
  const rows = sent.map(({ row, around, at, expires, known }) => ({
    id: row.invitation_id,
    at: at.toISOString(),
    expires: expires.toISOString(),
    account: around.accountId,
    unit: around.context.unit?.key,
    employee: around.context.employee?.key,
    frozen: { ...around.context, at: at.toISOString() },
    known,
  }))
  await tx.query(
    `update invitations i set state = 'sent', sent_at = r.at, expires_at = r.expires, account_id = r.account,
       unit_key = r.unit, employee_key = r.employee, frozen = r.frozen, known = r.known
     from json_to_recordset($2::json) as r(id uuid, at timestamptz, expires timestamptz, account uuid, unit text, employee text,
       frozen jsonb, known jsonb)
     where i.workspace_id = $1 and i.invitation_id = r.id`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  await queueMessages(
    tx,
    parts,
    sent.map(({ row, around }) => ({
      kind: 'invitation' as const,
      aboutId: row.invitation_id,
      recipient: around.person?.email as string,
    })),
  )
}

async function markWithheld(tx: Tx, withheld: Array<{ row: DueRow; withheld: Withheld }>) {
  if (withheld.length === 0) return
  const rows = withheld.map(({ row, withheld: { reason, detail } }) => ({
    invitation: row.invitation_id,
    decision: row.decision_id,
    reason,
    detail,
  }))
  const parameters = [tx.workspaceId, JSON.stringify(rows)]
  await tx.query(
    `update invitations i set state = 'withheld'
     from json_to_recordset($2::json) as r(invitation uuid)
     where i.workspace_id = $1 and i.invitation_id = r.invitation`,
    parameters,
  )
  await tx.query(
    `update decisions d set outcome = 'withheld', reason = r.reason, detail = r.detail
     from json_to_recordset($2::json) as r(decision uuid, reason text, detail text)
     where d.workspace_id = $1 and d.decision_id = r.decision`,
    parameters,
  )
}
