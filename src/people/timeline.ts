// For: everything that happened with one person, or with all of an account, X and O together.
// In: the person or account. Out: what happened, newest first: events, invitations and why none was sent, answers,
// cases and letters; who was told of an answer, what promoters were asked, what was done about what they said, plans made with them.
import type { Values } from '../program/context.ts'
import { textIn } from '../program/question.ts'
import type { Program } from '../program/schema.ts'
import { type Score, scoreOf } from '../program/score.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, visibleAnswer, visibleCase, withinUnit } from './access.ts'

export const timelineKinds = [
  'event',
  'invitation',
  'withheld',
  'response',
  'case',
  'letter',
  'praise',
  'criticism',
  'promoter',
  'youSaidWeDid',
  'plan',
  'planItem',
] as const

export interface TimelineItem {
  at: Date
  kind: (typeof timelineKinds)[number]
  title: string
  /** The reason of a withheld invitation, the state of an invitation or case. */
  detail: string | null
  fields?: Values
  score?: Score | null
  comment?: string | null
  /** Of an answer: what the recovery policy made of it, and why. */
  decision?: { handling: string; reason: string }
  responseId?: string
  caseId?: string
  planId?: string
}

interface TimelineRow extends Row {
  at: Date
  kind: TimelineItem['kind']
  name: string
  detail: string | null
  body: Record<string, unknown> | null
  comment: string | null
  ref: string | null
  contactId: string | null
}

const longest = 500

/** The latest 500 things. Whoever is narrowed to a unit sees what happened there.
 * @param program gives events and surveys their names; a thing the program no longer has keeps its bare name
 */
export async function readTimeline(
  tx: Tx,
  program: Program,
  contactId: string,
  language: string,
  scope: UnitScope,
): Promise<TimelineItem[]> {
  const values: unknown[] = [contactId]
  const rows = await readHappened(
    tx,
    program,
    { mine: 'x.contact_id = $1', events: 'x.contact_id = $1', plans: 'x.contact_id = $1' },
    values,
    scope,
  )
  return itemsOf(tx, rows, program, language)
}

export interface AccountTimelineItem extends TimelineItem {
  /** Whom it concerned; null where it was the account alone. */
  contact: { id: string; name: string | null } | null
}

/** The latest 500 things that happened with an account: with all of its people, and with itself. */
export async function readAccountTimeline(
  tx: Tx,
  program: Program,
  accountId: string,
  language: string,
  scope: UnitScope,
): Promise<AccountTimelineItem[]> {
  const people = await tx.query<{ id: string; name: string | null }>(
    `select c.contact_id as id, coalesce(c.name, c.contact_key) as name from contacts c
     join accounts a on a.account_key = c.account_key where a.account_id = $1`,
    [accountId],
  )
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const values: unknown[] = [[...names.keys()], accountId]
  const mine = 'x.contact_id = any($1::uuid[])'
  const rows = await readHappened(
    tx,
    program,
    {
      mine,
      events: `(${mine} or (x.account_id = $2 and x.contact_id is null))`,
      plans: `(${mine} or x.account_id = $2)`,
    },
    values,
    scope,
  )
  const items = await itemsOf(tx, rows, program, language)
  return rows.map(({ contactId }, at) => ({
    ...(items[at] as TimelineItem),
    contact: contactId === null ? null : { id: contactId, name: names.get(contactId) ?? null },
  }))
}

