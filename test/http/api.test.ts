import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, roles, scopes } from '../../src/base/principal.ts'
import type { Product } from '../../src/cli/product.ts'
import { push } from '../../src/cli/program.ts'
import { placeMember } from '../../src/people/members.ts'
import { type Columns, openColumns } from '../../src/storage/columns.ts'
import { delivered } from '../program.ts'
import { rightProgram } from '../rightProgram.ts'
import { ask, fromOwnPage, startTestServer, type TestServer } from '../server.ts'

let server: TestServer
let owner: Record<string, string>
let facts: Columns
let shops: Awaited<ReturnType<TestServer['workspace']>>
let others: Awaited<ReturnType<TestServer['workspace']>>
beforeAll(async () => {
  facts = openColumns({ folder: mkdtempSync(join(tmpdir(), 'facts-')) })
  server = await startTestServer({ columns: facts })
  // The owner, whom the workspaces made later do not concern.
  owner = await server.signIn()
  shops = await server.workspace('Shops')
  others = await server.workspace('Others')
  await ask(server, shops.key, 'POST', '/v1/events', [delivered('1', 'malmo'), delivered('2', 'bergen')])
  await ask(server, others.key, 'POST', '/v1/events', [delivered('9', 'malmo')])
})
afterAll(async () => {
  await server.close()
  await facts.close()
})

const documented = () => {
  const document = server.app.swagger() as unknown as {
    openapi: string
    paths: Record<string, Record<string, { security?: object[]; summary?: string; description?: string }>>
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return { document, operations }
}

describe('every route under /v1', () => {
  it('declares what it asks for, and is refused to a stranger', async () => {
    const { operations } = documented()
    const own = operations.filter(({ path }) => path.startsWith('/v1/'))
    expect(own.length).toBeGreaterThan(25)
    const open: string[] = []
    for (const { path, method, operation } of own) {
      if (operation.security!.length === 0) {
        open.push(path)
        continue
      }
      const url = path.replace(/\{\w+\}/g, '00000000-0000-8000-8000-000000000000')
      const answer = await server.app.inject({ method: method.toUpperCase() as 'GET', url })
      expect([method, path, answer.statusCode]).toEqual([method, path, 401])
    }
    expect(open.sort()).toEqual(['/v1/openapi.json', '/v1/program/schema.json'])
  })

  it('is refused to a key of no scope, and to one of every scope but its own', async () => {
    const none = await server.key(shops.workspaceId, [])
    const without = new Map<string, string>()
    for (const scope of scopes) {
      // Whoever may read may ask for numbers too.
      const rest = scopes.filter((each) => each !== scope && !(scope === 'ask:read' && each === 'read'))
      without.set(scope, await server.key(shops.workspaceId, rest))
    }
    const { operations } = documented()
    const seen = new Set<string>()
    for (const { path, method, operation } of operations.filter((each) => each.path.startsWith('/v1/'))) {
      if (operation.security!.length === 0) continue
      const url = path.replace(/\{\w+\}/g, '00000000-0000-8000-8000-000000000000')
      const asked = async (key: string) => {
        const headers = { authorization: `Bearer ${key}` }
        const answer = await server.app.inject({ method: method.toUpperCase() as 'GET', url, headers })
        return [method, path, answer.statusCode, answer.json().error?.code]
      }
      const [, scope] = /Asks for the scope (\S+)\.$/.exec(operation.description ?? '') ?? []
      if (scope === undefined) {
        // Of people alone, or of whoever is known; what the latter gives is told to any key.
        const forPeople = operation.security!.every((each) => 'session' in each)
        const refused = [method, path, 403, 'access.denied']
        expect(await asked(none)).toEqual(forPeople ? refused : [method, path, 200, undefined])
        continue
      }
      seen.add(scope)
      expect(await asked(none)).toEqual([method, path, 403, 'access.denied'])
      expect(await asked(without.get(scope)!)).toEqual([method, path, 403, 'access.denied'])
    }
    expect([...seen].sort()).toEqual([...scopes].sort())
  })

  it('is in the document with a summary, and nothing else is', async () => {
    const answer = await server.app.inject('/v1/openapi.json')
    expect(answer.json().openapi).toBe('3.1.0')
    const { operations } = documented()
    expect(operations.filter(({ operation }) => !operation.summary)).toEqual([])
    const page = await server.app.inject('/docs/api')
    for (const { path } of operations) expect(page.body).toContain(path)
    expect(page.body).not.toMatch(/<script|src=|https?:\/\/(?!localhost)/)
  })
})

describe('a query parameter that an address does not know', () => {
  it('is refused with those it knows, on every route', async () => {
    const { operations } = documented()
    const own = operations.filter(({ path }) => /^\/(v1|auth)\//.test(path))
    for (const { path, method, operation } of own) {
      const url = `${path.replace(/\{\w+\}/g, '00000000-0000-8000-8000-000000000000')}?nowhere=1`
      const parameters = (
        (operation as { parameters?: Array<{ in: string; name: string }> }).parameters ?? []
      )
        .filter((each) => each.in === 'query')
        .map(({ name }) => name)
      const needsPerson = operation.security?.every((each) => 'session' in each)
      const headers = { ...(needsPerson ? owner : { authorization: `Bearer ${shops.key}` }), ...fromOwnPage }
      const payload = method === 'get' || method === 'delete' ? {} : { payload: {} }
      const answer = await server.app.inject({
        method: method.toUpperCase() as 'GET',
        url,
        headers,
        ...payload,
      })
      const told = answer.json().error
      expect([method, path, answer.statusCode, told?.faults?.[0]?.where]).toEqual([
        ...[method, path, 400],
        'querystring/nowhere',
      ])
      for (const name of parameters) expect(told.message).toContain(name)
    }
  })

  it('is told with the one that was meant; the workspace may be named on each', async () => {
    const answer = await ask(server, shops.key, 'GET', '/v1/customers?serch=kim')
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.faults).toEqual([
      { where: 'querystring/serch', message: 'there is no such parameter; did you mean "search"?' },
    ])
    for (const url of [
      '/v1/customers?workspace=shops',
      '/v1/loop?workspace=shops&compare=previous&over=month',
    ])
      expect([url, (await ask(server, shops.key, 'GET', url)).statusCode]).toEqual([url, 200])
    expect((await server.app.inject('/healthz?probe=1')).statusCode).toBe(200)
  })
})

it('a push that is refused leaves no empty workspace behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-push-'))
  writeFileSync(join(folder, 'broken.yaml'), 'samklang: 1\nworkspace: { name: Nobody, languages: [xx] }\n')
  const io = { out: () => {}, err: () => {}, isTerminal: false, folder }
  const product = { parts: server.parts } as unknown as Product
  await expect(push(['broken.yaml'], io, product)).rejects.toMatchObject({ code: 'program.invalid' })
  rmSync(folder, { recursive: true })
  const made = await server.parts.database.script(
    `select 1 from samklang.workspaces where name in ('Nobody', 'Workspace')`,
  )
  expect(made).toEqual([])
})

