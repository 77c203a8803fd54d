import Type from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import { ScoreShape } from '../people/wire.ts'

// The wire shapes of praise, criticism and digests.
export const notificationStates = ['queued', 'held', 'keptOut', 'dropped'] as const

const Named = Nullable(Type.Object({ key: Type.String(), name: Nullable(Type.String()) }))
export const NotificationShape = Type.Object({
  notificationId: Type.String(),
  kind: oneOf(['praise', 'criticism']),
  responseId: Type.String(),
  about: { ...Named, description: 'the employee it is about' },
  reader: { ...Named, description: 'who is told; null for a chat channel, and when there is nobody' },
  channel: Nullable(Type.String({ description: 'name of the chat channel that is told' })),
  unit: Named,
  state: oneOf(notificationStates, {
    description:
      'queued: it goes out, or went; held: kept back; keptOut: stays back; dropped: nobody could be told',
  }),
  mail: {
    ...Nullable(oneOf(['queued', 'sending', 'sent', 'failed', 'uncertain'])),
    description: 'how far the mail, or the post to the chat channel, has come',
  },
  reason: Nullable(
    Type.String({
      description:
        'praiseFirst, notReleased, moved (held, and somebody else is meant by now), noAddress, noChannel, or why nobody is meant: noEmployee, noUnit, noManager, noAccountOwner, noFunction, gone, away',
    }),
  ),
  createdAt: Time,
  dueAt: { ...Time, description: 'when it goes out: at once, or when the quiet hours end' },
  settledAt: Nullable(Time),
  settledBy: Nullable(Type.String()),
  survey: Type.String(),
  score: Nullable(ScoreShape),
  comment: Nullable(Type.String()),
})
export const StandingShape = Type.Object({
  active: Type.Boolean({ description: 'only the good goes out' }),
  until: Nullable(Type.String({ description: 'as the program has it: a date, or released' })),
  endedAt: Nullable(Time),
  endedBy: Nullable(Type.String()),
  held: Type.Integer(),
})

export const DigestShape = Type.Object({
  id: Type.String(),
  every: oneOf(['day', 'week', 'month']),
  on: Type.Optional(Type.String()),
  dayOfMonth: Type.Optional(Type.Integer()),
  at: Type.String({ description: "time of day, by the workspace's time zone" }),
  to: Type.Array(Type.String()),
  about: Type.Optional(Type.Array(Type.String())),
  nextAt: Nullable(Time),
})
