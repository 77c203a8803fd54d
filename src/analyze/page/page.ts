// For: one page on a file that nobody has said anything about.
// In: a file. Out: what its columns are, what the methods that fit it find, and the command line behind each sentence.
// schema.ts beside it is the shape of the same as JSON.
import type { Guessed } from '../columns/kind.ts'
import { isOpenAtEnd } from '../columns/missing-codes.ts'
import { tickedColumns } from '../columns/ticked.ts'
import { unreadNumbers } from '../columns/unread-numbers.ts'
import type { Outcome } from '../method.ts'
import { describeColumns, describeMethod } from '../methods/describe.ts'
import { methods } from '../methods/methods.ts'
import { columnsNamed, readingOf } from '../options/column-use.ts'
import { parseOptions } from '../options/parse-options.ts'
import { UsageError } from '../options/usage-error.ts'
import { toJson } from '../output/json.ts'
import { count, number, type Paint } from '../output/paint.ts'
import { least, type Suggestion } from '../suggest/roles.ts'
import { commandLine, suggest, whyNothing } from '../suggest/suggest.ts'
import type { Csv } from '../table/csv.ts'

/** The file as it was typed, with the options on how to read it. */
export interface Typed {
  readonly path: string
  readonly options: readonly string[]
}

type Line = Pick<Suggestion, 'method' | 'options'>

interface Answered {
  readonly suggestion: Suggestion
  readonly sentences: readonly string[]
  /** As it stands in the JSON, where that is asked for. */
  readonly record: unknown
}

/** One page of reading on a file: what its columns are, what the methods that fit it say in plain words, and the
 * command line behind each sentence.
 * @param typed the file and how it is to be read, for the command lines
 */
export async function page(file: Csv, typed: Typed, json: boolean, paint: Paint): Promise<string> {
  const described = await describeColumns(file)
  const { csv, rows, columns } = described
  // How a column is read stands in the commands that use it alone.
  const typedFor = ({ method, options }: Line) =>
    method === describeMethod.name
      ? typed.options
      : readingOf(typed.options, columnsNamed(options, csv.columns), csv.columns)
  const lineOf = (suggestion: Line) =>
    commandLine(typed.path, suggestion, [...typedFor(suggestion), ...described.reading(suggestion.options)])
  const suggestions = suggest(columns)
  const answered: Answered[] = []
  // A file of many scales would say the same of each; the first ones are read, the rest told by their means.
  const scores = suggestions.filter(({ method, furthers }) => SCORES.includes(method) && !furthers)
  const passed = scores.length > MOST_SCORES ? scores.slice(MOST_SCORES) : []
  for (const suggestion of suggestions.filter((one) => !passed.includes(one) && isRun(one))) {
    const method = methods.find(({ name }) => name === suggestion.method)
    if (!method) continue
    try {
      const outcome = await method.run({
        csv,
        options: parseOptions(method, suggestion.options, csv.columns),
      })
      // The outcome holds the columns that it can draw tables from: what the page needs is taken out of it, and the
      // rest let go before the next method runs.
      answered.push({
        suggestion,
        sentences: outcome.sentences ?? [],
        record: json ? toJson(recordOf(lineOf, suggestion, outcome)) : undefined,
      })
    } catch (error) {
      // A guess about the columns may be wrong; the page goes on without that answer.
      if (!(error instanceof UsageError)) throw error
    }
  }
  const warnings = [
    ...described.warnings,
    ...unreadNumbers(columns),
    ...openDates(columns),
    ...tickedColumns(columns, rows),
  ]
  const notRun = [...passed, ...suggestions.filter((one) => !isRun(one))]
  if (json) return jsonOf({ csv, rows, columns, warnings, answered, more: notRun }, lineOf)
  const told = answered.filter(({ sentences }) => sentences.length > 0)
  const kinds = columnsText(columns, rows)
  const others = otherScales(columns, scores.length > MOST_SCORES ? scores.slice(0, MOST_SCORES) : scores)
  const rest = [
    ...answered.filter((one) => !told.includes(one)).map(({ suggestion }) => suggestion),
    ...suggestions.filter((one) => !isRun(one)),
  ]
  return [
    paint.bold(
      `${csv.name}: ${count(rows)} row${rows === 1 ? '' : 's'}, ${csv.columns.length} column${csv.columns.length === 1 ? '' : 's'}`,
    ),
    '',
    ...wrap(`Columns: ${kinds}.`),
    '',
    ...(warnings.length > 0 ? [...warnings.flatMap((warning) => wrap(warning)), ''] : []),
    ...told.flatMap(({ suggestion, sentences }) => [
      paint.bold(suggestion.answers),
      ...sentences.flatMap((sentence) => wrap(sentence, '  ')),
      `  ${paint.faint(`$ ${lineOf(suggestion)}`)}`,
      '',
    ]),
    ...(others
      ? [
          paint.bold('And the other answers?'),
          ...wrap(others, '  '),
          `  ${paint.faint(`$ ${lineOf({ method: 'describe', options: [] })}`)}`,
          '',
        ]
      : []),
    ...(told.length === 0 ? [...wrap(whyNothing(columns, rows, suggestions)), ''] : []),
    ...(rest.length > 0
      ? [
          paint.bold('More to ask'),
          ...rest.flatMap((suggestion, i) => [
            ...headingOf(suggestion, rest[i - 1]).flatMap((heading) => wrap(heading, '  ')),
            `  ${paint.faint(`$ ${lineOf(suggestion)}`)}`,
          ]),
          '',
        ]
      : []),
    paint.faint(
      'What a column is has been guessed; samklang analyze describe FILE.csv shows how. Relations are not causes.',
    ),
    ...csv.notes
      .filter((note) => !csv.doubts.includes(note) && !csv.unread.includes(note))
      .map((note) => paint.faint(note)),
    '',
  ].join('\n')
}

