// For: reading responses: the list with its search and filters, and one whole.
// In: filters, the unit a person may see. Out: items as the API shows them.
import { Refusal } from '../base/errors.ts'
import { type UnitScope, visibleAnswer } from '../people/access.ts'
import { type Band, bandSql } from '../program/bands.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { questionText, textIn } from '../program/question.ts'
import type { LanguageCode, Program, ProgramQuestion } from '../program/schema.ts'
import { type Score, scoreOf } from '../program/score.ts'
import type { Answer } from '../program/survey.ts'
import type { Tx } from '../storage/postgres.ts'

export interface ResponseFilter {
  /** Words that the comment holds, in any case. */
  text?: string
  survey?: string
  band?: Band
  /** A unit's key: its own responses and those of units below it. */
  unit?: string
  from?: Date
  /** Not included. */
  to?: Date
  /** Only those with a comment. */
  comment?: boolean
  cursor?: string
  limit: number
}

export interface ResponseItem {
  responseId: string
  answeredAt: Date
  survey: string
  touchpoint: string
  wayIn: 'survey' | 'mail' | 'import' | 'api'
  language: string
  score: Score | null
  comment: string | null
  contact: { id: string; name: string | null } | null
  unit: { key: string; name: string } | null
}

export interface ResponseList {
  items: ResponseItem[]
  next: string | null
  total: number
}

interface Row extends Record<string, unknown> {
  responseId: string
  answeredAt: Date
  survey: string
  touchpoint: string
  wayIn: 'survey' | 'mail' | 'import' | 'api'
  language: string
  answers: Record<string, Answer>
  comment: string | null
  contactId: string | null
  contactName: string | null
  unitKey: string | null
  unitName: string | null
}

const columns = `r.response_id as "responseId", r.answered_at as "answeredAt", r.survey, r.touchpoint,
  r.way_in as "wayIn", r.language, r.answers, r.comment, r.contact_id as "contactId", coalesce(c.name, c.contact_key) as "contactName",
  r.unit_key as "unitKey", u.name as "unitName"`
const joined = `responses r
  left join contacts c on c.workspace_id = r.workspace_id and c.contact_id = r.contact_id
  left join units u on u.workspace_id = r.workspace_id and u.unit_key = r.unit_key`

/** Completed responses, newest first.
 * @param program the active one: it says which question of a survey is its score
 * @param scope the unit that narrows what this person sees
 * @throws Refusal request.malformed when the cursor is none of ours
 */
