import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Values } from '../program/context.ts'
import { type Merged, mergeFields } from './merge.ts'

const empty = (): Merged => ({ fields: {}, times: {} })
const noon = '2026-03-01T12:00:00.000Z'
const later = '2026-03-01T13:00:00.000Z'

describe('the fields of a transaction', () => {
  it('keep the value of the later event, also when the earlier one arrives last', () => {
    const order = empty()
    mergeFields(order, { price: 90 }, later)
    expect(mergeFields(order, { price: 100, items: 2 }, noon)).toBe(true)
    expect(order.fields).toEqual({ price: 90, items: 2 })
  })

  it('do not change when the same event is told again', () => {
    const order = empty()
    mergeFields(order, { price: 90 }, noon)
    expect(mergeFields(order, { price: 90 }, noon)).toBe(false)
  })

  it('are the same in whatever order events arrive', () => {
    const value = fc.oneof(fc.integer(), fc.string(), fc.boolean())
    const fields = fc.dictionary(fc.constantFrom('price', 'items', 'state'), value)
    const time = fc.constantFrom(
      '2026-03-01T12:00:00.000Z',
      '2026-03-01T12:00:00.001Z',
      '2026-03-02T00:00:00.000Z',
    )
    const events = fc.array(fc.record({ fields, time }), { maxLength: 6 })
    fc.assert(
      fc.property(
        events.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([arrived, shuffled]) => {
          const [one, other] = [arrived, shuffled].map((list) => {
            const order = empty()
            for (const event of list) mergeFields(order, event.fields as Values, event.time)
            return order
          })
          expect(one).toEqual(other)
        },
      ),
    )
  })
})
