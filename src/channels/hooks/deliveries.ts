import type { Clock } from '../../base/clock.ts'
import { Refusal } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import type { Announce } from '../../storage/jobs.ts'
import type { Row, Tx } from '../../storage/postgres.ts'
import { type ChatFormat, chatBody } from './chat.ts'
import type { HookEventName } from './events.ts'

export const deliveryStates = ['queued', 'sending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export interface Delivery extends Row {
  deliveryId: string
  target: 'webhook' | 'chat'
  targetId: string
  event: HookEventName
  aboutId: string
  sequence: number
  occurredAt: Date
  state: DeliveryState
  attempts: number
  tryAt: Date
  deliveredAt: Date | null
  status: number | null
  error: string | null
}

/** What was and is to be posted to one target, the latest event first.
 * @param before a sequence: only events before it
 */
export async function listDeliveries(
  tx: Tx,
  filter: { target: string; state?: DeliveryState; before?: number; limit: number },
): Promise<{ items: Delivery[]; next: number | null }> {
  const rows = await tx.query<Delivery>(
    `select delivery_id as "deliveryId", target, target_id as "targetId", event, about_id as "aboutId", sequence,
       occurred_at as "occurredAt", state, attempts, try_at as "tryAt", delivered_at as "deliveredAt", status, error
     from deliveries
     where target_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or sequence < $3)
     order by sequence desc limit $4`,
    [filter.target, filter.state ?? null, filter.before ?? null, filter.limit + 1],
  )
  const items = rows.slice(0, filter.limit)
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.sequence ?? null) : null }
}

/** Posts again, under the same ids: one, those of a span of time, or those given up.
 * @returns how many will be posted
 * @throws Refusal request.malformed when it is not said which
 */
export async function replayDeliveries(
  tx: Tx,
  parts: { clock: Clock; announce: Announce },
  which: { target: string; delivery?: string; state?: DeliveryState; from?: Date; to?: Date },
): Promise<number> {
  const { delivery, state, from, to } = which
  if (!(delivery ?? state ?? from ?? to))
    throw new Refusal('request.malformed', 'Say which: one `delivery`, a span `from` `to`, or a `state`.')
  const now = parts.clock.now()
  const rows = await tx.query(
    `update deliveries set state = 'queued', attempts = 0, queued_at = $6, try_at = $6, error = null,
       delivered_at = null
     where target_id = $1 and state in ('delivered', 'dead', 'queued') and ($2::uuid is null or delivery_id = $2)
       and ($3::text is null or state = $3)
       and ($4::timestamptz is null or occurred_at >= $4) and ($5::timestamptz is null or occurred_at < $5)
     returning 1`,
    [which.target, delivery ?? null, state ?? null, from ?? null, to ?? null, now],
  )
  if (rows.length > 0) {
    await parts.announce(tx, { kind: 'hook.queued', workspaceId: tx.workspaceId as string }, now)
  }
  return rows.length
}

/** Queues a trial for one target, whatever events it asked for. @throws Refusal thing.unknown */
export async function pingTarget(
  tx: Tx,
  parts: { clock: Clock; announce: Announce },
  kind: 'webhook' | 'chat',
  id: string,
): Promise<string> {
  const [table, column] = kind === 'webhook' ? ['webhooks', 'webhook_id'] : ['chat_channels', 'channel_id']
  const [target] = await tx.query<{ sequence: number; format?: ChatFormat }>(
    `update ${table} set sequence = sequence + 1 where ${column} = $1
     returning sequence${kind === 'chat' ? ', format' : ''}`,
    [id],
  )
  if (!target) throw new Refusal('thing.unknown')
  const now = parts.clock.now()
  const message = 'Samklang reaches this place.'
  const body = target.format
    ? chatBody[target.format]({ title: message })
    : { type: 'ping', timestamp: now, sequence: target.sequence, data: { message } }
  const deliveryId = newId(parts.clock)
  await tx.query(
    `insert into deliveries (workspace_id, delivery_id, target, target_id, event, about_id, sequence, occurred_at,
       body, state, queued_at, try_at)
     values ($1, $2, $3, $4, 'ping', $4, $5, $6, $7, 'queued', $6, $6)`,
    [tx.workspaceId, deliveryId, kind, id, target.sequence, now, JSON.stringify(body)],
  )
  await parts.announce(tx, { kind: 'hook.queued', workspaceId: tx.workspaceId as string }, now)
  return deliveryId
}
