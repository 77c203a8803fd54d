// For: what the schemas of a program are put together from.
// In: nothing. Out: texts, names, expressions, durations, each with what is expected and what it is for.
import Type, { type TSchema } from 'typebox'

// `title` tells what is expected, for messages; `description` what it is for, for editors and docs/program.md.
export const strict = { additionalProperties: false }
export const text = (description: string) => Type.String({ description })
export const key = (description: string) =>
  Type.String({ minLength: 1, maxLength: 200, title: 'a key of at most 200 characters', description })
export const name = (description: string) =>
  Type.String({
    pattern: '^[a-z][A-Za-z0-9]*$',
    title: 'a name in camelCase, such as deliveredAt',
    description,
  })
export const cel = (description: string) =>
  Type.String({ minLength: 1, title: 'an expression in CEL', description })
export const jsonata = (description: string) =>
  Type.String({ minLength: 1, title: 'a JSONata expression over the event', description })
export const duration = (description: string) =>
  Type.String({ pattern: '^P', title: 'an ISO 8601 duration, such as P3M or PT48H', description })

/** A map whose keys are names of the program's own choosing. */
export const named = <T extends TSchema>(each: T, description: string) =>
  Type.Record(name('a name'), each, { ...strict, description })

export const languages = ['en', 'sv', 'nb'] as const
export const Language = Type.Enum([...languages], { description: 'en, sv or nb' })

/** Words in the workspace's languages; a plain string stands for all of them. */
export const words = (description: string) =>
  Type.Union(
    [
      Type.String(),
      Type.Partial(Type.Object({ en: Type.String(), sv: Type.String(), nb: Type.String() }, strict)),
    ],
    { description: `${description}; one text for all languages, or one for each` },
  )
