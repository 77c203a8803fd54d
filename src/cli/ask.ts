import { parseArgs } from 'node:util'
import { Refusal } from '../base/errors.ts'
import { ask } from '../insight/answer.ts'
import type { AskResult, AskRow } from '../insight/ask.ts'
import { askCsv } from '../insight/csv.ts'
import { meanDigits } from '../insight/digits.ts'
import { parseAsk } from '../insight/parse.ts'
import type { Io } from './local.ts'
import type { Product } from './product.ts'
import { chosenWorkspace } from './workspace.ts'

export async function askCommand(argv: string[], io: Io, product: Product): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { workspace: { type: 'string' }, json: { type: 'boolean' }, csv: { type: 'boolean' } },
  })
  const [text] = positionals
  if (positionals.length !== 1 || !text) {
    throw new Refusal(
      'ask.invalid',
      `Put the question in quotes, such as 'csat by customer.state over month'.`,
    )
  }
  const workspace = await chosenWorkspace(product, values.workspace)
  await product.loop.project(workspace.id)
  const result = await ask(product.parts, workspace.id, parseAsk(text))
  if (values.json) io.out(`${JSON.stringify(result, null, 2)}\n`)
  else if (values.csv) io.out(askCsv(result))
  else io.out(askTable(result))
  return 0
}

const number = (value: number | null | undefined, digits: number) =>
  value === null || value === undefined
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** An answer as people read it in a terminal: a row for each group, ruled off from the total. */
export function askTable({ metric, fields, rows, total, truncated, watermark, version }: AskResult): string {
  const usual = { points: 1, percent: 3, mean: 4, count: 0 }[metric.unit]
  const digitsOf = (size: number | null) =>
    metric.unit === 'mean' && size !== null ? meanDigits(size, usual) : usual
  const intervalOf = ([low, high]: [number, number]) => {
    const digits = digitsOf(Math.max(Math.abs(low), Math.abs(high)))
    return `${number(low, digits)} to ${number(high, digits)}`
  }
  const withPeriod = rows.some((row) => row.period !== undefined)
  const withMean = metric.unit !== 'mean' && [...rows, total].some((row) => row.mean !== undefined)
  const line = (row: AskRow, names: string[]) => [
    ...names,
    ...(withPeriod ? [row.period ?? ''] : []),
    number(row.n, 0),
    row.withheld ? row.withheld : number(row.value, digitsOf(row.value)),
    row.interval ? intervalOf(row.interval) : row.noInterval ? 'none of one answer' : '',
    ...(withMean ? [number(row.mean, 4)] : []),
    row.pAdjusted === undefined || row.pAdjusted === null
      ? ''
      : row.pAdjusted < 0.0001
        ? '< .0001'
        : row.pAdjusted.toFixed(4),
  ]
  const head = [
    ...fields.map((field) => field.id),
    ...(withPeriod ? ['period'] : []),
    'n',
    metric.unit === 'percent' ? `${metric.id} %` : metric.id,
    '95 % interval',
    ...(withMean ? ['mean'] : []),
    'p against the rest',
  ]
  const named = (row: AskRow) =>
    row.by.map((value, index) => (value === null ? '(none)' : (fields[index]?.labels[value] ?? value)))
  const lines = [
    head,
    // Without groups and periods the only row is the total.
    ...(fields.length > 0 || withPeriod ? rows : []).map((row) => line(row, named(row))),
    line(
      total,
      fields.map((_, index) => (index === 0 ? 'all' : '')),
    ),
  ]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  const text = lines.map((cells) =>
    cells
      .map((cell, column) =>
        column < fields.length ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
  const rule = '-'.repeat(Math.max(...text.map((each) => each.length)))
  const more = truncated ? 'There are more groups than shown.\n' : ''
  return [
    text[0],
    rule,
    ...(text.length > 2 ? [...text.slice(1, -1), rule] : []),
    text.at(-1),
    `${more}${metric.label}; program ${version}, facts as of ${watermark}`,
    '',
  ].join('\n')
}
