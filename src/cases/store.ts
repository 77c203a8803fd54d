// For: changing cases as they are stored, one or many thousands at once, each change with its event.
// In: what people or the product do, with the revision they saw. Out: a receipt each; history, facts and news of it.
import { Refusal } from '../base/errors.ts'
import { scheduleFollowUps } from '../invitations/followUp.ts'
import { type UnitScope, visibleCase } from '../people/access.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Announce } from '../storage/jobs.ts'
import { many } from '../storage/many.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Actor, act, type CaseAction, type ProductAction, type RecordRules } from './case.ts'
import { tellColleagues } from './colleagues.ts'
import { isTold, keepNews } from './news.ts'
import { keepPeople, readInformed } from './people.ts'
import type { CaseEvent, CaseStanding } from './standing.ts'
import { rewriteWords } from './words.ts'

/** A case, with the revision in which somebody saw it. */
export interface SeenCase {
  caseId: string
  revision: number
}

/** What somebody does with one case. Without an actor the product does it, and no revision is asked for. */
export interface CaseChange {
  caseId: string
  action: CaseAction | ProductAction
  actor?: Actor
  /** The one the actor saw; not needed for what only adds. */
  revision?: number
  at: Date
}

export type ChangeReceipt =
  | { caseId: string; status: 'done'; standing: CaseStanding; event: CaseEvent }
  | { caseId: string; status: 'refused'; refusal: Refusal }

type Columns = Record<string, readonly [column: string, type: string]>

/** What time alone changes stands apart. */
const deadlineColumns = {
  nextCheckAt: ['next_check_at', 'timestamptz'],
  missedAt: ['missed_at', 'timestamptz'],
  missedAgainAt: ['missed_again_at', 'timestamptz'],
  escalatedAt: ['escalated_at', 'timestamptz'],
  reminded: ['reminded', 'int'],
  escalation: ['escalation', 'int'],
  revision: ['revision', 'int'],
} as const satisfies Columns

const standingColumns = {
  state: ['state', 'text'],
  owner: ['owner', 'text'],
  ownerName: ['owner_name', 'text'],
  outcome: ['outcome', 'text'],
  contactDueAt: ['contact_due_at', 'timestamptz'],
  assignedAt: ['assigned_at', 'timestamptz'],
  takenAt: ['taken_at', 'timestamptz'],
  contactedAt: ['contacted_at', 'timestamptz'],
  closedAt: ['closed_at', 'timestamptz'],
  firstContactedAt: ['first_contacted_at', 'timestamptz'],
  firstDueAt: ['first_due_at', 'timestamptz'],
  firstChannel: ['first_channel', 'text'],
  newsRevision: ['news_revision', 'int'],
  lastAnswerAt: ['last_answer_at', 'timestamptz'],
  channel: ['channel', 'text'],
  attempts: ['attempts', 'int'],
  forwarded: ['forwarded', 'int'],
  reopened: ['reopened', 'int'],
  joined: ['joined', 'int'],
  cause: ['cause', 'text'],
  action: ['action', 'text'],
  churnBefore: ['churn_before', 'double precision'],
  churnAfter: ['churn_after', 'double precision'],
  learning: ['learning', 'text'],
  quote: ['quote', 'text'],
  solvedByCustomer: ['solved_by_customer', 'boolean'],
  solvedByCustomerAt: ['solved_by_customer_at', 'timestamptz'],
  settledRevision: ['settled_revision', 'int'],
} as const satisfies Record<Exclude<keyof CaseStanding, keyof typeof deadlineColumns>, Columns[string]>

const selected = (table: string, columns: Columns) =>
  Object.entries(columns).map(([name, [column]]) => `${table}.${column} as "${name}"`)

/** The columns of a CaseStanding, of `c` and `d` as standingTables join them. */
export const selectStanding = [...selected('c', standingColumns), ...selected('d', deadlineColumns)].join(
  ', ',
)
/** What the customer says of how a case was closed last: null when it has been closed since they said it, as one is that
 * was opened again for their no and mended.
 * @param c the cases' alias
 */
export const saidOfLastClosing = (c: string) =>
  `case when ${c}.solved_by_customer_at >= coalesce(${c}.closed_at,
     (select max(e.at) from case_events e where e.case_id = ${c}.case_id and e.kind = 'closed'), '-infinity')
   then ${c}.solved_by_customer end`
