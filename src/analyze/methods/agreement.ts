import Type from 'typebox'
import { type CohenKappa, cohenKappa, type KappaWeights } from '../../stats/cohen-kappa.ts'
import { type FleissKappa, fleissKappa } from '../../stats/fleiss-kappa.ts'
import { isNoValue, noValue, type OrReason } from '../../stats/interval.ts'
import { type Krippendorff, krippendorff, type RatingLevel } from '../../stats/krippendorff.ts'
import { CellCounts, isBlank } from '../cells/cells.ts'
import type { Input, Method, Outcome } from '../method.ts'
import { UsageError } from '../options/usage-error.ts'
import { interval, number, percent, pValue, table } from '../output/paint.ts'
import { IntervalSchema, OrNull, Reasoned } from '../output/schema.ts'

const WEIGHTS: readonly KappaWeights[] = ['nominal', 'linear', 'quadratic']
const MOST_CATEGORIES = 200
const MOST_PATTERNS = 200_000
const LEVELS: readonly RatingLevel[] = ['nominal', 'ordinal', 'interval', 'ratio']

// Categories in their order: as given, else numbers by size, else texts by alphabet.
function orderCategories(
  found: ReadonlySet<string>,
  given: readonly string[] | undefined,
  toNumber: (text: string) => number,
): string[] {
  if (given) {
    const again = given.find((category, i) => given.indexOf(category) < i)
    if (again !== undefined) throw new UsageError(`--categories names "${again}" twice`)
    const missing = [...found].filter((text) => !given.includes(text))
    if (missing.length) throw new UsageError(`--categories lacks ${missing.join(', ')}`)
    return [...given]
  }
  const all = [...found]
  return all.every((text) => !Number.isNaN(toNumber(text)))
    ? all.sort((a, b) => toNumber(a) - toNumber(b))
    : all.sort((a, b) => (a < b ? -1 : 1))
}

