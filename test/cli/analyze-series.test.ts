import { describe, expect, it } from 'vitest'
import { json, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// Series as strangers keep them: years of a survey, months of a spreadsheet, days of a till.
const file = filesFor('series')
const flat = (text: string) => text.replace(/\s+/g, ' ')

describe('a forecast', () => {
  it('is not told from three years of answers', async () => {
    const path = file(
      'years.csv',
      `year,q1\n${rowsOf(90, (i) => `${2021 + (i % 3)},${1 + ((i * 7) % 5)}`)}\n`,
    )
    const out = flat((await run(path)).out)
    expect(out).toContain('3 points are too few to say where it is going: at least 8 are needed.')
    expect(out).not.toContain('expects')
  })
  it('reaches no further than half the series, unless asked to', async () => {
    const path = file('short.csv', `y\n${rowsOf(8, (i) => String(10 + ((i * 5) % 4)))}\n`)
    expect((await json('forecast', path, '--value', 'y')).result.forecast).toHaveLength(4)
    expect((await json('forecast', path, '--value', 'y', '--horizon', '6')).result.forecast).toHaveLength(6)
  })
  it('that is right to the last digit holds all values within its limits', async () => {
    const path = file('line.csv', `y\n${rowsOf(24, (i) => String(100 + i / 3))}\n`)
    const { result } = await json('forecast', path, '--value', 'y', '--model', 'holt')
    expect(result.models[0].backtest.coverage).toBe(1)
  })
})
