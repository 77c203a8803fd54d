import { type UnitScope, visibleAnswer, visibleCase, withinUnit } from '../people/access.ts'
import type { Program } from '../program/schema.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { Doing } from './doing.ts'
import { addEvent } from './store.ts'

export interface Things {
  caseIds: readonly string[]
  responseIds: readonly string[]
}

const kinds = [
  { kind: 'case', table: 'cases', id: 'case_id', name: 'caseIds' },
  { kind: 'response', table: 'responses', id: 'response_id', name: 'responseIds' },
] as const

/** Ties cases and answers to an improvement, or unties them. Those of other units, and unknown ones, are left out.
 * @returns how many were tied or untied
 * @throws Refusal thing.unknown, access.denied
 */
export async function linkThings(
  tx: Tx,
  improvementId: string,
  things: Things,
  doing: Doing,
  remove = false,
): Promise<number> {
  const touched: Record<string, string[]> = {}
  for (const { kind, table, id, name } of kinds) {
    if (things[name].length === 0) continue
    const values: unknown[] = [improvementId, JSON.stringify(things[name])]
    const these = `select value::uuid from json_array_elements_text($2::json)`
    const rows = remove
      ? await tx.query<{ id: string }>(
          `delete from improvement_links where improvement_id = $1 and kind = '${kind}' and link_id in (${these})
           returning link_id as id`,
          values,
        )
      : await tx.query<{ id: string }>(
          `insert into improvement_links (workspace_id, improvement_id, kind, link_id, linked_at, linked_by)
           select t.workspace_id, $1, '${kind}', t.${id}, $3::timestamptz, $4 from ${table} t
           where t.${id} in (${these}) and ${withinUnit(doing.scope, 't.unit_key', padded(values, doing))}
           on conflict do nothing returning link_id as id`,
          values,
        )
    if (rows.length > 0) touched[name] = rows.map((row) => row.id)
  }
  const count = Object.values(touched).flat().length
  if (count > 0) await addEvent(tx, improvementId, remove ? 'unlinked' : 'linked', doing, touched)
  return count
}

function padded(values: unknown[], { clock, actor }: Doing): unknown[] {
  values.push(clock.now(), actor.id)
  return values
}

export interface LinkedCase extends Row {
  caseId: string
  state: string
  cause: string | null
  openedAt: Date
  contactName: string | null
}

export interface LinkedResponse extends Row {
  responseId: string
  answeredAt: Date
  survey: string
  comment: string | null
  contactName: string | null
}

/** What an improvement is tied to, latest first, at most 200 of each; only what the scope sees. */
export async function readLinks(
  tx: Tx,
  program: Program,
  improvementId: string,
  scope: UnitScope,
): Promise<{ cases: LinkedCase[]; responses: LinkedResponse[] }> {
  const ofCases: unknown[] = [improvementId]
  const seenCases = visibleCase(scope, 't', ofCases)
  const cases = await tx.query<LinkedCase>(
    `select t.case_id as "caseId", t.state, t.cause, t.opened_at as "openedAt", p.name as "contactName"
     from improvement_links l join cases t on t.case_id = l.link_id
     left join contacts p on p.contact_id = t.contact_id
     where l.improvement_id = $1 and l.kind = 'case' and ${seenCases} order by t.opened_at desc, t.case_id limit 200`,
    ofCases,
  )
  const values: unknown[] = [improvementId]
  const visible = visibleAnswer(scope, 't', program, values)
  const responses = await tx.query<LinkedResponse>(
    `select t.response_id as "responseId", t.answered_at as "answeredAt", t.survey, t.comment, p.name as "contactName"
     from improvement_links l join responses t on t.response_id = l.link_id
     left join contacts p on p.contact_id = t.contact_id
     where l.improvement_id = $1 and l.kind = 'response' and ${visible}
     order by t.answered_at desc, t.response_id limit 200`,
    values,
  )
  return { cases, responses }
}
