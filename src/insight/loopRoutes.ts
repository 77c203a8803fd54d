import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { Nullable, oneOf } from '../base/wire.ts'
import { languages } from '../program/schema.ts'
import { AskResultSchema, AskRowSchema, AskSchema, periods } from './ask.ts'
import { type LoopWish, loopPage } from './loopPage.ts'
import type { InsightParts } from './parts.ts'

const Query = Type.Object(
  {
    by: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'a field of cases' })),
    where: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'a condition in CEL' })),
    over: Type.Optional(oneOf(periods)),
    from: Type.Optional(Type.String({ maxLength: 40 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
    compare: Type.Optional(Type.Literal('previous')),
    language: Type.Optional(oneOf(languages)),
  },
  { additionalProperties: false },
)
const asked = { ask: AskSchema, text: Type.String({ description: 'the same as one writes it' }) }
const Told = Type.Object({ ...asked, row: AskRowSchema })
const { metric, fields } = AskResultSchema.properties

const Page = Type.Object({
  shares: Type.Array(
    Type.Object({ ...asked, row: AskRowSchema, metric, periods: Type.Optional(Type.Array(AskRowSchema)) }),
  ),
  targets: Type.Array(
    Type.Object({
      share: Type.String(),
      label: Type.String(),
      where: Type.Optional(Type.String()),
      atLeast: Type.Optional(Type.Number()),
      atMost: Type.Optional(Type.Number()),
      told: Type.Optional(Told),
      standing: oneOf(['met', 'notMet', 'unknown']),
      certain: Type.Boolean({ description: 'the whole interval lies on that side' }),
      fault: Type.Optional(Type.String({ description: 'why it cannot be asked' })),
    }),
  ),
  whose: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      where: Type.String(),
      cells: Type.Record(Type.String(), Told),
    }),
  ),
  groups: Type.Optional(
    Type.Object({
      field: fields.items,
      rows: Type.Array(
        Type.Object({
          value: Nullable(Type.String()),
          label: Type.String(),
          cells: Type.Record(Type.String(), AskRowSchema),
        }),
      ),
      asks: Type.Record(Type.String(), Type.Object(asked)),
    }),
  ),
  watermark: Type.String(),
  version: Type.String(),
})

/** GET /v1/loop: all numbers of closing the loop at once. */
export function loopRoutes(app: FastifyInstance, parts: InsightParts): void {
  app.get(
    '/v1/loop',
    {
      config: { scope: 'ask:read' },
      schema: {
        tags: ['Insight'],
        summary: "The loop's own numbers, against their targets",
        description: `Each share of cases with n, interval and the Ask that gives it again; the targets of the
program's recovery policy; the shares of those who matter most; and, with "by", the shares of each group.`,
        querystring: Query,
        response: { 200: Page },
      },
    },
    async (request) => {
      const { workspaceId, unitKey } = request.principal
      const { language = 'en', ...wish } = request.query as Static<typeof Query>
      return loopPage(parts, workspaceId, wish as LoopWish, { unitKey }, language)
    },
  )
}
