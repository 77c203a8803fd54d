import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { Refusal } from '../base/errors.ts'
import { type LinkParts, maySetPassword, rememberSession, spendLink } from '../people/links.ts'
import { headersOf } from './access.ts'
import { limits, requireSameOrigin } from './security.ts'
import { passwordLength, type SignIn } from './signIn.ts'

const User = Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() })
const Email = Type.String({ format: 'email', maxLength: 254 })
const Password = Type.String({ minLength: passwordLength.minimum, maxLength: passwordLength.maximum })
const Done = Type.Object({ ok: Type.Boolean() })
const tags = ['Sign-in']
const strict = { additionalProperties: false }

/** Sign-in, and nothing else of the library: what is not listed here has no address. */
export function authRoutes(parts: LinkParts & { signIn: SignIn }): FastifyPluginAsyncTypebox {
  const { database, clock, signIn } = parts

  /** Hands the request to the library; its refusals come back in our words, its cookies as they are. */
  async function byLibrary(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const headers = headersOf(request)
    headers.delete('content-length')
    const answer = await signIn.handle(
      new Request(new URL(request.url, parts.publicUrl), {
        method: request.method,
        headers,
        ...(request.method === 'GET' ? {} : { body: JSON.stringify(request.body ?? {}) }),
      }),
    )
    for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
    const told = (await answer.json().catch(() => null)) as { code?: string; message?: string } | null
    if (answer.ok) return told
    if (answer.status === 401 || told?.code === 'INVALID_PASSWORD') throw new Refusal('access.signInFailed')
    if (answer.status === 403) throw new Refusal('access.denied')
    if (answer.status >= 500) throw new Refusal('internal.failure')
    throw new Refusal('request.malformed', told?.message)
  }

  const userOf = async (userId: string) => {
    const rows = await database.script('select "id", "name", "email" from auth.users where "id" = $1', [
      userId,
    ])
    return rows[0] as { id: string; name: string; email: string }
  }

  return async (app) => {
    app.addHook('onRequest', async (request) => requireSameOrigin(request))
    const config = { scope: 'public', ...limits.signIn } as const
    const open = { scope: 'public' } as const

    app.post(
      '/auth/sign-in/email',
      {
        config,
        schema: {
          tags,
          summary: 'Sign in with e-mail address and password',
          body: Type.Object(
            {
              email: Email,
              password: Type.String({ maxLength: 128 }),
              rememberMe: Type.Optional(Type.Boolean()),
            },
            strict,
          ),
          response: { 200: Type.Object({ user: User }) },
        },
      },
      async (request, reply) => {
        const { user } = (await byLibrary(request, reply)) as {
          user: { id: string; name: string; email: string }
        }
        return { user: { id: user.id, name: user.name, email: user.email } }
      },
    )
    app.post(
      '/auth/sign-out',
      { config: open, schema: { tags, summary: 'Sign out of this browser', response: { 200: Done } } },
      async (request, reply) => {
        await byLibrary(request, reply)
        return { ok: true }
      },
    )
    app.get(
      '/auth/get-session',
      {
        config: open,
        schema: {
          tags,
          summary: 'Who is signed in, or null',
          response: { 200: Type.Union([Type.Object({ user: User }), Type.Null()]) },
        },
      },
      async (request, reply) => {
        const session = await signIn.session(headersOf(request))
        for (const cookie of session?.cookies ?? []) reply.header('set-cookie', cookie)
        return reply.type('application/json').send(session ? { user: session.user } : null)
      },
    )
    app.post(
      '/auth/change-password',
      {
        config,
        schema: {
          tags,
          summary: 'Change the password, knowing the present one; other sessions end',
          body: Type.Object({ currentPassword: Type.String(), newPassword: Password }, strict),
          response: { 200: Done },
        },
      },
      async (request, reply) => {
        request.body = { ...request.body, revokeOtherSessions: true } as typeof request.body
        await byLibrary(request, reply)
        return { ok: true }
      },
    )
    app.post(
      '/auth/link',
      {
        config,
        schema: {
          tags,
          summary: 'Spend a one-time sign-in link',
          description: 'Opening the link spends nothing; only this request does.',
          body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 100 }) }, strict),
          response: { 200: Type.Object({ user: User, needsPassword: Type.Boolean() }) },
        },
      },
      async (request, reply) => {
        const { token } = request.body
        const { userId } = await spendLink(parts, token)
        const { sessionId, cookies } = await signIn.open(userId, headersOf(request))
        await rememberSession(parts, token, sessionId)
        for (const cookie of cookies) reply.header('set-cookie', cookie)
        const accounts = await database.script(
          'select 1 from auth.accounts where "userId" = $1 and "password" is not null',
          [userId],
        )
        return { user: await userOf(userId), needsPassword: accounts.length === 0 }
      },
    )
    app.post(
      '/auth/password',
      {
        config,
        schema: {
          tags,
          summary:
            'Choose a password, and perhaps name and address, after having come by a link; other sessions end',
          body: Type.Object(
            {
              password: Password,
              email: Type.Optional(Email),
              name: Type.Optional(Type.String({ maxLength: 200 })),
            },
            strict,
          ),
          response: { 200: Type.Object({ user: User }) },
        },
      },
      async (request) => {
        const session = await signIn.session(headersOf(request))
        if (!session) throw new Refusal('access.signInNeeded')
        const userId = session.user.id
        if (!(await maySetPassword(parts, { sessionId: session.sessionId, userId }))) {
          throw new Refusal(
            'access.denied',
            'Ask for a new link, or change the password with the present one.',
          )
        }
        const { email, name, password } = request.body
        await database.asOwner(async (tx) => {
          if (email) {
            const [taken] = await tx.query('select 1 from auth.users where "email" = $1 and "id" <> $2', [
              email.toLowerCase(),
              userId,
            ])
            if (taken) throw new Refusal('access.emailTaken')
          }
          await tx.query(
            `update auth.users set "email" = coalesce($2, "email"), "name" = coalesce($3, "name"), "updatedAt" = $4
             where "id" = $1`,
            [userId, email?.toLowerCase() ?? null, name ?? null, clock.now()],
          )
        })
        await signIn.setPassword(userId, password)
        // Whoever chooses a new one may do so because somebody else got in by the old.
        await database.script('delete from auth.sessions where "userId" = $1 and "id" <> $2', [
          userId,
          session.sessionId,
        ])
        return { user: await userOf(userId) }
      },
    )
  }
}
