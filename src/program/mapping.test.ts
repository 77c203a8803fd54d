import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../base/errors.ts'
import { checkProgram, faultLines } from './check.ts'
import { type CloudEvent, mapEvent, mapEvents } from './mapping.ts'

const text = `
samklang: 1
workspace: { name: Shop, languages: [en], timeZone: America/Sao_Paulo }
contacts: { fields: { state: { type: category, values: [SP, RJ] }, vip: { type: boolean } } }
accounts: { fields: { tier: { type: text } } }
units:
  levels: [market]
  list: [{ key: south, level: market, name: South }]
transactions:
  order:
    fields:
      price: { type: number }
      items: { type: number }
      promisedAt: { type: time }
      note: { type: text }
events:
  order.placed:
    about: order
    fields: { channel: { type: text } }
    map:
      contact: { key: data.customer.id, name: data.customer.name, email: data.customer.email, language: data.customer.language, fields: { state: data.customer.state, vip: data.customer.vip } }
      account: { key: data.company.id, parent: data.company.parent, fields: { tier: '"gold"' } }
      unit: data.unit
      employee: data.seller
      transaction:
        key: data.order.id
        fields: { price: data.order.price, items: $count(data.order.lines), promisedAt: data.order.promised, note: data.order.lines.note }
      fields: { channel: $uppercase(data.channel) }
  page.viewed:
    map: { contact: { key: data.who } }
touchpoints: { delivery: { name: Delivery } }
metrics: {}
surveys: {}
`
const { program, faults } = checkProgram([{ path: 'p.yaml', text }])
if (!program) throw new Error(faultLines(faults))

const event = (data: unknown, type = 'order.placed'): CloudEvent => ({
  specversion: '1.0',
  id: '1',
  source: 'shop',
  type,
  data,
})
const orderWith = (fields: Record<string, unknown>) => event({ order: { id: 'o1', ...fields } })
const faultsOf = async (given: CloudEvent) => {
  const refused = await mapEvent(program, given).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refusal)
  return (refused as Refusal).faults
}

describe('an event is mapped', () => {
  it('to the parts the program declares, by path and by expression', async () => {
    const mapped = await mapEvent(
      program,
      event({
        customer: {
          id: 7,
          name: ' Ada ',
          email: 'ada@example.org',
          language: 'nn-NO',
          state: 'SP',
          vip: 'yes',
        },
        company: { id: 'acme', parent: 'group' },
        unit: 'south',
        seller: 's1',
        channel: 'web',
        order: {
          id: 'o1',
          price: '12.50',
          lines: [{ note: 'a' }, { sku: 1 }],
          promised: '2026-03-01 09:30:00',
        },
      }),
    )
    expect(mapped).toEqual({
      type: 'order.placed',
      fields: { channel: 'WEB' },
      contact: {
        key: '7',
        name: 'Ada',
        email: 'ada@example.org',
        language: 'nb',
        account: 'acme',
        fields: { state: 'SP', vip: true },
      },
      account: { key: 'acme', parent: 'group', fields: { tier: 'gold' } },
      unit: 'south',
      employee: 's1',
      transaction: {
        type: 'order',
        key: 'o1',
        fields: { price: 12.5, items: 2, promisedAt: '2026-03-01T12:30:00.000Z', note: 'a' },
      },
    })
  })

  it('without what the event does not tell', async () => {
    const mapped = await mapEvent(
      program,
      event({ order: { id: 'o1', price: '', promised: null } }, 'order.placed'),
    ).catch((refusal: Refusal) => refusal.faults)
    // tier is the same for every account, but here there is none to have it.
    expect(mapped).toEqual([
      { where: 'account.key', message: 'expected the key of the account, found nothing' },
    ])
  })

  it.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:00.1234+02:00', '2026-03-01T07:30:00.123Z'],
    ['2026-03-01T09:30:00-0330', '2026-03-01T13:00:00.000Z'],
    ['2026-03-01 09:30:00', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01 09:30', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01', '2026-03-01T03:00:00.000Z'],
    // Summer time in São Paulo until 2019.
    ['2018-01-01 00:00:00', '2018-01-01T02:00:00.000Z'],
  ])('with the time %s as %s', async (given, stored) => {
    const data = { order: { id: 'o1', promised: given }, company: { id: 'a' } }
    expect((await mapEvent(program, event(data))).transaction?.fields.promisedAt).toBe(stored)
  })
})

