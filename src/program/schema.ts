// For: the shape of a program, version 1: everything a customer-experience program does, as data.
// In: nothing. Out: TypeBox schemas, from which come validation, the editors' JSON Schema and the Program type.
import Type, { type Static, type TSchema } from 'typebox'

const strict = { additionalProperties: false }
const namePattern = '^[a-z][A-Za-z0-9]*$'
const Name = Type.String({ pattern: namePattern, description: 'a name in camelCase, such as deliveredAt' })
/** A map whose keys are names of the program's own choosing. */
const Named = <T extends TSchema>(each: T, description: string) =>
  Type.Record(Name, each, { ...strict, description })
const Cel = Type.String({ minLength: 1, description: 'a condition in CEL' })
const Jsonata = Type.String({
  minLength: 1,
  description: 'a JSONata expression over the CloudEvents envelope',
})
const Duration = Type.String({ pattern: '^P', description: 'an ISO 8601 duration, such as P3M or PT48H' })
export const languages = ['en', 'sv', 'nb'] as const
const Language = Type.Enum([...languages], { description: 'en, sv or nb' })

/** Text in the workspace's languages; a plain string stands for all of them. */
const Text = Type.Union([
  Type.String(),
  Type.Partial(Type.Object({ en: Type.String(), sv: Type.String(), nb: Type.String() }, strict)),
])

const Field = Type.Object(
  {
    type: Type.Enum(['text', 'number', 'boolean', 'time', 'category'], {
      description: 'text, number, boolean, time or category (a text with few values)',
    }),
    label: Type.Optional(Text),
    unit: Type.Optional(Type.String({ description: 'unit of a number: days, SEK, minutes' })),
    personal: Type.Optional(Type.Boolean({ description: 'personal data; kept out of the column store' })),
    values: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'the values of a category' }),
    ),
    derive: Type.Optional(
      Type.String({ minLength: 1, description: 'CEL that computes it from the other fields' }),
    ),
  },
  strict,
)
const Fields = Named(Field, 'the declared fields by name')

const Mapping = Type.Object(
  {
    key: Jsonata,
    name: Type.Optional(Jsonata),
    email: Type.Optional(Jsonata),
    phone: Type.Optional(Jsonata),
    language: Type.Optional(Jsonata),
    parent: Type.Optional(Jsonata),
    fields: Type.Optional(Named(Jsonata, 'field name -> JSONata')),
  },
  strict,
)

const EventType = Type.Object(
  {
    label: Type.Optional(Text),
    about: Type.Optional(Type.String({ description: 'the transaction type it is about' })),
    fields: Type.Optional(Fields),
    map: Type.Object(
      {
        contact: Type.Optional(Mapping),
        account: Type.Optional(Mapping),
        unit: Type.Optional(Jsonata),
        employee: Type.Optional(Jsonata),
        transaction: Type.Optional(
          Type.Object(
            { key: Jsonata, fields: Type.Optional(Named(Jsonata, 'field name -> JSONata')) },
            strict,
          ),
        ),
        fields: Type.Optional(Named(Jsonata, 'field name -> JSONata')),
      },
      { ...strict, description: 'how the parts are read from the event' },
    ),
  },
  strict,
)

const AnsweredBy = Type.Object(
  {
    field: Type.String({ description: 'customer.x, account.x or <transaction>.x' }),
    maxAge: Type.Optional(Duration),
    /** Field value -> answer, for choices whose codes differ. */
    values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  },
  strict,
)

const Choice = Type.Object({ value: Type.String({ pattern: '^[A-Za-z0-9_-]+$' }), text: Text }, strict)
const questionCommon = {
  id: Name,
  text: Type.Optional(Text),
  help: Type.Optional(Text),
  show: Type.Optional(Cel),
  required: Type.Optional(Type.Boolean()),
  answeredBy: Type.Optional(AnsweredBy),
}
const Question = Type.Union([
  Type.Object({ ...questionCommon, kind: Type.Literal('nps') }, strict),
  Type.Object({ ...questionCommon, kind: Type.Literal('csat') }, strict),
  Type.Object({ ...questionCommon, kind: Type.Literal('ces') }, strict),
  Type.Object(
    {
      ...questionCommon,
      kind: Type.Literal('rating'),
      from: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
      to: Type.Optional(Type.Integer({ minimum: 2, maximum: 10 })),
      low: Type.Optional(Text),
      high: Type.Optional(Text),
    },
    strict,
  ),
  Type.Object(
    { ...questionCommon, kind: Type.Literal('choice'), choices: Type.Array(Choice, { minItems: 2 }) },
    strict,
  ),
  Type.Object(
    { ...questionCommon, kind: Type.Literal('multiChoice'), choices: Type.Array(Choice, { minItems: 2 }) },
    strict,
  ),
  Type.Object(
    {
      ...questionCommon,
      kind: Type.Literal('text'),
      maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 20000 })),
      heading: Type.Optional(
        Type.Boolean({ description: 'a title of what is written elsewhere; no comment by itself' }),
      ),
    },
    strict,
  ),
  Type.Object({ ...questionCommon, kind: Type.Literal('contactMe') }, strict),
])

