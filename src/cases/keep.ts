import type { ActorName, Person } from '../people/who.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Tx } from '../storage/postgres.ts'
import type { Ownership } from './owner.ts'
import type { Lot, Ranked } from './rank.ts'
import { rewriteWords } from './words.ts'

/** A case as it is opened. */
export interface NewCase extends Ranked {
  ownership: Ownership
  stakeholders: Array<{ person: Person; because: string }>
  /** Those among them who are told since nobody could have it but whom it is about. */
  instead: Person[]
  due: Date
  /** When it is to be looked at next: a reminder or the deadline. */
  next: Date
  lot: Lot | undefined
}

/** Who opened cases by hand, and why. */
export interface OpenedBy {
  actor: ActorName
  note?: string | undefined
}

/** Writes new cases with the beginning of their history, and tells the loop and the facts. */
export async function keepCases(
  tx: Tx,
  { announce }: { announce: Announce },
  cases: readonly NewCase[],
  by?: OpenedBy,
): Promise<void> {
  if (cases.length === 0) return
  await tx.query(
    `insert into cases (workspace_id, case_id, rule, reason, response_id, contact_id, transaction_id, account_id,
       unit_key, employee_key, state, owner, owner_name, assigned_at, opened_at, contact_due_at, last_answer_at, band, has_comment, decision_maker, high_value, priority_theme, themes, recommended,
       recommended_because, template, priority, priority_terms, value_segment, trial, trial_arm, hold_until, version)
     select r.workspace_id, n.id, n.rule, n.reason, r.response_id, r.contact_id, r.transaction_id, r.account_id,
       r.unit_key, r.employee_key, 'open', n.owner, n.owner_name, case when n.owner is not null then n.at end, n.at,
       n.due, r.answered_at, n.band, n.comment, n.decides, n.high, n.watched, n.themes, n.channel, n.because,
       n.template, n.priority, n.terms, n.segment, n.trial, n.arm, n.until, n.version
     from json_to_recordset($1::json) as n(id uuid, response uuid, rule text, reason text, owner text,
       owner_name text, at timestamptz, due timestamptz, band text, comment boolean,
       decides boolean, high boolean, watched boolean, themes text[], channel text, because jsonb, template text,
       priority double precision, terms jsonb, segment text, trial text, arm text, until timestamptz, version text)
     join responses r on r.response_id = n.response`,
    [JSON.stringify(cases.map(rowOf))],
  )
  await tx.query(
    `insert into case_deadlines (workspace_id, case_id, unit_key, next_check_at)
     select $1::uuid, n.id, n.unit, n.next from json_to_recordset($2::json) as n(id uuid, unit text, next timestamptz)`,
    [
      tx.workspaceId,
      JSON.stringify(
        cases.map(({ caseId, next, judged }) => ({ id: caseId, unit: judged.candidate.unitKey, next })),
      ),
    ],
  )
  await tx.query(
    `insert into case_events (workspace_id, case_id, revision, at, actor, actor_name, kind, note, detail)
     select $1::uuid, r.id, 1, r.at, $3, $4, 'opened', $5, r.detail
     from json_to_recordset($2::json) as r(id uuid, at timestamptz, detail jsonb)`,
    [
      tx.workspaceId,
      JSON.stringify(cases.map((each) => ({ id: each.caseId, at: each.judged.at, detail: detailOf(each) }))),
      ...[by?.actor.id ?? null, by?.actor.name ?? null, by?.note ?? null],
    ],
  )
  await tx.query(
    `insert into case_responses (workspace_id, case_id, response_id, joined_at)
     select workspace_id, case_id, response_id, opened_at from cases where case_id = any($1::uuid[])`,
    [cases.map(({ caseId }) => caseId)],
  )
  await rewriteWords(
    tx,
    cases.map(({ caseId }) => caseId),
  )
  const people = cases.flatMap(({ caseId, stakeholders, judged }) =>
    stakeholders.map(({ person, because }) => ({ id: caseId, person: person.key, because, at: judged.at })),
  )
  if (people.length > 0)
    await tx.query(
      `insert into case_people (workspace_id, case_id, person, part, because, since)
       select $1::uuid, r.id, r.person, 'stakeholder', r.because, r.at
       from json_to_recordset($2::json) as r(id uuid, person text, because text, at timestamptz)`,
      [tx.workspaceId, JSON.stringify(people)],
    )
  const workspaceId = tx.workspaceId as string
  const caseIds = cases.map(({ caseId }) => caseId)
  await appendOutbox(tx, 'case', caseIds)
  await announce(tx, { kind: 'case.opened', workspaceId, caseIds })
  const first = cases.reduce(
    (soonest, { next }) => Math.min(soonest, next.getTime()),
    Number.POSITIVE_INFINITY,
  )
  await announce(tx, { kind: 'cases.due', workspaceId }, new Date(first))
}

const rowOf = (each: NewCase) => ({
  id: each.caseId,
  response: each.judged.candidate.responseId,
  rule: each.rule.id,
  reason: each.reason,
  owner: each.ownership.owner?.key ?? null,
  owner_name: each.ownership.owner?.name ?? null,
  at: each.judged.at,
  due: each.due,
  band: each.band,
  comment: each.hasComment,
  decides: each.decisionMaker,
  high: each.highValue,
  watched: each.priorityTheme,
  themes: each.themes,
  channel: each.recommended.channel,
  because: each.recommended.because,
  template: each.rule.template ?? null,
  priority: each.priority,
  terms: each.terms,
  segment: each.segment,
  trial: each.lot?.trial ?? null,
  arm: each.lot?.arm ?? null,
  until: each.lot?.until ?? null,
  version: each.judged.checked.version,
})

/** How it came to be as it is: whose it became and why, who was passed over, and whether it waits by lot. */
const detailOf = ({ rule, ownership, instead, due, next, lot }: NewCase) => ({
  rule: rule.id,
  contactDueAt: due,
  next,
  ...(ownership.owner
    ? { owner: ownership.owner.key, ownerName: ownership.owner.name, because: ownership.because }
    : {}),
  ...(ownership.passed && ownership.passed.length > 0 ? { passed: ownership.passed } : {}),
  ...(instead.length > 0 ? { people: instead.map(({ key, name }) => ({ id: key, name: name ?? key })) } : {}),
  ...(lot ? { trial: lot.trial, arm: lot.arm, ...(lot.until ? { holdUntil: lot.until } : {}) } : {}),
})
