import { expect, it } from 'vitest'
import { linkTo } from './portalLink.ts'

it.each([
  ['/cases/1', 'https://x.org/cases/1?workspace=two'],
  ['/cases?tab=mine', 'https://x.org/cases?tab=mine&workspace=two'],
  ['/cases#aside', 'https://x.org/cases?workspace=two#aside'],
  // These open for one person and need no account.
  ['/s/token', 'https://x.org/s/token'],
  ['/u/token', 'https://x.org/u/token'],
  ['/r/token', 'https://x.org/r/token'],
  ['https://elsewhere.org/review', 'https://elsewhere.org/review'],
])('a link to the portal names its workspace, others stay as they are: %s', (path, address) => {
  expect(linkTo('https://x.org', 'two', path)).toBe(address)
})
