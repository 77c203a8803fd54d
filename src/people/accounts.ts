// For: companies and households: finding them, and who belongs to them.
// In: a search or an account; the unit that narrows what is seen. Out: accounts; one with its people.
import { Refusal } from '../base/errors.ts'
import type { Values } from '../program/context.ts'
import type { Program } from '../program/schema.ts'
import { type Score, scoreOf } from '../program/score.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, visibleAnswer, visibleCase } from './access.ts'
import { literally, seenFrom } from './customers.ts'
import { isUnsubscribed } from './unsubscribed.ts'

export interface AccountInList extends Row {
  id: string
  key: string
  name: string | null
  unit: string | null
  people: number
  openCases: number
}

export interface Account extends Row {
  id: string
  key: string
  name: string | null
  unit: string | null
  unitKey: string | null
  parentKey: string | null
  values: Values
}

/** Somebody of an account. */
export interface AccountPerson {
  id: string
  key: string
  name: string | null
  email: string | null
  /** The declared fields, among them roles. */
  values: Values
  unsubscribed: boolean
  lastScore: Score | null
  lastAnswerAt: Date | null
  openCases: number
}

/** SQL that is true for accounts a unit's people may see: theirs, or of a person they may see. */
function accountSeenFrom(scope: UnitScope, values: unknown[]): string {
  if (scope.unitKey === undefined) return 'true'
  const person = seenFrom(scope, values)
  return `(a.unit_key in (select u.unit_key from units u where u.path @> array[$${values.length}::text])
    or exists (select 1 from contacts c where c.account_key = a.account_key and ${person}))`
}

/** Accounts by part of their name or the beginning of their key; without a search the latest. */
export function searchAccounts(
  tx: Tx,
  filter: { search?: string; limit: number },
  scope: UnitScope,
): Promise<AccountInList[]> {
  const values: unknown[] = []
  const where = [accountSeenFrom(scope, values)]
  const search = filter.search?.trim()
  if (search) {
    values.push(`${literally(search)}%`, `%${literally(search)}%`)
    where.push(`(a.name ilike $${values.length} or a.account_key ilike $${values.length - 1})`)
  }
  const person = seenFrom(scope, values)
  const visible = visibleCase(scope, 'k', values)
  values.push(filter.limit)
  return tx.query<AccountInList>(
    `select a.account_id as id, a.account_key as key, a.name, coalesce(u.name, a.unit_key) as unit,
       (select count(*) from contacts c where c.account_key = a.account_key and ${person}) as people,
       (select count(*) from cases k where k.account_id = a.account_id and k.state <> 'closed' and ${visible}) as "openCases"
     from accounts a left join units u on u.unit_key = a.unit_key
     where ${where.join(' and ')}
     order by ${search ? 'a.name, a.account_key' : 'a.created_at desc, a.account_key'} limit $${values.length}`,
    values,
  )
}

/** @throws Refusal thing.unknown, also for an account outside of the scope */
export async function readAccount(tx: Tx, accountId: string, scope: UnitScope): Promise<Account> {
  const values: unknown[] = [accountId]
  const seen = accountSeenFrom(scope, values)
  const [found] = await tx.query<Account>(
    `select a.account_id as id, a.account_key as key, a.name, coalesce(u.name, a.unit_key) as unit,
       a.unit_key as "unitKey", a.parent_key as "parentKey", a.fields as values
     from accounts a left join units u on u.unit_key = a.unit_key where a.account_id = $1 and ${seen}`,
    values,
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}

interface PersonRow extends Row {
  id: string
  key: string
  name: string | null
  email: string | null
  values: Values
  unsubscribed: boolean
  survey: string | null
  answers: Record<string, unknown> | null
  lastAnswerAt: Date | null
  openCases: number
}

/** The people of an account whom the asker may see, at most 500, those with open cases first. */
export async function accountPeople(
  tx: Tx,
  program: Program,
  accountKey: string,
  scope: UnitScope,
): Promise<AccountPerson[]> {
  const values: unknown[] = [accountKey]
  const seen = seenFrom(scope, values)
  const visible = visibleCase(scope, 'k', values)
  const answered = visibleAnswer(scope, 'x', program, values)
  const rows = await tx.query<PersonRow>(
    `select c.contact_id as id, c.contact_key as key, c.name, c.email, c.fields as values,
       ${isUnsubscribed('c')} as unsubscribed, r.survey, r.answers, r.answered_at as "lastAnswerAt",
       (select count(*) from cases k where k.contact_id = c.contact_id and k.state <> 'closed' and ${visible}) as "openCases"
     from contacts c left join lateral (
       select x.survey, x.answers, x.answered_at from responses x
       where x.contact_id = c.contact_id and x.state = 'completed' and ${answered} order by x.answered_at desc limit 1) r on true
     where c.account_key = $1 and ${seen} order by "openCases" desc, c.name, c.contact_key limit 500`,
    values,
  )
  return rows.map(({ survey, answers, ...each }) => ({
    ...each,
    lastScore: survey && answers ? scoreOf(program, survey, answers) : null,
  }))
}
