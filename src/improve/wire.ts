import Type from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import { promoterKinds } from '../program/schema-improve.ts'
import { actStates } from './acts.ts'
import { improvementStates } from './improvement.ts'
import { outreachReasons } from './outreach.ts'
import { itemStates } from './plans.ts'

// Parts that the wire shapes of this folder are made of.
export const strict = { additionalProperties: false }
export const line = (maxLength = 300) => Type.String({ minLength: 1, maxLength })
const Text = Type.String({ maxLength: 5000 })
export const Uuid = Type.String({ format: 'uuid' })
export const Day = Type.String({ format: 'date' })
export const Revision = Type.Integer({
  minimum: 1,
  description: 'the revision you saw; refused when it is no longer that',
})
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500 }))
const Who = Type.Object({ id: Type.String(), name: Nullable(Type.String()) }, strict)
const Words = Type.Partial(Type.Object({ en: Text, sv: Text, nb: Text }), strict)
const Reason = oneOf(outreachReasons)

/** What people write about an improvement; what is left out stays. */
export const ImprovementBody = {
  title: Type.Optional(line()),
  theme: Type.Optional(Nullable(Type.String())),
  cause: Type.Optional(Nullable(Type.String())),
  action: Type.Optional(Nullable(Text)),
  owner: Type.Optional(Nullable(Who)),
  unit: Type.Optional(Nullable(Type.String())),
  dueOn: Type.Optional(Nullable(Day)),
  metric: Type.Optional(Nullable(Type.String({ description: 'what its effect is read on' }))),
  where: Type.Optional(Nullable(Type.String({ description: 'of which answers or cases, as in an Ask' }))),
  compareWhere: Type.Optional(
    Nullable(Type.String({ description: 'compared with these; with all others when left out' })),
  ),
  said: Type.Optional(Words),
  did: Type.Optional(Words),
  concerns: Type.Optional(Nullable(Type.String({ description: 'CEL: the answers it concerns' }))),
}

export const ImprovementShape = Type.Object({
  improvementId: Type.String(),
  title: Type.String(),
  theme: Nullable(Type.String()),
  cause: Nullable(Type.String()),
  action: Nullable(Type.String()),
  owner: Nullable(Who),
  unit: Nullable(Type.Object({ key: Type.String(), name: Nullable(Type.String()) })),
  dueOn: Nullable(Type.String()),
  overdue: Type.Boolean(),
  state: oneOf(improvementStates),
  doneAt: Nullable(Time),
  metric: Nullable(Type.String()),
  where: Nullable(Type.String()),
  compareWhere: Nullable(Type.String()),
  said: Words,
  did: Words,
  concerns: Nullable(Type.String()),
  createdAt: Time,
  createdBy: Nullable(Type.String()),
  changedAt: Time,
  revision: Type.Integer(),
  links: Type.Object({ cases: Type.Integer(), responses: Type.Integer() }),
  told: Type.Integer({ description: 'people who were told' }),
})

export const HistoryShape = Type.Array(
  Type.Object({
    revision: Type.Integer(),
    at: Time,
    kind: Type.String(),
    actor: Nullable(Type.String()),
    note: Type.Optional(Nullable(Type.String())),
    detail: Type.Unsafe<Record<string, unknown> | null>(Nullable(Type.Object({}))),
  }),
)

export const LinksShape = Type.Object({
  cases: Type.Array(
    Type.Object({
      caseId: Type.String(),
      state: Type.String(),
      cause: Nullable(Type.String()),
      openedAt: Time,
      contactName: Nullable(Type.String()),
    }),
  ),
  responses: Type.Array(
    Type.Object({
      responseId: Type.String(),
      answeredAt: Time,
      survey: Type.String(),
      comment: Nullable(Type.String()),
      contactName: Nullable(Type.String()),
    }),
  ),
})

