// For: an Ask as words. In: an Ask. Out: its text, as parse.ts reads it back.
// Apart from the reading, which brings schemas along: the portal writes Asks, too, and a browser need not load those.
import type { Ask } from './ask.ts'

/** The text form of an Ask; parseAsk reads it back. */
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
