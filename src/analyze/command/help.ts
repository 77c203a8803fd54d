import type { Method } from '../method.ts'
import { parseOptions } from '../options/parse-options.ts'
import { type Paint, paintFor } from '../output/paint.ts'
import { asTyped } from '../output/typed.ts'
import { csvFromText } from '../table/csv.ts'
import { render } from './render.ts'

const commonOptions: readonly (readonly [string, string])[] = [
  ['--json', 'one JSON object with full precision'],
  ['--delimiter C', 'what separates cells; found by itself when left out'],
  ['--encoding NAME', 'utf-8, utf-16le, windows-1252, ...; found by itself when left out'],
  ['--blank CODES', 'cells that are as good as blank: 99,-99, or COLUMN=8,9 in one column'],
  [
    '--scale WORDS',
    'answers from the lowest to the highest: Poor,Fair,Good, or COLUMN=Poor,Fair,Good; bars for commas',
  ],
  ['--keep-totals', 'rows of totals are read as any other row'],
  ['--schema', 'the JSON Schema of the output'],
  ['--help', 'this text'],
]

/** The command line of a method with its required options. */
export function usage(method: Method): string {
  const required = Object.entries(method.options).filter(([, spec]) => spec.required)
  const shown = required.map(([name, spec]) => ` --${name} ${spec.value ?? ''}`.trimEnd()).join('')
  return `samklang analyze ${method.name} FILE.csv${shown} [options] [--json]`
}

export function optionRows(method: Method): (readonly [string, string])[] {
  return Object.entries(method.options).map(([name, spec]) => {
    const notes = [spec.required ? 'required' : '', spec.standard ? `default ${spec.standard}` : ''].filter(
      Boolean,
    )
    return [
      `--${name}${spec.value ? ` ${spec.value}` : ''}`,
      spec.text + (notes.length ? ` (${notes.join(', ')})` : ''),
    ]
  })
}

/** Where the file of the example lies in the project; write-docs.ts writes it. */
export function exampleFile(method: Method): string {
  return `docs/examples/${method.name}.csv`
}

/** The example of a method as typed, and what it prints; run afresh, so that it is always true. */
export async function runExample(method: Method): Promise<{ command: string; output: string }> {
  const { csv, options } = method.example
  const opened = await csvFromText(`${method.name}.csv`, csv)
  const parsed = parseOptions(method, options, opened.columns)
  const outcome = await method.run({ csv: opened, options: parsed })
  const typed = options.map(asTyped).join(' ')
  return {
    command: `samklang analyze ${method.name} ${exampleFile(method)} ${typed}`.trimEnd(),
    output: render(method, opened, outcome, paintFor(false)),
  }
}

/** The help of one method: options and a worked example. */
export async function methodHelp(method: Method, paint: Paint): Promise<string> {
  const { command, output } = await runExample(method)
  const rows = [...optionRows(method), ...commonOptions]
  const wide = Math.max(...rows.map(([name]) => name.length))
  const lines = method.example.csv.trimEnd().split('\n')
  const shown = lines.length > 8 ? [...lines.slice(0, 7), `... (${lines.length - 1} rows)`] : lines
  return [
    `${paint.bold(method.name)}: ${method.summary}`,
    '',
    `  ${usage(method)}`,
    '',
    paint.bold('Options'),
    ...rows.map(([name, text]) => `  ${name.padEnd(wide)}  ${text}`),
    '',
    paint.bold('Example'),
    ...shown.map((line) => `  ${paint.faint(line)}`),
    '',
    `  $ ${command}`,
    '',
    ...output
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    '',
  ].join('\n')
}

/** All methods with one line each. */
export function overview(methods: readonly Method[], paint: Paint): string {
  const wide = Math.max(...methods.map((method) => method.name.length))
  return [
    `${paint.bold('samklang analyze')}: statistics of customer experience on any CSV file`,
    '',
    '  samklang analyze FILE.csv                           one page: what the file says',
    '  samklang analyze METHOD FILE.csv [options] [--json]',
    '  samklang analyze METHOD --help                      options and a worked example',
    '',
    paint.bold('Methods'),
    ...methods.map((method) => `  ${method.name.padEnd(wide)}  ${method.summary}`),
    '',
  ].join('\n')
}
