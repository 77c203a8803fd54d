import type { AskRow } from '../api/wire.ts'
import type { Formats } from '../words/format.ts'
import type { Words } from '../words/shape.ts'

/** A row's interval as people read it, or why it has none; nothing where none is expected, as of a count. */
export function intervalText(
  row: Pick<AskRow, 'interval' | 'noInterval'>,
  { words, formats }: { words: Words; formats: Formats },
  ...how: Parameters<Formats['range']> extends [unknown, ...infer Rest] ? Rest : never
): string {
  if (row.interval) return formats.range(row.interval, ...how)
  return row.noInterval ? words.number.noInterval : ''
}
