import Type from 'typebox'
import { correct } from '../../../stats/corrections.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import { contrastWords, type WordContrast, type WordContrasts } from '../../../stats/words.ts'
import { twoNames } from '../../inputs/grouping.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { bar, count, number, table } from '../../output/paint.ts'
import { OrNull, Reasoned } from '../../output/schema.ts'
import { countWords, MOST_WORDS } from './count.ts'
import { atLeast, pairsOf, rest } from './sides.ts'

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const prior = options.choice('prior', ['informative', 'uniform'], 'informative')
  const strength = options.positive('strength', undefined)
  const top = options.whole('top', 15, 0)
  const asked = options.whole('least', 1, 1)
  const { rows, used, counts, pooled, languages, seen, least } = await countWords(input, asked)
  const sought = options.has('compare') ? twoNames(options.all('compare')) : undefined
  const pairs = pairsOf([...pooled.keys()].sort(), sought, seen)
  const all = [...languages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sides]) => ({ language: name as string | undefined, sides }))
  all.unshift({ language: undefined, sides: pooled })
  const results = all.flatMap(({ language, sides }) =>
    pairs.map(({ first, second }): Contrast => {
      const a = sides.get(first) ?? new Map<string, number>()
      const b = second === undefined ? rest(sides, first) : (sides.get(second) ?? new Map<string, number>())
      const found = contrastWords(...atLeast(a, b, least), prior, strength)
      const names = { language, first, second: second ?? 'all others' }
      if (isNoValue(found)) return { ...names, found }
      // The list of all words is let go: there may be fifty of them.
      const { words, ...totals } = found as WordContrasts
      return { ...names, found: totals, cut: cutTop(words, top), real: realWords(words) }
    }),
  )
  const nothing = noValue('empty group', 'no row has both words and a side')
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      'Words are runs of Unicode letters in lower case, an inner apostrophe kept; every occurrence counts.',
      prior === 'informative'
        ? `Prior: the frequency of each word in both texts together, ${strength === undefined ? 'as strong as the texts themselves' : `adding up to ${strength}`}.`
        : `Prior: ${strength ?? 0.01} for every word.`,
      'p is not corrected for the number of words. Equal z stand in alphabetical order; ties tells how many more share the last z shown.',
      ...(least > asked
        ? [
            `There are more different words than the ${count(MOST_WORDS)} that are kept: those that occur less than ${least} times in both texts are left out, as --least ${least} does.`,
          ]
        : []),
      ...(options.has('language') ? ['Pooled holds every language, and rows without one.'] : []),
    ],
    result: {
      prior,
      strength: strength ?? noValue('not applicable', 'as strong as the standard of the prior'),
      contrasts:
        results.length === 0
          ? nothing
          : results.map(({ language, first, second, found, cut }) => {
              const base = { language: language ?? 'pooled', first, second }
              if (isNoValue(found) || !cut) return { ...base, firstWords: found, secondWords: found }
              const { firstTotal, secondTotal, vocabulary, priorTotal } = found as Totals
              return { ...base, firstTotal, secondTotal, vocabulary, priorTotal, ...cut }
            }),
    },
    sentences: sentencesOf(results),
    text: (paint) =>
      results.length === 0
        ? `No result: ${nothing.reason} (${nothing.detail})`
        : results
            .flatMap(({ language, first, second, found, cut }) => {
              const title = paint.bold(
                `${language === undefined ? (languages.size ? 'all languages: ' : '') : `${language}: `}${first} against ${second}`,
              )
              if (isNoValue(found) || !cut)
                return [title, `No result: ${(found as { reason: string }).reason}`, '']
              const f = found as Totals
              const most = cut.firstWords
                .concat(cut.secondWords)
                .reduce((z, word) => Math.max(z, Math.abs(word.z)), 1e-9)
              const rows = (list: readonly WordContrast[]) =>
                list.map((w) => [
                  w.word,
                  number(w.z, 2),
                  bar(Math.abs(w.z), most, 16),
                  number(w.logOdds, 3),
                  count(w.first),
                  count(w.second),
                ])
              const titles = ['word', 'z', '', 'log-odds', first, second]
              const more = (left: number, ties: number) =>
                left > 0
                  ? [
                      `... and ${count(left)} more${ties > 0 ? `, ${count(ties)} of them with the z of the last one shown` : ''}; --top 0 shows all`,
                    ]
                  : []
              return [
                `${title} (${count(f.firstTotal)} and ${count(f.secondTotal)} words, ${count(f.vocabulary)} different)`,
                '',
                table([`typical of ${first}`, ...titles.slice(1)], rows(cut.firstWords), [0, 2]),
                ...more(cut.firstMore, cut.firstTies),
                '',
                table([`typical of ${second}`, ...titles.slice(1)], rows(cut.secondWords), [0, 2]),
                ...more(cut.secondMore, cut.secondTies),
                '',
              ]
            })
            .join('\n'),
  }
}

