// For: whom a policy means: `unitManager`, `function.productOwner`, `roundRobin.agent`, `person.E12`.
// In: many such words at once, each with the unit, the employee and the account's owner they are said of.
// Out: the employees meant, those nearest first; or why nobody is. Nobody who left the program is ever meant.
import type { Principal, Role } from '../base/principal.ts'
import type { Context } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { barredFrom, seesUnit } from './access.ts'

/** One person who is asked for. */
export interface WhoAsk {
  /** As the program's schema has it: `Who`. */
  who: string
  unitKey: string | null
  /** The employee an answer is about. */
  employeeKey: string | null
  /** Employee key in the declared owner field, from accountOwnerOf. */
  accountOwner: string | null
  at: Date
  /** Only those who are not away at that time; somebody farther off is looked for instead. `roundRobin` always asks so. */
  present?: boolean
  /** It is about a case of that unit, or what would be one: nobody is meant who could not be given it by hand, as
   * access.ts says.
   */
  unhappy?: boolean
  /** The employee whom the answer is about is not meant, and of those whom a function names none who is narrowed to
   * another unit. For who is named otherwise it does not matter what they see, since all is told by mail.
   */
  criticism?: boolean
  /** Who has it already, and is told nothing new by being told of it: of managers only those above them are meant. */
  owner?: string | null
}

export interface Person {
  key: string
  name: string | null
  email: string | null
  language: string | null
  unitKey: string | null
}

/** Why nobody is meant. */
export const nobodyReasons = [
  'noEmployee',
  'noUnit',
  'noManager',
  'noAccountOwner',
  'noFunction',
  'gone',
  'away',
  'about',
  'unseen',
  'mayNotWork',
  'owner',
  'noneAbove',
] as const
export type NobodyReason = (typeof nobodyReasons)[number]

export interface PassedOver {
  key: string
  nobody: NobodyReason
}

/** `people` has somebody, or `nobody` says why it has not. */
export interface Found {
  people: Person[]
  nobody?: NobodyReason
  /** Those as near as them, or nearer, who would have been meant too, and why they are not. */
  passed?: PassedOver[]
}

/** Those whom a number of asks can mean, read once. */
export interface People {
  /** Of a round robin the one whose turn it is, whom `gave` must be told of when something was given. */
  find(ask: WhoAsk): Found
  /** Somebody was given a case: the round robin goes on to the next. */
  gave(key: string, at: Date): void
}

interface EmployeeRow extends Row, Person {
  manager: boolean
  active: boolean
  functions: string[]
  /** As which they sign in, null when they do not; and the unit that narrows them then, null for none. */
  memberRole: Role | null
  sees: string | null
}

/** Who does something with a case, as it is written down there. */
export interface ActorName {
  id: string
  name: string
}

/** A person is known by the employee key where the member has one, else as `user:<id>`; a key as `key:<id>`. */
export function actorOf(principal: Principal): ActorName {
  const { kind, id, name, employeeKey } = principal
  return { id: employeeKey ?? `${kind}:${id}`, name }
}

/** Whom a mail comes from that this actor writes. Customers know the company, not the name of a key that one of its
 * systems writes with.
 */
export const signatureOf = ({ id, name }: ActorName, { workspace }: Program): string =>
  id.startsWith('key:') ? workspace.name : name

/** The key of the employee who answers for the account, else for the contact, by the declared owner fields. */
export function accountOwnerOf(program: Program, context: Context): string | null {
  const own = (field: string | undefined, fields: Context['account'] | Context['contact']) => {
    const value = field === undefined ? undefined : fields?.fields[field]
    return value === undefined || value === '' ? undefined : String(value)
  }
  return (
    own(program.accounts?.owner, context.account) ?? own(program.contacts?.owner, context.contact) ?? null
  )
}

