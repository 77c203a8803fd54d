import { describe, expect, it } from 'vitest'
import { askText } from '../../../../src/insight/askText.ts'
import { parseAsk } from '../../../../src/insight/parse.ts'
import type { Ask } from '../api/wire.ts'
import { grainOf, spanOf } from './period.ts'
import { commandLine, tidy } from './write.ts'

const asks: Ask[] = [
  { metric: 'csat' },
  { metric: 'nps', by: ['unit.market', 'visit.kind@frozen'], limit: 12 },
  { metric: 'csat', where: `customer.state == 'SP' && order.price > 100.0`, over: 'month' },
  { metric: 'answered', from: '2025-01-01', to: '2026-01-01', compare: 'previous' },
]

describe('an Ask written as text', () => {
  for (const ask of asks) {
    it(`is read back by the server's parser: ${askText(ask)}`, () => {
      expect(parseAsk(askText(ask))).toEqual(ask)
    })
  }

  it('is one argument for a shell, also with quotation marks in it', () => {
    expect(commandLine({ metric: 'csat', where: `customer.state == 'SP'` })).toBe(
      `samklang ask 'csat where customer.state == '\\''SP'\\'''`,
    )
  })

  it('leaves out what is empty', () => {
    expect(tidy({ metric: 'csat', by: [], where: '', from: '' })).toEqual({ metric: 'csat' })
  })
})

describe('a period', () => {
  const end = new Date('2026-03-31T15:00:00Z')

  it('includes its last day and names the day after as its end', () => {
    expect(spanOf('days30', end)).toEqual({ from: '2026-03-02', to: '2026-04-01' })
    expect(spanOf('months12', end)).toEqual({ from: '2025-04-01', to: '2026-04-01' })
    expect(spanOf('all', end)).toEqual({})
  })

  it('is cut in a number of points that can be read', () => {
    expect(grainOf(spanOf('days30', end))).toBe('day')
    expect(grainOf(spanOf('days90', end))).toBe('week')
    expect(grainOf(spanOf('months12', end))).toBe('month')
    expect(grainOf({ from: '2016-01-01', to: '2026-01-01' })).toBe('quarter')
  })
})
