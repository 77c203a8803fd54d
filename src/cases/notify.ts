import type { Clock } from '../base/clock.ts'
import { type NewMessage, queueMessages } from '../channels/queue.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'

interface Recipient extends Row {
  caseId: string
  email: string
}

/** Queues a mail to the managers of each case's unit, or of the nearest unit above it that has one.
 * A case of no unit, and a closed one, tells nobody. The same case again queues nothing more.
 */
export async function notifyCases(
  parts: { database: Database; clock: Clock; announce: Announce },
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const recipients = await tx.query<Recipient>(
      `select c.case_id as "caseId", m.email
       from cases c
       join units u on u.unit_key = c.unit_key
       join lateral (
         select e.email, dense_rank() over (order by array_position(u.path, e.unit_key) desc) as distance
         from employees e
         where e.role = 'manager' and e.email is not null and e.unit_key = any(u.path)
       ) m on m.distance = 1
       where c.state <> 'closed' and c.case_id in (select id::uuid from json_array_elements_text($1::json) as id)
       order by c.case_id, m.email`,
      [JSON.stringify(caseIds)],
    )
    const messages = recipients.map(
      ({ caseId, email }): NewMessage => ({ kind: 'case', aboutId: caseId, recipient: email }),
    )
    await queueMessages(tx, parts, messages)
  })
}
