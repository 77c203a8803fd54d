import Type from 'typebox'
import { coefficientProperties, IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const logRank = Type.Object({
  groups: Type.Array(Type.Object({ n: Type.Integer(), observed: Type.Integer(), expected: Type.Number() })),
  chiSquare: Type.Number(),
  df: Type.Integer(),
  p: Type.Number(),
})
const chiSquareTest = Type.Object({ chiSquare: Type.Number(), df: Type.Integer(), p: Type.Number() })

export const survivalSchema = Reasoned({
  level: Type.Number(),
  limits: Type.String(),
  unit: Type.String({ description: 'column of the times, or days' }),
  groups: Type.Array(
    Type.Object({
      group: Type.String(),
      n: Type.Integer(),
      events: Type.Integer(),
      censored: Type.Integer(),
      quantiles: Type.Array(
        Reasoned({
          share: Type.Number({ description: 'share that has left' }),
          time: OrNull(Type.Number()),
          low: OrNull(Type.Number()),
          high: OrNull(Type.Number()),
        }),
      ),
      restrictedMean: Type.Object({ mean: Type.Number(), se: Type.Number(), until: Type.Number() }),
      at: Type.Array(
        Reasoned({
          time: Type.Number(),
          atRisk: Type.Integer(),
          survival: Type.Number(),
          interval: OrNull(IntervalSchema),
        }),
      ),
      points: Type.Array(
        Reasoned({
          time: Type.Number(),
          atRisk: Type.Integer(),
          events: Type.Integer(),
          censored: Type.Integer(),
          survival: Type.Number(),
          se: OrNull(Type.Number({ description: 'of the survival' })),
          interval: OrNull(IntervalSchema),
        }),
      ),
    }),
  ),
  logRank: OrNull(logRank),
  pairwise: Type.Array(
    Reasoned({
      first: Type.String(),
      second: Type.String(),
      test: OrNull(logRank),
      corrected: OrNull(Type.Number({ description: 'p corrected over all pairs' })),
    }),
  ),
  correction: Type.String(),
  cox: OrNull(
    Reasoned({
      used: Type.Integer({ description: 'rows with all covariates' }),
      references: Type.Record(Type.String(), Type.String()),
      model: OrNull(
        Reasoned({
          n: Type.Integer(),
          events: Type.Integer(),
          ties: Type.String(),
          logLikelihood: Type.Object({ without: Type.Number(), fitted: Type.Number() }),
          likelihoodRatio: chiSquareTest,
          wald: chiSquareTest,
          score: chiSquareTest,
          aic: Type.Number(),
          concordance: OrNull(
            Type.Object({
              concordance: Type.Number(),
              se: Type.Number(),
              concordant: Type.Number(),
              discordant: Type.Number(),
              tiedRisk: Type.Number(),
              tiedTime: Type.Number(),
            }),
          ),
          rounds: Type.Integer(),
          coefficients: Type.Array(
            Reasoned({
              ...coefficientProperties,
              hazardRatio: Type.Optional(OrNull(Type.Number())),
              hazardInterval: Type.Optional(OrNull(IntervalSchema)),
            }),
          ),
        }),
      ),
    }),
  ),
})
