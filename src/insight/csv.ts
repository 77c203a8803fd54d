import type { AskResult, AskRow } from './ask.ts'

type Cell = string | number | null | undefined

/** The rows of an answer as CSV (RFC 4180, UTF-8, comma, CRLF): fields, period, n, value, interval and why there is
 * none, mean, p, change, withheld. Without groups and periods the one row is the total. Numbers have full precision and a point.
 */
export function askCsv(result: AskResult): string {
  const rows = result.rows.length > 0 ? result.rows : [result.total]
  const periods = rows.some((row) => row.period !== undefined)
  const means = rows.some((row) => row.mean !== undefined && row.mean !== null)
  const lacking = rows.some((row) => row.noInterval !== undefined)
  const head: Cell[] = [
    ...result.fields.map((field) => field.id),
    ...(periods ? ['period'] : []),
    'n',
    result.metric.id,
    'low',
    'high',
    ...(lacking ? ['noInterval'] : []),
    ...(means ? ['mean'] : []),
    'p',
    'pAdjusted',
    'change',
    'changeP',
    'withheld',
  ]
  const cells = (row: AskRow): Cell[] => [
    ...result.fields.map((_, index) => row.by[index]),
    ...(periods ? [row.period] : []),
    row.n,
    row.value,
    row.interval?.[0],
    row.interval?.[1],
    ...(lacking ? [row.noInterval] : []),
    ...(means ? [row.mean] : []),
    row.p,
    row.pAdjusted,
    row.change?.value,
    row.change?.p,
    row.withheld,
  ]
  return [head, ...rows.map(cells)].map((line) => `${line.map(written).join(',')}\r\n`).join('')
}

function written(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  // A spreadsheet would run a text that begins so as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
