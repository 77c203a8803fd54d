import { describe, expect, it } from 'vitest'
import { askText } from '../../../../src/insight/askText.ts'
import { parseAsk } from '../../../../src/insight/parse.ts'
import type { Ask } from '../api/wire.ts'
import { axisEnds, type MetricShape, scaleOf } from '../parts/scale.ts'
import { en } from '../words/en.ts'
import { formats } from '../words/format.ts'
import { sv } from '../words/sv.ts'
import { valueName } from './fields.ts'
import { leadOf } from './lead.ts'
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
    expect(spanOf('days30', end, 'UTC')).toEqual({ from: '2026-03-02', to: '2026-04-01' })
    expect(spanOf('months12', end, 'UTC')).toEqual({ from: '2025-04-01', to: '2026-04-01' })
    expect(spanOf('all', end, 'UTC')).toEqual({})
  })

  it('ends with the day that it is where the workspace is', () => {
    const night = new Date('2026-11-22T23:30:00Z')
    expect(spanOf('days30', night, 'Europe/Stockholm')).toEqual({ from: '2026-10-25', to: '2026-11-24' })
    expect(spanOf('days30', night, 'America/New_York').to).toBe('2026-11-23')
  })

  it('is cut in a number of points that can be read', () => {
    expect(grainOf(spanOf('days30', end, 'UTC'))).toBe('day')
    expect(grainOf(spanOf('days90', end, 'UTC'))).toBe('week')
    expect(grainOf(spanOf('months12', end, 'UTC'))).toBe('month')
    expect(grainOf({ from: '2016-01-01', to: '2026-01-01' })).toBe('quarter')
  })
})

describe('a headline', () => {
  const change = (value: number, p: number) => ({ value, p, interval: null })

  it('of few answers says how many they are, whatever changed', () => {
    expect(leadOf({ faint: true, change: change(20, 0.001) })).toBe('few')
    expect(leadOf({ faint: true })).toBe('few')
  })

  it('says what is real, and only that', () => {
    expect(leadOf({})).toBe('only')
    expect(leadOf({ change: change(9, 0.2) })).toBe('steady')
    expect(leadOf({ change: change(9, 0.01) })).toBe('rose')
    expect(leadOf({ change: change(-9, 0.01) })).toBe('fell')
  })
})

describe('an axis', () => {
  const percent: MetricShape = { id: 'csat', kind: 'csat', label: 'CSAT', unit: 'percent' }
  const ends = (unit: MetricShape['unit'], min: number, max: number) => {
    const axis = axisEnds({ ...percent, unit })
    return [axis.min?.({ min, max }), axis.max?.({ min, max })]
  }

  it('of shares ends at 100 and not beyond, and starts at 0 and not below', () => {
    expect(ends('percent', 3, 98)).toEqual([0, 100])
    expect(ends('percent', 45, 98)).toEqual([40, 100])
    expect(ends('percent', 41, 62)).toEqual([null, null])
  })

  it('of an NPS goes from -100 to 100 when it comes near either', () => {
    expect(ends('points', -90.5, 40)).toEqual([-100, 100])
    expect(ends('points', -20, 63)).toEqual([null, null])
  })

  it('of a mean is left to the chart, and its bar goes over the scale of its question', () => {
    expect(ends('mean', 1, 10)).toEqual([undefined, undefined])
    expect(scaleOf({ ...percent, unit: 'mean', scale: [1, 7] }, [3])).toEqual([1, 7])
  })

  it('of hours begins at none, and its bars end with the largest that is shown', () => {
    expect(scaleOf({ ...percent, unit: 'mean' }, [128.7, 150.9])).toEqual([0, 150.9])
  })
})

describe('a mean', () => {
  const { metric, range, signed } = formats('en', en)

  it('has two decimals, and near 0 two digits that say something', () => {
    expect([4.123, 0.5, 0.0123, 0.00041, 0].map((value) => metric(value, 'mean'))).toEqual([
      '4.12',
      '0.50',
      '0.012',
      '0.00041',
      '0.00',
    ])
    expect([12.34, 0.0123].map((value) => metric(value, 'mean', 1))).toEqual(['12.3', '0.012'])
    expect(signed(-0.0123, 'mean')).toBe('−0.012')
  })

  it('has as many at both ends of its interval', () => {
    expect(range([0.004, 0.0211], 'mean', 1)).toBe('0.004 to 0.021')
    expect(range([0.04, 12.3], 'mean', 1)).toBe('0.0 to 12.3')
  })
})

describe('a value of a declared field', () => {
  it('is shown by its label in the language of the page, others as they come', () => {
    const field = {
      id: 'customer.size',
      type: 'category' as const,
      labels: { rest: { en: 'Rest', sv: 'Övriga' }, large: 'XL' },
    }
    const inSwedish = formats('sv', sv)
    const shown = ['rest', 'large', 'constructor', 'small'].map((value) => valueName(field, value, inSwedish))
    expect(shown).toEqual(['Övriga', 'XL', 'constructor', 'small'])
  })
})