const Survey = Type.Object(
  {
    name: Text,
    touchpoint: Name,
    kind: Type.Enum(['transactional', 'relationship']),
    subject: Type.Optional(Text),
    intro: Type.Optional(Text),
    thanks: Type.Optional(Text),
    expires: Type.Optional(Duration),
    sender: Type.Optional(Type.String()),
    theme: Type.Optional(Type.String({ description: 'name of a look' })),
    questions: Type.Array(Question, { minItems: 1, maxItems: 100 }),
  },
  strict,
)

const Trigger = Type.Object(
  {
    survey: Name,
    on: Type.Union([
      Type.Object({ event: Type.String() }, strict),
      Type.Object({ date: Type.String({ description: '<transaction>.<time field>' }) }, strict),
    ]),
    when: Type.Optional(Cel),
    delay: Type.Optional(Duration),
    unless: Type.Optional(
      Type.String({ minLength: 1, description: 'CEL, judged again when the invitation falls due' }),
    ),
    sample: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  },
  strict,
)

const Metric = Type.Object(
  {
    label: Type.Optional(Text),
    kind: Type.Enum(['nps', 'csat', 'ces', 'mean', 'share'], { description: 'how answers become a score' }),
    questions: Type.Array(Type.String({ description: '<survey>.<question>' }), { minItems: 1 }),
    /** For kind share: the answers counted as successes. */
    counts: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 }),
    ),
    target: Type.Optional(Type.Number()),
  },
  strict,
)

const RecoveryRule = Type.Object(
  {
    id: Name,
    when: Type.String({ minLength: 1, description: 'CEL over answers, customer, account, transaction' }),
    firstContact: Type.Optional(Duration),
  },
  strict,
)

export const ProgramSchema = Type.Object(
  {
    samklang: Type.Literal(1, { description: 'the version of this format' }),
    workspace: Type.Object(
      {
        name: Type.String({ minLength: 1 }),
        languages: Type.Array(Language, { minItems: 1, uniqueItems: true }),
        timeZone: Type.String({ description: 'an IANA time zone, such as Europe/Stockholm' }),
        currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
      },
      strict,
    ),
    contacts: Type.Optional(
      Type.Object(
        { as: Type.Optional(Name), label: Type.Optional(Text), fields: Type.Optional(Fields) },
        { ...strict, description: 'the people asked; "as" names them in conditions: customer, guest, donor' },
      ),
    ),
    accounts: Type.Optional(Type.Object({ fields: Type.Optional(Fields) }, strict)),
    units: Type.Optional(
      Type.Object(
        {
          levels: Type.Array(Name, { minItems: 1 }),
          list: Type.Array(
            Type.Object(
              { key: Type.String(), level: Name, name: Type.String(), parent: Type.Optional(Type.String()) },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
    employees: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: Type.String(),
            name: Type.String(),
            email: Type.Optional(Type.String()),
            unit: Type.String(),
            role: Type.Optional(Type.Enum(['manager', 'employee'])),
            language: Type.Optional(Language),
          },
          strict,
        ),
      ),
    ),
    transactions: Type.Optional(
      Named(
        Type.Object({ label: Type.Optional(Text), fields: Type.Optional(Fields) }, strict),
        'what events are about: order, visit, contract',
      ),
    ),
    events: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9.]*$' }), EventType, {
      ...strict,
      description: 'CloudEvents type, such as order.delivered -> what it is about and how it is read',
    }),
    journey: Type.Optional(
      Type.Array(Type.Object({ id: Name, name: Text, owner: Type.Optional(Type.String()) }, strict)),
    ),
    touchpoints: Named(
      Type.Object({ name: Text, step: Type.Optional(Name) }, strict),
      'where the company meets the customer',
    ),
    metrics: Named(Metric, 'the scores that are followed'),
    surveys: Named(Survey, 'what is asked'),
    triggers: Type.Optional(Named(Trigger, 'when a survey is sent')),
    quarantine: Type.Optional(
      Type.Object(
        {
          transactional: Type.Optional(Duration),
          relationship: Type.Optional(Duration),
          betweenMails: Type.Optional(Duration),
        },
        { ...strict, description: 'how long a person is left alone; P30D, P90D and PT24H when left out' },
      ),
    ),
    recovery: Type.Optional(Type.Object({ rules: Type.Array(RecoveryRule) }, strict)),
    themes: Type.Optional(
      Type.Array(Type.Object({ id: Name, name: Text, parent: Type.Optional(Name) }, strict)),
    ),
  },
  { ...strict, $id: 'https://samklang.dev/schema/program-1.json', title: 'Samklang program' },
)

export type Program = Static<typeof ProgramSchema>
export type ProgramText = Static<typeof Text>
export type ProgramField = Static<typeof Field>
export type ProgramEvent = Static<typeof EventType>
export type ProgramMapping = Static<typeof Mapping>
export type ProgramSurvey = Static<typeof Survey>
export type ProgramQuestion = Static<typeof Question>
export type ProgramTrigger = Static<typeof Trigger>
export type ProgramMetric = Static<typeof Metric>
export type RecoveryRule = Static<typeof RecoveryRule>
export type LanguageCode = (typeof languages)[number]
