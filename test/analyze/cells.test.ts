import { describe, expect, it } from 'vitest'
import { labelledAnswers } from '../../src/analyze/answers/labelled.ts'
import { wordedAnswers } from '../../src/analyze/answers/words.ts'
import { toNumber } from '../../src/analyze/cells/cells.ts'
import { parseDate } from '../../src/analyze/cells/dates.ts'

describe('a number as people write it', () => {
  it.each([
    ['$1,234.50', 1234.5],
    ['-$5.00', -5],
    ['$-5', -5],
    ['12,34 €', 12.34],
    ['12 000,50 kr', 12000.5],
    ['12\u00a0000,50 kr', 12000.5],
    ["1'234.50", 1234.5],
    ['SEK 1 200', 1200],
    ['99:-', 99],
    ['5.3%', 5.3],
    ['5 %', 5],
    ['(123.00)', -123],
    ['−5', -5],
    ['1.234.567', 1234567],
    ['1 234', 1234],
  ])('%s is %d', (cell, value) => expect(toNumber(cell)).toBe(value))

  it.each([
    '192.168.100.200',
    '070-123',
    '12 Main',
    '1 23',
    '2024-01-01',
    '10-19',
    '3 - often',
    '10:30',
    '5/5',
    '>100',
    '(5',
    '5-',
    '1,2,3',
    '£12k',
    '10 kr/st',
  ])('%s is none', (cell) => expect(toNumber(cell)).toBeNaN())

  it('takes a dot before three digits for thousands where the file says so', () => {
    expect(toNumber('1.234')).toBe(1.234)
    expect(toNumber('1.234', { comma: 'decimal', dot: 'thousands' })).toBe(1234)
    expect(toNumber('1.5', { comma: 'decimal', dot: 'thousands' })).toBe(1.5)
  })
})

describe('a date as people write it', () => {
  it.each([
    ['31 Jan 2026', '2026-1-31'],
    ['January 31, 2026', '2026-1-31'],
    ['Mon, 31 Jan 2026 10:00:00', '2026-1-31'],
    ['31-Jan-26', '2026-1-31'],
    ['31. januar 2026', '2026-1-31'],
    ['31 janv. 2026', '2026-1-31'],
    ['5 maj 2026', '2026-5-5'],
    ['Dezember 2024', '2024-12-1'],
    ['Sept 2025', '2025-9-1'],
    ['1871', '1871-1-1'],
    ['46053', '2026-1-31'],
    ['1769817600', '2026-1-31'],
    ['1769817600123', '2026-1-31'],
  ])('%s', (text, expected) => {
    const date = parseDate(text)!
    expect(`${date.year}-${date.month}-${date.day}`).toBe(expected)
  })
  it('has two digits for the year only with the order given, 69 to 99 of the last century', () => {
    expect(parseDate('31/01/26')).toBeUndefined()
    expect(parseDate('31/01/26', 'dmy')).toEqual({ year: 2026, month: 1, day: 31 })
    expect(parseDate('1/31/99', 'mdy')).toEqual({ year: 1999, month: 1, day: 31 })
  })
  it.each(['10.1.12.3', '1.2.34.5', '1 Main 2020', '12:30:10', '12345', 'May be later'])(
    '%s is none',
    (text) => expect(parseDate(text, 'dmy')).toBeUndefined(),
  )
})

/** The numbers of values, NaN where they are none. */
const numbersOf = (found: ReturnType<typeof wordedAnswers>, ...values: string[]) =>
  found && 'numbers' in found ? values.map((value) => found.numbers.get(value) ?? Number.NaN) : found

