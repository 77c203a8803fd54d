// For: finding the words of lists in a text: whole words, beginnings (late*) and phrases, in any case of letters.
// In: lists by language; a text and its language. Out: which lists have something in it, and what.

export interface WordList {
  id: string
  /** By language. */
  words: Partial<Record<string, readonly string[]>>
}

interface Piece {
  text: string
  isStart: boolean
}
type Pattern = Piece[]

interface Token {
  folded: string
  start: number
  end: number
}

const word = /[\p{L}\p{M}\p{N}]+/gu
const wordOrStart = /([\p{L}\p{M}\p{N}]+)(\*?)/gu

const folded = (text: string) => text.normalize('NFC').toLowerCase()

/** Patterns of one language, found by their first word: most words of a text begin none. */
class Patterns {
  readonly #whole = new Map<string, Array<[id: string, pattern: Pattern]>>()
  readonly #starts = new Map<string, Array<[id: string, pattern: Pattern]>>()
  readonly #lengths = new Set<number>()

  add(id: string, pattern: Pattern): void {
    const [first] = pattern
    if (!first) return
    const patterns = first.isStart ? this.#starts : this.#whole
    patterns.set(first.text, [...(patterns.get(first.text) ?? []), [id, pattern]])
    if (first.isStart) this.#lengths.add(first.text.length)
  }

  *at(tokens: readonly Token[], index: number): Generator<[id: string, last: Token]> {
    const { folded: text } = tokens[index]!
    yield* fitting(this.#whole.get(text), tokens, index)
    for (const length of this.#lengths)
      if (length <= text.length) yield* fitting(this.#starts.get(text.slice(0, length)), tokens, index)
  }
}

function* fitting(
  patterns: Array<[id: string, pattern: Pattern]> | undefined,
  tokens: readonly Token[],
  index: number,
): Generator<[id: string, last: Token]> {
  for (const [id, pattern] of patterns ?? []) {
    const fits = pattern.every(({ text, isStart }, at) => {
      const token = tokens[index + at]?.folded
      return isStart ? token?.startsWith(text) : token === text
    })
    if (fits) yield [id, tokens[index + pattern.length - 1]!]
  }
}

/** Made once for each program. A list that has nothing in the language of a text is tried in all that it has. */
export function wordMatcher(lists: readonly WordList[]) {
  const byLanguage = new Map<string, Patterns>()

  function patternsFor(language: string): Patterns {
    const known = byLanguage.get(language)
    if (known) return known
    const patterns = new Patterns()
    for (const { id, words } of lists)
      for (const each of words[language] ?? Object.values(words).flatMap((list) => list ?? []))
        patterns.add(id, patternOf(each))
    byLanguage.set(language, patterns)
    return patterns
  }

  return {
    /** List -> the different words found, as they stand in the text, in its order.
     * @param language a code such as sv; sv-SE is understood
     */
    match(text: string, language: string): Map<string, string[]> {
      const found = new Map<string, string[]>()
      const tokens = tokensOf(text)
      const patterns = patternsFor(shortOf(language))
      for (const [index, token] of tokens.entries()) {
        for (const [id, last] of patterns.at(tokens, index)) {
          const written = text.slice(token.start, last.end)
          const earlier = found.get(id) ?? []
          const again = earlier.some((each) => folded(each) === folded(written))
          if (!again) found.set(id, [...earlier, written])
        }
      }
      return found
    },
  }
}

/** Programs write Norwegian as nb. */
function shortOf(language: string): string {
  const short = language.toLowerCase().split(/[-_]/)[0] ?? ''
  return short === 'no' || short === 'nn' ? 'nb' : short
}

const patternOf = (written: string): Pattern =>
  [...folded(written).matchAll(wordOrStart)].map(([, text = '', star]) => ({ text, isStart: star === '*' }))

function tokensOf(text: string): Token[] {
  return [...text.matchAll(word)].map((found) => ({
    folded: folded(found[0]),
    start: found.index,
    end: found.index + found[0].length,
  }))
}
