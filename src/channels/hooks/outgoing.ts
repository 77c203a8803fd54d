// For: what other systems and chat channels are to be told, each once.
// In: things that happened, in the transaction that tells of them. Out: rows of table deliveries.
import type { Clock } from '../../base/clock.ts'
import { stableId } from '../../base/ids.ts'
import type { LanguageCode } from '../../program/schema.ts'
import type { Announce } from '../../storage/jobs.ts'
import type { Row, Tx } from '../../storage/postgres.ts'
import { type ChatFormat, type ChatText, chatBody } from './chat.ts'
import type { TargetState } from './endpoints.ts'
import type { HookEventName } from './events.ts'

export interface HookEvent {
  event: HookEventName
  /** Names this happening: the same one queued again adds nothing. */
  id: string
  /** The response or case it is about. */
  aboutId: string
  at: Date
  /** When it became known here, where that is later than `at`: by it is decided who is told. */
  knownAt?: Date
  unitKey: string | null
  /** As the event's schema in events.ts has it. */
  data: object
  /** What is said in chat channels; left out when nothing is. */
  chat?: (language: LanguageCode) => ChatText
  /** Names of channels that are told besides those that asked for the event. */
  channels?: readonly string[]
  /** Chat channels are told no sooner, as in quiet hours. */
  chatAt?: Date
}

interface Target extends Row {
  id: string
  events: HookEventName[]
  unitKey: string | null
  sequence: number
  state: TargetState
  createdAt: Date
  name?: string
  format?: ChatFormat
  language?: LanguageCode
}

interface NewDelivery {
  id: string
  target: 'webhook' | 'chat'
  targetId: string
  event: HookEvent
  tryAt: Date
  body(sequence: number): string
}

/** Queues events for every webhook and channel that asked for them, and announces hook.queued. An event that a
 * target was told of already, and one that was known before there was the target, is left out. Of a target that is gone they are
 * kept as given up, with their place in its sequence, so that they can be posted when it is back.
 */
export async function queueHooks(
  tx: Tx,
  parts: { clock: Clock; announce: Announce },
  events: readonly HookEvent[],
): Promise<number> {
  if (events.length === 0) return 0
  const kinds = [...new Set(events.map(({ event }) => event))]
  const named = [...new Set(events.flatMap(({ channels }) => channels ?? []))]
  // Locked, so that each target's events are numbered one after the other.
  const webhooks = await tx.query<Target>(
    `select webhook_id as id, events, unit_key as "unitKey", sequence, state, created_at as "createdAt" from webhooks
     where events && $1::text[] order by webhook_id for update`,
    [kinds],
  )
  const channels = await tx.query<Target>(
    `select channel_id as id, events, unit_key as "unitKey", sequence, state, created_at as "createdAt", name, format,
       language
     from chat_channels where events && $1::text[] or name = any($2::text[]) order by channel_id for update`,
    [kinds, named],
  )
  if (webhooks.length + channels.length === 0) return 0
  const within = await unitsAbove(tx, events)
  const now = parts.clock.now()
  const wanted: NewDelivery[] = []
  for (const event of events) {
    const concerns = (target: Target) =>
      (event.knownAt ?? event.at) >= target.createdAt &&
      (target.unitKey === null || (within.get(event.unitKey ?? '') ?? []).includes(target.unitKey))
    for (const target of webhooks) {
      if (!target.events.includes(event.event) || !concerns(target)) continue
      const body = (sequence: number) =>
        JSON.stringify({ type: event.event, timestamp: event.at, sequence, data: event.data })
      wanted.push({ ...idsOf(tx, 'webhook', target, event), event, tryAt: now, body })
    }
    for (const target of channels) {
      const { chat } = event
      const asked = target.events.includes(event.event) && concerns(target)
      if (!chat || !(asked || event.channels?.includes(target.name as string))) continue
      const body = () =>
        JSON.stringify(chatBody[target.format as ChatFormat](chat(target.language as LanguageCode)))
      const tryAt = event.chatAt && event.chatAt > now ? event.chatAt : now
      wanted.push({ ...idsOf(tx, 'chat', target, event), event, tryAt, body })
    }
  }
  return store(tx, parts, wanted, new Map([...webhooks, ...channels].map((target) => [target.id, target])))
}

