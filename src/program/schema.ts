// For: the shape of a program, version 1: everything a customer-experience program does, as data.
// In: nothing. Out: TypeBox schemas, from which come validation, the editors' JSON Schema and the Program type.
import Type, { type Static } from 'typebox'
import { Outreach, Promoters } from './schema-improve.ts'
import { Notify } from './schema-notify.ts'
import {
  cel,
  duration,
  jsonata,
  key,
  Language,
  type languages,
  name,
  named,
  strict,
  text,
  words,
} from './schema-parts.ts'
import { employeeFunctions, Hours, ownerField, Recovery, themeWords } from './schema-recovery.ts'
import { type Question, Survey } from './schema-surveys.ts'
import { Value } from './schema-value.ts'

export { languages } from './schema-parts.ts'

const Field = Type.Object(
  {
    type: Type.Enum(['text', 'number', 'boolean', 'time', 'category'], {
      description: 'text, number, boolean, time or category (a text with few values)',
    }),
    label: Type.Optional(words('what people see it called')),
    unit: Type.Optional(text('unit of a number: days, SEK, minutes')),
    personal: Type.Optional(Type.Boolean({ description: 'personal data; kept out of the column store' })),
    values: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'of a category: the only values there are' }),
    ),
    labels: Type.Optional(
      Type.Record(Type.String(), words('what people see the value called'), {
        description: 'of a category: value -> what people see it called; others are shown as they come',
      }),
    ),
    derive: Type.Optional(cel('computes it from the other fields of the same thing')),
  },
  strict,
)
const fields = named(Field, 'declared fields by name')
const mappedFields = named(jsonata('where the value stands in the event'), 'field name -> JSONata')

const Mapping = Type.Object(
  {
    key: jsonata('what identifies it in the systems it comes from'),
    name: Type.Optional(jsonata('its name')),
    email: Type.Optional(jsonata("a contact's e-mail address")),
    phone: Type.Optional(jsonata("a contact's telephone number")),
    language: Type.Optional(jsonata("a contact's language: en, sv, nb; sv-SE and no are understood")),
    parent: Type.Optional(jsonata('key of the account an account belongs to')),
    fields: Type.Optional(mappedFields),
  },
  strict,
)

const EventType = Type.Object(
  {
    label: Type.Optional(words('what people see it called')),
    about: Type.Optional(Type.String({ description: 'the transaction type it is about' })),
    fields: Type.Optional(named(Field, "the event's own fields, for the `when` of triggers")),
    map: Type.Object(
      {
        contact: Type.Optional({ ...Mapping, description: 'the person it concerns' }),
        account: Type.Optional({ ...Mapping, description: 'the company or household of that person' }),
        unit: Type.Optional(jsonata('key of the unit that did it')),
        employee: Type.Optional(jsonata('key of the employee who did it')),
        transaction: Type.Optional(
          Type.Object(
            {
              key: jsonata('what identifies the transaction in the system it comes from'),
              fields: Type.Optional(mappedFields),
            },
            { ...strict, description: 'the transaction that `about` names' },
          ),
        ),
        fields: Type.Optional(mappedFields),
      },
      { ...strict, description: 'how its parts are read from the CloudEvents envelope' },
    ),
  },
  strict,
)

const Trigger = Type.Object(
  {
    survey: name('the survey it sends'),
    on: Type.Union(
      [
        Type.Object({ event: text('an event type') }, strict),
        Type.Object({ date: text('<transaction>.<time field>') }, strict),
      ],
      { description: 'what sets it off' },
    ),
    when: Type.Optional(cel('only when this holds, judged as the event or date arrives')),
    delay: Type.Optional(duration('from the event or date to the mail')),
    unless: Type.Optional(cel('not when this holds, judged again when the invitation falls due')),
    sample: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'share of those who are asked' }),
    ),
  },
  strict,
)

const Metric = Type.Object(
  {
    label: Type.Optional(words('what people see it called')),
    kind: Type.Enum(['nps', 'csat', 'ces', 'mean', 'share'], { description: 'how answers become a score' }),
    questions: Type.Array(text('<survey>.<question>'), {
      minItems: 1,
      description: 'the questions whose answers count, each as <survey>.<question>',
    }),
    counts: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        minItems: 1,
        description: 'of a share: the answers that count as yes',
      }),
    ),
    target: Type.Optional(Type.Number({ description: 'what one aims at, on the scale of the score' })),
  },
  strict,
)

const Unit = Type.Object(
  {
    key: key('what events call it'),
    level: name('one of the levels'),
    name: text('what people call it'),
    parent: Type.Optional(text('key of the unit it belongs to')),
    hours: Type.Optional(name('its business hours; those of the unit above, else `usual`')),
  },
  strict,
)