export const standingTables =
  'cases c join case_deadlines d on d.workspace_id = c.workspace_id and d.case_id = c.case_id'

const updateSql = (table: string, columns: Columns, more = '') =>
  `update ${table} t set ${Object.entries(columns).map(([name, [column]]) => `${column} = r."${name}"`)}${more}
  from json_to_recordset($2::json)
    as r("caseId" uuid, state text, ${Object.entries(columns)
      .filter(([name]) => name !== 'state')
      .map(([name, [, type]]) => `"${name}" ${type}`)})
  where t.workspace_id = $1 and t.case_id = r."caseId"`
const updates = [
  updateSql('cases', standingColumns),
  updateSql('case_deadlines', deadlineColumns, `, open = r.state <> 'closed'`),
]

export interface ChangedWithin {
  /** Cases outside of it are not found. */
  scope?: UnitScope
  /** Says what a case can be recorded with, and whether customers are asked about closed ones. */
  checked?: CheckedProgram
}

/** Carries out changes, in their order; several of one case follow each other. Those that are refused change nothing
 * and do not hold up the others. Cases are locked in the order of their ids, so that two calls never wait for each
 * other. Announces case.changed, also which were reopened; tells colleagues by mail what they were given; has the customer
 * asked, after a while, about a case that was closed with contact.
 */
export async function changeCases(
  tx: Tx,
  parts: { announce: Announce },
  changes: readonly CaseChange[],
  within: ChangedWithin = {},
): Promise<ChangeReceipt[]> {
  const ids = [...new Set(changes.map((change) => change.caseId))]
  if (ids.length === 0) return []
  const values: unknown[] = [tx.workspaceId, ids]
  const scoped = visibleCase(within.scope ?? {}, 'c', values)
  const rows = await tx.query<CaseStanding & Row & { caseId: string }>(
    `select c.case_id as "caseId", ${selectStanding} from ${standingTables}
     where c.workspace_id = $1 and c.case_id = any($2::uuid[])
       and ${scoped} order by c.case_id for update`,
    values,
  )
  const standings = new Map<string, CaseStanding>(rows.map(({ caseId, ...standing }) => [caseId, standing]))
  const done = new Map<string, CaseStanding>()
  const rules = within.checked && recordRules(within.checked)
  const receipts = changes.map((change): ChangeReceipt => {
    const { caseId, action, actor = null, revision, at } = change
    const standing = standings.get(caseId)
    try {
      if (!standing) throw new Refusal('thing.unknown')
      const result = act(standing, action, {
        actor,
        at,
        ...(revision === undefined ? {} : { revision }),
        ...(rules ? { rules } : {}),
      })
      standings.set(caseId, result.standing)
      done.set(caseId, result.standing)
      return { caseId, status: 'done', ...result }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { caseId, status: 'refused', refusal: error }
    }
  })
  if (done.size === 0) return receipts
  const events = receipts.flatMap((each) =>
    each.status === 'done' ? [{ caseId: each.caseId, ...each.event }] : [],
  )
  const changed = [...done].map(([caseId, standing]) => ({ caseId, ...standing }))
  for (const update of updates) await tx.query(update, [tx.workspaceId, JSON.stringify(changed)])
  await tellColleagues(tx, parts, events)
  if (within.checked) await scheduleFollowUps(tx, parts, within.checked, closedWithContact(done, events))
  await keepHistory(tx, parts, events)
  return receipts
}

const recordRules = ({ program }: CheckedProgram): RecordRules => ({
  causes: program.recovery?.causes?.map(({ id }) => id),
  actions: program.recovery?.actions?.map(({ id }) => id),
})

const closedWithContact = (done: ReadonlyMap<string, CaseStanding>, events: readonly StoredEvent[]) =>
  events.flatMap(({ kind, caseId, at }) =>
    kind === 'closed' && done.get(caseId)?.contactedAt ? [{ caseId, closedAt: at }] : [],
  )

/** As changeCases for one change, whose refusal is thrown. */
export async function changeCase(
  tx: Tx,
  parts: { announce: Announce },
  change: CaseChange,
  within: ChangedWithin = {},
): Promise<CaseStanding> {
  const [receipt] = await changeCases(tx, parts, [change], within)
  if (receipt?.status !== 'done') throw receipt?.refusal ?? new Refusal('thing.unknown')
  return receipt.standing
}

