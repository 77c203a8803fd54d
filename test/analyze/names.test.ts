import { describe, expect, it } from 'vitest'
import { json, refused, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// Names as people have them: with commas, with letters that an older encoding wrote, or like a method's own.
const file = filesFor('names')

describe('--compare', () => {
  const people = ['Smith, J', 'Doe, A', 'Roe, B']
  const path = () =>
    file(
      'people.csv',
      `name,score,text\n${rowsOf(30, (i) => `"${people[i % 3]}",${(i * 7) % 11},good ${i % 2 ? 'and fast' : 'but slow'}`)}\n`,
    )
  const asked = ['--score', 'score', '--by', 'name']
  it('takes names with commas, parted where two that there are remain', async () => {
    for (const method of ['nps', 'csat'])
      for (const compared of [
        ['--compare', 'Smith, J,Doe, A'],
        ['--compare', 'Smith, J', '--compare', 'Doe, A'],
      ]) {
        const { result } = await json(method, path(), ...asked, ...compared)
        expect(result.differences).toHaveLength(1)
        expect([result.differences[0].first, result.differences[0].second]).toEqual([
          { group: 'Smith, J' },
          { group: 'Doe, A' },
        ])
      }
  })
  it('of words as well, given twice', async () => {
    const { result } = await json(
      'words',
      path(),
      '--text',
      'text',
      '--by',
      'name',
      '--compare',
      'Smith, J',
      '--compare',
      'Roe, B',
    )
    expect(
      result.contrasts.map(({ first, second }: { first: string; second: string }) => [first, second]),
    ).toEqual([['Smith, J', 'Roe, B']])
  })
  it('refuses what leaves no two names', async () => {
    expect(await refused('nps', path(), ...asked, '--compare', 'Doe, A,Nobody')).toContain(
      'or the option twice where a name holds a comma',
    )
    expect(await refused('nps', path(), ...asked, '--compare', 'Smith,Doe')).toContain(
      'there is no group or period "Smith"',
    )
    expect(await refused('nps', path(), ...asked, '--compare', 'Doe, A')).toContain(
      'there is no group or period "Doe"',
    )
  })
})

describe('an encoding that does not fit', () => {
  const latin = Buffer.from(
    `ort,score\n${rowsOf(20, (i) => `${i % 2 ? 'Göteborg' : 'Malmö'},${i % 11}`)}\n`,
    'latin1',
  )
  it('is told', async () => {
    const path = file('latin.csv', latin)
    const made = await json('nps', path, '--score', 'score', '--by', 'ort', '--encoding', 'utf-8')
    expect(made.conventions.join(' ')).toContain('characters that cannot be read as utf-8')
    expect((await run(path, '--encoding', 'utf-8')).out.replace(/\s+/g, ' ')).toContain(
      'without --encoding it is found by itself',
    )
  })
  it('is not told of one that fits', async () => {
    const made = await json('nps', file('latin.csv', latin), '--score', 'score', '--by', 'ort')
    expect(made.result.groups.map(({ group }: { group: string }) => group)).toEqual(['Göteborg', 'Malmö'])
    expect(made.conventions.join(' ')).not.toContain('cannot be read')
  })
})
