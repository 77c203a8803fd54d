import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import { expect } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { methods } from '../../src/analyze/methods/methods.ts'
import { outputSchema } from '../../src/analyze/methods/output-schema.ts'
import { pageSchema } from '../../src/analyze/page/schema.ts'

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

interface Answer {
  readonly method: string
  readonly command: string
  readonly sentences: readonly string[]
  readonly result: unknown
}

/** The page as JSON, held against its schema. */
export async function pageOf(path: string) {
  const { code, out } = await run(path, '--json')
  expect(code).toBe(0)
  const made = JSON.parse(out)
  const [ok, errors] = Schema.Errors(pageSchema, made)
  expect(ok ? [] : errors, path).toEqual([])
  return made as {
    answers: Answer[]
    more: { method: string; command: string; assumes: boolean }[]
    warnings: string[]
  }
}

/** The command lines of a page without the name of the file, those that were run first. */
export const commandsOf = ({ answers, more }: Awaited<ReturnType<typeof pageOf>>) =>
  [...answers, ...more].map(({ command }) => command.replace(/^samklang analyze (\S+) \S+/, '$1'))

/** Lines of a file, made one by one. */
export const rowsOf = (n: number, of: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => of(i)).join('\n')

/** The page, or what a method prints, with its lines joined, so that sentences are found whole. */
export const page = async (...argv: string[]) => (await run(...argv)).out.replace(/\s+/g, ' ')

/** Writes files of so many rows into a folder, and gives their paths. */
export const filesIn =
  (folder: string) =>
  (name: string, header: string, n: number, of: (i: number) => string): string => {
    const path = join(folder, name)
    writeFileSync(path, `${header}\n${rowsOf(n, of)}\n`)
    return path
  }

/** The i-th of some answers, the first three times, the second four times ... so that no two counts are alike. */
export const growing = (answers: readonly string[]) => {
  const all = answers.flatMap((answer, k) => Array<string>(k + 3).fill(answer))
  return (i: number) => all[i % all.length]!
}
