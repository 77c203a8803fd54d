import { describe, expect, it } from 'vitest'
import { json, refused, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// Series as strangers keep them: years of a survey, months of a spreadsheet, days of a till.
const file = filesFor('series')
const flat = (text: string) => text.replace(/\s+/g, ' ')

describe('the months, quarters and weeks of a file', () => {
  const short = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  it.each([
    ['Jan-20', 'month', (i: number) => `${short[i % 12]}-${20 + Math.floor(i / 12)}`],
    [
      '01/2020',
      'month',
      (i: number) => `${String(1 + (i % 12)).padStart(2, '0')}/${2020 + Math.floor(i / 12)}`,
    ],
    ['Q1 2020', 'quarter', (i: number) => `Q${1 + (i % 4)} ${2020 + Math.floor(i / 4)}`],
    ['Kv1 2020', 'quarter', (i: number) => `Kv${1 + (i % 4)} ${2020 + Math.floor(i / 4)}`],
    [
      'W01 2020',
      'week',
      (i: number) => `W${String(1 + (i % 52)).padStart(2, '0')} ${2020 + Math.floor(i / 52)}`,
    ],
    ['2020v01', 'week', (i: number) => `2020v${String(1 + (i % 52)).padStart(2, '0')}`],
  ])('written as %s are dates', async (name, period, of) => {
    const path = file(
      `${period}.csv`,
      `when,calls\n${rowsOf(36, (i) => `${of(i)},${500 + ((i * 7) % 40)}`)}\n`,
    )
    expect((await run(path)).out, name).toContain(`--value calls --date when --period ${period}`)
    const made = await json('trend', path, '--value', 'calls', '--date', 'when', '--period', period)
    expect([made.used, made.result.points.length]).toEqual([36, 36])
  })
})

describe('days without a year', () => {
  const days = (name: string, n: number) =>
    file(
      name,
      `Day,Calls\n${rowsOf(n, (i) => {
        const day = new Date(Date.UTC(2024, 0, 1 + i))
        const month = ['Jan', 'Feb', 'Mar', 'Apr'][day.getUTCMonth()]
        return `${month}-${String(day.getUTCDate()).padStart(2, '0')},${30 + ((i * 7) % 11)}`
      })}\n`,
    )
  it('are no months of 2001 and on: told, and refused as dates', async () => {
    expect((await run(days('few.csv', 59))).out).toContain('days without a year')
    const path = days('yearless.csv', 120)
    const { out } = await run(path)
    expect(flat(out)).toContain('Day holds days without a year ("Jan-01" ...)')
    expect(out).not.toContain('per year')
    expect(await refused('trend', path, '--value', 'Calls', '--date', 'Day')).toContain('days without a year')
  })
  it('are months of years where a month has no such day', async () => {
    const months = ['Jan', 'Feb', 'Mar', 'Apr']
    const path = file(
      'years.csv',
      `Month,Calls\n${rowsOf(124, (i) => `${months[i % 4]}-${String(1 + Math.floor(i / 4)).padStart(2, '0')},${i % 9}`)}\n`,
    )
    expect((await run(path)).out).not.toContain('without a year')
  })
})

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
  it('of days that follow each other has the week for its cycle, without --period as well', async () => {
    const days = rowsOf(
      60,
      (i) => `${new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10)},${50 + 9 * (i % 7)}`,
    )
    const path = file('days.csv', `day,orders\n${days}\n`)
    const asked = ['--value', 'orders', '--date', 'day']
    expect((await json('forecast', path, ...asked)).result.cycle).toBe(7)
    const apart = file(
      'apart.csv',
      `day,orders\n${days
        .split('\n')
        .filter((_, i) => i % 2 === 0)
        .join('\n')}\n`,
    )
    expect((await json('forecast', apart, ...asked)).result.cycle).toBe(1)
  })
  it('that is right to the last digit holds all values within its limits', async () => {
    const path = file('line.csv', `y\n${rowsOf(24, (i) => String(100 + i / 3))}\n`)
    const { result } = await json('forecast', path, '--value', 'y', '--model', 'holt')
    expect(result.models[0].backtest.coverage).toBe(1)
  })
})
