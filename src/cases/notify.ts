import { type Clock, sinceOfWork, timeOfWork } from '../base/clock.ts'
import { type CaseMailKind, isOfDeadline, type NewMessage, queueMessages } from '../channels/queue.ts'
import { maySeeCase } from '../people/access.ts'
import { leadsOf, readLeads } from '../people/leads.ts'
import { mailColleagueAt } from '../people/quiet.ts'
import type { Program } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'

/** Who reads a mail, as far as their quiet hours go. */
export interface Reader {
  email: string
  unitKey: string | null
  language: string | null
}

interface Recipient extends Row, Reader {
  caseId: string
  person: string
  /** How often the case had been opened again. */
  reopened: number
  /** Not their case: somebody else has it. */
  informed: boolean
}

/** Queues a mail to the owner of each case, and one in other words to those who are kept informed; of a case that nobody
 * owns, to the managers of its unit, or of the nearest unit above it that has one. A closed case tells nobody. The same case again queues
 * nothing more, until it is opened again. Of a case that a trial makes wait nobody is told before: they would call.
 */
export async function notifyCases(
  parts: { database: Database; clock: Clock; announce: Announce; programs: Programs },
  workspaceId: string,
  caseIds: readonly string[],
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const recipients = await recipientsOf(tx, caseIds, 'everybody')
    if (recipients.length === 0) return
    const { program } = await parts.programs.activeIn(tx)
    const openedAt = await timesOfOpening(tx, parts.clock, caseIds)
    const held = await heldUntil(tx, caseIds, sinceOfWork(parts.clock))
    const messages = recipients.map((reader) => {
      const kind = reader.informed ? 'caseInformed' : 'case'
      const occasion = reader.reopened ? `reopened ${reader.reopened}` : undefined
      const queuedAt = openedAt(reader.caseId)
      const sendAt = mailAt(program, kind, reader, held.get(reader.caseId) ?? queuedAt)
      return { ...caseMail(kind, reader.caseId, reader.email, occasion), queuedAt, sendAt }
    })
    await queueMessages(tx, parts, messages)
  })
}

/** When each was opened, or opened again; now, but by a clock that jumps. */
async function timesOfOpening(
  tx: Tx,
  clock: Clock,
  caseIds: readonly string[],
): Promise<(caseId: string) => Date> {
  const now = clock.now()
  if (!clock.at) return () => now
  const rows = await tx.query<{ id: string; at: Date }>(
    `select case_id as id, max(at) as at from case_events
     where case_id = any($1::uuid[]) and kind in ('opened', 'reopened') group by case_id`,
    [[...caseIds]],
  )
  const known = new Map(rows.map(({ id, at }) => [id, timeOfWork(clock, at)]))
  return (caseId) => known.get(caseId) ?? now
}

/** Of these cases those that a trial makes wait, with until when. */
export async function heldUntil(tx: Tx, caseIds: readonly string[], now: Date): Promise<Map<string, Date>> {
  const rows = await tx.query<{ id: string; until: Date }>(
    `select case_id as id, hold_until as until from cases
     where hold_until > $2 and reopened = 0 and case_id = any($1::uuid[])`,
    [[...caseIds], now],
  )
  return new Map(rows.map(({ id, until }) => [id, until]))
}

/** @param occasion tells mails of one kind about one case to one person apart */
export const caseMail = (
  kind: CaseMailKind,
  caseId: string,
  recipient: string,
  occasion?: string,
): NewMessage => ({ kind, aboutId: caseId, recipient, ...(occasion === undefined ? {} : { occasion }) })

/** When a mail about a case goes out: at the end of its reader's quiet hours. Reminders and escalations may be let through. */
export function mailAt(program: Program, kind: CaseMailKind, reader: Reader, at: Date): Date {
  const { letThrough } = program.notify?.quietHours ?? {}
  if (isOfDeadline(kind) && letThrough?.includes('caseDeadlines')) return at
  return mailColleagueAt(program, reader, at)
}

/** Who is told of cases that are not closed, each once: the owner, else the managers, but never the one it is about; of
 * `everybody` the stakeholders too, as those who are kept informed unless there is nobody else. An owner whom no mail
 * reaches, such as a system with a key, or who has left, is none.
 * @param which `all`: of closed ones too, whose owner may have moved to where they are not seen and is none then
 */