/** Finds all of them set-wise, in the order of the asks; what a round robin gives counts for the asks after it. */
export async function resolvePeople(tx: Tx, asks: readonly WhoAsk[]): Promise<Found[]> {
  const people = await gatherPeople(tx, asks)
  return asks.map((ask) => {
    const found = people.find(ask)
    const [chosen] = found.people
    if (chosen && ask.who.startsWith('roundRobin.')) people.gave(chosen.key, ask.at)
    return found
  })
}

/** Reads everybody the asks can mean: a few statements, however many asks. */
export async function gatherPeople(tx: Tx, asks: readonly WhoAsk[]): Promise<People> {
  const named = distinct(asks.flatMap((ask) => [ask.employeeKey, ask.accountOwner, after(ask.who, 'person')]))
  const functions = distinct(
    asks.flatMap((ask) => [after(ask.who, 'function'), after(ask.who, 'roundRobin')]),
  )
  const employees = new Map<string, EmployeeRow>()
  const keep = (rows: EmployeeRow[]) => {
    for (const row of rows) employees.set(row.key, row)
  }
  if (named.length > 0) keep(await readEmployees(tx, 'e.employee_key = any($1::text[])', [named]))
  const units = distinct([
    ...asks.map((ask) => ask.unitKey),
    ...[...employees.values()].map((e) => e.unitKey),
  ])
  const paths = await readPaths(tx, units)
  const above = distinct([...paths.values()].flat())
  if (above.length > 0 || functions.length > 0)
    keep(
      await readEmployees(
        tx,
        `e.active and ((e.role = 'manager' and e.unit_key = any($1::text[])) or e.functions && $2::text[])`,
        [above, functions],
      ),
    )
  const everybody = [...employees.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const absences = await readAbsences(tx, everybody, asks)
  const robins = asks.some((ask) => ask.who.startsWith('roundRobin.'))
  const turns = robins ? await readTurns(tx, everybody) : new Map<string, Turn>()
  return finder({ employees, everybody, paths, absences, turns })
}

interface Gathered {
  employees: ReadonlyMap<string, EmployeeRow>
  everybody: readonly EmployeeRow[]
  paths: ReadonlyMap<string, string[]>
  absences: ReadonlyMap<string, Array<{ from: Date; to: Date }>>
  turns: Map<string, Turn>
}

interface Turn {
  open: number
  last: number
}

function finder({ employees, everybody, paths, absences, turns }: Gathered): People {
  const away = (key: string, at: Date) =>
    absences.get(key)?.some(({ from, to }) => from <= at && at < to) ?? false

  function unfit(employee: EmployeeRow, ask: WhoAsk, present: boolean): NobodyReason | undefined {
    if (ask.criticism && employee.key === ask.employeeKey) return 'about'
    if (employee.key === ask.owner) return 'owner'
    const { key, unitKey, memberRole: role, sees } = employee
    const worker = { key, unitKey, member: role === null ? null : { role, unitKey: sees } }
    const path = (ask.unitKey === null ? undefined : paths.get(ask.unitKey)) ?? []
    if (ask.unhappy) {
      const barred = barredFrom(worker, { employeeKey: ask.employeeKey, path })
      if (barred) return barred
    }
    if (ask.criticism && isOfFunction(ask.who) && !seesUnit(worker, path)) return 'unseen'
    return present && away(employee.key, ask.at) ? 'away' : undefined
  }

  /** Groups of people, the nearest first: those of the first group in which somebody is left. */
  function nearest(groups: EmployeeRow[][], ask: WhoAsk, present: boolean, otherwise: NobodyReason): Found {
    const passed: PassedOver[] = []
    const found = (here: EmployeeRow[]) => ({
      people: here.map(personOf),
      ...(passed.length > 0 ? { passed } : {}),
    })
    for (const group of groups) {
      const here = []
      for (const employee of group) {
        const nobody = unfit(employee, ask, present)
        if (nobody === undefined) here.push(employee)
        else passed.push({ key: employee.key, nobody })
      }
      if (here.length > 0) return found(here)
    }
    // Somebody who will be back is the best reason, as the one that passes; else that of whoever is nearest.
    const why = passed.find(({ nobody }) => nobody === 'away') ?? passed[0]
    return { ...found([]), nobody: why?.nobody ?? otherwise }
  }

  const managersOf = (unit: string, except: string | undefined) =>
    everybody.filter((e) => e.active && e.manager && e.unitKey === unit && e.key !== except)
  const upFrom = (unit: string | null) => [...(unit === null ? [] : (paths.get(unit) ?? []))].reverse()

  function managers(unit: string | null, ask: WhoAsk, except?: string): Found {
    const up = upFrom(unit)
    if (up.length === 0) return { people: [], nobody: 'noUnit' }
    return aboveOwner(
      up.map((each) => managersOf(each, except)),
      ask,
    )
  }

  /** Groups of managers, the nearest first; where one of them has it already only those above. */
  function aboveOwner(groups: EmployeeRow[][], ask: WhoAsk): Found {
    const own = groups.findIndex((group) => group.some(({ key }) => key === ask.owner))
    return nearest(groups.slice(own + 1), ask, ask.present ?? false, own < 0 ? 'noManager' : 'noneAbove')
  }

  /** The unit manager is who is nearest, there or away; the next unit up that has one is above. */
  function managersAbove(ask: WhoAsk): Found {
    const up = upFrom(ask.unitKey)
    if (up.length === 0) return { people: [], nobody: 'noUnit' }
    const about = ask.unhappy || ask.criticism ? ask.employeeKey : null
    const groups = up.map((each) => managersOf(each, undefined)).filter((group) => group.length > 0)
    // Of an answer about a manager the one above them is above, whoever else there is below.
    const own = groups.findIndex((group) => group.some(({ key }) => key === about))
    const has = groups.findIndex((group) => group.some(({ key }) => key === ask.owner))
    const above = groups.slice(Math.max(own, has, 0) + 1)
    const none = own > 0 ? 'about' : 'noManager'
    return nearest(above, ask, ask.present ?? false, has < 0 ? none : 'noneAbove')
  }

  function one(key: string | null, ask: WhoAsk, unnamed: NobodyReason): Found {
    if (key === null) return { people: [], nobody: unnamed }
    const employee = employees.get(key)
    return nearest([employee?.active ? [employee] : []], ask, ask.present ?? false, 'gone')
  }

  /** Those of the case's own unit, then of the units above it, then of all others. */
  function withFunction(name: string, ask: WhoAsk, present: boolean): Found {
    const all = everybody.filter((e) => e.active && e.functions.includes(name))
    const up = upFrom(ask.unitKey)
    const groups = up.map((unit) => all.filter((e) => e.unitKey === unit))
    groups.push(all.filter((e) => e.unitKey === null || !up.includes(e.unitKey)))
    return nearest(groups, ask, present, 'noFunction')
  }

  function roundRobin(name: string, ask: WhoAsk): Found {
    const { people, ...found } = withFunction(name, ask, true)
    if (found.nobody) return { people, ...found }
    const turn = (person: Person) => turns.get(person.key) ?? { open: 0, last: Number.NEGATIVE_INFINITY }
    const [next] = [...people].sort((a, b) => {
      const [one, two] = [turn(a), turn(b)]
      return one.open - two.open || Math.sign(one.last - two.last) || (a.key < b.key ? -1 : 1)
    })
    return { people: next ? [next] : [], ...found }
  }

  return {
    find(ask) {
      switch (ask.who) {
        case 'employee':
          return one(ask.employeeKey, ask, 'noEmployee')
        case 'employeeManager': {
          if (ask.employeeKey === null) return { people: [], nobody: 'noEmployee' }
          // Somebody who manages the unit they work in is answered for by the manager above.
          const employee = employees.get(ask.employeeKey)
          return employee ? managers(employee.unitKey, ask, employee.key) : { people: [], nobody: 'gone' }
        }
        case 'unitManager':
          return managers(ask.unitKey, ask)
        case 'managerAbove':
          return managersAbove(ask)
        case 'accountOwner':
          return one(ask.accountOwner, ask, 'noAccountOwner')
      }
      const robin = after(ask.who, 'roundRobin')
      if (robin !== null) return roundRobin(robin, ask)
      const name = after(ask.who, 'function')
      if (name !== null) return withFunction(name, ask, ask.present ?? false)
      return one(after(ask.who, 'person'), ask, 'gone')
    },
    gave(key, at) {
      turns.set(key, { open: (turns.get(key)?.open ?? 0) + 1, last: at.getTime() })
    },
  }
}

const personOf = ({ key, name, email, language, unitKey }: EmployeeRow): Person => ({
  key,
  name,
  email,
  language,
  unitKey,
})

/** It names people by what they do, wherever they are. */
const isOfFunction = (who: string) => after(who, 'function') !== null || after(who, 'roundRobin') !== null

/** What follows `kind.`; null when it is of another kind. */
const after = (who: string, kind: string) => (who.startsWith(`${kind}.`) ? who.slice(kind.length + 1) : null)

const distinct = (values: ReadonlyArray<string | null>): string[] => [
  ...new Set(values.filter((value) => value !== null)),
]

const readEmployees = (tx: Tx, where: string, values: unknown[]) =>
  tx.query<EmployeeRow>(
    `select e.employee_key as key, e.name, e.email, e.language, e.unit_key as "unitKey",
       coalesce(e.role = 'manager', false) as manager, e.active, e.functions, m.role as "memberRole",
       m.unit_key as sees
     from employees e left join lateral (
       select x.role, x.unit_key from members x where x.employee_key = e.employee_key
       order by x.created_at, x.user_id limit 1
     ) m on true
     where ${where}`,
    values,
  )

async function readPaths(tx: Tx, units: string[]): Promise<Map<string, string[]>> {
  if (units.length === 0) return new Map()
  const rows = await tx.query<{ key: string; path: string[] }>(
    'select unit_key as key, path from units where unit_key = any($1::text[])',
    [units],
  )
  return new Map(rows.map(({ key, path }) => [key, path]))
}

async function readAbsences(tx: Tx, people: readonly Person[], asks: readonly WhoAsk[]) {
  const absences = new Map<string, Array<{ from: Date; to: Date }>>()
  const times = asks.map((ask) => ask.at.getTime())
  if (people.length === 0 || times.length === 0) return absences
  const first = times.reduce((a, b) => Math.min(a, b))
  const last = times.reduce((a, b) => Math.max(a, b))
  const rows = await tx.query<{ key: string; from: Date; to: Date }>(
    `select employee_key as key, from_at as "from", to_at as "to" from absences
     where employee_key = any($1::text[]) and from_at <= $2 and to_at > $3`,
    [people.map(({ key }) => key), new Date(last), new Date(first)],
  )
  for (const { key, from, to } of rows) absences.set(key, [...(absences.get(key) ?? []), { from, to }])
  return absences
}

/** How many open cases each has, and when they were last given one. */
async function readTurns(tx: Tx, people: readonly Person[]): Promise<Map<string, Turn>> {
  const rows = await tx.query<{ key: string; open: number; last: Date | null }>(
    `select p.key, (select count(*) from cases c where c.owner = p.key and c.state <> 'closed') as open,
       (select max(c.assigned_at) from cases c where c.owner = p.key) as last
     from unnest($1::text[]) as p(key)`,
    [people.map(({ key }) => key)],
  )
  return new Map(
    rows.map(({ key, open, last }) => [key, { open, last: last?.getTime() ?? Number.NEGATIVE_INFINITY }]),
  )
}
