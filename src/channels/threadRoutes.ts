import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import PostalMime from 'postal-mime'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { Id, Nullable } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { actorOf } from '../people/who.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import {
  type CaseMail,
  listCaseMails,
  listMailsAside,
  rawMail,
  requireCase,
  settleMailAside,
} from './threads.ts'
import { MailShape } from './threadWire.ts'

const tags = ['Case mails']
const Done = Type.Object({ ok: Type.Boolean() })
/** A mail as it goes over the wire; the case desk may show it as well. */
export const mailOnWire = ({ sender, recipient, actor, actorName, ...mail }: CaseMail) => ({
  mailId: mail.mailId,
  caseId: mail.caseId,
  direction: mail.direction,
  at: mail.at,
  from: sender,
  to: recipient,
  subject: mail.subject,
  text: mail.text,
  automatic: mail.automatic,
  otherSender: mail.otherSender,
  attachments: mail.attachments,
  actor: actor === null ? null : { id: actor, name: actorName },
  state: mail.state,
  error: mail.error,
  aside: mail.aside,
})

/** Letters on cases, their attachments, and answers that were kept aside. */
export function threadRoutes(parts: {
  database: Database
  clock: Clock
  announce: Announce
}): FastifyPluginAsyncTypebox {
  const { database } = parts
  return async (app) => {
    app.get(
      '/v1/cases/:id/mails',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'Letters on a case, out and in, oldest first',
          params: Id,
          response: { 200: Type.Object({ items: Type.Array(MailShape) }) },
        },
      },
      async ({ principal, params }) => {
        const items = await database.inWorkspace(principal.workspaceId, async (tx) => {
          await requireCase(tx, params.id, unitScope(principal))
          return listCaseMails(tx, params.id)
        })
        return { items: items.map(mailOnWire) }
      },
    )
    app.get(
      '/v1/case-mails/aside',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Answers that were kept aside and nobody has judged, newest first',
          querystring: Type.Object({
            cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(MailShape),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) => {
        const { items, ...page } = await database.inWorkspace(principal.workspaceId, (tx) =>
          listMailsAside(tx, unitScope(principal), { ...query, limit: query.limit ?? 50 }),
        )
        return { ...page, items: items.map(mailOnWire) }
      },
    )
    for (const [path, settled, summary] of [
      ['accept', 'accepted', 'Put an answer that was kept aside on its case'],
      ['discard', 'discarded', 'Put an answer that was kept aside away; it stays stored'],
    ] as const) {
      app.post(
        `/v1/case-mails/:id/${path}`,
        {
          config: { scope: 'cases:write' },
          schema: { tags, summary, params: Id, response: { 200: Done } },
        },
        async ({ principal, params }) => {
          const by = { id: actorOf(principal).id, scope: unitScope(principal) }
          await database.inWorkspace(principal.workspaceId, (tx) =>
            settleMailAside(tx, parts, params.id, settled, by),
          )
          return { ok: true }
        },
      )
    }
    app.get(
      '/v1/case-mails/:id/raw',
      {
        config: { scope: 'cases:read' },
        schema: { tags, summary: 'An answer as it came', params: Id, response: { 200: Type.Unknown() } },
      },
      async ({ principal, params }, reply) => {
        const raw = await database.inWorkspace(principal.workspaceId, (tx) =>
          rawMail(tx, params.id, unitScope(principal)),
        )
        return download(reply, raw, `${params.id}.eml`)
      },
    )
    app.get(
      '/v1/case-mails/:id/attachments/:index',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'An attachment, by its place in the list; always as a download',
          params: Type.Object({
            id: Type.String({ format: 'uuid' }),
            index: Type.String({ pattern: '^\\d{1,3}$' }),
          }),
          response: { 200: Type.Unknown() },
        },
      },
      async ({ principal, params }, reply) => {
        const raw = await database.inWorkspace(principal.workspaceId, (tx) =>
          rawMail(tx, params.id, unitScope(principal)),
        )
        const mail = await PostalMime.parse(raw, { maxNestingDepth: 50 })
        const found = mail.attachments[Number(params.index)]
        if (!found) throw new Refusal('thing.unknown')
        const { content, filename } = found
        const bytes =
          typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
        return download(reply, bytes, filename ?? 'attachment')
      },
    )
  }
}

/** Whatever it says it is, no browser opens it as a page of ours. */
function download(
  reply: {
    header(name: string, value: string): unknown
    type(type: string): unknown
    send(body: Buffer): unknown
  },
  bytes: Buffer,
  name: string,
) {
  reply.header(
    'content-disposition',
    `attachment; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`,
  )
  reply.header('x-content-type-options', 'nosniff')
  reply.type('application/octet-stream')
  return reply.send(bytes)
}
