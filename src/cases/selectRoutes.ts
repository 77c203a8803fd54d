import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { oneOf } from '../base/wire.ts'
import type { Choice } from './candidates.ts'
import type { OpenParts } from './open.ts'
import { openSelected } from './select.ts'
import { Note, strict } from './wire.ts'

const Uuid = Type.String({ format: 'uuid' })
const about = { responseId: Type.Optional(Uuid) }
const ChoiceBody = Type.Union([
  Type.Object({ contactId: Uuid, ...about }, strict),
  Type.Object({ accountId: Uuid, ...about }, strict),
  Type.Object({ responseId: Uuid }, strict),
])
export const SelectShape = Type.Object({
  receipts: Type.Array(
    Type.Object({
      status: oneOf(['opened', 'open', 'refused'], {
        description: 'open: they have an open case already, and get no second one',
      }),
      caseId: Type.Optional(Type.String()),
      code: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
    }),
    { description: 'one for each item, in their order' },
  ),
  opened: Type.Integer(),
  open: Type.Integer(),
  refused: Type.Integer(),
})

/** Cases that somebody opens by hand. */
export function selectRoutes(parts: OpenParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/cases/open',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags: ['Cases'],
          summary: 'Open cases for up to 500 people, accounts or answers; a receipt for each',
          description:
            'About the answer named, else the latest. Owner, deadline and priority are as the policy has them; who has an open case keeps it.',
          body: Type.Object(
            {
              items: Type.Array(ChoiceBody, { minItems: 1, maxItems: 500 }),
              note: Type.Optional(Note),
            },
            strict,
          ),
          response: { 200: SelectShape },
        },
      },
      async ({ principal, body }) => {
        const receipts = await openSelected(parts, principal, body.items as Choice[], body.note)
        const count = (status: string) => receipts.filter((each) => each.status === status).length
        return { receipts, opened: count('opened'), open: count('open'), refused: count('refused') }
      },
    )
  }
}
