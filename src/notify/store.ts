import { Refusal } from '../base/errors.ts'
import { deliveryId } from '../channels/hooks/outgoing.ts'
import { type UnitScope, withinUnit } from '../people/access.ts'
import type { ProgramDigest } from '../program/schema-notify.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { NotificationKind } from './notes.ts'
import { isPraiseFirst, type NotifyParts } from './praise.ts'
import type { notificationStates } from './wire.ts'

export type NotificationState = (typeof notificationStates)[number]

export interface StoredNotification extends Row {
  notificationId: string
  kind: NotificationKind
  responseId: string
  employeeKey: string | null
  employeeName: string | null
  readerKey: string | null
  readerName: string | null
  channel: string | null
  unitKey: string | null
  unitName: string | null
  state: NotificationState
  /** How far the mail, or the post to the chat channel, has come; null when there is none. */
  mail: 'queued' | 'sending' | 'sent' | 'failed' | 'uncertain' | null
  reason: string | null
  createdAt: Date
  dueAt: Date
  settledAt: Date | null
  settledBy: string | null
  survey: string
  answers: Record<string, unknown>
  comment: string | null
  version: string
  language: string
  recipient: string | null
}

const columns = `n.notification_id as "notificationId", n.kind, n.response_id as "responseId",
  n.employee_key as "employeeKey", e.name as "employeeName", n.reader_key as "readerKey", p.name as "readerName",
  n.channel, n.unit_key as "unitKey", u.name as "unitName", n.state, m.state as mail, n.reason,
  n.created_at as "createdAt", n.due_at as "dueAt", n.settled_at as "settledAt", n.settled_by as "settledBy",
  r.survey, r.answers, r.comment, n.version, n.language, n.recipient`
const tables = `notifications n join responses r on r.response_id = n.response_id
  left join employees e on e.employee_key = n.employee_key
  left join employees p on p.employee_key = n.reader_key
  left join units u on u.unit_key = n.unit_key
  left join messages m on m.about_id = n.notification_id and m.kind = n.kind`

/** What somebody may see: their units', or only what they are told themselves. */
export interface NotificationScope extends UnitScope {
  /** Only what this employee is told; null: nothing. Left out: no such narrowing. */
  readerKey?: string | null
  /** No criticism of the manager of this unit, who reads, or of the managers of the units above it. */
  manages?: { unitKey: string; employeeKey: string | null }
}

export interface NotificationFilter {
  kind?: NotificationKind
  state?: NotificationState
  reader?: string
  employee?: string
  from?: Date
  to?: Date
  cursor?: string
  limit: number
}

function conditions(
  filter: Omit<NotificationFilter, 'cursor' | 'limit'>,
  scope: NotificationScope,
  values: unknown[],
) {
  const is = (column: string, value: unknown, operator = '=') => {
    values.push(value)
    return `${column} ${operator} $${values.length}`
  }
  return [
    withinUnit(scope, 'n.unit_key', values),
    ...(scope.manages ? [belowManager(scope.manages, values)] : []),
    ...(scope.readerKey === undefined ? [] : [is('n.reader_key', scope.readerKey)]),
    ...(filter.kind ? [is('n.kind', filter.kind)] : []),
    ...(filter.state ? [is('n.state', filter.state)] : []),
    ...(filter.reader ? [is('n.reader_key', filter.reader)] : []),
    ...(filter.employee ? [is('n.employee_key', filter.employee)] : []),
    ...(filter.from ? [is('n.created_at', filter.from, '>=')] : []),
    ...(filter.to ? [is('n.created_at', filter.to, '<')] : []),
  ]
}

function belowManager(
  { unitKey, employeeKey }: NonNullable<NotificationScope['manages']>,
  values: unknown[],
): string {
  const [own, unit] = [`$${values.push(employeeKey)}`, `$${values.push(unitKey)}`]
  return `(n.kind <> 'criticism' or (n.employee_key is distinct from ${own} and not exists (
    select from employees b join units o on o.unit_key = ${unit}
    where b.employee_key = n.employee_key and b.role = 'manager' and b.unit_key = any(o.path)
      and b.unit_key <> ${unit})))`
}

