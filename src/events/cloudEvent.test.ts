import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../base/errors.ts'
import { isStorable, readCloudEvent } from './cloudEvent.ts'

const now = new Date('2026-03-01T12:00:00Z')
const good = {
  specversion: '1.0',
  id: '17',
  source: 'shop',
  type: 'order.placed',
  time: '2026-03-01T10:30:00+01:00',
  data: { order: 'A1' },
}

const refusal = (incoming: unknown): Refusal => {
  try {
    readCloudEvent(incoming, now)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('was taken')
}

describe('a CloudEvent', () => {
  it('is read with its time in UTC', () => {
    expect(readCloudEvent(good, now).time).toBe('2026-03-01T09:30:00.000Z')
  })

  it('without a time happened when it arrived', () => {
    expect(readCloudEvent({ ...good, time: undefined }, now).time).toBe(now.toISOString())
  })

  it.each([
    ['is no object', 'text', ''],
    ['has another version', { ...good, specversion: '0.3' }, 'specversion'],
    ['has no id', { ...good, id: undefined }, 'id'],
    ['has an endless id', { ...good, id: 'x'.repeat(513) }, 'id'],
    ['has an empty source', { ...good, source: '' }, 'source'],
    ['has a type that is no text', { ...good, type: 7 }, 'type'],
    ['has a time that is none', { ...good, time: '2026-02-31' }, 'time'],
    ['names a day that no month has', { ...good, time: '2026-02-31T10:00:00Z' }, 'time'],
    [
      'has a key that reaches into JavaScript',
      { ...good, data: JSON.parse('{"a":{"__proto__":1}}') },
      'data',
    ],
    ['has data in base 64', { ...good, data: undefined, data_base64: 'AA==' }, 'data'],
    ['has data that is a list', { ...good, data: [] }, 'data'],
    ['is not JSON inside', { ...good, datacontenttype: 'text/xml' }, 'datacontenttype'],
    ['holds a NUL', { ...good, data: { note: 'a\u0000b' } }, 'data'],
    ['has an id with a NUL', { ...good, id: 'a\u0000b' }, 'id'],
    ['has a subject with half a surrogate pair', { ...good, subject: '\ud83d' }, 'subject'],
    ['holds half a surrogate pair', { ...good, data: { note: '\ud83d' } }, 'data'],
  ])('is refused when it %s', (_, incoming, where) => {
    const { code, faults } = refusal(incoming)
    expect(code).toBe('event.malformed')
    if (where) expect(faults.map((fault) => fault.where)).toContain(where)
  })

  it('from the future is refused, and a day of clock skew is not', () => {
    expect(refusal({ ...good, time: '2026-03-02T12:00:01Z' }).code).toBe('event.future')
    expect(readCloudEvent({ ...good, time: '2026-03-02T11:59:00Z' }, now).id).toBe('17')
  })

  it('is taken or refused, and never fails otherwise, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({ ...Object.fromEntries(Object.keys(good).map((key) => [key, fc.anything()])) }),
        ),
        (incoming) => {
          try {
            readCloudEvent(incoming, now)
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal)
          }
        },
      ),
    )
  })
})

describe('text that the store cannot hold', () => {
  it('is told from text that only looks like it', () => {
    expect(isStorable('\\u0000 written out')).toBe(true)
    expect(isStorable('C:\\ud83d')).toBe(true)
    expect(isStorable('😀')).toBe(true)
    expect(isStorable({ deep: ['a\u0000'] })).toBe(false)
    expect(isStorable('\\\u0000')).toBe(false)
  })
})
