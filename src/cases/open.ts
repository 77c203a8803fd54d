// For: finding the answers that must not be left alone.
// In: completed responses. Out: a case for each that a rule of the program's recovery policy names; news of them.
import { addDuration, type Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { RecoveryRule } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Answers } from '../program/survey.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row } from '../storage/postgres.ts'

export interface OpenParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
  log: Log
}

interface Completed extends Row {
  responseId: string
  answers: Answers
  context: Context
  answeredAt: Date
  version: string
  survey: string
  touchpoint: string
  language: string
  wayIn: string
}

/** First contact when a rule names no time. */
const usualFirstContact = 'PT48H'

/** Opens the cases of these responses: one for each response, by the first rule that holds.
 * Running it again opens nothing twice.
 */
export async function openCases(
  parts: OpenParts,
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const completed = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<Completed>(
      `select response_id as "responseId", answers, context, answered_at as "answeredAt", version,
         survey, touchpoint, language, way_in as "wayIn"
       from responses r
       where state = 'completed' and response_id in (select id::uuid from json_array_elements_text($1::json) as id)
         and not exists (select 1 from cases c where c.response_id = r.response_id)`,
      [JSON.stringify(responseIds)],
    ),
  )
  const rows: object[] = []
  for (const response of completed) {
    const checked = await parts.programs.version(workspaceId, response.version)
    const rule = firstRule(parts, checked, response)
    if (!rule) continue
    const zone = checked.program.workspace.timeZone
    rows.push({
      case_id: stableId(workspaceId, 'case', rule.id, response.responseId),
      response_id: response.responseId,
      rule: rule.id,
      due: addDuration(response.answeredAt, rule.firstContact ?? usualFirstContact, zone),
      version: response.version,
    })
  }
  if (rows.length === 0) return
  const at = parts.clock.now()
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const opened = await tx.query<{ case_id: string }>(
      `insert into cases (workspace_id, case_id, rule, response_id, contact_id, transaction_id, account_id, unit_key,
         state, opened_at, contact_due_at, version)
       select r.workspace_id, n.case_id, n.rule, r.response_id, r.contact_id, r.transaction_id, r.account_id,
         r.unit_key, 'open', $1::timestamptz, n.due, n.version
       from json_to_recordset($2::json) as n(case_id uuid, response_id uuid, rule text, due timestamptz, version text)
       join responses r on r.response_id = n.response_id
       on conflict do nothing returning case_id`,
      [at, JSON.stringify(rows)],
    )
    const caseIds = opened.map((row) => row.case_id)
    if (caseIds.length === 0) return
    await tx.query(
      `insert into case_events (workspace_id, case_id, revision, at, kind)
       select $1::uuid, id::uuid, 1, $2::timestamptz, 'opened' from json_array_elements_text($3::json) as id`,
      [workspaceId, at, JSON.stringify(caseIds)],
    )
    await appendOutbox(tx, 'case', caseIds)
    await parts.announce(tx, { kind: 'case.opened', workspaceId, caseIds }, at)
  })
}

/** A rule that cannot be judged, since a field it asks for is missing, does not hold; the next one is tried. */
function firstRule(parts: OpenParts, checked: CheckedProgram, response: Completed): RecoveryRule | undefined {
  const rules = checked.program.recovery?.rules ?? []
  if (rules.length === 0) return undefined
  const variables = checked.variables(response.context, {
    answers: response.answers,
    response,
    now: parts.clock.now(),
  })
  return rules.find((rule) => {
    try {
      return checked.condition(rule.when)(variables)
    } catch (error) {
      parts.log.warn(
        { rule: rule.id, version: checked.version, kind: (error as Error).name },
        'a recovery rule could not be judged',
      )
      return false
    }
  })
}
