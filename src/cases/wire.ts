// For: what the API of cases takes and answers with.
// In: nothing. Out: TypeBox schemas; the routes validate by them and the OpenAPI document is made of them.
import Type from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import { AccountTimelineShape, ScoreShape, TimelineShape } from '../people/wire.ts'
import { channels } from '../program/schema-recovery.ts'
import { ResponseShape } from '../responses/apiRoutes.ts'
import { type CaseActionKind, moves } from './case.ts'
import { caseSorts, caseTabs } from './inbox.ts'
import { caseOutcomes, caseStates } from './standing.ts'
import { WithdrawnShape } from './withdrawn.ts'

export const strict = { additionalProperties: false }
const Named = Type.Object({ id: Type.String(), name: Nullable(Type.String()) })
const Keyed = Type.Object({ key: Type.String(), name: Nullable(Type.String()) })
const Text = Nullable(Type.String())
const Share = Type.Number({ minimum: 0, maximum: 1 })

const item = {
  caseId: Type.String(),
  state: oneOf(caseStates),
  rule: Type.String(),
  reason: Type.String({ description: 'a customer has one open case for each reason' }),
  openedAt: Time,
  contactDueAt: Time,
  assignedAt: Nullable(Time),
  takenAt: Nullable(Time),
  contactedAt: Nullable(Time),
  closedAt: Nullable(Time),
  missedAt: Nullable(Time),
  missedAgainAt: Nullable(Time),
  firstContactedAt: Nullable(Time),
  escalatedAt: Nullable(Time),
  holdUntil: Nullable(Time),
  lastAnswerAt: Nullable(Time),
  owner: Nullable(
    Type.Object({
      id: Type.String({ description: 'employee key, user:<id> or key:<id>' }),
      name: Text,
      there: Type.Boolean({ description: 'false when they have left the program' }),
    }),
  ),
  outcome: Nullable(oneOf(caseOutcomes)),
  cause: Text,
  action: Text,
  unit: Text,
  unitKey: Text,
  contact: Nullable(Named),
  account: Nullable(Named),
  employee: Nullable(Keyed),
  survey: Type.String(),
  score: Nullable(ScoreShape),
  comment: Text,
  themes: Type.Array(Type.String()),
  band: Text,
  highValue: Type.Boolean(),
  decisionMaker: Type.Boolean(),
  priorityTheme: Type.Boolean(),
  priority: Nullable(Type.Number({ description: 'expected value saved, in the currency of the workspace' })),
  valueSegment: Text,
  recommended: Text,
  channel: Text,
  attempts: Type.Integer(),
  joined: Type.Integer({ description: 'answers that joined after the first' }),
  reopened: Type.Integer(),
  forwarded: Type.Integer(),
  solvedByCustomer: Nullable(
    Type.Boolean({
      description: 'what the customer says of how it was closed last; null as long as they have not',
    }),
  ),
  news: Type.Boolean({
    description:
      'something came from the customer that the owner, or anybody when it is closed, has not read',
  }),
  watching: Type.Boolean({ description: 'you are kept informed of it' }),
  responseId: Type.String(),
  revision: Type.Integer(),
}
export const CaseShape = Type.Object(item)

const Warnings = Type.Array(
  Type.Object({
    code: oneOf(['person.away'], { description: 'whom it was given to is away' }),
    message: Type.String(),
    name: Type.String(),
    until: Time,
  }),
  { description: 'what hindered nothing, and whoever did it should know' },
)
/** A case after something was done with it. */
export const DoneShape = Type.Object({ ...item, warnings: Warnings })

const count = Type.Integer()
export const InboxShape = Type.Object({
  items: Type.Array(CaseShape),
  next: Text,
  total: Type.Integer({ description: 'those of a filter are counted up to 1,000, closed ones up to 10,000' }),
  counts: Type.Object(
    {
      mine: count,
      news: count,
      unassigned: count,
      overdue: count,
      dueSoon: count,
      escalated: count,
      watching: count,
      open: count,
      held: count,
      closed: count,
    },
    { description: 'how many each tab has, without filters; closed up to 10,000' },
  ),
})

