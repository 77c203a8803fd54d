import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Principal } from '../base/principal.ts'
import { Nullable, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { actorOf } from '../people/who.ts'
import { scoreOf } from '../program/score.ts'
import type { NotifyParts } from './praise.ts'
import { keepOut, releaseHeld } from './release.ts'
import {
  listDigests,
  listNotifications,
  type NotificationScope,
  praiseFirstStanding,
  setPraiseFirst,
} from './store.ts'
import { DigestShape, NotificationShape, notificationStates, StandingShape } from './wire.ts'

const tags = ['Praise and criticism']
const strict = { additionalProperties: false }
/** Whoever is an employee and no more sees what they are told themselves: never criticism of themselves. A manager sees
 * none of themselves either, nor of the managers above.
 */
function notificationScope(principal: Principal): NotificationScope {
  if (principal.role === 'employee') return { readerKey: principal.employeeKey ?? null }
  const scope = unitScope(principal)
  if (principal.role !== 'unitManager' || scope.unitKey === undefined) return scope
  return { ...scope, manages: { unitKey: scope.unitKey, employeeKey: principal.employeeKey ?? null } }
}

/** Who was told what of whose work, what is held back, and the launch mode. */
export function notificationRoutes(parts: Omit<NotifyParts, 'log'>): FastifyPluginAsyncTypebox {
  const { database, programs } = parts
  return async (app) => {
    app.get(
      '/v1/notifications',
      {
        config: { scope: 'responses:read' },
        schema: {
          tags,
          summary: 'Praise and criticism, the latest first: who was told, what is held back and why',
          querystring: Type.Object({
            kind: Type.Optional(oneOf(['praise', 'criticism'])),
            state: Type.Optional(oneOf(notificationStates)),
            reader: Type.Optional(Type.String({ maxLength: 200, description: 'key of an employee' })),
            employee: Type.Optional(Type.String({ maxLength: 200, description: 'whom it is about' })),
            from: Type.Optional(Type.String({ format: 'date-time' })),
            to: Type.Optional(Type.String({ format: 'date-time' })),
            cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(NotificationShape),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) => {
        const { from, to, limit, ...rest } = query
        const filter = {
          ...rest,
          limit: limit ?? 50,
          ...(from ? { from: new Date(from) } : {}),
          ...(to ? { to: new Date(to) } : {}),
        }
        const page = await database.inWorkspace(principal.workspaceId, (tx) =>
          listNotifications(tx, filter, notificationScope(principal)),
        )
        const items = await Promise.all(
          page.items.map(async (found) => {
            const { program } = await programs.version(principal.workspaceId, found.version)
            const named = (key: string | null, name: string | null) => (key === null ? null : { key, name })
            return {
              notificationId: found.notificationId,
              kind: found.kind,
              responseId: found.responseId,
              about: named(found.employeeKey, found.employeeName),
              reader: named(found.readerKey, found.readerName),
              channel: found.channel,
              unit: named(found.unitKey, found.unitName),
              state: found.state,
              mail: found.mail,
              reason: found.reason,
              createdAt: found.createdAt,
              dueAt: found.dueAt,
              settledAt: found.settledAt,
              settledBy: found.settledBy,
              survey: found.survey,
              score: scoreOf(program, found.survey, found.answers),
              comment: found.comment,
            }
          }),
        )
        return { ...page, items }
      },
    )
    for (const [path, summary, settle] of [
      ['release', 'Send what was held: these, or all; counts how many', releaseHeld],
      ['keep-out', 'Let what was held stay out for good: these, or all', keepOut],
    ] as const) {
      app.post(
        `/v1/notifications/${path}`,
        {
          config: { scope: 'program:write' },
          schema: {
            tags,
            summary,
            body: Type.Object(
              {
                ids: Type.Optional(
                  Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 1000 }),
                ),
                before: Type.Optional(
                  Type.String({ format: 'date-time', description: 'only what came up before' }),
                ),
              },
              strict,
            ),
            response: { 200: Type.Object({ settled: Type.Integer() }) },
          },
        },
        async ({ principal, body }) => {
          const { ids, before } = body
          const settling = {
            by: actorOf(principal).id,
            scope: unitScope(principal),
            ...(ids ? { ids } : {}),
            ...(before ? { before: new Date(before) } : {}),
          }
          const settled = await database.inWorkspace(principal.workspaceId, (tx) =>
            settle(tx, parts, settling),
          )
          return { settled }
        },
      )
    }
    app.get(
      '/v1/praise-first',
      {
        config: { scope: 'responses:read' },
        schema: { tags, summary: 'How the launch mode stands', response: { 200: StandingShape } },
      },
      async ({ principal }) =>
        database.inWorkspace(principal.workspaceId, (tx) =>
          praiseFirstStanding(tx, parts, notificationScope(principal)),
        ),
    )
    app.put(
      '/v1/praise-first',
      {
        config: { scope: 'program:write' },
        schema: {
          tags,
          summary: 'End the launch mode, or begin it anew as the program has it; what is held stays held',
          body: Type.Object({ ended: Type.Boolean() }, strict),
          response: { 200: StandingShape },
        },
      },
      async ({ principal, body }) =>
        database.inWorkspace(principal.workspaceId, async (tx) => {
          await setPraiseFirst(tx, parts, body.ended, actorOf(principal).id)
          return praiseFirstStanding(tx, parts, notificationScope(principal))
        }),
    )
    app.get(
      '/v1/digests',
      {
        config: { scope: 'responses:read' },
        schema: {
          tags,
          summary: 'Summaries of praise, criticism and cases: to whom, how often, and when next',
          response: { 200: Type.Object({ items: Type.Array(DigestShape) }) },
        },
      },
      async ({ principal }) => ({
        items: await database.inWorkspace(principal.workspaceId, (tx) => listDigests(tx, parts)),
      }),
    )
  }
}
