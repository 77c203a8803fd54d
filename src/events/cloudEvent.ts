import { Refusal } from '../base/errors.ts'
import { reachesIntoPrototypes } from '../base/json.ts'

/** A CloudEvents 1.0 event with JSON data, checked. */
export interface CloudEvent {
  specversion: '1.0'
  id: string
  source: string
  type: string
  /** ISO 8601 UTC with milliseconds; the time of reception when the sender gave none. */
  time: string
  subject?: string
  data: Record<string, unknown>
}

const longest = 512
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
/** A day ahead is clock skew and time zones; more is a mistake at the sender. */
const aheadAllowed = 24 * 3600 * 1000

/** Checks one event as received.
 * @throws Refusal event.malformed naming each attribute at fault, event.future
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export function readCloudEvent(incoming: unknown, now: Date): CloudEvent {
  if (typeof incoming !== 'object' || incoming === null || Array.isArray(incoming)) {
    throw new Refusal('event.malformed', 'Expected a JSON object.')
  }
  const event = incoming as Record<string, unknown>
  const faults: Array<{ where: string; message: string }> = []
  if (event.specversion !== '1.0') faults.push({ where: 'specversion', message: 'expected "1.0"' })
  for (const name of ['id', 'source', 'type'] as const) {
    const value = event[name]
    if (typeof value !== 'string' || value === '')
      faults.push({ where: name, message: 'expected a non-empty text' })
    else if (value.length > longest)
      faults.push({ where: name, message: `expected at most ${longest} characters` })
  }
  if (event.time !== undefined && !isTime(event.time)) {
    faults.push({ where: 'time', message: 'expected RFC 3339, such as 2026-11-22T08:30:00Z' })
  }
  if (typeof event.data !== 'object' || event.data === null || Array.isArray(event.data)) {
    const hint = 'data_base64' in event ? '; data_base64 is not taken, send JSON' : ''
    faults.push({ where: 'data', message: `expected a JSON object${hint}` })
  }
  const contentType = event.datacontenttype
  if (contentType !== undefined && !/^application\/([\w.+-]*\+)?json\b/i.test(String(contentType))) {
    faults.push({ where: 'datacontenttype', message: 'expected application/json' })
  }
  // An event may bring attributes of its own beside those that are read here.
  const at = (wrong: (value: unknown) => boolean) =>
    Object.keys(event)
      .find((name) => wrong(event[name]))
      ?.slice(0, 80)
      .toWellFormed() ?? 'data'
  if (faults.length === 0 && reachesIntoPrototypes(event)) {
    faults.push({ where: at(reachesIntoPrototypes), message: 'a key is named __proto__' })
  }
  if (faults.length === 0 && !isStorable(event)) {
    const where = at((value) => !isStorable(value))
    faults.push({ where, message: 'contains a NUL character or half of a surrogate pair' })
  }
  if (faults.length > 0) {
    throw new Refusal(
      'event.malformed',
      faults.map((each) => `${each.where}: ${each.message}`).join('; ') + '.',
      faults,
    )
  }
  const time = event.time === undefined ? now : new Date(event.time as string)
  if (time.getTime() > now.getTime() + aheadAllowed) {
    throw new Refusal('event.future', `Its time is ${time.toISOString()}.`, [
      { where: 'time', message: 'expected no later than a day from now' },
    ])
  }
  return {
    specversion: '1.0',
    id: event.id as string,
    source: event.source as string,
    type: event.type as string,
    time: time.toISOString(),
    ...(typeof event.subject === 'string' ? { subject: event.subject } : {}),
    data: event.data as Record<string, unknown>,
  }
}

/** RFC 3339, and a day that the month has: JavaScript would read the 31st of February as a day of March. */
function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !rfc3339.test(value) || Number.isNaN(Date.parse(value))) return false
  const [year, month, day] = value.slice(0, 10).split('-').map(Number) as [number, number, number]
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** False for text that a jsonb column cannot hold: NUL, or half of a surrogate pair. */
export function isStorable(value: unknown): boolean {
  // JSON.stringify escapes exactly these two; an even number of backslashes before means a written-out backslash.
  return !/(?<!\\)(\\\\)*\\u(0000|d[89a-f][0-9a-f]{2})/i.test(JSON.stringify(value) ?? '')
}