describe('a field that a body does not know', () => {
  it('is refused by every address, since what is passed over looks as if it were done', async () => {
    const document = (await server.app.inject('/v1/openapi.json')).json()
    const open: string[] = []
    interface Schema {
      properties?: Record<string, Schema>
      additionalProperties?: unknown
      anyOf?: Schema[]
      items?: Schema
    }
    const look = (schema: Schema, where: string) => {
      if (schema.properties && schema.additionalProperties !== false) open.push(where)
      for (const [name, each] of Object.entries(schema.properties ?? {})) look(each, `${where}.${name}`)
      for (const each of [schema.anyOf ?? [], schema.items ?? []].flat()) look(each, where)
    }
    for (const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths))
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const body = requestBody as { content?: Record<string, { schema: Schema }> }
        const [content] = Object.values(body?.content ?? {})
        // CloudEvents have attributes of their own.
        if (content && path !== '/v1/events') look(content.schema, `${method} ${path}`)
      }
    expect(open).toEqual([])
  })

  it('is told with those it knows', async () => {
    const url = 'https://crm.example.org/hooks'
    const made = await ask(server, shops.key, 'POST', '/v1/webhooks', { url, events: ['case.opened'] })
    const { webhookId } = made.json()
    const answer = await ask(server, shops.key, 'PUT', `/v1/webhooks/${webhookId}`, { active: true })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.faults).toEqual([
      {
        where: 'body/active',
        message: 'there is no such field; known are url, description, events, unitKey, state',
      },
    ])
    await ask(server, shops.key, 'DELETE', `/v1/webhooks/${webhookId}`)
  })
})

