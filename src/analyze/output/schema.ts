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
