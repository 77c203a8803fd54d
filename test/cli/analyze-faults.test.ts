import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Schema from 'typebox/schema'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/cli/analyze/command.ts'
import { methods } from '../../src/cli/analyze/methods.ts'
import { outputSchema } from '../../src/cli/analyze/schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = resolve(import.meta.dirname, '../../src/cli/analyze/main.ts')

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function run(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err }
}

/** The JSON of a command that must succeed, held against its schema. */
async function json(method: string, ...argv: string[]) {
  const { code, out, err } = await run(method, ...argv, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  const made = JSON.parse(out)
  const schema = outputSchema(methods.find((one) => one.name === method)!)
  const [ok, errors] = Schema.Errors(schema, made)
  expect(ok ? [] : errors).toEqual([])
  return made
}

describe('a command that cannot be carried out', () => {
  it('is told in one line with exit code 2 when a statistic refuses its options', async () => {
    const path = file('c5.csv', 'c5\n1\n3\n5\n')
    const { code, err } = await run('csat', path, '--score', 'c5', '--top', '3', '--bottom', '3')
    expect(code).toBe(2)
    expect(err).toBe('samklang analyze: top and bottom boxes overlap\n')
  })
  it('says that the page has no schema', async () => {
    const { code, err } = await run(file('s.csv', 'c5\n1\n'), '--schema')
    expect(code).toBe(2)
    expect(err).toContain('--schema needs a method')
  })
  it('ends quietly when the reader of its output goes away', async () => {
    const path = file('pipe.csv', `a,b\n${'1,2\n'.repeat(50)}`)
    const child = spawn(process.execPath, [main, 'describe', path], { stdio: ['ignore', 'pipe', 'pipe'] })
    // Closed before the first word is written.
    child.stdout.destroy()
    let told = ''
    child.stderr.on('data', (data) => {
      told += data
    })
    const code = await new Promise((done) => child.on('close', done))
    expect(told).toBe('')
    expect(code).toBe(0)
  })
})
