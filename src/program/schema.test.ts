import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkProgram, faultLines } from './check.ts'
import { programJsonSchema } from './schema.ts'

const docs = resolve(import.meta.dirname, '../../docs')

describe('what is published about the program', () => {
  it('is the schema for editors, current', async () => {
    // Made anew by: npx vitest run src/program/schema.test.ts -u
    const text = `${JSON.stringify(programJsonSchema(), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(resolve(docs, 'program.schema.json'))
  })

  it('is a page whose YAML is one right program', () => {
    const page = readFileSync(resolve(docs, 'program.md'), 'utf8')
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
    expect(blocks.length).toBeGreaterThan(8)
    const files = blocks.map((block, at) => ({ path: `block ${at + 1}.yaml`, text: block[1] ?? '' }))
    expect(faultLines(checkProgram(files).faults)).toBe('')
  })

  it('is a page that tells every key of the schema', () => {
    const page = readFileSync(resolve(docs, 'program.md'), 'utf8')
    const code = [...page.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '').join(' ')
    const told = new Set(code.split(/[^A-Za-z]+/))
    const untold = [...keysOf(programJsonSchema())].filter((key) => !told.has(key))
    expect(untold).toEqual([])
  })
})

function keysOf(schema: unknown): Set<string> {
  const keys = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { properties } = value as { properties?: Record<string, unknown> }
    for (const key of Object.keys(properties ?? {})) keys.add(key)
    for (const each of Object.values(value)) visit(each)
  }
  visit(schema)
  return keys
}
