import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../../base/clock.ts'
import { Id, Nullable, oneOf, Time } from '../../base/wire.ts'
import { languages } from '../../program/schema.ts'
import type { Announce } from '../../storage/jobs.ts'
import type { Database } from '../../storage/postgres.ts'
import { chatFormats } from './chat.ts'
import { deliveryStates, listDeliveries, pingTarget, replayDeliveries } from './deliveries.ts'
import {
  changeWebhook,
  channelId,
  createWebhook,
  listChatChannels,
  listWebhooks,
  putChatChannel,
  readWebhook,
  removeTarget,
  rotateSecret,
} from './endpoints.ts'
import { hookEvents } from './events.ts'
import type { Poster } from './post.ts'

export interface HookRouteParts {
  database: Database
  clock: Clock
  announce: Announce
  poster: Pick<Poster, 'problem'>
}

const strict = { additionalProperties: false }
const Done = Type.Object({ ok: Type.Boolean() })
const config = { scope: 'admin' } as const
const Events = Type.Array(oneOf(hookEvents), { maxItems: 50 })
const Unit = Nullable(Type.String({ description: 'only what concerns this unit and those below it' }))
const targetStates = ['active', 'paused', 'gone'] as const
const settable = oneOf(['active', 'paused'], { description: 'what comes up while it is paused waits' })

export const WebhookShape = Type.Object({
  webhookId: Type.String(),
  url: Type.String(),
  description: Type.String(),
  events: Events,
  unitKey: Unit,
  state: oneOf(targetStates, { description: 'gone: the receiver answered 410' }),
  sequence: Type.Integer({ description: 'of the latest event for it' }),
  createdAt: Time,
  createdBy: Nullable(Type.String()),
  earlierUntil: Nullable(Time),
  waiting: Type.Integer(),
  dead: Type.Integer({ description: 'given up; replay posts them again' }),
})
const Secret = Type.String({ description: 'whsec_…; shown this once' })
const webhookInput = {
  url: Type.String({ maxLength: 2000 }),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  events: Type.Array(oneOf(hookEvents), { minItems: 1, maxItems: 50 }),
  unitKey: Type.Optional(Unit),
  state: Type.Optional(settable),
}

export const ChannelShape = Type.Object({
  channelId: Type.String(),
  name: Type.String(),
  format: oneOf(chatFormats),
  host: Type.String({ description: 'of its address, which is a secret and never shown' }),
  events: Events,
  unitKey: Unit,
  language: oneOf(languages),
  state: oneOf(targetStates),
  createdAt: Time,
  waiting: Type.Integer(),
  dead: Type.Integer(),
})

export const DeliveryShape = Type.Object({
  deliveryId: Type.String({ description: 'the header webhook-id' }),
  target: oneOf(['webhook', 'chat']),
  targetId: Type.String(),
  event: Type.String(),
  aboutId: Type.String({ description: 'the response or case' }),
  sequence: Type.Integer(),
  occurredAt: Time,
  state: oneOf(deliveryStates),
  attempts: Type.Integer(),
  tryAt: Time,
  deliveredAt: Nullable(Time),
  status: Nullable(Type.Integer({ description: 'of the latest answer' })),
  error: Nullable(Type.String()),
})

