import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type TSchema } from 'typebox'
import type { Clock } from '../base/clock.ts'
import { FieldValues, Id, Nullable, Time } from '../base/wire.ts'
import type { Programs } from '../program/store.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { unitScope } from './access.ts'
import { accountPeople, readAccount, searchAccounts } from './accounts.ts'
import { readCustomer, searchCustomers } from './customers.ts'
import { openActions, readHealth } from './health.ts'
import { readAccountTimeline, readTimeline } from './timeline.ts'
import {
  AccountPersonShape,
  AccountTimelineShape,
  HealthShape,
  LanguageQuery,
  OpenActionShape,
  TimelineShape,
} from './wire.ts'

const tags = ['Customers']
const CustomerShape = Type.Object({
  id: Type.String(),
  key: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  account: Nullable(Type.String()),
  unit: Nullable(Type.String()),
})

const AccountShape = Type.Object({
  id: Type.String(),
  key: Type.String(),
  name: Nullable(Type.String()),
  unit: Nullable(Type.String()),
  people: Type.Integer(),
  openCases: Type.Integer(),
})

/** Customers and accounts: search, and one with everything that happened, how it is doing and what is open with it. */
export function customerRoutes(parts: {
  database: Database
  clock: Clock
  programs: Programs
  /** What a person is worth, as value/ tells it. */
  value: {
    shape: TSchema
    read: (tx: Tx, ref: { contactId?: string; accountId?: string }) => Promise<object | null>
  }
}): FastifyPluginAsyncTypebox {
  const { database, clock, programs, value } = parts
  const ValueShape = Nullable(Type.Unsafe<object>(value.shape))
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
          summary:
            'One person: everything that happened, scores over time, open actions, the people of the account',
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
                unit: Nullable(Type.String()),
              }),
              account: Nullable(
                Type.Object({
                  id: Nullable(Type.String()),
                  key: Type.String(),
                  name: Nullable(Type.String()),
                }),
              ),
              values: FieldValues,
              health: HealthShape,
              actions: Type.Array(OpenActionShape),
              people: Type.Array(AccountPersonShape, { description: 'of the same account' }),
              value: ValueShape,
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
          const found = await readCustomer(tx, params.id, scope)
          const { values, accountId, accountKey, accountName, ...contact } = found
          const own = { sql: 'x.contact_id = $1', values: [params.id] }
          return {
            contact,
            account: accountKey === null ? null : { id: accountId, key: accountKey, name: accountName },
            values,
            health: await readHealth(tx, program, own, scope, clock.now()),
            actions: await openActions(tx, own, scope, program.workspace.timeZone),
            people: accountKey === null ? [] : await accountPeople(tx, program, accountKey, scope),
            value: await value.read(tx, { contactId: contact.id }),
            timeline: await readTimeline(tx, program, params.id, language, scope),
          }
        })
      },
    )
    app.get(
      '/v1/accounts',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary: 'Search companies and households by name or key',
          querystring: Type.Object({
            search: Type.Optional(Type.String({ maxLength: 200 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: { 200: Type.Object({ items: Type.Array(AccountShape) }) },
        },
      },
      async ({ principal, query }) => {
        const filter = { limit: query.limit ?? 50, ...(query.search ? { search: query.search } : {}) }
        const items = await database.inWorkspace(principal.workspaceId, (tx) =>
          searchAccounts(tx, filter, unitScope(principal)),
        )
        return { items }
      },
    )
    app.get(
      '/v1/accounts/:id',
      {
        config: { scope: 'customers:read' },
        schema: {
          tags,
          summary:
            'One account: its people with their last scores, open actions, and what happened with all of them',
          params: Id,
          querystring: Type.Object({ language: LanguageQuery }),
          response: {
            200: Type.Object({
              account: Type.Object({
                id: Type.String(),
                key: Type.String(),
                name: Nullable(Type.String()),
                unit: Nullable(Type.String()),
                unitKey: Nullable(Type.String()),
                parentKey: Nullable(Type.String()),
              }),
              values: FieldValues,
              value: ValueShape,
              health: HealthShape,
              actions: Type.Array(OpenActionShape),
              people: Type.Array(AccountPersonShape),
              timeline: Type.Array(AccountTimelineShape),
            }),
          },
        },
      },
      async ({ principal, params, query }) => {
        const { program } = await programs.active(principal.workspaceId)
        const language = query.language ?? program.workspace.languages[0] ?? 'en'
        const scope = unitScope(principal)
        return database.inWorkspace(principal.workspaceId, async (tx) => {
          const { values, ...account } = await readAccount(tx, params.id, scope)
          const people = await accountPeople(tx, program, account.key, scope)
          const theirs = { sql: 'x.contact_id = any($1::uuid[])', values: [people.map(({ id }) => id)] }
          const whole = {
            sql: theirs.sql,
            values: [...theirs.values, account.id],
            plans: `${theirs.sql} or x.account_id = $2`,
          }
          return {
            account,
            values,
            value: await value.read(tx, { accountId: account.id }),
            health: await readHealth(tx, program, theirs, scope, clock.now()),
            actions: await openActions(tx, whole, scope, program.workspace.timeZone),
            people,
            timeline: await readAccountTimeline(tx, program, params.id, language, scope),
          }
        })
      },
    )
  }
}
