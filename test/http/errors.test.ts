import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { type FastifyBaseLogger, type FastifyError, type FastifyInstance, fastify } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerError } from '../../src/http/errors.ts'

describe('what fails while a request is answered', () => {
  let app: FastifyInstance
  let port: number
  const lines: string[] = []
  const leaving = Promise.withResolvers<void>()
  beforeAll(async () => {
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
    app = fastify({ loggerInstance: log as FastifyBaseLogger })
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const answer = answerError(error, request, reply)
      app.server.emit('answered')
      return answer
    })
    const fail = async () => {
      throw new Error('the tables are gone')
    }
    app.get('/', fail)
    app.post('/', fail)
    app.post('/left', async () => {
      await leaving.promise
      return fail()
    })
    // A real port: of a request that is injected other things are true.
    await app.listen({ port: 0, host: '127.0.0.1' })
    port = (app.server.address() as AddressInfo).port
  })
  afterAll(() => app.close())

  it('is told in the log with its reason, whether the request had a body or none', async () => {
    for (const init of [{}, { method: 'POST', body: '{"metric":"nps"}' }]) {
      lines.length = 0
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`http://127.0.0.1:${port}/`, { ...init, headers })
      expect([answer.status, await answer.json()]).toMatchObject([
        500,
        { error: { code: 'internal.failure' } },
      ])
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { msg: 'request failed', failure: { reason: 'the tables are gone' } },
      ])
    }
  })

  it('is no failure when whoever asked has left', async () => {
    lines.length = 0
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'POST /left HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    )
    const [, response] = await once(app.server, 'request')
    socket.destroy()
    await once(response, 'close')
    leaving.resolve()
    await once(app.server, 'answered')
    expect(lines).toEqual([])
  })
})
