// For: the shape of a survey and its questions.
// In: nothing. Out: TypeBox schemas, part of the program's. Their meaning is checked in meaning-surveys.ts.
import Type, { type TSchema } from 'typebox'
import { cel, duration, name, strict, text, words } from './schema-parts.ts'

const AnsweredBy = Type.Object(
  {
    field: text('<contact>.x, account.x or <transaction>.x'),
    maxAge: Type.Optional(duration('an older value does not count, and the question is asked')),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'field value -> answer, where the two are written differently',
      }),
    ),
  },
  { ...strict, description: 'the field that answers it, so that it is not asked' },
)

const Choice = Type.Object(
  {
    value: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,100}$',
      title: 'letters, digits, - and _',
      description: 'what is stored',
    }),
    text: words('what is read'),
  },
  strict,
)
const choices = Type.Array(Choice, { minItems: 2, maxItems: 100, description: 'what one can choose' })

const questionCommon = {
  id: name('names the answer in conditions, metrics and Asks'),
  text: Type.Optional(words('the question; nps, csat, ces, text and contactMe have a usual wording')),
  help: Type.Optional(words('stands below the question')),
  show: Type.Optional(cel('asked only when this holds; may speak of earlier answers')),
  required: Type.Optional(Type.Boolean({ description: 'the survey is not complete without it' })),
  answeredBy: Type.Optional(AnsweredBy),
}
const question = <K extends string, P extends Record<string, TSchema>>(
  kind: K,
  more: P,
  description: string,
) => Type.Object({ ...questionCommon, kind: Type.Literal(kind), ...more }, { ...strict, description })

export const Question = Type.Union([
  question('nps', {}, 'how likely to recommend, 0 to 10'),
  question('csat', {}, 'how satisfied, 1 to 5'),
  question('ces', {}, 'how easy, 1 to 7 (CES v2)'),
  question(
    'rating',
    {
      from: Type.Optional(Type.Integer({ minimum: 0, maximum: 1, description: 'lowest number; 1' })),
      to: Type.Optional(Type.Integer({ minimum: 2, maximum: 10, description: 'highest number; 5' })),
      low: Type.Optional(words('what the lowest number means')),
      high: Type.Optional(words('what the highest number means')),
    },
    'a whole number on a scale of your own',
  ),
  question('choice', { choices }, 'one of several'),
  question('multiChoice', { choices }, 'any of several'),
  question(
    'text',
    {
      maxLength: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 20000, description: 'characters it may have' }),
      ),
      heading: Type.Optional(
        Type.Boolean({ description: 'a title of what is written elsewhere; no comment by itself' }),
      ),
    },
    'free text',
  ),
  question('contactMe', {}, 'may we contact you: yes or no'),
])

export const Survey = Type.Object(
  {
    name: words('what people see it called'),
    touchpoint: name('the touchpoint it asks about'),
    kind: Type.Enum(['transactional', 'relationship'], {
      description: 'about something that happened (transactional), or about everything (relationship)',
    }),
    subject: Type.Optional(words('subject of the mail')),
    intro: Type.Optional(words('stands above the first question, in the mail and on the page')),
    thanks: Type.Optional(words('is read when the survey is done')),
    expires: Type.Optional(duration('how long after sending it can be answered; P30D')),
    sender: Type.Optional(text('name the mail comes from')),
    theme: Type.Optional(text('name of a look')),
    questions: Type.Array(Question, {
      minItems: 1,
      maxItems: 100,
      description: 'in the order they are asked',
    }),
  },
  strict,
)
