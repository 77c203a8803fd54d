import { Refusal } from '../base/errors.ts'
import { awayUntil } from '../people/absences.ts'
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

/** What hinders nothing, and whoever does it should know. */
export interface CaseWarning {
  code: 'person.away'
  message: string
  name: string
  until: Date
}

/** Tells of whom a case is given to by hand that they are away: nobody looks after it until then, unless its deadline
 * passes and it is handed up. It is allowed, since whoever gives it may know better.
 * @param me who gives it; one's own absence one knows
 */
export async function warnedOf(
  tx: Tx,
  { id, name }: Pick<Assignee, 'id' | 'name'>,
  { me, at }: { me: string; at: Date },
): Promise<CaseWarning[]> {
  const until = id === me ? null : await awayUntil(tx, id, at)
  if (until === null) return []
  const message = `${name} is away until ${until.toISOString()}.`
  return [{ code: 'person.away', message, name, until }]
}
