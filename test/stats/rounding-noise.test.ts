import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutRoundingNoise } from '../../src/stats/rounding-noise.ts'

describe('a sum without the noise of rounding', () => {
  it('is what it is on paper', () => {
    expect(0.7 + 0.1).not.toBe(0.8)
    expect(withoutRoundingNoise(0.7 + 0.1, 0.8)).toBe(0.8)
    expect(withoutRoundingNoise(0.1 + 0.2 - 0.3, 0.6)).toBe(0)
    expect(Object.is(withoutRoundingNoise(-1e-17, 0.6), 0)).toBe(true)
    expect(withoutRoundingNoise(1e9 + 0.1 - 1e9, 2e9)).toBeCloseTo(0.1, 2)
  })
  it('of cents is the number that the cents are written as, whatever their order', () => {
    const cents = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(cents, (all) => {
        const amounts = all.map((cent) => cent / 100)
        const sum = amounts.reduce((total, amount) => total + amount, 0)
        const size = amounts.reduce((total, amount) => total + Math.abs(amount), 0)
        const exact = all.reduce((total, cent) => total + cent, 0) / 100
        expect(withoutRoundingNoise(sum, size)).toBe(exact + 0)
      }),
    )
  })
  it('keeps twelve digits, and what it cannot judge', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const size = Math.abs(value)
        expect(Math.abs(withoutRoundingNoise(value, size) - value)).toBeLessThanOrEqual(1e-11 * size)
      }),
    )
    expect(withoutRoundingNoise(5e-324, 5e-324)).toBe(5e-324)
    expect(withoutRoundingNoise(3, 0)).toBe(3)
  })
})
