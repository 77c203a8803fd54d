import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../base/errors.ts'
import { sha256 } from '../base/ids.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses an unsafe request that did not come from a page of this server, or that a plain form could have sent.
 * @throws Refusal request.crossSite, request.unsupportedType
 */
export function requireSameOrigin(request: FastifyRequest): void {
  if (safeMethods.has(request.method)) return
  const { origin, 'sec-fetch-site': site, 'content-type': type } = request.headers
  // A page cannot forge either header, and the Host is the one the browser really asked.
  const trusted = origin === undefined ? site === 'same-origin' : isOwn(origin, request.host)
  if (!trusted) throw new Refusal('request.crossSite')
  const bodied = request.headers['content-length'] !== undefined && request.headers['content-length'] !== '0'
  if ((bodied || type !== undefined) && !/^application\/([\w.+-]+\+)?json\b/i.test(type ?? '')) {
    throw new Refusal('request.unsupportedType', 'Send JSON.')
  }
}

function isOwn(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: asked } = new URL(origin)
  const own = `${protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === asked
}

/** Security headers and rate limits, for every route there is. */
export async function registerSecurity(app: FastifyInstance, publicUrl: string) {
  const secure = publicUrl.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // Styles may stand in a page: the survey saves a request by it, and the portal's parts set their own.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  })
  await app.register(rateLimit, {
    max: 1_200,
    timeWindow: '1 minute',
    cache: 20_000,
    keyGenerator: askedBy,
    // Thrown as any other refusal, so that the catalogue alone knows the status.
    errorResponseBuilder: () => new Refusal('request.tooMany'),
  })
}

/** Whose requests are counted together: a survey link's, a key's or person's, else an address's. Links are counted
 * by themselves, since a whole company may answer from one address. */
function askedBy(request: FastifyRequest): string {
  const { token } = (request.params ?? {}) as { token?: string }
  if (token !== undefined) return `link ${sha256(token)}`
  if (request.principal) return `${request.principal.kind} ${request.principal.id}`
  return `address ${request.ip}`
}

/** Limits for a route's config. Events and imports come by the thousand; sign-in is tried by hand. */
export const limits = {
  intake: { rateLimit: { max: 60_000, timeWindow: '1 minute' } },
  signIn: { rateLimit: { max: 10, timeWindow: '1 minute' } },
}
