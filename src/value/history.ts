import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Judged } from './churn.ts'
import { type Feature, needsContext, readFeatures } from './features.ts'
import { hasScore, scoredAnswer } from './loyalty.ts'
import { inPage, type Page, paymentsSql } from './payments.ts'
import type { FollowedUp } from './save.ts'
import { dayMs, type Loyalty, type ValuePlan } from './value.ts'

interface AnswerRow extends Row {
  customer: string
  responseId: string
  contactId: string | null
  answeredAt: Date
  survey: string
  answers: Record<string, unknown>
  context: Context | null
}

/** The latest scored answer of each customer of a page, up to a time, with its features. */
export async function readLoyalty(
  tx: Tx,
  checked: CheckedProgram,
  plan: ValuePlan,
  names: readonly string[],
  page: Page,
  until: Date,
): Promise<Array<Loyalty & { features: Feature[] }>> {
  const values: unknown[] = [tx.workspaceId]
  const rows = await tx.query<AnswerRow>(latestAnswers(checked, plan, names, page, until, values), values)
  return rows.flatMap((row) => {
    const scored = scoredAnswer(checked.program, row.answers, row.survey)
    if (!scored) return []
    return [
      {
        customerId: row.customer,
        responseId: row.responseId,
        contactId: row.contactId,
        answeredAt: row.answeredAt.getTime(),
        band: scored.band,
        features: readFeatures(checked, names, row.answers, row.context ?? undefined, row.survey),
      },
    ]
  })
}

/** Answers of a page of which it is known by now whether the customer left: given by one who had not left then, long
 * enough ago. Left means that nothing was paid within the time after the answer. One a customer, the latest.
 */
export async function readJudged(
  tx: Tx,
  checked: CheckedProgram,
  plan: ValuePlan,
  names: readonly string[],
  page: Page,
  until: Date,
): Promise<Array<Judged & { answeredAt: number }>> {
  const values: unknown[] = [tx.workspaceId]
  const paid = paymentsSql(plan, page, until, values)
  const decided = new Date(until.getTime() - plan.withinDays * dayMs)
  const answers = latestAnswers(checked, plan, names, page, decided, values)
  values.push(plan.afterDays * 86_400, plan.withinDays * 86_400)
  const [after, within] = [values.length - 1, values.length].map(
    (at) => `make_interval(secs => $${at}::double precision)`,
  )
  const rows = await tx.query<AnswerRow & { kept: boolean }>(
    `with paid as materialized (select customer, at from (${paid}) as every where amount > 0),
     answered as materialized (${answers}),
     judged as (
       select a.customer, bool_or(p.at > a."answeredAt" and p.at <= a."answeredAt" + ${within}) as kept
       from answered a join paid p on p.customer = a.customer
       group by a.customer
       having bool_or(p.at <= a."answeredAt" and p.at > a."answeredAt" - ${after})
     )
     select a.*, j.kept from answered a join judged j on j.customer = a.customer`,
    values,
  )
  return rows.flatMap((row) => {
    const scored = scoredAnswer(checked.program, row.answers, row.survey)
    if (!scored) return []
    return [
      {
        features: readFeatures(checked, names, row.answers, row.context ?? undefined, row.survey),
        band: scored.band,
        left: !row.kept,
        answeredAt: row.answeredAt.getTime(),
      },
    ]
  })
}

function latestAnswers(
  checked: CheckedProgram,
  plan: ValuePlan,
  names: readonly string[],
  page: Page,
  until: Date,
  values: unknown[],
): string {
  const column = plan.kind === 'contact' ? 'r.contact_id' : 'r.account_id'
  const mine = inPage(column, page, values)
  const scored = hasScore(checked.program, 'r', values)
  values.push(until)
  return `select distinct on (${column}) ${column} as customer, r.response_id as "responseId",
      r.contact_id as "contactId", r.answered_at as "answeredAt", r.survey, r.answers,
      ${needsContext(names) ? 'r.context' : 'null::jsonb as context'}
    from responses r
    where r.workspace_id = $1 and ${mine} and r.state = 'completed' and r.answered_at <= $${values.length}::timestamptz
      and ${scored}
    order by ${column}, r.answered_at desc, r.response_id`
}

/** Of the customers of a page: cases in which they were contacted, long enough ago, and how many paid again within the
 * time after the case was opened.
 */
export async function readFollowedUp(tx: Tx, plan: ValuePlan, page: Page, until: Date): Promise<FollowedUp> {
  const column = plan.kind === 'contact' ? 'c.contact_id' : 'c.account_id'
  const values: unknown[] = [tx.workspaceId]
  const paid = paymentsSql(plan, page, until, values)
  const mine = inPage(column, page, values)
  values.push(plan.withinDays * 86_400, until)
  const within = `make_interval(secs => $${values.length - 1}::double precision)`
  const [row] = await tx.query<{ contacted: number; retained: number }>(
    `with paid as materialized (select customer, at from (${paid}) as every where amount > 0)
     select count(*) as contacted, count(*) filter (where kept) as retained from (
       select c.case_id, bool_or(p.at > c.opened_at and p.at <= c.opened_at + ${within}) as kept
       from cases c left join paid p on p.customer = ${column}
       where c.workspace_id = $1 and ${mine} and c.opened_at <= $${values.length}::timestamptz - ${within}
         and (c.contacted_at is not null or c.outcome in ('solved', 'not solved'))
       group by c.case_id
     ) as followed`,
    values,
  )
  return row!
}