const Employee = Type.Object(
  {
    key: key('what events call them'),
    name: text('their name'),
    email: Type.Optional(text('where they are told of cases')),
    unit: text('key of the unit they work in'),
    role: Type.Optional(
      Type.Enum(['manager', 'employee'], { description: "a manager is told of the unit's cases; employee" }),
    ),
    language: Type.Optional(Language),
    functions: employeeFunctions,
  },
  strict,
)

export const ProgramSchema = Type.Object(
  {
    samklang: Type.Literal(1, { description: 'the version of this format' }),
    workspace: Type.Object(
      {
        name: Type.String({ minLength: 1, title: 'a text', description: 'whose customers are asked' }),
        languages: Type.Array(Language, {
          minItems: 1,
          uniqueItems: true,
          description: 'in which customers are asked; the first is used for those whose language is not here',
        }),
        timeZone: text('an IANA time zone, such as Europe/Stockholm'),
        currency: Type.Optional(
          Type.String({ pattern: '^[A-Z]{3}$', title: 'a currency such as SEK', description: 'ISO 4217' }),
        ),
      },
      { ...strict, description: 'whose program it is' },
    ),
    contacts: Type.Optional(
      Type.Object(
        {
          as: Type.Optional(name('what conditions and Asks call them: guest, donor, patient; customer')),
          label: Type.Optional(words('what people see them called')),
          fields: Type.Optional(fields),
          owner: ownerField,
        },
        { ...strict, description: 'the people who are asked' },
      ),
    ),
    accounts: Type.Optional(
      Type.Object(
        { fields: Type.Optional(fields), owner: ownerField },
        { ...strict, description: 'companies or households' },
      ),
    ),
    units: Type.Optional(
      Type.Object(
        {
          levels: Type.Array(name('a level'), { minItems: 1, description: 'from the top down' }),
          list: Type.Array(Unit, { description: 'all units' }),
        },
        { ...strict, description: 'the organisation: markets, regions, teams' },
      ),
    ),
    employees: Type.Optional(Type.Array(Employee, { description: 'who works in the units' })),
    transactions: Type.Optional(
      named(
        Type.Object(
          { label: Type.Optional(words('what people see it called')), fields: Type.Optional(fields) },
          strict,
        ),
        'what events are about: order, visit, contract',
      ),
    ),
    events: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9.]*$' }), EventType, {
      ...strict,
      description:
        'what happens: CloudEvents type, such as order.delivered -> what it is about, how it is read',
    }),
    journey: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: name('names the step'),
            name: words('what people see it called'),
            owner: Type.Optional(text('who answers for it')),
          },
          strict,
        ),
        { description: 'the steps a customer goes through, in order' },
      ),
    ),
    touchpoints: named(
      Type.Object(
        { name: words('what people see it called'), step: Type.Optional(name('its step of the journey')) },
        strict,
      ),
      'where the company meets the customer',
    ),
    metrics: named(Metric, 'the scores that are followed'),
    surveys: named(Survey, 'what is asked'),
    triggers: Type.Optional(named(Trigger, 'when a survey is sent')),
    quarantine: Type.Optional(
      Type.Object(
        {
          transactional: Type.Optional(duration('after a transactional survey; P30D')),
          relationship: Type.Optional(duration('after a relationship survey; P90D')),
          betweenMails: Type.Optional(duration('between two mails of any kind; PT24H')),
        },
        { ...strict, description: 'how long a person is left alone' },
      ),
    ),
    hours: Type.Optional(Hours),
    recovery: Type.Optional(Recovery),
    notify: Type.Optional(Notify),
    value: Type.Optional(Value),
    promoters: Type.Optional(Promoters),
    outreach: Type.Optional(Outreach),
    themes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: name('names the theme'),
            name: words('what people see it called'),
            parent: Type.Optional(name('the theme it is part of')),
            ...themeWords,
          },
          strict,
        ),
        { description: 'what comments can be about, as a tree' },
      ),
    ),
  },
  { ...strict, $id: 'https://samklang.dev/schema/program-1.json', title: 'Samklang program' },
)

/** The schema for editors: JSON Schema 2020-12, published as docs/program.schema.json. */
export function programJsonSchema(): Record<string, unknown> {
  const plain = JSON.parse(JSON.stringify(ProgramSchema)) as Record<string, unknown>
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain }
}

export type Program = Static<typeof ProgramSchema>
export type ProgramField = Static<typeof Field>
export type ProgramEvent = Static<typeof EventType>
export type ProgramMapping = Static<typeof Mapping>
export type ProgramSurvey = Static<typeof Survey>
export type ProgramQuestion = Static<typeof Question>
export type ProgramText = NonNullable<ProgramField['label']>
export type ProgramTrigger = Static<typeof Trigger>
export type ProgramMetric = Static<typeof Metric>
export type { RecoveryRule } from './schema-recovery.ts'
export type LanguageCode = (typeof languages)[number]
