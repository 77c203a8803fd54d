// For: X-data from elsewhere: reviews, ratings, exports of other survey tools, each with its own time.
// In: answers with the source's own id. Out: responses with the O-data as it stands now; those unfit kept aside.

import type { Clock } from '../base/clock.ts'
import { type ErrorCode, type Fault, Refusal } from '../base/errors.ts'
import { stableId } from '../base/ids.ts'
import { idOf } from '../events/apply.ts'
import { isStorable } from '../events/cloudEvent.ts'
import { loadContexts } from '../events/context.ts'
import { keepAside, storeKeptAside } from '../events/keptAside.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import { knownLanguage } from '../program/question.ts'
import type { Answers } from '../program/survey.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { commentOf, judgeAnswer } from './answers.ts'
import { holdLinks } from './elsewhere.ts'
import { announceCompleted } from './record.ts'

export interface ImportInput {
  /** Where it comes from, and its id there: the same pair twice changes nothing. */
  source: string
  externalId: string
  survey: string
  contactKey?: string
  transaction?: { type: string; key: string }
  answers: Record<string, unknown>
  answeredAt: Date
  startedAt?: Date
  language?: string
  /** It is one in its own right, also where a link has given an answer about the same transaction. */
  beside?: boolean
}

export type ImportReceipt =
  | { responseId: string; status: 'imported' | 'duplicate' }
  | { status: 'refused'; code: ErrorCode; faults: Fault[]; recordId: string }

export interface ImportParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: { active(workspaceId: string): Promise<CheckedProgram> }
}

/** A clock elsewhere may be a little ahead of ours. */
const aheadAllowed = 24 * 3600_000

interface Fit {
  input: ImportInput
  responseId: string
  answers: Answers
}

/** Stores answers that were given elsewhere. What their survey showed is theirs to know, so only scale, choices and
 * length are judged; one with any fault is kept aside whole, to be mended and played again.
 * @param mends id of the kept-aside record that the one input is the mended form of
 * @returns receipts in the order of the inputs
 */
export async function importResponses(
  parts: ImportParts,
  workspaceId: string,
  inputs: readonly ImportInput[],
  mends?: string,
): Promise<ImportReceipt[]> {
  if (inputs.length === 0) return []
  const checked = await parts.programs.active(workspaceId)
  const judged = inputs.map((input) => judge(workspaceId, checked, input, parts.clock.now()))
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    for (const [index, fault] of await foreignTransactions(tx, judged)) judged[index] = [fault]
    const fits = judged.flatMap((each) => ('answers' in each ? [each] : []))
    const { imported, answered } = await store(tx, parts, checked, fits)
    const kept = new Map(
      inputs.flatMap((input, index) => {
        const faults = judged[index] as Fault[]
        if (!Array.isArray(faults)) return []
        const detail = `${faults.map(({ where, message }) => `${where}: ${message}`).join('; ')}.`
        const refusal = new Refusal('response.refused', detail, faults)
        return [[index, keepAside(workspaceId, 'response', input, refusal, mends)]]
      }),
    )
    await storeKeptAside(tx, parts.clock, 'response', [...kept.values()])
    return judged.map((each, index): ImportReceipt => {
      if ('answers' in each) {
        const first = imported.delete(each.responseId)
        const responseId = answered.get(each.responseId) ?? each.responseId
        return { responseId, status: first ? 'imported' : 'duplicate' }
      }
      return {
        status: 'refused',
        code: 'response.refused',
        faults: each,
        recordId: kept.get(index)!.recordId,
      }
    })
  })
}

function judge(workspaceId: string, checked: CheckedProgram, input: ImportInput, now: Date): Fit | Fault[] {
  const faults: Fault[] = []
  const survey = Object.hasOwn(checked.program.surveys, input.survey)
    ? checked.program.surveys[input.survey]
    : undefined
  if (!survey) faults.push({ where: 'survey', message: 'the program has no such survey' })
  for (const name of ['source', 'externalId'] as const) {
    if (input[name] === '' || input[name].length > 512 || !isStorable(input[name])) {
      faults.push({ where: name, message: 'expected 1 to 512 characters of readable text' })
    }
  }
  const time = input.answeredAt.getTime()
  if (Number.isNaN(time)) faults.push({ where: 'answeredAt', message: 'expected a time' })
  else if (time > now.getTime() + aheadAllowed) {
    faults.push({ where: 'answeredAt', message: 'expected no later than a day from now' })
  }
  if (input.startedAt && !(input.startedAt.getTime() <= time)) {
    faults.push({ where: 'startedAt', message: 'expected a time no later than answeredAt' })
  }
  const answers: Answers = {}
  for (const [id, value] of Object.entries(input.answers)) {
    const question = survey?.questions.find((each) => each.id === id)
    const result = question ? judgeAnswer(question, value) : { fault: 'the survey has no such question' }
    if ('fault' in result) faults.push({ where: `answers.${id.slice(0, 80)}`, message: result.fault })
    else if (result.answer !== undefined) answers[id] = result.answer
  }
  if (faults.length === 0 && Object.keys(answers).length === 0) {
    faults.push({ where: 'answers', message: 'expected at least one' })
  }
  if (faults.length > 0) return faults
  return { input, responseId: stableId(workspaceId, 'import', input.source, input.externalId), answers }
}

