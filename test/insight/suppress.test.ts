import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AskRow } from '../../src/insight/ask.ts'
import { suppress } from '../../src/insight/suppress.ts'

const rows = (...ns: number[]): AskRow[] =>
  ns.map((n, i) => ({ by: [`g${i}`], n, value: n, interval: [0, 1], p: 0.1 }))
const shown = (all: AskRow[]) => all.map((row) => row.value)

describe('few answers about single people are hidden', () => {
  it('with everything they would tell', () => {
    const few = rows(3, 4, 9)
    suppress(few, 5)
    expect(few[0]).toEqual({ by: ['g0'], n: 3, value: null, interval: null, withheld: 'tooFew' })
    expect(shown(few)).toEqual([null, null, 9])
  })

  it('together with the next smallest where subtraction would tell them', () => {
    const one = rows(3, 8, 20)
    suppress(one, 5)
    expect(one.map((row) => row.withheld)).toEqual(['tooFew', 'protects', undefined])
  })

  it('and what is empty is told as empty, and hides nothing beside it', () => {
    const empty: AskRow = { by: ['none'], n: 0, value: null, interval: null, withheld: 'empty' }
    const all = [empty, ...rows(8, 20)]
    suppress(all, 5)
    expect(all.map((row) => row.withheld)).toEqual(['empty', undefined, undefined])
  })

  it('each period by itself', () => {
    const all = rows(3, 8, 9, 10).map((row, i) => ({ ...row, period: i < 2 ? 'a' : 'b' }))
    suppress(all, 5)
    expect(shown(all)).toEqual([null, null, 9, 10])
  })

  it('so that what is hidden together is never one small group, unless it is all there is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 12 }), (ns) => {
        const all = rows(...ns)
        suppress(all, 5)
        const hidden = all.filter((row) => row.withheld)
        const sum = hidden.reduce((total, row) => total + row.n, 0)
        expect(all.every((row) => row.n >= 5 || row.value === null)).toBe(true)
        if (hidden.length > 0 && hidden.length < all.length) {
          expect(hidden.length).toBeGreaterThan(1)
          expect(sum).toBeGreaterThanOrEqual(5)
        }
      }),
    )
  })
})
