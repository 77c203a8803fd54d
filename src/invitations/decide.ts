// For: deciding what triggers ask of whom, and keeping each decision.
// In: events just recorded; dates of transactions that have come.
// Out: decisions (invited at, or withheld and why), scheduled invitations, news of when they fall due.
import { addDuration, type Clock, timeOfWork } from '../base/clock.ts'
import { newToken, stableId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { loadSurroundings, type Surroundings } from '../events/context.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Values } from '../program/context.ts'
import type { ProgramTrigger } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { type Decision, decideInvitation, failureOf, type Withheld } from './decision.ts'
import { earlierInvitations } from './earlier.ts'
import { answersFromElsewhere } from './elsewhere.ts'

export interface DecideParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
  /** Told of what cannot be reckoned; left out: the register alone says it. */
  log?: Log
}

/** A trigger that has been set off. */
interface SetOff {
  decisionId: string
  name: string
  trigger: ProgramTrigger
  contactId: string | undefined
  accountId?: string | undefined
  transactionId: string | undefined
  eventSeq?: number
  event: Values
  dueAt: Date
  /** When it is decided. */
  at: Date
  /** Why it cannot be decided. */
  failed?: Withheld
}

interface EventRow extends Record<string, unknown> {
  event_seq: number
  source: string
  event_id: string
  type: string
  time: Date
  fields: Values
  contact_id: string | null
  account_id: string | null
  transaction_id: string | null
}

const batch = 500

/** Decides for each of these events what its triggers ask. Deciding an event again changes nothing, unless it was
 * withheld because nobody knew the person.
 */
export async function decideInvitations(
  parts: DecideParts,
  workspaceId: string,
  seqs: readonly number[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  for (let start = 0; start < seqs.length; start += batch) {
    await parts.database.inWorkspace(workspaceId, async (tx) => {
      const events = await tx.query<EventRow>(
        `select event_seq, source, event_id, type, time, fields, contact_id, account_id, transaction_id
         from events where workspace_id = $1 and event_seq = any($2::bigint[]) order by time, event_seq`,
        [workspaceId, seqs.slice(start, start + batch)],
      )
      const setOff = events.flatMap((event) =>
        setOffBy(checked, workspaceId, event, timeOfWork(parts.clock, event.time)),
      )
      await decide(tx, parts, checked, setOff)
    })
  }
}

/** When a trigger falls due; at `otherwise`, and failed, when its delay leads to no time. */
function dueOf(
  { program }: CheckedProgram,
  { delay }: ProgramTrigger,
  from: Date,
  otherwise: Date,
): Pick<SetOff, 'dueAt' | 'failed'> {
  try {
    return { dueAt: delay ? addDuration(from, delay, program.workspace.timeZone) : from }
  } catch (error) {
    return { dueAt: otherwise, failed: failureOf(error) }
  }
}

function setOffBy(checked: CheckedProgram, workspaceId: string, event: EventRow, at: Date): SetOff[] {
  return Object.entries(checked.program.triggers ?? {})
    .filter(([, { on }]) => 'event' in on && on.event === event.type)
    .map(([name, trigger]) => ({
      decisionId: stableId('decision', workspaceId, name, event.source, event.event_id),
      name,
      trigger,
      contactId: event.contact_id ?? undefined,
      accountId: event.account_id ?? undefined,
      transactionId: event.transaction_id ?? undefined,
      eventSeq: event.event_seq,
      event: event.fields,
      ...dueOf(checked, trigger, event.time, event.time),
      at,
    }))
}

/** Decides for every date watch that has come due, and says when the next one will. */
export async function decideDates(parts: DecideParts, workspaceId: string): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  for (;;) {
    const more = await parts.database.inWorkspace(workspaceId, async (tx) => {
      const watches = await tx.query<{ trigger: string; transaction_id: string; due_at: Date }>(
        `delete from date_watches where workspace_id = $1 and watch_id in (
           select watch_id from date_watches where workspace_id = $1 and due_at <= $2
           order by due_at limit ${batch} for update skip locked)
         returning trigger, transaction_id, due_at`,
        [workspaceId, parts.clock.now()],
      )
      const setOff = watches
        .sort((a, b) => a.due_at.getTime() - b.due_at.getTime())
        .flatMap((watch) => {
          // The program may have changed since the watch was set; a trigger that is gone asks nothing.
          const trigger = checked.program.triggers?.[watch.trigger]
          if (!trigger) return []
          const decisionId = stableId(
            'decision',
            workspaceId,
            watch.trigger,
            watch.transaction_id,
            watch.due_at.toISOString(),
          )
          return [
            {
              decisionId,
              name: watch.trigger,
              trigger,
              contactId: undefined,
              transactionId: watch.transaction_id,
              event: {},
              // The watch has waited for the delay already, unless that led nowhere.
              ...dueOf(checked, trigger, watch.due_at, watch.due_at),
              dueAt: watch.due_at,
              at: timeOfWork(parts.clock, watch.due_at),
            },
          ]
        })
      await decide(tx, parts, checked, setOff)
      if (watches.length === batch) return true
      const [next] = await tx.query<{ at: Date | null }>(
        'select min(due_at) as at from date_watches where workspace_id = $1',
        [workspaceId],
      )
      if (next?.at) await parts.announce(tx, { kind: 'date.due', workspaceId }, next.at)
      return false
    })
    if (!more) return
  }
}

