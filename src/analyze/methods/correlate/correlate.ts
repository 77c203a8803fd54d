import Type from 'typebox'
import { type Correction, correct } from '../../../stats/corrections.ts'
import { isNoValue, noValue, type OrReason } from '../../../stats/interval.ts'
import type { Input, Method, Outcome } from '../../method.ts'
import { UsageError } from '../../options/usage-error.ts'
import { count, interval, pValue, table } from '../../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned } from '../../output/schema.ts'
import { readColumns } from './columns.ts'
import { comparePair, type Pair, type Test } from './pair.ts'
import { effectText, sentencesOf, statisticText } from './text.ts'

const CORRECTIONS: readonly Correction[] = ['bh', 'holm', 'bonferroni', 'none']

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const xs = options.columns('x')
  const os = options.has('o') ? options.columns('o') : xs
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const correction = options.choice('correction', CORRECTIONS, 'bh')
  // A column on both sides is not held against itself, and two columns once only.
  const seen = new Set<string>()
  const pairsOf = xs.flatMap((x) =>
    os.flatMap((o) => {
      const key = `${Math.min(x, o)} ${Math.max(x, o)}`
      if (x === o || seen.has(key)) return []
      seen.add(key)
      return [[x, o] as const]
    }),
  )
  const both = xs.filter((x) => os.includes(x))
  if (pairsOf.length === 0)
    throw new UsageError(
      options.has('o')
        ? '--x and --o need different columns'
        : '--x needs two columns or more where there is no --o',
    )
  const chosen = [...new Set([...xs, ...os])]
  options.columnsAmong('categories', 'x or --o', chosen)
  const { rows, kept, unreadable } = await readColumns(input, chosen)
  const pairs = pairsOf.map(([x, o]) => comparePair(kept.get(x)!, kept.get(o)!, level))

  const known = (p: OrReason<number>) => (isNoValue(p) ? null : (p as number))
  // The first test of each pair makes the family; the others are corrected among their own kind.
  const family = correct(
    pairs.map((pair) => known(pair.tests[0]!.p)),
    correction,
  )
  const byMeasure = new Map<string, (number | null)[]>()
  const others = ({ tests }: Pair) => tests.slice(1)
  for (const measure of new Set(pairs.flatMap((pair) => others(pair).map((test) => test.measure)))) {
    byMeasure.set(
      measure,
      correct(
        pairs.map((pair) =>
          known(others(pair).find((test) => test.measure === measure)?.p ?? noValue('not applicable')),
        ),
        correction,
      ),
    )
  }
  const corrected = (index: number, test: Test): OrReason<number> => {
    if (isNoValue(test.p)) return test.p
    return (test === pairs[index]!.tests[0] ? family : byMeasure.get(test.measure)!)[index]!
  }
  const first = (index: number): OrReason<number> => {
    const p = pairs[index]!.tests[0]!.p
    return isNoValue(p) ? p : family[index]!
  }
  const tested = pairs.filter((pair) => !isNoValue(pair.tests[0]!.p)).length
  const most = Math.max(...pairs.map((pair) => pair.n))
  return {
    rows,
    used: most,
    dropped: { 'cells that are not numbers': unreadable },
    conventions: [
      ...(both.length > 0
        ? [
            both.length === xs.length && both.length === os.length
              ? 'No column is held against itself.'
              : `Not held against itself: ${both.map((column) => input.csv.columns[column]).join(', ')}.`,
          ]
        : []),
      'Each pair over the rows that have both values; its n stands beside it.',
      `p corrected over ${tested} pair${tested === 1 ? '' : 's'}${tested < pairs.length ? ` of ${pairs.length}, the others have no p` : ''} (${{ bh: 'Benjamini-Hochberg, for exploring', holm: 'Holm, for confirming', bonferroni: 'Bonferroni', none: 'not at all' }[correction]}); the second and third measures of a pair are corrected among their own kind.`,
      'Rank correlations without ties have exact p (Kendall under 50 pairs, Spearman up to 1290), as in R; with ties, those of large samples. Correlation is not cause.',
    ],
    result: {
      correction,
      level,
      columns: [...kept.values()].map((column) => ({
        name: column.name,
        kind: column.kind,
        ...('one' in column && { one: column.one }),
      })),
      pairs: pairs.map((pair, i) => ({
        x: pair.x,
        o: pair.o,
        kind: pair.kind,
        n: pair.n,
        p: pair.tests[0]!.p,
        pCorrected: first(i),
        tests: pair.tests.map((test) => ({
          measure: test.measure,
          effect: test.effect,
          ...(test.interval && { interval: test.interval }),
          ...(test.exact !== undefined && { exact: test.exact }),
          ...test.statistics,
          p: test.p,
          pCorrected: corrected(i, test),
        })),
      })),
    },
    sentences: sentencesOf(
      pairs,
      new Map([...kept.values()].map((column) => [column.name, column])),
      pairs.map((_, i) => first(i)),
    ),
    text: (paint) => {
      const order = pairs.map((pair, i) => ({ pair, i, p: known(first(i)) ?? 2 })).sort((a, b) => a.p - b.p)
      const lines = order.flatMap(({ pair, i }) =>
        pair.tests.map((test, k) => {
          const shown = corrected(i, test)
          const real = !isNoValue(shown) && (shown as number) < 1 - level
          return [
            k === 0 ? `${pair.x} × ${pair.o}` : '',
            k === 0 ? count(pair.n) : '',
            test.measure,
            real && k === 0 ? paint.bold(effectText(test)) : effectText(test),
            interval(test.interval),
            statisticText(test),
            pValue(test.p),
            pValue(shown),
          ]
        }),
      )
      return table(
        ['pair', 'n', 'measure', 'value', 'limits', 'statistic', 'p', 'corrected p'],
        lines,
        [0, 2, 3, 5],
      )
    },
  }
}

