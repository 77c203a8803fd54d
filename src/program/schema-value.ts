// For: the shape of customer value: whose it is, what pays, how leaving is told, what is believed before it is known.
// In: nothing. Out: TypeBox schemas, part of the program's. Their meaning is checked in meaning-value.ts.
import Type, { type Static } from 'typebox'
import { cel, duration, name, strict, text, words } from './schema-parts.ts'

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const source = text('where the number comes from; shown wherever it is used')

const Payment = Type.Object(
  {
    transaction: name('the transaction type that pays'),
    amount: name('its number field with the revenue; below zero is money given back'),
    at: Type.Optional(name('its time field with when it was paid; its first event')),
    refund: Type.Optional(name('its number field with what was given back')),
    margin: Type.Optional(name('its number field with the margin; the share in `margin`')),
  },
  strict,
)

const Segment = Type.Object(
  {
    id: name('names the segment'),
    name: Type.Optional(words('what people see it called')),
    when: cel('a customer for whom this holds is in it; over value.rlv, value.margin and the like'),
    high: Type.Optional(Type.Boolean({ description: 'counts as high value; the first segment alone does' })),
  },
  strict,
)

/** Loyalty by the latest score, the worst first. */
export const loyaltyBands = ['strongDetractor', 'detractor', 'passive', 'promoter'] as const

const Prior = Type.Object({ value: share('a share, 0 to 1'), source }, strict)
const ChurnPrior = Type.Object(
  {
    strongDetractor: Type.Optional(share('of those who score 0 to 3 of 10')),
    detractor: Type.Optional(share('of those who score 0 to 6 of 10')),
    passive: Type.Optional(share('of those who score 7 or 8 of 10')),
    promoter: Type.Optional(share('of those who score 9 or 10 of 10')),
    source,
  },
  strict,
)
const SavePrior = Type.Object(
  {
    value: share('share of those about to leave who stay when they are contacted'),
    weight: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 10000,
        description: 'how many cases of your own weigh as much as it; 20',
      }),
    ),
    source,
  },
  strict,
)

const money = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }))

export const Value = Type.Object(
  {
    of: Type.Enum(['contact', 'account'], { description: 'whose value it is: contact or account' }),
    payments: Type.Array(Payment, { minItems: 1, description: 'the transactions that pay' }),
    margin: Type.Optional(share('share of the revenue that is margin, where no payment tells its own; 1')),
    potential: Type.Optional(
      name('a number field of the contact or account: what they could buy in a period'),
    ),
    period: duration('how often a customer decides anew to stay: P1Y, P1M'),
    discount: Type.Number({
      minimum: 0,
      maximum: 10,
      description: 'by how much money a period away is worth less: 0.1 is ten per cent',
    }),
    model: Type.Optional(
      Type.Enum(['constant', 'sbg', 'auto'], {
        description: 'constant: one retention for all; sbg: it rises with tenure; auto, the likelier of both',
      }),
    ),
    segments: Type.Optional(
      Type.Array(Segment, {
        minItems: 1,
        description: 'the first that holds, the most valuable first; thirds of the residual value, A, B, C',
      }),
    ),
    churn: Type.Object(
      {
        after: duration('who has paid nothing for so long has left'),
        within: Type.Optional(duration('how far ahead the chance to leave looks; as `after`')),
        features: Type.Optional(
          Type.Array(text('score, or a field: account.x, <transaction>.x, answers.<question>'), {
            minItems: 1,
            uniqueItems: true,
            description: 'what may tell who leaves; score',
          }),
        ),
      },
      { ...strict, description: 'when a customer has left' },
    ),
    priors: Type.Optional(
      Type.Object(
        {
          retention: Type.Optional(Prior),
          churn: Type.Optional(ChurnPrior),
          save: Type.Optional(SavePrior),
        },
        { ...strict, description: 'what is believed until there is enough history' },
      ),
    ),
    costs: Type.Optional(
      Type.Object(
        {
          phone: money('of a call'),
          mail: money('of a personal mail'),
          meeting: money('of a meeting'),
          message: money('of a message'),
        },
        { ...strict, description: 'of following up once, by channel' },
      ),
    ),
  },
  { ...strict, description: 'what customers are worth, and what a case is' },
)

export type ProgramValue = Static<typeof Value>
export type ValuePayment = Static<typeof Payment>
export type LoyaltyBand = (typeof loyaltyBands)[number]
