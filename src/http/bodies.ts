// For: how bodies come in, whatever their route: JSON in UTF-8, compressed or not.
// In: the server. Out: parsers and hooks that refuse what is too large or cannot be read, in the words of the catalogue.
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib'
import type { FastifyInstance, RequestPayload } from 'fastify'
import { Refusal } from '../base/errors.ts'
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
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
    if (encoding === 'identity') return payload
    const inflateWhole = Object.hasOwn(inflaters, encoding) ? inflaters[encoding] : undefined
    if (!inflateWhole)
      throw new Refusal(
        'request.unsupportedType',
        `Send it as it is, or as ${Object.keys(inflaters).join(', ')}.`,
      )
    const limit = request.routeOptions.bodyLimit
    const packed = await gathered(payload, limit)
    const body: RequestPayload = Readable.from([await inflated(packed, limit, inflateWhole)])
    // Held against Content-Length, which counts what was sent.
    body.receivedEncodedLength = packed.length
    return body
  })
}

type Inflate = (packed: Buffer, options: ZlibOptions) => Promise<Buffer>

const inflaters: Record<string, Inflate> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(inflate),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
}

async function gathered(payload: RequestPayload, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  // The connection is left open: the answer goes back over it.
  for await (const chunk of Readable.prototype.iterator.call(payload, { destroyOnReturn: false })) {
    length += (chunk as Buffer).length
    if (length > limit) throw new Refusal('request.tooLarge')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** A megabyte can inflate to a gigabyte; it is let go of as soon as it is larger than the address takes. */
async function inflated(packed: Buffer, limit: number, inflateWhole: Inflate): Promise<Buffer> {
  try {
    return await inflateWhole(packed, { maxOutputLength: limit })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new Refusal('request.tooLarge')
      : new Refusal('request.malformed', 'It cannot be unpacked as its Content-Encoding says.')
  }
}
