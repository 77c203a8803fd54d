import { Refusal } from '../base/errors.ts'
import type { Values } from '../program/context.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type UnitScope, withinUnit } from './access.ts'
import { unsubscribedSince } from './unsubscribed.ts'

export interface CustomerInList extends Row {
  id: string
  key: string
  name: string | null
  email: string | null
  account: string | null
  unit: string | null
}

export interface Customer extends Row {
  id: string
  key: string
  name: string | null
  email: string | null
  phone: string | null
  language: string | null
  unsubscribedAt: Date | null
  values: Values
  unit: string | null
  accountId: string | null
  accountKey: string | null
  accountName: string | null
}

/** SQL that is true for a person whom a unit's people may see: theirs, or one who had to do with the unit. */
export function seenFrom(scope: UnitScope, values: unknown[]): string {
  if (scope.unitKey === undefined) return 'true'
  const own = withinUnit(scope, 'c.unit_key', values)
  const dealt = (table: string) =>
    `exists (select 1 from ${table} x where x.contact_id = c.contact_id
       and x.unit_key in (select u.unit_key from units u where u.path @> array[$${values.length}::text]))`
  return `(${own} or ${dealt('transactions')} or ${dealt('responses')})`
}

/** Text with % and _ taken as they are, for LIKE. */
export const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** People by part of their name, or the beginning of their key, e-mail address or account's name.
 * Without a search: the latest.
 */
export function searchCustomers(
  tx: Tx,
  filter: { search?: string; limit: number },
  scope: UnitScope,
): Promise<CustomerInList[]> {
  const values: unknown[] = []
  const where = [seenFrom(scope, values)]
  const search = filter.search?.trim()
  if (search) {
    values.push(`${literally(search)}%`, `%${literally(search)}%`)
    const begins = `ilike $${values.length - 1}`
    where.push(
      `(c.name ilike $${values.length} or c.contact_key ${begins} or c.email ${begins} or a.name ${begins})`,
    )
  }
  values.push(filter.limit)
  return tx.query<CustomerInList>(
    `select c.contact_id as id, c.contact_key as key, c.name, c.email,
       coalesce(a.name, a.account_key) as account, u.name as unit
     from contacts c
     left join accounts a on a.account_key = c.account_key
     left join units u on u.unit_key = c.unit_key
     where ${where.join(' and ')}
     order by ${search ? 'c.name, c.contact_key' : 'c.created_at desc, c.contact_key'} limit $${values.length}`,
    values,
  )
}

/** @throws Refusal thing.unknown, also for a person outside of the scope */
export async function readCustomer(tx: Tx, contactId: string, scope: UnitScope): Promise<Customer> {
  const values: unknown[] = [contactId]
  const seen = seenFrom(scope, values)
  const [found] = await tx.query<Customer>(
    `select c.contact_id as id, c.contact_key as key, c.name, c.email, c.phone, c.language,
       ${unsubscribedSince('c')} as "unsubscribedAt", c.fields as values, c.account_key as "accountKey", a.name as "accountName",
       a.account_id as "accountId", coalesce(u.name, c.unit_key) as unit
     from contacts c left join accounts a on a.account_key = c.account_key
     left join units u on u.unit_key = c.unit_key
     where c.contact_id = $1 and ${seen}`,
    values,
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}
