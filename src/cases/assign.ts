import { Refusal } from '../base/errors.ts'
import { visibleCase } from '../people/access.ts'
import type { Assignee } from '../people/staff.ts'
import type { Row, Tx } from '../storage/postgres.ts'

interface Unseen extends Row {
  id: string
  employee: string | null
  unit: string | null
}

/** Of these cases those which somebody does not see, and so cannot be given; each with the reason in plain words. */
export async function unseenBy(
  tx: Tx,
  { sees, name }: Assignee,
  caseIds: readonly string[],
): Promise<Map<string, Refusal>> {
  const values: unknown[] = [[...caseIds]]
  const rows = await tx.query<Unseen>(
    `select c.case_id as id, c.employee_key as employee, coalesce(u.name, c.unit_key) as unit
     from cases c left join units u on u.unit_key = c.unit_key
     where c.case_id = any($1::uuid[]) and (${visibleCase(sees, 'c', values)}) is not true`,
    values,
  )
  return new Map(
    rows.map(({ id, employee, unit }) => {
      const isAbout = employee !== null && employee === sees.notAbout
      const why = isAbout
        ? `The case is about the work of ${name}; somebody else has to take it.`
        : `${name} sees no cases of ${unit ?? 'no unit'}; give it to somebody who does.`
      return [id, new Refusal('person.cannot', why)]
    }),
  )
}

/** @throws Refusal person.cannot when they do not see the case */
export async function requireSeenBy(tx: Tx, who: Assignee, caseId: string): Promise<void> {
  const unseen = await unseenBy(tx, who, [caseId])
  for (const refusal of unseen.values()) throw refusal
}
