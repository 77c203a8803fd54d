import { describe, expect, it } from 'vitest'
import { json, refused, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// What a command asks for and cannot have is refused or told; it is never passed over.
const file = filesFor('idle')

describe('drivers of a covariance matrix', () => {
  const matrix = 'y,a,b\n2,0.4,0.3\n0.4,1,0.2\n0.3,0.2,1\n'
  const asked = ['--outcome', 'y', '--drivers', 'a,b', '--covariance']
  it('without --n have no F test and no degrees of freedom, nor a rule on rows', async () => {
    const path = file('m.csv', matrix)
    const { result, conventions } = await json('drivers', path, ...asked)
    expect([result.regression.dfModel, result.regression.dfResidual]).toEqual([2, null])
    expect(result.regression.reasons.dfResidual).toContain('not applicable')
    expect(conventions.join(' ')).not.toContain('rows are needed')
    const { out } = await run('drivers', path, ...asked)
    expect(out).toContain('No adjusted R² and no F test')
    expect(out).not.toMatch(/-\d+ df/)
  })
  it('keep to the fewest rows with --n', async () => {
    const path = file('m.csv', matrix)
    for (const n of ['3', '99']) {
      const made = await json('drivers', path, ...asked, '--n', n)
      expect([made.result, made.reasons.result]).toEqual([null, expect.stringContaining('too few')])
    }
    expect((await json('drivers', path, ...asked, '--n', '100')).result.regression.dfResidual).toBe(97)
    const few = await json('drivers', path, ...asked, '--n', '10', '--min-n', '10')
    expect(few.result.regression.dfResidual).toBe(7)
  })
  it('refuse limits and a least number of rows where there are none', async () => {
    const path = file('m.csv', matrix)
    for (const option of ['--level', '--min-n'])
      expect(await refused('drivers', path, ...asked, option, option === '--level' ? '.9' : '50')).toContain(
        `${option} has no effect with --covariance without --n`,
      )
  })
})

describe('an option that can have no effect is refused', () => {
  const path = () => file('rows.csv', `y,a,b\n${rowsOf(120, (i) => `${i % 5},${i % 7},${(i * 3) % 11}`)}\n`)
  it.each([
    ['drivers', ['--outcome', 'y', '--drivers', 'a,b', '--missing', 'pairwise', '--level', '.9'], '--level'],
    ['drivers', ['--outcome', 'y', '--drivers', 'a,b', '--bootstrap', '1'], '--bootstrap takes 20 resamples'],
    ['nps', ['--score', 'y', '--blank', ''], '--blank takes codes'],
    [
      'forecast',
      ['--value', 'y', '--start', 'fitted', '--start-level', '3'],
      '--start and --start-level cannot both be',
    ],
    ['value', ['--alpha', '-1', '--beta', '1', '--discount', '.1'], '--alpha is above 0, not -1'],
    ['value', ['--alpha', '1', '--beta', '0', '--discount', '.1'], '--beta is above 0, not 0'],
    [
      'value',
      ['--alpha', '1', '--beta', '1', '--discount', '.1', '--tenure', '0'],
      '--tenure counts payments made',
    ],
    [
      'value',
      ['--alpha', '1', '--beta', '1', '--discount', '.1', '--tenure', '1.5'],
      '--tenure counts payments made',
    ],
    [
      'value',
      ['--retention', '.8', '--discount', '.1', '--payments', '0'],
      '--payments takes a number between 1 and',
    ],
  ])('%s %j', async (method, options, told) => {
    expect(await refused(method, path(), ...options)).toContain(told)
  })
})

it('a discount beyond one is told in per cent', async () => {
  const path = file('one.csv', 'x\n1\n')
  const asked = ['--retention', '.8', '--discount']
  expect((await json('value', path, ...asked, '10')).conventions.at(-1)).toContain('1000 % a period')
  expect((await json('value', path, ...asked, '.1')).conventions.join(' ')).not.toContain('% a period')
})
