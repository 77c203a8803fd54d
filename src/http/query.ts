import type { FastifyInstance } from 'fastify'
import { Refusal } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'

/** Refuses a query parameter that the address does not know: a misspelt filter that is passed over gives an answer to
 * another question. What an address knows is what its schema declares. Pages for people are left alone, since mail
 * programs add parameters of their own, and so are probes.
 */
export function registerQueries(app: FastifyInstance) {
  app.addHook('preValidation', async (request) => {
    const { url = '', schema } = request.routeOptions
    if (!/^\/(v1|auth)\//.test(url)) return
    const declared = (schema?.querystring ?? {}) as { properties?: object }
    const known = Object.keys(declared.properties ?? {})
    const query = (request.query ?? {}) as Record<string, unknown>
    // In which workspace is asked has been read with who asks, and is no business of the route.
    if (!known.includes('workspace')) delete query.workspace
    const unknown = Object.keys(query).filter((name) => !known.includes(name))
    if (unknown.length === 0) return
    const faults = unknown.slice(0, 20).map((name) => {
      const told = known.length > 0 ? suggestion(name, known) : '; this address has none'
      return { where: `querystring/${name.slice(0, 80)}`, message: `there is no such parameter${told}` }
    })
    const listed = known.length > 0 ? `It knows ${known.join(', ')}.` : 'It knows none.'
    throw new Refusal(
      'request.malformed',
      `There is no parameter ${unknown[0]!.slice(0, 80)}. ${listed}`,
      faults,
    )
  })
}