/** The product's own changes. What no longer fits, since somebody was faster, is left out.
 * @returns the cases that changed
 */
export async function applyProduct(
  tx: Tx,
  parts: { announce: Announce },
  changes: ReadonlyArray<{ caseId: string; action: ProductAction; at: Date }>,
): Promise<string[]> {
  const receipts = await changeCases(tx, parts, changes)
  return receipts.filter((each) => each.status === 'done').map((each) => each.caseId)
}

export type StoredEvent = CaseEvent & { caseId: string }

/** Writes down what has happened to cases whose rows have been changed already: the history, who is kept informed, the
 * facts, and the news of it.
 * @param isWatched false of a case of which nobody but its owner is known to be informed before these events
 */
export async function keepHistory(
  tx: Tx,
  parts: { announce: Announce },
  events: readonly StoredEvent[],
  isWatched: (caseId: string) => boolean = () => true,
): Promise<void> {
  await keepEvents(tx, events)
  const heard = events.filter(
    (event) => isWatched(event.caseId) && (isTold(event) || event.kind === 'watched'),
  )
  const informed = await readInformed(tx, [...new Set(heard.map(({ caseId }) => caseId))])
  // Before the people: whom it has just been escalated to is told of that already.
  await keepNews(tx, parts, events, informed)
  await keepPeople(tx, events, informed)
  await appendOutbox(tx, 'case', [...new Set(events.map(({ caseId }) => caseId))])
  await tell(tx, parts, events)
}

async function keepEvents(tx: Tx, events: readonly StoredEvent[]) {
  const { place, all } = saying()
  const rows = events.map((event) => ({
    caseId: event.caseId,
    revision: event.revision,
    at: event.at,
    said: place(event),
  }))
  const { from, values } = many(rows, eventColumns, 3)
  await tx.query(
    `insert into case_events (workspace_id, case_id, revision, at, actor, actor_name, kind, note, detail)
     select $1::uuid, r."caseId", r.revision, r.at, s.actor, s."actorName", s.kind, s.note, s.detail
     from ${from} join json_to_recordset($2::json)
       as s(place int, actor text, "actorName" text, kind text, note text, detail jsonb) on s.place = r.said`,
    [tx.workspaceId, JSON.stringify(all), ...values],
  )
  const joined = events.flatMap(({ caseId, at, kind, detail }) =>
    (kind === 'joined' || kind === 'reopened') && typeof detail?.responseId === 'string'
      ? [{ case: caseId, response: detail.responseId, at: at.toISOString() }]
      : [],
  )
  if (joined.length === 0) return
  await tx.query(
    `insert into case_responses (workspace_id, case_id, response_id, joined_at)
     select $1::uuid, r."case", r.response, r.at
     from json_to_recordset($2::json) as r("case" uuid, response uuid, at timestamptz) on conflict do nothing`,
    [tx.workspaceId, JSON.stringify(joined)],
  )
  await rewriteWords(tx, [...new Set(joined.map((each) => each.case))])
}

type Said = Pick<CaseEvent, 'actor' | 'actorName' | 'kind' | 'note' | 'detail'>

const eventColumns = { caseId: 'uuid', revision: 'int', at: 'timestamptz', said: 'int' } as const

/** What events say, each once with its place: of many deadlines that pass together most say the same. */
function saying() {
  const places = new Map<Said['detail'], Map<string, number>>()
  const all: Array<Said & { place: number }> = []
  const place = ({ actor, actorName, kind, note, detail }: Said): number => {
    const alike = places.get(detail) ?? new Map<string, number>()
    places.set(detail, alike)
    const key = actor === null && note === null ? kind : JSON.stringify([actor, actorName, kind, note])
    const place = alike.get(key) ?? all.push({ place: all.length, actor, actorName, kind, note, detail }) - 1
    alike.set(key, place)
    return place
  }
  return { all, place }
}

function tell(tx: Tx, { announce }: { announce: Announce }, events: readonly StoredEvent[]): Promise<void> {
  const idsOf = (some: readonly StoredEvent[]) => [...new Set(some.map(({ caseId }) => caseId))]
  return announce(tx, {
    kind: 'case.changed',
    workspaceId: tx.workspaceId as string,
    caseIds: idsOf(events),
    reopened: idsOf(events.filter(({ kind }) => kind === 'reopened')),
  })
}
