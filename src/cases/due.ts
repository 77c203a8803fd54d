// For: which cases are due, and what their policy foresees for them.
// In: the times that stand in the table of deadlines. Out: each case with the steps of its rule, in the order of time.
import type { CheckedProgram } from '../program/checked.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Calendar, calendarOf, escalationsOf, remindersOf } from './calendar.ts'

/** So many are judged before the next that are due are looked for. */
export const roundSize = 100_000

/** What cases have in common. */
interface Alike {
  rule: string
  version: string
  unitKey: string | null
  employeeKey: string | null
  owner: string | null
  /** Whether anybody besides the owner is kept informed of it. */
  isWatched: boolean
}

export interface Due extends Alike {
  caseId: string
  contactDueAt: Date
  nextCheckAt: Date
  reopened: number
  firstContactedAt: Date | null
  revision: number
  /** When it is to be looked at again. */
  next?: Date | null
}

/** A case as it was read; `each` is its id, its numbers and its times, taken apart when it is its turn. */
export interface Waiting {
  same: Alike
  each: string
}

/** Cases whose time has come, not all of them where there are very many; in the order of their ids, so that those that
 * are judged together lie together in the store's indexes. They come together by what they have in common, and of each its
 * times and numbers alone: of a thousand rows PGlite spends twice as long on handing them over as on reading them.
 * @param only of these; left out: of all
 */
export async function readWaiting(tx: Tx, now: Date, only?: readonly string[]): Promise<Waiting[]> {
  const [one, values] = only ? ['and case_id = any($2::uuid[])', [now, only]] : ['', [now]]
  const [few] = await tx.query<{ n: number }>(
    `select count(*) as n from (select from case_deadlines where next_check_at <= $1 ${one} limit ${fewAreDue + 1}) d`,
    values,
  )
  // A few are looked up one by one; of very many the table is read at once, from front to back.
  const cases =
    few!.n > fewAreDue
      ? 'join cases c on c.case_id = d.case_id'
      : 'cross join lateral (select * from cases c where c.case_id = d.case_id limit 1) c'
  const alike = await tx.query<Row & Alike & { all: string }>(
    `select c.rule, c.version, c.unit_key as "unitKey", c.employee_key as "employeeKey", c.owner,
       exists (select from case_people p where p.case_id = d.case_id) as "isWatched",
       string_agg(concat_ws(' ', d.case_id, c.reopened, d.revision, date_part('epoch', c.contact_due_at),
         date_part('epoch', d.next_check_at), date_part('epoch', c.first_contacted_at)), ',') as all
     from (
       select case_id, next_check_at, revision from case_deadlines where next_check_at <= $1 ${one} limit ${roundSize}
     ) d ${cases}
     group by 1, 2, 3, 4, 5, 6`,
    values,
  )
  return alike
    .flatMap(({ all, ...same }) => all.split(',').map((each): Waiting => ({ same, each })))
    .sort((a, b) => (a.each < b.each ? -1 : 1))
}

const fewAreDue = 5000

/** Of these cases those that nobody else is judging at this moment, nor has changed since they were read. */
export async function takeDue(tx: Tx, now: Date, waiting: readonly Waiting[]): Promise<Due[]> {
  if (waiting.length === 0) return []
  const due = waiting.map(({ same, each }): Due => ({ ...same, ...timesOf(each) }))
  const take = (what: string) =>
    tx.query<{ taken: string | null }>(
      `select ${what} as taken from (
         select case_id, revision from case_deadlines
         where next_check_at <= $1 and case_id = any($2::uuid[]) for update skip locked
       ) d`,
      [now, `{${due.map(({ caseId }) => caseId).join(',')}}`],
    )
  // A revision only grows: where all are there and their sum is the same, each is.
  const [all] = await take(`concat_ws(' ', count(*), sum(revision))`)
  if (all?.taken === `${due.length} ${due.reduce((sum, { revision }) => sum + revision, 0)}`) return due
  const [some] = await take(`string_agg(concat_ws(' ', case_id, revision), ',')`)
  const taken = new Set(some?.taken?.split(','))
  return due.filter(({ caseId, revision }) => taken.has(`${caseId} ${revision}`))
}

/** @param each the last is left out of a case whose customer has not been reached */
function timesOf(each: string): Omit<Due, keyof Alike> {
  const [caseId, reopened, revision, contactDue, nextCheck, firstContacted] = each.split(' ')
  return {
    caseId: caseId!,
    reopened: Number(reopened),
    revision: Number(revision),
    contactDueAt: fromSeconds(contactDue!),
    nextCheckAt: fromSeconds(nextCheck!),
    firstContactedAt: firstContacted === undefined ? null : fromSeconds(firstContacted),
  }
}

const fromSeconds = (seconds: string) => new Date(Math.round(Number(seconds) * 1000))

/** Something a case's policy foresees at a time. */
export interface Planned {
  at: Date
  kind: 'reminded' | 'missed' | 'escalated'
  who?: string
}

/** All that is foreseen for a case, in the order of its time; what its rule and unit have in common is made once. */
export function planning() {
  const known = new Map<string, { rule: RecoveryRule; calendar: Calendar }>()
  return ({ program, version }: CheckedProgram, { rule: id, unitKey, contactDueAt }: Due): Planned[] => {
    const key = JSON.stringify([version, id, unitKey])
    let found = known.get(key)
    if (!found) {
      const rule = program.recovery?.rules.find((each) => each.id === id) ?? { id, when: 'true' }
      found = { rule, calendar: calendarOf(program, rule, unitKey) }
      known.set(key, found)
    }
    const { rule, calendar } = found
    return [
      ...remindersOf(calendar, rule, contactDueAt).map((at): Planned => ({ at, kind: 'reminded' })),
      { at: contactDueAt, kind: 'missed' },
      ...escalationsOf(calendar, rule, contactDueAt).map(
        ({ at, to }): Planned => ({ at, kind: 'escalated', who: to }),
      ),
    ]
  }
}

export interface Step {
  row: Due
  planned: Planned
  /** When it is found: by a clock that jumps, when it was due. */
  noted: Date
}