describe('a program that has gaps', () => {
  it('is put in force, and told of them, as by the check alone', async () => {
    const files = [
      {
        path: 'program.yaml',
        text: rightProgram.replace('sv: Leverans', 'sv: "Besök av {employee.name} idag"'),
      },
    ]
    const gaps = await server.workspace('Gaps')
    const checked = (await ask(server, gaps.key, 'POST', '/v1/program/check', { files })).json()
    expect(checked.faults).toEqual([])
    expect(checked.warnings).toMatchObject([
      { file: 'program.yaml', message: expect.stringContaining('{employee.name}') },
    ])
    const pushed = (await ask(server, gaps.key, 'PUT', '/v1/program', { files })).json()
    expect(pushed).toMatchObject({ changed: true, checkWarnings: checked.warnings })
  })
})

describe('the document', () => {
  type Json = { [key: string]: Json } | Json[] | string | number | boolean | null
  /** Every object in the document, with where it stands. */
  function objects(value: Json, at = '#'): Array<{ at: string; value: { [key: string]: Json } }> {
    if (typeof value !== 'object' || value === null) return []
    if (Array.isArray(value)) return value.flatMap((each, index) => objects(each, `${at}/${index}`))
    return [{ at, value }, ...Object.entries(value).flatMap(([key, each]) => objects(each, `${at}/${key}`))]
  }

  it('is OpenAPI 3.1: references lead somewhere, parameters are declared, schemas are JSON Schema 2020-12', async () => {
    const document = (await server.app.inject('/v1/openapi.json')).json()
    expect(Object.keys(document.paths)).toContain('/v1/ask')
    const all = objects(document)
    const resolve = (reference: string) =>
      reference
        .slice(2)
        .split('/')
        .reduce((found, key) => found?.[key], document)
    const dangling = all.filter(({ value }) => typeof value.$ref === 'string' && !resolve(value.$ref))
    expect(dangling).toEqual([])
    const earlier = all.filter(({ value }) => Array.isArray(value.items) || 'nullable' in value)
    expect(earlier.map(({ at }) => at)).toEqual([])
    for (const { path, method, operation } of documented().operations) {
      const { parameters = [], responses = {} } = operation as unknown as {
        parameters?: Array<{ in: string; name: string; required?: boolean }>
        responses?: Record<string, { description?: string; $ref?: string }>
      }
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = parameters
        .filter((each) => each.in === 'path' && each.required)
        .map((each) => each.name)
      expect([method, path, declared.sort()]).toEqual([method, path, named.sort()])
      for (const [status, response] of Object.entries(responses)) {
        expect(status).toMatch(/^[1-5](\d\d|XX)$/)
        expect(response.description ?? response.$ref).toBeTruthy()
      }
    }
    for (const { value } of all) if (value.type === 'object' && value.properties) Compile(value)
  })
})

describe('a workspace', () => {
  it('sees nothing of another', async () => {
    const mine = (await ask(server, shops.key, 'GET', '/v1/customers')).json()
    expect(mine.items.map((each: { name: string }) => each.name).sort()).toEqual(['Customer 1', 'Customer 2'])
    const [theirs] = (await ask(server, others.key, 'GET', '/v1/customers')).json().items
    const answer = await ask(server, shops.key, 'GET', `/v1/customers/${theirs.id}`)
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'thing.unknown'])
  })

  it('cannot be chosen by somebody who is no member of it', async () => {
    const anna = await server.signIn('anna@example.se')
    await placeMember(
      server.parts.database,
      server.parts.clock,
      shops.workspaceId,
      { email: 'anna@example.se' },
      { role: 'viewer' },
    )
    expect((await ask(server, anna, 'GET', '/v1/program')).statusCode).toBe(200)
    const answer = await ask(server, { ...anna, 'samklang-workspace': others.slug }, 'GET', '/v1/program')
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'workspace.unknown'])
  })
})

describe('long work', () => {
  it('that has not gone on for a minute and a half is told as stopped, until it is finished', async () => {
    const { database, clock } = server.parts
    const told = async (secondsAgo: number, complete: boolean) => {
      await database.inWorkspace(shops.workspaceId, (tx) =>
        tx.query(
          `insert into progress (workspace_id, work, state, changed_at) values ($1, 'replay', $2, $3)
           on conflict (workspace_id, work) do update set state = excluded.state, changed_at = excluded.changed_at`,
          [
            shops.workspaceId,
            JSON.stringify({ taken: 31, total: 100, complete }),
            new Date(clock.now().getTime() - secondsAgo * 1000),
          ],
        ),
      )
      const { items } = (await ask(server, shops.key, 'GET', '/v1/progress')).json()
      return items.map(({ done, finished, stopped }: Record<string, unknown>) => [done, finished, stopped])
    }
    expect(await told(80, false)).toEqual([[31, false, false]])
    expect(await told(100, false)).toEqual([[31, false, true]])
    expect(await told(100, true)).toEqual([[31, true, false]])
  })
})

