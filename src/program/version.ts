import { sha256 } from '../base/ids.ts'

/** JSON with the keys of every object in order, so that the same content always gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}

/** The version of a program: the first 16 hexadecimal digits of the SHA-256 of its canonical JSON.
 * Comments, layout and the division into files do not count; what the program does, does.
 */
export function versionOf(document: unknown): string {
  return sha256(canonicalJson(document)).slice(0, 16)
}
