import { describe, expect, it } from 'vitest'
import { labelledAnswers, wordedAnswers } from '../../src/cli/analyze/answer-words.ts'
import { toNumber } from '../../src/cli/analyze/cells.ts'
import { parseDate } from '../../src/cli/analyze/dates.ts'

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

describe('answers in words', () => {
  it('are read by the scale that holds them all', () => {
    const found = wordedAnswers(['Strongly agree', 'agree', 'Disagree', "Don't know"])
    expect(found?.get('Strongly agree')).toBe(5)
    expect(found?.get('Disagree')).toBe(2)
    expect(found?.has("Don't know")).toBe(false)
    expect(
      wordedAnswers(['Instämmer helt', 'Varken eller', 'Instämmer inte alls'])?.get('Varken eller'),
    ).toBe(3)
    const seven = wordedAnswers(['Strongly agree', 'Agree', 'Somewhat agree', 'Strongly disagree'])
    expect([seven?.get('Somewhat agree'), seven?.get('Agree'), seven?.get('Strongly agree')]).toEqual([
      5, 6, 7,
    ])
  })
  it('are none where one does not belong, or two values are all there is', () => {
    expect(wordedAnswers(['Agree', 'Disagree', 'Maybe'])).toBeUndefined()
    expect(wordedAnswers(['Agree', 'Disagree'])).toBeUndefined()
  })
  it('beside their number give the number', () => {
    const nps = labelledAnswers(['10 - Very likely', '9', '8', '0 - Not at all likely'], false)
    expect(nps?.get('10 - Very likely')).toBe(10)
    expect(labelledAnswers(['Good (4)', 'Bad (2)', 'Fair (3)'], true)?.get('Good (4)')).toBe(4)
    expect(labelledAnswers(['5 stars', '4 stars', '1 star'], true)?.get('1 star')).toBe(1)
  })
  it('are categories where nothing says that the numbers measure', () => {
    expect(labelledAnswers(['1. Private', '2. Public', '3. Other'], false)).toBeUndefined()
  })
})
