import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { hookDocuments } from '../channels/hooks/events.ts'
import { renderApiPage } from './apiPage.ts'
import { ErrorShape } from './errors.ts'

const projectFile = join(import.meta.dirname, '../../package.json')

type Operation = { responses: Record<string, unknown> }

const description =
  'Everything the portal does can be done here. Send an API key as a bearer token. Times are ISO 8601 in UTC. A query parameter that an address does not know is refused.'

/** The document made from the schemas that validate, at /v1/openapi.json, and a page to read it at /docs/api.
 * Only routes registered after this call are in it. */
export async function registerApiDocument(app: FastifyInstance, publicUrl: string) {
  const project = JSON.parse(readFileSync(projectFile, 'utf8')) as { version: string }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Samklang',
        version: project.version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, sk_…' },
          session: { type: 'apiKey', in: 'cookie', name: 'samklang.session_token' },
        },
        responses: {
          Refused: {
            description: 'A refusal; docs/errors.md lists the codes.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
          },
        },
        schemas: { Refusal: ErrorShape },
      },
    },
    transform: ({ schema, url, route }) => {
      const { scope } = route.config ?? {}
      // Pages for people, such as surveys, are no part of the API.
      if (scope === undefined) return { url, schema: { ...schema, hide: true } }
      const own = (schema ?? {}) as { description?: string }
      const asks =
        scope === 'public'
          ? ''
          : scope === 'known'
            ? 'For people and keys of any scope.'
            : scope === 'signedIn'
              ? 'For people who have signed in.'
              : `Asks for the scope ${scope}.`
      const security =
        asks === '' ? [] : scope === 'signedIn' ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }]
      const told = [own.description, asks].filter(Boolean).join(' ')
      return { url, schema: { ...own, ...(told ? { description: told } : {}), security } as never }
    },
    transformObject: (input) => {
      const document = 'openapiObject' in input ? input.openapiObject : input.swaggerObject
      for (const methods of Object.values(document.paths ?? {})) {
        for (const operation of Object.values(methods as Record<string, Operation>)) {
          operation.responses['4XX'] = { $ref: '#/components/responses/Refused' }
          operation.responses['5XX'] = { $ref: '#/components/responses/Refused' }
        }
      }
      return in2020({ ...document, webhooks: hookDocuments() })
    },
  })
  app.get(
    '/v1/openapi.json',
    {
      config: { scope: 'public' },
      schema: { tags: ['Documents'], summary: 'This document', response: { 200: Type.Unknown() } },
    },
    async () => app.swagger(),
  )
  app.get('/docs/api', { config: { scope: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderApiPage(app.swagger() as never)),
  )
}

/** Tuples as JSON Schema 2020-12 writes them, which OpenAPI 3.1 goes by: prefixItems, and not a list of items. */
function in2020<T>(value: T): T {
  if (Array.isArray(value)) return value.map(in2020) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]) => [key, in2020(each)] as const)
  const { items, additionalItems: _, ...rest } = Object.fromEntries(entries)
  if (!Array.isArray(items)) return Object.fromEntries(entries) as T
  return { ...rest, prefixItems: items, items: false } as T
}