export async function searchResponses(
  tx: Tx,
  program: Program,
  filter: ResponseFilter,
  scope: UnitScope = {},
): Promise<ResponseList> {
  const values: unknown[] = [tx.workspaceId]
  const parameter = (value: unknown) => `$${values.push(value)}`
  const conditions = [`r.workspace_id = $1`, `r.state = 'completed'`]
  const words = (filter.text ?? '')
    .replaceAll('\u0000', '')
    .toWellFormed()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 10)
  for (const word of words) {
    conditions.push(`r.comment ilike ${parameter(`%${word.replace(/[\\%_]/g, '\\$&')}%`)}`)
  }
  if (filter.survey !== undefined) conditions.push(`r.survey = ${parameter(filter.survey)}`)
  if (filter.comment) conditions.push('r.comment is not null')
  if (filter.from) conditions.push(`r.answered_at >= ${parameter(filter.from)}`)
  if (filter.to) conditions.push(`r.answered_at < ${parameter(filter.to)}`)
  if (filter.band) conditions.push(bandSql(program, filter.band, 'r', parameter))
  if (filter.unit !== undefined) conditions.push(below(parameter(filter.unit)))
  conditions.push(visibleAnswer(scope, 'r', program, values))
  const where = conditions.join(' and ')
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from responses r where ${where}`,
    values,
  )
  let after = ''
  if (filter.cursor !== undefined) {
    const { at, id } = readCursor(filter.cursor)
    after = ` and (r.answered_at, r.response_id) < (${parameter(at)}::timestamptz, ${parameter(id)}::uuid)`
  }
  const rows = await tx.query<Row>(
    `select ${columns} from ${joined} where ${where}${after}
     order by r.answered_at desc, r.response_id desc limit ${parameter(filter.limit + 1)}`,
    values,
  )
  const items = rows.slice(0, filter.limit)
  const last = items.at(-1)
  return {
    items: items.map((row) => itemOf(program, row)),
    next: rows.length > filter.limit && last ? `${last.answeredAt.toISOString()}_${last.responseId}` : null,
    total: count?.total ?? 0,
  }
}

export interface ResponseRead extends ResponseItem {
  /** As the person saw them, in the order of the survey, in the reader's language. */
  answers: Array<{
    question: string
    kind: ProgramQuestion['kind'] | null
    text: string
    value: Answer
    /** The value in words, where it is a choice. */
    label: string | null
    provenance: { field: string; since: string } | null
  }>
  /** O-data as it was frozen. */
  context: Context
  /** The transaction's fields as they are now; null when it is not known. */
  transactionNow: { type: string; key: string; fields: Record<string, unknown>; changedAt: Date } | null
  invitation: { invitationId: string; trigger: string; sentAt: Date | null } | null
  source: { source: string; externalId: string } | null
  caseId: string | null
  /** What the recovery policy made of it, and why; null where it has no rules, or has not decided yet. */
  decision: { handling: string; reason: string } | null
  version: string
  startedAt: Date
}

/** The version a response was given under, so that its program can be had before `readResponse`.
 * @throws Refusal thing.unknown
 */
export async function versionOfResponse(tx: Tx, responseId: string): Promise<string> {
  const [row] = await tx.query<{ version: string }>(
    'select version from responses where workspace_id = $1 and response_id = $2',
    [tx.workspaceId, responseId],
  )
  if (!row) throw new Refusal('thing.unknown')
  return row.version
}

/** One response with its frozen O-data.
 * @param checked the program of its version
 * @throws Refusal thing.unknown, also when it is outside of the scope
 */
export async function readResponse(
  tx: Tx,
  checked: CheckedProgram,
  responseId: string,
  reader: UnitScope & { language: LanguageCode },
): Promise<ResponseRead> {
  const values: unknown[] = [tx.workspaceId, responseId]
  const visible = visibleAnswer(reader, 'r', checked.program, values)
  const [row] = await tx.query<
    Row & {
      provenance: Record<string, { field: string; since: string }>
      context: Context
      version: string
      startedAt: Date
      source: string | null
      externalId: string | null
      invitationId: string | null
      trigger: string | null
      sentAt: Date | null
      type: string | null
      transactionKey: string | null
      fields: Record<string, unknown> | null
      changedAt: Date | null
      caseId: string | null
      handling: string | null
      handlingReason: string | null
    }
  >(
    `select ${columns}, r.provenance, r.context, r.version, r.started_at as "startedAt", r.source,
       r.external_id as "externalId", i.invitation_id as "invitationId", i.trigger, i.sent_at as "sentAt",
       t.type, t.transaction_key as "transactionKey", t.fields, t.changed_at as "changedAt",
       (select k.case_id from cases k where k.workspace_id = r.workspace_id and k.response_id = r.response_id
        order by k.opened_at limit 1) as "caseId", d.handling, d.reason as "handlingReason"
     from ${joined}
     left join invitations i on i.workspace_id = r.workspace_id and i.invitation_id = r.invitation_id
     left join transactions t on t.workspace_id = r.workspace_id and t.transaction_id = r.transaction_id
     left join recovery_decisions d on d.workspace_id = r.workspace_id and d.response_id = r.response_id
     where r.workspace_id = $1 and r.response_id = $2 and ${visible}`,
    values,
  )
  if (!row) throw new Refusal('thing.unknown')
  const questions = checked.program.surveys[row.survey]?.questions ?? []
  const order = new Map(questions.map((question, index) => [question.id, index]))
  const answers = Object.entries(row.answers)
    .sort(([a], [b]) => (order.get(a) ?? 1000) - (order.get(b) ?? 1000))
    .map(([id, value]) => {
      const question = questions[order.get(id) ?? -1]
      return {
        question: id,
        kind: question?.kind ?? null,
        text: question ? questionText(question, reader.language) : id,
        value,
        label: question ? labelOf(question, value, reader.language) : null,
        provenance: row.provenance[id] ?? null,
      }
    })
  const { type, transactionKey, fields, changedAt, handling, handlingReason } = row
  return {
    ...itemOf(checked.program, row),
    answers,
    context: row.context,
    transactionNow:
      type && transactionKey && fields && changedAt ? { type, key: transactionKey, fields, changedAt } : null,
    invitation:
      row.invitationId && row.trigger
        ? { invitationId: row.invitationId, trigger: row.trigger, sentAt: row.sentAt }
        : null,
    source: row.source && row.externalId ? { source: row.source, externalId: row.externalId } : null,
    caseId: row.caseId,
    decision: handling && handlingReason ? { handling, reason: handlingReason } : null,
    version: row.version,
    startedAt: row.startedAt,
  }
}

function labelOf(question: ProgramQuestion, value: Answer, language: LanguageCode): string | null {
  if (question.kind !== 'choice' && question.kind !== 'multiChoice') return null
  const given = Array.isArray(value) ? value : [value]
  return given
    .map(
      (each) =>
        textIn(question.choices.find((choice) => choice.value === each)?.text, language) || String(each),
    )
    .join(', ')
}

function itemOf(program: Program, row: Row): ResponseItem {
  return {
    responseId: row.responseId,
    answeredAt: row.answeredAt,
    survey: row.survey,
    touchpoint: row.touchpoint,
    wayIn: row.wayIn,
    language: row.language,
    score: scoreOf(program, row.survey, row.answers),
    comment: row.comment,
    contact: row.contactId ? { id: row.contactId, name: row.contactName } : null,
    unit: row.unitKey ? { key: row.unitKey, name: row.unitName ?? row.unitKey } : null,
  }
}

const below = (unit: string) =>
  `r.unit_key in (select unit_key from units where workspace_id = $1 and path @> array[${unit}]::text[])`

function readCursor(cursor: string): { at: string; id: string } {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f-]{36})$/.exec(cursor)
  if (!found) throw new Refusal('request.malformed', 'The cursor is none of ours.')
  return { at: found[1] as string, id: found[2] as string }
}
