import Schema from 'typebox/schema'
import { expect } from 'vitest'
import { analyze } from '../../src/cli/analyze/command.ts'
import { methods } from '../../src/cli/analyze/methods.ts'
import { outputSchema } from '../../src/cli/analyze/schema.ts'

/** Runs the command as a shell would, with what it prints. */
export async function run(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err }
}

/** What a command that must be refused says. */
export async function refused(...argv: string[]): Promise<string> {
  const { code, err } = await run(...argv)
  expect(code).toBe(2)
  return err.replace(/^samklang analyze: /, '').trimEnd()
}

/** The JSON of a command that must succeed, held against its schema. */
export async function json(method: string, ...argv: string[]) {
  const { code, out, err } = await run(method, ...argv, '--json')
  expect(err).toBe('')
  expect(code).toBe(0)
  const made = JSON.parse(out)
  const [ok, errors] = Schema.Errors(outputSchema(methods.find((one) => one.name === method)!), made)
  expect(ok ? [] : errors).toEqual([])
  return made
}

/** Lines of a file, made one by one. */
export const rowsOf = (n: number, of: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => of(i)).join('\n')
