import { Refusal } from './errors.ts'

/** Deeper than any real record, and shallow enough for every parser and stack behind us. */
export const deepest = 100

/** Text of bytes in UTF-8.
 * @param contentType may declare a charset
 * @throws Refusal request.unsupportedType when that is another one; request.malformed when the bytes are not UTF-8
 */
export function utf8Of(bytes: Buffer, contentType = ''): string {
  const [, charset = 'utf-8'] = /charset="?([\w-]+)/i.exec(contentType) ?? []
  if (!/^utf-?8$/i.test(charset)) throw new Refusal('request.unsupportedType', 'The charset is to be utf-8.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('request.malformed', 'It is not UTF-8.')
  }
}

/** Whether a value that JSON.parse gave has a key, at any depth, that reaches into JavaScript when it is copied. */
export const reachesIntoPrototypes = (value: unknown): boolean =>
  /"__proto__":/.test(JSON.stringify(value) ?? '')

/** The value of a JSON text from outside.
 * @param anyKeys leaves keys named __proto__ in, as keys like any other, for a caller who refuses them item by item
 * @throws Refusal request.malformed when it is no JSON, nested too deep, or has a key that reaches into JavaScript
 */
export function jsonOf(text: string, anyKeys = false): unknown {
  if (isDeeper(text, deepest)) throw new Refusal('request.malformed', `It is nested deeper than ${deepest}.`)
  const guard = (key: string, value: unknown) => {
    if (key === '__proto__') throw new Refusal('request.malformed', 'A key is named __proto__.')
    return value
  }
  try {
    // Guarding costs time for every key, and almost no text holds the word.
    return JSON.parse(text, !anyKeys && /__proto__|\\u005f/i.test(text) ? guard : undefined)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('request.malformed', `It is not JSON: ${(error as Error).message}.`)
  }
}

const quote = 34
const backslash = 92

function isDeeper(text: string, limit: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === quote) {
      do at = text.indexOf('"', at + 1)
      while (at > 0 && isEscaped(text, at))
      if (at < 0) return false
    } else if (sign === 91 || sign === 123) {
      if (++depth > limit) return true
    } else if (sign === 93 || sign === 125) depth--
  }
  return false
}

/** True for a quotation mark after an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text.charCodeAt(before - 1) === backslash) before--
  return (at - before) % 2 === 1
}
