import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Judged } from './churn.ts'
import { type Feature, needsContext, readFeatures } from './features.ts'
import { hasScore, scoredAnswer } from './loyalty.ts'
import { inPage, type Page, type PaidPage } from './payments.ts'
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
 * @param times when each customer of the page paid
 */
export async function readJudged(
  tx: Tx,
  checked: CheckedProgram,
  plan: ValuePlan,
  names: readonly string[],
  page: Page,
  until: Date,
  times: PaidPage['times'],
): Promise<Array<Judged & { answeredAt: number }>> {
  const decided = new Date(until.getTime() - plan.withinDays * dayMs)
  const answers = await readLoyalty(tx, checked, plan, names, page, decided)
  return answers.flatMap(({ customerId, answeredAt, band, features }) => {
    const paid = times.get(customerId) ?? []
    const stayed = paidWithin(paid, answeredAt - plan.afterDays * dayMs, answeredAt)
    if (!stayed) return []
    return [
      {
        features,
        band,
        answeredAt,
        left: !paidWithin(paid, answeredAt, answeredAt + plan.withinDays * dayMs),
      },
    ]
  })
}

/** Whether something was paid after the first time, and not after the second. */
const paidWithin = (times: readonly number[], after: number, until: number) =>
  times.some((time) => time > after && time <= until)

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
 * @param times when each customer of the page paid
 */
export async function readFollowedUp(
  tx: Tx,
  plan: ValuePlan,
  page: Page,
  until: Date,
  times: PaidPage['times'],
): Promise<FollowedUp> {
  const column = plan.kind === 'contact' ? 'c.contact_id' : 'c.account_id'
  const within = plan.withinDays * dayMs
  const values: unknown[] = [tx.workspaceId, new Date(until.getTime() - within)]
  const cases = await tx.query<{ customer: string; openedAt: Date }>(
    `select ${column} as customer, c.opened_at as "openedAt" from cases c
     where c.workspace_id = $1 and c.opened_at <= $2 and ${inPage(column, page, values)}
       and (c.contacted_at is not null or c.outcome in ('solved', 'not solved'))`,
    values,
  )
  const retained = cases.filter(({ customer, openedAt }) =>
    paidWithin(times.get(customer) ?? [], openedAt.getTime(), openedAt.getTime() + within),
  )
  return { contacted: cases.length, retained: retained.length }
}
