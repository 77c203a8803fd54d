import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { Id, Nullable, oneOf, Time } from '../base/wire.ts'
import type { Database, Row } from '../storage/postgres.ts'
import { unpackEvents } from './binding.ts'
import type { Receipt } from './intake.ts'
import { readKeptAside, settleKeptAside } from './keptAsideReading.ts'

export interface EventRouteParts {
  database: Database
  clock: Clock
  record: HandIn
  /** Hands in a kept-aside answer anew; it has the same receipts as an event. */
  importAnswers: HandIn
}

/** `mends` is the kept-aside record that the one item in `incoming` is the mended form of. */
type HandIn = (workspaceId: string, incoming: unknown[], mends?: string) => Promise<Receipt[]>

const tags = ['O-data']
const ReceiptShape = Type.Object({
  source: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  status: oneOf(['recorded', 'duplicate', 'refused']),
  code: Type.Optional(Type.String({ description: 'of a refusal: its code, see docs/errors.md' })),
  detail: Type.Optional(Type.String()),
  recordId: Type.Optional(Type.String({ description: 'under which a refused one was kept aside' })),
})
const EventShape = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  time: Type.Optional(Type.String({ format: 'date-time' })),
  subject: Type.Optional(Type.String()),
  datacontenttype: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
})
const KeptShape = Type.Object({
  recordId: Type.String(),
  kind: oneOf(['event', 'response']),
  receivedAt: Time,
  source: Nullable(Type.String()),
  eventId: Nullable(Type.String()),
  record: Type.Unknown(),
  reason: Type.String(),
  detail: Type.String(),
  state: oneOf(['open', 'replayed', 'discarded']),
})
const SourceShape = Type.Object({
  source: Type.String(),
  type: Type.String(),
  events: Type.Integer(),
  lastAt: Time,
  lastReceivedAt: Time,
})

interface SourceRow extends Row {
  source: string
  type: string
  events: number
  lastAt: Date
  lastReceivedAt: Date
}

/** Intake of events. Bodies are read as bytes, so that one that is no JSON can be kept aside as it came. */
export function eventRoutes(parts: EventRouteParts, limits: object): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.post(
      '/v1/events',
      {
        config: { scope: 'events:write', ...limits },
        // The shape documents; events are judged one by one, so that a bad one does not stop the others.
        validatorCompiler: () => () => true,
        schema: {
          tags,
          summary: 'Hand in events: CloudEvents 1.0, one or at most 1,000, structured or binary',
          description:
            'Each event gets a receipt, in order. The same (source, id) again is a duplicate and changes nothing. A bad one is refused and kept aside; the rest goes through. At most 1 MiB.',
          consumes: [
            'application/cloudevents+json',
            'application/cloudevents-batch+json',
            'application/json',
          ],
          body: Type.Union([EventShape, Type.Array(EventShape, { maxItems: 1000 })]),
          response: {
            200: Type.Object({
              receipts: Type.Array(ReceiptShape),
              recorded: Type.Integer(),
              duplicate: Type.Integer(),
              refused: Type.Integer(),
            }),
          },
        },
      },
      async (request) => {
        const { workspaceId } = request.principal
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const unpacked = unpackEvents({ headers: request.headers, body })
        if ('refusal' in unpacked) {
          await parts.record(workspaceId, [unpacked.keep])
          throw unpacked.refusal
        }
        const receipts = await parts.record(workspaceId, unpacked.events)
        const count = (status: Receipt['status']) => receipts.filter((each) => each.status === status).length
        return {
          receipts,
          recorded: count('recorded'),
          duplicate: count('duplicate'),
          refused: count('refused'),
        }
      },
    )
  }
}

/** Where events come from, and what was kept aside. */
export function dataRoutes(
  parts: EventRouteParts & { troubledMail: (workspaceId: string) => Promise<object[]> },
): FastifyPluginAsyncTypebox {
  const { database, clock } = parts
  return async (app) => {
    app.get(
      '/v1/sources',
      {
        config: { scope: 'data:read' },
        schema: {
          tags,
          summary: 'Where events come from, and mails that may not have arrived',
          response: {
            200: Type.Object({
              sources: Type.Array(SourceShape),
              uncertain: Type.Array(Type.Object({}, { additionalProperties: true })),
            }),
          },
        },
      },
      async ({ principal }) => {
        const sources = await database.inWorkspace(principal.workspaceId, (tx) =>
          tx.query<SourceRow>(
            `select source, type, count(*) as events, max(time) as "lastAt", max(received_at) as "lastReceivedAt"
             from events group by source, type order by source, type`,
          ),
        )
        return { sources, uncertain: await parts.troubledMail(principal.workspaceId) }
      },
    )
    app.get(
      '/v1/kept-aside',
      {
        config: { scope: 'data:read' },
        schema: {
          tags,
          summary: 'Records that were refused, newest first, at most 200',
          querystring: Type.Object({
            state: Type.Optional(oneOf(['open', 'replayed', 'discarded'])),
          }),
          response: { 200: Type.Object({ items: Type.Array(KeptShape), total: Type.Integer() }) },
        },
      },
      async ({ principal, query }) =>
        database.inWorkspace(principal.workspaceId, (tx) => readKeptAside(tx, query.state ?? 'open')),
    )
    app.post(
      '/v1/kept-aside/:id/replay',
      {
        config: { scope: 'data:write' },
        schema: {
          tags,
          summary: 'Hand a record in again, mended or as it was',
          description: 'Refused again, it stays open under its id, as mended so far.',
          params: Id,
          body: Type.Object({ record: Type.Optional(Type.Unknown()) }, { additionalProperties: false }),
          response: { 200: Type.Object({ receipt: ReceiptShape }) },
        },
      },
      async ({ principal, params, body }) => {
        const { workspaceId } = principal
        const { items } = await database.inWorkspace(workspaceId, (tx) =>
          readKeptAside(tx, 'open', params.id),
        )
        const [kept] = items
        if (!kept) throw new Refusal('thing.unknown')
        const record = body.record ?? kept.record
        const handIn = kept.kind === 'event' ? parts.record : parts.importAnswers
        const incoming = [typeof record === 'string' ? parsed(record) : record]
        const [receipt] = await handIn(workspaceId, incoming, kept.recordId)
        if (receipt!.status !== 'refused') {
          const settled = { state: 'replayed', at: clock.now(), by: principal.id } as const
          await database.inWorkspace(workspaceId, (tx) => settleKeptAside(tx, params.id, settled))
        }
        return { receipt: receipt! }
      },
    )
    app.post(
      '/v1/kept-aside/:id/discard',
      {
        config: { scope: 'data:write' },
        schema: {
          tags,
          summary: 'Set a record aside for good; it stays readable',
          params: Id,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async ({ principal, params }) => {
        const settled = { state: 'discarded', at: clock.now(), by: principal.id } as const
        await database.inWorkspace(principal.workspaceId, (tx) => settleKeptAside(tx, params.id, settled))
        return { ok: true }
      },
    )
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
