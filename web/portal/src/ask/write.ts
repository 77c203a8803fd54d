// For: an Ask outside the portal. In: an Ask. Out: its words, as the server's parser reads them, and its command line.
import type { Ask } from '../api/wire.ts'

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
export const commandLine = (ask: Ask, workspace?: string) =>
  `samklang ask '${askText(ask).replaceAll("'", `'\\''`)}'${workspace ? ` --workspace ${workspace}` : ''}`

/** Leaves out what is empty, so that equal questions have equal addresses. */
export function tidy(ask: Ask): Ask {
  const entries = Object.entries(ask).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries) as unknown as Ask
}
