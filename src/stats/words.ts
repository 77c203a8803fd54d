import { noValue, type OrReason, SampleInvalid } from './interval.ts'
import { normalTwoSided } from './normal.ts'

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*/gu

/** The words of a text: runs of Unicode letters, an apostrophe inside kept, in lower case.
 * Text without spaces between words (Chinese, Japanese, Thai) comes out as whole runs.
 */
export function words(text: string): string[] {
  return (text.normalize('NFC').match(WORD) ?? []).map((word) => word.toLowerCase().replaceAll('’', "'"))
}

/** informative: each word's prior is its frequency in both texts together; uniform: the same for every word. */
export type Prior = 'informative' | 'uniform'

export interface WordContrast {
  readonly word: string
  readonly first: number
  readonly second: number
  /** Log-odds of the word in the first text less those in the second, with the prior. */
  readonly logOdds: number
  readonly z: number
  /** Two-sided, not corrected for the number of words. */
  readonly p: number
}

export interface WordContrasts {
  readonly firstTotal: number
  readonly secondTotal: number
  readonly vocabulary: number
  /** α₀, the sum of the prior over all words. */
  readonly priorTotal: number
  /** From most typical of the first text to most typical of the second; equal z in the order of the words. */
  readonly words: readonly WordContrast[]
}

/** Weighted log-odds of every word in one text against another, with a Dirichlet prior.
 * @param first and second: how often each word occurs
 * @param strength informative: the sum of the prior (all words together when left out); uniform: the prior of each
 * word (0.01 when left out)
 * @returns 'empty group' when a text has no words, 'too few' when there is one word alone
 * @see Monroe, Colaresi & Quinn 2008, Political Analysis 16:372, equations 16, 20 and 22
 */
export function contrastWords(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
  prior: Prior = 'informative',
  strength?: number,
): OrReason<WordContrasts> {
  if (strength !== undefined && !(strength > 0))
    throw new SampleInvalid(`the prior's strength must be positive, got ${strength}`)
  const total = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((sum, count) => sum + count, 0)
  const firstTotal = total(first)
  const secondTotal = total(second)
  if (firstTotal === 0 || secondTotal === 0) return noValue('empty group')
  const vocabulary = [...new Set([...first.keys(), ...second.keys()])]
  if (vocabulary.length < 2) return noValue('too few', 'one word alone')
  const all = firstTotal + secondTotal
  const priorTotal = prior === 'informative' ? (strength ?? all) : (strength ?? 0.01) * vocabulary.length
  const contrasts = vocabulary.map((word): WordContrast => {
    const a = first.get(word) ?? 0
    const b = second.get(word) ?? 0
    const own = prior === 'informative' ? (priorTotal * (a + b)) / all : priorTotal / vocabulary.length
    const odds = (count: number, size: number) => Math.log((count + own) / (size + priorTotal - count - own))
    const logOdds = odds(a, firstTotal) - odds(b, secondTotal)
    const z = logOdds / Math.sqrt(1 / (a + own) + 1 / (b + own))
    return { word, first: a, second: b, logOdds, z, p: normalTwoSided(z) }
  })
  contrasts.sort((x, y) => y.z - x.z || (x.word < y.word ? -1 : 1))
  return { firstTotal, secondTotal, vocabulary: vocabulary.length, priorTotal, words: contrasts }
}
