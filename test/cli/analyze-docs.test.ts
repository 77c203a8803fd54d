import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { analyzeDocs } from '../../src/cli/analyze/docs.ts'

it('docs/analyze.md is what the methods say of themselves (node src/cli/analyze/write-docs.ts writes it anew)', async () => {
  const written = readFileSync(resolve(import.meta.dirname, '../../docs/analyze.md'), 'utf8')
  const lines = (await analyzeDocs()).split('\n')
  const differing = written.split('\n').findIndex((line, i) => line !== lines[i])
  expect(differing, 'first line that differs').toBe(-1)
})
