import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CellCounts, toNumber } from '../../src/analyze/cells/cells.ts'
import { dayNumber, PERIODS, parseDate, periodOf } from '../../src/analyze/cells/dates.ts'
import { periodIndex, periodName } from '../../src/analyze/cells/period-index.ts'
import { Profiler } from '../../src/analyze/columns/profile.ts'
import { toFlag } from '../../src/analyze/inputs/flags.ts'
import { TextColumn } from '../../src/analyze/inputs/kept-columns.ts'
import { joinDesigns, ModelColumn } from '../../src/analyze/inputs/model-columns.ts'
import { momentsOf, varianceOf } from '../../src/stats/moments.ts'
import { expectClose } from '../stats/reference.ts'

function profileOf(cells: readonly string[]) {
  const profiler = new Profiler('column', toNumber)
  for (const cell of cells) profiler.add(cell)
  return profiler.profile()
}

describe('the profile of a column', () => {
  it('counts what is there, blanks apart', () => {
    const { present, missing, distinct, numbers, dates, values, range } = profileOf([
      '3',
      '',
      '3',
      ' ',
      'x',
      '2026-01-31',
      '4,5',
    ])
    expect([present, missing, distinct, numbers, dates]).toEqual([5, 2, 4, 3, 1])
    expect(values[0]).toEqual({ value: '3', n: 2 })
    expect(range).toMatchObject({ low: 3, high: 4.5, mean: 3.5 })
  })
  it('has the mean and deviation of all numbers, repeated or not, listed or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 400 }),
        (values) => {
          const { range } = profileOf(values.map(String))
          const moments = momentsOf(values)
          expectClose(range!.mean, moments.mean, 1e-10, 1)
          expectClose(range!.sd, Math.sqrt(varianceOf(moments)), 1e-10, 1)
        },
      ),
    )
    const many = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003)
    expectClose(profileOf(many.map(String)).range!.sd, Math.sqrt(varianceOf(momentsOf(many))), 1e-10)
  })
  it('estimates how many values differ when they are too many to list', () => {
    const { distinct, distinctIsExact, values } = profileOf(
      Array.from({ length: 120_000 }, (_, i) => `customer-${i % 60_000}`),
    )
    expect(distinctIsExact).toBe(false)
    expect(values).toEqual([])
    expect(Math.abs(distinct - 60_000)).toBeLessThan(600)
  })
  it('reads dates in the order that fits most, and does not take numbers for dates', () => {
    expect(profileOf(['28.2.2026', '13.2.2026', '1.3.2026'])).toMatchObject({
      dates: 3,
      dateOrder: 'dmy',
      dateRange: { first: '2026-02-13', last: '2026-03-01' },
    })
    expect(profileOf(['1018.11', '2019.5', '123456']).dates).toBe(0)
  })
})

describe('a period', () => {
  it('has a number that grows by one, and its name back from it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(...PERIODS), (day, period) => {
        const date = parseDate(new Date(day * 86_400_000).toISOString())!
        const index = periodIndex(date, period)
        expect(periodName(index, period)).toBe(periodOf(date, period))
        const next = parseDate(new Date((dayNumber(date) + 1) * 86_400_000).toISOString())!
        const step = periodIndex(next, period) - index
        expect(step).toBe(periodOf(next, period) === periodOf(date, period) ? 0 : 1)
      }),
    )
  })
})

describe('yes and no', () => {
  it('are read in the usual words, or by the word that means yes', () => {
    expect(['1', 'TRUE', 'Yes', 'ja', '1.0'].map((cell) => toFlag(cell))).toEqual([1, 1, 1, 1, 1])
    expect(['0', 'false', 'No', 'nej', '0.0'].map((cell) => toFlag(cell))).toEqual([0, 0, 0, 0, 0])
    for (const cell of ['', 'NA', 'maybe', '2']) expect(toFlag(cell)).toBeNaN()
    expect([toFlag('churned', 'churned'), toFlag('active', 'churned'), toFlag('', 'churned')]).toEqual([
      1,
      0,
      Number.NaN,
    ])
  })
})

describe('explaining columns', () => {
  const column = (cells: string[], forced = false) => {
    const made = new ModelColumn('c', forced, toNumber)
    for (const cell of cells) made.push(cell)
    return made
  }
  const rows = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)
  it('are numbers as they are, and categories by level but the first', () => {
    const number = column(['1', '2,5', '3']).design(rows(3))
    const category = column(['b', 'a', 'c']).design(rows(3))
    expect(joinDesigns([number, category])).toEqual({
      names: ['c', 'c=b', 'c=c'],
      spreads: [expect.closeTo(Math.sqrt(13 / 18), 12), undefined, undefined],
      terms: [Float64Array.of(1, 2.5, 3), { codes: Uint8Array.of(1, 0, 2), levels: 3 }],
      references: { c: 'a' },
    })
    expect(column(['2', '1', '2'], true).design(rows(3)).names).toEqual(['c=2'])
  })
  it('leave out a stray word among numbers, and take a number among words as a word', () => {
    const counts = new CellCounts((cell) => toNumber(cell))
    const numbers = column([...Array(30).fill('1'), 'many'])
    expect(numbers.isCategory).toBe(false)
    expect(numbers.complete(30, counts)).toBe(false)
    expect(counts.toRecord()).toEqual({ 'c not a number': 1 })
    const words = column(['low', '5', 'high', ''])
    expect([0, 1, 2, 3].map((row) => words.complete(row))).toEqual([true, true, true, false])
    expect(words.design(rows(3)).references).toEqual({ c: '5' })
  })
  it('begin a category late, and keep two bytes a row until more are needed', () => {
    const late = column(['', '', 'b', 'a'])
    expect([0, 1, 2, 3].map((row) => late.complete(row))).toEqual([false, false, true, true])
    expect(late.design(Uint32Array.of(2, 3)).terms).toEqual([{ codes: Uint8Array.of(1, 0), levels: 2 }])
    const many = new TextColumn()
    for (let i = 0; i < 40_000; i++) many.push(`t${i}`)
    many.push('')
    expect([many.at(0), many.at(32_768), many.at(39_999), many.at(40_000)]).toEqual([0, 32_768, 39_999, -1])
    const few = new TextColumn(2)
    for (const text of ['a', 'b', 'c', 'a', 'd']) few.push(text)
    expect([[...few.values()], few.texts, few.isFull]).toEqual([[0, 1, 2, 0, 2], ['a', 'b'], true])
  })
  it('refuse a category of too many values', () => {
    expect(() => column(Array.from({ length: 61 }, (_, i) => `v${i}`)).design(rows(61))).toThrow(
      '60 different values',
    )
  })
})
