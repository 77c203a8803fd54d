import type { ProgramDigest } from '../program/schema-notify.ts'
import type { Row, Tx } from '../storage/postgres.ts'

export interface DigestReader {
  key: string
  email: string
  language: string | null
  unitKey: string | null
  /** Everything; what concerns a unit and those below it; or only what concerns the reader. */
  sees: 'all' | { unit: string; own: boolean }
}

export interface Piece extends Row {
  kind: 'praise' | 'criticism'
  responseId: string
  employeeKey: string | null
  employeeName: string | null
  unitKey: string | null
  comment: string | null
}

export interface DigestData {
  /** Praise and criticism that went out in the period, those with a comment first, the latest first. */
  pieces: Piece[]
  /** Cases now, by unit and owner. */
  cases: Array<{ unitKey: string | null; owner: string | null; open: number; overdue: number }>
  /** Unit key -> keys from the root down to it. */
  paths: Map<string, string[]>
}

/** Whoever is to read a digest, each once, with the most they may see. */
export async function readReaders(tx: Tx, digest: ProgramDigest): Promise<DigestReader[]> {
  const people = await tx.query<{
    key: string
    email: string
    language: string | null
    unitKey: string | null
    manager: boolean
    functions: string[]
  }>(
    `select employee_key as key, email, language, unit_key as "unitKey", coalesce(role = 'manager', false) as manager,
       functions
     from employees where active and email is not null order by employee_key`,
  )
  const has = (who: string) => digest.to.includes(who)
  return people.flatMap(({ manager, functions, ...person }): DigestReader[] => {
    const named = has(`person.${person.key}`) || functions.some((name) => has(`function.${name}`))
    if (named) return [{ ...person, sees: 'all' }]
    const { unitKey } = person
    if (manager && unitKey !== null && (has('unitManager') || has('employeeManager')))
      return [{ ...person, sees: { unit: unitKey, own: false } }]
    return has('employee') ? [{ ...person, sees: { unit: unitKey ?? '', own: true } }] : []
  })
}

/** What happened in a period and how the cases stand, less those that wait by lot. What was held back is left out until it is released. */
export async function readDigest(tx: Tx, period: { from: Date; to: Date }, now: Date): Promise<DigestData> {
  const pieces = await tx.query<Piece>(
    `select n.kind, n.response_id as "responseId", n.employee_key as "employeeKey", e.name as "employeeName",
       n.unit_key as "unitKey", r.comment
     from (select kind, response_id, min(employee_key) as employee_key, min(unit_key) as unit_key,
             min(coalesce(settled_at, created_at)) as at
           from notifications where state in ('queued', 'dropped')
             and coalesce(settled_at, created_at) >= $1 and coalesce(settled_at, created_at) < $2
           group by kind, response_id) n
     join responses r on r.response_id = n.response_id
     left join employees e on e.employee_key = n.employee_key
     order by (coalesce(r.comment, '') = ''), n.at desc, n.response_id`,
    [period.from, period.to],
  )
  const cases = await tx.query<DigestData['cases'][number] & Row>(
    `select unit_key as "unitKey", owner, count(*) as open,
       count(*) filter (where contact_due_at < $1 and contacted_at is null) as overdue
     from cases where state <> 'closed' and (hold_until is null or hold_until <= $1) group by unit_key, owner`,
    [now],
  )
  const units = await tx.query<{ key: string; path: string[] }>('select unit_key as key, path from units')
  return { pieces, cases, paths: new Map(units.map(({ key, path }) => [key, path])) }
}
