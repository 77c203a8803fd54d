import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../base/errors.ts'

/** Addresses that belong to the server; everything else may be a page of the portal. */
const served = /^\/(v1|auth|s|u|docs|assets|healthz|readyz)(\/|$)/

const asksForPage = (request: FastifyRequest) =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  (request.headers.accept ?? '').includes('text/html') &&
  !served.test(request.url.split('?')[0]!)

/** The built portal: files with a hash in their name are kept for a year, the page itself is asked for each time.
 * @param folder where it was built; without it unknown addresses are refused and nothing else changes
 */
export async function registerPortal(app: FastifyInstance, folder: string) {
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      // The page itself also stands at the root; without this the root is a folder, which is refused.
      index: 'index.html',
      cacheControl: false,
      setHeaders: (reply, path) => {
        const lasting = path.includes(`${sep}assets${sep}`)
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  // Browsers and bookmark services ask for this one whatever a page says.
  if (built) app.get('/favicon.ico', (_request, reply) => reply.redirect('/favicon.svg', 308))
  app.setNotFoundHandler((request, reply) => {
    if (built && asksForPage(request)) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    throw new Refusal('thing.unknown')
  })
}
