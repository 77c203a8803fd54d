import Type from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import { loyaltyBands } from '../program/schema-value.ts'
import { quadrants } from './matrix.ts'

const limits = { low: Type.Optional(Type.Number()), high: Type.Optional(Type.Number()) }
export const EstimateShape = Type.Object(
  { value: Type.Number(), ...limits },
  { description: 'with 95 % limits' },
)
const LackingShape = Type.Object({
  value: Type.Null(),
  reason: Type.String({ description: 'why there is none' }),
  detail: Type.Optional(Type.String()),
})
const EstimateOrLacking = Type.Union([EstimateShape, LackingShape])
const kind = oneOf(['contact', 'account'])
const BandShape = Nullable(oneOf(loyaltyBands))
const QuadrantShape = oneOf(quadrants)

const RenewalsShape = Type.Object({
  renewal: Type.Integer({ description: 'from 1' }),
  atRisk: Type.Integer(),
  renewed: Type.Integer(),
})

export const ModelShape = Type.Object({
  asOf: Time,
  madeAt: Time,
  version: Type.String(),
  kind,
  currency: Type.String(),
  customers: Type.Integer(),
  left: Type.Integer(),
  periodDays: Type.Number(),
  afterDays: Type.Number(),
  withinDays: Type.Number(),
  slackDays: Type.Number(),
  discount: Type.Number({ description: 'a period' }),
  retention: Type.Object({
    chosen: oneOf(['constant', 'sbg', 'prior', 'none']),
    decided: Type.Integer({ description: 'renewals of which it is known' }),
    renewed: Type.Integer(),
    constant: EstimateOrLacking,
    prior: Nullable(Type.Object({ value: Type.Number(), source: Type.String() })),
    sbg: Type.Union([
      Type.Object({
        alpha: EstimateShape,
        beta: EstimateShape,
        meanChurn: EstimateShape,
        logLikelihood: Type.Number(),
      }),
      LackingShape,
    ]),
    curve: Type.Array(
      Type.Interface([RenewalsShape], {
        retention: Type.Number(),
        low: Type.Number(),
        high: Type.Number(),
        constant: Nullable(Type.Number()),
        sbg: Nullable(Type.Number()),
      }),
      { description: 'observed and modelled, by renewal' },
    ),
    cohorts: Type.Array(
      Type.Object({
        cohort: Type.String(),
        customers: Type.Integer(),
        renewals: Type.Array(RenewalsShape),
      }),
      { description: 'by period of the first payment' },
    ),
  }),
  churn: Type.Object({
    n: Type.Integer(),
    left: Type.Integer(),
    model: Type.Union([
      Type.Object({
        n: Type.Integer(),
        left: Type.Integer(),
        intercept: EstimateShape,
        coefficients: Type.Array(
          Type.Object({ name: Type.String(), value: Type.Number(), ...limits, p: Type.Number() }),
          { description: 'change of the log odds to leave' },
        ),
      }),
      LackingShape,
    ]),
    calibration: Nullable(
      Type.Object({
        of: oneOf(['crossValidated', 'prior']),
        n: Type.Integer(),
        left: Type.Integer(),
        deciles: Type.Array(
          Type.Object({
            n: Type.Integer(),
            left: Type.Integer(),
            predicted: Type.Number(),
            observed: Type.Number(),
            low: Type.Number(),
            high: Type.Number(),
          }),
        ),
        brier: Type.Number(),
        auc: Nullable(EstimateShape),
      }),
    ),
  }),
  save: Nullable(
    Type.Object({
      value: Type.Number(),
      ...limits,
      source: oneOf(['save.cases', 'save.prior']),
      n: Type.Integer({ description: 'cases of your own' }),
      biased: Type.Boolean({
        description: 'learned from customers who were chosen and reached: not the effect of reaching them',
      }),
      said: Type.Optional(Type.String()),
    }),
  ),
})

const CellShape = Type.Object({
  segment: Type.String(),
  band: BandShape,
  quadrant: Nullable(QuadrantShape),
  customers: Type.Integer(),
  rlv: Type.Number({ description: 'sum of residual lifetime values' }),
  atRisk: Type.Number({ description: 'sum of chance to leave x residual lifetime value' }),
  foretold: Type.Integer({ description: 'customers whose chance to leave is known' }),
})

export const MatrixShape = Type.Object({
  asOf: Time,
  kind,
  currency: Type.String(),
  segments: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Nullable(
        Type.Unsafe<string | Record<string, string>>(
          Type.Union([Type.String(), Type.Record(Type.String(), Type.String())]),
        ),
      ),
      high: Type.Boolean(),
    }),
  ),
  cells: Type.Array(CellShape),
  quadrants: Type.Array(
    Type.Object({
      quadrant: QuadrantShape,
      customers: Type.Integer(),
      rlv: Type.Number(),
      atRisk: Type.Number(),
    }),
  ),
  left: Type.Integer({ description: 'customers who have left; they are in no cell' }),
})

export const CellCustomerShape = Type.Object({
  customerId: Type.String(),
  kind,
  key: Type.String(),
  name: Nullable(Type.String()),
  segment: Type.String(),
  band: BandShape,
  rlv: Nullable(Type.Number()),
  margin: Type.Number(),
  rfm: Type.Integer({ description: 'recency, frequency, monetary: 555 is best' }),
  churn: Nullable(Type.Number()),
  atRisk: Nullable(Type.Number()),
  lastAt: Time,
  contactId: Nullable(Type.String()),
  responseId: Nullable(Type.String()),
  answeredAt: Nullable(Time),
  openCase: Type.Boolean(),
})

/** What one customer is worth. */
export const CustomerValueShape = Type.Object({
  kind,
  currency: Type.String(),
  asOf: Time,
  segment: Type.String(),
  high: Type.Boolean(),
  model: oneOf(['constant', 'sbg', 'prior', 'none']),
  rlv: Nullable(EstimateShape),
  rlvConstant: Nullable(Type.Number()),
  rlvSbg: Nullable(Type.Number()),
  leftAt: Nullable(Time),
  firstAt: Time,
  lastAt: Time,
  recency: Type.Number({ description: 'days since the latest payment' }),
  frequency: Type.Integer({ description: 'payments' }),
  revenue: Type.Number(),
  refunds: Type.Number(),
  monetary: Type.Number({ description: 'revenue less refunds' }),
  margin: Type.Number(),
  marginAPeriod: Type.Number(),
  periods: Type.Integer({ description: 'paid periods since they came, or came back' }),
  lives: Type.Integer({ description: '1, and one more for each time they had left and came back' }),
  potential: Nullable(Type.Number()),
  rfm: Type.Object({ recency: Type.Integer(), frequency: Type.Integer(), monetary: Type.Integer() }),
  band: BandShape,
  answeredAt: Nullable(Time),
  churn: Nullable(Type.Number({ description: 'chance to leave, given the latest scored answer' })),
  atRisk: Nullable(Type.Number()),
  periodDays: Type.Number(),
  discount: Type.Number(),
})
