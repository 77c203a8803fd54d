import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, withinUnit } from './access.ts'

/** A time during which somebody is given no new cases. */
export interface Absence extends Row {
  absenceId: string
  employeeKey: string
  name: string | null
  from: Date
  to: Date
  notedBy: string | null
}

const columns = `x.absence_id as "absenceId", x.employee_key as "employeeKey", e.name, x.from_at as "from",
  x.to_at as "to", x.noted_by as "notedBy"`
const tables = 'absences x left join employees e on e.employee_key = x.employee_key'

/** Those under way and to come, the earliest first. */
export function listAbsences(
  tx: Tx,
  filter: { employeeKey?: string; now: Date },
  scope: UnitScope,
): Promise<Absence[]> {
  const values: unknown[] = [filter.now, filter.employeeKey ?? null]
  return tx.query<Absence>(
    `select ${columns} from ${tables}
     where x.to_at > $1 and ($2::text is null or x.employee_key = $2) and ${withinUnit(scope, 'e.unit_key', values)}
     order by x.from_at, x.absence_id limit 1000`,
    values,
  )
}

/** Until when somebody is away who is so now; null for all others. */
export async function awayUntil(tx: Tx, employeeKey: string, now: Date): Promise<Date | null> {
  const [row] = await tx.query<{ until: Date | null }>(
    'select max(to_at) as until from absences where employee_key = $1 and from_at <= $2 and to_at > $2',
    [employeeKey, now],
  )
  return row?.until ?? null
}

/** @throws Refusal person.unknown; request.malformed when it ends before it begins */
export async function noteAbsence(
  tx: Tx,
  clock: Clock,
  input: { employeeKey: string; from: Date; to: Date; notedBy: string },
): Promise<Absence> {
  if (input.to <= input.from)
    throw new Refusal('request.malformed', undefined, [
      { where: 'body/to', message: 'expected a time after `from`' },
    ])
  const [employee] = await tx.query<{ name: string | null }>(
    'select name from employees where employee_key = $1 and active',
    [input.employeeKey],
  )
  if (!employee) throw new Refusal('person.unknown')
  const absenceId = newId(clock)
  const { employeeKey, from, to, notedBy } = input
  await tx.query(
    `insert into absences (workspace_id, absence_id, employee_key, from_at, to_at, noted_by)
     values ($1, $2, $3, $4, $5, $6)`,
    [tx.workspaceId, absenceId, employeeKey, from, to, notedBy],
  )
  return { absenceId, employeeKey, name: employee.name, from, to, notedBy }
}

/** @throws Refusal thing.unknown */
export async function readAbsence(tx: Tx, absenceId: string): Promise<Absence> {
  const [found] = await tx.query<Absence>(`select ${columns} from ${tables} where x.absence_id = $1`, [
    absenceId,
  ])
  if (!found) throw new Refusal('thing.unknown')
  return found
}

export async function removeAbsence(tx: Tx, absenceId: string): Promise<void> {
  await tx.query('delete from absences where absence_id = $1', [absenceId])
}
