import type { Csv } from './csv.ts'
import { describeColumns, describeMethod } from './describe.ts'
import { toJson } from './json.ts'
import type { Outcome } from './method.ts'
import { UsageError } from './method.ts'
import { methods } from './methods.ts'
import { count, type Paint } from './paint.ts'
import { parseOptions } from './parse-options.ts'
import { commandLine, type Suggestion, suggest } from './suggest.ts'

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
  for (const suggestion of suggestions) {
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
  const kinds = columns.map(({ profile, guess }) => {
    const blank =
      rows > 0 && profile.missing > 0
        ? `, ${Math.max(1, Math.round((100 * profile.missing) / rows))} % blank`
        : ''
    return `${profile.name} (${KINDS[guess.kind]}${blank})`
  })
  const rest = answered.filter((one) => !told.includes(one))
  return [
    paint.bold(`${csv.name}: ${count(rows)} rows, ${csv.columns.length} columns`),
    '',
    ...wrap(`Columns: ${kinds.join('; ')}.`),
    '',
    ...told.flatMap(({ suggestion, outcome }) => [
      paint.bold(suggestion.answers),
      ...outcome.sentences!.flatMap((sentence) => wrap(sentence, '  ')),
      `  ${paint.faint(`$ ${commandLine(path, suggestion)}`)}`,
      '',
    ]),
    ...(told.length === 0
      ? ['No method fits this file by itself: it has no scale, and no number with a date.', '']
      : []),
    ...(rest.length > 0
      ? [
          paint.bold('More to ask'),
          ...rest.map(({ suggestion }) => `  ${paint.faint(`$ ${commandLine(path, suggestion)}`)}`),
          '',
        ]
      : []),
    paint.faint(
      'What a column is has been guessed; samklang analyze describe FILE.csv shows how. Relations are not causes.',
    ),
    '',
  ].join('\n')
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
