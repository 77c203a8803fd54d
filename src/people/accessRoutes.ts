import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { Id, Nullable, Time } from '../base/wire.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './apiKeys.ts'
import { createSignInLink } from './links.ts'
import {
  listMembers,
  type Member,
  membershipsOf,
  passwordNeeded,
  placeMember,
  removeMember,
} from './members.ts'
import { RoleShape, ScopeShape } from './wire.ts'

const tags = ['Access']
const strict = { additionalProperties: false }
const Key = Type.String({ minLength: 1, maxLength: 200 })
const place = {
  role: RoleShape,
  unitKey: Type.Optional(Key),
  employeeKey: Type.Optional(Key),
}
const MemberShape = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: RoleShape,
  unitKey: Nullable(Type.String()),
  employeeKey: Nullable(Type.String()),
})
const KeyShape = Type.Object({
  keyId: Type.String(),
  name: Type.String(),
  scopes: Type.Array(ScopeShape),
  unitKey: Nullable(Type.String()),
  createdAt: Time,
  createdBy: Nullable(Type.String()),
  lastUsedAt: Nullable(Time),
})

/** Who may come in: members with their roles, and API keys. */
export function accessRoutes(parts: {
  database: Database
  clock: Clock
  announce: Announce
  publicUrl: string
  /** Called when keys were changed, so that this process forgets those it remembers. */
  forgetKeys: () => void
}): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  const config = { scope: 'admin' } as const
  return async (app) => {
    const memberOf = async (workspaceId: string, userId: string) => {
      const found = (await listMembers(database, workspaceId)).find((each) => each.userId === userId)
      if (!found) throw new Refusal('thing.unknown')
      return found
    }
    /** What they own and see no more goes to others; whom they stood for before may have left. */
    const announcePlaced = (workspaceId: string, { userId, employeeKey }: Member) =>
      database.inWorkspace(workspaceId, async (tx) => {
        const people = [employeeKey ?? `user:${userId}`]
        await parts.announce(tx, { kind: 'member.placed', workspaceId, people })
        await parts.announce(tx, { kind: 'cases.due', workspaceId })
      })
    app.get(
      '/v1/members',
      {
        config,
        schema: {
          tags,
          summary: 'The members of the workspace',
          response: { 200: Type.Object({ items: Type.Array(MemberShape) }) },
        },
      },
      async ({ principal }) => ({ items: await listMembers(database, principal.workspaceId) }),
    )
    app.post(
      '/v1/members',
      {
        config,
        schema: {
          tags,
          summary: 'Add a member; for a new person, answers with a one-time sign-in link to hand over',
          body: Type.Object(
            {
              email: Type.String({ format: 'email', maxLength: 254 }),
              name: Type.Optional(Type.String({ maxLength: 200 })),
              ...place,
            },
            strict,
          ),
          response: {
            201: Type.Object({
              member: MemberShape,
              link: Nullable(Type.String()),
              linkExpiresAt: Nullable(Time),
            }),
          },
        },
      },
      async ({ principal, body }, reply) => {
        const { workspaceId } = principal
        const { email, name, ...where } = body
        const who = name === undefined ? { email } : { email, name }
        const userId = await placeMember(database, clock, workspaceId, who, where)
        const member = await memberOf(workspaceId, userId)
        await announcePlaced(workspaceId, member)
        // A link signs in as that person everywhere, so that nobody gets one for an account that is in use elsewhere.
        const memberships = await membershipsOf(database, userId)
        const isNew = memberships.length === 1 && (await passwordNeeded(database, userId))
        const link = isNew ? await createSignInLink(parts, { email }) : undefined
        return reply
          .status(201)
          .send({ member, link: link?.url ?? null, linkExpiresAt: link?.expiresAt ?? null })
      },
    )
    app.put(
      '/v1/members/:userId',
      {
        config,
        schema: {
          tags,
          summary: 'Give a member another role or unit',
          params: Type.Object({ userId: Type.String() }),
          body: Type.Object(place, strict),
          response: { 200: MemberShape },
        },
      },
      async ({ principal, params, body }) => {
        await placeMember(database, clock, principal.workspaceId, { userId: params.userId }, body)
        const member = await memberOf(principal.workspaceId, params.userId)
        await announcePlaced(principal.workspaceId, member)
        return member
      },
    )
    app.delete(
      '/v1/members/:userId',
      {
        config,
        schema: {
          tags,
          summary: 'Take a member out of the workspace; their open cases go to others, as the policy has it',
          params: Type.Object({ userId: Type.String() }),
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async ({ principal, params }) => {
        await removeMember(parts, principal.workspaceId, params.userId)
        return { ok: true }
      },
    )
    app.get(
      '/v1/api-keys',
      {
        config,
        schema: {
          tags,
          summary: 'The API keys in use',
          response: { 200: Type.Object({ items: Type.Array(KeyShape) }) },
        },
      },
      async ({ principal }) => ({ items: await database.inWorkspace(principal.workspaceId, listApiKeys) }),
    )
    app.post(
      '/v1/api-keys',
      {
        config,
        schema: {
          tags,
          summary: 'Make an API key; the key itself is told this once',
          body: Type.Object(
            {
              name: Type.String({ minLength: 1, maxLength: 100 }),
              scopes: Type.Array(ScopeShape, { minItems: 1, uniqueItems: true }),
              unitKey: Type.Optional(Key),
            },
            strict,
          ),
          response: { 201: Type.Object({ key: Type.String(), apiKey: KeyShape }) },
        },
      },
      async ({ principal, body }, reply) => {
        const made = await database.inWorkspace(principal.workspaceId, (tx) =>
          createApiKey(tx, clock, { ...body, createdBy: principal.name }),
        )
        return reply.status(201).send(made)
      },
    )
    app.delete(
      '/v1/api-keys/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Revoke an API key',
          params: Id,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async ({ principal, params }) => {
        await database.inWorkspace(principal.workspaceId, (tx) => revokeApiKey(tx, clock, params.id))
        parts.forgetKeys()
        return { ok: true }
      },
    )
  }
}