describe('a role', () => {
  const uuid = '00000000-0000-8000-8000-000000000000'
  const tries: Array<['GET' | 'POST' | 'PUT' | 'DELETE', string, object | undefined, Role[]]> = [
    ['GET', '/v1/program', undefined, [...roles]],
    ['GET', '/v1/progress', undefined, [...roles]],
    ['GET', '/v1/cases', undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['POST', `/v1/cases/${uuid}/take`, { revision: 1 }, ['admin', 'cxLead', 'unitManager', 'employee']],
    ['GET', `/v1/cases/${uuid}`, undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['POST', `/v1/cases/${uuid}/close`, { revision: 1 }, ['admin', 'cxLead', 'unitManager', 'employee']],
    ['GET', '/v1/responses', undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['GET', `/v1/responses/${uuid}`, undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['POST', '/v1/responses', [], ['admin', 'cxLead']],
    ['GET', '/v1/customers', undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['GET', `/v1/customers/${uuid}`, undefined, ['admin', 'cxLead', 'analyst', 'unitManager', 'employee']],
    ['GET', '/v1/sources', undefined, ['admin', 'cxLead', 'analyst']],
    ['GET', '/v1/kept-aside', undefined, ['admin', 'cxLead', 'analyst']],
    ['POST', `/v1/kept-aside/${uuid}/discard`, undefined, ['admin', 'cxLead']],
    ['POST', `/v1/kept-aside/${uuid}/replay`, {}, ['admin', 'cxLead']],
    ['GET', `/v1/mailbox/${uuid}`, undefined, ['admin', 'cxLead']],
    ['GET', '/v1/mailbox', undefined, ['admin', 'cxLead']],
    ['PUT', '/v1/program', { files: [{ path: 'a.yaml', text: 'x' }] }, ['admin', 'cxLead']],
    ['POST', '/v1/events', {}, ['admin', 'cxLead']],
    ['GET', '/v1/members', undefined, ['admin']],
    ['GET', '/v1/api-keys', undefined, ['admin']],
    ['POST', '/v1/members', { email: 'no address' }, ['admin']],
    ['POST', '/v1/api-keys', { name: '' }, ['admin']],
    ['DELETE', `/v1/api-keys/${uuid}`, undefined, ['admin']],
  ]
  it.each(tries)('may %s %s when it is one of those that may', async (method, url, body, allowed) => {
    const { database, clock } = server.parts
    const may: Role[] = []
    for (const role of roles) {
      const email = `${role.toLowerCase()}@example.se`
      const unit = role === 'unitManager' || role === 'employee' ? { unitKey: 'malmo' } : {}
      await placeMember(database, clock, shops.workspaceId, { email }, { role, ...unit })
      people[role] ??= await server.signIn(email)
      const answer = await ask(server, people[role], method, url, body)
      if (answer.statusCode !== 403) may.push(role)
      else expect(answer.json().error.code).toBe('access.denied')
    }
    expect(may).toEqual(allowed)
  })
  const people: Partial<Record<Role, Record<string, string>>> = {}
})

describe('a session', () => {
  it('is told who it is and what it may do', async () => {
    const lead = await server.signIn('lead@example.se')
    const before = (await ask(server, lead, 'GET', '/v1/me')).json()
    expect(before).toMatchObject({ workspace: null, role: null, scopes: [], passwordNeeded: true })
    const where = { role: 'unitManager', unitKey: 'se' } as const
    await placeMember(
      server.parts.database,
      server.parts.clock,
      shops.workspaceId,
      { email: 'lead@example.se' },
      where,
    )
    const me = (await ask(server, lead, 'GET', '/v1/me')).json()
    expect(me).toMatchObject({ workspace: { slug: 'shops' }, role: 'unitManager', unitKey: 'se' })
    expect(me.scopes).not.toContain('data:read')
  })

  it('is not needed by a key to be told what it is', async () => {
    const key = await server.key(shops.workspaceId, ['ask:read'], 'se')
    const bearer = { authorization: `Bearer ${key}` }
    const me = await ask(server, bearer, 'GET', '/v1/me')
    expect(me.json()).toEqual({
      key: { id: expect.any(String), name: 'test' },
      workspace: { slug: 'shops', name: expect.any(String) },
      scopes: ['ask:read'],
      unitKey: 'se',
    })
    const workspaces = await ask(server, bearer, 'GET', '/v1/workspaces')
    expect([workspaces.statusCode, workspaces.json().error.code]).toEqual([403, 'access.denied'])
    expect(workspaces.json().error.message).toContain('people who have signed in')
    const unknown = await ask(server, { authorization: 'Bearer sk_none' }, 'GET', '/v1/me')
    expect(unknown.json().error.code).toBe('access.signInNeeded')
  })

  it('changes nothing for a page of another site', async () => {
    const admin = await server.signIn('admin@example.se')
    const url = '/v1/program/check'
    const body = { files: [{ path: 'a.yaml', text: 'samklang: 1' }] }
    expect((await ask(server, admin, 'POST', url, body)).statusCode).toBe(200)
    for (const origin of ['https://evil.example', 'null', `${fromOwnPage.origin}.evil.example`]) {
      const answer = await ask(server, { ...admin, origin }, 'POST', url, body)
      expect([origin, answer.statusCode, answer.json().error.code]).toEqual([
        origin,
        403,
        'request.crossSite',
      ])
    }
    const { origin: _, ...without } = admin
    expect((await ask(server, without, 'POST', url, body)).statusCode).toBe(403)
    const same = { ...without, 'sec-fetch-site': 'same-origin' }
    expect((await ask(server, same, 'POST', url, body)).statusCode).toBe(200)
    const simple = await server.app.inject({
      method: 'POST',
      url,
      payload: JSON.stringify(body),
      headers: { ...admin, 'content-type': 'text/plain' },
    })
    expect(simple.statusCode).toBe(415)
  })

  it('makes a workspace of its own', async () => {
    const admin = await server.signIn('admin@example.se')
    const made = await ask(server, admin, 'POST', '/v1/workspaces', { name: 'Nordmark Bygg' })
    expect([made.statusCode, made.json()]).toEqual([201, { slug: 'nordmark-bygg', name: 'Nordmark Bygg' }])
    const again = await ask(server, admin, 'POST', '/v1/workspaces', { name: 'Nordmark Bygg' })
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'workspace.exists'])
    const empty = await ask(server, { ...admin, 'samklang-workspace': 'nordmark-bygg' }, 'GET', '/v1/program')
    expect([empty.statusCode, empty.json().error.code]).toEqual([409, 'program.missing'])
    const viewer = await server.signIn('viewer@example.se')
    expect((await ask(server, viewer, 'POST', '/v1/workspaces', { name: 'More' })).statusCode).toBe(403)
  })
})

describe('an API key', () => {
  it('that may read may ask for numbers, and nothing more', async () => {
    const key = await server.key(shops.workspaceId, ['read'])
    const me = (await ask(server, key, 'GET', '/v1/program')).statusCode
    for (const over of ['decade', 5, null]) {
      const refused = await ask(server, key, 'POST', '/v1/ask', { metric: 'csat', over })
      expect(refused.json().error.faults).toEqual([
        { where: 'body/over', message: 'must be one of day, week, month, quarter, year' },
      ])
    }
    const asked = await ask(server, key, 'POST', '/v1/ask', { metric: 'csat' })
    const customers = await ask(server, key, 'GET', '/v1/customers')
    expect([me, asked.statusCode, customers.statusCode]).toEqual([200, 200, 403])
  })

  it('does what its scopes say, until it is revoked', async () => {
    const made = await ask(server, shops.key, 'POST', '/v1/api-keys', { name: 'reader', scopes: ['read'] })
    expect(made.statusCode).toBe(201)
    const { key, apiKey } = made.json()
    expect(key).toMatch(/^sk_[\w-]{43}$/)
    expect((await ask(server, key, 'GET', '/v1/program')).statusCode).toBe(200)
    expect((await ask(server, key, 'GET', '/v1/customers')).statusCode).toBe(403)
    const listed = (await ask(server, shops.key, 'GET', '/v1/api-keys')).json().items
    expect(listed.find((each: { keyId: string }) => each.keyId === apiKey.keyId).lastUsedAt).not.toBe(null)
    expect(JSON.stringify(listed)).not.toContain(key)
    expect((await ask(server, shops.key, 'DELETE', `/v1/api-keys/${apiKey.keyId}`)).statusCode).toBe(200)
    expect((await ask(server, key, 'GET', '/v1/program')).statusCode).toBe(401)
  })

  it('is guessed at most 120 times a minute', async () => {
    const codes = new Set<string>()
    for (let guess = 0; guess < 122; guess++) {
      const answer = await server.app.inject({
        url: '/v1/program',
        headers: { authorization: `Bearer sk_${guess}` },
        remoteAddress: '10.9.9.9',
      })
      codes.add(answer.json().error.code)
    }
    expect([...codes]).toEqual(['access.signInNeeded', 'request.tooMany'])
  })
})

describe('members', () => {
  it('are added with a link, moved, and never left without an administrator', async () => {
    const place = { role: 'unitManager', unitKey: 'malmo' }
    const admin = await ask(server, others.key, 'POST', '/v1/members', {
      email: 'eva@example.se',
      role: 'admin',
    })
    expect(admin.statusCode).toBe(201)
    expect(admin.json().link).toContain('/sign-in?link=')
    const bo = await ask(server, others.key, 'POST', '/v1/members', { email: 'Bo@example.se', ...place })
    expect(bo.json().member).toMatchObject({ email: 'bo@example.se', unitKey: 'malmo' })
    const { userId } = bo.json().member
    const noUnit = await ask(server, others.key, 'PUT', `/v1/members/${userId}`, { role: 'employee' })
    expect(noUnit.json().error.faults[0].where).toBe('body/unitKey')
    const wrong = { role: 'employee', unitKey: 'oslo' }
    expect((await ask(server, others.key, 'PUT', `/v1/members/${userId}`, wrong)).statusCode).toBe(400)
    const stranger = { role: 'analyst', employeeKey: 'ghost' }
    const nobody = await ask(server, others.key, 'PUT', `/v1/members/${userId}`, stranger)
    expect([nobody.statusCode, nobody.json().error.faults[0].where]).toEqual([400, 'body/employeeKey'])
    // Who has given no name goes by the employee's.
    const known = await ask(server, others.key, 'PUT', `/v1/members/${userId}`, {
      ...place,
      employeeKey: 'karin',
    })
    expect([bo.json().member.name, known.json().name]).toEqual(['', 'Karin'])
    const moved = await ask(server, others.key, 'PUT', `/v1/members/${userId}`, { role: 'analyst' })
    expect(moved.json()).toMatchObject({ role: 'analyst', unitKey: null })
    const last = await ask(server, others.key, 'PUT', `/v1/members/${admin.json().member.userId}`, {
      role: 'viewer',
    })
    expect([last.statusCode, last.json().error.code]).toEqual([403, 'access.denied'])
  })

  it('get no link for an account that is in use elsewhere', async () => {
    const first = await ask(server, shops.key, 'POST', '/v1/members', {
      email: 'max@example.se',
      role: 'viewer',
    })
    expect(first.json().link).toContain('/sign-in?link=')
    const second = await ask(server, others.key, 'POST', '/v1/members', {
      email: 'max@example.se',
      role: 'viewer',
    })
    expect([second.statusCode, second.json().link]).toEqual([201, null])
  })
})

describe('the program', () => {
  it('is read with ids, and without fields of personal data', async () => {
    const program = (await ask(server, shops.key, 'GET', '/v1/program')).json()
    expect(program.fields.map((each: { id: string }) => each.id)).toEqual([
      'customer.state',
      'order.price',
      'order.outcome',
      'answers.delivery.parcel',
    ])
    expect(program.metrics).toEqual([{ id: 'csat', kind: 'csat', label: 'csat', target: 85 }])
    const version = await ask(server, shops.key, 'GET', `/v1/program/versions/${program.version}`)
    expect(version.json().files).toEqual(program.files)
    expect((await ask(server, shops.key, 'GET', '/v1/program/versions/abcdef')).statusCode).toBe(404)
  })

  it('with faults is refused line by line', async () => {
    const files = [{ path: 'a.yaml', text: 'samklang: 2\n' }]
    const checked = (await ask(server, shops.key, 'POST', '/v1/program/check', { files })).json()
    expect(checked.faults[0]).toMatchObject({ file: 'a.yaml', line: 1 })
    const put = await ask(server, shops.key, 'PUT', '/v1/program', { files })
    expect([put.statusCode, put.json().error.code]).toEqual([422, 'program.invalid'])
  })
})
