import Type from 'typebox'
import { anova, welchAnova } from '../../stats/anova.ts'
import { contingency } from '../../stats/contingency.ts'
import { type Correction, correct } from '../../stats/corrections.ts'
import { pairMoments, pearson, spearman } from '../../stats/correlation.ts'
import { type Interval, isNoValue, type NoValue, noValue, type OrReason } from '../../stats/interval.ts'
import { kendall } from '../../stats/kendall.ts'
import { kruskalWallis } from '../../stats/kruskal-wallis.ts'
import { momentsOf } from '../../stats/moments.ts'
import { isBlank, NumberColumn, TextColumn, toNumber } from './cells.ts'
import { type Input, type Method, type Outcome, UsageError } from './method.ts'
import { count, interval, number, pValue, table } from './paint.ts'
import { IntervalSchema, OrNull, Reasoned } from './schema.ts'

const SAMPLE = 10_000
const MOST_CATEGORIES = 1000
const CORRECTIONS: readonly Correction[] = ['bh', 'holm', 'bonferroni', 'none']

/** A column as it is compared: numbers, two classes (0 and 1), or categories. */
type Kept =
  | {
      readonly name: string
      readonly kind: 'number' | 'binary'
      readonly values: Float64Array
      readonly one?: string
    }
  | {
      readonly name: string
      readonly kind: 'category'
      readonly values: Float64Array
      readonly categories: number
    }

interface Test {
  readonly measure: string
  /** The size of the relation: r, rho, tau, η², V; or the statistic where there is none. */
  readonly effect: OrReason<number>
  readonly interval?: OrReason<Interval>
  readonly statistics: Record<string, OrReason<number>>
  readonly p: OrReason<number>
}

async function guessNumeric({ csv, options }: Input, columns: readonly number[]): Promise<Set<number>> {
  const asCategory = new Set(options.columns('categories'))
  const numbers = new Map(columns.map((column) => [column, { numbers: 0, present: 0 }]))
  await csv.eachRow((cells, row) => {
    for (const [column, seen] of numbers) {
      if (isBlank(cells[column]!)) continue
      seen.present++
      if (!Number.isNaN(toNumber(cells[column]!))) seen.numbers++
    }
    return row < SAMPLE
  })
  return new Set(
    columns.filter((column) => {
      const { numbers: n, present } = numbers.get(column)!
      return !asCategory.has(column) && present > 0 && n >= 0.9 * present
    }),
  )
}

async function readColumns(
  input: Input,
  columns: readonly number[],
): Promise<{ rows: number; kept: Map<number, Kept>; unreadable: number }> {
  const numeric = await guessNumeric(input, columns)
  const numbers = new Map([...numeric].map((column) => [column, new NumberColumn()]))
  const texts = new Map(
    columns.filter((column) => !numeric.has(column)).map((column) => [column, new TextColumn()]),
  )
  let unreadable = 0
  const rows = await input.csv.eachRow((cells) => {
    for (const [column, values] of numbers) {
      const value = toNumber(cells[column]!)
      if (Number.isNaN(value) && !isBlank(cells[column]!)) unreadable++
      values.push(value)
    }
    for (const [column, values] of texts) values.push(cells[column]!)
  })
  const kept = new Map<number, Kept>()
  for (const [column, values] of numbers)
    kept.set(column, asNumbers(input.csv.columns[column]!, values.values()))
  for (const [column, values] of texts) kept.set(column, asCategories(input.csv.columns[column]!, values))
  return { rows, kept, unreadable }
}

function asNumbers(name: string, values: Float64Array): Kept {
  const distinct = new Set<number>()
  for (const value of values) {
    if (!Number.isNaN(value)) distinct.add(value)
    if (distinct.size > 2) return { name, kind: 'number', values }
  }
  if (distinct.size < 2) return { name, kind: 'number', values }
  const high = Math.max(...distinct)
  return {
    name,
    kind: 'binary',
    one: String(high),
    values: values.map((v) => (Number.isNaN(v) ? v : v === high ? 1 : 0)),
  }
}