async function run({ csv, options }: Input): Promise<Outcome> {
  const raters = options.columns('raters')
  if (raters.length < 2) throw new UsageError('--raters needs two columns or more')
  const level = options.number('level', 0.95, 0.5, 0.9999)
  const counts = new CellCounts((cell, column) => csv.number(cell, column))
  // Rows with the same ratings are kept once, with how often they occur.
  const patterns = new Map<string, { texts: readonly string[]; times: number }>()
  const found = new Set<string>()
  const rows = await csv.eachRow((cells) => {
    const texts = raters.map((column) => (isBlank(cells[column]!) ? '' : cells[column]!.trim()))
    const present = texts.filter((text) => text !== '')
    if (present.length < 2) return counts.add('with fewer than two ratings')
    for (const text of present) found.add(text)
    const key = JSON.stringify(texts)
    const own = patterns.get(key)
    if (own) own.times++
    else {
      if (patterns.size >= MOST_PATTERNS)
        throw new UsageError(
          `--raters gave more than ${MOST_PATTERNS.toLocaleString('en')} different pairs or rows of ratings: these are names or measurements, and not ratings`,
        )
      patterns.set(key, { texts, times: 1 })
    }
  })
  // Raters that answer in words share their scale; not each of them uses all of its words.
  const toNumber = (text: string) =>
    raters.map((column) => csv.number(text, column)).find((value) => !Number.isNaN(value)) ?? Number.NaN
  const categories = orderCategories(found, options.list('categories'), toNumber)
  const place = new Map(categories.map((text, i) => [text, i]))
  const numeric = categories.every((text) => !Number.isNaN(toNumber(text)))
  const all = [...patterns.values()]
  const complete = all.filter(({ texts }) => texts.every((text) => text !== ''))

  // Kappa is for categories; a table of thousands of them would be nothing but memory.
  const tooMany =
    categories.length > MOST_CATEGORIES
      ? noValue('out of range', `more than ${MOST_CATEGORIES} categories`)
      : undefined
  const tableOf = (a: number, b: number) => {
    const made = categories.map(() => categories.map(() => 0))
    for (const { texts, times } of all) {
      if (texts[a] !== '' && texts[b] !== '') made[place.get(texts[a]!)!]![place.get(texts[b]!)!]! += times
    }
    return made
  }
  const pairs = raters.flatMap((_, a) => raters.slice(a + 1).map((_, k) => [a, a + 1 + k] as const))
  const cohen = pairs.map(([a, b]) => ({
    first: csv.columns[raters[a]!]!,
    second: csv.columns[raters[b]!]!,
    kappas: WEIGHTS.map((weights) => ({
      weights,
      found: tooMany ?? cohenKappa(tableOf(a, b), weights, level),
    })),
  }))
  const fleiss =
    tooMany ??
    fleissKappa(
      complete.map(({ texts }) => {
        const row = categories.map(() => 0)
        for (const text of texts) row[place.get(text)!]!++
        return row
      }),
      complete.map(({ times }) => times),
    )
  const alphas = LEVELS.map((kind) => {
    const needsNumbers = kind === 'interval' || kind === 'ratio'
    if (needsNumbers && !numeric)
      return { level: kind, found: noValue('not applicable', 'the ratings are not numbers') }
    const ratingOf = (text: string) =>
      text === '' ? Number.NaN : needsNumbers ? toNumber(text) : place.get(text)!
    const units = all.map(({ texts }) => texts.map(ratingOf))
    return {
      level: kind,
      found: krippendorff(
        units,
        kind,
        all.map(({ times }) => times),
      ),
    }
  })
  const agreement = pairwiseAgreement(all)
  const used = rows - counts.total
  return {
    rows,
    used,
    dropped: counts.toRecord(),
    conventions: [
      `Categories in order: ${categories.slice(0, 30).join(', ')}${categories.length > 30 ? ', ...' : ''}. Kappa's weights count steps in this order; --categories sets another or adds unused ones.`,
      `Cohen: rows with both ratings. Fleiss: the ${complete.reduce((sum, { times }) => sum + times, 0)} rows rated by all. Krippendorff: every row with two ratings or more.`,
    ],
    result: {
      categories,
      raters: raters.map((column) => csv.columns[column]),
      level,
      agreement,
      cohen: cohen.flatMap(({ first, second, kappas }) =>
        kappas.map(({ weights, found }) => ({
          first,
          second,
          weights,
          ...(isNoValue(found) ? { kappa: found } : (found as CohenKappa)),
        })),
      ),
      fleiss,
      krippendorff: alphas.map(({ level, found }) => ({
        level,
        ...(isNoValue(found) ? { alpha: found } : (found as Krippendorff)),
      })),
    },
    sentences: sentencesOf(agreement, alphas[0]!.found, raters.length),
    text: (paint) => {
      const kappaLines = cohen.flatMap(({ first, second, kappas }) =>
        kappas.map(({ weights, found }) => {
          const name = `Cohen ${first} / ${second}, ${weights}`
          if (isNoValue(found)) return [name, `- (${found.reason})`]
          const k = found as CohenKappa
          return [
            name,
            paint.bold(number(k.kappa)),
            number(k.se, 4),
            interval(k.interval),
            pValue(k.p),
            String(k.n),
          ]
        }),
      )
      const f = fleiss as FleissKappa
      const fleissLine = isNoValue(fleiss)
        ? ['Fleiss, all raters', `- (${fleiss.reason})`]
        : [
            'Fleiss, all raters',
            paint.bold(number(f.kappa)),
            number(f.se, 4),
            '',
            pValue(f.p),
            String(f.subjects),
          ]
      const alphaLines = alphas.map(({ level, found }) =>
        isNoValue(found)
          ? [`Krippendorff, ${level}`, `- (${found.reason})`]
          : [
              `Krippendorff, ${level}`,
              paint.bold(number((found as Krippendorff).alpha)),
              '',
              '',
              '',
              String((found as Krippendorff).units),
            ],
      )
      return [
        `Pairs of ratings that agree: ${percent(agreement)}`,
        '',
        table(
          ['measure', 'value', 'SE', `${100 * level} % limits`, 'p of 0', 'n'],
          [...kappaLines, fleissLine, ...alphaLines],
        ),
      ].join('\n')
    },
  }
}

function sentencesOf(agreement: OrReason<number>, alpha: OrReason<Krippendorff>, raters: number): string[] {
  if (isNoValue(agreement)) return []
  const beyond = isNoValue(alpha)
    ? `beyond chance that cannot be told (${alpha.reason})`
    : `with chance allowed for, Krippendorff's alpha is ${number((alpha as Krippendorff).alpha, 2)} (1 is full agreement, 0 what chance gives)`
  const who = raters === 2 ? 'The two raters' : `Two of the ${raters} raters`
  return [`${who} agree in ${percent(agreement)} of their pairs of ratings; ${beyond}.`]
}

