// For: telling open pages that something changed, within a fifth of a second, whichever process changed it.
// In: the time of the last projection of each workspace, read while somebody listens.
// Out: server-sent events `changed` {at, watermark}.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Log } from '../base/log.ts'
import type { Database } from '../storage/postgres.ts'

const pollEvery = 150
/** A comment now and then keeps proxies from closing a quiet line. */
const breatheEvery = 20_000

interface Listener {
  workspaceId: string
  reply: FastifyReply
  seen: string | undefined
}

export function liveRoutes(parts: { database: Database; log: Log }): FastifyPluginAsyncTypebox {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined
  let lastBreath = 0

  async function poll() {
    timer = undefined
    try {
      const ids = [...new Set([...listeners].map((each) => each.workspaceId))]
      const rows = await parts.database.script(
        `select workspace_id as id, projected_at as at from samklang.fact_projections
         where workspace_id in (select value::uuid from json_array_elements_text($1::json))`,
        [JSON.stringify(ids)],
      )
      const at = new Map(rows.map((row) => [row.id as string, (row.at as Date | null)?.toISOString()]))
      for (const listener of listeners) tell(listener, at.get(listener.workspaceId))
    } catch (error) {
      parts.log.warn({ kind: (error as Error).name }, 'live news could not be read')
    }
    const now = performance.now()
    if (now - lastBreath > breatheEvery) {
      lastBreath = now
      for (const { reply } of listeners) reply.raw.write(':\n\n')
    }
    wake()
  }

  function wake() {
    if (lastBreath === 0) lastBreath = performance.now()
    if (timer === undefined && listeners.size > 0) timer = setTimeout(poll, pollEvery)
  }

  function tell(listener: Listener, watermark: string | undefined) {
    if (watermark === undefined || watermark === listener.seen) return
    listener.seen = watermark
    listener.reply.raw.write(`event: changed\ndata: ${JSON.stringify({ at: watermark, watermark })}\n\n`)
  }

  return async (app) => {
    app.addHook('preClose', async () => {
      clearTimeout(timer)
      for (const { reply } of listeners) reply.raw.end()
      listeners.clear()
    })
    app.get(
      '/v1/live',
      {
        config: { scope: 'read' },
        schema: {
          tags: ['Live'],
          summary: 'Server-sent events: `changed` {at, watermark} when there are new facts',
          description: 'A browser that cannot set a header names the workspace by ?workspace=.',
          produces: ['text/event-stream'],
        },
      },
      async (request, reply) => {
        const { workspaceId } = request.principal
        reply.hijack()
        const headers = reply.getHeaders()
        reply.raw.writeHead(200, {
          ...(headers as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
          // Kept open for a next request it would hold up the end of the process.
          connection: 'close',
        })
        reply.raw.write('retry: 2000\n\n')
        const listener: Listener = { workspaceId, reply, seen: undefined }
        listeners.add(listener)
        request.raw.on('close', () => listeners.delete(listener))
        wake()
      },
    )
  }
}