function asCategories(name: string, column: TextColumn): Kept {
  const positions = column.values()
  const values = positions.map((position) => (position < 0 ? Number.NaN : position))
  if (column.texts.length !== 2) return { name, kind: 'category', values, categories: column.texts.length }
  const one = [...column.texts].sort()[1]!
  const oneAt = column.texts.indexOf(one)
  return { name, kind: 'binary', one, values: values.map((v) => (Number.isNaN(v) ? v : v === oneAt ? 1 : 0)) }
}

/** The rows that have both values. */
function both(x: Kept, o: Kept): readonly [Float64Array, Float64Array] {
  const a = new NumberColumn()
  const b = new NumberColumn()
  for (let i = 0; i < x.values.length; i++) {
    if (Number.isNaN(x.values[i]!) || Number.isNaN(o.values[i]!)) continue
    a.push(x.values[i]!)
    b.push(o.values[i]!)
  }
  return [a.values(), b.values()]
}

function numberTests(a: Float64Array, b: Float64Array, binary: boolean, level: number): Test[] {
  const r = pearson(pairMoments(a, b), level)
  const rho = spearman(a, b)
  const tau = kendall(a, b)
  const no = (measure: string, why: NoValue): Test => ({ measure, effect: why, statistics: {}, p: why })
  const name = binary ? 'point-biserial' : 'pearson'
  return [
    isNoValue(r)
      ? no(name, r)
      : { measure: name, effect: r.r, interval: r.interval, statistics: { t: r.t, df: r.df }, p: r.p },
    isNoValue(rho)
      ? no('spearman', rho)
      : { measure: 'spearman', effect: rho.r, statistics: { t: rho.t, df: rho.df }, p: rho.p },
    isNoValue(tau)
      ? no('kendall', tau)
      : { measure: 'kendall', effect: tau.tau, statistics: { z: tau.z }, p: tau.p },
  ]
}

function groupTests(values: Float64Array, groups: Float64Array): Test[] {
  const sorted = new Map<number, NumberColumn>()
  groups.forEach((group, i) => {
    let own = sorted.get(group)
    if (!own) {
      own = new NumberColumn()
      sorted.set(group, own)
    }
    own.push(values[i]!)
  })
  const moments = [...sorted.values()].map((column) => momentsOf(column.values()))
  const f = anova(moments)
  const w = welchAnova(moments)
  const h = kruskalWallis(values, groups)
  const no = (measure: string, why: NoValue): Test => ({ measure, effect: why, statistics: {}, p: why })
  return [
    isNoValue(f)
      ? no('anova', f)
      : {
          measure: 'anova',
          effect: f.etaSquared,
          statistics: { f: f.f, df1: f.df1, df2: f.df2, etaSquared: f.etaSquared },
          p: f.p,
        },
    isNoValue(w)
      ? no('welch-anova', w)
      : { measure: 'welch-anova', effect: w.f, statistics: { f: w.f, df1: w.df1, df2: w.df2 }, p: w.p },
    isNoValue(h)
      ? no('kruskal-wallis', h)
      : { measure: 'kruskal-wallis', effect: h.h, statistics: { h: h.h, df: h.df }, p: h.p },
  ]
}

function tableTests(a: Float64Array, b: Float64Array): Test[] {
  const rows = 1 + a.reduce((most, value) => Math.max(most, value), -1)
  const columns = 1 + b.reduce((most, value) => Math.max(most, value), -1)
  const counts = Array.from({ length: rows }, () => Array<number>(columns).fill(0))
  for (let i = 0; i < a.length; i++) counts[a[i]!]![b[i]!]!++
  const c = contingency(counts)
  if (isNoValue(c)) return [{ measure: 'chi-square', effect: c, statistics: {}, p: c }]
  const { chiSquare, df, v, vCorrected, leastExpected } = c
  return [
    { measure: 'chi-square', effect: v, statistics: { chiSquare, df, v, vCorrected, leastExpected }, p: c.p },
  ]
}

interface Pair {
  readonly x: string
  readonly o: string
  readonly kind: string
  readonly n: number
  readonly tests: readonly Test[]
}

