// For: what other systems are told of, and the shape of what they are told.
// In: nothing. Out: the names of events, and the schema of each one's data, from which comes the OpenAPI document.
import Type, { type Static } from 'typebox'
import { Nullable, Time } from '../../base/wire.ts'

export const hookEvents = [
  'response.completed',
  'case.opened',
  'case.changed',
  'case.closed',
  'praise.given',
  'criticism.given',
  'ping',
] as const
export type HookEventName = (typeof hookEvents)[number]

const Keyed = Type.Object({ key: Type.String(), name: Nullable(Type.String()) })
const Score = Type.Object({
  question: Type.String(),
  kind: Type.String(),
  value: Type.Number(),
})

export const ResponseData = Type.Object({
  responseId: Type.String(),
  survey: Type.String(),
  touchpoint: Type.String(),
  answeredAt: Time,
  language: Type.String(),
  wayIn: Type.String(),
  score: Nullable(Score),
  answers: Type.Record(Type.String(), Type.Unknown()),
  comment: Nullable(Type.String()),
  contactKey: Nullable(Type.String({ description: 'the key your own systems gave; no name or address' })),
  accountKey: Nullable(Type.String()),
  employeeKey: Nullable(Type.String()),
  unit: Nullable(Keyed),
  link: Type.String(),
})

export const CaseData = Type.Object({
  caseId: Type.String(),
  state: Type.String(),
  rule: Type.String(),
  revision: Type.Integer(),
  owner: Nullable(Type.String()),
  outcome: Nullable(Type.String()),
  openedAt: Time,
  contactDueAt: Time,
  closedAt: Nullable(Time),
  contactKey: Nullable(Type.String()),
  unit: Nullable(Keyed),
  responseId: Type.String({ description: 'the answer it was opened with' }),
  latestResponseId: Type.String({ description: 'the latest answer that belongs to it' }),
  change: Type.Object({
    kind: Type.String(),
    at: Time,
    actor: Nullable(Type.String()),
    note: Nullable(Type.String()),
  }),
  link: Type.String(),
})

export const NotificationData = Type.Object({
  kind: Type.Enum(['praise', 'criticism']),
  response: ResponseData,
  readers: Type.Array(Type.String({ description: 'keys of the employees who are told' })),
})

export type ResponseOnHook = Static<typeof ResponseData>
export type CaseOnHook = Static<typeof CaseData>
export type NotificationOnHook = Static<typeof NotificationData>

const dataOf: Record<HookEventName, Type.TSchema> = {
  'response.completed': ResponseData,
  'case.opened': CaseData,
  'case.changed': CaseData,
  'case.closed': CaseData,
  'praise.given': NotificationData,
  'criticism.given': NotificationData,
  ping: Type.Object({ message: Type.String() }),
}

/** The whole body of an event. */
export const bodySchema = (event: HookEventName): Type.TSchema =>
  Type.Object({
    type: Type.Literal(event),
    timestamp: Type.String({ format: 'date-time', description: 'when it happened' }),
    sequence: Type.Integer({ description: 'counts up by one for each event of this webhook' }),
    data: dataOf[event],
  })

const summaries: Record<HookEventName, string> = {
  'response.completed': 'A survey was answered',
  'case.opened': 'A case was opened',
  'case.changed': 'Something was done with a case, by a person or by itself',
  'case.closed': 'A case was closed, with its outcome',
  'praise.given': 'Praise goes out to those it concerns',
  'criticism.given': 'Criticism goes out to those who may see it',
  ping: 'A trial, sent on request',
}

/** For the OpenAPI document: its `webhooks`. */
export function hookDocuments(): Record<string, object> {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string' },
    description,
  })
  return Object.fromEntries(
    hookEvents.map((event) => [
      event,
      {
        post: {
          tags: ['Webhooks'],
          summary: summaries[event],
          parameters: [
            header('webhook-id', 'the same whenever it is sent again'),
            header('webhook-timestamp', 'when it was sent, in seconds since 1970'),
            header('webhook-signature', 'v1 and HMAC-SHA256, as Standard Webhooks says'),
          ],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodySchema(event) } },
          },
          responses: { '2XX': { description: 'Taken. Anything else is tried again.' } },
        },
      },
    ]),
  )
}
