import type { Context } from '../program/context.ts'
import type { Row } from '../storage/postgres.ts'
import { type ChurnModel, churnTerm } from './churn.ts'
import { readFeatures } from './features.ts'
import { hasScore, scoredAnswer } from './loyalty.ts'
import type { ValueParts } from './refresh.ts'
import { readModel, readValues } from './store.ts'

interface Answered extends Row {
  responseId: string
  contactId: string | null
  accountId: string | null
  answeredAt: Date
  survey: string
  answers: Record<string, unknown>
  context: Context
}

/** Notes what new answers say of loyalty, and the chance to leave by them, so that the matrix shows them before the next
 * night. An answer that is older than the one noted changes nothing; doing it again changes nothing.
 */
export async function noteLoyalty(
  parts: Pick<ValueParts, 'database' | 'programs'>,
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  if (!checked.program.value) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const inForce = await readModel(tx)
    if (!inForce) return
    const values: unknown[] = [tx.workspaceId, responseIds]
    const answered = await tx.query<Answered>(
      `select response_id as "responseId", contact_id as "contactId", account_id as "accountId",
         answered_at as "answeredAt", survey, answers, context
       from responses r
       where workspace_id = $1 and response_id = any($2::uuid[])
         and state = 'completed' and ${hasScore(checked.program, 'r', values)}
       order by answered_at, response_id desc`,
      values,
    )
    const model = inForce.model.churn.model as ChurnModel | { value: null; reason: 'too few' }
    const customers = await readValues(tx, answered)
    // Of several of one customer the latest stands, since they come in the order of their time.
    const latest = new Map<string, object>()
    for (const [at, answer] of answered.entries()) {
      const customer = customers[at]
      const scored = scoredAnswer(checked.program, answer.answers, answer.survey)
      if (!customer || !scored) continue
      const features = readFeatures(
        checked,
        'features' in model ? model.features : [],
        answer.answers,
        answer.context,
        answer.survey,
      )
      const chance =
        customer.left_at === null
          ? churnTerm(model, checked.program.value?.priors, features, scored.band)
          : undefined
      latest.set(customer.customer_id, {
        customer_id: customer.customer_id,
        band: scored.band,
        response_id: answer.responseId,
        contact_id: answer.contactId,
        answered_at: answer.answeredAt,
        churn: chance?.value ?? null,
      })
    }
    if (latest.size === 0) return
    await tx.query(
      `update customer_values v
       set band = n.band, response_id = n.response_id, contact_id = n.contact_id, answered_at = n.answered_at,
         churn = n.churn, at_risk = n.churn * v.rlv
       from json_to_recordset($2::json) as n(customer_id uuid, band text, response_id uuid, contact_id uuid,
         answered_at timestamptz, churn double precision)
       where v.workspace_id = $1 and v.customer_id = n.customer_id
         and (v.answered_at is null or v.answered_at <= n.answered_at)`,
      [tx.workspaceId, JSON.stringify([...latest.values()])],
    )
  })
}