function comparePair(x: Kept, o: Kept, level: number): Pair {
  const [a, b] = both(x, o)
  const common = { x: x.name, o: o.name, n: a.length }
  const nominal = (kept: Kept) => kept.kind === 'category'
  const tooMany = [x, o].find((kept) => kept.kind === 'category' && kept.categories > MOST_CATEGORIES)
  if (tooMany) {
    const why = noValue('out of range', `${tooMany.name} has more than ${MOST_CATEGORIES} categories`)
    return {
      ...common,
      kind: 'too many categories',
      tests: [{ measure: 'none', effect: why, statistics: {}, p: why }],
    }
  }
  if (nominal(x) && nominal(o)) return { ...common, kind: 'categories', tests: tableTests(a, b) }
  if (x.kind === 'binary' && o.kind === 'binary') {
    return { ...common, kind: 'two by two', tests: [...tableTests(a, b), numberTests(a, b, true, level)[0]!] }
  }
  if (nominal(x) || nominal(o)) {
    const [values, groups, other] = nominal(o) ? [a, b, x] : [b, a, o]
    // A column of two classes against categories is a table.
    if (other.kind === 'binary') return { ...common, kind: 'categories', tests: tableTests(a, b) }
    return { ...common, kind: 'number by category', tests: groupTests(values, groups) }
  }
  const binary = x.kind === 'binary' || o.kind === 'binary'
  return {
    ...common,
    kind: binary ? 'number by two classes' : 'numbers',
    tests: numberTests(a, b, binary, level),
  }
}

async function run(input: Input): Promise<Outcome> {
  const { options } = input
  const xs = options.columns('x')
  const os = options.columns('o')
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const correction = options.choice('correction', CORRECTIONS, 'bh')
  const pairsOf = xs.flatMap((x) => os.filter((o) => o !== x).map((o) => [x, o] as const))
  if (pairsOf.length === 0) throw new UsageError('--x and --o need different columns')
  const { rows, kept, unreadable } = await readColumns(input, [...new Set([...xs, ...os])])
  const pairs = pairsOf.map(([x, o]) => comparePair(kept.get(x)!, kept.get(o)!, level))

  const known = (p: OrReason<number>) => (isNoValue(p) ? null : (p as number))
  // The first test of each pair makes the family; the others are corrected among their own kind.
  const family = correct(
    pairs.map((pair) => known(pair.tests[0]!.p)),
    correction,
  )
  const byMeasure = new Map<string, (number | null)[]>()
  for (const measure of new Set(pairs.flatMap((pair) => pair.tests.map((test) => test.measure)))) {
    byMeasure.set(
      measure,
      correct(
        pairs.map((pair) =>
          known(pair.tests.find((test) => test.measure === measure)?.p ?? noValue('not applicable')),
        ),
        correction,
      ),
    )
  }
  const corrected = (index: number, test: Test): OrReason<number> =>
    isNoValue(test.p) ? test.p : byMeasure.get(test.measure)![index]!
  const first = (index: number): OrReason<number> => {
    const p = pairs[index]!.tests[0]!.p
    return isNoValue(p) ? p : family[index]!
  }
  const most = Math.max(...pairs.map((pair) => pair.n))
  return {
    rows,
    used: most,
    dropped: { 'cells that are not numbers': unreadable },
    conventions: [
      'Each pair over the rows that have both values; its n stands beside it.',
      `p corrected over ${pairs.length} pair${pairs.length === 1 ? '' : 's'} (${{ bh: 'Benjamini-Hochberg, for exploring', holm: 'Holm, for confirming', bonferroni: 'Bonferroni', none: 'not at all' }[correction]}); the second and third measures of a pair are corrected among their own kind.`,
      'Rank tests use the large-sample distributions, which hold with ties. Correlation is not cause.',
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
          ...test.statistics,
          p: test.p,
          pCorrected: corrected(i, test),
        })),
      })),
    },
    sentences: sentencesOf(
      pairs,
      pairs.map((_, i) => first(i)),
    ),
    text: (paint) => {
      const order = pairs.map((pair, i) => ({ pair, i, p: known(first(i)) ?? 2 })).sort((a, b) => a.p - b.p)
      const lines = order.flatMap(({ pair, i }) =>
        pair.tests.map((test, k) => {
          const shown = k === 0 ? first(i) : corrected(i, test)
          const real = !isNoValue(shown) && (shown as number) < 1 - level
          return [
            k === 0 ? `${pair.x} × ${pair.o}` : '',
            k === 0 ? count(pair.n) : '',
            test.measure,
            real && k === 0 ? paint.bold(number(test.effect)) : number(test.effect),
            interval(test.interval),
            pValue(test.p),
            pValue(shown),
          ]
        }),
      )
      return table(['pair', 'n', 'measure', 'value', 'limits', 'p', 'corrected p'], lines, [0, 2])
    },
  }
}

