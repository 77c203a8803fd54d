import Type from 'typebox'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const side = OrNull(
  Type.Union([Type.Literal('above'), Type.Literal('below'), Type.Literal(false)], {
    description: 'false inside the limits, null without answers',
  }),
)
const eitherSide = OrNull(
  Type.Union([Type.Literal('above'), Type.Literal('below'), Type.Literal('both'), Type.Literal(false)], {
    description: 'sums over the limit: the upper (above), the lower (below) or both; false for neither',
  }),
)
const point = Type.Object({
  value: OrNull(Type.Number()),
  low: OrNull(Type.Number()),
  high: OrNull(Type.Number()),
  outside: side,
})
const alarm = Type.Object({
  index: Type.Integer({ description: 'place in the chart, from 0' }),
  side: Type.String(),
  value: Type.Number(),
  limit: Type.Number(),
  since: Type.Optional(Type.Integer()),
})
const baseline = {
  centre: Type.Number(),
  sigma: Type.Number(),
  centreIs: Type.String({ description: 'given or estimated' }),
  sigmaIs: Type.String(),
  n: Type.Integer({ description: 'values of the baseline' }),
}
const alarms = Type.Array(alarm)
const points = Type.Array(point)

export const trendSchema = Reasoned({
  kind: Type.String({ description: 'value, share or nps' }),
  unit: Type.String({
    description: 'one unit of time: day, week, month, quarter, year, row, or the column of --time',
  }),
  level: Type.Number(),
  mannKendall: OrNull(
    Type.Object({
      n: Type.Integer(),
      s: Type.Number(),
      variance: Type.Number(),
      tau: Type.Number(),
      z: Type.Number(),
      p: Type.Number(),
    }),
  ),
  theilSen: OrNull(
    Reasoned({
      n: Type.Integer(),
      slope: Type.Number(),
      intercept: Type.Number(),
      level: Type.Number(),
      limits: OrNull(IntervalSchema),
    }),
  ),
  pettitt: OrNull(
    Type.Object({
      n: Type.Integer(),
      statistic: Type.Number(),
      after: Type.Array(Type.Integer({ description: 'values before the change' })),
      labels: Type.Array(Type.String({ description: 'the last period before the change' })),
      p: Type.Number(),
      medianBefore: Type.Number(),
      medianAfter: OrNull(Type.Number()),
    }),
  ),
  charts: Reasoned({
    p: Type.Optional(OrNull(Type.Object({ centre: Type.Number(), baseline: Type.String(), points, alarms }))),
    nps: Type.Optional(
      OrNull(
        Type.Object({ centre: Type.Number(), sigma: Type.Number(), baseline: Type.String(), points, alarms }),
      ),
    ),
    individuals: Type.Optional(
      OrNull(
        Type.Object({
          ...baseline,
          points,
          alarms,
          ranges: Type.Object({ centre: Type.Number(), points, alarms }),
        }),
      ),
    ),
    ewma: Type.Optional(
      OrNull(Type.Object({ ...baseline, lambda: Type.Number(), width: Type.Number(), points, alarms })),
    ),
    cusum: Type.Optional(
      OrNull(
        Type.Object({
          ...baseline,
          allowance: Type.Number(),
          decision: Type.Number(),
          points: Type.Array(
            Type.Object({
              high: Type.Number(),
              low: Type.Number(),
              highRun: Type.Integer(),
              lowRun: Type.Integer(),
              outside: eitherSide,
            }),
          ),
          alarms,
        }),
      ),
    ),
  }),
  alarms: Type.Array(
    Type.Object({
      chart: Type.String(),
      period: Type.String(),
      side: Type.String(),
      value: Type.Number(),
      limit: Type.Number(),
      since: Type.Optional(Type.String()),
    }),
  ),
  cut: Type.Array(Type.Object({ label: Type.String(), n: Type.Integer() }), {
    description: 'periods left out for having few answers (--sparse)',
  }),
  points: Type.Array(
    Type.Object({
      label: Type.String(),
      time: Type.Number(),
      n: Type.Integer(),
      value: OrNull(Type.Number()),
    }),
  ),
})
