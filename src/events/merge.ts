import type { Value, Values } from '../program/context.ts'

/** A record whose fields grow with each event: every field remembers the time of the event that set it. */
export interface Merged {
  fields: Values
  times: Record<string, string>
}

/** Takes over the fields of an event that happened at `time`, so that events may arrive in any order:
 * of two values for one field the later event's stays; at the same instant the greater text decides, whoever came first.
 * @param time ISO 8601 UTC with milliseconds, which sorts as text
 * @returns whether anything changed
 */
export function mergeFields(record: Merged, incoming: Values, time: string): boolean {
  let changed = false
  for (const [name, value] of Object.entries(incoming)) {
    const known = record.times[name]
    if (known !== undefined && (time < known || (time === known && !wins(value, record.fields[name]))))
      continue
    if (record.fields[name] !== value) changed = true
    record.fields[name] = value
    record.times[name] = time
  }
  return changed
}

const wins = (value: Value, over: Value | undefined) =>
  over === undefined || JSON.stringify(value) > JSON.stringify(over)
