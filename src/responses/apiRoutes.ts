import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { Refusal } from '../base/errors.ts'
import type { Principal } from '../base/principal.ts'
import { FieldValues, Id, Nullable, oneOf, Time } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { DecisionShape, LanguageQuery, ScoreShape } from '../people/wire.ts'
import { knownLanguage } from '../program/question.ts'
import type { Programs } from '../program/store.ts'
import type { Tx } from '../storage/postgres.ts'
import { HandedIn, handInAnswers } from './handIn.ts'
import type { ImportParts } from './import.ts'
import { type ResponseItem, readResponse, searchResponses, versionOfResponse } from './search.ts'

export type ResponseRouteParts = Omit<ImportParts, 'programs'> & { programs: Programs }

const tags = ['Responses']
const item = {
  responseId: Type.String(),
  answeredAt: Time,
  survey: Type.String(),
  touchpoint: Type.String(),
  wayIn: oneOf(['survey', 'mail', 'import', 'api']),
  language: Type.String(),
  score: Nullable(ScoreShape),
  comment: Nullable(Type.String()),
  contact: Nullable(Type.Object({ id: Type.String(), name: Nullable(Type.String()) })),
  unit: Nullable(Type.String()),
  unitKey: Nullable(Type.String()),
}
const Party = Type.Object({
  key: Type.String(),
  name: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  fields: FieldValues,
})
const Transaction = Type.Object({ type: Type.String(), key: Type.String(), fields: FieldValues })

/** One response with everything that belongs to it. */
export const ResponseShape = Type.Object({
  ...item,
  startedAt: Time,
  answers: Type.Array(
    Type.Object({
      question: Type.String(),
      kind: Nullable(Type.String()),
      text: Type.String(),
      value: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]),
      label: Nullable(Type.String({ description: 'the value in words, where it is a choice' })),
      provenance: Nullable(
        Type.Object(
          { field: Type.String(), since: Type.String() },
          { description: 'when O-data answered it' },
        ),
      ),
    }),
  ),
  context: Type.Object(
    {
      at: Type.String(),
      contact: Type.Optional(Party),
      account: Type.Optional(Party),
      transaction: Type.Optional(Transaction),
      unit: Type.Optional(
        Type.Object({
          key: Type.String(),
          level: Type.String(),
          name: Type.String(),
          path: Type.Array(Type.String()),
        }),
      ),
      employee: Type.Optional(Type.Object({ key: Type.String(), name: Type.Optional(Type.String()) })),
    },
    { description: 'O-data as frozen at the invitation, or at the answer when there was none' },
  ),
  transactionNow: Nullable(
    Type.Object({ type: Type.String(), key: Type.String(), fields: FieldValues, changedAt: Time }),
  ),
  invitation: Nullable(
    Type.Object({ invitationId: Type.String(), trigger: Type.String(), sentAt: Nullable(Time) }),
  ),
  source: Nullable(Type.Object({ source: Type.String(), externalId: Type.String() })),
  caseId: Nullable(Type.String()),
  decision: Nullable(DecisionShape),
  version: Type.String(),
})

const wireOf = <T extends ResponseItem>({ unit, ...rest }: T) => ({
  ...rest,
  unit: unit?.name ?? null,
  unitKey: unit?.key ?? null,
})

/** One response as its route answers with it.
 * @throws Refusal thing.unknown, also outside of the person's unit
 */
export async function responseOnWire(
  tx: Tx,
  programs: Programs,
  responseId: string,
  principal: Principal,
  language: string | undefined,
) {
  const checked = await programs.versionIn(tx, await versionOfResponse(tx, responseId))
  const spoken = knownLanguage(language ?? checked.program.workspace.languages[0])
  const read = await readResponse(tx, checked, responseId, { language: spoken, ...unitScope(principal) })
  return wireOf(read)
}

