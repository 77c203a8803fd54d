import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSignInLink } from '../../src/people/links.ts'
import { cookieOf, fromOwnPage, startTestServer, type TestServer } from '../server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const own = fromOwnPage
let visitors = 0
/** Each from an address of its own: sign-in counts tries by address. */
const post = (url: string, payload: object, headers: Record<string, string> = own) => {
  visitors += 1
  return server.app.inject({ method: 'POST', url, payload, headers, remoteAddress: `10.2.0.${visitors}` })
}
const parts = () => server.parts
const tokenOf = (link: { url: string }) => new URL(link.url).searchParams.get('link')!

describe('the first start', () => {
  it('lets the owner in by a link, once, and asks for a password', async () => {
    const link = await createSignInLink(parts())
    const came = await post('/auth/link', { token: tokenOf(link) })
    expect(came.statusCode).toBe(200)
    expect(came.json().needsPassword).toBe(true)
    expect(came.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    const again = await post('/auth/link', { token: tokenOf(link) })
    expect([again.statusCode, again.json().error.code]).toEqual([410, 'access.linkSpent'])

    const cookie = cookieOf(came)
    const chosen = { email: 'Anna@Example.se', name: 'Anna', password: 'a long password' }
    const set = await post('/auth/password', chosen, { ...own, cookie })
    expect(set.json().user).toMatchObject({ email: 'anna@example.se', name: 'Anna' })

    const signedIn = await post('/auth/sign-in/email', {
      email: 'anna@example.se',
      password: 'a long password',
    })
    expect(signedIn.statusCode).toBe(200)
    const session = await server.app.inject({
      url: '/auth/get-session',
      headers: { cookie: cookieOf(signedIn) },
    })
    expect(session.json().user.email).toBe('anna@example.se')
  })

  it('signs the same owner in by the next link', async () => {
    const came = await post('/auth/link', { token: tokenOf(await createSignInLink(parts())) })
    expect(came.json()).toMatchObject({ needsPassword: false, user: { email: 'anna@example.se' } })
  })

  it('does not spend a link that is only opened', async () => {
    const link = await createSignInLink(parts())
    await server.app.inject({ url: `/sign-in?link=${tokenOf(link)}`, headers: { accept: 'text/html' } })
    expect((await post('/auth/link', { token: tokenOf(link) })).statusCode).toBe(200)
  })

  it('lets two who spend a link at once not both in', async () => {
    const token = tokenOf(await createSignInLink(parts()))
    const both = await Promise.all([post('/auth/link', { token }), post('/auth/link', { token })])
    expect(both.map((each) => each.statusCode).sort()).toEqual([200, 410])
  })

  it('refuses a link that is an hour old', async () => {
    const past = { now: () => new Date(Date.now() - 3_600_001) }
    const link = await createSignInLink({ ...parts(), clock: past })
    expect((await post('/auth/link', { token: tokenOf(link) })).statusCode).toBe(410)
  })
})

describe('sign-in', () => {
  it('keeps neither the password nor the token of a link as they are', async () => {
    const link = await createSignInLink(parts())
    const rows = await server.parts.database.script(
      `select (select string_agg("password", ' ') from auth.accounts) as passwords,
        (select string_agg(token_hash, ' ') from auth.links) as links`,
    )
    expect(rows[0]!.passwords).not.toContain('a long password')
    expect(rows[0]!.links).not.toContain(tokenOf(link))
  })

  it('refuses a wrong password in the words of the catalogue', async () => {
    const answer = await post('/auth/sign-in/email', { email: 'anna@example.se', password: 'not this one' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'access.signInFailed'])
  })

  it('takes no sign-up', async () => {
    const answer = await post('/auth/sign-up/email', { email: 'b@example.se', password: 'a long password' })
    expect(answer.statusCode).toBe(404)
  })

  it('refuses what comes from another site, and what a plain form could send', async () => {
    const elsewhere = await post(
      '/auth/sign-out',
      {},
      { host: 'localhost:4000', origin: 'https://evil.example' },
    )
    expect(elsewhere.json().error.code).toBe('request.crossSite')
    const unknown = await post('/auth/sign-out', {}, { host: 'localhost:4000' })
    expect(unknown.json().error.code).toBe('request.crossSite')
    const form = await server.app.inject({
      method: 'POST',
      url: '/auth/sign-out',
      payload: 'a=b',
      headers: { ...own, 'content-type': 'text/plain' },
    })
    expect(form.json().error.code).toBe('request.unsupportedType')
  })

  it('ends with sign-out', async () => {
    const came = await post('/auth/link', { token: tokenOf(await createSignInLink(parts())) })
    const cookie = cookieOf(came)
    expect((await post('/auth/sign-out', {}, { ...own, cookie })).statusCode).toBe(200)
    const session = await server.app.inject({ url: '/auth/get-session', headers: { cookie } })
    expect(session.json()).toBe(null)
  })

  it('opens a session of its own, whatever cookie somebody has put there before', async () => {
    const planted = 'samklang.session_token=planted.planted'
    const came = await post(
      '/auth/link',
      { token: tokenOf(await createSignInLink(parts())) },
      { ...own, cookie: planted },
    )
    const next = await post(
      '/auth/link',
      { token: tokenOf(await createSignInLink(parts())) },
      { ...own, cookie: cookieOf(came) },
    )
    expect(new Set([planted, cookieOf(came), cookieOf(next)]).size).toBe(3)
    const who = async (cookie: string) =>
      (await server.app.inject({ url: '/auth/get-session', headers: { cookie } })).json()
    expect(await who(planted)).toBe(null)
    expect((await who(cookieOf(next))).user.email).toBe('anna@example.se')
  })

  it('by a link ends every other session when a new password is chosen', async () => {
    const session = async () =>
      cookieOf(await post('/auth/link', { token: tokenOf(await createSignInLink(parts())) }))
    const [stolen, mine] = [await session(), await session()]
    const chosen = await post('/auth/password', { password: 'a long password' }, { ...own, cookie: mine })
    expect(chosen.statusCode).toBe(200)
    const who = async (cookie: string) =>
      (await server.app.inject({ url: '/auth/get-session', headers: { cookie } })).json()
    expect(await who(stolen)).toBe(null)
    expect((await who(mine)).user.email).toBe('anna@example.se')
  })

  it('lets nobody set a password without having come by a link lately', async () => {
    const login = { email: 'anna@example.se', password: 'a long password' }
    const cookie = cookieOf(await post('/auth/sign-in/email', login))
    const answer = await post('/auth/password', { password: 'another password' }, { ...own, cookie })
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'access.denied'])
    const wrong = { currentPassword: 'not this one', newPassword: 'another password' }
    expect((await post('/auth/change-password', wrong, { ...own, cookie })).statusCode).toBe(401)
    const right = { currentPassword: login.password, newPassword: 'another password' }
    expect((await post('/auth/change-password', right, { ...own, cookie })).statusCode).toBe(200)
  })

  it('is tried at most ten times a minute from one address', async () => {
    const tries = []
    for (let each = 0; each < 12; each++) {
      const payload = { email: 'anna@example.se', password: `guess number ${each}` }
      const request = { method: 'POST', url: '/auth/sign-in/email', payload, headers: own } as const
      const answer = await server.app.inject({ ...request, remoteAddress: '10.1.1.1' })
      tries.push(answer)
    }
    expect(tries.filter((each) => each.statusCode === 401)).toHaveLength(10)
    const last = tries.at(-1)!
    expect([last.statusCode, last.json().error.code]).toEqual([429, 'request.tooMany'])
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0)
  })
})
