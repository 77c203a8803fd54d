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

/** Who is kept informed of each of these cases; those of whom nobody is are left out. */
export async function readInformed(tx: Tx, caseIds: readonly string[]): Promise<Map<string, string[]>> {
  if (caseIds.length === 0) return new Map()
  // Each by its key, however many there are: a plan that is made while the table grows would read it whole.
  const rows = await tx.query<{ id: string; people: string[] }>(
    `select k.id, array_agg(p.person) as people
     from unnest($1::uuid[]) as k(id), lateral (
       select person from case_people where workspace_id = $2 and case_id = k.id offset 0
     ) p group by 1`,
    [caseIds, tx.workspaceId],
  )
  return new Map(rows.map(({ id, people }) => [id, people]))
}

/** Who is kept informed after these events: those who watch, those it was escalated to. Who stops watching is no
 * stakeholder any more either; whom it was escalated to remains. The cases have been locked: nobody else adds to them.
 * @param informed who was before, of each case that somebody now watches or that was escalated
 */
export async function keepPeople(
  tx: Tx,
  events: ReadonlyArray<CaseEvent & { caseId: string }>,
  informed: ReadonlyMap<string, readonly string[]>,
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
  const isThere = ({ case: id, person }: (typeof added)[number]) =>
    informed.get(id)?.includes(person as string) ?? false
  const come = [...each.values()].filter((row) => !isThere(row))
  if (come.length > 0) {
    // Without asking of each row whether it is there, which takes the store as long as writing it.
    const { from, values } = many(come, personColumns, 2)
    await tx.query(
      `insert into case_people (workspace_id, case_id, person, part, since)
       select $1::uuid, r."case", r.person, r.part, r.at from ${from}`,
      [tx.workspaceId, ...values],
    )
  }
  const raised = [...each.values()].filter((row) => row.part === 'escalated' && isThere(row))
  if (raised.length > 0)
    await tx.query(
      `update case_people p set part = 'escalated' from json_to_recordset($2::json) as r("case" uuid, person text)
       where p.workspace_id = $1 and p.case_id = r."case" and p.person = r.person`,
      [tx.workspaceId, JSON.stringify(raised)],
    )
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
