// For: asking a customer, some days after a case was closed, whether it was solved.
// In: cases that were closed after the customer had been reached. Out: decisions and scheduled invitations.
import { addDuration } from '../base/clock.ts'
import { newToken, stableId } from '../base/ids.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage } from '../program/question.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'

/** Stands where a decision has its trigger; no trigger of a program can be called so. */
export const followUpTrigger = 'recovery.followUp'
const usualWait = 'P3D'

export interface ClosedCase {
  caseId: string
  closedAt: Date
}

/** Schedules the follow-up question of the program for these cases; a case nobody is known of asks nobody. Whether it
 * is sent is judged when it is due. The same closing again schedules nothing more.
 */
export async function scheduleFollowUps(
  tx: Tx,
  parts: { announce: Announce },
  checked: CheckedProgram,
  closed: readonly ClosedCase[],
): Promise<void> {
  const { followUp } = checked.program.recovery ?? {}
  const survey = followUp && checked.program.surveys[followUp.survey]
  if (!followUp || !survey || closed.length === 0) return
  const workspaceId = tx.workspaceId as string
  const { languages, timeZone } = checked.program.workspace
  const closedAt = new Map(closed.map((each) => [each.caseId, each.closedAt]))
  const cases = await tx.query<CaseRow>(
    `select c.case_id as id, c.contact_id as contact, c.transaction_id as transaction, c.account_id as account,
       c.unit_key as unit, c.employee_key as employee, coalesce(p.language, r.language) as language
     from cases c join responses r on r.response_id = c.response_id left join contacts p on p.contact_id = c.contact_id
     where c.case_id = any($1::uuid[]) and c.contact_id is not null`,
    [[...closedAt.keys()]],
  )
  const rows = cases.map(({ id, language, ...each }) => {
    const at = closedAt.get(id) as Date
    const decision = stableId('decision', workspaceId, followUpTrigger, id, at.toISOString())
    const spoken = knownLanguage(language)
    return {
      ...each,
      case: id,
      decision,
      invitation: stableId('invitation', decision),
      token: newToken(),
      at: at.toISOString(),
      due: addDuration(at, followUp.after ?? usualWait, timeZone).toISOString(),
      language: languages.includes(spoken) ? spoken : (languages[0] ?? 'en'),
    }
  })
  if (rows.length === 0) return
  const values = [workspaceId, checked.version, followUp.survey, followUpTrigger, JSON.stringify(rows)]
  const record = `json_to_recordset($5::json) as r("case" uuid, decision uuid, invitation uuid, token text,
    contact uuid, transaction uuid, account uuid, unit text, employee text, at timestamptz, due timestamptz, language text)`
  await tx.query(
    `insert into decisions (workspace_id, decision_id, trigger, survey, contact_id, transaction_id, decided_at, due_at,
       outcome, invitation_id, unit_key, version)
     select $1::uuid, r.decision, $4, $3, r.contact, r.transaction, r.at, r.due, 'invited', r.invitation, r.unit, $2
     from ${record} on conflict do nothing`,
    values,
  )
  await tx.query(
    `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, transaction_id, account_id,
       unit_key, employee_key, trigger, survey, touchpoint, language, state, due_at, version, case_id)
     select $1::uuid, r.invitation, r.decision, r.token, r.contact, r.transaction, r.account, r.unit, r.employee, $4,
       $3, $6, r.language, 'scheduled', r.due, $2, r."case"
     from ${record} on conflict do nothing`,
    [...values, survey.touchpoint],
  )
  await appendOutbox(
    tx,
    'decision',
    rows.map((row) => row.decision),
  )
  const times = new Set(rows.map(({ due }) => due))
  for (const due of times) await parts.announce(tx, { kind: 'invitation.due', workspaceId }, new Date(due))
}

interface CaseRow extends Row {
  id: string
  contact: string
  transaction: string | null
  account: string | null
  unit: string | null
  employee: string | null
  language: string
}
