import Type from 'typebox'
import { coefficientProperties, IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const share = OrNull(Type.Number())

export const churnSchema = Reasoned({
  outcome: Type.String(),
  level: Type.Number(),
  references: Type.Record(Type.String(), Type.String()),
  model: OrNull(
    Reasoned({
      n: Type.Number(),
      events: Type.Number(),
      deviance: Type.Number(),
      nullDeviance: Type.Number(),
      logLikelihood: Type.Number(),
      aic: Type.Number(),
      mcFadden: Type.Number(),
      rounds: Type.Integer(),
      coefficients: Type.Array(
        Reasoned({
          ...coefficientProperties,
          oddsRatio: Type.Optional(OrNull(Type.Number())),
          oddsInterval: Type.Optional(OrNull(IntervalSchema)),
        }),
      ),
    }),
  ),
  auc: Type.Optional(
    OrNull(
      Reasoned({
        auc: Type.Number(),
        positives: Type.Integer(),
        negatives: Type.Integer(),
        se: OrNull(Type.Number()),
        interval: OrNull(IntervalSchema),
      }),
    ),
  ),
  brier: Type.Optional(share),
  logLoss: Type.Optional(share),
  thresholds: Type.Optional(
    Type.Array(
      Reasoned({
        threshold: Type.Number(),
        truePositives: Type.Integer(),
        falsePositives: Type.Integer(),
        trueNegatives: Type.Integer(),
        falseNegatives: Type.Integer(),
        sensitivity: share,
        specificity: share,
        precision: share,
        accuracy: Type.Number(),
        f1: share,
      }),
    ),
  ),
  best: Type.Optional(OrNull(Type.Object({ threshold: Type.Number(), youden: Type.Number() }))),
  calibration: Type.Optional(
    OrNull(
      Reasoned({
        bins: Type.Array(
          Type.Object({
            n: Type.Integer(),
            events: Type.Integer(),
            meanChance: Type.Number(),
            observed: Type.Number(),
            interval: IntervalSchema,
          }),
        ),
        hosmerLemeshow: OrNull(
          Type.Object({ chiSquare: Type.Number(), df: Type.Integer(), p: Type.Number() }),
        ),
      }),
    ),
  ),
})
