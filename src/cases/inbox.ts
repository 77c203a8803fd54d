// For: the list somebody works from: which cases, in which order, and how many wait behind each tab.
// In: filters, an order, where the page before ended, who asks. Out: a page, where it ends, and the counts.
import { Refusal } from '../base/errors.ts'
import { type UnitScope, visibleCase, withinUnit } from '../people/access.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import { ownerWhenDue } from './ownerWhenDue.ts'
import { readCases, type StoredCase } from './read.ts'
import type { CaseState } from './standing.ts'
import { findCases, searchFor, usualCommon } from './words.ts'

/** What the tabs of the desk show. `news`: something came from the customer that nobody has read, also when it is closed. Cases that a trial lets wait stand under `held` alone, until they have waited or are
 * handed up.
 */
export const caseTabs = [
  'mine',
  'news',
  'unassigned',
  'overdue',
  'dueSoon',
  'escalated',
  'watching',
  'open',
  'held',
  'closed',
  'all',
] as const
export type CaseTab = (typeof caseTabs)[number]

export const caseSorts = ['due', 'priority', 'newest', 'closed'] as const
export type CaseSort = (typeof caseSorts)[number]

export interface InboxFilter {
  tab?: CaseTab
  state?: CaseState
  /** `me`, `none`, or an actor's id. */
  owner?: string
  /** Who had it when its first contact was due. */
  dueOwner?: string
  /** A unit's key: its own cases and those of the units below it. */
  unit?: string
  rule?: string
  reason?: string
  band?: string
  /** The theme and those that are part of it. */
  themes?: readonly string[]
  segment?: string
  employee?: string
  contactId?: string
  accountId?: string
  overdue?: boolean
  dueBefore?: Date
  /** The deadline passed without contact, whatever came then. */
  missed?: boolean
  /** Opened from this moment on, and before that one. */
  from?: Date
  to?: Date
  highValue?: boolean
  decisionMaker?: boolean
  priorityTheme?: boolean
  /** Words, or their beginnings, that the comment or the customer's name, key or address has, in any case. */
  text?: string
  sort?: CaseSort
  cursor?: string
  limit: number
}

export interface Inbox {
  items: StoredCase[]
  next: string | null
  total: number
  counts: Record<Exclude<CaseTab, 'all'>, number>
}

export interface Asker {
  me: string
  scope: UnitScope
  now: Date
}

/** Closed cases are counted up to here, and those of a filter up to there: who has more does not want to know. */
const countedAtMost = 10_000
const filteredAtMost = 1000
const soon = 24 * 3_600_000

const orders: Record<CaseSort, { keys: string[]; types: string[]; direction: 'asc' | 'desc' }> = {
  due: {
    keys: ['(c.news_revision is null)', '(c.contacted_at is not null)', 'c.contact_due_at', 'c.case_id'],
    types: ['boolean', 'boolean', 'timestamptz', 'uuid'],
    direction: 'asc',
  },
  priority: {
    keys: [`coalesce(c.priority, '-infinity'::double precision)`, 'c.case_id'],
    types: ['double precision', 'uuid'],
    direction: 'desc',
  },
  newest: { keys: ['c.opened_at', 'c.case_id'], types: ['timestamptz', 'uuid'], direction: 'desc' },
  closed: { keys: ['c.closed_at', 'c.case_id'], types: ['timestamptz', 'uuid'], direction: 'desc' },
}

/** One page of the inbox, with the counts of its tabs.
 * @param common what as many cases are found by is met on the way through them, in their order
 * @throws Refusal request.malformed for a cursor of another order, or none of ours
 */
export async function readInbox(
  tx: Tx,
  filter: InboxFilter,
  asker: Asker,
  common = usualCommon,
): Promise<Inbox> {
  const sort = filter.sort ?? usualSort(filter)
  const order = orders[sort]
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  const where = conditionsOf(filter, asker, values, parameter)
  const unsearched = { where: where.join(' and '), values: [...values] }
  const search = searchFor(tx, filter)
  const found = search ? await findCases(tx, search, common, unsearched, filteredAtMost) : undefined
  if (search === null) where.push('false')
  if (found && !found.common) where.push(`c.case_id = any(${parameter(found.ids)}::uuid[])`)
  // As a value of each case: a join would look at all words before the first case of the page is known.
  if (found?.common)
    where.push(
      `(select w.words @@ ${parameter(search)}::tsquery from case_words w where w.case_id = c.case_id)`,
    )
  const counted = values.length
  const filtered = where.join(' and ')
  if (filter.cursor !== undefined) {
    const keys = readCursor(filter.cursor, sort).map(
      (key, index) => `${parameter(key)}::${order.types[index]}`,
    )
    where.push(`(${order.keys.join(', ')}) ${order.direction === 'asc' ? '>' : '<'} (${keys.join(', ')})`)
  }
  const rows = await tx.query<Row & { id: string }>(
    `select c.case_id as id, ${order.keys.map((key, index) => `${key}::text as k${index}`).join(', ')}
     from cases c where ${where.join(' and ')}
     order by ${order.keys.map((key) => `${key} ${order.direction}`).join(', ')}
     limit ${parameter(filter.limit + 1)}`,
    values,
  )
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  const items = await readCases(
    tx,
    page.map(({ id }) => id),
    asker,
  )
  const next =
    rows.length > filter.limit && last
      ? Buffer.from(JSON.stringify([sort, ...order.keys.map((_, index) => last[`k${index}`])])).toString(
          'base64url',
        )
      : null
  const counts = await countTabs(tx, asker)
  const plain = plainTab(filter)
  const whole = filter.cursor === undefined && next === null
  const total = plain
    ? counts[plain]
    : whole
      ? items.length
      : // Of what is common the first ones found nearly always show that there are more than one wants to know.
        found?.common && found.among === filteredAtMost
        ? filteredAtMost
        : await countUpTo(tx, filtered, values.slice(0, counted), filteredAtMost)
  return { items, next, total, counts }
}

