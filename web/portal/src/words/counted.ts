/** Joins counts to their nouns as a language does. Counts come as formats write them: 1, 1 234, 1,5.
 * @returns a function of the count, and what follows it when it is one, and else
 */
export function countedIn(locale: string) {
  const rules = new Intl.PluralRules(locale)
  return (n: string, one: string, other: string): string =>
    `${n} ${rules.select(Number(n.replace(/\s/g, '').replace(',', '.'))) === 'one' ? one : other}`
}
