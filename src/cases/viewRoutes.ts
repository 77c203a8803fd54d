import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Id } from '../base/wire.ts'
import { actorOf } from '../people/who.ts'
import type { Database } from '../storage/postgres.ts'
import { changeView, listViews, removeView, saveView } from './views.ts'
import { ViewBody, ViewShape } from './viewWire.ts'

const tags = ['Views']

/** Filters that somebody keeps, and may share. */
export function viewRoutes(parts: { database: Database; clock: Clock }): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  const config = { scope: 'read' } as const
  return async (app) => {
    app.get(
      '/v1/views',
      {
        config,
        schema: {
          tags,
          summary: 'Your saved views, and those that are shared',
          querystring: Type.Object({ page: Type.Optional(Type.String({ maxLength: 50 })) }),
          response: { 200: Type.Object({ items: Type.Array(ViewShape) }) },
        },
      },
      async ({ principal, query }) => ({
        items: await database.inWorkspace(principal.workspaceId, (tx) =>
          listViews(tx, actorOf(principal).id, query.page),
        ),
      }),
    )
    app.post(
      '/v1/views',
      { config, schema: { tags, summary: 'Keep a view', body: ViewBody, response: { 201: ViewShape } } },
      async ({ principal, body }, reply) => {
        const view = await database.inWorkspace(principal.workspaceId, (tx) =>
          saveView(tx, clock, actorOf(principal).id, body),
        )
        return reply.status(201).send(view)
      },
    )
    app.put(
      '/v1/views/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Change a view of yours',
          params: Id,
          body: ViewBody,
          response: { 200: ViewShape },
        },
      },
      async ({ principal, params, body }) =>
        database.inWorkspace(principal.workspaceId, (tx) =>
          changeView(tx, actorOf(principal).id, params.id, body),
        ),
    )
    app.delete(
      '/v1/views/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Remove a view of yours',
          params: Id,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async ({ principal, params }) => {
        await database.inWorkspace(principal.workspaceId, (tx) =>
          removeView(tx, actorOf(principal).id, params.id),
        )
        return { ok: true }
      },
    )
  }
}
