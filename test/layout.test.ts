import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Down this list, a folder (or main file) of src imports only what stands above it. ARCHITECTURE.md explains each. */
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

/** The same within src/analyze. */
const orderOfAnalyze = [
  'output',
  'cells',
  'options',
  'columns',
  'answers',
  'table',
  'method.ts',
  'inputs',
  'suggest',
  'methods',
  'page',
  'command',
]

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')
const analyze = join(source, 'analyze')
const portal = join(root, 'web', 'portal', 'src')

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** What stands directly in a folder, and holds the file. */
const placeIn = (folder: string, file: string) => relative(folder, file).split(sep)[0] ?? ''
const place = (file: string) => placeIn(source, file)

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
  return specifiers.map((match) => resolve(dirname(file), match[1] as string))
}

/** The imports within a folder that lead from what stands above in a list to what stands below. */
function against(order: readonly string[], folder: string): string[] {
  return sourceFiles(folder).flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith(folder + sep))
      .filter((target) => order.indexOf(placeIn(folder, target)) > order.indexOf(placeIn(folder, file)))
      .map((target) => `${relative(folder, file)} imports ${relative(folder, target)}`),
  )
}

/** The shortest way along imports from a file back to itself; undefined where there is none.
 * @param imports what each file imports, types as well
 */
function circleOf(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const next = [start]
  for (const file of next)
    for (const target of imports.get(file) ?? []) {
      if (target === start) {
        const way = [start]
        for (let at = file; at !== start; at = cameFrom.get(at)!) way.unshift(at)
        return [start, ...way]
      }
      if (cameFrom.has(target)) continue
      cameFrom.set(target, file)
      next.push(target)
    }
  return undefined
}

/** Every circle of files that import each other, once: "a.ts imports b.ts imports a.ts". */
function circlesAmong(files: readonly string[]): string[] {
  const imports = new Map(files.map((file) => [file, importsOf(file)]))
  const found = new Map<string, string>()
  for (const file of files) {
    const circle = circleOf(file, imports)
    if (!circle) continue
    const members = [...new Set(circle)].sort().join(' ')
    if (!found.has(members)) found.set(members, circle.map((each) => relative(root, each)).join(' imports '))
  }
  return [...found.values()]
}

describe('the layout', () => {
  const files = sourceFiles(source)

  it('has only the folders of the list', () => {
    const unknown = [...new Set(files.map(place))].filter((name) => !order.includes(name))
    expect(unknown).toEqual([])
  })

  it('lets a folder import only folders above it', () => {
    expect(against(order, source)).toEqual([])
  })

  it('has an order of its own within analyze', () => {
    const unknown = sourceFiles(analyze).map((file) => placeIn(analyze, file))
    expect([...new Set(unknown)].filter((name) => !orderOfAnalyze.includes(name))).toEqual([])
    expect(against(orderOfAnalyze, analyze)).toEqual([])
  })

  it('lets no method of analyze know of another', () => {
    const methods = join(analyze, 'methods')
    const isList = (file: string) => placeIn(methods, file) === 'methods.ts'
    const wrong = sourceFiles(methods).flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(methods + sep) && !isList(file))
        .filter((target) => placeIn(methods, target) !== placeIn(methods, file))
        .map((target) => `${relative(methods, file)} imports ${relative(methods, target)}`),
    )
    expect(wrong).toEqual([])
  })

  it('has no circles of files that import each other, types included', () => {
    expect(circlesAmong([...files, ...sourceFiles(portal)])).toEqual([])
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
