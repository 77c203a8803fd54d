import { textIn } from './question.ts'
import type { LanguageCode, ProgramText } from './schema.ts'

/** Of customers for whom no declared segment holds, and of those who are too few to be ranked. */
const own: Record<LanguageCode, Record<'other' | 'unranked', string>> = {
  en: { other: 'other', unranked: 'too few customers to rank' },
  sv: { other: 'övriga', unranked: 'för få kunder för att rangordna' },
  nb: { other: 'øvrige', unranked: 'for få kunder til å rangere' },
}

/** What value segments are called in a language, by their id: as the program names them, and those it need not declare.
 * One without a name (A, B and C) is left to its id. Pages, questions and lists all name them by this.
 * @param segments as the program declares them
 */
export function segmentNames(
  segments: ReadonlyArray<{ id: string; name?: ProgramText | null | undefined }> | undefined,
  language: LanguageCode,
): Record<string, string> {
  const declared = (segments ?? []).flatMap(({ id, name }) => {
    const named = textIn(name ?? undefined, language)
    return named ? [[id, named] as const] : []
  })
  return { ...own[language], ...Object.fromEntries(declared) }
}
