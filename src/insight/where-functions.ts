import { Refusal } from '../base/errors.ts'
import type { Parameters } from './parameters.ts'

export type Kind = 'text' | 'number' | 'int' | 'boolean' | 'time' | 'duration' | 'list'

/** What people call them. */
export const kindWords: Record<Kind, string> = {
  text: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a truth value',
  time: 'a time',
  duration: 'a duration',
  list: 'a list',
}

/** A part of a condition in SQL, with its type in CEL. Durations are milliseconds. */
export interface Sql {
  kind: Kind
  sql: string
  /** The value of a text literal. */
  text?: string
  /** When a list counts as missing. */
  missing?: string
}

/** The refusal of a condition that cannot be asked. */
export const wrong = (detail: string) =>
  new Refusal('ask.invalid', `where: ${detail}${detail.endsWith('?') ? '' : '.'}`, [
    { where: '/where', message: detail },
  ])

/** a + b and so on, for numbers, times and durations. */
export function arithmetic(op: '+' | '-' | '*' | '/', left: Sql, right: Sql): Sql {
  const kinds = `${left.kind} ${op} ${right.kind}`
  if (kinds === 'time - time') return { kind: 'duration', sql: difference(right.sql, left.sql) }
  if (kinds === 'time + duration') return { kind: 'time', sql: `addMilliseconds(${left.sql}, ${right.sql})` }
  if (kinds === 'time - duration')
    return { kind: 'time', sql: `subtractMilliseconds(${left.sql}, ${right.sql})` }
  if (kinds === 'duration + duration' || kinds === 'duration - duration') {
    return { kind: 'duration', sql: `(${left.sql} ${op} ${right.sql})` }
  }
  if (left.kind === 'int' && right.kind === 'int') {
    if (op === '/') throw wrong('dividing two whole numbers cuts the rest off; write 7.0 / 2')
    return { kind: 'int', sql: `(${left.sql} ${op} ${right.sql})` }
  }
  const numbers = ['number', 'int']
  if (!numbers.includes(left.kind) || !numbers.includes(right.kind)) {
    throw wrong(`"${op}" has no meaning between ${kindWords[left.kind]} and ${kindWords[right.kind]}`)
  }
  return { kind: 'number', sql: `(toFloat64(${left.sql}) ${op} toFloat64(${right.sql}))` }
}

const difference = (from: string, to: string) => `dateDiff('millisecond', ${from}, ${to})`
const millisecondsADay = 86_400_000

/** Functions: size, double, timestamp, duration, daysBetween. */
export function call(name: string, args: readonly Sql[], parameters: Parameters): Sql {
  const [first, second] = args
  if (name === 'size' && first && args.length === 1) return size(first)
  if (name === 'double' && first && (first.kind === 'int' || first.kind === 'number')) {
    return { kind: 'number', sql: `toFloat64(${first.sql})` }
  }
  if (name === 'timestamp' && first?.text !== undefined) {
    const at = new Date(first.text)
    if (Number.isNaN(at.getTime()) || !/[zZ]|[+-]\d\d:?\d\d$/.test(first.text)) {
      throw wrong(`"${first.text}" is no time with a zone, such as 2017-01-31T12:00:00Z`)
    }
    return { kind: 'time', sql: parameters.time(at) }
  }
  if (name === 'duration' && first?.text !== undefined) {
    return { kind: 'duration', sql: parameters.add('Int64', String(milliseconds(first.text))) }
  }
  if (name === 'daysBetween' && first?.kind === 'time' && second?.kind === 'time') {
    return { kind: 'number', sql: `(${difference(first.sql, second.sql)} / ${millisecondsADay})` }
  }
  throw wrong(`${name}() cannot be asked of the facts here`)
}

const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** CEL's durations: 24h, 1h30m, 90s. */
function milliseconds(text: string): number {
  if (!/^-?((\d+(\.\d+)?)(h|ms|m|s))+$/.test(text))
    throw wrong(`"${text}" is no duration, such as 24h or 90m`)
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g))
    sum += Number(amount) * units[unit!]!
  return Math.round(text.startsWith('-') ? -sum : sum)
}

function size(value: Sql): Sql {
  if (value.kind === 'text') return { kind: 'int', sql: `toInt64(lengthUTF8(${value.sql}))` }
  if (value.kind === 'list')
    return { kind: 'int', sql: `if(${value.missing}, null, toInt64(length(${value.sql})))` }
  throw wrong('size() takes a text or a list')
}

const textMethods: Record<string, string> = { startsWith: 'startsWith', endsWith: 'endsWith' }
const zoned: Record<string, (time: string, zone: string) => string> = {
  getFullYear: (time, zone) => `toYear(${time}, ${zone})`,
  getMonth: (time, zone) => `toMonth(${time}, ${zone}) - 1`,
  getDate: (time, zone) => `toDayOfMonth(${time}, ${zone})`,
  getDayOfWeek: (time, zone) => `toDayOfWeek(${time}, 2, ${zone})`,
  getHours: (time, zone) => `toHour(${time}, ${zone})`,
}

/** Methods: startsWith, endsWith, contains, size, and the parts of a time, each with a time zone if wanted. */
export function method(name: string, on: Sql, args: readonly Sql[], parameters: Parameters): Sql {
  const [first] = args
  if (name === 'size' && args.length === 0) return size(on)
  if (on.kind === 'text' && first?.kind === 'text' && args.length === 1) {
    if (Object.hasOwn(textMethods, name)) {
      return { kind: 'boolean', sql: `(${textMethods[name]}(${on.sql}, ${first.sql}) = 1)` }
    }
    if (name === 'contains') return { kind: 'boolean', sql: `(position(${on.sql}, ${first.sql}) > 0)` }
  }
  if (on.kind === 'time' && Object.hasOwn(zoned, name) && args.length <= 1) {
    const zone = first?.text ?? 'UTC'
    if (args.length === 1 && !isZone(first?.text))
      throw wrong('a time zone is a name such as Europe/Stockholm')
    return { kind: 'int', sql: `toInt64(${zoned[name]!(on.sql, parameters.add('String', zone))})` }
  }
  throw wrong(`.${name}() cannot be asked of the facts here`)
}

function isZone(zone: string | undefined): boolean {
  try {
    return zone !== undefined && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}
