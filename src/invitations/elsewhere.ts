import type { Tx } from '../storage/postgres.ts'
import type { WithheldReason } from './decision.ts'

/** Why somebody is not asked who has answered about the same visit already, but not by a link of ours. */
export const handedInElsewhere = 'answeredElsewhere' satisfies WithheldReason

interface Asked {
  survey: string
  contactId: string | undefined
  transactionId: string | undefined
}

/** Tells of whom an answer about the same transaction, with the same survey, was handed in from elsewhere. */
export async function answersFromElsewhere(
  tx: Tx,
  asked: readonly Asked[],
): Promise<(each: Asked) => boolean> {
  const ids = new Set(asked.flatMap(({ transactionId }) => transactionId ?? []))
  if (ids.size === 0) return () => false
  const rows = await tx.query<{ survey: string; transaction: string; contact: string | null }>(
    `select survey, transaction_id as transaction, contact_id as contact from responses
     where workspace_id = $1 and transaction_id = any($2::uuid[]) and invitation_id is null`,
    [tx.workspaceId, [...ids]],
  )
  return ({ survey, contactId, transactionId }) =>
    rows.some(
      (row) =>
        row.transaction === transactionId &&
        row.survey === survey &&
        (row.contact === null || row.contact === contactId),
    )
}

/** Whoever sends invitations waits for answers that are being handed in, so as to see them; those wait for whoever is
 * sending, so as to find the links that went out. Answers do not wait for one another. */
export const waitForSending = (tx: Tx): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 3))', [tx.workspaceId])
export const waitForHandingIn = (tx: Tx): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [tx.workspaceId])
