import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Down this list, a folder (or main file) imports only what stands above it. ARCHITECTURE.md explains each. */
const order = [
  'base',
  'stats',
  'analyze',
  'storage',
  'program',
  'people',
  'events',
  'channels',
  'invitations',
  'responses',
  'comments',
  'value',
  'cases',
  'notify',
  'improve',
  'insight',
  'reports',
  'simulate',
  'loop.ts',
  'http',
  'cli',
  'main.ts',
]

const source = resolve(import.meta.dirname, '../src')

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

const place = (file: string) => relative(source, file).split(sep)[0] ?? ''

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
  return specifiers.map((match) => resolve(dirname(file), match[1] as string))
}

describe('the layout', () => {
  const files = sourceFiles(source)

  it('has only the folders of the list', () => {
    const unknown = [...new Set(files.map(place))].filter((name) => !order.includes(name))
    expect(unknown).toEqual([])
  })

  it('lets a folder import only folders above it', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(source + sep))
        .filter((target) => order.indexOf(place(target)) > order.indexOf(place(file)))
        .map((target) => `${relative(source, file)} imports ${relative(source, target)}`),
    )
    expect(wrong).toEqual([])
  })

  it('imports every part of the product from within src', () => {
    // A test beside its code may use what tests share; the product itself may not.
    const product = files.filter((file) => !file.endsWith('.test.ts'))
    const outside = product.flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith(source + sep))
        .map((target) => `${relative(source, file)} imports ${target}`),
    )
    expect(outside).toEqual([])
  })

  it('reads the environment in base/config.ts alone', () => {
    const readers = files
      .filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
      .filter((file) => file !== join('base', 'config.ts'))
    expect(readers).toEqual([])
  })
})
