// For: taking in the answers of invited people: page, mail and API alike.
// In: links with answers, in any number. Out: responses stored with their O-data; news of those completed.

import type { ErrorCode, Fault } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Answers } from '../program/survey.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Prepared, Tx } from '../storage/postgres.ts'
import { commentOf, mergeAnswers } from './answers.ts'
import { findInvited, type Invited, isOpen, ownAnswers, showingOf } from './invited.ts'

export interface AnswerInput {
  token: string
  /** Question id -> answer. Anything may come; what does not fit is told. */
  answers: Record<string, unknown>
  /** The person is done; otherwise the answers are kept until more come. */
  complete: boolean
  at: Date
  wayIn: 'survey' | 'mail' | 'api'
  /** The invitation as it was just read, where that was done; it spares reading it again. */
  invited?: Invited
}

/** Stored, with the faults of those answers that were not kept; or refused as a whole. */
export type AnswerReceipt =
  | { responseId: string; state: 'partial' | 'completed'; faults?: Fault[] }
  | { refused: Fault[]; code: ErrorCode }

export interface RecordParts {
  database: Database
  announce: Announce
  programs: { version(workspaceId: string, version: string): Promise<CheckedProgram> }
}

/** One response as it will stand. */
interface Written {
  invited: Invited
  responseId: string
  checked: CheckedProgram
  answers: Answers
  state: 'partial' | 'completed'
  comment: string | null
  /** How far they came: the last question answered, in the order of the survey. */
  lastQuestion: string | null
  startedAt: Date
  answeredAt: Date
  wayIn: string
}

/** Stores answers. A completed response is never changed again, so a replay gets the same receipt; a partial one is
 * added to. Answers that O-data gave (`known`) are stored along, with where they came from.
 * @returns receipts in the order of the inputs
 */
export async function recordAnswers(
  parts: RecordParts,
  workspaceId: string,
  inputs: readonly AnswerInput[],
): Promise<AnswerReceipt[]> {
  const first = inputs.filter(({ invited }) => invited && invited.responseState === null)
  const later = inputs.filter((input) => !first.includes(input))
  const receipts = new Map<AnswerInput, AnswerReceipt>()
  for (const [some, record] of [
    [first, recordFirst],
    [later, recordUnderLock],
  ] as const) {
    if (some.length === 0) continue
    const told = await record(parts, workspaceId, some)
    some.forEach((input, index) => {
      receipts.set(input, told[index]!)
    })
  }
  return inputs.map((input) => receipts.get(input)!)
}

/** Nobody had answered when the invitations were read, so nothing is read again: two who answer first at once are told
 * apart by the index of responses, and whoever comes after an answer from elsewhere by the link that it has closed; then
 * the other way is taken. */
async function recordFirst(
  parts: RecordParts,
  workspaceId: string,
  inputs: readonly AnswerInput[],
): Promise<AnswerReceipt[]> {
  const invited = inputs.map((input) => input.invited!)
  const programs = await programsOf(parts, workspaceId, invited)
  const written = new Map<string, Written>()
  const receipts = inputs.map((input, index) =>
    recordOne(workspaceId, input, invited[index], programs, written),
  )
  if (written.size === 0) return receipts
  try {
    await parts.database.inWorkspaceAtOnce(workspaceId, (tx) =>
      store(tx, parts, insertFirst, [...written.values()].sort(byToken)),
    )
    return receipts
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== uniqueViolation && code !== noState) throw error
    return recordUnderLock(parts, workspaceId, inputs)
  }
}

const uniqueViolation = '23505'
/** Of a link that is closed: see `insertFirst`. */
const noState = '23502'
// As those lock them who close links, so that neither waits for the other in a circle.
const byToken = (one: Written, other: Written) => (one.invited.token < other.invited.token ? -1 : 1)

async function recordUnderLock(
  parts: RecordParts,
  workspaceId: string,
  inputs: readonly AnswerInput[],
): Promise<AnswerReceipt[]> {
  const tokens = [...new Set(inputs.map((input) => input.token))]
  // Which versions are asked about is known first: a program must not be loaded within a transaction of ours.
  const before = inputs.every(({ invited }) => invited)
    ? inputs.map(({ invited }) => invited!)
    : await parts.database.inWorkspace(workspaceId, (tx) => findInvited(tx, tokens, false))
  const programs = await programsOf(parts, workspaceId, before)
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const invited = new Map((await findInvited(tx, tokens, true)).map((each) => [each.token, each]))
    const written = new Map<string, Written>()
    const receipts = inputs.map((input) =>
      recordOne(workspaceId, input, invited.get(input.token), programs, written),
    )
    if (written.size > 0) await store(tx, parts, insertOrAdd, [...written.values()])
    return receipts
  })
}

async function programsOf(
  parts: RecordParts,
  workspaceId: string,
  invited: readonly Invited[],
): Promise<Map<string, CheckedProgram>> {
  const versions = new Set(invited.map((each) => each.version))
  const programs = new Map<string, CheckedProgram>()
  for (const version of versions) programs.set(version, await parts.programs.version(workspaceId, version))
  return programs
}

