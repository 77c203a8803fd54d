import Type, { type TProperties, type TSchema } from 'typebox'
import type { Method } from '../method.ts'

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

/** JSON Schema of what `samklang analyze METHOD --json` prints. */
export function outputSchema(method: Method) {
  return Type.Object(
    {
      method: Type.Literal(method.name),
      file: Type.String(),
      rows: Type.Integer({ description: 'data rows of the file' }),
      used: Type.Integer({ description: 'rows that went into the result' }),
      dropped: Type.Record(Type.String(), Type.Integer(), { description: 'rows left out, by reason' }),
      conventions: Type.Array(Type.String()),
      result: OrNull(method.schema),
      reason: Type.Optional(Type.String({ description: 'why there is no result' })),
      detail: Type.Optional(Type.String()),
      reasons: Type.Optional(Type.Record(Type.String(), Type.String())),
    },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: `samklang analyze ${method.name} --json`,
    },
  )
}
