import { addDuration, type Clock } from '../../base/clock.ts'
import { type Fault, Refusal } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { requireUnit } from '../../people/apiKeys.ts'
import type { LanguageCode } from '../../program/schema.ts'
import type { Row, Tx } from '../../storage/postgres.ts'
import type { ChatFormat } from './chat.ts'
import type { HookEventName } from './events.ts'
import { newSecret } from './signing.ts'

export type TargetState = 'active' | 'paused' | 'gone'

export interface Webhook extends Row {
  webhookId: string
  url: string
  description: string
  events: HookEventName[]
  unitKey: string | null
  state: TargetState
  sequence: number
  createdAt: Date
  createdBy: string | null
  /** Until when the secret before this one signs too. */
  earlierUntil: Date | null
  waiting: number
  dead: number
}

export interface ChatChannel extends Row {
  channelId: string
  name: string
  format: ChatFormat
  /** The host alone: whoever knows the whole address can write there. */
  host: string
  events: HookEventName[]
  unitKey: string | null
  language: LanguageCode
  state: TargetState
  createdAt: Date
  waiting: number
  dead: number
}

export interface WebhookInput {
  url: string
  description?: string
  events: readonly HookEventName[]
  unitKey?: string | null
  state?: 'active' | 'paused'
}

export interface ChatChannelInput {
  name: string
  format: ChatFormat
  url: string
  events?: readonly HookEventName[]
  unitKey?: string | null
  language: LanguageCode
  state?: 'active' | 'paused'
}

/** For how long the secret before the present one signs too. */
const overlap = 'P1D'

const counted = (id: string) => `
  (select count(*) from deliveries d where d.target_id = t.${id} and d.state in ('queued', 'sending')) as waiting,
  (select count(*) from deliveries d where d.target_id = t.${id} and d.state = 'dead') as dead`
const webhookColumns = `t.webhook_id as "webhookId", t.url, t.description, t.events, t.unit_key as "unitKey", t.state,
  t.sequence, t.created_at as "createdAt", t.created_by as "createdBy", t.earlier_until as "earlierUntil",
  ${counted('webhook_id')}`
const channelColumns = `t.channel_id as "channelId", t.name, t.format, split_part(t.url, '/', 3) as host, t.events,
  t.unit_key as "unitKey", t.language, t.state, t.created_at as "createdAt", ${counted('channel_id')}`

/** The poster says what an address must be like. */
type Problem = (url: string) => string | undefined

async function requirePlace(tx: Tx, input: { url?: string; unitKey?: string | null }, problem: Problem) {
  const wrong = input.url === undefined ? undefined : problem(input.url)
  if (wrong) {
    const faults: Fault[] = [{ where: 'body/url', message: wrong }]
    throw new Refusal('request.malformed', 'Nothing can be sent to this address.', faults)
  }
  if (input.unitKey) await requireUnit(tx, input.unitKey)
}

export function listWebhooks(tx: Tx): Promise<Webhook[]> {
  return tx.query<Webhook>(`select ${webhookColumns} from webhooks t order by t.created_at, t.webhook_id`)
}

/** @throws Refusal thing.unknown */
export async function readWebhook(tx: Tx, webhookId: string): Promise<Webhook> {
  const [found] = await tx.query<Webhook>(
    `select ${webhookColumns} from webhooks t where t.webhook_id = $1`,
    [webhookId],
  )
  if (!found) throw new Refusal('thing.unknown')
  return found
}

/** Makes a webhook; its secret is told this once.
 * @throws Refusal request.malformed when nothing can be sent to the address, or there is no such unit
 */
