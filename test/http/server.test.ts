import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../src/base/errors.ts'
import { startTestServer, type TestServer } from '../server.ts'

let server: TestServer
const folder = mkdtempSync(join(tmpdir(), 'portal-'))
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Portal</title>')
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'export {}')
  server = await startTestServer({ portalFolder: folder })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('the edge', () => {
  it('is healthy, and ready when the stores answer', async () => {
    expect((await server.app.inject('/healthz')).json()).toEqual({ ok: true })
    const ready = await server.app.inject('/readyz')
    expect(ready.json()).toEqual({ ready: true, truth: true, facts: true })
  })

  it('says of an unknown address that there is nothing', async () => {
    const answer = await server.app.inject('/v1/nothing')
    expect(answer.statusCode).toBe(404)
    expect(answer.json().error.code).toBe('thing.unknown')
    expect((await server.app.inject({ method: 'POST', url: '/elsewhere' })).statusCode).toBe(404)
  })

  it('allows no inline script and no foreign origin', async () => {
    const csp = String((await server.app.inject('/docs/api')).headers['content-security-policy'])
    expect(csp).toContain("script-src 'self';")
    expect(csp).toContain("default-src 'self';")
    expect(csp).not.toContain('http')
  })

  it('serves the portal for a page of it, and lets its hashed files be kept', async () => {
    const page = await server.app.inject({ url: '/cases', headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Portal')
    expect(page.headers['cache-control']).toBe('no-cache')
    const icon = await server.app.inject('/favicon.ico')
    expect([icon.statusCode, icon.headers.location]).toEqual([308, '/favicon.svg'])
    const file = await server.app.inject('/assets/app-1.js')
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const missing = await server.app.inject({ url: '/assets/gone.js', headers: { accept: 'text/html' } })
    expect(missing.statusCode).toBe(404)
  })
})

// Each from an address of its own: sign-in counts tries by address.
let senders = 0
const send = (payload: string | Buffer, type = 'application/json', encoding?: string) =>
  server.app.inject({
    method: 'POST',
    url: '/auth/link',
    payload,
    remoteAddress: `10.1.0.${++senders}`,
    headers: {
      ...{ 'content-type': type, origin: 'http://localhost:80', host: 'localhost' },
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
  })

describe('a compressed body', () => {
  const text = Buffer.from('{"token":"none"}')
  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', text],
  ])('in %s is read as what it was', async (encoding, packed) => {
    const answer = await send(packed, undefined, encoding)
    expect([answer.statusCode, answer.json().error.code]).toEqual([410, 'access.linkSpent'])
  })

  it.each([
    ['in another encoding', text, 'compress', 415, 'request.unsupportedType'],
    ['in none there is', text, 'toString', 415, 'request.unsupportedType'],
    ['that is none', text, 'gzip', 400, 'request.malformed'],
    ['that is cut off', gzipSync(text).subarray(0, 20), 'gzip', 400, 'request.malformed'],
  ])('%s is refused', async (_what, packed, encoding, status, code) => {
    const answer = await send(packed, undefined, encoding)
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code])
  })

  it('that inflates to a gigabyte is let go of at the first megabyte', async () => {
    // Joined, gzip files inflate one behind the other.
    const bomb = Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * 1_048_576))))
    expect(bomb.length).toBeLessThan(1_100_000)
    const began = process.cpuUsage()
    const answer = await send(bomb.subarray(0, 1_048_000), undefined, 'gzip')
    const { user, system } = process.cpuUsage(began)
    expect([answer.statusCode, answer.json().error.code]).toEqual([413, 'request.tooLarge'])
    // Inflating all of it takes more than a second of processor time.
    expect((user + system) / 1000).toBeLessThan(300)
  })
})

describe('a body is refused', () => {
  it.each([
    ['that is no JSON', '{"token": ', 'application/json', 400, 'request.malformed'],
    ['that is empty', '', 'application/json', 400, 'request.malformed'],
    [
      'that is not UTF-8',
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      'application/json',
      400,
      'request.malformed',
    ],
    ['in another charset', '{}', 'application/json; charset=utf-16', 415, 'request.unsupportedType'],
    ['of another type', 'token=1', 'application/x-www-form-urlencoded', 415, 'request.unsupportedType'],
    ['above 1 MiB', `"${'x'.repeat(1_048_576)}"`, 'application/json', 413, 'request.tooLarge'],
    [
      'with a key of JavaScript',
      '{"token":"a","__proto__":{}}',
      'application/json',
      400,
      'request.malformed',
    ],
    ['with an unknown member', '{"token":"a","more":1}', 'application/json', 400, 'request.malformed'],
    ['with a NUL', '{"token":"\\u0000"}', 'application/json', 410, 'access.linkSpent'],
  ])('%s', async (_what, payload, type, status, code) => {
    const answer = await send(payload, type)
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code])
  })

  it('whose address cannot be read is refused in the same form', async () => {
    const answer = await server.app.inject({ url: '/v1/%ff' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'request.malformed'])
  })

  it.each([
    ['/s/%ff', 'Länken leder inte till någon enkät'],
    ['/u/%ff?x=1', 'Länken'],
  ])(
    'whose address %s cannot be read is answered a customer by a page in their language',
    async (url, title) => {
      const answer = await server.app.inject({ url, headers: { 'accept-language': 'sv' } })
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
      expect(answer.body).toContain(`<h1>${title}`)
    },
  )
})

describe('the catalogue of errors', () => {
  it('is the one that docs/errors.md lists', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
    const listed = [...page.matchAll(/^\| `([\w.]+)` +\| (\d{3}) +\| (.+?) +\|$/gm)].map((row) =>
      row.slice(1),
    )
    const expected = Object.entries(catalogue).map(([code, { status, message }]) => [
      code,
      String(status),
      message,
    ])
    expect(listed).toEqual(expected)
  })
})
