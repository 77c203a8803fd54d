import Type from 'typebox'
import { oneOf, Time } from '../base/wire.ts'
import { type CaseMailKind, caseKinds } from '../channels/queue.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Outdated, outdatedReasons } from './outdated.ts'

export const WithdrawnShape = Type.Object({
  at: Time,
  to: Type.String({ description: 'the name of whom it was for; their address when nobody is known by it' }),
  kind: oneOf(caseKinds),
  reason: oneOf(outdatedReasons),
})

interface Withdrawn extends Row {
  /** When it was to be sent. */
  at: Date
  to: string
  kind: CaseMailKind
  reason: Outdated
}

/** More of one case are not shown. */
const shownAtMost = 100

/** The latest mails about a case that were not sent, since they had become untrue while they waited; the earliest first. */
export async function readWithdrawn(tx: Tx, caseId: string): Promise<Withdrawn[]> {
  const latest = await tx.query<Withdrawn>(
    `select m.try_at as at, m.kind, m.error as reason, coalesce((select r.name from case_readers r
         where lower(r.email) = lower(m.recipient) order by r.person limit 1), m.recipient) as "to"
     from messages m
     where m.workspace_id = $1 and m.about_id = $2 and m.state = 'withdrawn' and m.kind = any($3::text[])
     order by m.try_at desc, m.message_id limit ${shownAtMost}`,
    [tx.workspaceId, caseId, [...caseKinds]],
  )
  return latest.reverse()
}
