// For: "you said, we did" over HTTP: whom an improvement concerns, what they would read, and sending it.
// In: an improvement. Out: a preview with those who are left out and why; mails queued.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import { Id } from '../base/wire.ts'
import { doingOf } from './doing.ts'
import type { ImproveRouteParts } from './parts.ts'
import { previewTelling, tell } from './tell.ts'
import { strict, TellingShape } from './wire.ts'

const tags = ['Improvements']
const shownAtMost = 500
const TellBody = Type.Object({ since: Type.Optional(Type.String({ format: 'date-time' })) }, strict)
const wish = ({ since }: Static<typeof TellBody>) => (since ? { since: new Date(since) } : {})

export function tellRoutes(parts: ImproveRouteParts): FastifyPluginAsyncTypebox {
  const { database, clock, programs } = parts
  return async (app) => {
    app.post(
      '/v1/improvements/:id/tell/preview',
      {
        config: { scope: 'outreach:write' },
        schema: {
          tags,
          summary: 'You said, we did: whom it concerns and what they would read',
          params: Id,
          body: TellBody,
          response: { 200: TellingShape },
        },
      },
      async (request) => {
        const { workspaceId } = request.principal
        const checked = await programs.active(workspaceId)
        const telling = await database.inWorkspace(workspaceId, (tx) =>
          previewTelling(
            tx,
            checked,
            request.params.id,
            wish(request.body),
            doingOf(request.principal, clock),
          ),
        )
        const withheldCount: Record<string, number> = {}
        for (const { reason } of telling.withheld) withheldCount[reason] = (withheldCount[reason] ?? 0) + 1
        return {
          count: telling.recipients.length,
          recipients: telling.recipients.slice(0, shownAtMost),
          withheldCount,
          withheld: telling.withheld.slice(0, shownAtMost),
          mails: telling.mails,
        }
      },
    )

    app.post(
      '/v1/improvements/:id/tell',
      {
        config: { scope: 'outreach:write' },
        schema: {
          tags,
          summary: 'You said, we did: send it',
          description: 'Each person once. Done again, it reaches those who could not be written to before.',
          params: Id,
          body: TellBody,
          response: { 200: Type.Object({ told: Type.Integer(), withheld: Type.Integer() }) },
        },
      },
      async (request) => {
        const { workspaceId } = request.principal
        const checked = await programs.active(workspaceId)
        return database.inWorkspace(workspaceId, (tx) =>
          tell(tx, parts, checked, request.params.id, wish(request.body), doingOf(request.principal, clock)),
        )
      },
    )
  }
}
