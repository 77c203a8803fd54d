import { Refusal } from '../base/errors.ts'
import { visibleCase } from '../people/access.ts'
import type { Assignee } from '../people/staff.ts'
import type { Tx } from '../storage/postgres.ts'

/** Of these cases those which somebody does not see, and so cannot be given. */
export async function unseenBy(tx: Tx, { sees }: Assignee, caseIds: readonly string[]): Promise<Set<string>> {
  const values: unknown[] = [[...caseIds]]
  const rows = await tx.query<{ id: string }>(
    `select c.case_id as id from cases c
     where c.case_id = any($1::uuid[]) and (${visibleCase(sees, 'c', values)}) is not true`,
    values,
  )
  return new Set(rows.map(({ id }) => id))
}

/** @throws Refusal person.unknown when they do not see the case */
export async function requireSeenBy(tx: Tx, who: Assignee, caseId: string): Promise<void> {
  const unseen = await unseenBy(tx, who, [caseId])
  if (unseen.size > 0)
    throw new Refusal(
      'person.unknown',
      `${who.name} does not see the case: it is of another unit, or about their own work.`,
    )
}