// Over rows, the mean part of their pairs of ratings that agree.
function pairwiseAgreement(
  patterns: readonly { texts: readonly string[]; times: number }[],
): OrReason<number> {
  let rows = 0
  let sum = 0
  for (const { texts, times } of patterns) {
    const present = texts.filter((text) => text !== '')
    let same = 0
    let pairs = 0
    present.forEach((text, i) => {
      for (const other of present.slice(i + 1)) {
        pairs++
        if (text === other) same++
      }
    })
    rows += times
    sum += (times * same) / pairs
  }
  return rows > 0 ? sum / rows : noValue('too few', 'no row has two ratings')
}

const value = OrNull(Type.Number())

export const agreementMethod: Method = {
  name: 'agreement',
  summary: 'How far raters (or a coder and a machine) agree: percent, Cohen, Fleiss, Krippendorff',
  options: {
    raters: {
      value: 'COLUMNS',
      text: 'one column a rater, by commas; one row a rated thing',
      required: true,
    },
    categories: {
      value: 'LIST',
      text: 'all categories in their order',
      standard: 'those found, by size or alphabet',
    },
    level: { value: 'SHARE', text: 'level of the limits', standard: '0.95' },
  },
  formulas: `- Percent: over rows, the mean part of the pairs of ratings that agree; with two raters, the plain percentage.
- Cohen's kappa \`(po - pe) / (1 - pe)\` with weights 1 on the diagonal (nominal), \`1 - |i - j| / (k - 1)\` (linear), \`1 - (i - j)² / (k - 1)²\` (quadratic); SE for the limits and for the test against 0 by Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72, 323-327 (R \`vcd::Kappa\`, \`psych::cohen.kappa\` for nominal; psych weights the quadratic SE otherwise, so there it is the formula of the paper).
- Fleiss' kappa (1971) with the SE of Fleiss, Nee & Landis 1979 (R \`irr::kappam.fleiss\`); rows with a missing rating are left out.
- Krippendorff's alpha (2011) from coincidences, differences nominal, ordinal, interval and ratio; missing ratings are allowed.
- One category alone: \`no variance\`. Where one rater used one category only, or (linear weights) all marks of one lie to one side of the other's, Cohen's kappa is 0 by its definition and its errors are \`no variance\`. Interval and ratio alpha of texts: \`not applicable\`; ratio alpha of ratings below 0: \`out of range\`.`,
  schema: Reasoned({
    categories: Type.Array(Type.String()),
    raters: Type.Array(Type.String()),
    level: Type.Number(),
    agreement: value,
    cohen: Type.Array(
      Reasoned({
        first: Type.String(),
        second: Type.String(),
        weights: Type.Enum([...WEIGHTS]),
        n: Type.Optional(Type.Integer()),
        agreement: Type.Optional(Type.Number()),
        kappa: value,
        se: Type.Optional(value),
        interval: Type.Optional(OrNull(IntervalSchema)),
        z: Type.Optional(value),
        p: Type.Optional(value),
      }),
    ),
    fleiss: OrNull(
      Type.Object({
        subjects: Type.Integer(),
        raters: Type.Integer(),
        kappa: Type.Number(),
        se: Type.Number(),
        z: Type.Number(),
        p: Type.Number(),
      }),
    ),
    krippendorff: Type.Array(
      Reasoned({
        level: Type.Enum([...LEVELS]),
        units: Type.Optional(Type.Integer()),
        ratings: Type.Optional(Type.Integer()),
        alpha: value,
      }),
    ),
  }),
  example: {
    csv: `unit,A,B,C,D\n${[
      '1,1,,1',
      '2,2,3,2',
      '3,3,3,3',
      '3,3,3,3',
      '2,2,2,2',
      '1,2,3,4',
      '4,4,4,4',
      '1,1,2,1',
      '2,2,2,2',
      ',5,5,5',
      ',,1,1',
      ',3,,',
    ]
      .map((ratings, i) => `${i + 1},${ratings}`)
      .join('\n')}\n`,
    options: ['--raters', 'A,B,C,D'],
  },
  run,
}
