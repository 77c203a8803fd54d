import { isUnsubscribed } from '../people/unsubscribed.ts'
import type { Context, Values } from '../program/context.ts'
import type { Tx } from '../storage/postgres.ts'

/** Whom and what a context is to be gathered around. */
export interface ContextRef {
  contactId?: string | undefined
  transactionId?: string | undefined
  accountId?: string | undefined
}

/** A context with when each of its fields was set, and how the person can be reached. */
export interface Surroundings {
  context: Context
  times: {
    contact: Record<string, string>
    account: Record<string, string>
    transaction: Record<string, string>
  }
  contactId: string | undefined
  accountId: string | undefined
  /** `address` is their mail address as addresses are compared: people who share one share a mailbox. */
  person: { email: string | undefined; address: string | undefined; unsubscribed: boolean } | undefined
}

interface ContactRow extends Record<string, unknown> {
  contact_id: string
  contact_key: string
  email: string | null
  language: string | null
  account_key: string | null
  unit_key: string | null
  fields: Values
  field_times: Record<string, string>
  address: string | null
  unsubscribed: boolean
}
interface AccountRow extends Record<string, unknown> {
  account_id: string
  account_key: string
  name: string | null
  unit_key: string | null
  fields: Values
  field_times: Record<string, string>
}
interface TransactionRow extends Record<string, unknown> {
  transaction_id: string
  type: string
  transaction_key: string
  contact_id: string | null
  account_id: string | null
  unit_key: string | null
  employee_key: string | null
  fields: Values
  field_times: Record<string, string>
}
interface UnitRow extends Record<string, unknown> {
  unit_key: string
  level: string
  name: string
  path: string[]
}

const distinct = (ids: Array<string | null | undefined>) =>
  [...new Set(ids.filter((id) => id != null))] as string[]
const byId = <R extends Record<string, unknown>>(rows: R[], column: keyof R & string) =>
  new Map(rows.map((row) => [row[column] as string, row]))

/** O-data around each person and transaction as it stands in this transaction of the store, in the order of `refs`.
 * Whatever is not known (an order whose events have not come yet) is left out.
 */
export async function loadSurroundings(
  tx: Tx,
  refs: readonly ContextRef[],
  at: Date,
): Promise<Surroundings[]> {
  if (refs.length === 0) return []
  const workspace = tx.workspaceId
  const transactions = byId(
    await tx.query<TransactionRow>(
      `select transaction_id, type, transaction_key, contact_id, account_id, unit_key, employee_key, fields, field_times
       from transactions where workspace_id = $1 and transaction_id = any($2::uuid[])`,
      [workspace, distinct(refs.map((ref) => ref.transactionId))],
    ),
    'transaction_id',
  )
  const transactionOf = (ref: ContextRef) =>
    ref.transactionId ? transactions.get(ref.transactionId) : undefined
  const contactId = (ref: ContextRef) => ref.contactId ?? transactionOf(ref)?.contact_id ?? undefined
  const contacts = byId(
    await tx.query<ContactRow>(
      `select c.contact_id, c.contact_key, c.email, c.address, c.language, c.account_key, c.unit_key, c.fields, c.field_times,
         ${isUnsubscribed('c')} as unsubscribed
       from contacts c where c.workspace_id = $1 and c.contact_id = any($2::uuid[])`,
      [workspace, distinct(refs.map(contactId))],
    ),
    'contact_id',
  )
  const contactOf = (ref: ContextRef) => contacts.get(contactId(ref) ?? '')
  const accountIds = distinct(refs.map((ref) => ref.accountId ?? transactionOf(ref)?.account_id))
  const accountKeys = distinct(refs.map((ref) => contactOf(ref)?.account_key))
  const accountRows =
    accountIds.length + accountKeys.length === 0
      ? []
      : await tx.query<AccountRow>(
          `select account_id, account_key, name, unit_key, fields, field_times from accounts
           where workspace_id = $1 and (account_id = any($2::uuid[]) or account_key = any($3::text[]))`,
          [workspace, accountIds, accountKeys],
        )
  const accounts = byId(accountRows, 'account_id')
  const accountsByKey = byId(accountRows, 'account_key')
  const unitKeys = distinct([
    ...[...transactions.values()].flatMap((row) => [row.unit_key]),
    ...[...contacts.values()].map((row) => row.unit_key),
    ...accountRows.map((row) => row.unit_key),
  ])
  const units =
    unitKeys.length === 0
      ? new Map<string, UnitRow>()
      : byId(
          await tx.query<UnitRow>(
            'select unit_key, level, name, path from units where workspace_id = $1 and unit_key = any($2::text[])',
            [workspace, unitKeys],
          ),
          'unit_key',
        )
  const employees = await namesOf(tx, distinct([...transactions.values()].map((row) => row.employee_key)))

  return refs.map((ref) => {
    const transaction = transactionOf(ref)
    const contact = contactOf(ref)
    const account =
      accounts.get(ref.accountId ?? transaction?.account_id ?? '') ??
      accountsByKey.get(contact?.account_key ?? '')
    const unit = units.get(transaction?.unit_key ?? contact?.unit_key ?? account?.unit_key ?? '')
    const context: Context = { at: at.toISOString() }
    if (contact) {
      context.contact = {
        key: contact.contact_key,
        ...(contact.language ? { language: contact.language } : {}),
        fields: contact.fields,
      }
    }
    if (account) {
      context.account = {
        key: account.account_key,
        ...(account.name ? { name: account.name } : {}),
        fields: account.fields,
      }
    }
    if (transaction) {
      context.transaction = {
        type: transaction.type,
        key: transaction.transaction_key,
        fields: transaction.fields,
      }
      if (transaction.employee_key) {
        const name = employees.get(transaction.employee_key)
        context.employee = { key: transaction.employee_key, ...(name ? { name } : {}) }
      }
    }
    if (unit) context.unit = { key: unit.unit_key, level: unit.level, name: unit.name, path: unit.path }
    return {
      context,
      times: {
        contact: contact?.field_times ?? {},
        account: account?.field_times ?? {},
        transaction: transaction?.field_times ?? {},
      },
      contactId: contact?.contact_id,
      accountId: account?.account_id,
      person: contact && {
        email: contact.email ?? undefined,
        address: contact.address ?? undefined,
        unsubscribed: contact.unsubscribed,
      },
    }
  })
}

async function namesOf(tx: Tx, employeeKeys: string[]): Promise<Map<string, string | null>> {
  if (employeeKeys.length === 0) return new Map()
  const rows = await tx.query<{ key: string; name: string | null }>(
    'select employee_key as key, name from employees where workspace_id = $1 and employee_key = any($2::text[])',
    [tx.workspaceId, employeeKeys],
  )
  return new Map(rows.map(({ key, name }) => [key, name]))
}

/** The contexts alone. */
export async function loadContexts(tx: Tx, refs: readonly ContextRef[], at: Date): Promise<Context[]> {
  return (await loadSurroundings(tx, refs, at)).map((each) => each.context)
}
