import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/base/errors.ts'
import { askText } from '../../src/insight/askText.ts'
import { parseAsk } from '../../src/insight/parse.ts'

describe('the text form of an Ask', () => {
  it('has all parts, in any order', () => {
    const text =
      'csat by customer.state, order.outcome@frozen where order.price > 100 over month from 2017-01-01 to 2018-01-01 compare previous limit 10'
    const ask = {
      metric: 'csat',
      by: ['customer.state', 'order.outcome@frozen'],
      where: 'order.price > 100',
      over: 'month',
      from: '2017-01-01',
      to: '2018-01-01',
      compare: 'previous',
      limit: 10,
    }
    expect(parseAsk(text)).toEqual(ask)
    expect(askText(parseAsk(text))).toBe(text)
    expect(parseAsk('csat limit 10 to 2018-01-01 over month by unit')).toEqual({
      metric: 'csat',
      by: ['unit'],
      over: 'month',
      to: '2018-01-01',
      limit: 10,
    })
  })

  it('may be the metric alone', () => expect(parseAsk(' nps ')).toEqual({ metric: 'nps' }))

  it('takes no keyword out of a condition', () => {
    const where = `order.note == "over month" && (customer.from == 'x to 3' || unit in ["by", "limit 3"]) && visit.to > 3`
    expect(parseAsk(`csat where ${where} over week`)).toEqual({ metric: 'csat', where, over: 'week' })
  })

  for (const [text, message] of [
    ['', 'begins with the name of a metric'],
    ['by unit', 'begins with'],
    ['csat bye customer.state', 'did you mean "by"?'],
    ['csat over fortnight', 'day, week, month, quarter, year'],
    ['csat over month over week', 'stands twice'],
    ['csat compare next', 'followed by "previous"'],
    ['csat by unit, order.kind, order.size', 'at most 2 fields, not 3'],
  ] as const) {
    it(`refuses "${text}"`, () => {
      const parsed = () => parseAsk(text)
      expect(parsed).toThrow(Refusal)
      expect(parsed).toThrow(message)
    })
  }
})
