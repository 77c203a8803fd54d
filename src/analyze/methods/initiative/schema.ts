import Type from 'typebox'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const effect = Reasoned({
  value: Type.Number(),
  se: Type.Number(),
  df: Type.Number(),
  t: OrNull(Type.Number()),
  p: OrNull(Type.Number()),
  interval: IntervalSchema,
})
const test = Type.Object({
  difference: Type.Number({ description: 'treated less the others' }),
  se: Type.Number(),
  interval: IntervalSchema,
  t: Type.Number(),
  df: Type.Number(),
  p: Type.Number(),
})

export const initiativeSchema = Reasoned({
  level: Type.Number(),
  clusters: OrNull(Type.Integer()),
  clustersOfArms: OrNull(Type.Object({ treated: Type.Integer(), others: Type.Integer() })),
  checkedBy: Type.String({ description: 'kind of error of pre-trend, placebos and event study' }),
  begin: OrNull(Type.String({ description: 'first period of the initiative' })),
  cells: Type.Array(
    Reasoned({
      treated: Type.Boolean(),
      after: Type.Boolean(),
      n: Type.Integer(),
      mean: OrNull(Type.Number()),
      sd: OrNull(Type.Number()),
    }),
  ),
  did: OrNull(
    Type.Object({
      n: Type.Integer(),
      clusters: Type.Integer(),
      effect: Type.Number(),
      errors: Reasoned({
        classical: OrNull(effect),
        hc1: OrNull(effect),
        cr0: OrNull(effect),
        cr1: OrNull(effect),
        cr1s: OrNull(effect),
        cr2: OrNull(effect),
      }),
    }),
  ),
  welch: Reasoned({ post: OrNull(test), change: OrNull(test), clusterMeans: OrNull(test) }),
  cuped: OrNull(
    Reasoned({
      theta: Type.Number(),
      correlation: Type.Number(),
      varianceReduction: Type.Number(),
      controlMean: Type.Number(),
      treatedMean: Type.Number(),
      effect: OrNull(test),
      plain: OrNull(test),
    }),
  ),
  preTrend: OrNull(effect),
  placebos: OrNull(
    Type.Array(
      Reasoned({
        begin: Type.Integer(),
        period: Type.String(),
        effect: OrNull(effect),
        corrected: OrNull(Type.Number()),
      }),
    ),
  ),
  eventStudy: OrNull(
    Reasoned({
      reference: Type.String(),
      periods: Type.Array(Reasoned({ period: Type.String(), effect: OrNull(effect) })),
      leads: OrNull(
        Type.Object({ f: Type.Number(), df1: Type.Number(), df2: Type.Number(), p: Type.Number() }),
      ),
    }),
  ),
  periods: Type.Array(Type.String()),
})
