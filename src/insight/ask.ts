// For: a question asked of the data, itself data: portal, reports, API and command line all ask in this form.
// In: nothing. Out: the schemas of an Ask and of its answer, from which come validation, OpenAPI and types.
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false }
const Nullable = <T extends ReturnType<typeof Type.Number>>(schema: T) => Type.Union([schema, Type.Null()])
const NumberOrNull = Nullable(Type.Number())
const Range = Type.Tuple([Type.Number(), Type.Number()])
const Moment = (more = '') =>
  Type.String({
    pattern: '^\\d{4}-\\d{2}-\\d{2}',
    description: `a date in the time zone of the program (2017-01-31), or a time with offset (ISO 8601)${more}`,
  })

export const periods = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof periods)[number]
const PeriodSchema = Type.Union([
  Type.Literal('day'),
  Type.Literal('week'),
  Type.Literal('month'),
  Type.Literal('quarter'),
  Type.Literal('year'),
])

/** An answer has no more columns of fields. */
export const mostFields = 2

export const AskSchema = Type.Object(
  {
    metric: Type.String({
      minLength: 1,
      description:
        'a metric of the program, or responses, comments, invited, answered, withheld, cases, begun, started, completion, dropOff, or one of the loop (docs/loop.md)',
    }),
    by: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        maxItems: mostFields,
        description: 'fields, such as customer.state, order.outcome (as now) or order.outcome@frozen',
      }),
    ),
    where: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'a condition in CEL' })),
    over: Type.Optional(PeriodSchema),
    from: Type.Optional(Moment()),
    to: Type.Optional(Moment('; it is not included')),
    compare: Type.Optional(
      Type.Literal('previous', {
        description: 'the change against the time as long before, or the period before',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'how many groups, largest first; 500 when left out',
      }),
    ),
  },
  strict,
)
export type Ask = Static<typeof AskSchema>

const Change = Type.Object({
  value: Type.Number({ description: 'now minus before, in the unit of the metric' }),
  p: NumberOrNull,
  interval: Type.Union([Range, Type.Null()]),
})

export const AskRowSchema = Type.Object({
  by: Type.Array(Type.Union([Type.String(), Type.Null()]), {
    description: 'one value for each field asked by',
  }),
  period: Type.Optional(Type.String({ description: 'first day of the period' })),
  n: Type.Integer({ description: 'answers counted' }),
  value: NumberOrNull,
  interval: Type.Union([Range, Type.Null()], {
    description:
      '95 %; Wilson for shares, adjusted Wald for NPS, t for means; cut at the ends of the scale, and of durations and numbers of times at 0',
  }),
  noInterval: Type.Optional(
    Type.Literal('tooFew', {
      description: 'why a score or mean has no interval: it is of one answer alone',
    }),
  ),
  mean: Type.Optional(NumberOrNull),
  share: Type.Optional(Type.Number({ description: 'CES: per cent who agree (5 to 7)' })),
  shareInterval: Type.Optional(Range),
  counts: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  p: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], { description: 'of the difference to all others' }),
  ),
  pAdjusted: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], {
      description: 'p corrected for the many rows (Benjamini-Hochberg)',
    }),
  ),
  change: Type.Optional(Change),
  withheld: Type.Optional(
    Type.Union([Type.Literal('tooFew'), Type.Literal('protects'), Type.Literal('empty')], {
      description:
        'tooFew: under the limit of protected groups; protects: would reveal such a one by subtraction',
    }),
  ),
  faint: Type.Optional(Type.Boolean({ description: 'fewer than 30 answers' })),
})
export type AskRow = Static<typeof AskRowSchema>

export const AskResultSchema = Type.Object({
  ask: AskSchema,
  metric: Type.Object({
    id: Type.String(),
    kind: Type.String(),
    label: Type.String(),
    unit: Type.Union([
      Type.Literal('points'),
      Type.Literal('percent'),
      Type.Literal('mean'),
      Type.Literal('count'),
    ]),
    target: Type.Optional(Type.Number()),
    scale: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], {
        description: 'of the questions whose answers it tells, from the lowest to the highest',
      }),
    ),
  }),
  total: AskRowSchema,
  rows: Type.Array(AskRowSchema),
  periods: Type.Optional(Type.Array(AskRowSchema, { description: 'all groups together, by period' })),
  fields: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      type: Type.String(),
      labels: Type.Record(Type.String(), Type.String(), {
        description: 'words for the values that have some',
      }),
    }),
  ),
  truncated: Type.Boolean({ description: 'there are more groups than were asked for' }),
  watermark: Type.String({ description: 'the time of the truth that the facts have reached' }),
  version: Type.String({ description: 'of the program' }),
})
export type AskResult = Static<typeof AskResultSchema>
