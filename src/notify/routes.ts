import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Principal } from '../base/principal.ts'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { actorOf } from '../people/who.ts'
import { ScoreShape } from '../people/wire.ts'
import { scoreOf } from '../program/score.ts'
import type { NotifyParts } from './praise.ts'
import {
  keepOut,
  listNotifications,
  type NotificationScope,
  notificationStates,
  praiseFirstStanding,
  releaseHeld,
  setPraiseFirst,
} from './store.ts'

const tags = ['Praise and criticism']
const strict = { additionalProperties: false }
const Named = Nullable(Type.Object({ key: Type.String(), name: Nullable(Type.String()) }))
const NotificationShape = Type.Object({
  notificationId: Type.String(),
  kind: oneOf(['praise', 'criticism']),
  responseId: Type.String(),
  about: { ...Named, description: 'the employee it is about' },
  reader: { ...Named, description: 'who is told; null for a chat channel, and when there is nobody' },
  channel: Nullable(Type.String({ description: 'name of the chat channel that is told' })),
  unit: Named,
  state: oneOf(notificationStates, {
    description:
      'queued: it goes out, or went; held: kept back; keptOut: stays back; dropped: nobody could be told',
  }),
  mail: Nullable(oneOf(['queued', 'sending', 'sent', 'failed', 'uncertain'])),
  reason: Nullable(
    Type.String({
      description:
        'praiseFirst, notReleased, noAddress, noChannel, or why nobody is meant: noEmployee, noUnit, noManager, noAccountOwner, noFunction, gone, away',
    }),
  ),
  createdAt: Time,
  dueAt: { ...Time, description: 'when it goes out: at once, or when the quiet hours end' },
  settledAt: Nullable(Time),
  settledBy: Nullable(Type.String()),
  survey: Type.String(),
  score: Nullable(ScoreShape),
  comment: Nullable(Type.String()),
})
const StandingShape = Type.Object({
  active: Type.Boolean({ description: 'only the good goes out' }),
  until: Nullable(Type.String({ description: 'as the program has it: a date, or released' })),
  endedAt: Nullable(Time),
  endedBy: Nullable(Type.String()),
  held: Type.Integer(),
})

/** Whoever is an employee and no more sees what they are told themselves: never criticism of themselves. */
function notificationScope(principal: Principal): NotificationScope {
  return principal.role === 'employee' ? { readerKey: principal.employeeKey ?? null } : unitScope(principal)
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
          praiseFirstStanding(tx, parts, unitScope(principal)),
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
          return praiseFirstStanding(tx, parts, unitScope(principal))
        }),
    )
  }
}
