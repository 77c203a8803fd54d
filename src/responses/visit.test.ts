import { expect, it } from 'vitest'
import { firstOpenPage } from './visit.ts'

const pages = [['score', 'easy'], ['why'], ['comment', 'contact']].map((ids) => ids.map((id) => ({ id })))

it.each([
  ['the first page before any answer', {}, 0],
  ['the page they were on when it has questions open', { score: 3 }, 0],
  ['the next page when all of one is answered', { score: 3, easy: 5 }, 1],
  ['a page that was passed over whole', { score: 3, easy: 5, comment: 'late' }, 1],
  [
    'the page they were on, though an earlier question was passed over',
    { score: 3, why: 'x', comment: 'y' },
    2,
  ],
  ['the last page when all is answered', { score: 3, easy: 5, why: 'x', comment: 'y', contact: true }, 2],
])('who comes back goes on at %s', (_, answers, page) => {
  expect(firstOpenPage(pages, answers)).toBe(page)
})
