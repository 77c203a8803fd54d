// For: an Ask outside the portal. In: an Ask and its answer. Out: its command line and its CSV.
import type { Ask, AskResult } from '../api/wire.ts'

/** The words of `samklang ask`, as the server's parser reads them. */
export function askText(ask: Ask): string {
  return [
    ask.metric,
    ask.by?.length ? `by ${ask.by.join(', ')}` : '',
    ask.where ? `where ${ask.where}` : '',
    ask.over ? `over ${ask.over}` : '',
    ask.from ? `from ${ask.from}` : '',
    ask.to ? `to ${ask.to}` : '',
    ask.compare ? `compare ${ask.compare}` : '',
    ask.limit ? `limit ${ask.limit}` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

/** A line for a POSIX shell: single quotes within are closed, escaped and opened again. */
export const commandLine = (ask: Ask) => `samklang ask '${askText(ask).replaceAll("'", `'\\''`)}'`

/** Leaves out what is empty, so that equal questions have equal addresses. */
export function tidy(ask: Ask): Ask {
  const entries = Object.entries(ask).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries) as unknown as Ask
}

/** Rows in full precision, with a header; the total comes first. Fields that start like a formula are disarmed. */
export function askCsv(result: AskResult): string {
  const by = result.ask.by ?? []
  const timed = result.ask.over !== undefined
  const head = [
    ...by,
    ...(timed ? ['period'] : []),
    'n',
    'value',
    'low',
    'high',
    'mean',
    'p',
    'pAdjusted',
    'withheld',
  ]
  const rows = [{ ...result.total, by: by.map((_, at) => (at === 0 ? '(total)' : '')) }, ...result.rows]
  const lines = rows.map((row) =>
    [
      ...by.map((_, at) => row.by[at] ?? ''),
      ...(timed ? [row.period ?? ''] : []),
      row.n,
      row.value,
      row.interval?.[0],
      row.interval?.[1],
      row.mean,
      row.p,
      row.pAdjusted,
      row.withheld,
    ]
      .map(cell)
      .join(','),
  )
  return `${[head.map(cell).join(','), ...lines].join('\r\n')}\r\n`
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
