import type { FastifyInstance } from 'fastify'
import { Refusal } from '../base/errors.ts'

const jsonTypes = /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i

/** Text of a body in UTF-8.
 * @throws Refusal request.malformed when it is not, request.unsupportedType when another charset is declared
 */
export function textOf(body: Buffer, contentType = ''): string {
  const [, charset = 'utf-8'] = /charset="?([\w-]+)/i.exec(contentType) ?? []
  if (!/^utf-?8$/i.test(charset)) throw new Refusal('request.unsupportedType', 'The charset is to be utf-8.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Refusal('request.malformed', 'It is not UTF-8.')
  }
}

/** The value of a JSON text. Keys that would reach into JavaScript's own objects are refused.
 * @throws Refusal request.malformed
 */
export function jsonOf(text: string): unknown {
  const guard = (key: string, value: unknown) => {
    if (key === '__proto__') throw new Refusal('request.malformed', 'A key is named __proto__.')
    return value
  }
  try {
    // The guard costs time for every key, and almost no text holds the word.
    return JSON.parse(text, text.includes('__proto__') || text.includes('\\u005f') ? guard : undefined)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('request.malformed', `It is not JSON: ${(error as Error).message}.`)
  }
}

/** JSON in UTF-8 is what addresses take unless they say otherwise; anything else is request.unsupportedType. */
export function registerBodies(app: FastifyInstance) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonTypes, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = textOf(body as Buffer, request.headers['content-type'])
      done(null, text === '' ? undefined : jsonOf(text))
    } catch (error) {
      done(error as Error)
    }
  })
}