/** Praise and criticism, the latest first. @param filter.cursor `next` of the page before */
export async function listNotifications(
  tx: Tx,
  filter: NotificationFilter,
  scope: NotificationScope,
): Promise<{ items: StoredNotification[]; next: string | null; total: number }> {
  const values: unknown[] = []
  const where = conditions(filter, scope, values).join(' and ')
  const [count] = await tx.query<{ total: number }>(
    `select count(*) as total from notifications n where ${where}`,
    values,
  )
  let after = 'true'
  if (filter.cursor !== undefined) {
    const [, time = '', id = ''] = /^([\dTZ:.-]{20,30})_([0-9a-f-]{36})$/.exec(filter.cursor) ?? []
    if (Number.isNaN(Date.parse(time)))
      throw new Refusal('request.malformed', undefined, [
        { where: 'querystring/cursor', message: 'expected `next` of an earlier page' },
      ])
    values.push(new Date(time), id)
    after = `(n.created_at, n.notification_id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`
  }
  values.push(filter.limit + 1)
  const rows = await tx.query<StoredNotification>(
    `select ${columns} from ${tables} where ${where} and ${after}
     order by n.created_at desc, n.notification_id desc limit $${values.length}`,
    values,
  )
  const items = await withPosts(tx, rows.slice(0, filter.limit))
  const last = items.at(-1)
  const next =
    rows.length > filter.limit && last ? `${last.createdAt.toISOString()}_${last.notificationId}` : null
  return { items, next, total: count?.total ?? 0 }
}

const asMail = { queued: 'queued', sending: 'sending', delivered: 'sent', dead: 'failed' } as const

/** How far what goes to chat channels has come, in the words of mails. */
async function withPosts(tx: Tx, items: StoredNotification[]): Promise<StoredNotification[]> {
  const posted = items.filter(({ channel, state }) => channel !== null && state === 'queued')
  if (posted.length === 0) return items
  const channels = await tx.query<{ id: string; name: string }>(
    'select channel_id as id, name from chat_channels where name = any($1::text[])',
    [[...new Set(posted.map(({ channel }) => channel))]],
  )
  const idOf = ({ channel, kind, responseId }: StoredNotification) => {
    const target = channels.find(({ name }) => name === channel)
    return target && deliveryId(tx, target.id, { event: `${kind}.given`, id: responseId })
  }
  const rows = await tx.query<{ id: string; state: keyof typeof asMail }>(
    'select delivery_id as id, state from deliveries where delivery_id = any($1::uuid[])',
    [posted.flatMap((each) => idOf(each) ?? [])],
  )
  const states = new Map(rows.map(({ id, state }) => [id, asMail[state]]))
  return items.map((each) => {
    const id = posted.includes(each) ? idOf(each) : undefined
    // What was taken or given up is forgotten after a while.
    return id === undefined ? each : { ...each, mail: states.get(id) ?? 'sent' }
  })
}

export interface PraiseFirstStanding {
  active: boolean
  until: string | null
  endedAt: Date | null
  endedBy: string | null
  held: number
}

/** How the launch mode stands; of what is held, only what the reader may see is counted. */
export async function praiseFirstStanding(
  tx: Tx,
  parts: Pick<NotifyParts, 'clock' | 'programs'>,
  scope: NotificationScope,
): Promise<PraiseFirstStanding> {
  const checked = await parts.programs.activeIn(tx)
  const [end] = await tx.query<{ at: Date; by: string | null }>(
    'select ended_at as at, ended_by as by from praise_first_ends',
  )
  const values: unknown[] = []
  const where = conditions({ state: 'held' }, scope, values).join(' and ')
  const [held] = await tx.query<{ n: number }>(
    `select count(*) as n from notifications n where ${where}`,
    values,
  )
  return {
    active: await isPraiseFirst(tx, checked, parts.clock.now()),
    until: checked.program.notify?.praiseFirst?.until ?? null,
    endedAt: end?.at ?? null,
    endedBy: end?.by ?? null,
    held: held?.n ?? 0,
  }
}

/** Ends the launch mode before its date, or begins it anew. What is held stays so until somebody decides about it. */
export async function setPraiseFirst(
  tx: Tx,
  parts: Pick<NotifyParts, 'clock'>,
  ended: boolean,
  by: string,
): Promise<void> {
  if (!ended) await tx.query('delete from praise_first_ends')
  else
    await tx.query(
      `insert into praise_first_ends (workspace_id, ended_at, ended_by) values ($1, $2, $3) on conflict do nothing`,
      [tx.workspaceId, parts.clock.now(), by],
    )
}

/** Digests of the program in force, each with when it goes out next; null before its first turn is planned. */
export async function listDigests(
  tx: Tx,
  parts: Pick<NotifyParts, 'programs'>,
): Promise<Array<ProgramDigest & { nextAt: Date | null }>> {
  const { program } = await parts.programs.activeIn(tx)
  const turns = await tx.query<{ digest: string; at: Date }>('select digest, next_at as at from digest_turns')
  const next = new Map(turns.map(({ digest, at }) => [digest, at]))
  return (program.notify?.digests ?? []).map((digest) => ({ ...digest, nextAt: next.get(digest.id) ?? null }))
}