/** Of answers that name both: a transaction that belongs to another customer is not theirs to judge. */
async function foreignTransactions(
  tx: Tx,
  judged: ReadonlyArray<Fit | Fault[]>,
): Promise<Array<[index: number, fault: Fault]>> {
  const workspaceId = tx.workspaceId as string
  const named = judged.flatMap((each, index) => {
    if (!('answers' in each)) return []
    const { contactKey, transaction } = each.input
    if (contactKey === undefined || !transaction) return []
    const id = idOf.transaction(workspaceId, transaction.type, transaction.key)
    return [{ index, id, contact: idOf.contact(workspaceId, contactKey) }]
  })
  if (named.length === 0) return []
  const rows = await tx.query<{ index: number }>(
    `select r.index from json_to_recordset($2::json) as r(index int, id uuid, contact uuid)
     join transactions t on t.workspace_id = $1 and t.transaction_id = r.id
     where t.contact_id is not null and t.contact_id <> r.contact`,
    [workspaceId, JSON.stringify(named)],
  )
  const fault = { where: 'contactKey', message: 'the transaction belongs to another customer' }
  return rows.map(({ index }) => [index, fault])
}

/** @returns the ids that are new; and of answers that a link had given already, by the id of each, that answer's */
async function store(
  tx: Tx,
  parts: ImportParts,
  checked: CheckedProgram,
  fits: Fit[],
): Promise<{ imported: Set<string>; answered: ReadonlyMap<string, string> }> {
  if (fits.length === 0) return { imported: new Set(), answered: new Map() }
  const workspaceId = tx.workspaceId as string
  const refs = fits.map(({ input: { contactKey, transaction } }) => ({
    contactId: contactKey === undefined ? undefined : idOf.contact(workspaceId, contactKey),
    transactionId: transaction && idOf.transaction(workspaceId, transaction.type, transaction.key),
  }))
  const contexts = await loadContexts(tx, refs, parts.clock.now())
  const rows = new Map(
    fits.map(({ input, responseId, answers }, index) => {
      const context = contexts[index] as Context
      const survey = checked.program.surveys[input.survey]!
      const row = {
        id: responseId,
        survey: input.survey,
        touchpoint: survey.touchpoint,
        contact:
          refs[index]!.contactId ?? (context.contact && idOf.contact(workspaceId, context.contact.key)),
        transaction: refs[index]!.transactionId,
        account: context.account && idOf.account(workspaceId, context.account.key),
        unit: context.unit?.key,
        employee: context.employee?.key,
        source: input.source,
        external: input.externalId,
        language: knownLanguage(
          input.language ?? context.contact?.language ?? checked.program.workspace.languages[0],
        ),
        started_at: (input.startedAt ?? input.answeredAt).toISOString(),
        answered_at: input.answeredAt.toISOString(),
        answers,
        comment: commentOf(survey.questions, answers),
        context,
        version: checked.version,
      }
      return [responseId, row] as const
    }),
  )
  const links = await holdLinks(tx, [...rows.values()], parts.clock.now())
  const inTheirOwnRight = new Set(fits.flatMap(({ input, responseId }) => (input.beside ? responseId : [])))
  const answered = await withoutStored(
    tx,
    new Map(
      [...rows.values()].flatMap((row) => {
        const response = inTheirOwnRight.has(row.id) ? undefined : links.answered(row)
        return response === undefined ? [] : [[row.id, response] as const]
      }),
    ),
  )
  const inserted = await tx.query<{ response_id: string; answered_at: Date }>(
    `insert into responses (workspace_id, response_id, survey, touchpoint, contact_id, transaction_id, account_id,
       unit_key, employee_key, source, external_id, language, started_at, answered_at, answers, comment, context,
       version, way_in, state)
     select $1::uuid, r.*, 'import', 'completed' from json_to_recordset($2::json) as r(id uuid, survey text,
       touchpoint text, contact uuid, transaction uuid, account uuid, unit text, employee text, source text,
       external text, language text, started_at timestamptz, answered_at timestamptz, answers jsonb, comment text,
       context jsonb, version text)
     on conflict do nothing
     returning response_id, answered_at`,
    [workspaceId, JSON.stringify([...rows.values()].filter(({ id }) => !answered.has(id)))],
  )
  await links.close(inserted.map(({ response_id }) => rows.get(response_id)!))
  await announceCompleted(
    tx,
    parts.announce,
    inserted.map((row) => ({ responseId: row.response_id, answeredAt: row.answered_at })),
  )
  return { imported: new Set(inserted.map((row) => row.response_id)), answered }
}

/** What was handed in before keeps its own id, also where a link was answered besides in those days. */
async function withoutStored(tx: Tx, answered: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  if (answered.size === 0) return new Map()
  const stored = await tx.query<{ id: string }>(
    'select response_id as id from responses where workspace_id = $1 and response_id = any($2::uuid[])',
    [tx.workspaceId, [...answered.keys()]],
  )
  const known = new Set(stored.map(({ id }) => id))
  return new Map([...answered].filter(([id]) => !known.has(id)))
}
