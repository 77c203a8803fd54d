// For: what a method is; each stands in methods/, and several of them share how they read their rows (inputs/).
// In: a file and the options of the call. Out: a result for JSON, and the same as text and in sentences.
// Nothing below this file knows of methods.
import type { TSchema } from 'typebox'
import type { Optioned, Options } from './options/options.ts'
import type { Paint } from './output/paint.ts'
import type { Csv } from './table/csv.ts'

/** One statistic at the command line. A new one is a file in methods/ that exports this, and a line in methods.ts. */
export interface Method extends Optioned {
  /** One line: the question that it answers. */
  readonly summary: string
  /** Markdown for docs/analyze.md: formulas, conventions and their sources. */
  readonly formulas: string
  /** Of `result` in the JSON output. */
  readonly schema: TSchema
  /** A file small enough to read, and the options to run on it; --help and the docs show both with the output. The
   * file lies in docs/examples under the name of the method. */
  readonly example: { readonly csv: string; readonly options: readonly string[] }
  run(input: Input): Promise<Outcome>
}

export interface Input {
  readonly csv: Csv
  readonly options: Options
}

export interface Outcome {
  /** Data rows of the file. */
  readonly rows: number
  /** Rows (or what the method counts) that went into the result. */
  readonly used: number
  /** Rows left out, by reason; zero counts are not shown. */
  readonly dropped: Readonly<Record<string, number>>
  /** What to do where the file was hardly understood, or the method does not fit it; stands above the result. */
  readonly hint?: string
  /** The conventions chosen, one sentence each. */
  readonly conventions: readonly string[]
  /** Becomes JSON: numbers, texts, lists and records, with `NoValue` where there is none. */
  readonly result: unknown
  /** The result in plain words, each sentence with its figures, for the page on a whole file. */
  readonly sentences?: readonly string[]
  /** The same for a reader at a terminal: tables and small charts. */
  text(paint: Paint): string
}
