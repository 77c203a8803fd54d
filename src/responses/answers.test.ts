import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedProgram } from '../program/checked.ts'
import type { Program, ProgramQuestion } from '../program/schema.ts'
import { type Answers, type Showing, shownQuestions } from '../program/survey.ts'
import { commentOf, judgeAnswer, mergeAnswers } from './answers.ts'
import { surveyPages } from './survey.ts'

const questions: ProgramQuestion[] = [
  { id: 'recommend', kind: 'nps', required: true },
  {
    id: 'wrong',
    kind: 'multiChoice',
    show: 'answers.recommend <= 6',
    choices: [
      { value: 'late', text: 'Late' },
      { value: 'price', text: 'Price' },
    ],
  },
  { id: 'price', kind: 'text', maxLength: 40, show: '"price" in answers.wrong' },
  { id: 'effort', kind: 'ces' },
  { id: 'stars', kind: 'rating', from: 0, to: 3 },
  { id: 'segment', kind: 'text' },
  { id: 'callMe', kind: 'contactMe', show: 'has(answers.recommend) && answers.recommend <= 6' },
]
const program: Program = {
  samklang: 1,
  workspace: { name: 'Example', languages: ['en'], timeZone: 'UTC' },
  events: {},
  touchpoints: { visit: { name: 'Visit' } },
  metrics: {},
  surveys: { visit: { name: 'Visit', touchpoint: 'visit', kind: 'transactional', questions } },
}
const now = new Date('2026-03-02T09:00:00Z')
const showing: Showing = {
  checked: checkedProgram(program, 'v1'),
  survey: program.surveys.visit!,
  context: { at: now.toISOString() },
  known: { segment: { value: 'home', field: 'customer.segment', since: now.toISOString() } },
  now,
}
const question = (id: string) => questions.find((each) => each.id === id)!
const shownIds = (answers: Answers) => shownQuestions(showing, answers).map((each) => each.id)

describe('an answer', () => {
  it('to a scale is a whole number of that scale', () => {
    expect(judgeAnswer(question('recommend'), 10)).toEqual({ answer: 10 })
    expect(judgeAnswer(question('recommend'), 0)).toEqual({ answer: 0 })
    expect(judgeAnswer(question('effort'), 7)).toEqual({ answer: 7 })
    expect(judgeAnswer(question('stars'), 0)).toEqual({ answer: 0 })
    for (const [id, value] of [
      ['recommend', 11],
      ['recommend', -1],
      ['recommend', 9.5],
      ['recommend', '9'],
      ['recommend', true],
      ['effort', 0],
      ['effort', 8],
      ['stars', 4],
    ] as const) {
      expect(judgeAnswer(question(id), value)).toHaveProperty('fault')
    }
  })

  it('to several choices is a list of them, in the order of the question', () => {
    expect(judgeAnswer(question('wrong'), ['price', 'late'])).toEqual({ answer: ['late', 'price'] })
    expect(judgeAnswer(question('wrong'), ['late', 'late'])).toEqual({ answer: ['late'] })
    expect(judgeAnswer(question('wrong'), ['other'])).toHaveProperty('fault')
    expect(judgeAnswer(question('wrong'), 'late')).toHaveProperty('fault')
  })

  it('in text loses what nobody can read, and is refused when it is too long', () => {
    expect(judgeAnswer(question('price'), ' a\u0000b\ud800\r\nc ')).toEqual({ answer: ' ab\ufffd\nc ' })
    expect(judgeAnswer(question('price'), '')).toEqual({ answer: undefined })
    expect(judgeAnswer(question('price'), 'x'.repeat(41))).toHaveProperty('fault')
  })
})

describe('merging answers', () => {
  it('keeps the good ones beside a wrong one, and does not complete', () => {
    const merged = mergeAnswers(showing, {}, { recommend: 8, effort: 99, nosuch: 1 }, true)
    expect(merged.answers).toEqual({ recommend: 8 })
    expect(merged.state).toBe('partial')
    expect(merged.faults.map((fault) => fault.where)).toEqual(['effort', 'nosuch'])
  })

  it('refuses an answer to a question that is not shown, and to one that O-data answered', () => {
    const merged = mergeAnswers(showing, {}, { recommend: 9, callMe: true, segment: 'mine' }, false)
    expect(merged.answers).toEqual({ recommend: 9 })
    expect(merged.faults.map((fault) => fault.where)).toEqual(['callMe', 'segment'])
  })

  it('drops at the end what is no longer asked', () => {
    const first = mergeAnswers(showing, {}, { recommend: 2, wrong: ['price'], price: 'Too much' }, false)
    expect(first.faults).toEqual([])
    const changed = mergeAnswers(showing, first.answers, { recommend: 10 }, true)
    expect(changed).toEqual({ answers: { recommend: 10 }, state: 'completed', faults: [] })
  })

  it('needs what is required, and at least one answer', () => {
    expect(mergeAnswers(showing, {}, { effort: 3 }, true).faults).toEqual([
      { where: 'recommend', message: 'an answer is needed' },
    ])
    expect(mergeAnswers(showing, { recommend: 3 }, { recommend: null }, true).state).toBe('partial')
  })
})

