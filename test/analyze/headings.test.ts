import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { filesIn, json, page } from './analyzed.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-headings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = filesIn(folder)

const words = ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied']
const word = (i: number) => words[(i * i) % 5]

describe('a heading of two rows', () => {
  const answered = (i: number) =>
    `${900 + i},4/${1 + (i % 28)}/2026,${word(i)},${word(i + 1)},${i % 11},${i % 3 ? '' : 'Slow'}`
  it('is seen where the answers are words, by what it leaves blank', async () => {
    const path = file(
      'parts.csv',
      'Respondent ID,Start Date,How satisfied are you with:,,Recommend us?,Comments\n,,Staff,Price,,Open-Ended Response',
      60,
      answered,
    )
    const { rows, result } = await json('csat', path, '--score', 'How satisfied are you with: Staff')
    expect([rows, result.groups[0].n]).toEqual([60, 60])
    expect(await page(path)).toContain('The row below the names ("Staff" ...) goes on with the heading')
  })
  it('is seen by "Response" below each question', async () => {
    const path = file(
      'response.csv',
      'Respondent ID,Start Date,Are you satisfied?,And with the price?,Recommend us?,Comments\n,,Response,Response,Response,Open-Ended Response',
      8,
      answered,
    )
    expect((await json('csat', path, '--score', 'Are you satisfied?')).rows).toBe(8)
  })
  it('is seen where boxes were ticked, each column holding its own word', async () => {
    const path = file(
      'boxes.csv',
      'Respondent ID,Which did you use?,,Are you satisfied?\n,Phone,Mail,Response',
      40,
      (i) => `${i},${i % 2 ? 'Phone' : ''},${i % 3 ? '' : 'Mail'},${word(i)}`,
    )
    const { rows, result } = await json('csat', path, '--score', 'Are you satisfied?')
    expect([rows, result.groups[0].n]).toEqual([40, 40])
  })
  it('and of three rows is seen by its codes where no answer is a number', async () => {
    const path = file(
      'three.csv',
      'Q1,Q2\nAre you satisfied?,And with the price?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"',
      30,
      (i) => `${word(i)},${word(i + 1)}`,
    )
    expect((await json('csat', path, '--score', 'Q1')).rows).toBe(30)
  })
  it.each([
    ['a row of answers with a blank', 'id,a,b\n,Never,Often'],
    ['names of rows', ',a,b\nx,,Often'],
    ['a column without a name', 'id,a,\n7,Never,Often'],
    ['one who did not know', "id,a,\n,Never,Don't know"],
  ])('is not seen in %s', async (_, header) => {
    const path = file('none.csv', header, 20, (i) => `${i},${['Never', 'Often', 'Always'][i % 3]},x`)
    expect((await json('describe', path)).rows).toBe(21)
  })
})
