import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { analyzeDocs } from '../../src/analyze/command/docs.ts'
import { exampleFile, runExample } from '../../src/analyze/command/help.ts'
import { methods } from '../../src/analyze/methods/methods.ts'

const root = resolve(import.meta.dirname, '../..')

it('docs/analyze.md is what the methods say of themselves (node src/analyze/command/write-docs.ts writes it anew)', async () => {
  const written = readFileSync(resolve(import.meta.dirname, '../../docs/analyze.md'), 'utf8')
  const lines = (await analyzeDocs()).split('\n')
  const differing = written.split('\n').findIndex((line, i) => line !== lines[i])
  expect(differing, 'first line that differs').toBe(-1)
})

it('the examples of --help run as printed on files that the project holds', async () => {
  const here = process.cwd()
  process.chdir(root)
  try {
    for (const method of methods) {
      expect(readFileSync(exampleFile(method), 'utf8'), method.name).toBe(method.example.csv)
      const { command, output } = await runExample(method)
      const words = command.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
      let [out, err] = ['', '']
      const code = await analyze(words.slice(2), {
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        isTTY: false,
      })
      expect(`${code} ${err}`, command).toBe('0 ')
      expect(out, command).toBe(output)
    }
  } finally {
    process.chdir(here)
  }
})
