import { closeSync, createReadStream, createWriteStream, openSync, readSync, rmSync } from 'node:fs'
import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UsageError } from '../options/usage-error.ts'

/** The bytes of a file, which may be asked for again and again. */
export interface Source {
  readonly name: string
  readonly size: number
  readonly head: Buffer
  stream(): Readable
}

const HEAD_BYTES = 256 * 1024
const PIECE = { highWaterMark: 1 << 18 }

/** Opens a file, a pipe, or with `-` standard input. What can be read only once is first laid down in a file of the
 * temporary folder, which goes with the process.
 * @throws UsageError when it cannot be read
 */
export async function sourceOf(path: string): Promise<Source> {
  try {
    if (path !== '-') {
      const found = await stat(path)
      if (found.isDirectory()) throw new UsageError(`${path} is a folder; a CSV file is needed`)
      if (found.isFile()) return sourceFrom(basename(path), path, found.size)
    }
    const once = path === '-' ? createReadStream('', { fd: 0, ...PIECE }) : createReadStream(path, PIECE)
    const own = await mkdtemp(join(tmpdir(), 'samklang-'))
    process.once('exit', () => rmSync(own, { recursive: true, force: true }))
    const copy = join(own, 'input')
    await pipeline(once, createWriteStream(copy))
    return sourceFrom(path === '-' ? 'standard input' : basename(path), copy, (await stat(copy)).size)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (error instanceof UsageError) throw error
    throw new UsageError(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`)
  }
}

function sourceFrom(name: string, path: string, size: number): Source {
  const fd = openSync(path, 'r')
  const head = Buffer.alloc(HEAD_BYTES)
  const read = readSync(fd, head, 0, HEAD_BYTES, 0)
  closeSync(fd)
  return { name, size, head: head.subarray(0, read), stream: () => createReadStream(path, PIECE) }
}
