import type { ResponseOnHook } from '../channels/hooks/events.ts'
import type { LinkTo } from '../channels/portalLink.ts'
import { withParents } from '../comments/coder.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Variables } from '../program/conditions.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import { scoreOf } from '../program/score.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { valuesFor } from '../value/store.ts'

/** A completed response with what is told of it. */
export interface Told extends Row {
  responseId: string
  survey: string
  touchpoint: string
  language: string
  wayIn: string
  answeredAt: Date
  answers: Record<string, unknown>
  comment: string | null
  context: Context
  version: string
  themes: string[]
  employeeKey: string | null
  employeeName: string | null
  unitKey: string | null
  unitName: string | null
  contactKey: string | null
  contactId: string | null
  accountId: string | null
  /** The case it opened or joined. */
  caseId: string | null
}

/** Completed ones among these, oldest first. */
export function readTold(tx: Tx, responseIds: readonly string[]): Promise<Told[]> {
  return tx.query<Told>(
    `select r.response_id as "responseId", r.survey, r.touchpoint, r.language, r.way_in as "wayIn",
       r.answered_at as "answeredAt", r.answers, r.comment, r.context, r.version,
       coalesce((select array_agg(t.theme order by t.theme) from response_themes t
                 where t.response_id = r.response_id), '{}') as themes,
       coalesce(r.employee_key, r.context->'employee'->>'key') as "employeeKey", e.name as "employeeName",
       coalesce(r.unit_key, r.context->'unit'->>'key') as "unitKey", u.name as "unitName",
       c.contact_key as "contactKey", r.contact_id as "contactId", r.account_id as "accountId",
       (select k.case_id from case_responses k where k.response_id = r.response_id limit 1) as "caseId"
     from responses r
     left join employees e on e.employee_key = coalesce(r.employee_key, r.context->'employee'->>'key')
     left join units u on u.unit_key = coalesce(r.unit_key, r.context->'unit'->>'key')
     left join contacts c on c.contact_id = r.contact_id
     where r.state = 'completed' and r.response_id = any($1::uuid[])
     order by r.answered_at, r.response_id`,
    [responseIds],
  )
}

/** What conditions over each of these answers may speak of, in their order. */
export async function variablesOf(
  tx: Tx,
  checked: CheckedProgram,
  all: readonly Told[],
  now: Date,
): Promise<Variables[]> {
  const values = checked.program.value ? await valuesFor(tx, all) : []
  return all.map((told, at) =>
    checked.variables(told.context, {
      answers: told.answers,
      response: told,
      comment: told.comment,
      themes: withParents(checked.program, told.themes),
      value: values[at] ?? {},
      now,
    }),
  )
}

/** As other systems are told of it: with your own keys, and without names or addresses of customers. */
export function onHook(program: Program, told: Told, linkTo: LinkTo): ResponseOnHook {
  return {
    responseId: told.responseId,
    survey: told.survey,
    touchpoint: told.touchpoint,
    answeredAt: told.answeredAt,
    language: told.language,
    wayIn: told.wayIn,
    score: scoreOf(program, told.survey, told.answers),
    answers: told.answers,
    comment: told.comment,
    contactKey: told.contactKey,
    accountKey: told.context.account?.key ?? null,
    employeeKey: told.employeeKey,
    unit: told.unitKey === null ? null : { key: told.unitKey, name: told.unitName },
    link: linkTo(`/responses/${told.responseId}`),
  }
}
