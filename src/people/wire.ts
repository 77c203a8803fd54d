import Type from 'typebox'
import { roles, scopes } from '../base/principal.ts'

/** Shapes that several domains' routes share. Times are ISO 8601 in UTC. */
export const Time = Type.Unsafe<Date | string>(Type.String({ format: 'date-time' }))
/** One of these texts. */
export const oneOf = <T extends string>(texts: readonly T[], options: Type.TSchemaOptions = {}) =>
  Type.Unsafe<T>(Type.Enum([...texts], options))
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Id = Type.Object({ id: Type.String({ format: 'uuid' }) })
export const FieldValues = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
)
export const ScoreShape = Type.Object({
  question: Type.String(),
  kind: Type.String(),
  value: Type.Number(),
})
export const TimelineShape = Type.Object({
  at: Time,
  kind: oneOf(['event', 'invitation', 'withheld', 'response', 'case']),
  title: Type.String(),
  detail: Nullable(Type.String()),
  fields: Type.Optional(FieldValues),
  score: Type.Optional(Nullable(ScoreShape)),
  comment: Type.Optional(Nullable(Type.String())),
  responseId: Type.Optional(Type.String()),
  caseId: Type.Optional(Type.String()),
})
export const RoleShape = oneOf(roles)
export const ScopeShape = oneOf(scopes)
export const LanguageQuery = Type.Optional(
  oneOf(['en', 'sv', 'nb'], { description: 'language of titles; the workspace’s first when left out' }),
)
