import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

// README.md beside this file tells which tests hold each statistic; here it is kept true.

const rows = readFileSync(resolve(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
const folder = resolve(import.meta.dirname, '../../src/stats')
const testOf = (name: string) => resolve(import.meta.dirname, `${name}.test.ts`)

it('every statistic has its example, its edges and its property', () => {
  const names = readdirSync(folder).map((file) => file.replace('.ts', ''))
  // It computes nothing: the words for having no value.
  const held = names.filter((name) => name !== 'interval')
  expect(rows.map(([name]) => name).toSorted()).toEqual(held.toSorted())
  for (const [name, ...tests] of rows) {
    expect(tests, name).toHaveLength(3)
    for (const test of tests) expect(existsSync(testOf(test)), `${name}: ${test}`).toBe(true)
    expect(readFileSync(testOf(tests[2]!), 'utf8'), `${name}: ${tests[2]}`).toContain('fc.property')
  }
})