type Totals = Omit<WordContrasts, 'words'>

interface Contrast {
  readonly language: string | undefined
  readonly first: string
  readonly second: string
  readonly found: OrReason<Totals>
  readonly cut?: Cut
  readonly real?: Real
}

/** The words that are typical beyond chance, the most typical ones by name. */
interface Real {
  readonly first: { readonly n: number; readonly shown: readonly WordContrast[] }
  readonly second: { readonly n: number; readonly shown: readonly WordContrast[] }
}

const MOST_TOLD = 6

function realWords(all: readonly WordContrast[]): Real {
  // Of thousands of words a twentieth would be typical by chance: p corrected over all of them (Benjamini-Hochberg).
  const corrected = correct(
    all.map(({ p }) => p),
    'bh',
  )
  const real = all.filter((_, i) => corrected[i]! < 0.05)
  const side = (list: readonly WordContrast[]) => ({
    n: list.length,
    shown: list
      .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.word < b.word ? -1 : 1))
      .slice(0, MOST_TOLD),
  })
  return { first: side(real.filter(({ z }) => z > 0)), second: side(real.filter(({ z }) => z < 0)) }
}

function sentencesOf(results: readonly Contrast[]): string[] {
  return results.slice(0, 1).flatMap(({ first, second, real }) => {
    if (!real) return []
    const told = ({ n, shown }: Real['first']) =>
      shown.map(({ word, z }) => `"${word}" (z ${number(Math.abs(z), 1)})`).join(', ') +
      (n > shown.length ? ` and ${count(n - shown.length)} more` : '')
    const [a, b] = [told(real.first), told(real.second)]
    const say = (side: string) => (side === 'low' || side === 'high' ? `${side} scores` : side)
    if (!a && !b) return [`No word sets ${say(first)} apart from ${say(second)} beyond chance.`]
    return [...(a ? [`Words of ${say(first)}: ${a}.`] : []), ...(b ? [`Words of ${say(second)}: ${b}.`] : [])]
  })
}

interface Cut {
  readonly firstWords: readonly WordContrast[]
  readonly secondWords: readonly WordContrast[]
  readonly firstTies: number
  readonly secondTies: number
  /** Words of the side that are not listed. */
  readonly firstMore: number
  readonly secondMore: number
}

/** The most typical words of each side, and how many more share the z of the last one shown. */
function cutTop(all: readonly WordContrast[], top: number): Cut {
  const first = all.filter((word) => word.z > 0)
  const second = all.filter((word) => word.z < 0).reverse()
  // Reversed, equal z would stand in falling order of the alphabet.
  second.sort((a, b) => a.z - b.z || (a.word < b.word ? -1 : 1))
  const cut = (list: readonly WordContrast[]) => (top === 0 ? list : list.slice(0, top))
  const ties = (list: readonly WordContrast[]) => {
    const last = cut(list).at(-1)
    return last
      ? list.filter((word) => word.z === last.z).length - cut(list).filter((word) => word.z === last.z).length
      : 0
  }
  return {
    firstWords: cut(first),
    secondWords: cut(second),
    firstTies: ties(first),
    secondTies: ties(second),
    firstMore: first.length - cut(first).length,
    secondMore: second.length - cut(second).length,
  }
}