export async function recipientsOf(
  tx: Tx,
  caseIds: readonly string[],
  whom: 'owner' | 'everybody',
  which: 'open' | 'all' = 'open',
): Promise<Recipient[]> {
  if (caseIds.length === 0) return []
  const owns = which === 'all' ? maySeeCase('t.owner', 't') : 'true'
  const told = await tx.query<Recipient>(
    `with told as (
       select case_id, unit_key, owner, employee_key, reopened from cases
       where (state <> 'closed' or $3 = 'all') and case_id = any($1::uuid[])
     )
     select t.case_id as "caseId", e.person, e.email, t.reopened, e.unit_key as "unitKey", e.language, false as informed
     from told t join case_readers e on e.person = t.owner and e.email is not null and ${owns}
     union
     select t.case_id, m.employee_key, m.email, t.reopened, m.unit_key, m.language, false
     from told t
     join units u on u.unit_key = t.unit_key
     join lateral (
       select e.employee_key, e.email, e.unit_key, e.language, dense_rank() over (order by array_position(u.path, e.unit_key) desc) as distance
       from employees e
       where e.role = 'manager' and e.active and e.email is not null and e.unit_key = any(u.path)
         and e.employee_key is distinct from t.employee_key
     ) m on m.distance = 1
     where not exists (select from case_readers r where r.person = t.owner and r.email is not null and ${owns})
     union
     select t.case_id, e.person, e.email, t.reopened, e.unit_key, e.language, true
     from told t
     join case_people p on p.case_id = t.case_id and p.part = 'stakeholder' and ${maySeeCase('p.person', 't')}
     join case_readers e on e.person = p.person and e.email is not null
     where $2 = 'everybody'
     order by 1, 2, 7`,
    [caseIds, whom, which],
  )
  const owned = new Set(told.flatMap(({ caseId, informed }) => (informed ? [] : [caseId])))
  return told
    .filter((each, place) => {
      const before = told[place - 1]
      return before?.caseId !== each.caseId || before.person !== each.person
    })
    .map((each) => ({ ...each, informed: each.informed && owned.has(each.caseId) }))
}

/** As recipientsOf; of cases that have none of all these, nor a stakeholder, those who lead the customer experience, else
 * administer the workspace. They are told what a customer writes, and what nobody has any more; not of every new case.
 */
export async function recipientsOrLeads(
  tx: Tx,
  caseIds: readonly string[],
  whom: 'owner' | 'everybody',
  which: 'open' | 'all' = 'open',
): Promise<Recipient[]> {
  const people = await recipientsOf(tx, caseIds, whom, which)
  const known = new Set(people.map(({ caseId }) => caseId))
  const unknown = caseIds.filter((id) => !known.has(id))
  return unknown.length > 0 ? [...people, ...(await leadsInstead(tx, unknown, which))] : people
}

/** Those who lead, of cases that neither owner nor manager nor stakeholder can be told of. */
async function leadsInstead(tx: Tx, caseIds: readonly string[], which: 'open' | 'all'): Promise<Recipient[]> {
  const cases = await tx.query<{
    caseId: string
    reopened: number
    employeeKey: string | null
    path: string[] | null
  }>(
    `select c.case_id as "caseId", c.reopened, c.employee_key as "employeeKey", u.path
     from cases c left join units u on u.unit_key = c.unit_key
     where (c.state <> 'closed' or $2 = 'all') and c.case_id = any($1::uuid[])
       and not exists (select from case_people p join case_readers e on e.person = p.person and e.email is not null
         where p.case_id = c.case_id and p.part = 'stakeholder' and ${maySeeCase('p.person', 'c')})`,
    [caseIds, which],
  )
  if (cases.length === 0) return []
  const leads = await readLeads(tx)
  return cases.flatMap(({ caseId, reopened, employeeKey, path }) =>
    leadsOf(leads, { employeeKey, path: path ?? [] }).flatMap(({ key: person, email, unitKey, language }) =>
      email === null ? [] : [{ caseId, person, email, reopened, unitKey, language, informed: false }],
    ),
  )
}
