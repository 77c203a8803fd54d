// For: who asks, and whether they may: the one place where a route's declared scope is enforced.
// In: a request with a session cookie or an API key; the scope its route declares.
// Out: request.principal and request.signedIn, or a refusal, before the body is read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import type { Principal, RouteScope } from '../base/principal.ts'
import { findApiKey } from '../people/apiKeys.ts'
import { memberPrincipal, membershipsOf } from '../people/members.ts'
import type { Database } from '../storage/postgres.ts'
import { requireSameOrigin } from './security.ts'
import type { SignIn } from './signIn.ts'

export interface AccessParts {
  database: Database
  clock: Clock
  signIn: SignIn
}

/** For how long a good key is remembered; a key revoked elsewhere works for at most this long. */
const keyMemory = 5_000
const keysRemembered = 1_000
const bearer = /^Bearer +(\S+)$/i
const keyOnly = 'This address is for people who have signed in; what a key may do is told at /v1/me.'

export function registerAccess(app: FastifyInstance, parts: AccessParts) {
  const { database, clock, signIn } = parts
  const known = new Map<string, { principal: Principal; until: number }>()
  // Counted only for keys not lately seen, so that guessing is slow and a busy good key is not.
  const countGuess = app.createRateLimit({
    max: 120,
    timeWindow: '1 minute',
    keyGenerator: (request) => `guess ${request.ip}`,
  })

  async function byKey(request: FastifyRequest, key: string): Promise<Principal> {
    const remembered = known.get(key)
    if (remembered && remembered.until > performance.now()) return remembered.principal
    known.delete(key)
    const guess = await countGuess(request)
    if (!guess.isAllowed && guess.isExceeded) throw new Refusal('request.tooMany')
    const principal = await findApiKey(database, clock, key)
    if (!principal) throw new Refusal('access.signInNeeded')
    if (known.size >= keysRemembered) known.clear()
    known.set(key, { principal, until: performance.now() + keyMemory })
    return principal
  }

  async function bySession(request: FastifyRequest, reply: FastifyReply, scope: RouteScope) {
    const session = await signIn.session(headersOf(request))
    if (!session) {
      const byKey = bearer.test(request.headers.authorization ?? '')
      throw byKey ? new Refusal('access.denied', keyOnly) : new Refusal('access.signInNeeded')
    }
    requireSameOrigin(request)
    for (const cookie of session.cookies) reply.header('set-cookie', cookie)
    request.signedIn = session.user
    if (scope === 'signedIn' || scope === 'known') return
    const memberships = await membershipsOf(database, session.user.id)
    const chosen = chosenWorkspace(request)
    const membership = chosen ? memberships.find((each) => each.slug === chosen) : memberships[0]
    if (!membership) {
      throw chosen
        ? new Refusal('workspace.unknown')
        : new Refusal('access.denied', 'You belong to no workspace yet.')
    }
    request.principal = memberPrincipal(session.user, membership)
  }

  app.decorateRequest('principal', undefined as unknown as Principal)
  app.decorateRequest('signedIn', undefined)
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined || scope === 'public') return
    const [, key] = bearer.exec(request.headers.authorization ?? '') ?? []
    if (key && scope !== 'signedIn') request.principal = await byKey(request, key)
    else await bySession(request, reply, scope)
    if (scope !== 'signedIn' && scope !== 'known' && !request.principal.scopes.includes(scope)) {
      throw new Refusal('access.denied', `It asks for ${scope}.`)
    }
  })
  return {
    /** Makes this process ask the store again, after keys were changed here. */
    forgetKeys: () => known.clear(),
  }
}

/** By header, or by query where a browser can set no header (server-sent events). */
function chosenWorkspace(request: FastifyRequest): string | undefined {
  const header = request.headers['samklang-workspace']
  if (typeof header === 'string') return header
  const { workspace } = (request.query ?? {}) as { workspace?: unknown }
  return typeof workspace === 'string' ? workspace : undefined
}

export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(':') || value === undefined) continue
    headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}
