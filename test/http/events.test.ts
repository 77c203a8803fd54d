import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivered } from '../program.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'

let server: TestServer
let shops: Awaited<ReturnType<TestServer['workspace']>>
beforeAll(async () => {
  server = await startTestServer()
  shops = await server.workspace('Shops')
})
afterAll(() => server.close())

const send = (payload: string | Buffer | object, headers: Record<string, string> = {}) =>
  server.app.inject({
    method: 'POST',
    url: '/v1/events',
    payload: payload as object,
    headers: { authorization: `Bearer ${shops.key}`, ...headers },
  })
const answerOf = (satisfaction: unknown) => ({
  source: 'elsewhere',
  externalId: 'twice',
  survey: 'delivery',
  answers: { satisfaction },
  answeredAt: '2026-03-02T10:00:00.000Z',
})
const keptAside = async () => (await ask(server, shops.key, 'GET', '/v1/kept-aside')).json()

describe('events come in', () => {
  it('one by one as JSON and as a structured event, and once is enough', async () => {
    const first = await send(delivered('a', 'malmo'))
    expect(first.json()).toEqual({
      receipts: [{ source: 'shop', id: 'delivered-a', status: 'recorded' }],
      recorded: 1,
      duplicate: 0,
      refused: 0,
    })
    const again = await send(JSON.stringify(delivered('a', 'malmo')), {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
    })
    expect(again.json()).toMatchObject({ recorded: 0, duplicate: 1 })
  })

  it('as a batch, in which a bad one is refused with its reason and the rest goes through', async () => {
    const { type: _, ...untyped } = delivered('c', 'malmo')
    const batch = [delivered('b', 'malmo'), untyped, { ...delivered('d', 'malmo'), type: 'order.lost' }, 7]
    const answer = await send(JSON.stringify(batch), {
      'content-type': 'application/cloudevents-batch+json',
    })
    expect(answer.statusCode).toBe(200)
    const { receipts, ...counts } = answer.json()
    expect(counts).toEqual({ recorded: 1, duplicate: 0, refused: 3 })
    expect(receipts.map((each: { code?: string }) => each.code)).toEqual([
      undefined,
      'event.malformed',
      'event.unknownType',
      'event.malformed',
    ])
  })

  it('in binary mode, with attributes in percent-encoded headers', async () => {
    const { data, ...attributes } = delivered('e', 'malmo')
    const headers = Object.fromEntries(
      Object.entries({ ...attributes, source: 'butik å' }).map(([name, value]) => [
        `ce-${name}`,
        encodeURIComponent(value),
      ]),
    )
    const answer = await send(JSON.stringify(data), { ...headers, 'content-type': 'application/json' })
    expect(answer.json().receipts).toEqual([{ source: 'butik å', id: 'delivered-e', status: 'recorded' }])
    const text = await send('not json', { ...headers, 'ce-id': 'text', 'content-type': 'text/plain' })
    expect(text.json().receipts[0]).toMatchObject({ id: 'text', status: 'refused', code: 'event.malformed' })
  })
})

describe('a request of events', () => {
  it('that is no JSON is refused, and kept aside as it came', async () => {
    const answer = await send('{"specversion": "1.0", ', { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'request.malformed'])
    const { items } = await keptAside()
    expect(items.map((each: { record: unknown }) => each.record)).toContain('{"specversion": "1.0", ')
  })

  it('that is not UTF-8 is refused, and no byte of it is lost', async () => {
    const latin = Buffer.from('{"data": "Malmö"}', 'latin1')
    const answer = await send(latin, { 'content-type': 'application/json' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'request.malformed'])
    const { items } = await keptAside()
    expect(items.map((each: { record: unknown }) => each.record)).toContain('{"data": "Malmö"}')
  })

  it.each([
    ['of another type', '<xml/>', 'application/xml', 415, 'request.unsupportedType'],
    ['in another charset', '{}', 'application/json; charset=latin1', 415, 'request.unsupportedType'],
    ['with no type at all', '{}', '', 415, 'request.unsupportedType'],
    ['above 1 MiB', `[${' '.repeat(1_048_576)}]`, 'application/json', 413, 'request.tooLarge'],
    ['of 1,001 events', `[${'1,'.repeat(1000)}1]`, 'application/json', 413, 'event.tooMany'],
    ['whose batch is no array', '{}', 'application/cloudevents-batch+json', 400, 'request.malformed'],
    ['nested without end', '['.repeat(500_000), 'application/json', 400, 'request.malformed'],
    ['that is empty', '', 'application/json', 400, 'request.malformed'],
  ])('%s is refused', async (_what, payload, type, status, code) => {
    const answer = await send(Buffer.from(payload), type ? { 'content-type': type } : {})
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code])
  })

  it('with text that no database holds is kept aside, and breaks nothing', async () => {
    const answer = await send(JSON.stringify([delivered('nul', 'malmo', { name: 'a\u0000b' })]), {
      'content-type': 'application/json',
    })
    expect(answer.json()).toMatchObject({ refused: 1, receipts: [{ code: 'event.malformed' }] })
  })
})

