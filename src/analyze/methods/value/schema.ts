import Type from 'typebox'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'

const value = OrNull(Type.Number())
const lifetimes = { afterPayment: value, paymentDue: value }

export const valueSchema = Reasoned({
  rfm: OrNull(
    Type.Object({
      asOf: Type.String(),
      n: Type.Integer({ description: 'customers with a purchase' }),
      withoutPurchase: Type.Integer(),
      revenue: Type.Number(),
      byMonetary: Type.Array(
        Type.Object({ score: Type.Integer(), customers: Type.Integer(), revenue: Type.Number() }),
      ),
      grid: Type.Array(Type.Array(Type.Integer()), {
        description: 'customers by recency and frequency score',
      }),
      customers: Type.Array(
        Type.Object({
          customer: Type.String(),
          recencyDays: Type.Integer(),
          frequency: Type.Integer(),
          monetary: Type.Number(),
          recencyScore: Type.Integer(),
          frequencyScore: Type.Integer(),
          monetaryScore: Type.Integer(),
          rfm: Type.String(),
        }),
      ),
    }),
  ),
  cohorts: OrNull(
    Reasoned({
      cohorts: Type.Array(Type.Object({ cohort: Type.String(), active: Type.Array(Type.Number()) })),
      retention: value,
      fit: OrNull(
        Type.Object({
          alpha: Type.Number(),
          beta: Type.Number(),
          se: Type.Object({ alpha: Type.Number(), beta: Type.Number() }),
          limits: Type.Object({ alpha: IntervalSchema, beta: IntervalSchema }),
          logLikelihood: Type.Number(),
          customers: Type.Number(),
          meanChurn: Type.Number(),
          renewals: Type.Array(
            Type.Object({
              renewal: Type.Integer(),
              atRisk: Type.Number(),
              renewed: Type.Number(),
              retention: value,
              fittedRetention: Type.Number(),
              fittedSurvival: Type.Number(),
            }),
          ),
        }),
      ),
      derl: Type.Array(Reasoned({ tenure: Type.Integer(), derl: value, value: Type.Optional(value) })),
      constant: Type.Optional(Reasoned(lifetimes)),
    }),
  ),
  lifetimes: OrNull(
    Type.Array(
      Reasoned({
        row: Type.Integer(),
        margin: Type.Number(),
        discount: Type.Number(),
        retention: Type.Optional(Type.Number()),
        afterPayment: Type.Optional(value),
        paymentDue: Type.Optional(value),
        tenure: Type.Optional(Type.Integer()),
        derl: Type.Optional(value),
        value: Type.Optional(value),
      }),
    ),
  ),
})
