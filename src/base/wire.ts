import Type from 'typebox'

/** Parts that the wire shapes of all domains are made of. Times are ISO 8601 in UTC. */
export const Time = Type.Unsafe<Date | string>(Type.String({ format: 'date-time' }))
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** One of these texts. */
export const oneOf = <T extends string>(texts: readonly T[], options: Type.TSchemaOptions = {}) =>
  Type.Unsafe<T>(Type.Enum([...texts], options))

export const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
export const FieldValues = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
)
