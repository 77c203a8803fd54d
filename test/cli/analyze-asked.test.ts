import { describe, expect, it } from 'vitest'
import { commandsOf, json, pageOf, rowsOf } from './analyzed.ts'
import { filesFor } from './files.ts'

// What the page asks of a file: every column that may tell something is asked after, or named with its command.
const file = filesFor('asked')

describe('one question beside several categories', () => {
  // By region and product alike, by "helped" 4 and 5 against 1 to 3.
  const answers = (i: number, high: number) => (i % 3 === 0 ? high : high - 1 - (i % 2))
  const rows = rowsOf(240, (i) => {
    const helped = (i >> 2) % 2 === 0
    return `${['Nord', 'Syd'][i % 2]},${'ABC'[(i >> 3) % 3]},${helped ? 'Ja' : 'Nej'},${answers(i, helped ? 5 : 3)}`
  })
  const path = file('cats.csv', `region,produkt,hjalpt,nojd\n${rows}\n`)
  it('is asked by all of them, and each has its command', async () => {
    const page = await pageOf(path)
    const related = page.answers.find(({ method }) => method === 'correlate')!
    expect(related.command).toContain('--x nojd --o region,produkt,hjalpt')
    expect(related.sentences[0]).toMatch(/^nojd differs between hjalpt Ja and Nej: lower for Nej \(r -0\.\d+/)
    expect(commandsOf(page)).toEqual([
      'csat --score nojd --by region',
      'correlate --x nojd --o region,produkt,hjalpt',
      'csat --score nojd --by produkt',
      'csat --score nojd --by hjalpt',
    ])
    expect(page.more.map(({ assumes }) => assumes)).toEqual([false, false])
  })
  it('and by one category alone once', async () => {
    const single = file('cat.csv', `region,nojd\n${rowsOf(60, (i) => `${'ab'[i % 2]},${1 + (i % 5)}`)}\n`)
    expect(commandsOf(await pageOf(single))).toEqual(['csat --score nojd --by region'])
    const many = file('many.csv', `town,nojd\n${rowsOf(300, (i) => `t${i % 15},${1 + (i % 5)}`)}\n`)
    expect(commandsOf(await pageOf(many))).toContain('correlate --x nojd --o town')
  })
})

it('pairs that have no p are in no count of pairs', async () => {
  // Nobody who had not finished was asked.
  const rows = rowsOf(
    66,
    (i) => `${i % 11 ? `${1 + (i % 5)},yes` : ',no'},100,${(i * 7) % 11},${(i * 5) % 13}`,
  )
  const path = file('constant.csv', `score,done,same,days,age\n${rows}\n`)
  const { sentences } = (await pageOf(path)).answers.find(({ method }) => method === 'correlate')!
  expect(sentences).toEqual([
    'No relation beyond chance in any of 2 pairs.',
    'Not tested: score and done (no variance).',
  ])
  const asked = ['--x', 'score', '--o', 'done,same,days,age', '--correction', 'bonferroni']
  const { conventions, result } = await json('correlate', path, ...asked)
  expect(conventions.join(' ')).toContain('p corrected over 2 pairs of 4, the others have no p')
  const days = result.pairs.find(({ o }: { o: string }) => o === 'days')
  expect(days.pCorrected).toBeCloseTo(Math.min(1, 2 * days.p), 12)
})