function readHappened(
  tx: Tx,
  program: Program,
  of: { mine: string; events: string; plans: string },
  values: unknown[],
  scope: UnitScope,
): Promise<TimelineRow[]> {
  const within = withinUnit(scope, 'x.unit_key', values)
  const answers = `${of.mine} and ${visibleAnswer(scope, 'x', program, values)}`
  const cases = `${of.mine} and ${visibleCase(scope, 'x', values)}`
  values.push(longest)
  const mine = `${of.mine} and ${within}`
  return tx.query<TimelineRow>(
    `select * from (
       select x.time as at, 'event' as kind, x.type as name, null as detail, x.fields as body, null as comment,
         null::uuid as ref, x.contact_id as "contactId"
       from events x where ${of.events} and ${within}
       union all
       select x.sent_at, 'invitation', x.survey, case when x.opened_at is null then x.state else 'opened' end, null,
         null, null, x.contact_id
       from invitations x where ${mine} and x.sent_at is not null
       union all
       select x.decided_at, 'withheld', x.survey, x.reason, null, null, null, x.contact_id
       from decisions x where ${mine} and x.outcome = 'withheld'
       union all
       select x.answered_at, 'response', x.survey, x.state, x.answers, x.comment, x.response_id, x.contact_id
       from responses x where ${answers}
       union all
       select x.opened_at, 'case', x.rule, x.state, null, null, x.case_id, x.contact_id
       from cases x where ${cases}
       union all
       select m.at, 'letter', m.subject, m.direction, null, null, x.case_id, x.contact_id
       from case_mails m join cases x on x.case_id = m.case_id
       where (m.aside is null or m.settled = 'accepted') and ${cases}
       union all
       -- Once for each answer, however many were told; who is not to hear of it does not hear that others did.
       select min(n.created_at), n.kind, x.survey, null, null, null, x.response_id, x.contact_id
       from notifications n join responses x on x.response_id = n.response_id
       where n.state = 'queued' and ${answers} group by n.kind, x.survey, x.response_id, x.contact_id
       union all
       select x.at, 'promoter', x.kind, x.state, null, null, x.response_id, x.contact_id
       from promoter_acts x where ${of.plans} and ${within} and x.state <> 'withheld'
       union all
       select t.at, 'youSaidWeDid', i.title, null, null, null, x.response_id, x.contact_id
       from improvement_tellings t join improvements i on i.improvement_id = t.improvement_id
       join responses x on x.response_id = t.response_id where t.state = 'queued' and ${answers}
       union all
       select x.created_at, 'plan', x.title, x.state, null, null, x.plan_id, x.contact_id
       from plans x where ${of.plans} and ${within}
       union all
       select i.done_at, 'planItem', i.what, i.state, null, null, x.plan_id, x.contact_id
       from plans x join plan_items i on i.plan_id = x.plan_id
       where i.done_at is not null and ${of.plans} and ${within}
     ) as happened order by at desc, kind limit $${values.length}`,
    values,
  )
}

async function itemsOf(
  tx: Tx,
  rows: readonly TimelineRow[],
  program: Program,
  language: string,
): Promise<TimelineItem[]> {
  const answers = rows.flatMap(({ kind, ref }) => (kind === 'response' ? (ref ?? []) : []))
  // By their ids: joined to what is sorted above, it would be the whole table that is read.
  const decided = await tx.query<{ id: string; handling: string; reason: string }>(
    `select response_id as id, handling, reason from recovery_decisions
     where workspace_id = $1 and response_id = any($2::uuid[])`,
    [tx.workspaceId, answers],
  )
  const decisions = new Map(decided.map(({ id, ...decision }) => [id, decision]))
  return rows.map((row) => {
    const decision = row.kind === 'response' ? decisions.get(row.ref ?? '') : undefined
    return { ...itemOf(row, program, language), ...(decision ? { decision } : {}) }
  })
}

function itemOf(row: TimelineRow, program: Program, language: string): TimelineItem {
  const { at, kind, name, detail } = row
  const survey = program.surveys[name]
  const bare = { at, kind, title: name, detail }
  switch (kind) {
    case 'event': {
      const label = program.events[name]?.label
      return { ...bare, title: textIn(label, language) || name, fields: (row.body ?? {}) as Values }
    }
    case 'response':
      return {
        ...bare,
        title: textIn(survey?.name, language) || name,
        score: scoreOf(program, name, row.body ?? {}),
        comment: row.comment,
        responseId: row.ref as string,
      }
    case 'case':
    case 'letter':
      return { ...bare, caseId: row.ref as string }
    case 'promoter':
    case 'youSaidWeDid':
      return { ...bare, responseId: row.ref as string }
    case 'plan':
    case 'planItem':
      return { ...bare, planId: row.ref as string }
    case 'praise':
    case 'criticism':
      return { ...bare, title: textIn(survey?.name, language) || name, responseId: row.ref as string }
    default:
      return { ...bare, title: textIn(survey?.name, language) || name }
  }
}
