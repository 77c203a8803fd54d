// For: what is no longer true of news by the time it is told.
// In: what waits to be told. Out: what is left of it; and of what would have been a mail for each case, why not the rest.
import { maySeeCase } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { WaitingNews } from './newsDue.ts'
import { floodChanges, fromCustomer } from './newsNote.ts'
import { hasWaited, type Outdated } from './outdated.ts'

/** A case that is left out of a flood. */
export interface LeftOut {
  news: WaitingNews
  caseId: string
  why: Outdated
}

export interface StillTrue {
  told: WaitingNews[]
  leftOut: LeftOut[]
}

/** What has waited, less the cases that their reader sees no more; of what has come from a customer less those in which
 * the reader has read it since; of what was moved away less those that have come back; of what came in a flood less those
 * whose customer has been reached, of what is the reader's to answer less those that have another owner, of what is handed
 * up to the reader less those that are theirs by now, and of reminders less those that are too late.
 */
export async function stillTrue(tx: Tx, news: readonly WaitingNews[], now: Date): Promise<StillTrue> {
  const waited = new Set(news.filter(({ at }) => hasWaited(at, now)))
  if (waited.size === 0) return { told: [...news], leftOut: [] }
  const rows = await tx.query<Row & { id: number; case: string; why: Outdated }>(
    `select a.id, c.case_id as case, w.why
     from json_to_recordset($2::json) as a(id bigint, person text, change text, at timestamptz, cases uuid[]),
       unnest(a.cases) as k(id), lateral (
       select case_id, unit_key, employee_key, owner, state, contacted_at, contact_due_at from cases
       where workspace_id = $1 and case_id = k.id limit 1
     ) c, lateral (select case
       when a.change = 'movedFrom' then case when c.owner = a.person then 'repeated' end
       when not ${maySeeCase('a.person', 'c')} then 'notTheirs'
       when a.change = any($5::text[]) then case
         when c.state = 'closed' then 'closed'
         when a.change <> 'informed' and c.contacted_at is not null then 'contacted'
         when a.change = 'handedUp' and c.owner = a.person then 'repeated'
         when a.change in ('opened', 'dueSoon') and c.owner is distinct from a.person
           and exists (select from case_readers r where r.person = c.owner and r.email is not null) then 'notTheirs'
         when a.change = 'dueSoon' and c.contact_due_at <= $4 then 'late' end
       when a.change = any($3::text[]) and ${hasRead('a', 'c')} then 'repeated' end as why) w
     where w.why is not null`,
    [
      tx.workspaceId,
      JSON.stringify([...waited].map(({ caseIds: cases, ...each }) => ({ ...each, cases }))),
      [...fromCustomer],
      now,
      floodChanges,
    ],
  )
  const untrue = new Map(rows.map(({ id, case: caseId, why }) => [`${id} ${caseId}`, why]))
  const whyNot = (each: WaitingNews, caseId: string) =>
    waited.has(each) ? untrue.get(`${each.id} ${caseId}`) : undefined
  const told = news.flatMap((each) => {
    const caseIds = each.caseIds.filter((id) => whyNot(each, id) === undefined)
    return caseIds.length > 0
      ? [{ ...each, caseIds, cases: each.cases - each.caseIds.length + caseIds.length }]
      : []
  })
  const leftOut = news.flatMap((each) =>
    each.caseIds.flatMap((caseId) => {
      const why = whyNot(each, caseId)
      return why === undefined ? [] : [{ news: each, caseId, why }]
    }),
  )
  return { told, leftOut }
}

/** SQL that is true where the reader of a piece of news has seen the case after it had come. */
const hasRead = (news: string, cases: string) => `exists (select from case_events v
  where v.case_id = ${cases}.case_id and v.actor = ${news}.person and v.detail->>'read' = 'true' and v.at >= ${news}.at
    and v.revision > (select min(n.revision) from case_events n
      where n.case_id = ${cases}.case_id and n.kind = ${news}.change and n.at >= ${news}.at))`
