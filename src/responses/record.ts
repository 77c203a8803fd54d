// For: taking in the answers of invited people: page, mail and API alike.
// In: links with answers, in any number. Out: responses stored with their O-data; news of those completed.

import type { ErrorCode, Fault } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Answers } from '../program/survey.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
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
  /** The program's version that was shown, when that is known; it spares looking it up. */
  version?: string
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
  if (inputs.length === 0) return []
  const tokens = [...new Set(inputs.map((input) => input.token))]
  // Which versions are asked about is known first: a program must not be loaded within a transaction of ours.
  const told = inputs.every((input) => input.version !== undefined)
  const before = told
    ? inputs
    : await parts.database.inWorkspace(workspaceId, (tx) => findInvited(tx, tokens, false))
  const programs = new Map<string, CheckedProgram>()
  for (const version of new Set(before.map((each) => each.version as string))) {
    programs.set(version, await parts.programs.version(workspaceId, version))
  }
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const invited = new Map((await findInvited(tx, tokens, true)).map((each) => [each.token, each]))
    const written = new Map<string, Written>()
    const receipts = inputs.map((input) =>
      recordOne(workspaceId, input, invited.get(input.token), programs, written),
    )
    await store(tx, parts, [...written.values()])
    return receipts
  })
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

async function store(tx: Tx, { announce }: RecordParts, written: Written[]): Promise<void> {
  if (written.length === 0) return
  const rows = written.map(({ invited, ...each }) => {
    const known = Object.entries(invited.known)
    return {
      id: each.responseId,
      invitation: invited.invitationId,
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
      context: invited.frozen ?? { at: each.startedAt.toISOString() },
      version: invited.version,
    }
  })
  await tx.query(
    `insert into responses (workspace_id, response_id, invitation_id, survey, touchpoint, contact_id, transaction_id,
       account_id, unit_key, employee_key, way_in, state, language, started_at, answered_at, answers, provenance,
       comment, context, version)
     select $1::uuid, r.* from json_to_recordset($2::json) as r(id uuid, invitation uuid, survey text,
       touchpoint text, contact uuid, transaction uuid, account uuid, unit text, employee text, way_in text,
       state text, language text, started_at timestamptz, answered_at timestamptz, answers jsonb, provenance jsonb,
       comment text, context jsonb, version text)
     on conflict (workspace_id, response_id) do update set state = excluded.state,
       answered_at = excluded.answered_at, answers = excluded.answers, provenance = excluded.provenance,
       comment = excluded.comment
     where responses.state = 'partial'`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  const completed = written.filter((each) => each.state === 'completed')
  await announceCompleted(tx, announce, completed)
}

/** Tells the loop and the facts of completed responses, once each. */
export async function announceCompleted(
  tx: Tx,
  announce: Announce,
  completed: ReadonlyArray<{ responseId: string }>,
): Promise<void> {
  if (completed.length === 0) return
  const responseIds = completed.map((each) => each.responseId)
  await appendOutbox(tx, 'response', responseIds)
  await announce(tx, { kind: 'response.completed', workspaceId: tx.workspaceId as string, responseIds })
}