/** Webhooks, chat channels, and what was posted to them. */
export function hookRoutes(parts: HookRouteParts): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  const { problem } = parts.poster
  return async (app) => {
    await app.register(webhookRoutes)
    await app.register(channelRoutes)
    await app.register(deliveryRoutes)
  }

  async function webhookRoutes(app: Parameters<FastifyPluginAsyncTypebox>[0]) {
    const tags = ['Webhooks']
    app.get(
      '/v1/webhooks',
      {
        config,
        schema: {
          tags,
          summary: 'All webhooks',
          response: { 200: Type.Object({ items: Type.Array(WebhookShape) }) },
        },
      },
      async ({ principal }) => ({ items: await database.inWorkspace(principal.workspaceId, listWebhooks) }),
    )
    app.post(
      '/v1/webhooks',
      {
        config,
        schema: {
          tags,
          summary: 'Make a webhook; its secret is shown this once',
          body: Type.Object(webhookInput, strict),
          response: { 201: Type.Object({ ...WebhookShape.properties, secret: Secret }) },
        },
      },
      async ({ principal, body }, reply) => {
        const input = { ...body, createdBy: principal.name }
        const made = await database.inWorkspace(principal.workspaceId, (tx) =>
          createWebhook(tx, clock, input, problem),
        )
        return reply.status(201).send({ ...made.webhook, secret: made.secret })
      },
    )
    app.get(
      '/v1/webhooks/:id',
      { config, schema: { tags, summary: 'One webhook', params: Id, response: { 200: WebhookShape } } },
      async ({ principal, params }) =>
        database.inWorkspace(principal.workspaceId, (tx) => readWebhook(tx, params.id)),
    )
    app.put(
      '/v1/webhooks/:id',
      {
        config,
        schema: {
          tags,
          summary:
            'Change a webhook; what is left out stays. The state active puts one that was gone back in force',
          params: Id,
          body: Type.Partial(Type.Object(webhookInput), strict),
          response: { 200: WebhookShape },
        },
      },
      async ({ principal, params, body }) =>
        database.inWorkspace(principal.workspaceId, async (tx) => {
          const changed = await changeWebhook(tx, params.id, body, problem)
          await wake(tx)
          return changed
        }),
    )
    app.delete(
      '/v1/webhooks/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Take a webhook away, and what waits for it',
          params: Id,
          response: { 200: Done },
        },
      },
      async ({ principal, params }) => {
        await database.inWorkspace(principal.workspaceId, (tx) => removeTarget(tx, 'webhook', params.id))
        return { ok: true }
      },
    )
    app.post(
      '/v1/webhooks/:id/secret',
      {
        config,
        schema: {
          tags,
          summary: 'A new secret; the one before signs too for a day',
          params: Id,
          response: { 200: Type.Object({ ...WebhookShape.properties, secret: Secret }) },
        },
      },
      async ({ principal, params }) => {
        const { webhook, secret } = await database.inWorkspace(principal.workspaceId, (tx) =>
          rotateSecret(tx, clock, params.id),
        )
        return { ...webhook, secret }
      },
    )
    app.post(
      '/v1/webhooks/:id/ping',
      {
        config,
        schema: {
          tags,
          summary: 'Post a trial',
          params: Id,
          response: { 202: Type.Object({ deliveryId: Type.String() }) },
        },
      },
      async ({ principal, params }, reply) => {
        const deliveryId = await database.inWorkspace(principal.workspaceId, (tx) =>
          pingTarget(tx, parts, 'webhook', params.id),
        )
        return reply.status(202).send({ deliveryId })
      },
    )
  }

  async function channelRoutes(app: Parameters<FastifyPluginAsyncTypebox>[0]) {
    const tags = ['Chat']
    const Name = Type.Object({ name: Type.String({ pattern: '^[a-z][A-Za-z0-9]*$', maxLength: 60 }) })
    app.get(
      '/v1/chat-channels',
      {
        config,
        schema: {
          tags,
          summary: 'Chat channels; their addresses are not shown',
          response: { 200: Type.Object({ items: Type.Array(ChannelShape) }) },
        },
      },
      async ({ principal }) => ({
        items: await database.inWorkspace(principal.workspaceId, listChatChannels),
      }),
    )
    app.put(
      '/v1/chat-channels/:name',
      {
        config,
        schema: {
          tags,
          summary: 'Make a channel, or change the one of this name; without an address it keeps its own',
          params: Name,
          body: Type.Object(
            {
              format: oneOf(chatFormats),
              url: Type.Optional(Type.String({ maxLength: 2000 })),
              events: Type.Optional(Events),
              unitKey: Type.Optional(Unit),
              language: oneOf(languages),
              state: Type.Optional(settable),
            },
            strict,
          ),
          response: { 200: ChannelShape },
        },
      },
      async ({ principal, params, body }) => {
        const input = { ...body, name: params.name, createdBy: principal.name }
        return database.inWorkspace(principal.workspaceId, async (tx) => {
          const made = await putChatChannel(tx, clock, input, problem)
          await wake(tx)
          return made
        })
      },
    )
    app.delete(
      '/v1/chat-channels/:name',
      {
        config,
        schema: { tags, summary: 'Take a channel away', params: Name, response: { 200: Done } },
      },
      async ({ principal, params }) => {
        await database.inWorkspace(principal.workspaceId, async (tx) =>
          removeTarget(tx, 'chat', await channelId(tx, params.name)),
        )
        return { ok: true }
      },
    )
    app.post(
      '/v1/chat-channels/:name/ping',
      {
        config,
        schema: {
          tags,
          summary: 'Say something in it, as a trial',
          params: Name,
          response: { 202: Type.Object({ deliveryId: Type.String() }) },
        },
      },
      async ({ principal, params }, reply) => {
        const deliveryId = await database.inWorkspace(principal.workspaceId, async (tx) =>
          pingTarget(tx, parts, 'chat', await channelId(tx, params.name)),
        )
        return reply.status(202).send({ deliveryId })
      },
    )
  }

  async function deliveryRoutes(app: Parameters<FastifyPluginAsyncTypebox>[0]) {
    const tags = ['Webhooks']
    const Target = Type.String({ format: 'uuid', description: 'a webhook or chat channel' })
    app.get(
      '/v1/deliveries',
      {
        config,
        schema: {
          tags,
          summary: 'What was and is to be posted to one webhook or channel, the latest event first',
          querystring: Type.Object({
            target: Target,
            state: Type.Optional(oneOf(deliveryStates)),
            cursor: Type.Optional(Type.String({ pattern: '^\\d{0,15}$' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({ items: Type.Array(DeliveryShape), next: Nullable(Type.String()) }),
          },
        },
      },
      async ({ principal, query }) => {
        const filter = {
          target: query.target,
          limit: query.limit ?? 50,
          ...(query.state ? { state: query.state } : {}),
          ...(query.cursor ? { before: Number(query.cursor) } : {}),
        }
        const { items, next } = await database.inWorkspace(principal.workspaceId, (tx) =>
          listDeliveries(tx, filter),
        )
        return { items, next: next === null ? null : String(next) }
      },
    )
    app.post(
      '/v1/deliveries/replay',
      {
        config,
        schema: {
          tags,
          summary: 'Post again under the same ids: one, those of a span, or those given up',
          body: Type.Object(
            {
              target: Target,
              delivery: Type.Optional(Type.String({ format: 'uuid' })),
              state: Type.Optional(oneOf(['delivered', 'dead', 'queued'])),
              from: Type.Optional(Type.String({ format: 'date-time' })),
              to: Type.Optional(Type.String({ format: 'date-time' })),
            },
            strict,
          ),
          response: { 202: Type.Object({ replayed: Type.Integer() }) },
        },
      },
      async ({ principal, body }, reply) => {
        const { target, delivery, state, from, to } = body
        const which = {
          target,
          ...(delivery ? { delivery } : {}),
          ...(state ? { state } : {}),
          ...(from ? { from: new Date(from) } : {}),
          ...(to ? { to: new Date(to) } : {}),
        }
        const replayed = await database.inWorkspace(principal.workspaceId, (tx) =>
          replayDeliveries(tx, parts, which),
        )
        return reply.status(202).send({ replayed })
      },
    )
  }

  /** What waited while it was paused goes out. */
  function wake(tx: Parameters<Announce>[0]) {
    return parts.announce(tx, { kind: 'hook.queued', workspaceId: tx.workspaceId as string }, clock.now())
  }
}