const value = OrNull(Type.Number())
const optional = Type.Optional(value)

export const correlateMethod: Method = {
  name: 'correlate',
  summary: 'What people feel against what happened: every X with every O, by the measure that fits',
  options: {
    x: { value: 'COLUMNS', text: 'what people feel, by commas', required: true },
    o: { value: 'COLUMNS', text: 'what happened, by commas', standard: 'the columns of --x, each pair once' },
    categories: { value: 'COLUMNS', text: 'columns of numbers that are names, not amounts' },
    correction: { value: 'NAME', text: 'of p over the family: bh, holm, bonferroni, none', standard: 'bh' },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- Numbers: Pearson (t test with n - 2 df, Fisher z limits; R \`cor.test\`), Spearman (with ties or beyond 1290 pairs on the t approximation, else the exact distribution up to nine pairs and the Edgeworth series of AS 89 above), Kendall tau-b (with ties or from 50 pairs on the normal approximation with the variance for ties, else exact), all as R \`cor.test\` does.
- A number and two classes: point-biserial correlation, which is Pearson's with 0 and 1 (the class that comes last by size or alphabet is 1).
- A number and categories: ANOVA F with η² (R \`anova(lm())\`), Welch's F (R \`oneway.test\`), Kruskal-Wallis H (R \`kruskal.test\`).
- Categories: chi-square without continuity correction (R \`chisq.test(correct = FALSE)\`), Cramer's V plain and bias-corrected (Bergsma 2013, J. Korean Statistical Society 42, 323-328).
- Corrected p: Benjamini-Hochberg, Holm or Bonferroni (R \`p.adjust\`). The family is the first test of every pair, and \`pCorrected\` of the pair is that of its first test; second and third measures are corrected among their own kind, first tests left out. A pair without a p (no variance, too few) counts neither into the family nor among the pairs that are told.
- A column counts as numbers when 90 % of its first 10,000 present cells are numbers.`,
  schema: Reasoned({
    correction: Type.Enum([...CORRECTIONS]),
    level: Type.Number(),
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.Enum(['number', 'binary', 'category']),
        one: Type.Optional(Type.String({ description: 'the class that counts as 1' })),
      }),
    ),
    pairs: Type.Array(
      Reasoned({
        x: Type.String(),
        o: Type.String(),
        kind: Type.String(),
        n: Type.Integer(),
        p: value,
        pCorrected: value,
        tests: Type.Array(
          Reasoned({
            measure: Type.String(),
            effect: value,
            interval: Type.Optional(OrNull(IntervalSchema)),
            exact: Type.Optional(
              Type.Boolean({ description: 'rank correlations: p of their own distribution' }),
            ),
            t: optional,
            z: optional,
            f: optional,
            h: optional,
            df: optional,
            df1: optional,
            df2: optional,
            etaSquared: optional,
            chiSquare: optional,
            v: optional,
            vCorrected: optional,
            leastExpected: optional,
            p: value,
            pCorrected: value,
          }),
        ),
      }),
    ),
  }),
  example: {
    csv: `score,days,channel,late\n${Array.from({ length: 20 }, (_, i) => {
      const days = 1 + ((i * 7) % 9)
      return `${Math.max(1, Math.min(5, 6 - Math.round(days / 2) + ((i * 5) % 3)))},${days},${['web', 'shop', 'phone'][i % 3]},${days > 5 ? 'yes' : 'no'}`
    }).join('\n')}\n`,
    options: ['--x', 'score', '--o', 'days,channel,late'],
  },
  run,
}
