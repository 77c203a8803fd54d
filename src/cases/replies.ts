import type { Clock } from '../base/clock.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'
import type { ProductAction } from './case.ts'
import { newDeadline } from './deadline.ts'
import { applyProduct } from './store.ts'

interface Received extends Row {
  mailId: string
  caseId: string
  subject: string
  at: Date
  closed: boolean
  rule: string
  unitKey: string | null
}

/** Notes on their cases what customers wrote back. Whoever writes about a closed case is not left there: it is opened
 * again. What no person wrote, such as an absence note, stands among the mails and changes nothing. The same mail again
 * is not noted again.
 */
export async function takeReplies(
  parts: { database: Database; clock: Clock; programs: Programs; announce: Announce },
  workspaceId: string,
  mailIds: readonly string[],
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const received = await tx.query<Received>(
      `select m.mail_id as "mailId", m.case_id as "caseId", m.subject, m.at, c.state = 'closed' as closed, c.rule,
         c.unit_key as "unitKey"
       from case_mails m join cases c on c.case_id = m.case_id
       where m.mail_id in (select value::uuid from json_array_elements_text($1::json)) and m.direction = 'in'
         and not m.automatic and (m.aside is null or m.settled = 'accepted')
         and not exists (select from case_events e where e.case_id = m.case_id and e.kind = 'replied'
           and e.detail->>'mailId' = m.mail_id::text)
       order by m.at, m.mail_id`,
      [JSON.stringify(mailIds)],
    )
    const reopened = new Set<string>()
    const changes = received.flatMap(({ mailId, caseId, subject, at, closed, ...about }) => {
      const replied: ProductAction = { kind: 'replied', mailId, note: subject }
      const written: Array<{ caseId: string; action: ProductAction; at: Date }> = [
        { caseId, at, action: replied },
      ]
      if (!closed || reopened.has(caseId)) return written
      reopened.add(caseId)
      const deadline = newDeadline(checked, about, at)
      return [...written, { caseId, at, action: { kind: 'reopened' as const, note: subject, ...deadline } }]
    })
    await applyProduct(tx, parts, changes)
  })
}