describe('hostile answers, whatever they are', () => {
  const anyKey = fc.oneof(
    fc.constantFrom(...questions.map((each) => each.id), '__proto__', 'constructor', 'toString', ''),
    fc.string({ unit: 'binary' }),
  )
  const anyValue = fc.oneof(
    fc.integer({ min: -3, max: 12 }),
    fc.constantFrom(
      'late',
      'price',
      'x'.repeat(100),
      '<script>alert(1)</script>',
      null,
      true,
      Number.NaN,
      1e308,
    ),
    fc.array(fc.constantFrom('late', 'price', 'other', 3), { maxLength: 4 }),
    fc.anything(),
  )
  const anyAnswers = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 12 }).map((pairs) =>
    pairs.reduce<Record<string, unknown>>((all, [key, value]) => {
      Object.defineProperty(all, key, { value, enumerable: true, configurable: true, writable: true })
      return all
    }, {}),
  )

  it('never throw, and leave only answers that fit, each to a question of the survey', () => {
    fc.assert(
      fc.property(fc.array(anyAnswers, { maxLength: 4 }), fc.boolean(), (steps, complete) => {
        let kept: Answers = {}
        for (const [index, given] of steps.entries()) {
          const merged = mergeAnswers(showing, kept, given, complete && index === steps.length - 1)
          kept = merged.answers
          for (const [id, answer] of Object.entries(kept)) {
            expect(judgeAnswer(question(id), answer)).toEqual({ answer })
            expect(Object.hasOwn(showing.known, id)).toBe(false)
          }
          expect(JSON.stringify(kept)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
          if (merged.state === 'completed') {
            expect(kept.recommend).toBeTypeOf('number')
            expect(Object.keys(kept).filter((id) => !shownIds(kept).includes(id))).toEqual([])
          }
        }
        expect(Object.getPrototypeOf({})).toBe(Object.prototype)
      }),
      { numRuns: 500 },
    )
  })

  it('do not take a good answer with them', () => {
    fc.assert(
      fc.property(anyAnswers, fc.integer({ min: 1, max: 7 }), (given, effort) => {
        const merged = mergeAnswers(showing, {}, { ...given, effort }, false)
        expect(merged.answers.effort).toBe(effort)
      }),
      { numRuns: 300 },
    )
  })

  it('change nothing when they are sent again', () => {
    fc.assert(
      fc.property(anyAnswers, fc.boolean(), (given, complete) => {
        const once = mergeAnswers(showing, {}, given, complete)
        const twice = mergeAnswers(showing, once.answers, given, complete)
        expect(twice.answers).toEqual(once.answers)
        expect(twice.state).toBe(once.state)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the pages of a survey', () => {
  it('part before a question that looks back on its own page', () => {
    const ids = (answers: Answers) => surveyPages(showing, answers).map((page) => page.map((each) => each.id))
    expect(ids({})).toEqual([['recommend'], ['effort', 'stars']])
    expect(ids({ recommend: 3 })).toEqual([['recommend'], ['wrong'], ['effort', 'stars', 'callMe']])
    expect(ids({ recommend: 3, wrong: ['price'] })).toEqual([
      ['recommend'],
      ['wrong'],
      ['price', 'effort', 'stars', 'callMe'],
    ])
  })

  it('hold every question that is shown, once', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 0, max: 10 })), fc.boolean(), (score, price) => {
        const answers: Answers = {
          ...(score === null ? {} : { recommend: score }),
          ...(price ? { wrong: ['price'] } : {}),
        }
        expect(
          surveyPages(showing, answers)
            .flat()
            .map((each) => each.id),
        ).toEqual(shownIds(answers))
      }),
    )
  })
})

describe('the comment', () => {
  it('is all free text in the order of the questions', () => {
    const texts: ProgramQuestion[] = [
      { id: 'b', kind: 'text' },
      { id: 'a', kind: 'text' },
    ]
    expect(commentOf(texts, { a: 'second', b: 'first' })).toBe('first\n\nsecond')
    expect(commentOf(texts, {})).toBeNull()
  })
})
