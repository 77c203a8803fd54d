import { stableId } from '../base/ids.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Values } from '../program/context.ts'
import { deriveFields } from '../program/derive.ts'
import type { MappedEvent } from '../program/mapping.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { type Merged, mergeFields } from './merge.ts'

/** A mapped event with its time and the ids of whom and what it is about. */
export interface Occurrence {
  time: string
  mapped: MappedEvent
  contactId: string | undefined
  accountId: string | undefined
  transactionId: string | undefined
}

interface State extends Merged {
  id: string
  key: string
  type?: string
  firstAt: string
  lastAt: string
  isNew: boolean
  changed: boolean
}

/** Links (whose order it is, where, by whom) are merged by time like fields, under names no field can have. */
const link = {
  name: '@name',
  email: '@email',
  phone: '@phone',
  language: '@language',
  parent: '@parent',
} as const
const owner = { contact: '@contact', account: '@account', unit: '@unit', employee: '@employee' } as const

export const idOf = {
  contact: (workspaceId: string, key: string) => stableId('contact', workspaceId, key),
  account: (workspaceId: string, key: string) => stableId('account', workspaceId, key),
  transaction: (workspaceId: string, type: string, key: string) =>
    stableId('transaction', workspaceId, type, key),
}

/** What applying a batch changed, for those who must act on it. */
export interface Applied {
  /** transaction id -> its fields before and now */
  transactions: Map<string, { type: string; before: Values; now: Values }>
  /** transactions that existed without a person and now have one */
  personFound: string[]
}

/** Folds a batch of events into contacts, accounts, units and transactions: one read and one write for each kind.
 * Rows are locked in the order of their ids, so that batches running side by side never wait for each other in a ring.
 */
export async function applyOccurrences(
  tx: Tx,
  checked: CheckedProgram,
  occurrences: Occurrence[],
): Promise<Applied> {
  const contacts = new Map<string, State>()
  const accounts = new Map<string, State>()
  const transactions = new Map<string, State>()
  const units = new Set<string>()
  for (const { mapped, contactId, accountId, transactionId, time } of occurrences) {
    if (contactId && mapped.contact) touch(contacts, contactId, mapped.contact.key, time)
    if (accountId && mapped.account) touch(accounts, accountId, mapped.account.key, time)
    if (transactionId && mapped.transaction) {
      touch(transactions, transactionId, mapped.transaction.key, time).type = mapped.transaction.type
    }
    if (mapped.unit) units.add(mapped.unit)
  }
  await loadUnits(tx, checked, units)
  await load(tx, accounts, 'accounts', 'account_id', ['parent_key', 'name', 'unit_key'])
  await load(tx, contacts, 'contacts', 'contact_id', [
    'name',
    'email',
    'phone',
    'language',
    'account_key',
    'unit_key',
  ])
  await load(tx, transactions, 'transactions', 'transaction_id', [
    'contact_id',
    'account_id',
    'unit_key',
    'employee_key',
  ])

  const before = new Map([...transactions].map(([id, state]) => [id, structuredClone(state.fields)]))
  for (const { mapped, contactId, accountId, transactionId, time } of occurrences) {
    const ofUnit = present({ [owner.unit]: mapped.unit })
    if (contactId && mapped.contact) {
      const { name, email, phone, language, fields } = mapped.contact
      merge(contacts.get(contactId)!, time, {
        ...fields,
        ...ofUnit,
        ...present({
          [link.name]: name,
          [link.email]: email,
          [link.phone]: phone,
          [link.language]: language,
        }),
        ...present({ [owner.account]: mapped.contact.account ?? mapped.account?.key }),
      })
    }
    if (accountId && mapped.account) {
      const { name, parent, fields } = mapped.account
      merge(accounts.get(accountId)!, time, {
        ...fields,
        ...ofUnit,
        ...present({ [link.name]: name, [link.parent]: parent }),
      })
    }
    if (transactionId && mapped.transaction) {
      merge(transactions.get(transactionId)!, time, {
        ...mapped.transaction.fields,
        ...ofUnit,
        ...present({
          [owner.contact]: contactId,
          [owner.account]: accountId,
          [owner.employee]: mapped.employee,
        }),
      })
    }
  }
  derive(checked, 'account', accounts)
  derive(checked, 'contact', contacts)
  derive(checked, undefined, transactions)

  await saveAccounts(tx, changed(accounts))
  await saveContacts(tx, changed(contacts))
  await saveTransactions(tx, [...transactions.values()])
  await reproject(tx, accounts, contacts, transactions)

  const personFound = [...transactions.values()].filter(
    (state) => !state.isNew && state.fields[owner.contact] && !before.get(state.id)?.[owner.contact],
  )
  return {
    transactions: new Map(
      [...transactions].map(([id, state]) => [
        id,
        { type: state.type!, before: before.get(id)!, now: state.fields },
      ]),
    ),
    personFound: personFound.map((state) => state.id),
  }
}

