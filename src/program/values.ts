import { Temporal } from 'temporal-polyfill'
import type { ProgramField } from './schema.ts'

const longest = 10_000
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const instant = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d:?\d\d)?$/
const dateOnly = /^(\d{4})-(\d\d)-(\d\d)$/
const booleans = new Map<unknown, boolean>([
  ...[true, 1, 'true', 'yes', '1'].map((each): [unknown, boolean] => [each, true]),
  ...[false, 0, 'false', 'no', '0'].map((each): [unknown, boolean] => [each, false]),
])

/** A value from a foreign payload, made one of the declared type.
 * @param zone IANA name; the time zone of times that tell none
 * @returns undefined for what counts as absent: null, nothing, empty text
 * @throws WrongValue telling what was expected
 */
export function coerce(field: Pick<ProgramField, 'type' | 'values'>, raw: unknown, zone: string) {
  if (raw === undefined || raw === null || raw === '') return undefined
  if (typeof raw === 'string' && raw.trim() === '') return undefined
  switch (field.type) {
    case 'number':
      return toNumber(raw)
    case 'boolean':
      return toBoolean(raw)
    case 'time':
      return toTime(raw, zone)
    case 'text':
      return toText(raw)
    case 'category': {
      const text = toText(raw)
      if (field.values && !field.values.includes(text))
        throw new WrongValue(`one of ${field.values.join(', ')}`, raw)
      return text
    }
  }
}

/** A value that is not of its declared type. The message shows its kind, and no more of it than is needed. */
export class WrongValue extends Error {
  constructor(expected: string, found: unknown) {
    super(`expected ${expected}, found ${glimpse(found)}`)
    this.name = 'WrongValue'
  }
}

function glimpse(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  const text = String(value)
  return typeof value === 'string' ? `"${text.length > 40 ? `${text.slice(0, 37)}…` : text}"` : text
}

export function toText(raw: unknown): string {
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
  if (typeof raw !== 'string') throw new WrongValue('a text', raw)
  if (raw.length > longest) throw new WrongValue(`a text of at most ${longest} characters`, raw)
  // Neither store can keep them in JSON.
  if (raw.includes('\u0000') || !raw.isWellFormed()) throw new WrongValue('text of valid Unicode', raw)
  return raw
}

function toNumber(raw: unknown): number {
  const number = typeof raw === 'string' && decimal.test(raw.trim()) ? Number(raw) : raw
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new WrongValue('a number', raw)
  return number
}

function toBoolean(raw: unknown): boolean {
  const found = booleans.get(typeof raw === 'string' ? raw.trim().toLowerCase() : raw)
  if (found === undefined) throw new WrongValue('true or false', raw)
  return found
}

/** @returns ISO 8601 in UTC with milliseconds */
export function toTime(raw: unknown, zone: string): string {
  if (raw instanceof Date) return toTime(raw.toISOString(), zone)
  if (typeof raw !== 'string') throw new WrongValue('a time such as 2026-03-01T09:30:00Z', raw)
  const text = raw.trim()
  const match = instant.exec(text) ?? dateOnly.exec(text)
  const milliseconds = match ? instantOf(match, text, zone) : Number.NaN
  if (Number.isNaN(milliseconds)) throw new WrongValue('a time such as 2026-03-01T09:30:00Z', raw)
  return new Date(milliseconds).toISOString()
}

function instantOf(match: RegExpExecArray, text: string, zone: string): number {
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) => Number(match[at] ?? 0))
  const days = new Date(Date.UTC(year!, month!, 0)).getUTCDate()
  // The column store keeps times of 1900 to 2299.
  if (year! < 1900 || year! > 2200 || month! < 1 || month! > 12 || day! < 1 || day! > days) return Number.NaN
  if (hour! > 23 || minute! > 59 || second! > 59) return Number.NaN
  const fraction = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000)
  const utc = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, fraction)
  const offset = match[8]
  if (offset === 'Z' || offset === 'z') return utc
  if (offset) {
    const hours = Number(offset.slice(1, 3))
    const minutes = Number(offset.slice(-2))
    if (hours > 18 || minutes > 59) return Number.NaN
    return utc - (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
  }
  if (zone === 'UTC') return utc
  const local = text.replace(' ', 'T').replace(',', '.')
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
}

/** A name or number of a person: trimmed, at most 500 characters. */
export function toShort(raw: unknown): string | undefined {
  const text = coerce({ type: 'text' }, raw, 'UTC') as string | undefined
  if (text === undefined) return undefined
  if (text.length > 500) throw new WrongValue('a text of at most 500 characters', raw)
  return text.trim()
}

/** What identifies something elsewhere: at most 200 characters. */
export function toKey(raw: unknown): string | undefined {
  const text = toShort(raw)
  if (text !== undefined && text.length > 200) throw new WrongValue('a key of at most 200 characters', raw)
  return text
}

/** An address that can stand in a mail header as it is. */
export function toEmail(raw: unknown): string | undefined {
  const text = toShort(raw)
  if (text === undefined) return undefined
  if (text.length > 254 || !/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text))
    throw new WrongValue('an e-mail address', raw)
  return text
}

/** sv-SE becomes sv, and every kind of Norwegian nb; a language nobody speaks here is kept, and falls back later. */
export function toLanguage(raw: unknown): string | undefined {
  if (raw === undefined || raw === null || raw === '') return undefined
  const code = toText(raw).trim().toLowerCase().split(/[-_]/)[0] ?? ''
  if (!/^[a-z]{2,3}$/.test(code)) throw new WrongValue('a language such as en, sv or nb', raw)
  return code === 'no' || code === 'nn' ? 'nb' : code
}
