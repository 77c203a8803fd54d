// For: `samklang analyze`: statistics on any CSV file, with no server, workspace or program.
// In: the words after `analyze`, and where to write. Out: an exit code (0 done, 2 the command was wrong).
// The folders beside this one stand in an order of their own, in which this is the last: test/layout.test.ts.
import { SampleInvalid } from '../../stats/interval.ts'
import type { Method, Outcome } from '../method.ts'
import { methods } from '../methods/methods.ts'
import { outputSchema } from '../methods/output-schema.ts'
import { columnsNamed } from '../options/column-use.ts'
import { didYouMean, Options } from '../options/options.ts'
import { parseLine } from '../options/parse-options.ts'
import { UsageError } from '../options/usage-error.ts'
import { paintFor } from '../output/paint.ts'
import { page } from '../page/page.ts'
import { pageSchema } from '../page/schema.ts'
import { valued } from '../suggest/roles.ts'
import { type Csv, type CsvOptions, openCsv } from '../table/csv.ts'
import { checkOptions, twice, unusedReading } from './check-options.ts'
import { methodHelp, overview } from './help.ts'
import { render, renderJson } from './render.ts'

export interface AnalyzeIo {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean }
  /** Whether stdout is a terminal that wants colours. */
  readonly isTTY: boolean
}

/** Runs one `samklang analyze ...` command.
 * @param argv the words after `analyze`
 * @returns 0, or 2 when the command or the file was wrong (told on stderr)
 */
export async function analyze(argv: readonly string[], io: AnalyzeIo): Promise<number> {
  try {
    io.stdout.write(await answer(argv, io))
    return 0
  } catch (error) {
    // An option that a statistic refuses is a mistake of the command as well.
    if (!(error instanceof UsageError || error instanceof SampleInvalid)) throw error
    io.stderr.write(`samklang analyze: ${error.message}\n`)
    return 2
  }
}

async function answer(argv: readonly string[], io: AnalyzeIo): Promise<string> {
  const paint = paintFor(io.isTTY)
  const method = findMethod(argv)
  const { positionals, values } = readLine(argv, method)
  for (const name of ['delimiter', 'encoding'])
    if ((values.get(name)?.length ?? 0) > 1) twice(name, values.get(name)!)
  const files = method ? positionals.filter((_, i) => i !== positionals.indexOf(method.name)) : positionals
  if (values.has('help')) return method ? methodHelp(method, paint) : overview(methods, paint)
  if (values.has('schema')) return `${JSON.stringify(method ? outputSchema(method) : pageSchema, null, 2)}\n`
  if (files.length === 0) {
    if (!method) return overview(methods, paint)
    throw new UsageError(`${method.name} needs a file: samklang analyze ${method.name} FILE.csv`)
  }
  if (files.length > 1) throw new UsageError(unexpected(files, method))
  const csv = await open(files[0]!, method, {
    ...(values.has('delimiter') && { delimiter: unescaped(values.get('delimiter')!.at(-1)!) }),
    ...(values.has('encoding') && { encoding: knownEncoding(values.get('encoding')!.at(-1)!) }),
    ...(values.has('keep-totals') && { keepTotals: true }),
    ...(values.has('blank') && { blank: givenCodes(values.get('blank')!) }),
    ...(values.has('scale') && { scale: values.get('scale')! }),
    progress: progressOn(io),
  })
  if (!method)
    return page(csv, { path: files[0]!, options: readingOptions(values) }, values.has('json'), paint)
  checkOptions(method, values, csv)
  const options = new Options(values, csv.columns)
  const made = await method.run({ csv, options })
  const told = { ...made, conventions: [...unusedReading(method, values, csv.columns), ...made.conventions] }
  const outcome = withTaken(withUnread(withHint(method, told, values), method, values, csv), options)
  return values.has('json') ? renderJson(method, csv, outcome) : render(method, csv, outcome, paint)
}

// A method whose name is misspelt has none of its options; then the name is what is to be told.
function readLine(argv: readonly string[], method: Method | undefined) {
  try {
    return parseLine(argv, method)
  } catch (error) {
    const [first = ''] = argv
    if (method || !isMethodLike(first)) throw error
    throw new UsageError(unexpected([first], undefined))
  }
}

const isMethodLike = (word: string) => /^[a-z]+(?:-[a-z]+)?$/i.test(word)