describe('whatever is sent', () => {
  const almost = fc.record(
    {
      specversion: fc.constantFrom<unknown>('1.0', '0.3', 1),
      id: fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)),
      source: fc.string({ unit: 'binary' }),
      type: fc.constantFrom('order.delivered', 'order.lost', '__proto__', 'constructor'),
      time: fc.oneof(fc.constant('2026-03-02T10:00:00Z'), fc.string(), fc.constant('2999-01-01T00:00:00Z')),
      data: fc.oneof(
        fc.record(
          { customer: fc.jsonValue(), shop: fc.jsonValue(), order: fc.jsonValue() },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )

  it('each item gets a receipt in its place, and what is refused is kept aside', async () => {
    const run = async (items: unknown[]) => {
      const answer = await send(JSON.stringify(items), { 'content-type': 'application/json' })
      expect([answer.statusCode, items.length]).toEqual([200, answer.json().receipts.length])
      for (const receipt of answer.json().receipts) {
        if (receipt.status === 'refused') expect(receipt.recordId).toMatch(/^[0-9a-f-]{36}$/)
      }
    }
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(almost, fc.jsonValue()), { maxLength: 8 }), run), {
      numRuns: 60,
    })
  })
})

describe('a record kept aside', () => {
  it('is mended and played again, or discarded', async () => {
    const { type: _, ...untyped } = delivered('mend', 'malmo')
    const [receipt] = (await send(untyped)).json().receipts
    const { recordId } = receipt
    const same = await ask(server, shops.key, 'POST', `/v1/kept-aside/${recordId}/replay`, {})
    expect(same.json().receipt).toMatchObject({ status: 'refused', recordId })
    const mended = { record: delivered('mend', 'malmo') }
    const played = await ask(server, shops.key, 'POST', `/v1/kept-aside/${recordId}/replay`, mended)
    expect(played.json().receipt).toMatchObject({ status: 'recorded', id: 'delivered-mend' })
    expect(
      (await ask(server, shops.key, 'POST', `/v1/kept-aside/${recordId}/replay`, mended)).statusCode,
    ).toBe(404)

    const [other] = (await send({ nothing: true })).json().receipts
    const before = (await keptAside()).total
    expect(
      (await ask(server, shops.key, 'POST', `/v1/kept-aside/${other.recordId}/discard`)).statusCode,
    ).toBe(200)
    expect((await keptAside()).total).toBe(before - 1)
    expect((await ask(server, shops.key, 'GET', '/v1/kept-aside?state=discarded')).json().total).toBe(1)
  })

  it.each([
    [
      'event',
      '/v1/events',
      { id: 'twice', source: 'shop' },
      { ...delivered('twice', 'malmo'), type: 'order.lost' },
    ],
    ['answer', '/v1/responses', { externalId: 'twice' }, answerOf('a parrot')],
  ])('keeps its id when its mended form is refused again: an %s', async (kind, url, bad, better) => {
    const good = kind === 'event' ? delivered('twice', 'malmo') : answerOf(4)
    const first = await ask(server, shops.key, 'POST', url, [bad])
    const { recordId } = first.json().receipts[0]
    const replay = async (record: unknown) =>
      (await ask(server, shops.key, 'POST', `/v1/kept-aside/${recordId}/replay`, { record })).json().receipt
    const shown = async () =>
      (await keptAside()).items.filter((each: { eventId: string }) => each.eventId?.includes('twice'))

    expect(await replay(better)).toMatchObject({ status: 'refused', recordId })
    const [mended, ...others] = await shown()
    expect([mended, others]).toMatchObject([{ recordId, record: better }, []])
    // Its sender tries the first form again: what was mended so far stays, with its reason.
    await ask(server, shops.key, 'POST', url, [bad])
    expect(await shown()).toEqual([mended])
    expect(await replay(good)).toMatchObject({ status: 'recorded' })
    expect(await shown()).toEqual([])
  })

  it('with a number no computer holds is kept with it, and fits no better when it is played again', async () => {
    const text = JSON.stringify(delivered('huge', 'malmo', { price: 1 })).replace(
      '"price":1',
      '"price":1e400',
    )
    const [receipt] = (await send(text, { 'content-type': 'application/cloudevents+json' })).json().receipts
    expect(receipt).toMatchObject({ status: 'refused' })
    const kept = (await keptAside()).items.find(
      (each: { recordId: string }) => each.recordId === receipt.recordId,
    )
    expect(kept.record.data.price).toBe('Infinity')
    const url = `/v1/kept-aside/${receipt.recordId}/replay`
    const again = await ask(server, shops.key, 'POST', url, {})
    expect(again.json().receipt).toMatchObject({ status: 'refused' })
  })

  it('counts sources by type', async () => {
    const { sources } = (await ask(server, shops.key, 'GET', '/v1/sources')).json()
    expect(sources.find((each: { source: string }) => each.source === 'shop')).toMatchObject({
      type: 'order.delivered',
      events: 4,
    })
  })
})
