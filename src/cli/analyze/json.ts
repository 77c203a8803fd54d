import { isNoValue } from '../../stats/interval.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Makes plain JSON: where there is no value, null, and beside it `reason` (and `reasons` by field).
 * A number that is not finite would be a mistake of the program; it becomes null with a reason as well.
 */
export function toJson(value: unknown): Json {
  if (isNoValue(value))
    return { value: null, reason: value.reason, ...(value.detail ? { detail: value.detail } : {}) }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { value: null, reason: 'out of range' }
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, toJson)
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object') return toRecord(value)
  return String(value)
}

function toRecord(record: object): { [key: string]: Json } {
  const made: { [key: string]: Json } = {}
  const reasons: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue
    if (isNoValue(value)) {
      made[key] = null
      reasons[key] = value.detail ? `${value.reason}: ${value.detail}` : value.reason
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      made[key] = null
      reasons[key] = 'out of range'
    } else made[key] = toJson(value)
  }
  const all = [...new Set(Object.values(reasons))]
  if (all.length > 0) {
    made.reason = all.join('; ')
    made.reasons = reasons
  }
  return made
}