/** Those to be worked on, unless a tab or a state is asked for. */
const tabOf = ({ tab, state }: InboxFilter): CaseTab => tab ?? (state ? 'all' : 'open')

/** The soonest due first; closed ones the latest first. */
function usualSort({ tab, state }: InboxFilter): CaseSort {
  if (tab === 'closed' || state === 'closed') return 'closed'
  return tab === 'all' ? 'newest' : 'due'
}

/** The tab whose count is the total already. */
function plainTab(filter: InboxFilter) {
  const { tab: _, sort: __, cursor: ___, limit: ____, ...filters } = filter
  const tab = tabOf(filter)
  return tab !== 'all' && Object.keys(filters).length === 0 ? tab : undefined
}

type Parameter = (value: unknown) => string

function conditionsOf(filter: InboxFilter, asker: Asker, values: unknown[], parameter: Parameter): string[] {
  const where = [visibleCase(asker.scope, 'c', values)]
  const equal = (column: string, value: unknown) => {
    if (value !== undefined) where.push(`${column} = ${parameter(value)}`)
  }
  where.push(tabSql(tabOf(filter), asker, parameter))
  equal('c.state', filter.state)
  if (filter.owner === 'none') where.push('c.owner is null')
  else equal('c.owner', filter.owner === 'me' ? asker.me : filter.owner)
  if (filter.dueOwner !== undefined) {
    const whose = filter.dueOwner === 'me' ? asker.me : filter.dueOwner
    const is = whose === 'none' ? 'is null' : `= ${parameter(whose)}`
    where.push(
      `exists (select from case_deadlines d where d.case_id = c.case_id and ${ownerWhenDue('c', 'd')} ${is})`,
    )
  }
  if (filter.unit !== undefined) where.push(withinUnit({ unitKey: filter.unit }, 'c.unit_key', values))
  equal('c.rule', filter.rule)
  equal('c.reason', filter.reason)
  equal('c.band', filter.band)
  // A deadline that passed a moment ago is missed, judged or not; so the loop's own number counts it.
  if (filter.missed)
    where.push(`(exists (select from case_deadlines d where d.case_id = c.case_id and d.missed_at is not null)
         or (${waiting} and c.contact_due_at <= ${parameter(asker.now)}))`)
  if (filter.from) where.push(`c.opened_at >= ${parameter(filter.from)}`)
  if (filter.to) where.push(`c.opened_at < ${parameter(filter.to)}`)
  equal('c.value_segment', filter.segment)
  equal('c.employee_key', filter.employee)
  equal('c.contact_id', filter.contactId)
  equal('c.account_id', filter.accountId)
  equal('c.high_value', filter.highValue)
  equal('c.decision_maker', filter.decisionMaker)
  equal('c.priority_theme', filter.priorityTheme)
  if (filter.overdue) where.push(`${waiting} and c.contact_due_at < ${parameter(asker.now)}`)
  if (filter.dueBefore) where.push(`${waiting} and c.contact_due_at <= ${parameter(filter.dueBefore)}`)
  return where
}

const open = `c.state <> 'closed'`
const handedUp = 'd.open and d.escalated_at is not null'
const escalated = `select d.case_id from case_deadlines d where ${handedUp}`
const waiting = `${open} and c.contacted_at is null`

function tabSql(tab: CaseTab, { me, now }: Asker, parameter: Parameter): string {
  const free = () => `(c.hold_until is null or c.hold_until <= ${parameter(now)})`
  switch (tab) {
    case 'mine':
      return `${open} and c.owner = ${parameter(me)} and ${free()}`
    case 'news':
      return 'c.news_revision is not null'
    case 'unassigned':
      return `${open} and c.owner is null and ${free()}`
    case 'overdue':
      return `${waiting} and c.contact_due_at < ${parameter(now)} and ${free()}`
    case 'dueSoon':
      return `${waiting} and c.contact_due_at >= ${parameter(now)}
        and c.contact_due_at < ${parameter(new Date(now.getTime() + soon))} and ${free()}`
    case 'escalated':
      return `${open} and c.case_id in (${escalated})`
    case 'watching':
      return `${open} and c.case_id in (select p.case_id from case_people p where p.person = ${parameter(me)})`
    case 'open':
      return `${open} and ${free()}`
    case 'held':
      return `${open} and c.hold_until > ${parameter(now)}`
    case 'closed':
      return `c.state = 'closed'`
    case 'all':
      return 'true'
  }
}

