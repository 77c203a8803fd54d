import { many } from '../storage/many.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { CaseEvent } from './standing.ts'

/** Somebody who is kept informed of a case besides its owner. */
export interface CasePerson extends Row {
  person: string
  name: string | null
  part: 'stakeholder' | 'watcher' | 'escalated'
  because: string | null
  since: Date
}

/** Who is kept informed after these events: those who watch, those it was escalated to. Who stops watching is no
 * stakeholder any more either; whom it was escalated to remains.
 */
export async function keepPeople(
  tx: Tx,
  events: ReadonlyArray<CaseEvent & { caseId: string }>,
): Promise<void> {
  const added = events.flatMap(({ caseId, kind, actor, at, detail }) => {
    const row = { case: caseId, at }
    if (kind === 'watched') return [{ ...row, person: actor, part: 'watcher' }]
    if (kind !== 'escalated') return []
    const people = (detail?.people ?? []) as Array<{ id: string }>
    return people.map(({ id }) => ({ ...row, person: id, part: 'escalated' }))
  })
  const gone = events.filter((event) => event.kind === 'unwatched')
  // One row for each: a statement that meets the same one twice is refused.
  const each = new Map<string, (typeof added)[number]>()
  for (const row of added) {
    const key = `${row.case} ${row.person}`
    if (each.get(key)?.part !== 'escalated') each.set(key, row)
  }
  if (each.size > 0) {
    const { from, values } = many([...each.values()], personColumns, 2)
    await tx.query(
      `insert into case_people (workspace_id, case_id, person, part, since)
       select $1::uuid, r."case", r.person, r.part, r.at from ${from}
       on conflict (workspace_id, case_id, person) do update set part = excluded.part
       where excluded.part = 'escalated'`,
      [tx.workspaceId, ...values],
    )
  }
  if (gone.length > 0)
    await tx.query(
      `delete from case_people p using json_to_recordset($2::json) as r("caseId" uuid, actor text)
       where p.workspace_id = $1 and p.case_id = r."caseId" and p.person = r.actor and p.part <> 'escalated'`,
      [tx.workspaceId, JSON.stringify(gone)],
    )
}

const personColumns = { case: 'uuid', person: 'text', part: 'text', at: 'timestamptz' } as const

/** Those who are kept informed of a case, the earliest first. Who is no employee has the name they acted by. */
export function casePeople(tx: Tx, caseId: string): Promise<CasePerson[]> {
  return tx.query<CasePerson>(
    `select p.person, coalesce(e.name,
         (select v.actor_name from case_events v
          where v.case_id = p.case_id and v.actor = p.person order by v.at desc limit 1),
         (select told->>'name' from case_events v, jsonb_array_elements(v.detail->'people') told
          where v.case_id = p.case_id and v.kind in ('opened', 'escalated') and told->>'id' = p.person limit 1)) as name,
       p.part, p.because, p.since from case_people p
     left join employees e on e.employee_key = p.person
     where p.case_id = $1 order by p.since, p.person`,
    [caseId],
  )
}
