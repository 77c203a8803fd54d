// For: which cases are due, and what their policy foresees for them.
// In: the times that stand in the table of deadlines. Out: each case with the steps of its rule, in the order of time.
import type { CheckedProgram } from '../program/checked.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Calendar, calendarOf, escalationsOf, remindersOf } from './calendar.ts'

/** So many are judged before the next that are due are looked for. */
export const roundSize = 100_000

interface DueRow {
  caseId: string
  rule: string
  version: string
  unitKey: string | null
  employeeKey: string | null
  owner: string | null
  contactDueAt: Date
  nextCheckAt: Date
  reopened: number
  firstContactedAt: Date | null
  revision: number
}

export interface Due extends DueRow {
  /** When it is to be looked at again. */
  next?: Date | null
}

/** Cases whose time has come, those that wait longest; in the order of their ids, so that those that are judged together
 * lie together in the store's indexes.
 */
export async function readDueIds(tx: Tx, now: Date): Promise<string[]> {
  const [row] = await tx.query<{ ids: string[] | null }>(
    `select json_agg(case_id order by case_id) as ids from (
       select case_id from case_deadlines where next_check_at <= $1 order by next_check_at limit ${roundSize}
     ) d`,
    [now],
  )
  return row?.ids ?? []
}

type Alike = Pick<DueRow, 'rule' | 'version' | 'unitKey' | 'employeeKey' | 'owner'>

/** Of these cases those that nobody else is judging at this moment, nor has. They come together by what they have in
 * common, and of each its times and numbers alone: of a thousand rows PGlite spends twice as long on handing them over
 * as on reading them.
 */
export async function readDue(tx: Tx, now: Date, ids: readonly string[]): Promise<Due[]> {
  if (ids.length === 0) return []
  const alike = await tx.query<Row & Alike & { each: string }>(
    `select c.rule, c.version, c.unit_key as "unitKey", c.employee_key as "employeeKey", c.owner,
       string_agg(concat_ws(' ', d.case_id, c.reopened, d.revision, date_part('epoch', c.contact_due_at),
         date_part('epoch', d.next_check_at), date_part('epoch', c.first_contacted_at)), ',') as each
     from (
       select case_id, next_check_at, revision from case_deadlines
       where next_check_at <= $1 and case_id = any($2::uuid[]) order by case_id for update skip locked
     ) d, lateral (select * from cases c where c.case_id = d.case_id limit 1) c
     group by 1, 2, 3, 4, 5`,
    [now, ids],
  )
  return alike.flatMap(({ each, ...same }) => each.split(',').map((one) => ({ ...same, ...timesOf(one) })))
}

/** @param one as readDue asks for it; the last is left out of a case whose customer has not been reached */
function timesOf(one: string): Omit<DueRow, keyof Alike> {
  const [caseId, reopened, revision, contactDue, nextCheck, firstContacted] = one.split(' ')
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
