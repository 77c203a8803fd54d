// For: names in what an improvement tells customers: "Hello {{customer.firstName}}".
// In: its words, the program, whom it is told to. Out: the names that stand for nothing; the words as that person reads them.
import { fillLetter, type LetterSubject } from '../cases/template.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { misnamed, templateNames } from '../program/placeholders.ts'
import type { LanguageCode, Program } from '../program/schema.ts'

/** What was said and what was done, by language. */
export interface ToldWords {
  said: Partial<Record<LanguageCode, string>>
  did: Partial<Record<LanguageCode, string>>
}

/** Each name that stands for nothing, with the field it stands in, such as said/sv. */
export function namelessIn(program: Program, told: Partial<ToldWords>): { where: string; message: string }[] {
  const names = templateNames(program).filter((name) => name !== 'owner.name')
  return (['said', 'did'] as const).flatMap((part) =>
    Object.entries(told[part] ?? {}).flatMap(([language, text]) =>
      misnamed(text, names).map((message) => ({ where: `${part}/${language}`, message })),
    ),
  )
}

/** The two with their names filled in, as templates are. */
export function filledFor(
  checked: CheckedProgram,
  words: { said: string; did: string },
  about: Pick<LetterSubject, 'context' | 'customer'>,
  language: LanguageCode,
): { said: string; did: string } {
  const { subject, body } = fillLetter(
    checked,
    { subject: words.said, body: words.did },
    { ...about, ownerName: null },
    language,
  )
  return { said: subject, did: body }
}
