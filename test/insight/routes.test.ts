import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type FastifyInstance, fastify } from 'fastify'
import Value from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AskResultSchema } from '../../src/insight/ask.ts'
import { project } from '../../src/insight/project.ts'
import { askRoutes } from '../../src/insight/routes.ts'
import { openWorkspace, putResponse, visitProgram, ws } from './workspace.ts'

let place: Awaited<ReturnType<typeof openWorkspace>>
let app: FastifyInstance
let unitKey: string | undefined

beforeAll(async () => {
  place = await openWorkspace(visitProgram())
  await place.database.inWorkspace(ws, async (tx) => {
    await putResponse(tx, { id: 'north', unit: 'se-north', answers: { satisfied: 5 } })
    await putResponse(tx, { id: 'west', unit: 'no-west', answers: { satisfied: 2 } })
  })
  await project(place.parts, ws)
  app = fastify()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRequest', async (request) => {
    request.principal = {
      kind: 'key',
      id: 'key',
      name: 'key',
      workspaceId: ws,
      scopes: ['ask:read'],
      ...(unitKey ? { unitKey } : {}),
    }
  })
  askRoutes(app, place.parts)
})
afterAll(async () => {
  await app.close()
  await place.close()
})

const post = (payload: object, headers = {}, address = '/v1/ask') =>
  app.inject({ method: 'POST', url: address, payload, headers })

describe('POST /v1/ask', () => {
  it('answers in the documented form, in the language asked for', async () => {
    const answer = await post(
      { metric: 'csat', by: ['unit'], over: 'month', compare: 'previous' },
      {},
      '/v1/ask?language=sv',
    )
    expect(answer.statusCode).toBe(200)
    const result = answer.json()
    expect([...Value.Errors(AskResultSchema, result)]).toEqual([])
    expect(result.fields[0].label).toBe('Enhet')
    expect(result.total.n).toBe(2)
  })

  it('counts only the unit of the asker', async () => {
    unitKey = 'se'
    expect((await post({ metric: 'csat' })).json().total).toMatchObject({ n: 1, value: 100 })
    unitKey = undefined
  })

  it('gives CSV to who accepts it', async () => {
    const answer = await post({ metric: 'csat', by: ['unit'] }, { accept: 'text/csv' })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.body.split('\r\n')[0]).toMatch(/^unit,n,csat,/)
  })

  it('refuses what is no Ask', async () => {
    for (const body of [
      {},
      { metric: 5 },
      { metric: 'csat', by: ['a', 'b', 'c'] },
      { metric: 'csat', sql: 'x' },
    ]) {
      expect((await post(body)).statusCode).toBe(400)
    }
    expect((await post({ metric: 'csta' })).statusCode).toBe(422)
  })
})

describe('POST /v1/asks', () => {
  it('answers each by itself, in the order asked, as POST /v1/ask does', async () => {
    const csat = { metric: 'csat', by: ['unit'] }
    const together = await post(
      [csat, { metric: 'nothing' }, { metric: 'responses' }],
      {},
      '/v1/asks?language=sv',
    )
    expect(together.statusCode).toBe(200)
    const { answers } = together.json()
    expect(answers[0].result).toEqual((await post(csat, {}, '/v1/ask?language=sv')).json())
    expect(answers[1].error).toMatchObject({ code: 'ask.invalid', status: 422 })
    expect(answers[2].result.metric.id).toBe('responses')
  })

  it('counts only the unit of the asker', async () => {
    unitKey = 'se'
    const { answers } = (await post([{ metric: 'csat' }], {}, '/v1/asks')).json()
    expect(answers[0].result.total).toMatchObject({ n: 1, value: 100 })
    unitKey = undefined
  })

  it('refuses none at all, too many, and what is no list of Asks', async () => {
    for (const body of [
      [],
      Array.from({ length: 51 }, () => ({ metric: 'csat' })),
      { metric: 'csat' },
      [5],
    ]) {
      expect((await post(body, {}, '/v1/asks')).statusCode).toBe(400)
    }
  })
})