describe('answers in words', () => {
  it('are read by the scale that holds them all, each on a point of its own', () => {
    const five = ['Strongly agree', 'agree', 'Disagree', "Don't know"]
    expect(numbersOf(wordedAnswers(five), ...five)).toEqual([5, 4, 2, Number.NaN])
    const swedish = ['Instämmer helt', 'Varken eller', 'Instämmer inte alls']
    expect(numbersOf(wordedAnswers(swedish), ...swedish)).toEqual([5, 3, 1])
    const seven = ['Strongly disagree', 'Somewhat agree', 'Agree', 'Strongly agree']
    expect(numbersOf(wordedAnswers(seven), ...seven)).toEqual([1, 5, 6, 7])
  })
  it.each([
    'Poor, Fair, Good, Very good, Excellent',
    'Very poor, Poor, Average, Good, Excellent',
    'Instämmer inte alls, Instämmer inte, Instämmer delvis inte, Varken eller, Instämmer delvis, Instämmer, Instämmer helt',
    'Mycket missnöjd, Missnöjd, Ganska missnöjd, Varken nöjd eller missnöjd, Ganska nöjd, Nöjd, Mycket nöjd',
    'Svært misfornøyd, Misfornøyd, Litt misfornøyd, Verken eller, Litt fornøyd, Fornøyd, Svært fornøyd',
    'Meget utilfreds, Utilfreds, Lidt utilfreds, Hverken eller, Lidt tilfreds, Tilfreds, Meget tilfreds',
    'Sehr unzufrieden, Unzufrieden, Eher unzufrieden, Weder noch, Eher zufrieden, Zufrieden, Sehr zufrieden',
    'Stimme gar nicht zu, Stimme eher nicht zu, Teils/teils, Stimme eher zu, Stimme voll zu',
    'Very dissatisfied, Dissatisfied, Somewhat dissatisfied, Neutral, Somewhat satisfied, Satisfied, Very satisfied',
    'Never, Very rarely, Rarely, Sometimes, Often, Always',
  ])('in their order: %s', (text) => {
    const words = text.split(', ')
    expect(numbersOf(wordedAnswers(words), ...words)).toEqual(words.map((_, i) => i + 1))
  })
  it('are in doubt where one does not belong, or where they fit two scales', () => {
    expect(wordedAnswers(['Good', 'Very good', 'Fair', 'Superb'])).toEqual({
      doubt: expect.stringContaining('"Superb"'),
    })
    expect(wordedAnswers(['Poor', 'Fair', 'Good', 'Very good'])).toEqual({
      doubt: 'its words fit more than one scale ("Poor" may be 1 or 2)',
    })
  })
  it('are none where they are a category, or two values are all there is', () => {
    expect(wordedAnswers(['Red', 'Green', 'Neutral'])).toBeUndefined()
    expect(wordedAnswers(['Agree', 'Disagree'])).toBeUndefined()
  })
  it('beside their number give the number', () => {
    const nps = labelledAnswers(['10 - Very likely', '9', '8', '0 - Not at all likely'], false)
    expect(numbersOf(nps, '10 - Very likely', '0 - Not at all likely')).toEqual([10, 0])
    expect(numbersOf(labelledAnswers(['Good (4)', 'Bad (2)', 'Fair (3)'], true), 'Good (4)')).toEqual([4])
    expect(numbersOf(labelledAnswers(['5 stars', '4 stars', '1 star'], true), '1 star')).toEqual([1])
    const coded = ['1 - Very dissatisfied', '3 - Neutral', '5 - Very satisfied', '9 - No opinion']
    expect(numbersOf(labelledAnswers(coded, true), ...coded)).toEqual([1, 3, 5, Number.NaN])
  })
  it('win over numbers that run against them, though the last point was never used', () => {
    const turned = ['1 - Very satisfied', '2 - Satisfied', '4 - Dissatisfied']
    expect(numbersOf(labelledAnswers(turned, true), ...turned)).toEqual([5, 4, 2])
    const ends = ['1 - Best, very good', '2', '3', '4', '5 - Worst, very bad']
    expect(numbersOf(labelledAnswers(ends, true), ...ends)).toEqual([5, 4, 3, 2, 1])
    const mixed = ['1 - Satisfied', '2 - Very dissatisfied', '3 - Neutral']
    expect(labelledAnswers(mixed, true)).toEqual({ doubt: expect.stringContaining('order of its numbers') })
  })
  it('are categories where nothing says that the numbers measure', () => {
    expect(labelledAnswers(['1. Private', '2. Public', '3. Other'], false)).toBeUndefined()
  })
})
