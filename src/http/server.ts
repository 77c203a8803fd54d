// For: the HTTP edge. It registers each domain's routes and adds what all of them share.
// In: the parts of the product (stores, clock, programs …) and the settings of the edge.
// Out: a Fastify server, not yet listening: errors by the catalogue, access, limits, documents, portal.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import compress from '@fastify/compress'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import { answerUnreadable, isPersonal } from '../responses/routes.ts'
import { registerAccess } from './access.ts'
import { registerBodies } from './bodies.ts'
import { answerError } from './errors.ts'
import { registerHealth } from './health.ts'
import { registerApiDocument } from './openapi.ts'
import { registerPortal } from './portal.ts'
import { registerQueries } from './query.ts'
import { type RouteParts, registerRoutes } from './routes.ts'
import { registerSecurity } from './security.ts'
import { createSignIn } from './signIn.ts'

export interface ServerParts extends RouteParts {
  log: Log
}

export interface ServerConfig {
  publicUrl: string
  /** At least 32 characters; signs the session cookies. */
  secret: string
  trustProxy: boolean
  /** Of the built portal. */
  portalFolder?: string
}

const mebibyte = 1_048_576
const builtPortal = join(import.meta.dirname, '../../dist/portal')

/** Builds the server; the caller listens and closes. Closing takes no more requests and finishes those under way. */
export async function createServer(parts: ServerParts, config: ServerConfig): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // One line for each request is written below, with the route and not the address: addresses hold tokens.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: mebibyte,
    trustProxy: config.trustProxy,
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    // An address that cannot be read is refused before there are routes, and in the same form; to customers as a page.
    frameworkErrors: (error, request, reply) =>
      isPersonal(request.url) ? answerUnreadable(request, reply) : answerError(error, request, reply),
    ajv: { customOptions: { strict: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Schemas of answers document them; a test holds every answer against them. Serving filters nothing.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler(answerError)
  registerBodies(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  // A connection that is kept for a next request would hold up the end of the process.
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, id } = request
    const line = { requestId: id, method, route: routeOptions.url ?? 'unknown', status: reply.statusCode }
    request.log.info({ ...line, ms: Math.round(reply.elapsedTime) }, 'request')
  })

  await registerSecurity(app, config.publicUrl)
  await app.register(compress, { threshold: 1_400, encodings: ['br', 'gzip'], globalDecompression: false })
  const signIn = createSignIn(parts.database, config)
  const access = registerAccess(app, { ...parts, signIn })
  registerQueries(app)
  await registerApiDocument(app, config.publicUrl)
  registerHealth(app, parts)
  await registerRoutes(app, parts, { signIn, forgetKeys: access.forgetKeys })
  await registerPortal(app, config.portalFolder ?? builtPortal)
  await app.ready()
  return app
}
