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
  ])('%s %j', async (method, options, told) => {
    expect(await refused(method, path(), ...options)).toContain(told)
  })
})
