import type { Context } from '../program/context.ts'
import type { Answers } from '../program/survey.ts'
import type { Row, Tx } from '../storage/postgres.ts'

/** A completed response that nothing has been decided about, with how its customer can be reached. */
export interface Candidate extends Row {
  responseId: string
  contactId: string | null
  accountId: string | null
  transactionId: string | null
  unitKey: string | null
  employeeKey: string | null
  answers: Answers
  comment: string | null
  context: Context
  answeredAt: Date
  version: string
  survey: string
  touchpoint: string
  language: string
  wayIn: string
  customerName: string | null
  email: string | null
  phone: string | null
  unsubscribed: boolean
}

/** Those among these responses, in the order in which they were answered. */
export function readCandidates(tx: Tx, responseIds: readonly string[]): Promise<Candidate[]> {
  return tx.query<Candidate>(
    `select r.response_id as "responseId", r.contact_id as "contactId", r.account_id as "accountId",
       r.transaction_id as "transactionId", r.unit_key as "unitKey", r.employee_key as "employeeKey", r.answers,
       r.comment, r.context, r.answered_at as "answeredAt", r.version, r.survey, r.touchpoint, r.language,
       r.way_in as "wayIn", p.name as "customerName", p.email, p.phone,
       p.unsubscribed_at is not null as unsubscribed
     from responses r left join contacts p on p.contact_id = r.contact_id
     where r.state = 'completed' and r.response_id in (select id::uuid from json_array_elements_text($1::json) as id)
       and not exists (select 1 from recovery_decisions d where d.response_id = r.response_id)
       and not exists (select 1 from case_responses c where c.response_id = r.response_id)
     order by r.answered_at, r.response_id`,
    [JSON.stringify(responseIds)],
  )
}

/** Makes two who decide for one workspace take turns: caps and joining look at what was decided before. */
export async function takeTurns(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [tx.workspaceId])
}
