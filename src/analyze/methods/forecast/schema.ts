import Type from 'typebox'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const accuracy = Reasoned({
  n: Type.Integer(),
  me: Type.Number({ description: 'mean of value less forecast' }),
  mae: Type.Number(),
  rmse: Type.Number(),
  mape: OrNull(Type.Number({ description: 'per cent' })),
  mase: OrNull(Type.Number()),
})
const weights = Type.Object({ alpha: Type.Number(), beta: Type.Number(), gamma: Type.Number() })
const state = { level: Type.Number(), trend: Type.Number(), season: Type.Array(Type.Number()) }
const ahead = Type.Array(
  Reasoned({
    period: Type.String(),
    value: Type.Number(),
    low: OrNull(Type.Number()),
    high: OrNull(Type.Number()),
  }),
)

export const forecastSchema = Reasoned({
  n: Type.Integer({ description: 'periods of the series' }),
  missing: Type.Integer({ description: 'periods within the series without values' }),
  cut: Type.Array(Type.Object({ label: Type.String(), n: Type.Integer() }), {
    description: 'sparse periods left out at the ends',
  }),
  ends: Type.Optional(IntervalSchema),
  cycle: Type.Integer(),
  level: Type.Number(),
  criterion: Type.String(),
  chosen: OrNull(Type.String()),
  forecast: OrNull(ahead),
  models: Type.Array(
    Reasoned({
      model: Type.String(),
      fit: OrNull(
        Type.Object({
          weights: Type.Optional(weights),
          fittedWeights: Type.Optional(Type.Array(Type.String())),
          start: Type.Optional(
            Type.Object({
              ...state,
              first: Type.Integer({ description: 'place of the first value forecast, from 0' }),
            }),
          ),
          startIs: Type.String({ description: 'heuristic, fitted or given' }),
          state: Type.Optional(Type.Object(state)),
          sse: Type.Optional(Type.Number()),
        }),
      ),
      accuracy: OrNull(accuracy),
      backtest: OrNull(
        Reasoned({
          origins: Type.Integer(),
          horizon: Type.Integer(),
          accuracy,
          coverage: OrNull(Type.Number({ description: 'share of the values inside their limits' })),
          bySteps: Type.Array(
            Type.Object({ step: Type.Integer(), n: Type.Integer(), mae: Type.Number(), rmse: Type.Number() }),
          ),
        }),
      ),
      fittedFrom: Type.Integer({
        description: 'place in `series` of the first value that has a forecast, from 1; 0 where none has',
      }),
      fitted: Type.Array(Type.Number(), { description: 'one-step forecasts, from that place to the end' }),
      forecast: ahead,
    }),
  ),
  series: Type.Array(
    Type.Object({
      period: Type.String(),
      value: Type.Number(),
      observed: Type.Boolean({ description: 'false: filled' }),
    }),
  ),
})
