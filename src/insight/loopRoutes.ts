import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import { Nullable, oneOf } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { languages } from '../program/schema.ts'
import { AskResultSchema, AskRowSchema, AskSchema, periods } from './ask.ts'
import { moment } from './compile.ts'
import { type LoopWish, loopPage } from './loopPage.ts'
import type { InsightParts } from './parts.ts'
import { payoffOf } from './payoff.ts'

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

const PayoffQuery = Type.Object(
  {
    window: Type.Optional(
      Type.String({
        pattern: '^P(?=\\d)(\\d{1,4}Y)?(\\d{1,4}M)?(\\d{1,5}W)?(\\d{1,5}D)?$',
        description:
          'how long after the opening of a case one looks; what the program calls having left, else P1Y',
      }),
    ),
    from: Type.Optional(Type.String({ maxLength: 40 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { additionalProperties: false },
)
const Range = Nullable(Type.Tuple([Type.Number(), Type.Number()]))
const Measured = Type.Object({ n: Type.Integer(), value: Nullable(Type.Number()), interval: Range })
const Group = Type.Object({
  id: Type.String(),
  n: Type.Integer(),
  repurchased: Measured,
  retained: Measured,
  margin: Nullable(Measured),
})
const Apart = Type.Object({
  value: Nullable(Type.Number({ description: 'percentage points, or money' })),
  interval: Range,
  verdict: oneOf(['more', 'less', 'cannotTell']),
})
const Compared = Type.Object({ repurchased: Apart, retained: Apart, margin: Nullable(Apart) })
const PayoffShape = Type.Object({
  of: oneOf(['contact', 'account']),
  window: Type.String(),
  pays: Type.Array(Type.String(), { description: 'transaction types; none: every transaction' }),
  currency: Nullable(Type.String()),
  observed: Type.Object({
    label: Type.Literal('selectionBiased'),
    groups: Type.Array(Group),
    contactedAgainstMissed: Compared,
  }),
  trial: Type.Optional(
    Type.Object({
      id: Type.String(),
      share: Type.Number(),
      delay: Type.String(),
      priorityBelow: Nullable(Type.Number()),
      never: Nullable(Type.String()),
      taking: Type.Array(
        Type.Object({ arm: oneOf(['now', 'later']), customers: Type.Integer(), cases: Type.Integer() }),
      ),
      arms: Type.Array(Group),
      effect: Compared,
      stop: Type.Object({
        reason: Nullable(oneOf(['cases', 'at', 'harm'])),
        harmAtLeast: Nullable(Type.Number()),
        harmBorne: Nullable(Type.Number()),
        cases: Nullable(Type.Integer({ description: 'when so many take part, no more lots are drawn' })),
        at: Nullable(Type.String({ description: 'from this day on none are drawn' })),
      }),
    }),
  ),
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
  app.get(
    '/v1/loop/payoff',
    {
      config: { scope: 'ask:read' },
      schema: {
        tags: ['Insight'],
        summary: 'Did following up pay?',
        description: `Who paid again and who stayed, of those contacted and of those missed. The groups differ in more
than the contact, so this is labelled selection-biased. Where a trial delayed follow-up by lot, its effect is not.`,
        querystring: PayoffQuery,
        response: { 200: PayoffShape },
      },
    },
    async (request) => {
      const { workspaceId } = request.principal
      const { window, from, to } = request.query as Static<typeof PayoffQuery>
      const checked = await parts.programs.active(workspaceId)
      const { program } = checked
      const time = (text: string, where: string) => moment(text, program.workspace.timeZone, where)
      const wish = {
        ...(window ? { window } : {}),
        ...(from ? { from: time(from, '/from') } : {}),
        ...(to ? { to: time(to, '/to') } : {}),
      }
      return parts.database.inWorkspace(workspaceId, (tx) =>
        payoffOf(tx, checked, wish, parts.clock.now(), unitScope(request.principal)),
      )
    },
  )
}
