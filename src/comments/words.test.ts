import { describe, expect, it } from 'vitest'
import { wordMatcher } from './words.ts'

const matcher = wordMatcher([
  { id: 'waiting', words: { en: ['late*', 'too slow', 'wait'], sv: ['kö*', 'försen*'] } },
  { id: 'price', words: { en: ['price*', 'e-mail fee'] } },
  { id: 'none', words: {} },
])
const match = (text: string, language = 'en') => Object.fromEntries(matcher.match(text, language))

describe('a word list finds', () => {
  it('whole words, in any case of letters, and tells them as they were written', () => {
    expect(match('I had to WAIT; waiting is no list word.')).toEqual({ waiting: ['WAIT'] })
    expect(match('await the waiter')).toEqual({})
  })

  it('beginnings, at the beginning of a word alone', () => {
    expect(match('Later, lately and LATE; but not plate.')).toEqual({ waiting: ['Later', 'lately', 'LATE'] })
  })

  it('phrases, over whatever stands between their words but words', () => {
    expect(match('It was far too  slow, and the e-mail-fee!')).toEqual({
      waiting: ['too  slow'],
      price: ['e-mail-fee'],
    })
    expect(match('too very slow')).toEqual({})
    expect(match('it was too')).toEqual({})
  })

  it('letters of any alphabet, composed or not', () => {
    expect(match('KÖN var lång', 'sv')).toEqual({ waiting: ['KÖN'] })
    expect(match('Fo\u0308rsenad', 'sv-SE')).toEqual({ waiting: ['Fo\u0308rsenad'] })
  })

  it('in the language of the text; of a list that has none in it, in all it has', () => {
    expect(match('late, and the price', 'sv')).toEqual({ price: ['price'] })
    expect(match('kö and late', 'pt')).toEqual({ waiting: ['kö', 'late'] })
  })

  it('each word once', () => {
    expect(match('late Late LATE')).toEqual({ waiting: ['late'] })
    expect(match('')).toEqual({})
  })
})
