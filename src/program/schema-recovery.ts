// For: the shape of a recovery policy: what is aimed at, which answers are followed up, when, how, by whom.
// In: nothing. Out: TypeBox schemas, part of the program's. Their meaning is checked in meaning-recovery.ts.
import Type, { type Static } from 'typebox'
import { cel, duration, key, name, named, strict, text, words } from './schema-parts.ts'

const who = (description: string) =>
  Type.String({
    pattern:
      '^(employee|employeeManager|unitManager|managerAbove|accountOwner|(function|roundRobin)\\.[a-z][A-Za-z0-9]*|person\\..+)$',
    title:
      'a person: employee, employeeManager, unitManager, managerAbove, accountOwner, function.<name>, roundRobin.<name> or person.<key>',
    description,
  })
export const Who = who('who is meant')

/** How a customer is answered; `meeting` is in person or by video. */
export const channels = ['phone', 'mail', 'meeting', 'message'] as const
const Channel = Type.Enum([...channels], { description: 'phone, mail, meeting or message (SMS, chat)' })

const clockTime = '([01]\\d|2[0-3]):[0-5]\\d'
const Span = Type.String({
  pattern: `^${clockTime}-(${clockTime}|24:00)$`,
  title: 'a span such as 08:00-17:00',
  description: 'from when to when one works',
})
const Day = Type.Union([Span, Type.Array(Span, { minItems: 1 })])
export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export const Hours = named(
  Type.Object(
    {
      timeZone: Type.Optional(text("IANA time zone; the workspace's")),
      days: Type.Partial(
        Type.Object({ mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day }, strict),
      ),
      holidays: Type.Optional(
        Type.Array(
          Type.String({
            pattern: '^\\d{4}-\\d{2}-\\d{2}$',
            title: 'a date such as 2026-12-24',
            description: 'nobody works',
          }),
        ),
      ),
    },
    strict,
  ),
  'business hours by name; units name theirs, those that name none work by `usual`',
)

/** The shares a loop can be held to: every share that it reports. insight/ tells each as a metric of cases or answers. */
export const loopShares = [
  ...(['contactedInTime', 'contacted', 'solved', 'missed', 'escalated', 'forwarded', 'causeKnown'] as const),
  ...(['followedUpSolved', 'learned', 'quoted', 'churnReduced', 'reopened'] as const),
  ...(['contactedByPhone', 'contactedByMail', 'contactedByMeeting', 'contactedByMessage'] as const),
  ...(['handled', 'promotersActivated', 'referencesAccepted', 'reviewsFollowed', 'upsellsWon'] as const),
] as const

/** Names of the loop's metrics, which no program can give to others; insight/ says what each is. */
export const loopMetricNames = [
  ...loopShares,
  ...(['hoursToContact', 'attemptsToContact', 'praiseSent', 'referralLeads'] as const),
] as const

const Target = Type.Object(
  {
    share: Type.Enum([...loopShares], { description: 'which share of cases, or of answers' }),
    label: Type.Optional(words('what people see it called')),
    where: Type.Optional(cel('of which cases or answers, in the names of Asks')),
    atLeast: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'percent' })),
    atMost: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'percent' })),
  },
  strict,
)

const Escalation = Type.Object(
  {
    after: duration('after the deadline was missed; PT0S is at once'),
    to: who('who is told, and may take it over'),
  },
  strict,
)

const Recommendation = Type.Object(
  {
    use: Channel,
    when: Type.Optional(cel('recommended when this holds; without it, always')),
    because: Type.Optional(words('the reason, shown beside it')),
  },
  strict,
)

export const RecoveryRule = Type.Object(
  {
    id: name('names the rule on its cases'),
    label: Type.Optional(words('what people see it called; its id')),
    when: cel('an answer for which this holds is followed up'),
    handle: Type.Optional(
      Type.Enum(['case', 'reply', 'none'], {
        description: 'case: somebody gets it; reply: a mail by template; none: nothing; case',
      }),
    ),
    reason: Type.Optional(
      name('a customer has one open case for each reason, further answers join it; the rule'),
    ),
    firstContact: Type.Optional(duration('within which the customer is contacted; PT48H')),
    hours: Type.Optional(
      Type.Enum(['clock', 'business'], { description: 'what counts towards firstContact; clock' }),
    ),
    remind: Type.Optional(
      Type.Array(duration('before the deadline'), { description: 'when the owner is reminded' }),
    ),
    escalate: Type.Optional(
      Type.Array(Escalation, { description: 'who is told when the deadline is missed, in order' }),
    ),
    owner: Type.Optional(
      Type.Array(who('the first of these who is there owns the case'), {
        minItems: 1,
        description: 'who owns it; [accountOwner, employeeManager, unitManager]',
      }),
    ),
    stakeholders: Type.Optional(
      Type.Array(
        Type.Object(
          { who: who('is kept informed'), when: Type.Optional(cel('only when this holds')) },
          strict,
        ),
        { description: 'who is kept informed: the owner of a product, of a function, the management' },
      ),
    ),
    channel: Type.Optional(
      Type.Array(Recommendation, { description: 'the first that holds is recommended; phone' }),
    ),
    template: Type.Optional(name('a template: the suggested text, or what a reply says')),
    cap: Type.Optional(
      Type.Object(
        {
          perDay: Type.Integer({ minimum: 1, description: 'cases a day, by the time zone of the workspace' }),
          per: Type.Optional(Type.Enum(['unit', 'program'], { description: 'for each unit, or all; unit' })),
          rest: Type.Optional(
            Type.Enum(['reply', 'none'], { description: 'what the rest gets: the reply, or nothing; none' }),
          ),
        },
        { ...strict, description: 'how many cases one can follow up' },
      ),
    ),
  },
  strict,
)