/** Responses: search, one whole, and answers handed in from elsewhere. */
export function responseRoutes(parts: ResponseRouteParts, limits: object): FastifyPluginAsyncTypebox {
  const { database, programs } = parts
  return async (app) => {
    app.get(
      '/v1/responses',
      {
        config: { scope: 'responses:read' },
        schema: {
          tags,
          summary: 'Completed responses, newest first',
          querystring: Type.Object({
            text: Type.Optional(Type.String({ maxLength: 200, description: 'words of the comment' })),
            survey: Type.Optional(Type.String()),
            band: Type.Optional(oneOf(['promoter', 'passive', 'detractor'])),
            unit: Type.Optional(Type.String({ description: 'a unit’s key: it and those below it' })),
            from: Type.Optional(Type.String({ description: 'a date or time' })),
            to: Type.Optional(Type.String({ description: 'a date or time, not included' })),
            comment: Type.Optional(Type.Boolean({ description: 'only those with a comment' })),
            cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(Type.Object(item)),
              next: Nullable(Type.String()),
              total: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, query }) => {
        const { from, to, limit, ...given } = query
        const filter = {
          ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
          ...(from ? { from: timeOf('from', from) } : {}),
          ...(to ? { to: timeOf('to', to) } : {}),
          limit: limit ?? 30,
        }
        const { program } = await programs.active(principal.workspaceId)
        const page = await database.inWorkspace(principal.workspaceId, (tx) =>
          searchResponses(tx, program, filter, unitScope(principal)),
        )
        return { ...page, items: page.items.map(wireOf) }
      },
    )
    app.get(
      '/v1/responses/:id',
      {
        config: { scope: 'responses:read' },
        schema: {
          tags,
          summary: 'One response, with the O-data it was given in and as that is now',
          params: Id,
          querystring: Type.Object({ language: LanguageQuery }),
          response: { 200: ResponseShape },
        },
      },
      async ({ principal, params, query }) =>
        database.inWorkspace(
          principal.workspaceId,
          async (tx) => (await responseOnWire(tx, programs, params.id, principal, query.language)) as never,
        ),
    )
    app.post(
      '/v1/responses',
      {
        config: { scope: 'responses:write', ...limits },
        // The shape documents; answers are judged one by one, so that a bad one does not stop the others.
        validatorCompiler: () => () => true,
        schema: {
          tags,
          summary: 'Hand in answers given elsewhere, at most 1,000',
          description:
            'The same (source, externalId) again is a duplicate and changes nothing. One that does not fit is kept aside. An open link that was sent about the same transaction, with the same survey, takes no second answer then, and an invitation that is still to be sent is withheld (answeredElsewhere); an answer about no transaction closes a link about none that was sent before it was given. Where the link has been answered already, the one handed in is a duplicate, and its receipt has that answer’s id.',
          body: Type.Array(HandedIn, { maxItems: 1000 }),
          response: {
            200: Type.Object({
              receipts: Type.Array(
                Type.Object({
                  status: oneOf(['imported', 'duplicate', 'refused']),
                  responseId: Type.Optional(Type.String()),
                  code: Type.Optional(Type.String()),
                  faults: Type.Optional(
                    Type.Array(Type.Object({ where: Type.String(), message: Type.String() })),
                  ),
                  recordId: Type.Optional(Type.String()),
                }),
              ),
              imported: Type.Integer(),
              duplicate: Type.Integer(),
              refused: Type.Integer(),
            }),
          },
        },
      },
      async ({ principal, body }) => {
        if (!Array.isArray(body)) throw new Refusal('request.malformed', 'Send an array of answers.')
        if (body.length > 1000) throw new Refusal('event.tooMany')
        const receipts = await handInAnswers(parts, principal.workspaceId, body)
        const count = (status: string) => receipts.filter((each) => each.status === status).length
        return {
          receipts,
          imported: count('imported'),
          duplicate: count('duplicate'),
          refused: count('refused'),
        }
      },
    )
  }
}

function timeOf(name: string, text: string): Date {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : undefined
  if (time && !Number.isNaN(time.getTime())) return time
  throw new Refusal('request.malformed', undefined, [
    { where: `querystring/${name}`, message: 'expected a date or time, such as 2026-03-02' },
  ])
}