function recordOne(
  workspaceId: string,
  input: AnswerInput,
  invited: Invited | undefined,
  programs: Map<string, CheckedProgram>,
  written: Map<string, Written>,
): AnswerReceipt {
  if (!invited) return refused('survey.unknownLink', 'no survey was sent with this link')
  const responseId = stableId(workspaceId, 'response', invited.invitationId)
  const earlier = written.get(responseId)
  const state = earlier?.state ?? invited.responseState
  if (state === 'completed') return { responseId, state }
  if (invited.answeredBy !== null) return { responseId: invited.answeredBy, state: 'completed' }
  if (!isOpen(invited, input.at)) return refused('survey.expired', 'the survey has closed')
  const checked = programs.get(invited.version)
  const showing = checked && showingOf(invited, checked, input.at)
  if (!showing) return refused('survey.expired', 'the program has this survey no more')

  const kept = earlier?.answers ?? ownAnswers(invited)
  const merged = mergeAnswers(showing, kept, input.answers, input.complete)
  const nothing = Object.keys(merged.answers).length === 0 && state === null
  if (nothing && merged.faults.length > 0) return { refused: merged.faults, code: 'response.refused' }
  if (!nothing) {
    written.set(responseId, {
      invited,
      responseId,
      checked,
      answers: merged.answers,
      state: merged.state,
      comment: commentOf(showing.survey.questions, merged.answers),
      lastQuestion:
        showing.survey.questions.findLast(({ id }) => Object.hasOwn(merged.answers, id))?.id ?? null,
      startedAt: invited.startedAt ?? earlier?.startedAt ?? input.at,
      answeredAt: input.at,
      wayIn: earlier?.wayIn ?? input.wayIn,
    })
  }
  const faults = merged.faults.length > 0 ? { faults: merged.faults } : {}
  return { responseId, state: merged.state, ...faults }
}

const refused = (code: ErrorCode, message: string): AnswerReceipt => ({
  refused: [{ where: 'token', message }],
  code,
})

/** @param state of each row r, beside i, where that is its invitation */
const inserting = (state: string, invitation: string) =>
  `insert into samklang.responses (workspace_id, response_id, invitation_id, survey, touchpoint, contact_id,
    transaction_id, account_id, unit_key, employee_key, way_in, state, language, started_at, answered_at, answers,
    provenance, comment, last_question, context, version)
  select $1::uuid, r.id, r.invitation, r.survey, r.touchpoint, r.contact, r.transaction, r.account, r.unit, r.employee,
    r.way_in, ${state}, r.language, r.started_at, r.answered_at, r.answers, r.provenance, r.comment, r.last_question,
    r.context, r.version
  from json_to_recordset($2::json) as r(id uuid, invitation uuid, token text, survey text,
    touchpoint text, contact uuid, transaction uuid, account uuid, unit text, employee text, way_in text,
    state text, language text, started_at timestamptz, answered_at timestamptz, answers jsonb, provenance jsonb,
    comment text, last_question text, context jsonb, version text)${invitation}`
// A link that has been closed meanwhile gives its answer no state, which the table refuses, and with it all that goes
// along. Whoever closes links waits for this lock, and this for whoever closes. Found by the token, as in invited.ts: no
// other index ties with that one while the table is young.
const insertFirst: Prepared = {
  name: 'insert first responses',
  text: inserting(
    'case when i.open then r.state end',
    ` left join lateral (
      select answered_by is null as open from samklang.invitations
      where token = r.token and workspace_id = $1::uuid limit 1 for key share) i on true`,
  ),
}
const insertOrAdd: Prepared = {
  name: 'insert responses or add to them',
  text: `${inserting('r.state', '')}
    on conflict (workspace_id, response_id) do update set state = excluded.state, answered_at = excluded.answered_at,
      answers = excluded.answers, provenance = excluded.provenance, comment = excluded.comment,
      last_question = excluded.last_question
    where responses.state = 'partial'`,
}

async function store(
  tx: Tx,
  { announce }: RecordParts,
  statement: Prepared,
  written: Written[],
): Promise<void> {
  const rows = written.map(({ invited, ...each }) => {
    const known = Object.entries(invited.known)
    return {
      id: each.responseId,
      invitation: invited.invitationId,
      token: invited.token,
      survey: invited.survey,
      touchpoint: invited.touchpoint,
      contact: invited.contactId,
      transaction: invited.transactionId,
      account: invited.accountId,
      unit: invited.unitKey,
      employee: invited.employeeKey,
      way_in: each.wayIn,
      state: each.state,
      language: invited.language,
      started_at: each.startedAt.toISOString(),
      answered_at: each.answeredAt.toISOString(),
      answers: { ...Object.fromEntries(known.map(([id, { value }]) => [id, value])), ...each.answers },
      provenance: Object.fromEntries(known.map(([id, { field, since }]) => [id, { field, since }])),
      comment: each.comment,
      last_question: each.lastQuestion,
      context: invited.frozen ?? { at: each.startedAt.toISOString() },
      version: invited.version,
    }
  })
  const completed = written.filter((each) => each.state === 'completed')
  const partial = written.filter((each) => each.state === 'partial')
  const stored = tx.query(statement, [tx.workspaceId, JSON.stringify(rows)])
  // None needs the result of another, so they go to the store together. What is begun has facts, and nothing follows.
  await Promise.all([
    stored,
    appendOutbox(
      tx,
      'response',
      partial.map((each) => each.responseId),
    ),
    announceCompleted(tx, announce, completed),
  ])
}

/** Tells the loop and the facts of completed responses, once each. */
export async function announceCompleted(
  tx: Tx,
  announce: Announce,
  completed: ReadonlyArray<{ responseId: string }>,
): Promise<void> {
  if (completed.length === 0) return
  const responseIds = completed.map((each) => each.responseId)
  await Promise.all([
    appendOutbox(tx, 'response', responseIds),
    announce(tx, { kind: 'response.completed', workspaceId: tx.workspaceId as string, responseIds }),
  ])
}
