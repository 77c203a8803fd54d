import type { Csv } from './csv.ts'
import { describeColumns, describeMethod } from './describe.ts'
import { toJson } from './json.ts'
import type { Outcome } from './method.ts'
import { UsageError } from './method.ts'
import { methods } from './methods.ts'
import { missingCodes } from './missing-codes.ts'
import { count, number, type Paint } from './paint.ts'
import { parseOptions } from './parse-options.ts'
import { commandLine, type Guessed, type Suggestion, suggest, whyNothing } from './suggest.ts'

interface Answered {
  readonly suggestion: Suggestion
  readonly outcome: Outcome
}

/** One page of reading on a file: what its columns are, what the methods that fit it say in plain words, and the
 * command line behind each sentence.
 * @param path as typed, for the command lines
 */
export async function page(csv: Csv, path: string, json: boolean, paint: Paint): Promise<string> {
  const { rows, columns } = await describeColumns(csv)
  const suggestions = suggest(columns)
  const answered: Answered[] = []
  // A file of many scales would say the same of each; the first ones are read, the rest told by their means.
  const scores = suggestions.filter(({ method }) => SCORES.includes(method))
  const passed = scores.length > MOST_SCORES ? scores.slice(MOST_SCORES) : []
  for (const suggestion of suggestions.filter((one) => !passed.includes(one) && !one.assumes)) {
    const method = methods.find(({ name }) => name === suggestion.method)
    if (!method) continue
    try {
      const outcome = await method.run({
        csv,
        options: parseOptions(method, suggestion.options, csv.columns),
      })
      answered.push({ suggestion, outcome })
    } catch (error) {
      // A guess about the columns may be wrong; the page goes on without that answer.
      if (!(error instanceof UsageError)) throw error
    }
  }
  if (json) return jsonOf(csv, rows, columns, answered, path)
  const told = answered.filter(({ outcome }) => (outcome.sentences?.length ?? 0) > 0)
  const kinds = columnsText(columns, rows)
  const codes = missingCodes(columns)
  const others = otherScales(columns, passed)
  const rest = [
    ...answered.filter((one) => !told.includes(one)).map(({ suggestion }) => suggestion),
    ...suggestions.filter(({ assumes }) => assumes),
  ]
  return [
    paint.bold(
      `${csv.name}: ${count(rows)} row${rows === 1 ? '' : 's'}, ${csv.columns.length} column${csv.columns.length === 1 ? '' : 's'}`,
    ),
    '',
    ...wrap(`Columns: ${kinds}.`),
    '',
    ...(codes.length > 0 ? [...codes.flatMap((code) => wrap(code)), ''] : []),
    ...told.flatMap(({ suggestion, outcome }) => [
      paint.bold(suggestion.answers),
      ...outcome.sentences!.flatMap((sentence) => wrap(sentence, '  ')),
      `  ${paint.faint(`$ ${commandLine(path, suggestion)}`)}`,
      '',
    ]),
    ...(others
      ? [
          paint.bold('And the other answers?'),
          ...wrap(others, '  '),
          `  ${paint.faint(`$ samklang analyze describe ${path}`)}`,
          '',
        ]
      : []),
    ...(told.length === 0 ? [...wrap(whyNothing(columns, rows, suggestions.length)), ''] : []),
    ...(rest.length > 0
      ? [
          paint.bold('More to ask'),
          ...rest.flatMap((suggestion) => [
            ...(suggestion.assumes ? [`  ${suggestion.answers}`] : []),
            `  ${paint.faint(`$ ${commandLine(path, suggestion)}`)}`,
          ]),
          '',
        ]
      : []),
    paint.faint(
      'What a column is has been guessed; samklang analyze describe FILE.csv shows how. Relations are not causes.',
    ),
    ...csv.notes.map((note) => paint.faint(note)),
    '',
  ].join('\n')
}

const SCORES: readonly string[] = ['nps', 'csat', 'ces']
const MOST_SCORES = 2

// "staff 3.91, queue 2.80": the means of the scales that were passed over, highest first.
function otherScales(columns: readonly Guessed[], passed: readonly Suggestion[]): string | undefined {
  const names = new Set(passed.map(({ column }) => column))
  const means = columns
    .filter(({ profile }) => names.has(profile.name) && profile.range)
    .map(({ profile }) => ({ name: profile.name, mean: profile.range!.mean, high: profile.range!.high }))
    .sort((a, b) => b.mean - a.mean)
  if (means.length === 0) return undefined
  const told = ({ name, mean, high }: (typeof means)[number]) => `${name} ${number(mean, 2)} (of ${high})`
  if (means.length <= MOST_MEANS) return `Means of the other scales: ${means.map(told).join(', ')}.`
  const half = MOST_MEANS / 2
  return `Means of the other ${means.length} scales, highest: ${means.slice(0, half).map(told).join(', ')}; lowest: ${means.slice(-half).map(told).join(', ')}.`
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

function jsonOf(
  csv: Csv,
  rows: number,
  columns: Awaited<ReturnType<typeof describeColumns>>['columns'],
  answered: readonly Answered[],
  path: string,
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
    answers: answered.map(({ suggestion, outcome }) => ({
      method: suggestion.method,
      question: suggestion.answers,
      command: commandLine(path, suggestion),
      sentences: outcome.sentences ?? [],
      used: outcome.used,
      dropped: outcome.dropped,
      conventions: outcome.conventions,
      result: outcome.result,
    })),
    conventions: csv.notes,
    described: `samklang analyze ${describeMethod.name} ${path}`,
  }
  return `${JSON.stringify(toJson(whole), null, 2)}\n`
}

const WIDTH = 100

// Lines of at most a hundred characters.
function wrap(text: string, indent = ''): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  lines.push(line.trimEnd())
  return lines
}
