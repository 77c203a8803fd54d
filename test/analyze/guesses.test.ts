import { describe, expect, it } from 'vitest'
import { rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// What the page takes the columns of a stranger's file for, and what it tells where they are not what they could be.
const file = filesFor('guesses')
const flat = (text: string) => text.replace(/\s+/g, ' ')
const page = async (name: string, content: string, ...options: string[]) =>
  flat((await run(file(name, content), ...options)).out)

describe('the page', () => {
  it('holds parts that were asked on the same points against the outcome', async () => {
    const rows = rowsOf(120, (i) => `${i % 11},${1 + ((i * 3) % 5)},${(i * 7) % 11},${1 + ((i * 2) % 5)}`)
    const out = await page('merged.csv', `A NPS,A CSAT,B NPS,B CSAT\n${rows}\n`)
    expect(out).toContain("--outcome 'A NPS' --drivers 'A CSAT,B CSAT' $".slice(0, -2))
    const described = await run('describe', file('merged.csv', `A NPS,A CSAT,B NPS,B CSAT\n${rows}\n`))
    expect(described.out).toContain('what delights? (2 of 3 columns, asked on the same points)')
    expect(out).not.toContain('--low 0-4')
  })
  it('takes Swedish coders and a machine for raters', async () => {
    const words = ['pris', 'service', 'leverans', 'annat']
    const rows = rowsOf(
      60,
      (i) =>
        `${i},${words[i % 4]},${words[(i + (i % 5 === 0 ? 1 : 0)) % 4]},${words[(i + (i % 7 === 0 ? 1 : 0)) % 4]}`,
    )
    const out = await page('agree.csv', `ärende,kodare A,kodare B,AI\n${rows}\n`)
    expect(out).toContain("--raters 'kodare A,kodare B,AI'")
  })
  it('tells figures that are no numbers as they are written', async () => {
    const rows = rowsOf(
      40,
      (i) =>
        `${1 + (i % 5)},0:0${i % 10}:2${i % 7},${i % 4 ? '' : '1'}12.5${i % 4 ? '' : '-'},${i % 8 ? 2 + (i % 3) : '-'}`,
    )
    const out = await page('figures.csv', `score,handling,amount,wait\n${rows}\n`)
    expect(out).toContain('handling holds durations or times of day')
    expect(out).toContain('amount holds 10 times a number with its minus behind it ("112.5-")')
    expect(out).toContain('wait is made of numbers but for "-" (5 times): --blank wait=- takes it as blank.')
  })
  it('tells so of its command, which can be run', async () => {
    const out = await page(
      'wait.csv',
      `score,wait\n${rowsOf(40, (i) => `${1 + (i % 5)},${i % 8 ? 2 + (i % 9) : '-'}`)}\n`,
      '--blank',
      'wait=-',
    )
    expect(out).toContain('wait (number, 13 % blank)')
    expect(out).not.toContain('made of numbers')
  })
  it('tells nothing of columns that are numbers, words or dates', async () => {
    const out = await page(
      'plain.csv',
      `score,shop,day,code\n${rowsOf(40, (i) => `${1 + (i % 5)},s${i % 3},2026-01-${10 + (i % 9)},A-${i}`)}\n`,
    )
    expect(out).not.toMatch(/durations|minus behind|made of numbers/)
  })
})

describe('a column called like a method', () => {
  const rows = rowsOf(60, (i) => `${1 + (i % 5)},${i % 11}`)
  it('picks no method as the value of an option', async () => {
    const path = file('methods.csv', `csat,nps\n${rows}\n`)
    for (const column of ['csat', 'nps']) {
      const { code, err } = await run(path, '--score', column)
      expect([code, err]).toEqual([2, expect.stringContaining("Unknown option '--score'")])
    }
    expect((await run(path, '--score', 'nps', 'nps')).out).toContain('nps of methods.csv')
    expect((await run('--json', 'csat', path, '--score=csat')).out).toContain('"method": "csat"')
  })
})