export async function createWebhook(
  tx: Tx,
  clock: Clock,
  input: WebhookInput & { createdBy?: string },
  problem: Problem,
): Promise<{ webhook: Webhook; secret: string }> {
  await requirePlace(tx, input, problem)
  const webhookId = newId(clock)
  const secret = newSecret()
  await tx.query(
    `insert into webhooks (workspace_id, webhook_id, url, description, events, unit_key, secret, state, created_at,
       created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tx.workspaceId,
      webhookId,
      input.url,
      input.description ?? '',
      [...new Set(input.events)],
      input.unitKey ?? null,
      secret,
      input.state ?? 'active',
      clock.now(),
      input.createdBy ?? null,
    ],
  )
  return { webhook: await readWebhook(tx, webhookId), secret }
}

/** @throws Refusal thing.unknown, request.malformed */
export async function changeWebhook(
  tx: Tx,
  webhookId: string,
  input: Partial<WebhookInput>,
  problem: Problem,
): Promise<Webhook> {
  await requirePlace(tx, input, problem)
  await readWebhook(tx, webhookId)
  await tx.query(
    `update webhooks set url = coalesce($2, url), description = coalesce($3, description),
       events = coalesce($4::text[], events), unit_key = case when $5 then $6 else unit_key end,
       state = coalesce($7, state) where webhook_id = $1`,
    [
      webhookId,
      input.url ?? null,
      input.description ?? null,
      input.events ? [...new Set(input.events)] : null,
      input.unitKey !== undefined,
      input.unitKey ?? null,
      input.state ?? null,
    ],
  )
  return readWebhook(tx, webhookId)
}

/** Gives a new secret; the one before signs too for a day, so that the receiver can change over without a gap.
 * @throws Refusal thing.unknown
 */
export async function rotateSecret(
  tx: Tx,
  clock: Clock,
  webhookId: string,
): Promise<{ webhook: Webhook; secret: string }> {
  await readWebhook(tx, webhookId)
  const secret = newSecret()
  await tx.query(
    'update webhooks set earlier_secret = secret, earlier_until = $3, secret = $2 where webhook_id = $1',
    [webhookId, secret, addDuration(clock.now(), overlap)],
  )
  return { webhook: await readWebhook(tx, webhookId), secret }
}

/** Takes a webhook or channel away, with all that waits for it. @throws Refusal thing.unknown */
export async function removeTarget(tx: Tx, kind: 'webhook' | 'chat', id: string): Promise<void> {
  const [table, column] = kind === 'webhook' ? ['webhooks', 'webhook_id'] : ['chat_channels', 'channel_id']
  const gone = await tx.query(`delete from ${table} where ${column} = $1 returning 1`, [id])
  if (gone.length === 0) throw new Refusal('thing.unknown')
  await tx.query('delete from deliveries where target_id = $1', [id])
}

export function listChatChannels(tx: Tx): Promise<ChatChannel[]> {
  return tx.query<ChatChannel>(`select ${channelColumns} from chat_channels t order by t.name`)
}

/** @throws Refusal thing.unknown */
export async function channelId(tx: Tx, name: string): Promise<string> {
  const [found] = await tx.query<{ id: string }>(
    'select channel_id as id from chat_channels where name = $1',
    [name],
  )
  if (!found) throw new Refusal('thing.unknown')
  return found.id
}

/** Makes a channel, or changes the one of this name. @throws Refusal request.malformed */
export async function putChatChannel(
  tx: Tx,
  clock: Clock,
  input: Omit<ChatChannelInput, 'url'> & { url?: string; createdBy?: string },
  problem: Problem,
): Promise<ChatChannel> {
  await requirePlace(tx, input, problem)
  const [known] = await tx.query<{ url: string }>('select url from chat_channels where name = $1', [
    input.name,
  ])
  const url = input.url ?? known?.url
  if (url === undefined) {
    const faults: Fault[] = [{ where: 'body/url', message: 'a new channel needs its address' }]
    throw new Refusal('request.malformed', undefined, faults)
  }
  await tx.query(
    `insert into chat_channels (workspace_id, channel_id, name, format, url, events, unit_key, language, state,
       created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (workspace_id, name) do update set format = excluded.format, url = excluded.url,
       events = excluded.events, unit_key = excluded.unit_key, language = excluded.language, state = excluded.state`,
    [
      tx.workspaceId,
      newId(clock),
      input.name,
      input.format,
      url,
      [...new Set(input.events ?? [])],
      input.unitKey ?? null,
      input.language,
      input.state ?? 'active',
      clock.now(),
      input.createdBy ?? null,
    ],
  )
  const [made] = await tx.query<ChatChannel>(
    `select ${channelColumns} from chat_channels t where t.name = $1`,
    [input.name],
  )
  return made as ChatChannel
}
