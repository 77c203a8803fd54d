import type { Clock } from '../base/clock.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'
import { applyProduct } from './store.ts'

interface Received extends Row {
  mailId: string
  caseId: string
  subject: string
  at: Date
}

/** Notes on their cases what customers wrote back; the owner and those who watch are told. A case that is closed stays so,
 * since most write to say thank you, and stands as news until somebody has read it. What no person wrote, such as an
 * absence note, stands among the mails and changes nothing. The same mail again is not noted again.
 */
export async function takeReplies(
  parts: { database: Database; clock: Clock; announce: Announce },
  workspaceId: string,
  mailIds: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const received = await tx.query<Received>(
      `select m.mail_id as "mailId", m.case_id as "caseId", m.subject, m.at
       from case_mails m
       where m.mail_id = any($1::uuid[]) and m.direction = 'in'
         and not m.automatic and (m.aside is null or m.settled = 'accepted')
         and not exists (select from case_events e where e.case_id = m.case_id and e.kind = 'replied'
           and e.detail->>'mailId' = m.mail_id::text)
       order by m.at, m.mail_id`,
      [mailIds],
    )
    await applyProduct(
      tx,
      parts,
      received.map(({ mailId, caseId, subject, at }) => ({
        caseId,
        at,
        action: { kind: 'replied', mailId, note: subject },
      })),
    )
  })
}
