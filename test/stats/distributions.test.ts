import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as d from '../../src/stats/distributions.ts'
import { expectClose, reference } from './reference.ts'

// R 4.2.2; test/reference/distributions.R holds the calls.
const stored = reference<Record<string, Record<string, number[]>>>('distributions')

function compare(
  name: string,
  column: string,
  inputs: string[],
  compute: (...args: number[]) => number,
): void {
  const table = stored[name]!
  table[column]!.forEach((expected, i) => {
    const args = inputs.map((input) => table[input]![i]!)
    // Denormal numbers have no digits to compare.
    expectClose(compute(...args), expected, 1e-10, 1e-300, `${name}.${column}(${args})`)
  })
}

describe('agrees with R to 1e-10 relative', () => {
  it('normal', () => {
    compare('normal', 'density', ['z'], d.normalDensity)
    compare('normal', 'cdf', ['z'], d.normalCdf)
    compare('normal', 'upper', ['z'], d.normalUpper)
    compare('normalQuantile', 'q', ['p'], d.normalQuantile)
  })
  it('Student t', () => {
    compare('student', 'twoSided', ['t', 'df'], d.studentTwoSided)
    compare('student', 'cdf', ['t', 'df'], d.studentCdf)
    compare('student', 'density', ['t', 'df'], d.studentDensity)
    compare('studentQuantile', 'q', ['p', 'df'], d.studentQuantile)
  })
  it('chi-square', () => {
    compare('chiSquare', 'cdf', ['x', 'df'], d.chiSquareCdf)
    compare('chiSquare', 'upper', ['x', 'df'], d.chiSquareUpper)
    compare('chiSquare', 'density', ['x', 'df'], d.chiSquareDensity)
    compare('chiSquareQuantile', 'q', ['p', 'df'], d.chiSquareQuantile)
  })
  it('F', () => {
    compare('fisher', 'cdf', ['f', 'df1', 'df2'], d.fisherCdf)
    compare('fisher', 'upper', ['f', 'df1', 'df2'], d.fisherUpper)
    compare('fisher', 'density', ['f', 'df1', 'df2'], d.fisherDensity)
    compare('fisherQuantile', 'q', ['p', 'df1', 'df2'], d.fisherQuantile)
  })
  it('log gamma and incomplete beta', () => {
    compare('lgamma', 'value', ['x'], d.lgamma)
    compare('beta', 'lower', ['a', 'b', 'x'], (a, b, x) => d.incompleteBeta(a, b, x).lower)
    compare('beta', 'upper', ['a', 'b', 'x'], (a, b, x) => d.incompleteBeta(a, b, x).upper)
  })
})

describe('quantile and distribution undo each other', () => {
  it('for any probability and degrees of freedom', () => {
    const p = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
    const df = fc.double({ min: 0.5, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(p, df, df, (p, a, b) => {
        expect(d.normalCdf(d.normalQuantile(p))).toBeCloseTo(p, 12)
        expect(d.studentCdf(d.studentQuantile(p, a), a)).toBeCloseTo(p, 11)
        expect(d.chiSquareCdf(d.chiSquareQuantile(p, a), a)).toBeCloseTo(p, 10)
        expect(d.fisherCdf(d.fisherQuantile(p, a, b), a, b)).toBeCloseTo(p, 10)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('refuses what is not a probability', () => {
  it('with SampleInvalid', () => {
    expect(() => d.normalQuantile(1.1)).toThrow('probability')
    expect(() => d.studentQuantile(0.5, 0)).toThrow('degrees of freedom')
    expect(() => d.lgamma(0)).toThrow('positive')
  })
})