const recipient = {
  contactId: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  language: Type.String(),
  responseId: Type.String(),
  answeredAt: Time,
}
export const TellingShape = Type.Object({
  count: Type.Integer({ description: 'people who would get the mail now' }),
  recipients: Type.Array(Type.Object(recipient), { description: 'at most 500' }),
  withheldCount: Type.Record(Type.String(), Type.Integer(), { description: 'by reason' }),
  withheld: Type.Array(Type.Object({ ...recipient, reason: Reason }), { description: 'at most 500' }),
  mails: Type.Array(
    Type.Object({
      language: Type.String(),
      subject: Type.String(),
      said: Type.String(),
      did: Type.String(),
      count: Type.Integer(),
      reader: Nullable(
        Type.String({
          description: 'whose name stands where it is filled in: the first of those who get it',
        }),
      ),
    }),
  ),
})

const item = {
  what: line(1000),
  who: Nullable(Who),
  dueOn: Nullable(Day),
  state: oneOf(itemStates),
}
export const PlanItemBody = Type.Object({ itemId: Type.Optional(Uuid), ...item }, strict)
const Named = Type.Object({ id: Type.String(), name: Nullable(Type.String()) })
export const PlanShape = Type.Object({
  planId: Type.String(),
  title: Type.String(),
  contact: Nullable(Named),
  account: Nullable(Named),
  caseId: Nullable(Type.String()),
  owner: Nullable(Who),
  state: oneOf(['open', 'closed']),
  closedAt: Nullable(Time),
  createdAt: Time,
  changedAt: Time,
  revision: Type.Integer(),
  items: Type.Array(
    Type.Object({ itemId: Type.String(), ...item, doneAt: Nullable(Time), overdue: Type.Boolean() }),
  ),
})
export const PlanMailShape = Type.Array(
  Type.Object({
    mailId: Type.String(),
    contactId: Type.String(),
    contactName: Nullable(Type.String()),
    subject: Type.String(),
    body: Type.String(),
    sendAt: Time,
    state: oneOf(['queued', 'withheld']),
    reason: Nullable(Reason),
  }),
)
export const OwnerBody = Type.Optional(Nullable(Who))

export const ActShape = Type.Object({
  actId: Type.String(),
  rule: Type.String(),
  kind: oneOf(promoterKinds),
  responseId: Type.String(),
  contactId: Nullable(Type.String()),
  contactName: Nullable(Type.String()),
  accountId: Nullable(Type.String()),
  accountName: Nullable(Type.String()),
  state: oneOf(actStates),
  reason: Nullable(Type.String()),
  owner: Nullable(Type.String()),
  ownerName: Nullable(Type.String()),
  clicks: Type.Integer(),
  leads: Type.Integer(),
  value: Nullable(Type.Number()),
  note: Nullable(Type.String()),
  at: Time,
  settledAt: Nullable(Time),
  revision: Type.Integer(),
})
const Share = Type.Object({
  n: Type.Integer(),
  value: Nullable(Type.Number()),
  interval: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
})
export const OutcomeShape = Type.Object({
  rule: Type.String(),
  kind: oneOf(promoterKinds),
  acted: Type.Integer(),
  withheld: Type.Record(Type.String(), Type.Integer()),
  clicks: Type.Integer(),
  leads: Type.Integer(),
  value: Type.Number(),
  succeeded: Share,
  followed: Share,
  leadsWon: Share,
})
export const AmbassadorShape = Type.Object({
  contactId: Type.String(),
  name: Nullable(Type.String()),
  account: Nullable(Type.String()),
  state: oneOf(['active', 'left']),
  because: Type.String(),
  note: Nullable(Type.String()),
  since: Time,
  clicks: Type.Integer(),
  leads: Type.Integer(),
  won: Type.Integer(),
})
export const LeadShape = Type.Object({
  leadId: Type.String(),
  actId: Type.String(),
  name: Type.String(),
  email: Type.String(),
  message: Nullable(Type.String()),
  state: oneOf(['open', 'won', 'lost']),
  value: Nullable(Type.Number()),
  at: Time,
  from: Nullable(Type.String()),
})
