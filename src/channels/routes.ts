import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { Nullable, Time } from '../base/wire.ts'
import type { Database } from '../storage/postgres.ts'
import { listMailbox, type MailInList, readMailbox } from './mailboxReading.ts'

const tags = ['Mailbox']
const mail = {
  id: Type.String(),
  receivedAt: Time,
  from: Type.String(),
  to: Type.String(),
  subject: Type.String(),
}
const wireOf = (found: MailInList) => ({
  id: String(found.mailId),
  receivedAt: found.receivedAt,
  from: found.sender,
  to: found.recipient,
  subject: found.subject,
})

/** The development mailbox: every mail that was sent while no mail server is configured. */
export function mailboxRoutes(parts: { database: Database }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/mailbox',
      {
        config: { scope: 'mailbox:read' },
        schema: {
          tags,
          summary: 'The development mailbox, newest first',
          querystring: Type.Object({
            cursor: Type.Optional(Type.String({ pattern: '^\\d{0,15}$' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(Type.Object(mail)),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) => {
        const page = {
          limit: query.limit ?? 30,
          ...(query.cursor ? { before: Number(query.cursor) } : {}),
        }
        const found = await parts.database.inWorkspace(principal.workspaceId, (tx) => listMailbox(tx, page))
        return {
          items: found.items.map(wireOf),
          next: found.next === null ? null : String(found.next),
          total: found.total,
        }
      },
    )
    app.get(
      '/v1/mailbox/:id',
      {
        config: { scope: 'mailbox:read' },
        schema: {
          tags,
          summary: 'One mail; show its HTML in a sandboxed frame',
          params: Type.Object({ id: Type.String({ pattern: '^\\d{1,15}$' }) }),
          response: {
            200: Type.Object({
              ...mail,
              messageId: Type.String(),
              html: Nullable(Type.String()),
              text: Nullable(Type.String()),
              headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
            }),
          },
        },
      },
      async ({ principal, params }) => {
        const found = await parts.database.inWorkspace(principal.workspaceId, (tx) =>
          readMailbox(tx, Number(params.id)),
        )
        const { messageId, html, text, headers } = found
        return { ...wireOf(found), messageId, html, text, headers }
      },
    )
  }
}
