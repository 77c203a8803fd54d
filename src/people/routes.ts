import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type TSchema } from 'typebox'
import type { Clock } from '../base/clock.ts'
import { FieldValues, Id, Nullable, Time } from '../base/wire.ts'
import type { Programs } from '../program/store.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { unitScope } from './access.ts'
import { readCustomer, searchCustomers } from './customers.ts'
import { readTimeline } from './timeline.ts'
import { LanguageQuery, TimelineShape } from './wire.ts'

const tags = ['Customers']
const CustomerShape = Type.Object({
  id: Type.String(),
  key: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  account: Nullable(Type.String()),
  unit: Nullable(Type.String()),
})

/** Customers: search, and one with everything that happened. */
export function customerRoutes(parts: {
  database: Database
  clock: Clock
  programs: Programs
  /** What a person is worth, as value/ tells it. */
  value: { shape: TSchema; read: (tx: Tx, ref: { contactId: string }) => Promise<object | null> }
}): FastifyPluginAsyncTypebox {
  const { database, programs, value } = parts
  return async (app) => {
    app.get(
      '/v1/customers',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary: 'Search people by name, key, e-mail address or account',
          querystring: Type.Object({
            search: Type.Optional(Type.String({ maxLength: 200 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: { 200: Type.Object({ items: Type.Array(CustomerShape) }) },
        },
      },
      async ({ principal, query }) => {
        const filter = { limit: query.limit ?? 50, ...(query.search ? { search: query.search } : {}) }
        const items = await database.inWorkspace(principal.workspaceId, (tx) =>
          searchCustomers(tx, filter, unitScope(principal)),
        )
        return { items }
      },
    )
    app.get(
      '/v1/customers/:id',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary: 'One person, with everything that happened',
          params: Id,
          querystring: Type.Object({ language: LanguageQuery }),
          response: {
            200: Type.Object({
              contact: Type.Object({
                id: Type.String(),
                key: Type.String(),
                name: Nullable(Type.String()),
                email: Nullable(Type.String()),
                phone: Nullable(Type.String()),
                language: Nullable(Type.String()),
                unsubscribedAt: Nullable(Time),
              }),
              account: Nullable(Type.Object({ key: Type.String(), name: Nullable(Type.String()) })),
              values: FieldValues,
              value: Nullable(Type.Unsafe<object>(value.shape)),
              timeline: Type.Array(TimelineShape),
            }),
          },
        },
      },
      async ({ principal, params, query }) => {
        const { program } = await programs.active(principal.workspaceId)
        const language = query.language ?? program.workspace.languages[0] ?? 'en'
        const scope = unitScope(principal)
        return database.inWorkspace(principal.workspaceId, async (tx) => {
          const { values, accountKey, accountName, ...contact } = await readCustomer(tx, params.id, scope)
          return {
            contact,
            account: accountKey === null ? null : { key: accountKey, name: accountName },
            values,
            value: await value.read(tx, { contactId: contact.id }),
            timeline: await readTimeline(tx, program, params.id, language, scope),
          }
        })
      },
    )
  }
}