const Key = Type.String({ minLength: 1, maxLength: 200 })
export const InboxQuery = Type.Object({
  tab: Type.Optional(oneOf(caseTabs, { description: 'open, unless a state is asked for' })),
  state: Type.Optional(oneOf(caseStates)),
  owner: Type.Optional(Type.String({ maxLength: 200, description: 'me, none, or who' })),
  dueOwner: Type.Optional(
    Type.String({ maxLength: 200, description: 'me, none, or who had it when its first contact was due' }),
  ),
  unit: Type.Optional(Key),
  rule: Type.Optional(Key),
  reason: Type.Optional(Key),
  band: Type.Optional(oneOf(['strongDetractor', 'detractor', 'passive', 'promoter'])),
  theme: Type.Optional(Type.String({ maxLength: 200, description: 'and the themes that are part of it' })),
  segment: Type.Optional(Key),
  employee: Type.Optional(Key),
  contact: Type.Optional(Type.String({ format: 'uuid' })),
  account: Type.Optional(Type.String({ format: 'uuid' })),
  overdue: Type.Optional(Type.Boolean()),
  dueWithin: Type.Optional(
    Type.String({ pattern: '^P', maxLength: 30, description: 'PT4H: due by then, or past it' }),
  ),
  missed: Type.Optional(Type.Boolean({ description: 'true: the deadline passed without contact' })),
  from: Type.Optional(Type.String({ format: 'date', description: 'opened from this day on' })),
  to: Type.Optional(Type.String({ format: 'date', description: 'opened before this day' })),
  highValue: Type.Optional(Type.Boolean()),
  decisionMaker: Type.Optional(Type.Boolean()),
  priorityTheme: Type.Optional(Type.Boolean()),
  text: Type.Optional(
    Type.String({ maxLength: 200, description: 'words of the comment or the customer’s name' }),
  ),
  sort: Type.Optional(oneOf(caseSorts, { description: 'due; closed ones: closed; all: newest' })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})

const kinds = Object.keys(moves) as CaseActionKind[]
export const personActions = kinds.filter((kind) => moves[kind].who !== 'product')

const Because = Type.Object({
  value: Nullable(Type.Number()),
  low: Type.Optional(Nullable(Type.Number())),
  high: Type.Optional(Nullable(Type.Number())),
  source: Type.Optional(
    Type.String({ description: 'how it is known: churn.model, rlv.sbg, cost.program …' }),
  ),
  said: Type.Optional(Type.String({ description: 'the program’s own words of a stated prior' })),
  channel: Type.Optional(Type.String()),
  n: Type.Optional(Nullable(Type.Integer())),
})

export const CaseDetailShape = Type.Object({
  ...item,
  may: Type.Array(oneOf(personActions), { description: 'what you may do with it now' }),
  events: Type.Array(
    Type.Object({
      revision: Type.Integer(),
      at: Time,
      kind: Type.String(),
      actor: Nullable(Type.String({ description: 'the name; null: the product' })),
      actorId: Text,
      note: Text,
      detail: Nullable(Type.Record(Type.String(), Type.Unknown())),
    }),
    {
      description:
        'the history by time, of one moment by revision; what is found later than it fell due has its own time and a younger revision',
    },
  ),
  withdrawn: Type.Array(WithdrawnShape, {
    description: 'mails that had become untrue before they were sent, by the time at which they were to be',
  }),
  people: Type.Array(
    Type.Object({
      person: Type.String(),
      name: Text,
      part: oneOf(['stakeholder', 'watcher', 'escalated']),
      because: Text,
      since: Time,
    }),
  ),
  record: Type.Object({
    cause: Text,
    action: Text,
    churnBefore: Nullable(Share),
    churnAfter: Nullable(Share),
    learning: Text,
    quote: Text,
  }),
  response: ResponseShape,
  responses: Type.Array(
    Type.Object({
      responseId: Type.String(),
      joinedAt: Time,
      themes: Type.Array(
        Type.Object({ theme: Type.String(), by: Type.String(), found: Type.Array(Type.String()) }),
      ),
      response: ResponseShape,
    }),
    { description: 'every answer of the case, the latest first; the one it opened with is among them' },
  ),
  timeline: Type.Array(TimelineShape),
  accountTimeline: Type.Array(AccountTimelineShape, {
    description: 'what happened with all people of the account',
  }),
  similar: Type.Array(
    Type.Object({
      caseId: Type.String(),
      closedAt: Nullable(Time),
      outcome: Nullable(oneOf(caseOutcomes)),
      cause: Text,
      action: Text,
      channel: Text,
      learning: Text,
      solvedByCustomer: Nullable(Type.Boolean()),
      comment: Text,
      unit: Text,
      score: Type.Number({ description: 'how alike, 0..1' }),
      alike: Type.Array(Type.String(), { description: 'theme:<id>, cause, reason, rule, unit, band' }),
    }),
    { description: 'closed cases most alike, and what came of them' },
  ),
  priorityTerms: Nullable(
    Type.Object(
      {
        currency: Type.Optional(Type.String()),
        pChurn: Type.Optional(Because),
        rlv: Type.Optional(Because),
        pSave: Type.Optional(Because),
        cost: Type.Optional(Because),
        expected: Type.Optional(Nullable(Type.Number())),
      },
      { additionalProperties: true },
    ),
  ),
  advice: Type.Object({
    channel: oneOf(channels),
    because: Nullable(Type.String({ description: 'in the language asked for' })),
    template: Text,
    language: Type.String({ description: 'of the text: the customer’s' }),
    subject: Text,
    body: Text,
    letters: Type.Array(Type.Object({ id: Type.String(), subject: Type.String(), body: Type.String() }), {
      description: 'each template of the policy, filled in for this customer and in their language',
    }),
    to: Nullable(Type.String({ description: 'the customer’s e-mail address' })),
    phone: Text,
  }),
  mails: Type.Array(
    Type.Object({
      mailId: Type.String(),
      direction: oneOf(['out', 'in']),
      at: Time,
      sender: Type.String(),
      recipient: Type.String(),
      subject: Type.String(),
      text: Type.String(),
      actor: Text,
      actorName: Text,
      automatic: Type.Boolean(),
      otherSender: Type.Boolean({
        description: 'it came from an address that is neither the customer’s nor one the case was written to',
      }),
      state: Nullable(
        oneOf(['queued', 'sending', 'sent', 'failed', 'uncertain'], { description: 'of one that goes out' }),
      ),
      error: Text,
      attachments: Type.Array(
        Type.Object(
          { name: Type.String(), type: Type.String(), size: Type.Integer() },
          { additionalProperties: true },
        ),
      ),
    }),
  ),
})

export const Note = Type.String({ minLength: 1, maxLength: 10_000 })
export const Revision = Type.Integer({
  minimum: 1,
  description: 'the revision you saw; refused when something else than a note changed the case since',
})
const SeenRevision = Type.Optional(
  Type.Integer({ minimum: 1, description: 'not needed: this only adds to the case' }),
)
const OptionalNote = Type.Optional(Note)
const Channel = oneOf(channels)
const To = Type.String({ minLength: 1, maxLength: 200, description: 'employee key, user:<id>, or me' })
const recordFields = {
  cause: Type.Optional(Nullable(Key)),
  action: Type.Optional(Nullable(Key)),
  churnBefore: Type.Optional(Nullable(Share)),
  churnAfter: Type.Optional(Nullable(Share)),
  learning: Type.Optional(Nullable(Note)),
  quote: Type.Optional(Nullable(Note)),
}
export const closeFields = { outcome: oneOf(caseOutcomes), ...recordFields, note: OptionalNote }

/** What each action takes. */
export const actionBodies = {
  take: Type.Object({ revision: Revision }, strict),
  assign: Type.Object({ revision: Revision, to: To, note: OptionalNote }, strict),
  forward: Type.Object({ revision: Revision, to: To, note: Note }, strict),
  note: Type.Object({ revision: SeenRevision, note: Note }, strict),
  attempt: Type.Object({ revision: SeenRevision, channel: Channel, note: OptionalNote }, strict),
  contact: Type.Object({ revision: Revision, channel: Channel, note: OptionalNote }, strict),
  escalate: Type.Object({ revision: SeenRevision, to: Type.Optional(To), note: OptionalNote }, strict),
  record: Type.Object({ revision: Revision, ...recordFields, note: OptionalNote }, strict),
  close: Type.Object({ revision: Revision, ...closeFields }, strict),
  reopen: Type.Object({ revision: Revision, note: Note }, strict),
  read: Type.Object({ revision: Revision }, strict),
  watch: Type.Object({ revision: SeenRevision }, strict),
  unwatch: Type.Object({ revision: SeenRevision }, strict),
}

const BulkItem = Type.Object({ caseId: Type.String({ format: 'uuid' }), revision: Revision }, strict)
const items = Type.Array(BulkItem, { minItems: 1, maxItems: 500 })
export const BulkBody = Type.Union([
  Type.Object({ do: Type.Literal('take'), items }, strict),
  Type.Object({ do: Type.Literal('assign'), items, to: To, note: OptionalNote }, strict),
  Type.Object({ do: Type.Literal('close'), items, ...closeFields }, strict),
  Type.Object({ do: Type.Literal('reply'), items, template: Key }, strict),
])
export const BulkShape = Type.Object({
  receipts: Type.Array(
    Type.Object({
      caseId: Type.String(),
      status: oneOf(['done', 'refused']),
      revision: Type.Optional(Type.Integer()),
      code: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
    }),
    { description: 'one for each item, in their order' },
  ),
  done: Type.Integer(),
  refused: Type.Integer(),
  warnings: Warnings,
})

export const MailBody = Type.Object(
  {
    revision: Revision,
    subject: Type.String({ minLength: 1, maxLength: 300 }),
    text: Type.String({ minLength: 1, maxLength: 20_000 }),
  },
  strict,
)

const Told = { name: Type.String() }
const Tree = Type.Array(Type.Object({ id: Type.String(), ...Told, parent: Text }))
export const PolicyShape = Type.Object({
  rules: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String({ description: 'what people see it called; its id where the program says nothing' }),
      handle: Type.String(),
      reason: Type.String(),
      firstContact: Type.String({ description: 'ISO 8601 duration' }),
      hours: Type.String(),
      template: Text,
    }),
  ),
  reasons: Type.Array(Type.String()),
  causes: Tree,
  actions: Tree,
  themes: Tree,
  templates: Type.Array(
    Type.Object({ id: Type.String(), ...Told, subject: Type.String(), body: Type.String() }),
  ),
  targets: Type.Array(
    Type.Object({
      share: Type.String(),
      label: Type.String(),
      where: Text,
      atLeast: Nullable(Type.Number()),
      atMost: Nullable(Type.Number()),
    }),
  ),
  channels: Type.Array(Channel),
  outcomes: Type.Array(oneOf(caseOutcomes)),
  bands: Type.Array(Type.String()),
  segments: Type.Array(Type.String(), { description: 'value segments that open cases have' }),
  currency: Text,
  followUp: Nullable(Type.Object({ survey: Type.String(), after: Type.String() })),
  causeNeeded: Type.Boolean({ description: 'closing as solved or not solved names a cause' }),
})
