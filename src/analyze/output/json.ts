import { isNoValue, type NoValue } from '../../stats/interval.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Makes plain JSON. Where there is no value stands null (a bare null is what does not apply), and beside it `reason` (the same by field in `reasons`)
 * and, where there is more to say, `detail`. A number that is not finite would be a mistake of the program; it
 * becomes null with a reason as well.
 */
export function toJson(value: unknown): Json {
  if (isNoValue(value)) return explained(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : explained(OUTSIDE)
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, toJson)
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object') return toRecord(value)
  return String(value)
}

const OUTSIDE: NoValue = { value: null, reason: 'out of range' }

// What another option of the method would have filled.
const NOT_ASKED: NoValue = { value: null, reason: 'not applicable' }

// A list cannot hold a reason beside a value, so there the value becomes a record.
function explained({ reason, detail }: NoValue): Json {
  return { value: null, reason, ...(detail ? { detail } : {}) }
}

function toRecord(record: object): { [key: string]: Json } {
  const made: { [key: string]: Json } = {}
  const missing: { key: string; why: NoValue }[] = []
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue
    const lost =
      value === null ? NOT_ASKED : typeof value === 'number' && !Number.isFinite(value) ? OUTSIDE : value
    if (isNoValue(lost)) {
      made[key] = null
      missing.push({ key, why: lost })
    } else made[key] = toJson(value)
  }
  if (missing.length === 0) return made
  const join = (texts: readonly (string | undefined)[]) => [...new Set(texts.filter(Boolean))].join('; ')
  made.reason = join(missing.map(({ why }) => why.reason))
  const detail = join(missing.map(({ why }) => why.detail))
  if (detail) made.detail = detail
  made.reasons = Object.fromEntries(missing.map(({ key, why }) => [key, why.reason]))
  return made
}