function touch(states: Map<string, State>, id: string, key: string, time: string): State {
  const known = states.get(id)
  if (known) {
    if (time < known.firstAt) known.firstAt = time
    if (time > known.lastAt) known.lastAt = time
    return known
  }
  const state: State = {
    id,
    key,
    fields: {},
    times: {},
    firstAt: time,
    lastAt: time,
    isNew: true,
    changed: true,
  }
  states.set(id, state)
  return state
}

function merge(state: State, time: string, incoming: Values) {
  if (mergeFields(state, incoming, time)) state.changed = true
}

function derive(
  checked: CheckedProgram,
  scope: 'contact' | 'account' | undefined,
  states: Map<string, State>,
) {
  for (const state of changed(states)) {
    const links = Object.fromEntries(Object.entries(state.fields).filter(([name]) => name.startsWith('@')))
    const own = Object.fromEntries(Object.entries(state.fields).filter(([name]) => !name.startsWith('@')))
    state.fields = {
      ...deriveFields(checked.program, scope ?? state.type!, own, new Date(state.lastAt)),
      ...links,
    }
  }
}

const present = (values: Record<string, string | undefined>): Values =>
  Object.fromEntries(Object.entries(values).filter((each): each is [string, string] => each[1] !== undefined))

const changed = (states: Map<string, State>) => [...states.values()].filter((state) => state.changed)

/** Columns of a row that are kept as merged links. */
const columnLink: Record<string, string> = {
  name: link.name,
  email: link.email,
  phone: link.phone,
  language: link.language,
  parent_key: link.parent,
  account_key: owner.account,
  unit_key: owner.unit,
  contact_id: owner.contact,
  account_id: owner.account,
  employee_key: owner.employee,
}

async function load(tx: Tx, states: Map<string, State>, table: string, idColumn: string, links: string[]) {
  if (states.size === 0) return
  const times = table === 'transactions' ? ', started_at, changed_at' : ''
  const rows = await tx.query(
    `select ${idColumn} as id, fields, field_times, ${links.join(', ')} ${times} from ${table}
     where workspace_id = $1 and ${idColumn} = any($2::uuid[]) order by ${idColumn} for update`,
    [tx.workspaceId, [...states.keys()]],
  )
  for (const row of rows) {
    const state = states.get(row.id as string)!
    state.isNew = false
    state.changed = false
    state.fields = row.fields as Values
    state.times = row.field_times as Record<string, string>
    for (const column of links)
      if (row[column] !== null) state.fields[columnLink[column]!] = row[column] as string
    if (times) extend(state, row)
  }
}

function extend(state: State, row: Row) {
  const started = (row.started_at as Date).toISOString()
  const last = (row.changed_at as Date).toISOString()
  if (started < state.firstAt) state.firstAt = started
  if (last > state.lastAt) state.lastAt = last
}

async function loadUnits(tx: Tx, checked: CheckedProgram, keys: Set<string>) {
  if (keys.size === 0) return
  // A unit that the program does not list is kept by its key, at the lowest level, so that nothing is lost.
  const level = checked.program.units?.levels.at(-1) ?? 'unit'
  await tx.query(
    `insert into units (workspace_id, unit_key, level, name, path)
     select $1::uuid, key, $2, key, array[key] from json_array_elements_text($3::json) as key
     on conflict (workspace_id, unit_key) do nothing`,
    [tx.workspaceId, level, JSON.stringify([...keys].sort())],
  )
}

const ownFields = (state: State) =>
  Object.fromEntries(Object.entries(state.fields).filter(([name]) => !name.startsWith('@')))

const sorted = (states: State[]) => states.sort((a, b) => (a.id < b.id ? -1 : 1))

