import Type, { type TProperties, type TSchema } from 'typebox'

/** A value that may be missing: then it is null, and `reason` stands beside it. */
export function OrNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** A record whose missing values are explained. */
export function Reasoned<T extends TProperties>(properties: T) {
  return Type.Object({
    ...properties,
    reason: Type.Optional(Type.String({ description: 'why values of this record are null' })),
    detail: Type.Optional(Type.String()),
    reasons: Type.Optional(Type.Record(Type.String(), Type.String())),
  })
}

/** [low, high] */
export const IntervalSchema = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })

/** A part of the answers: how many, and their share with its limits. */
export const ShareSchema = Type.Object({
  count: Type.Integer(),
  share: Type.Number(),
  interval: IntervalSchema,
})

/** What every coefficient of a model is told with; all but its estimate is missing where it could not be fitted. */
export const coefficientProperties = {
  name: Type.String(),
  estimate: OrNull(Type.Number()),
  se: Type.Optional(Type.Number()),
  z: Type.Optional(Type.Number()),
  p: Type.Optional(Type.Number()),
  interval: Type.Optional(IntervalSchema),
}
