// For: the shape of praise and criticism: who is told of what a customer said about somebody's work, and when.
// In: nothing. Out: TypeBox schemas, part of the program's. Their meaning is checked in meaning-notify.ts.
import Type, { type Static } from 'typebox'
import { cel, name, strict, text } from './schema-parts.ts'
import { days, Who } from './schema-recovery.ts'

/** A person, or a chat channel of the workspace's settings by its name. */
const Reader = Type.Union([
  Who,
  Type.String({
    pattern: '^channel\\.[a-z][A-Za-z0-9]*$',
    title: 'a chat channel: channel.<name>',
    description: 'a chat channel of the settings',
  }),
])

const told = (when: string, to: string) =>
  Type.Object(
    {
      when: cel(when),
      to: Type.Optional(Type.Array(Reader, { minItems: 1, description: to })),
    },
    strict,
  )

const clockTime = (description: string) =>
  Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', title: 'a time of day such as 07:00', description })
const Weekday = Type.Enum([...days], { description: days.join(', ') })

const QuietHours = Type.Object(
  {
    from: clockTime('from when nobody is disturbed'),
    to: clockTime('until when; may be the next morning'),
    days: Type.Optional(Type.Array(Weekday, { description: 'days that are quiet from morning to night' })),
    zones: Type.Optional(
      Type.Partial(
        Type.Object(
          { en: text('an IANA time zone'), sv: text('an IANA time zone'), nb: text('an IANA time zone') },
          strict,
        ),
        {
          description:
            "time zone by the reader's language, for readers whose unit has no business hours of a zone of its own",
        },
      ),
    ),
    letThrough: Type.Optional(
      Type.Array(Type.Enum(['caseDeadlines'], { description: 'caseDeadlines' }), {
        description: 'what comes also then: reminders and escalations of cases',
      }),
    ),
  },
  { ...strict, description: "when nobody is disturbed, by the reader's own clock; it comes when they end" },
)

export const digestParts = ['praise', 'criticism', 'openCases', 'overdue'] as const

const Digest = Type.Object(
  {
    id: name('names the digest'),
    every: Type.Enum(['day', 'week', 'month'], { description: 'day, week or month' }),
    on: Type.Optional(Weekday),
    dayOfMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 28, description: 'of a monthly one; 1' })),
    at: clockTime("when it is sent, by the workspace's time zone"),
    to: Type.Array(Who, {
      minItems: 1,
      description:
        'employee (each their own praise), unitManager (each their units), function.<name> or person.<key> (all)',
    }),
    about: Type.Optional(
      Type.Array(Type.Enum([...digestParts], { description: digestParts.join(', ') }), {
        minItems: 1,
        uniqueItems: true,
        description: 'what it tells; all',
      }),
    ),
  },
  strict,
)

export const Notify = Type.Object(
  {
    praise: Type.Optional(
      told('an answer for which this holds is praise', 'who is told at once; [employee, employeeManager]'),
    ),
    criticism: Type.Optional(
      told(
        'an answer for which this holds is criticism',
        'who is told at once, never the employee; [employeeManager]',
      ),
    ),
    praiseFirst: Type.Optional(
      Type.Object(
        {
          until: Type.Union(
            [
              Type.Literal('released'),
              Type.String({
                pattern: '^\\d{4}-\\d{2}-\\d{2}$',
                title: 'a date such as 2026-12-01, or released',
                description: 'through the day before',
              }),
            ],
            { description: 'a date, or released: until somebody ends it' },
          ),
        },
        { ...strict, description: 'only the good goes out until then; criticism is held' },
      ),
    ),
    quietHours: Type.Optional(QuietHours),
    digests: Type.Optional(Type.Array(Digest, { description: 'summaries, a day, week or month at a time' })),
  },
  { ...strict, description: 'who is told of praise and criticism, and when' },
)

export type NotifyPolicy = Static<typeof Notify>
export type QuietHours = Static<typeof QuietHours>
export type ProgramDigest = Static<typeof Digest>
export type DigestPart = (typeof digestParts)[number]
