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

/** What a page of this server may do, as every answer tells the browser; the survey's own pages may do less.
 * @see OWASP HTTP Headers Cheat Sheet
 */
function securityHeaders(secure: boolean): Record<string, string> {
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "script-src-attr 'none'",
    // Styles may stand in a page: the survey saves a request by it, and the portal's parts set their own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ]
  return {
    'content-security-policy': policy.join(';'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'same-origin',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'SAMEORIGIN',
    'x-permitted-cross-domain-policies': 'none',
  }
}

/** Security headers and rate limits, for every route there is. */
export async function registerSecurity(app: FastifyInstance, publicUrl: string) {
  // Made once: they are the same for every request.
  const headers = securityHeaders(publicUrl.startsWith('https:'))
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
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