async function decide(tx: Tx, parts: DecideParts, checked: CheckedProgram, setOff: SetOff[]) {
  if (setOff.length === 0) return
  const now = parts.clock.now()
  const surroundings = await loadSurroundings(tx, setOff, now)
  const earlier = await earlierInvitations(tx, surroundings, now)
  const asked = setOff.map(({ trigger, transactionId }, index) => ({
    survey: trigger.survey,
    transactionId,
    contactId: surroundings[index]?.contactId,
  }))
  const answeredElsewhere = await answersFromElsewhere(tx, asked)
  const decided = setOff.map((each, index) => {
    const around = surroundings[index] as Surroundings
    const candidate = {
      decisionId: each.decisionId,
      trigger: each.trigger,
      contactId: around.contactId,
      transactionId: each.transactionId,
      person: around.person,
      context: around.context,
      event: each.event,
      earlier: earlier.of(around),
      answeredElsewhere: answeredElsewhere(asked[index]!),
      dueAt: each.dueAt,
      now: each.at,
    }
    const decision: Decision = each.failed
      ? { send: false, ...each.failed }
      : decideInvitation(checked, candidate)
    return { ...each, around, decision }
  })
  for (const { name, decision } of decided)
    if (!decision.send && decision.reason === 'failed')
      parts.log?.warn({ trigger: name, detail: decision.detail }, 'an invitation could not be reckoned')
  const stored = await storeDecisions(tx, checked, decided)
  const invited = decided.filter((each) => each.decision.send && stored.has(each.decisionId))
  await scheduleInvitations(tx, checked, invited)
  await appendOutbox(tx, 'decision', [...stored])
  if (invited.length === 0) return
  const first = Math.min(...invited.map((each) => each.dueAt.getTime()))
  await parts.announce(tx, { kind: 'invitation.due', workspaceId: tx.workspaceId as string }, new Date(first))
}

type Decided = SetOff & { around: Surroundings; decision: Decision }

const invitationIdOf = (decisionId: string) => stableId('invitation', decisionId)

/** @returns ids of the decisions that are new, or were open because the person was unknown */
async function storeDecisions(tx: Tx, checked: CheckedProgram, decided: Decided[]): Promise<Set<string>> {
  const rows = decided.map(({ decision, around, ...each }) => ({
    id: each.decisionId,
    trigger: each.name,
    survey: each.trigger.survey,
    contact: around.contactId,
    transaction: each.transactionId,
    event: each.eventSeq,
    at: each.at.toISOString(),
    due: each.dueAt.toISOString(),
    outcome: decision.send ? 'invited' : 'withheld',
    reason: decision.send ? null : decision.reason,
    detail: decision.send ? null : decision.detail,
    invitation: decision.send ? invitationIdOf(each.decisionId) : null,
    unit: around.context.unit?.key,
  }))
  const stored = await tx.query<{ decision_id: string }>(
    `insert into decisions (workspace_id, decision_id, trigger, survey, contact_id, transaction_id, event_seq, decided_at,
       due_at, outcome, reason, detail, invitation_id, unit_key, version)
     select $1::uuid, r.id, r.trigger, r.survey, r.contact, r.transaction, r.event, r.at, r.due, r.outcome, r.reason,
       r.detail, r.invitation, r.unit, $2
     from json_to_recordset($3::json) as r(id uuid, trigger text, survey text, contact uuid, transaction uuid,
       event bigint, at timestamptz, due timestamptz, outcome text, reason text, detail text, invitation uuid, unit text)
     on conflict (workspace_id, decision_id) do update set contact_id = excluded.contact_id,
       decided_at = excluded.decided_at, outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail,
       invitation_id = excluded.invitation_id, unit_key = excluded.unit_key, version = excluded.version
       where decisions.reason = 'unknownPerson' and excluded.contact_id is not null
     returning decision_id`,
    [tx.workspaceId, checked.version, JSON.stringify(rows)],
  )
  return new Set(stored.map((row) => row.decision_id))
}

async function scheduleInvitations(tx: Tx, checked: CheckedProgram, invited: Decided[]) {
  if (invited.length === 0) return
  const [fallback = 'en'] = checked.program.workspace.languages
  const rows = invited.map(({ around, ...each }) => {
    const language = around.context.contact?.language
    return {
      id: invitationIdOf(each.decisionId),
      decision: each.decisionId,
      token: newToken(),
      contact: around.contactId,
      transaction: each.transactionId,
      account: around.accountId,
      unit: around.context.unit?.key,
      employee: around.context.employee?.key,
      trigger: each.name,
      survey: each.trigger.survey,
      touchpoint: checked.program.surveys[each.trigger.survey]?.touchpoint,
      language: checked.program.workspace.languages.find((known) => known === language) ?? fallback,
      due: each.dueAt.toISOString(),
    }
  })
  await tx.query(
    `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, transaction_id, account_id,
       unit_key, employee_key, trigger, survey, touchpoint, language, state, due_at, version)
     select $1::uuid, r.id, r.decision, r.token, r.contact, r.transaction, r.account, r.unit, r.employee, r.trigger,
       r.survey, r.touchpoint, r.language, 'scheduled', r.due, $2
     from json_to_recordset($3::json) as r(id uuid, decision uuid, token text, contact uuid, transaction uuid,
       account uuid, unit text, employee text, trigger text, survey text, touchpoint text, language text, due timestamptz)
     on conflict (workspace_id, invitation_id) do nothing`,
    [tx.workspaceId, checked.version, JSON.stringify(rows)],
  )
}