describe('an event is refused', () => {
  it.each([
    [{ price: 'abc' }, 'expected a number, found "abc"'],
    [{ price: '12,50' }, 'expected a number, found "12,50"'],
    [{ price: {} }, 'expected a number, found an object'],
    [{ price: [1, 2] }, 'expected a number, found a list'],
    [{ price: true }, 'expected a number, found true'],
    [{ promised: 'soon' }, 'expected a time such as 2026-03-01T09:30:00Z, found "soon"'],
    [
      { promised: '2026-02-30T00:00:00Z' },
      'expected a time such as 2026-03-01T09:30:00Z, found "2026-02-30T00:00:00Z"',
    ],
    [{ promised: '0001-01-01' }, 'expected a time such as 2026-03-01T09:30:00Z, found "0001-01-01"'],
    [{ promised: 1700000000 }, 'expected a time such as 2026-03-01T09:30:00Z, found 1700000000'],
    [{ lines: { note: 'a\u0000b' } }, 'expected text of valid Unicode, found "a\u0000b"'],
    [
      { lines: { note: 'x'.repeat(10_001) } },
      /^expected a text of at most 10000 characters, found "x{37}…"$/,
    ],
  ])('when a value is not of its type: %j', async (fields, message) => {
    const found = (await faultsOf(orderWith(fields))).filter((fault) => fault.where !== 'account.key')
    expect(found).toEqual([
      { where: expect.stringContaining('transaction.fields.'), message: expect.anything() },
    ])
    if (typeof message === 'string') expect(found[0]?.message).toBe(message)
    else expect(found[0]?.message).toMatch(message)
  })

  it.each([
    [{ customer: { id: 'c', state: 'XX' } }, 'contact.fields.state', 'expected one of SP, RJ, found "XX"'],
    [{ customer: { id: 'c', email: 'a b@c' } }, 'contact.email', 'expected an e-mail address, found "a b@c"'],
    [{ customer: { id: 'c', email: 'a@b\nBcc: x@y' } }, 'contact.email', /e-mail/],
    [{ customer: { id: 'c', language: '1' } }, 'contact.language', /language/],
    [{ customer: { name: 'Ada' } }, 'contact.key', 'expected the key of the contact, found nothing'],
    [{ customer: { id: 'x'.repeat(201) } }, 'contact.key', /at most 200/],
    [{ unit: 'north' }, 'unit', 'expected the key of a unit of the program, found "north"'],
    [{ channel: 3 }, 'fields.channel', /^the expression fails: /],
    [{ order: {} }, 'transaction.key', 'expected the key of the order, found nothing'],
  ])('with the reason: %j', async (data, where, message) => {
    const found = await faultsOf(event({ order: { id: 'o1' }, company: { id: 'a' }, ...data }))
    expect(found.map((fault) => fault.where)).toEqual([where])
    expect(found[0]?.message).toMatch(message)
  })

  it('when its type is not declared, with the nearest one', async () => {
    await expect(mapEvent(program, event({}, 'order.place'))).rejects.toThrow(
      'The program knows no event type "order.place"; did you mean "order.placed"?',
    )
    await expect(mapEvent(program, event({}, 'constructor'))).rejects.toThrow('no event type "constructor"')
  })

  it('and hinders no other of its batch', async () => {
    const batch = [
      event({ who: 'a' }, 'page.viewed'),
      event({}, 'nothing'),
      event({ who: 'b' }, 'page.viewed'),
    ]
    const results = await mapEvents(program, batch)
    expect(results.map((each) => (each instanceof Refusal ? each.code : each.contact?.key))).toEqual([
      'a',
      'event.unknownType',
      'b',
    ])
  })

  it('or mapped, whatever it holds: it never throws, and what comes out is of its declared type', async () => {
    const keys = fc.constantFrom(
      ...[
        'customer',
        'company',
        'order',
        'id',
        'key',
        'name',
        'email',
        'language',
        'state',
        'vip',
        'unit',
        'seller',
      ],
      ...['channel', 'price', 'promised', 'lines', 'note', 'parent', 'constructor', '__proto__', 'toString'],
    )
    const { data } = fc.letrec((tie) => ({
      data: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('o1', 'south', 'SP', 'yes', '12.5', '2026-03-01', 'sv', 'a@b', '', null, 7, true),
        fc.jsonValue({ maxDepth: 1 }),
        fc.string({ unit: 'binary' }),
        fc.array(tie('data'), { maxLength: 3 }),
        fc.dictionary(keys, tie('data'), { maxKeys: 8 }),
      ),
    }))
    const right = fc.record({
      order: fc.record({ id: fc.constant('o1') }),
      company: fc.record({ id: fc.constant('a') }),
    })
    const events = fc.array(
      fc.oneof(
        data,
        fc.tuple(right, fc.dictionary(keys, data)).map(([a, b]) => ({ ...b, ...a })),
      ),
      { minLength: 1, maxLength: 5 },
    )
    let mappedOnes = 0
    await fc.assert(
      fc.asyncProperty(events, async (batch) => {
        const results = await mapEvents(
          program,
          batch.map((each) => event(each)),
        )
        expect(results).toHaveLength(batch.length)
        for (const result of results) {
          if (result instanceof Refusal) {
            expect(result.faults.length).toBeGreaterThan(0)
            continue
          }
          mappedOnes++
          expect(JSON.stringify(result)).not.toContain('\\u0000')
          const { price, items, promisedAt, note } = result.transaction?.fields ?? {}
          for (const number of [price, items]) expect(['undefined', 'number']).toContain(typeof number)
          if (promisedAt !== undefined) expect(new Date(promisedAt as string).toISOString()).toBe(promisedAt)
          expect(['undefined', 'string']).toContain(typeof note)
          expect([undefined, 'SP', 'RJ']).toContain(result.contact?.fields.state)
        }
      }),
      { numRuns: 200 },
    )
    expect(mappedOnes).toBeGreaterThan(20)
  })

  it('when an expression never ends', async () => {
    const endless = text.replace('$uppercase(data.channel)', "'($f := function($n) { $f($n + 1) }; $f(1))'")
    const looping = checkProgram([{ path: 'p.yaml', text: endless }]).program
    const [result] = await mapEvents(looping!, [event({ order: { id: 'o1' }, company: { id: 'a' } })])
    expect(result).toBeInstanceOf(Refusal)
  })
})