async function saveAccounts(tx: Tx, states: State[]) {
  if (states.length === 0) return
  const rows = sorted(states).map((state) => ({
    id: state.id,
    key: state.key,
    parent: state.fields[link.parent],
    name: state.fields[link.name],
    unit: state.fields[owner.unit],
    fields: ownFields(state),
    times: state.times,
    at: state.firstAt,
  }))
  await tx.query(
    `insert into accounts (workspace_id, account_id, account_key, parent_key, name, unit_key, fields, field_times, created_at)
     select $1::uuid, r.id, r.key, r.parent, r.name, r.unit, r.fields, r.times, r.at
     from json_to_recordset($2::json)
       as r(id uuid, key text, parent text, name text, unit text, fields jsonb, times jsonb, at timestamptz)
     on conflict (workspace_id, account_id) do update set parent_key = excluded.parent_key, name = excluded.name,
       unit_key = excluded.unit_key, fields = excluded.fields, field_times = excluded.field_times`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

async function saveContacts(tx: Tx, states: State[]) {
  if (states.length === 0) return
  const rows = sorted(states).map((state) => ({
    id: state.id,
    key: state.key,
    name: state.fields[link.name],
    email: state.fields[link.email],
    phone: state.fields[link.phone],
    language: state.fields[link.language],
    account: state.fields[owner.account],
    unit: state.fields[owner.unit],
    fields: ownFields(state),
    times: state.times,
    at: state.firstAt,
  }))
  await tx.query(
    `insert into contacts (workspace_id, contact_id, contact_key, name, email, phone, language, account_key, unit_key,
       fields, field_times, created_at)
     select $1::uuid, r.id, r.key, r.name, r.email, r.phone, r.language, r.account, r.unit, r.fields, r.times, r.at
     from json_to_recordset($2::json)
       as r(id uuid, key text, name text, email text, phone text, language text, account text, unit text,
            fields jsonb, times jsonb, at timestamptz)
     on conflict (workspace_id, contact_id) do update set name = excluded.name, email = excluded.email,
       phone = excluded.phone, language = excluded.language, account_key = excluded.account_key,
       unit_key = excluded.unit_key, fields = excluded.fields, field_times = excluded.field_times`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

async function saveTransactions(tx: Tx, states: State[]) {
  if (states.length === 0) return
  const rows = sorted(states).map((state) => ({
    id: state.id,
    type: state.type,
    key: state.key,
    contact: state.fields[owner.contact],
    account: state.fields[owner.account],
    unit: state.fields[owner.unit],
    employee: state.fields[owner.employee],
    fields: ownFields(state),
    times: state.times,
    first: state.firstAt,
    last: state.lastAt,
  }))
  await tx.query(
    `insert into transactions (workspace_id, transaction_id, type, transaction_key, contact_id, account_id, unit_key,
       employee_key, fields, field_times, started_at, changed_at)
     select $1::uuid, r.id, r.type, r.key, r.contact, r.account, r.unit, r.employee, r.fields, r.times, r.first, r.last
     from json_to_recordset($2::json)
       as r(id uuid, type text, key text, contact uuid, account uuid, unit text, employee text, fields jsonb,
            times jsonb, first timestamptz, last timestamptz)
     on conflict (workspace_id, transaction_id) do update set contact_id = excluded.contact_id,
       account_id = excluded.account_id, unit_key = excluded.unit_key, employee_key = excluded.employee_key,
       fields = excluded.fields, field_times = excluded.field_times, started_at = excluded.started_at,
       changed_at = excluded.changed_at`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
}

/** Answers show their O-data also as it is now, so those of whatever changed go to the column store again. */
async function reproject(
  tx: Tx,
  accounts: Map<string, State>,
  contacts: Map<string, State>,
  transactions: Map<string, State>,
) {
  const ids = (states: Map<string, State>) => changed(states).map((state) => state.id)
  const touched = [ids(transactions), ids(contacts), ids(accounts)]
  if (touched.every((each) => each.length === 0)) return
  const rows = await tx.query<{ response_id: string }>(
    `select response_id from responses where workspace_id = $1 and transaction_id = any($2::uuid[])
     union select response_id from responses where workspace_id = $1 and contact_id = any($3::uuid[])
     union select response_id from responses where workspace_id = $1 and account_id = any($4::uuid[])`,
    [tx.workspaceId, ...touched],
  )
  await appendOutbox(
    tx,
    'response',
    rows.map((row) => row.response_id),
  )
}