const isRun = ({ assumes, furthers }: Suggestion) => !assumes && !furthers

// What the reader has to fill in is told with each line, what goes on from an answer once.
function headingOf({ assumes, answers, furthers }: Suggestion, before: Suggestion | undefined): string[] {
  if (assumes) return [answers]
  return furthers !== undefined && furthers !== before?.furthers ? [`${furthers}:`] : []
}

const SCORES: readonly string[] = ['nps', 'csat', 'ces']
const MOST_SCORES = 2

// "staff 3.91, queue 2.80": the means of the scales that were passed over, highest first.
function otherScales(columns: readonly Guessed[], told: readonly Suggestion[]): string | undefined {
  const names = new Set(told.map(({ column }) => column))
  const means = columns
    .filter(
      ({ profile, guess }) =>
        guess.kind === 'scale' &&
        (!names.has(profile.name) || (profile.range!.low === 0 && guess.metric !== 'nps')) &&
        profile.present >= least &&
        !isOpenAtEnd(profile),
    )
    .map(({ profile }) => ({ name: profile.name, points: profile.points, ...profile.range! }))
    .sort((a, b) => b.mean - a.mean)
  if (means.length === 0) return undefined
  const said = ({ name, mean, low, high, points }: (typeof means)[number]) =>
    `${name} ${number(mean, 2)} (${low === 0 && high < 10 ? `0 to ${high}` : `of ${points ?? high}`})`
  if (means.length <= MOST_MEANS) return `Means of the other scales: ${means.map(said).join(', ')}.`
  const half = MOST_MEANS / 2
  return `Means of the other ${means.length} scales, highest: ${means.slice(0, half).map(said).join(', ')}; lowest: ${means.slice(-half).map(said).join(', ')}.`
}

// Days up to the twelfth alone: nobody can tell which part is the month.
function openDates(columns: readonly Guessed[]): string[] {
  return columns.flatMap(({ profile, guess }) => {
    if (guess.kind !== 'date' || !profile.dateIsOpen) return []
    const [read, other] = profile.dateOrder === 'dmy' ? ['day', 'mdy'] : ['month', 'dmy']
    return [
      `The dates of ${profile.name} are read with the ${read} first, but would be dates the other way round as well: --date-format ${other}.`,
    ]
  })
}

const MOST_MEANS = 12
const MOST_COLUMNS = 40

// Each column with its kind; of a very wide file the number of each kind.
function columnsText(columns: readonly Guessed[], rows: number): string {
  if (columns.length > MOST_COLUMNS) {
    const kinds = new Map<keyof typeof KINDS, string[]>()
    for (const { profile, guess } of columns)
      kinds.set(guess.kind, [...(kinds.get(guess.kind) ?? []), profile.name])
    return [...kinds]
      .map(
        ([kind, names]) =>
          `${names.length} ${KINDS[kind]} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''})`,
      )
      .join('; ')
  }
  return columns
    .map(({ profile, guess }) => {
      const blank =
        rows > 0 && profile.missing > 0
          ? `, ${Math.max(1, Math.round((100 * profile.missing) / rows))} % blank`
          : ''
      return `${profile.name} (${KINDS[guess.kind]}${blank})`
    })
    .join('; ')
}

const KINDS = {
  scale: 'answers on a scale',
  number: 'number',
  category: 'category',
  date: 'date',
  text: 'text',
  id: 'id',
  empty: 'empty',
} as const

interface Read {
  readonly csv: Csv
  readonly rows: number
  readonly columns: readonly Guessed[]
  readonly warnings: readonly string[]
  readonly answered: readonly Answered[]
  readonly more: readonly Suggestion[]
}

function jsonOf(
  { csv, rows, columns, warnings, answered, more }: Read,
  lineOf: (one: Line) => string,
): string {
  const whole = {
    method: 'page',
    file: csv.name,
    rows,
    columns: columns.map(({ profile, guess }) => ({
      name: profile.name,
      kind: guess.kind,
      present: profile.present,
      missing: profile.missing,
    })),
    warnings,
    answers: [],
    more: more.map((suggestion) => ({
      method: suggestion.method,
      question: suggestion.answers,
      command: lineOf(suggestion),
      assumes: suggestion.assumes ?? false,
      ...(suggestion.furthers && { furthers: suggestion.furthers }),
    })),
    conventions: csv.notes,
    described: lineOf({ method: describeMethod.name, options: [] }),
  }
  // Each answer is plain JSON already: made so twice, a chart's empty point would be taken for a missing value.
  const answers = answered.map(({ record }) => record)
  return `${JSON.stringify({ ...(toJson(whole) as object), answers }, null, 2)}\n`
}

function recordOf(lineOf: (one: Line) => string, suggestion: Suggestion, outcome: Outcome): object {
  return {
    method: suggestion.method,
    question: suggestion.answers,
    command: lineOf(suggestion),
    sentences: outcome.sentences ?? [],
    used: outcome.used,
    dropped: outcome.dropped,
    conventions: outcome.conventions,
    result: outcome.result,
  }
}

const WIDTH = 100

// Lines of at most a hundred characters.
function wrap(text: string, indent = ''): string[] {
  const lines: string[] = []
  let line = indent
  // A value may hold line breaks of its own.
  for (const word of text.replace(/[\r\n\t]+/g, ' ').split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  lines.push(line.trimEnd())
  return lines
}