async function open(path: string, method: Method | undefined, options: CsvOptions): Promise<Csv> {
  try {
    return await openCsv(path, options)
  } catch (error) {
    if (method || !isMethodLike(path) || !(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message}${didYouMean(path, methodNames, 'the method ')}`)
  }
}

const methodNames = methods.map(({ name }) => name)

// How the file is to be read goes into the command lines of the page as well.
function readingOptions(values: ReadonlyMap<string, readonly string[]>): string[] {
  const valuedOnes = ['delimiter', 'encoding', 'blank', 'scale'].flatMap((name) =>
    (values.get(name) ?? []).flatMap((value) => valued(name, value)),
  )
  return [...valuedOnes, ...(values.has('keep-totals') ? ['--keep-totals'] : [])]
}

/** Dates that are mostly not understood are most likely written day or month first. */
function withHint(method: Method, outcome: Outcome, values: ReadonlyMap<string, readonly string[]>): Outcome {
  const lost = Object.entries(outcome.dropped).reduce(
    (sum, [why, n]) => sum + (why.endsWith('not understood') ? n : 0),
    0,
  )
  if (!('date-format' in method.options) || lost <= outcome.rows / 2) return outcome
  const given = values.get('date-format')?.[0] ?? 'ymd'
  const others = {
    ymd: 'dmy or mdy reads 31/1/2026 or 1/31/2026',
    dmy: 'mdy reads 1/31/2026',
    mdy: 'dmy reads 31/1/2026',
  }
  const hint = `Most dates were not understood${given === 'ymd' ? '' : ` as ${given}`}; --date-format ${others[given as keyof typeof others]}.`
  return { ...outcome, hint: [hint, outcome.hint ?? ''].join(' ').trimEnd() }
}

/** Where no row could be used, what is told of a column that the method was given stands first. */
function withUnread(
  outcome: Outcome,
  method: Method,
  values: ReadonlyMap<string, readonly string[]>,
  { columns, doubts }: Csv,
): Outcome {
  if (outcome.used > 0 || outcome.hint !== undefined) return outcome
  const given = Object.keys(method.options).flatMap((name) => values.get(name) ?? [])
  const used = [...columnsNamed(given, columns)]
  const hint = doubts.find((doubt) => used.some((name) => doubt.startsWith(`${name} is not read`)))
  return hint === undefined ? outcome : { ...outcome, hint }
}

/** A column that was found by its name in other letters is told: there may have been another in mind. */
function withTaken(outcome: Outcome, { taken }: Options): Outcome {
  const told = [...taken].map(([given, name]) => `"${given}" is taken for the column "${name}".`)
  return told.length === 0 ? outcome : { ...outcome, conventions: [...outcome.conventions, ...told] }
}

function findMethod(argv: readonly string[]): Method | undefined {
  return (
    methods.find((method) => method.name === argv[0]) ??
    methods.find((method) => argv.some((word, i) => word === method.name && !isValue(argv[i - 1], method)))
  )
}

const SWITCHES = ['--json', '--help', '-h', '--schema', '--keep-totals']

// What stands after an option is its value, also where a column is called as a method is.
function isValue(before: string | undefined, { options }: Method): boolean {
  if (!before?.startsWith('-') || before === '-' || before.includes('=')) return false
  const own = options[before.slice(2)]
  return !SWITCHES.includes(before) && (own === undefined || own.value !== undefined)
}

function unexpected(files: readonly string[], method: Method | undefined): string {
  if (method) return `one file at a time, not ${files.join(' and ')}`
  return `there is no method "${files[0]}"${didYouMean(files[0]!, methodNames)}; there are ${methodNames.join(', ')}`
}

function unescaped(text: string): string {
  return text === '\\t' || text === 'tab' ? '\t' : text
}

function givenCodes(texts: readonly string[]): readonly string[] {
  if (texts.every((text) => /^[\s,]*$/.test(text)))
    throw new UsageError('--blank takes codes as 99,-99; blank cells are blank without it')
  return texts
}

function knownEncoding(name: string): string {
  try {
    return new TextDecoder(name).encoding
  } catch {
    throw new UsageError(`the encoding "${name}" is not known`)
  }
}

function progressOn(io: AnalyzeIo): (rows: number, part: number) => void {
  return (rows, part) => {
    const text = `${rows.toLocaleString('en')} rows read, ${Math.round(100 * Math.min(1, part))} %`
    io.stderr.write(io.stderr.isTTY ? `\r${text}${part >= 1 ? '\n' : ''}` : `${text}\n`)
  }
}
