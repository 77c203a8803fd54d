import { type UnitScope, withinUnit } from '../people/access.ts'
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
}

const columns = `r.response_id as "responseId", r.contact_id as "contactId", r.account_id as "accountId",
       r.transaction_id as "transactionId", r.unit_key as "unitKey", r.employee_key as "employeeKey", r.answers,
       r.comment, r.context, r.answered_at as "answeredAt", r.version, r.survey, r.touchpoint, r.language,
       r.way_in as "wayIn", p.name as "customerName", p.email, p.phone`

/** Those among these responses, in the order in which they were answered. */
export function readCandidates(tx: Tx, responseIds: readonly string[]): Promise<Candidate[]> {
  return tx.query<Candidate>(
    `select ${columns}
     from responses r left join contacts p on p.contact_id = r.contact_id
     where r.state = 'completed' and r.response_id = any($1::uuid[])
       and not exists (select 1 from recovery_decisions d where d.response_id = r.response_id)
       and not exists (select 1 from case_responses c where c.response_id = r.response_id)
     order by r.answered_at, r.response_id`,
    [responseIds],
  )
}

/** These responses, whatever has been decided about them. */
export const readAnswered = (tx: Tx, responseIds: readonly string[]): Promise<Candidate[]> =>
  tx.query<Candidate>(
    `select ${columns}
     from responses r left join contacts p on p.contact_id = r.contact_id
     where r.response_id in (select id::uuid from json_array_elements_text($1::json) as id)`,
    [JSON.stringify(responseIds)],
  )

/** Whom a case is opened for by hand: a person or an account, and the answer it is about, else their latest. */
export type Choice =
  | { contactId: string; responseId?: string }
  | { accountId: string; responseId?: string }
  | { responseId: string }

/** The answer of each choice within the scope, with its place among them; of those without one nothing. */
export function readChosen(
  tx: Tx,
  choices: readonly Choice[],
  scope: UnitScope,
): Promise<Array<Candidate & { place: number }>> {
  const rows = choices.map((choice, place) => ({
    place,
    contact: 'contactId' in choice ? choice.contactId : null,
    account: 'accountId' in choice ? choice.accountId : null,
    response: choice.responseId ?? null,
  }))
  const values: unknown[] = [JSON.stringify(rows)]
  const within = withinUnit(scope, 'x.unit_key', values)
  const latest = (whose: string) => `(select x.response_id, x.answered_at from responses x
     where ${whose} and x.state = 'completed' and ${within} order by x.answered_at desc limit 1)`
  return tx.query(
    `select w.place, ${columns}
     from json_to_recordset($1::json) as w(place int, contact uuid, account uuid, response uuid)
     join lateral (select response_id from (
       ${latest(`x.response_id = w.response and (w.contact is null or x.contact_id = w.contact)
         and (w.account is null or x.account_id = w.account)`)}
       union all ${latest('w.response is null and x.contact_id = w.contact')}
       union all ${latest('w.response is null and x.account_id = w.account')}
     ) as found limit 1) f on true
     join responses r on r.response_id = f.response_id
     left join contacts p on p.contact_id = r.contact_id order by w.place`,
    values,
  )
}

/** Makes two who decide for one workspace take turns: caps and joining look at what was decided before. */
export async function takeTurns(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [tx.workspaceId])
}
