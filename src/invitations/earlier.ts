import { subtractDuration } from '../base/clock.ts'
import type { Tx } from '../storage/postgres.ts'
import type { EarlierInvitation } from './decision.ts'

/** No quarantine reaches back further. */
const horizon = 'P2Y'

/** What these people were sent before, and every invitation about these transactions.
 * @returns contact id -> invitations sent
 */
export async function earlierInvitations(
  tx: Tx,
  contactIds: readonly string[],
  now: Date,
): Promise<Map<string, EarlierInvitation[]>> {
  const rows = await tx.query<{
    contact_id: string
    survey: string
    transaction_id: string | null
    sent_at: Date
  }>(
    `select contact_id, survey, transaction_id, sent_at from invitations
     where workspace_id = $1 and contact_id = any($2::uuid[]) and state in ('sent', 'uncertain') and sent_at > $3`,
    [tx.workspaceId, [...new Set(contactIds)], subtractDuration(now, horizon)],
  )
  const earlier = new Map<string, EarlierInvitation[]>()
  for (const row of rows) {
    const invitation = {
      survey: row.survey,
      transactionId: row.transaction_id ?? undefined,
      sentAt: row.sent_at,
    }
    earlier.set(row.contact_id, [...(earlier.get(row.contact_id) ?? []), invitation])
  }
  return earlier
}
