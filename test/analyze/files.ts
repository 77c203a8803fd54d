import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder of small files for one test file, removed after its tests.
 * @returns writes a file, and gives its path
 */
export function filesFor(name: string): (file: string, content: string | Buffer) => string {
  const folder = mkdtempSync(join(tmpdir(), `samklang-${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return (file, content) => {
    const path = join(folder, file)
    writeFileSync(path, content)
    return path
  }
}