function sentencesOf(pairs: readonly Pair[], corrected: readonly OrReason<number>[]): string[] {
  const real = pairs.flatMap((pair, i) => {
    const [test] = pair.tests
    const p = corrected[i]!
    if (!test || isNoValue(p) || isNoValue(test.effect) || (p as number) >= 0.05) return []
    return [{ pair, test, effect: test.effect as number, p: p as number }]
  })
  const lines = real
    .toSorted((a, b) => a.p - b.p || Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, 5)
    .map(({ pair, test, effect, p }) => {
      const size = `n ${count(pair.n)}, corrected p ${pValue(p)}`
      if (test.measure === 'anova')
        return `${pair.x} and ${pair.o}: the groups differ (η² ${number(effect)}, ${size}).`
      if (test.measure === 'chi-square')
        return `${pair.x} and ${pair.o} go together (Cramer's V ${number(effect)}, ${size}).`
      return `${pair.x} is ${effect > 0 ? 'higher' : 'lower'} where ${pair.o} is higher (r ${number(effect)}, ${size}).`
    })
  const rest = pairs.length - real.length
  if (rest > 0 && pairs.length > 1)
    lines.push(`No relation beyond chance in ${rest} of ${pairs.length} pairs.`)
  return lines
}

const value = OrNull(Type.Number())
const optional = Type.Optional(value)

export const correlateMethod: Method = {
  name: 'correlate',
  summary: 'What people feel against what happened: every X with every O, by the measure that fits',
  options: {
    x: { value: 'COLUMNS', text: 'what people feel, by commas', required: true },
    o: { value: 'COLUMNS', text: 'what happened, by commas', required: true },
    categories: { value: 'COLUMNS', text: 'columns of numbers that are names, not amounts' },
    correction: { value: 'NAME', text: 'of p over the family: bh, holm, bonferroni, none', standard: 'bh' },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- Numbers: Pearson (t test with n - 2 df, Fisher z limits; R \`cor.test\`), Spearman (t approximation; R \`exact = FALSE\`), Kendall tau-b (normal approximation with ties; R \`exact = FALSE\`).
- A number and two classes: point-biserial correlation, which is Pearson's with 0 and 1 (the class that comes last by size or alphabet is 1).
- A number and categories: ANOVA F with η² (R \`anova(lm())\`), Welch's F (R \`oneway.test\`), Kruskal-Wallis H (R \`kruskal.test\`).
- Categories: chi-square without continuity correction (R \`chisq.test(correct = FALSE)\`), Cramer's V plain and bias-corrected (Bergsma 2013, J. Korean Statistical Society 42, 323-328).
- Corrected p: Benjamini-Hochberg, Holm or Bonferroni (R \`p.adjust\`). The family is the first test of every pair.
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
    file: 'orders.csv',
    csv: `score,days,channel,late\n${Array.from({ length: 20 }, (_, i) => {
      const days = 1 + ((i * 7) % 9)
      return `${Math.max(1, Math.min(5, 6 - Math.round(days / 2) + ((i * 5) % 3)))},${days},${['web', 'shop', 'phone'][i % 3]},${days > 5 ? 'yes' : 'no'}`
    }).join('\n')}\n`,
    options: ['--x', 'score', '--o', 'days,channel,late'],
  },
  run,
}
