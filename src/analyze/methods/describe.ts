import Type from 'typebox'
import { type ColumnGuess, type Guessed, guessBatteries, guessColumn } from '../columns/kind.ts'
import { blanksOf, missingCodes, openAlike, openScales, optionOf } from '../columns/missing-codes.ts'
import { toldBelow } from '../columns/points-below.ts'
import { Profiler } from '../columns/profile.ts'
import type { Input, Method, Outcome } from '../method.ts'
import { columnsNamed } from '../options/column-use.ts'
import { count, number, type Paint, percent, table } from '../output/paint.ts'
import { type Suggestion, valued } from '../suggest/roles.ts'
import { commandLine, suggest, whyNothing } from '../suggest/suggest.ts'
import type { Csv } from '../table/csv.ts'

export interface Described {
  /** The file, without its codes for no answer. */
  readonly csv: Csv
  readonly rows: number
  readonly columns: readonly Guessed[]
  /** The options that leave those codes out of the columns that other options name. */
  reading(options: readonly string[]): string[]
  /** What the reader should know before all else. */
  readonly warnings: readonly string[]
}

/** Profiles every column of a file in one pass and guesses what each is; in a second pass without the codes for no
 * answer, where there are some. */
export async function describeColumns(csv: Csv): Promise<Described> {
  const first = await guessColumns(csv)
  const codes = missingCodes(first.columns)
  const blank = codes.flatMap(blanksOf)
  const left = codes.length > 0 ? await csv.withBlank(blank) : csv
  const { rows, columns } = codes.length > 0 ? await guessColumns(left) : first
  return {
    csv: left,
    rows,
    columns,
    reading: (options) =>
      codes.flatMap((one) =>
        one.names.flatMap((name, i) =>
          columnsNamed(options, csv.columns).has(name) ? valued('blank', blanksOf(one)[i]!) : [],
        ),
      ),
    warnings: [
      ...csv.doubts,
      ...codes.map((one) => `${one.told}: left out here, as by ${optionOf(one)}.`),
      ...openScales(columns),
      ...toldBelow(columns),
    ],
  }
}

async function guessColumns(csv: Csv): Promise<{ rows: number; columns: Guessed[] }> {
  const profilers = csv.columns.map(
    (name, j) =>
      new Profiler(name, (cell) => csv.number(cell, j), {
        question: csv.questions[j]!,
        points: csv.points(j),
        isLabelled: csv.isLabelled(j),
        isCode: csv.isCode(j),
        isYearless: csv.isYearless(j),
      }),
  )
  const rows = await csv.eachRow((cells) => {
    for (let j = 0; j < profilers.length; j++) profilers[j]!.add(cells[j]!)
  })
  const columns = profilers.map((profiler) => {
    const profile = profiler.profile()
    return { profile, guess: guessColumn(profile) }
  })
  const guessed = guessBatteries(columns)
  const alike = openAlike(guessed)
  return {
    rows,
    columns: guessed.map((column) =>
      alike.has(column) ? { ...column, guess: { kind: 'scale', metric: 'rating' } } : column,
    ),
  }
}

async function run({ csv, options }: Input): Promise<Outcome> {
  const { rows, columns, reading } = await describeColumns(csv)
  const shown = options.whole('values', 5, 0)
  const suggestions = suggest(columns).map((suggestion) => ({
    ...suggestion,
    command: commandLine(csv.name, suggestion, reading(suggestion.options)),
  }))
  return {
    rows,
    used: rows,
    dropped: {},
    conventions: [
      ...openScales(columns),
      'Kinds are guesses from values and names: X scale is an answer people gave, O number something measured.',
      'Blank cells are missing. Counts of different values are exact up to 2,000 and estimated above.',
    ],
    result: {
      columns: columns.map(({ profile, guess }) => ({
        name: profile.name,
        kind: guess.kind,
        metric: guess.metric,
        present: profile.present,
        missing: profile.missing,
        distinct: profile.distinct,
        distinctIsExact: profile.distinctIsExact,
        numbers: profile.numbers,
        range: guess.kind === 'scale' || guess.kind === 'number' ? profile.range : undefined,
        dates: guess.kind === 'date' ? { ...profile.dateRange, order: profile.dateOrder } : undefined,
        values: profile.values.slice(0, shown),
      })),
      suggestions,
    },
    text: (paint) => textOf(columns, suggestions, shown, rows, paint),
  }
}

const KINDS: Record<ColumnGuess['kind'], string> = {
  scale: 'X scale',
  number: 'O number',
  category: 'category',
  date: 'date',
  text: 'text',
  id: 'id',
  empty: 'empty',
}