interface OpenCounts extends Row {
  open: number
  /** Were or are held: most workspaces hold none. */
  withHold: number
  mine: number
  unassigned: number
  overdue: number
  dueSoon: number
}

/** One look at each open case, as cheap as it can be: nothing is asked of a case that another count has answered. */
async function countOpen(tx: Tx, { me, scope, now }: Asker, heldAlone: boolean): Promise<OpenCounts> {
  const values: unknown[] = [me, now, new Date(now.getTime() + soon)]
  const scoped = visibleCase(scope, 'c', values)
  const [counts] = await tx.query<OpenCounts & { owned: number; due: number }>(
    `select count(*) as open, count(c.hold_until) as "withHold", count(*) filter (where c.owner = $1) as mine,
       count(c.owner) as owned,
       count(*) filter (where c.contacted_at is null and c.contact_due_at < $2::timestamptz) as overdue,
       count(*) filter (where c.contacted_at is null and c.contact_due_at < $3::timestamptz) as due
     from cases c where ${open} and ${scoped} ${heldAlone ? 'and c.hold_until > $2::timestamptz' : ''}`,
    values,
  )
  const { open: all, owned, due, ...others } = counts!
  return { ...others, open: all, unassigned: all - owned, dueSoon: due - others.overdue }
}

async function countTabs(tx: Tx, asker: Asker): Promise<Inbox['counts']> {
  const all = await countOpen(tx, asker, false)
  const held = all.withHold > 0 ? await countOpen(tx, asker, true) : undefined
  const free = (tab: 'open' | 'mine' | 'unassigned' | 'overdue' | 'dueSoon') => all[tab] - (held?.[tab] ?? 0)
  const seen: unknown[] = [asker.me]
  const [watching] = await tx.query<{ n: number }>(
    `select count(*) as n from case_people p join cases c on c.case_id = p.case_id
     where p.person = $1 and ${open} and ${visibleCase(asker.scope, 'c', seen)}`,
    seen,
  )
  const unread: unknown[] = []
  const [news] = await tx.query<{ n: number }>(
    `select count(*) as n from cases c where c.news_revision is not null and ${visibleCase(asker.scope, 'c', unread)}`,
    unread,
  )
  const upwards: unknown[] = []
  const [up] = await tx.query<{ n: number }>(
    asker.scope.notAbout === undefined
      ? `select count(*) as n from case_deadlines d where ${handedUp} and ${withinUnit(asker.scope, 'd.unit_key', upwards)}`
      : `select count(*) as n from case_deadlines d join cases c on c.case_id = d.case_id
         where ${handedUp} and ${visibleCase(asker.scope, 'c', upwards)}`,
    upwards,
  )
  const own: unknown[] = []
  const closed = await countUpTo(
    tx,
    `c.state = 'closed' and ${visibleCase(asker.scope, 'c', own)}`,
    own,
    countedAtMost,
  )
  return {
    open: free('open'),
    held: held?.open ?? 0,
    mine: free('mine'),
    unassigned: free('unassigned'),
    overdue: free('overdue'),
    dueSoon: free('dueSoon'),
    escalated: up?.n ?? 0,
    watching: watching?.n ?? 0,
    news: news?.n ?? 0,
    closed,
  }
}

async function countUpTo(tx: Tx, where: string, values: unknown[], most: number): Promise<number> {
  const [count] = await tx.query<{ n: number }>(
    `select count(*) as n from (select 1 from cases c where ${where} limit ${most}) as counted`,
    values,
  )
  return count?.n ?? 0
}

function readCursor(cursor: string, sort: CaseSort): string[] {
  try {
    const [of, ...keys] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    const fits = keys.every(
      (key, index) => typeof key === 'string' && keyForms[orders[sort].types[index] ?? '']?.test(key),
    )
    if (of === sort && keys.length === orders[sort].keys.length && fits) return keys as string[]
  } catch {
    // Told below, as all that is none of ours.
  }
  throw new Refusal('request.malformed', undefined, [
    { where: 'querystring/cursor', message: 'expected `next` of an earlier page in the same order' },
  ])
}

const keyForms: Record<string, RegExp> = {
  boolean: /^(true|false)$/,
  timestamptz: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/,
  'double precision': /^-?(Infinity|[\d.]+(e[+-]?\d+)?)$/,
  uuid: /^[0-9a-f-]{36}$/,
}
