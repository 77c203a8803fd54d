import Type from 'typebox'
import { roles, scopes } from '../base/principal.ts'
import { FieldValues, Nullable, oneOf, Time } from '../base/wire.ts'
import { timelineKinds } from './timeline.ts'

export const ScoreShape = Type.Object({
  question: Type.String(),
  kind: Type.String(),
  value: Type.Number(),
})
/** What the recovery policy made of an answer. */
export const DecisionShape = Type.Object(
  { handling: Type.String(), reason: Type.String() },
  {
    description:
      'what the recovery policy made of an answer (case, joined, reopened, reply, none) and why, such as capped or tooOld',
  },
)
export const TimelineShape = Type.Object({
  at: Time,
  kind: oneOf(timelineKinds, {
    description:
      'letter: a mail of a case, its subject, in or out; praise, criticism: somebody of the company was told; promoter: thanks, reference, referral, review, upsell',
  }),
  title: Type.String(),
  detail: Nullable(Type.String()),
  fields: Type.Optional(FieldValues),
  score: Type.Optional(Nullable(ScoreShape)),
  comment: Type.Optional(Nullable(Type.String())),
  decision: Type.Optional(DecisionShape),
  responseId: Type.Optional(Type.String()),
  caseId: Type.Optional(Type.String()),
  planId: Type.Optional(Type.String()),
})
const Named = Type.Object({ id: Type.String(), name: Nullable(Type.String()) })
export const AccountTimelineShape = Type.Object({
  ...TimelineShape.properties,
  contact: Nullable(Named),
})
export const HealthShape = Type.Object({
  answers: Type.Integer({ description: 'of the latest 200' }),
  lastAnswerAt: Nullable(Time),
  scores: Type.Array(
    Type.Object({
      survey: Type.String(),
      question: Type.String(),
      kind: Type.String(),
      latest: Type.Number(),
      at: Time,
      from: Type.Number(),
      to: Type.Number(),
      trend: Nullable(
        oneOf(['better', 'worse', 'same'], {
          description:
            'the latest against the mean of up to five before it of the same person; same: less than a tenth of the scale; null: their first',
        }),
      ),
      series: Type.Array(Type.Object({ at: Time, value: Type.Number(), responseId: Type.String() }), {
        description: 'the latest twelve, the latest first',
      }),
    }),
  ),
  openCases: Type.Integer(),
  overdueCases: Type.Integer(),
  lastContactAt: Nullable(Time),
})
export const OpenActionShape = Type.Object({
  kind: oneOf(['case', 'planItem', 'lead']),
  id: Type.String({ description: 'of the case, the plan it is a part of, or the lead' }),
  caseId: Nullable(Type.String()),
  state: Type.String(),
  title: Type.String({ description: 'a rule of the program, or what is to be done' }),
  contactId: Nullable(Type.String()),
  contactName: Nullable(Type.String()),
  owner: Nullable(Type.String()),
  dueAt: Nullable(Time),
  contactedAt: Nullable(Time),
  priority: Nullable(Type.Number()),
})
export const AccountPersonShape = Type.Object({
  id: Type.String(),
  key: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  values: FieldValues,
  unsubscribed: Type.Boolean(),
  lastScore: Nullable(ScoreShape),
  lastAnswerAt: Nullable(Time),
  openCases: Type.Integer(),
})
export const RoleShape = oneOf(roles)
export const ScopeShape = oneOf(scopes)
export const LanguageQuery = Type.Optional(
  oneOf(['en', 'sv', 'nb'], { description: 'language of titles; the workspace’s first when left out' }),
)
