import Type from 'typebox'
import { roles, scopes } from '../base/principal.ts'
import { FieldValues, Nullable, oneOf, Time } from '../base/wire.ts'

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
