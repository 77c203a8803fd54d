// For: telling open pages that something changed, within a fifth of a second, whichever process changed it.
// In: the time of the last projection of each workspace and its latest waiting change of a case, read while somebody
// listens.
// Out: server-sent events `changed` {at, watermark} when there are new facts; `cases` {at} as soon as a case has changed.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Database } from '../storage/postgres.ts'

const pollEvery = 150
/** A comment now and then keeps proxies from closing a quiet line. */
const breatheEvery = 20_000

interface Listener {
  workspaceId: string
  reply: FastifyReply
  seen: string | undefined
  /** Number of the latest change of a case that was told; facts follow it, so that it need not wait for them. */
  seenCase: number | undefined
}

export function liveRoutes(parts: { database: Database; clock: Clock; log: Log }): FastifyPluginAsyncTypebox {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined
  let lastBreath = 0

  async function poll() {
    timer = undefined
    try {
      const ids = [...new Set([...listeners].map((each) => each.workspaceId))]
      const rows = await parts.database.script(
        `select w.id, p.projected_at as at,
           (select max(o.seq) from samklang.outbox o where o.workspace_id = w.id and o.kind = 'case') as "caseSeq"
         from (select value::uuid as id from json_array_elements_text($1::json)) w
         left join samklang.fact_projections p on p.workspace_id = w.id`,
        [JSON.stringify(ids)],
      )
      const found = new Map(
        rows.map((row) => [row.id as string, row as { at: Date | null; caseSeq: number | null }]),
      )
      for (const listener of listeners) {
        const { at, caseSeq } = found.get(listener.workspaceId) ?? { at: null, caseSeq: null }
        tellCases(listener, caseSeq)
        tell(listener, at?.toISOString())
      }
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

  function tellCases(listener: Listener, seq: number | null) {
    const { seenCase } = listener
    listener.seenCase = Math.max(seq ?? 0, seenCase ?? 0)
    // What waited when the page was opened is on it already.
    if (seenCase === undefined || listener.seenCase === seenCase) return
    listener.reply.raw.write(
      `event: cases\ndata: ${JSON.stringify({ at: parts.clock.now().toISOString() })}\n\n`,
    )
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
          summary:
            'Server-sent events: `changed` {at, watermark} with new facts, `cases` {at} when a case changed',
          description: 'A browser that cannot set a header names the workspace by ?workspace=.',
          produces: ['text/event-stream'],
          querystring: Type.Object({ workspace: Type.Optional(Type.String({ maxLength: 100 })) }),
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
        const listener: Listener = { workspaceId, reply, seen: undefined, seenCase: undefined }
        listeners.add(listener)
        request.raw.on('close', () => listeners.delete(listener))
        wake()
      },
    )
  }
}
