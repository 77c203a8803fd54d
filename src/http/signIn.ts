// For: who is at the other end: passwords and sessions by better-auth, kept in our own database.
// In: request headers with a session cookie; an e-mail address and password; a user who came by a one-time link.
// Out: the person, and the library's answers with their cookies.
import { betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { Refusal } from '../base/errors.ts'
import type { SignedIn } from '../base/principal.ts'
import type { Database } from '../storage/postgres.ts'
import { dialectOf } from './kysely.ts'

export interface SignInConfig {
  publicUrl: string
  /** At least 32 characters; signs the session cookies. */
  secret: string
}

export interface Session {
  sessionId: string
  user: SignedIn
  /** Set-Cookie values that keep the session going. */
  cookies: string[]
}

export interface SignIn {
  /** Hands a request to the library (sign-in, sign-out, passwords, sessions). */
  handle(request: Request): Promise<Response>
  /** The session of these headers, if it is a good one. */
  session(headers: Headers): Promise<Session | undefined>
  /** Opens a session for a user who has proven who they are by a link; the answer carries the cookie. */
  open(userId: string, headers: Headers): Promise<{ sessionId: string; cookies: string[] }>
  /** Sets the password of a user, and forgets the one there was. */
  setPassword(userId: string, password: string): Promise<void>
}

export const passwordLength = { minimum: 10, maximum: 128 }

/** Opens a session without a password. Only called from within the process; it has no address. */
const linkSessions = {
  id: 'link-sessions',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly({ method: 'POST' }, async (ctx) => {
      const { userId } = ctx.body as unknown as { userId: string }
      const user = await ctx.context.internalAdapter.findUserById(userId)
      if (!user) throw new Refusal('access.linkSpent')
      const session = await ctx.context.internalAdapter.createSession(userId)
      await setSessionCookie(ctx, { session, user })
      return ctx.json({ sessionId: session.id })
    }),
  },
}

export function createSignIn(database: Database, config: SignInConfig): SignIn {
  const auth = betterAuth({
    appName: 'Samklang',
    baseURL: config.publicUrl,
    basePath: '/auth',
    secret: config.secret,
    database: { dialect: dialectOf(database), type: 'postgres', schemaName: 'auth', transaction: false },
    emailAndPassword: {
      enabled: true,
      // People are let in by an administrator, never by themselves.
      disableSignUp: true,
      minPasswordLength: passwordLength.minimum,
      maxPasswordLength: passwordLength.maximum,
    },
    user: { modelName: 'users' },
    session: { modelName: 'sessions' },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    // Both are enforced for the whole server in http/security.ts.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'samklang',
      disableCSRFCheck: true,
      disableOriginCheck: true,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [linkSessions],
  })
  return {
    handle: (request) => auth.handler(request),
    async session(headers) {
      if (!headers.get('cookie')) return undefined
      const found = await auth.api.getSession({ headers, returnHeaders: true })
      if (!found.response) return undefined
      const { user, session } = found.response
      return {
        sessionId: session.id,
        user: { id: user.id, name: user.name, email: user.email },
        cookies: found.headers.getSetCookie(),
      }
    },
    async open(userId, headers) {
      const call = { body: { userId }, headers, returnHeaders: true } as never
      const opened = (await auth.api.openSession(call)) as unknown as {
        headers: Headers
        response: { sessionId: string }
      }
      return { sessionId: opened.response.sessionId, cookies: opened.headers.getSetCookie() }
    },
    async setPassword(userId, password) {
      const context = await auth.$context
      const hash = await context.password.hash(password)
      const account = await context.internalAdapter.findCredentialAccount(userId)
      if (account) await context.internalAdapter.updateAccount(account.id, { password: hash })
      else {
        await context.internalAdapter.linkAccount({
          userId,
          providerId: 'credential',
          accountId: userId,
          password: hash,
        })
      }
    },
  }
}