function textOf(
  columns: readonly Guessed[],
  suggestions: readonly (Suggestion & { readonly command: string })[],
  shown: number,
  rows: number,
  paint: Paint,
): string {
  const lines = columns.map(({ profile, guess }) => [
    profile.name,
    paint.bold(KINDS[guess.kind]) + (guess.metric ? ` (${guess.metric})` : ''),
    count(profile.present),
    rows > 0 ? percent(profile.missing / rows) : '',
    `${profile.distinctIsExact ? '' : '~'}${count(profile.distinct)}`,
    rangeOf({ profile, guess }, shown),
  ])
  const parts = [table(['column', 'kind', 'present', 'missing', 'different', 'range'], lines, [0, 1, 5])]
  if (suggestions.length > 0) {
    parts.push('', paint.bold('What fits this file'))
    for (const { answers, command } of suggestions) parts.push(`  ${answers}`, `    ${paint.faint(command)}`)
  } else parts.push('', whyNothing(columns, rows, suggestions))
  return parts.join('\n')
}

function rangeOf({ profile, guess }: Guessed, shown: number): string {
  if ((guess.kind === 'scale' || guess.kind === 'number') && profile.range) {
    const { low, high, mean } = profile.range
    const decimals = profile.whole ? 0 : 2
    return `${number(low, decimals)} .. ${number(high, decimals)}, mean ${number(mean, 2)}`
  }
  if (guess.kind === 'date' && profile.dateRange)
    return `${profile.dateRange.first} .. ${profile.dateRange.last}`
  if (guess.kind !== 'category') return ''
  const first = profile.values
    .slice(0, Math.min(shown, 3))
    .map(({ value, n }) => `${value.slice(0, 20)} (${count(n)})`)
  return first.join(', ') + (profile.distinct > 3 ? ', ...' : '')
}

export const describeMethod: Method = {
  name: 'describe',
  summary: 'what each column is, and which methods fit the file',
  options: {
    values: { value: 'N', text: 'most frequent values given for each column', standard: '5' },
  },
  formulas: `- Kinds, the first that holds: **date** when 95 % of the cells are dates (year first, else day or month first, whichever reads more); **category** with at most two values, a postal code, or digits of one length that begin with zeros (an **id** where most differ), or 3 to 20 different whole numbers under the name of a category (region, gender, product ...); **X scale** when 95 % are numbers, all whole, within 0..10 and either running 0-10, 1-5, 1-7 or 1-10 or named as a question (score, rating, nps, satisfaction ...) and not as a count, or three such columns or more share the same few points, or it is a price asked on the points of another, and half points likewise where the name or that of one beside them asks; **O number** when 95 % are numbers; **id** when nearly every value is different, or one in five where the name is that of an id; **category** with at most 50 values, or fewer than half as many as rows; **text** else.
- Mean and standard deviation in one pass (Welford, B. P. (1962), Technometrics 4, 419-420). Different values are listed up to 2,000 and above that estimated by linear counting on 4 million bits (Whang, K.-Y. et al. (1990), ACM TODS 15, 208-229).
- Suggestions follow from the kinds; each command line can be run as it stands; where the file does not hold what is needed (when an initiative began), the guess is to be replaced and the page does not run it.`,
  schema: Type.Object({
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.Union(
          ['scale', 'number', 'category', 'date', 'text', 'id', 'empty'].map((kind) => Type.Literal(kind)),
        ),
        metric: Type.Optional(Type.String({ description: 'of a scale: nps, csat, ces or rating' })),
        present: Type.Integer(),
        missing: Type.Integer(),
        distinct: Type.Integer(),
        distinctIsExact: Type.Boolean(),
        numbers: Type.Integer({ description: 'cells that are numbers' }),
        range: Type.Optional(
          Type.Object({ low: Type.Number(), high: Type.Number(), mean: Type.Number(), sd: Type.Number() }),
        ),
        dates: Type.Optional(
          Type.Object({ first: Type.String(), last: Type.String(), order: Type.String() }),
        ),
        values: Type.Array(Type.Object({ value: Type.String(), n: Type.Integer() })),
      }),
    ),
    suggestions: Type.Array(
      Type.Object({
        method: Type.String(),
        answers: Type.String(),
        options: Type.Array(Type.String()),
        assumes: Type.Optional(
          Type.Boolean({ description: 'an option is a guess that the reader must replace' }),
        ),
        furthers: Type.Optional(
          Type.String({
            description:
              'another suggestion stands for it: the page shows it under this heading, and does not run it',
          }),
        ),
        command: Type.String(),
      }),
    ),
  }),
  example: {
    csv: `order_id,store,score,days,comment,date\n${Array.from({ length: 30 }, (_, i) => `o${1000 + i},${['north', 'south'][i % 2]},${1 + ((i * 7) % 5)},${(i * 5) % 9},${['came on time', 'it was late and cold', ''][i % 3]},2026-0${1 + (i % 6)}-1${i % 9}`).join('\n')}\n`,
    options: [],
  },
  run,
}
