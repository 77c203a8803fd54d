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

/** Answers of a page of which it is known by now whether the customer left within the time; one a customer, the latest,
 * given while they had not left.
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
  const answers = await readLoyalty(tx, checked, plan, names, page, decidedBy(plan, until))
  return answers.flatMap(({ customerId, answeredAt, band, features }) => {
    const left = leftWithin(times.get(customerId) ?? [], answeredAt, plan)
    return left === undefined ? [] : [{ features, band, answeredAt, left }]
  })
}

/** Of what happened up to this time it is known whether the customer left within the time after it. */
const decidedBy = ({ withinDays, periodDays, afterDays }: ValuePlan, until: Date): Date =>
  new Date(until.getTime() - Math.max(0, withinDays - periodDays + afterDays) * dayMs)

/** Whether a customer left within the time after `at`. Who pays nothing for `churn.after` has left, at the renewal that
 * they did not pay: one period after their last payment.
 * @param times when they paid, the earliest first, milliseconds since 1970
 * @returns undefined for one who was no customer at that time
 */
export function leftWithin(times: readonly number[], at: number, plan: ValuePlan): boolean | undefined {
  const after = plan.afterDays * dayMs
  const last = at + (plan.withinDays - plan.periodDays) * dayMs
  let place = times.findLastIndex((time) => time <= at)
  if (place < 0 || at - times[place]! > after) return undefined
  for (; place < times.length && times[place]! <= last; place++) {
    const next = times[place + 1]
    if (next === undefined || next - times[place]! > after) return true
  }
  return false
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

/** Of the customers of a page: cases in which they were contacted, long enough ago, and how many of them had not left
 * within the time after the case was opened.
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
  const values: unknown[] = [tx.workspaceId, decidedBy(plan, until)]
  const cases = await tx.query<{ customer: string; openedAt: Date }>(
    `select ${column} as customer, c.opened_at as "openedAt" from cases c
     where c.workspace_id = $1 and c.opened_at <= $2 and ${inPage(column, page, values)}
       and (coalesce(c.first_contacted_at, c.contacted_at) is not null or c.outcome in ('solved', 'not solved'))`,
    values,
  )
  const left = cases
    .map(({ customer, openedAt }) => leftWithin(times.get(customer) ?? [], openedAt.getTime(), plan))
    .filter((each) => each !== undefined)
  return { contacted: left.length, retained: left.filter((each) => !each).length }
}