/** Names the post of an event to a target, so that it is made once and found again. */
export const deliveryId = (tx: Tx, targetId: string, { event, id }: Pick<HookEvent, 'event' | 'id'>) =>
  stableId(tx.workspaceId as string, 'delivery', targetId, event, id)

const idsOf = (tx: Tx, kind: 'webhook' | 'chat', target: Target, event: HookEvent) => ({
  id: deliveryId(tx, target.id, event),
  target: kind,
  targetId: target.id,
})

/** Whether anybody asked for one of these events, so that they are worth gathering. */
export async function isWanted(tx: Tx, events: readonly HookEventName[]): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from webhooks where events && $1::text[]
     union all select 1 from chat_channels where events && $1::text[] limit 1`,
    [events],
  )
  return rows.length > 0
}

async function unitsAbove(tx: Tx, events: readonly HookEvent[]): Promise<Map<string, string[]>> {
  const keys = [...new Set(events.flatMap(({ unitKey }) => unitKey ?? []))]
  if (keys.length === 0) return new Map()
  const rows = await tx.query<{ key: string; path: string[] }>(
    'select unit_key as key, path from units where unit_key = any($1::text[])',
    [keys],
  )
  return new Map(rows.map(({ key, path }) => [key, path]))
}

async function store(
  tx: Tx,
  { clock, announce }: { clock: Clock; announce: Announce },
  wanted: NewDelivery[],
  targets: Map<string, Target>,
): Promise<number> {
  const known = await tx.query<{ id: string }>(
    'select delivery_id as id from deliveries where delivery_id = any($1::uuid[])',
    [wanted.map(({ id }) => id)],
  )
  const told = new Set(known.map(({ id }) => id))
  const fresh = wanted.filter(({ id }) => !told.has(id))
  if (fresh.length === 0) return 0
  const rows = fresh.map(({ id, target, targetId, event, tryAt, body }) => {
    const to = targets.get(targetId) as Target
    const sequence = ++to.sequence
    const lost = to.state === 'gone'
    return {
      state: lost ? 'dead' : 'queued',
      error: lost ? 'not posted: the receiver has answered 410 (gone)' : null,
      id,
      target,
      target_id: targetId,
      event: event.event,
      about: event.aboutId,
      sequence,
      occurred_at: event.at,
      body: body(sequence),
      try_at: tryAt,
    }
  })
  const counted = JSON.stringify([...targets.values()].map(({ id, sequence }) => ({ id, sequence })))
  for (const [table, column] of [
    ['webhooks', 'webhook_id'],
    ['chat_channels', 'channel_id'],
  ])
    await tx.query(
      `update ${table} t set sequence = r.sequence from json_to_recordset($1::json) as r(id uuid, sequence bigint)
       where t.${column} = r.id and t.sequence < r.sequence`,
      [counted],
    )
  await tx.query(
    `insert into deliveries (workspace_id, delivery_id, target, target_id, event, about_id, sequence, occurred_at,
       body, state, error, queued_at, try_at)
     select $1::uuid, r.id, r.target, r.target_id, r.event, r.about, r.sequence, r.occurred_at, r.body, r.state, r.error,
       $2::timestamptz, r.try_at
     from json_to_recordset($3::json) as r(id uuid, target text, target_id uuid, event text, about uuid,
       sequence bigint, occurred_at timestamptz, body text, state text, error text, try_at timestamptz)
     on conflict do nothing`,
    [tx.workspaceId, clock.now(), JSON.stringify(rows)],
  )
  const workspaceId = tx.workspaceId as string
  for (const time of new Set(fresh.map(({ tryAt }) => tryAt.getTime())))
    await announce(tx, { kind: 'hook.queued', workspaceId }, new Date(time))
  return fresh.length
}
