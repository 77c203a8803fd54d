import { describe, expect, it } from 'vitest'
import type { AskResult } from '../../src/insight/ask.ts'
import { askCsv } from '../../src/insight/csv.ts'

const result: AskResult = {
  ask: { metric: 'csat', by: ['customer.state'] },
  metric: { id: 'csat', kind: 'csat', label: 'CSAT', unit: 'percent' },
  fields: [{ id: 'customer.state', label: 'State', type: 'category', labels: {} }],
  total: { by: [], n: 3, value: 50, interval: [10, 90] },
  rows: [
    { by: ['SP, "south"'], n: 2, value: 55.5, interval: [10, 90], mean: 3.25, p: 0.5, pAdjusted: 0.5 },
    { by: ['=HYPERLINK("x")'], n: 1, value: null, interval: null, withheld: 'tooFew' },
    { by: [null], n: 0, value: null, interval: null },
  ],
  truncated: false,
  watermark: '2026-01-01T00:00:00.000Z',
  version: 'v1',
}

describe('an answer as CSV', () => {
  it('has one line a row, quoted where needed, and no text that a spreadsheet would run', () => {
    expect(askCsv(result)).toBe(
      [
        'customer.state,n,csat,low,high,mean,p,pAdjusted,change,changeP,withheld',
        '"SP, ""south""",2,55.5,10,90,3.25,0.5,0.5,,,',
        `"'=HYPERLINK(""x"")",1,,,,,,,,,tooFew`,
        ',0,,,,,,,,,',
        '',
      ].join('\r\n'),
    )
  })

  it('has the total when there are no groups', () => {
    const lines = askCsv({ ...result, fields: [], rows: [] }).split('\r\n')
    expect(lines[1]).toBe('3,50,10,90,,,,,')
  })

  it('says why there is no interval where a score is of one answer alone', () => {
    const row = { by: ['RJ'], n: 1, value: 100, interval: null, noInterval: 'tooFew' as const }
    const [head, first, second] = askCsv({ ...result, rows: [row, result.rows[0]!] }).split('\r\n')
    expect(head).toBe('customer.state,n,csat,low,high,noInterval,mean,p,pAdjusted,change,changeP,withheld')
    expect(first).toBe('RJ,1,100,,,tooFew,,,,,,')
    expect(second).toBe('"SP, ""south""",2,55.5,10,90,,3.25,0.5,0.5,,,')
  })
})