const wordList = OrNull(
  Type.Array(
    Type.Object({
      word: Type.String(),
      first: Type.Integer(),
      second: Type.Integer(),
      logOdds: Type.Number(),
      z: Type.Number(),
      p: Type.Number(),
    }),
  ),
)

export const wordsMethod: Method = {
  name: 'words',
  summary: 'Which words set one group of comments apart from another',
  options: {
    text: { value: 'COLUMNS', text: 'the comments', required: true },
    by: { value: 'COLUMN', text: 'groups to set apart: two, or each against all others' },
    score: { value: 'COLUMN', text: 'instead of --by: low scores against high ones' },
    low: { needs: ['score'], value: 'N', text: 'scores up to this are low', standard: '6' },
    high: { needs: ['score'], value: 'N', text: 'scores from this on are high', standard: '9' },
    compare: { value: 'A,B', text: 'two of the groups' },
    language: { value: 'COLUMN', text: 'one result for each language besides the pooled one' },
    prior: {
      value: 'NAME',
      text: 'informative (frequency in both texts) or uniform',
      standard: 'informative',
    },
    strength: {
      value: 'N',
      text: 'informative: what the prior adds up to; uniform: the prior of a word',
      standard: 'all words counted; 0.01',
    },
    least: { value: 'N', text: 'leave out words that occur less often in both together', standard: '1' },
    top: { value: 'N', text: 'words to show on each side; 0 shows all', standard: '15' },
  },
  formulas: `- \`δ = log((a + α) / (n_a + α0 - a - α)) - log((b + α) / (n_b + α0 - b - α))\`, \`var δ ≈ 1/(a + α) + 1/(b + α)\`, \`z = δ / sqrt(var)\` (Monroe, Colaresi & Quinn 2008, Political Analysis 16, 372-403, equations 16, 20, 22).
- Informative prior: \`α = α0 f\`, f the word's frequency in both texts together; \`--strength\` is α0, by itself the number of words in both. Uniform prior: \`α\` the same for every word, by itself 0.01.
- Words: \`\\p{L}[\\p{L}\\p{M}]*\` with inner apostrophes (the typographic ’ is taken as the plain one, so that won’t and won't are one word), NFC, lower case. Languages written without spaces come out as whole runs.`,
  schema: Reasoned({
    prior: Type.Enum(['informative', 'uniform']),
    strength: OrNull(Type.Number({ description: 'null: the standard' })),
    contrasts: OrNull(
      Type.Array(
        Reasoned({
          language: Type.String(),
          first: Type.String(),
          second: Type.String(),
          firstTotal: Type.Optional(Type.Integer()),
          secondTotal: Type.Optional(Type.Integer()),
          vocabulary: Type.Optional(Type.Integer()),
          priorTotal: Type.Optional(Type.Number()),
          firstWords: wordList,
          secondWords: wordList,
          firstTies: Type.Optional(
            Type.Integer({ description: 'further words with the z of the last one listed' }),
          ),
          secondTies: Type.Optional(Type.Integer()),
          firstMore: Type.Optional(Type.Integer({ description: 'words of the side that are not listed' })),
          secondMore: Type.Optional(Type.Integer()),
        }),
      ),
    ),
  }),
  example: {
    csv: `score,comment\n10,"Fast delivery, friendly driver"\n9,Fast and easy\n10,"Friendly staff, easy return"\n3,Late delivery and no answer\n2,"Late again, parcel broken"\n1,No answer from service\n10,Easy to order\n4,Parcel late\n`,
    options: ['--text', 'comment', '--score', 'score', '--top', '5'],
  },
  run,
}
