import { parseArgs } from 'node:util'
import { didYouMean, type Optioned, Options } from './options.ts'
import { UsageError } from './usage-error.ts'

const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  schema: { type: 'boolean' },
  delimiter: { type: 'string', multiple: true },
  encoding: { type: 'string', multiple: true },
  blank: { type: 'string', multiple: true },
  'keep-totals': { type: 'boolean' },
  scale: { type: 'string', multiple: true },
} as const

export interface ParsedLine {
  readonly positionals: readonly string[]
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** Reads a command line against the options of a method (or against the common ones alone).
 * @throws UsageError when an option is unknown or lacks its value
 */
export function parseLine(argv: readonly string[], method: Optioned | undefined): ParsedLine {
  const own = Object.entries(method?.options ?? {}).map(
    ([name, spec]) =>
      [name, { type: spec.value ? ('string' as const) : ('boolean' as const), multiple: true }] as const,
  )
  try {
    const { positionals, values } = parseArgs({
      args: joinNegativeValues(argv),
      options: { ...COMMON, ...Object.fromEntries(own) },
      allowPositionals: true,
      strict: true,
    })
    const entries = Object.entries(values).map(([name, value]): [string, string[]] => [
      name,
      [value].flat().map(String),
    ])
    return { positionals, values: new Map(entries) }
  } catch (error) {
    const message = (error as Error).message
    const unknown = /^Unknown option '--([^']+)'/.exec(message)?.[1]
    const names = [...own.map(([name]) => name), ...Object.keys(COMMON)]
    const text = message.split('. ')[0] + (unknown === undefined ? '' : didYouMean(unknown, names, '--'))
    throw new UsageError(`${text}. See samklang analyze ${method?.name ?? ''} --help`.replace('  ', ' '))
  }
}

// parseArgs takes "-3" after an option for another option; a number there is a value.
function joinNegativeValues(argv: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of argv) {
    const before = joined.at(-1)
    if (/^-\d/.test(arg) && before?.startsWith('--') && !before.includes('='))
      joined[joined.length - 1] = `${before}=${arg}`
    else joined.push(arg)
  }
  return joined
}

/** The options of a method, ready to be asked for columns. */
export function parseOptions(method: Optioned, argv: readonly string[], columns: readonly string[]): Options {
  return new Options(parseLine(argv, method).values, columns)
}