export const Template = Type.Object(
  {
    name: Type.Optional(words('what people see it called')),
    subject: words('subject of the mail'),
    body: words('what it says; {{customer.name}} and the like are filled in, empty lines part paragraphs'),
  },
  strict,
)

const inTree = {
  id: name('names it'),
  name: words('what people see it called'),
  parent: Type.Optional(name('what it is part of')),
}

const Trial = Type.Object(
  {
    id: name('names the trial'),
    rules: Type.Array(name('a rule'), { minItems: 1, description: 'whose cases take part' }),
    share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 0.5,
      description: 'share of cases, by lot, whose follow-up waits',
    }),
    delay: duration('how long they wait'),
    priorityBelow: Type.Optional(
      Type.Number({ description: 'only cases whose expected value is below this take part' }),
    ),
    never: Type.Optional(cel('cases for which this holds never wait')),
    stop: Type.Optional(
      Type.Object(
        {
          cases: Type.Optional(Type.Integer({ minimum: 2, description: 'when so many have taken part' })),
          at: Type.Optional(text('a date')),
          harm: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 100,
              description:
                'when those who wait are retained less, by more percentage points than this, for certain',
            }),
          ),
        },
        { ...strict, description: 'no more lots are drawn from then on' },
      ),
    ),
  },
  {
    ...strict,
    description: 'follow-up delayed by lot among unimportant cases, so that its worth is measured',
  },
)

export const Recovery = Type.Object(
  {
    rules: Type.Array(RecoveryRule, { description: 'which answers are followed up; the first that holds' }),
    targets: Type.Optional(Type.Array(Target, { description: 'what the loop is held to' })),
    reopenWithin: Type.Optional(duration('a new bad answer reopens a case closed less long ago; P30D')),
    openWithin: Type.Optional(
      duration(
        'an answer handed in longer after it was given opens no case and is answered by nobody; P14D, at most P100Y',
      ),
    ),
    decisionMaker: Type.Optional(cel('holds for those who decide; their share is followed')),
    highValue: Type.Optional(cel('holds for valuable customers; their share is followed')),
    priorityThemes: Type.Optional(Type.Array(name('a theme'), { description: 'themes watched for now' })),
    templates: Type.Optional(named(Template, 'texts of replies')),
    causes: Type.Optional(Type.Array(Type.Object(inTree, strict), { description: 'why it went wrong' })),
    actions: Type.Optional(
      Type.Array(Type.Object(inTree, strict), { description: 'what was done about it' }),
    ),
    followUp: Type.Optional(
      Type.Object(
        {
          survey: name('a survey; its first yes/no or choice question asks whether it was solved'),
          after: Type.Optional(duration('after closing; P3D')),
        },
        { ...strict, description: 'did we solve it?' },
      ),
    ),
    trial: Type.Optional(Trial),
  },
  { ...strict, description: 'what is done for the unhappy' },
)

/** Word lists of a theme: a comment that has one of them is about it. */
export const themeWords = {
  words: Type.Optional(
    Type.Partial(
      Type.Object(
        {
          en: Type.Array(Type.String({ minLength: 2 })),
          sv: Type.Array(Type.String({ minLength: 2 })),
          nb: Type.Array(Type.String({ minLength: 2 })),
        },
        strict,
      ),
      {
        description:
          'by language: a comment with one of these words is about it; late* is every word that begins so, and several words are a phrase',
      },
    ),
  ),
  when: Type.Optional(cel('an answer for which this holds is about it')),
}

export const employeeFunctions = Type.Optional(
  Type.Array(name('a function, such as productOwner'), { description: 'what function.<name> finds them by' }),
)
export const ownerField = Type.Optional(
  key('the field that holds the key of the employee who answers for it'),
)
export type RecoveryPolicy = Static<typeof Recovery>
export type RecoveryRule = Static<typeof RecoveryRule>
export type BusinessHours = Static<typeof Hours>[string]
export type ResponseChannel = (typeof channels)[number]
export type LoopShare = (typeof loopShares)[number]
