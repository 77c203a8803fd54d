// For: finding the answers that something concerns.
// In: answers by id, or a condition over all since a time. Out: each with the variables conditions speak of.

import { Refusal } from '../base/errors.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { ConditionFailed, parseCondition, type Variables } from '../program/conditions.ts'
import type { Context } from '../program/context.ts'
import type { Answers } from '../program/survey.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { holds } from './outreach.ts'

export interface Answered extends Row {
  responseId: string
  contactId: string | null
  accountId: string | null
  unitKey: string | null
  employeeKey: string | null
  answers: Answers
  context: Context
  comment: string | null
  themes: string[]
  answeredAt: Date
  survey: string
  touchpoint: string
  language: string
  wayIn: string
  version: string
}

const columns = `r.response_id as "responseId", r.contact_id as "contactId", r.account_id as "accountId",
  r.unit_key as "unitKey", r.employee_key as "employeeKey", r.answers, r.context, r.comment,
  array(select t.theme from response_themes t where t.workspace_id = r.workspace_id
    and t.response_id = r.response_id order by t.theme) as themes,
  r.answered_at as "answeredAt", r.survey, r.touchpoint, r.language, r.way_in as "wayIn", r.version`

/** Completed answers by id. */
export function readAnswered(tx: Tx, responseIds: readonly string[]): Promise<Answered[]> {
  return tx.query<Answered>(
    `select ${columns} from responses r where r.workspace_id = $1 and r.state = 'completed'
     and r.response_id = any($2::uuid[])`,
    [tx.workspaceId, responseIds],
  )
}

/** What conditions over an answer may speak of. */
export function variablesOf(checked: CheckedProgram, answered: Answered, now: Date): Variables {
  const { context, answers, comment } = answered
  const themes = withParents(checked, answered.themes)
  return checked.variables(context, { answers, response: answered, themes, comment, now })
}

function withParents({ program }: CheckedProgram, themes: readonly string[]): string[] {
  const parents = new Map(program.themes?.map(({ id, parent }) => [id, parent]))
  const all = new Set<string>()
  for (const theme of themes) {
    for (
      let each: string | undefined = theme;
      each !== undefined && !all.has(each);
      each = parents.get(each)
    ) {
      all.add(each)
    }
  }
  return [...all]
}

/** Answers that are read at once, so that no statement is long. */
const page = 1000

/** Completed answers of known people since a time for which the condition holds, page by page, the latest first.
 * @throws Refusal request.malformed when it is no condition
 */
export async function* matching(
  tx: Tx,
  checked: CheckedProgram,
  cel: string,
  since: Date,
  now: Date,
): AsyncGenerator<Answered[]> {
  requireCondition(cel)
  let after: { at: Date; id: string } | undefined
  for (;;) {
    const rows: Answered[] = await tx.query<Answered>(
      `select ${columns} from responses r where r.workspace_id = $1 and r.state = 'completed'
       and r.contact_id is not null and r.answered_at >= $2
       and ($3::timestamptz is null or (r.answered_at, r.response_id) < ($3::timestamptz, $4::uuid))
       order by r.answered_at desc, r.response_id desc limit ${page}`,
      [tx.workspaceId, since, after?.at ?? null, after?.id ?? null],
    )
    yield rows.filter((row) => holds(checked, cel, variablesOf(checked, row, now)))
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    after = { at: last.answeredAt, id: last.responseId }
  }
}

/** @throws Refusal request.malformed */
export function requireCondition(cel: string): void {
  try {
    parseCondition(cel)
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    throw new Refusal('request.malformed', undefined, [{ where: 'body/concerns', message: error.message }])
  }
}
