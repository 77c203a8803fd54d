// For: which cases are due, and what their policy foresees for them.
// In: the times that stand in the table of deadlines. Out: each case with the steps of its rule, in the order of time.
import type { CheckedProgram } from '../program/checked.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Tx } from '../storage/postgres.ts'
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

/** As JSON writes a time. */
type Written<T> = {
  [Key in keyof T]: T[Key] extends Date ? string : T[Key] extends Date | null ? string | null : T[Key]
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

/** Of these cases those that nobody else is judging at this moment, nor has. They come as one value: of a thousand
 * rows PGlite spends twice as long on handing them over as on reading them.
 */
export async function readDue(tx: Tx, now: Date, ids: readonly string[]): Promise<Due[]> {
  if (ids.length === 0) return []
  const [row] = await tx.query<{ due: Array<Written<DueRow>> | null }>(
    `select json_agg(json_build_object('caseId', d.case_id, 'rule', c.rule, 'version', c.version, 'unitKey', c.unit_key,
       'employeeKey', c.employee_key, 'owner', c.owner, 'contactDueAt', c.contact_due_at, 'nextCheckAt', d.next_check_at,
       'reopened', c.reopened, 'firstContactedAt', c.first_contacted_at, 'revision', d.revision)) as due
     from (
       select case_id, next_check_at, revision from case_deadlines
       where next_check_at <= $1 and case_id = any($2::uuid[]) order by case_id for update skip locked
     ) d, lateral (select * from cases c where c.case_id = d.case_id limit 1) c`,
    [now, ids],
  )
  return (row?.due ?? []).map((each) => ({
    ...each,
    contactDueAt: new Date(each.contactDueAt),
    nextCheckAt: new Date(each.nextCheckAt),
    firstContactedAt: each.firstContactedAt === null ? null : new Date(each.firstContactedAt),
  }))
}

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
