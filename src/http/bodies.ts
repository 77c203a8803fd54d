import type { FastifyInstance } from 'fastify'
import { jsonOf, utf8Of } from '../base/json.ts'

const jsonTypes = /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i

/** JSON in UTF-8 is what addresses take unless they say otherwise; anything else is request.unsupportedType. */
export function registerBodies(app: FastifyInstance) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonTypes, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = utf8Of(body as Buffer, request.headers['content-type'])
      done(null, text === '' ? undefined : jsonOf(text))
    } catch (error) {
      done(error as Error)
    }
  })
}
