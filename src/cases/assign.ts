import { Refusal } from '../base/errors.ts'
import type { Assignee } from '../people/staff.ts'
import type { Tx } from '../storage/postgres.ts'

/** Of these cases those which somebody narrowed to a unit does not see, and so cannot be given. */
export async function unseenBy(
  tx: Tx,
  { seesUnit }: Assignee,
  caseIds: readonly string[],
): Promise<Set<string>> {
  if (seesUnit === undefined) return new Set()
  const rows = await tx.query<{ id: string }>(
    `select c.case_id as id from cases c where c.case_id = any($1::uuid[])
       and not exists (
         select 1 from units u where u.unit_key = c.unit_key and u.path @> array[$2::text])`,
    [[...caseIds], seesUnit],
  )
  return new Set(rows.map(({ id }) => id))
}

/** @throws Refusal person.unknown when they do not see the case */
export async function requireSeenBy(tx: Tx, who: Assignee, caseId: string): Promise<void> {
  const unseen = await unseenBy(tx, who, [caseId])
  if (unseen.size > 0) throw new Refusal('person.unknown', `${who.name} does not see the unit of the case.`)
}
