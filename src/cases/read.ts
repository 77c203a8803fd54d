import { Refusal } from '../base/errors.ts'
import { latestAnswer } from '../channels/latestAnswer.ts'
import { type UnitScope, visibleCase } from '../people/access.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { scoreOf } from '../program/score.ts'
import type { Programs } from '../program/store.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { CaseEvent, CaseStanding } from './standing.ts'
import { saidOfLastClosing, selectStanding, standingTables } from './store.ts'

/** A case as stored, with what its list shows of the answer and the people. */
export interface StoredCase extends CaseStanding, Row {
  caseId: string
  rule: string
  reason: string
  openedAt: Date
  unitKey: string | null
  unitName: string | null
  contactId: string | null
  contactName: string | null
  contactKey: string | null
  accountId: string | null
  accountName: string | null
  employeeKey: string | null
  employeeName: string | null
  transactionId: string | null
  /** False when the owner has left the program. */
  ownerThere: boolean
  /** The one it was opened with. */
  responseId: string
  /** Of the latest answer. */
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  band: string | null
  themes: string[]
  highValue: boolean
  decisionMaker: boolean
  priorityTheme: boolean
  priority: number | null
  valueSegment: string | null
  recommended: string | null
  recommendedBecause: unknown
  template: string | null
  holdUntil: Date | null
  trial: string | null
  /** The asker is kept informed of it. */
  watching: boolean
  version: string
  /** Of the program that the latest answer was given under: its questions may be others. */
  answerVersion: string
  /** Of the customer; `solvedByCustomer` is the latest they have said of the case at all. */
  saidOfLastClosing: boolean | null
}

const columns = `c.case_id as "caseId", c.rule, c.reason, c.opened_at as "openedAt", ${selectStanding},
  c.unit_key as "unitKey", u.name as "unitName", c.contact_id as "contactId", p.name as "contactName",
  p.contact_key as "contactKey", c.account_id as "accountId", coalesce(a.name, a.account_key) as "accountName",
  c.employee_key as "employeeKey", e.name as "employeeName", c.transaction_id as "transactionId",
  coalesce(o.active, true) as "ownerThere", c.response_id as "responseId", r.survey, r.answers, r.comment, c.band,
  c.themes, c.high_value as "highValue", c.decision_maker as "decisionMaker", c.priority_theme as "priorityTheme",
  c.priority, c.value_segment as "valueSegment", c.recommended, c.recommended_because as "recommendedBecause",
  c.template, c.hold_until as "holdUntil", c.trial, c.version, r.version as "answerVersion",
  ${saidOfLastClosing('c')} as "saidOfLastClosing",
  exists (select 1 from case_people w where w.case_id = c.case_id and w.person = $1) as watching`
// Each by its key, one case at a time: of plain joins the order is weighed too, which takes as long as the reading.
const beside = (table: string, name: string, key: string) =>
  `left join lateral (select * from ${table} ${name} where ${key} offset 0) ${name} on true`
const tables = `${standingTables} cross join lateral (select ${latestAnswer('c', '$1')} as response_id offset 0) l
  join responses r on r.response_id = l.response_id
  ${beside('units', 'u', 'u.unit_key = c.unit_key')}
  ${beside('contacts', 'p', 'p.contact_id = c.contact_id')}
  ${beside('accounts', 'a', 'a.account_id = c.account_id')}
  ${beside('employees', 'e', 'e.employee_key = c.employee_key')}
  ${beside('employees', 'o', 'o.employee_key = c.owner')}`

/** These cases, in the order asked for; those outside of the scope are left out.
 * @param asker me: who asks, as an actor's id
 */
export async function readCases(
  tx: Tx,
  ids: readonly string[],
  asker: { me: string; scope: UnitScope },
): Promise<StoredCase[]> {
  if (ids.length === 0) return []
  const values: unknown[] = [asker.me, [...ids]]
  const within = visibleCase(asker.scope, 'c', values)
  return tx.query<StoredCase>(
    `select ${columns} from ${tables} where c.case_id = any($2::uuid[]) and ${within}
     order by array_position($2::uuid[], c.case_id)`,
    values,
  )
}

/** @throws Refusal thing.unknown, also for a case outside of the scope */
export async function readCase(
  tx: Tx,
  caseId: string,
  asker: { me: string; scope: UnitScope },
): Promise<StoredCase> {
  const values: unknown[] = [asker.me, caseId]
  const within = visibleCase(asker.scope, 'c', values)
  const [found] = await tx.query<StoredCase>(
    `select ${columns} from ${tables} where c.case_id = $2 and ${within}`,
    values,
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}

/** What happened to a case, in the order in which it happened; of one moment, in that of the revisions. A deadline that
 * passed while nobody looked stands at its own time, although its revision is younger.
 */
export function caseHistory(tx: Tx, caseId: string): Promise<Array<CaseEvent & Row>> {
  return tx.query<CaseEvent & Row>(
    `select revision, at, kind, actor, actor_name as "actorName", note, detail
     from case_events where case_id = $1 order by at, revision`,
    [caseId],
  )
}

/** A case as lists and pages show it.
 * @param checked the program of its latest answer
 */
export function caseOnWire(checked: CheckedProgram, found: StoredCase) {
  const { contactId, contactName, contactKey, accountId, accountName, employeeKey, employeeName } = found
  return {
    caseId: found.caseId,
    state: found.state,
    rule: found.rule,
    reason: found.reason,
    openedAt: found.openedAt,
    contactDueAt: found.contactDueAt,
    assignedAt: found.assignedAt,
    takenAt: found.takenAt,
    contactedAt: found.contactedAt,
    closedAt: found.closedAt,
    missedAt: found.missedAt,
    missedAgainAt: found.missedAgainAt,
    // What is stored is of a round that is over; while the first goes on, its contact is the first.
    firstContactedAt: found.firstContactedAt ?? found.contactedAt,
    escalatedAt: found.escalatedAt,
    holdUntil: found.holdUntil,
    lastAnswerAt: found.lastAnswerAt,
    owner: found.owner === null ? null : { id: found.owner, name: found.ownerName, there: found.ownerThere },
    outcome: found.outcome,
    cause: found.cause,
    action: found.action,
    unit: found.unitName ?? found.unitKey,
    unitKey: found.unitKey,
    contact: contactId === null ? null : { id: contactId, name: contactName ?? contactKey },
    account: accountId === null ? null : { id: accountId, name: accountName },
    employee: employeeKey === null ? null : { key: employeeKey, name: employeeName },
    survey: found.survey,
    score: scoreOf(checked.program, found.survey, found.answers),
    comment: found.comment,
    themes: found.themes,
    band: found.band,
    highValue: found.highValue,
    decisionMaker: found.decisionMaker,
    priorityTheme: found.priorityTheme,
    priority: found.priority,
    valueSegment: found.valueSegment,
    recommended: found.recommended,
    channel: found.channel,
    attempts: found.attempts,
    joined: found.joined,
    reopened: found.reopened,
    forwarded: found.forwarded,
    solvedByCustomer: found.saidOfLastClosing,
    news: found.newsRevision !== null,
    watching: found.watching,
    responseId: found.responseId,
    revision: found.revision,
  }
}

/** As caseOnWire, each by the program of its latest answer. */
export async function casesOnWire(programs: Programs, workspaceId: string, found: readonly StoredCase[]) {
  return Promise.all(
    found.map(async (each) => caseOnWire(await programs.version(workspaceId, each.answerVersion), each)),
  )
}
