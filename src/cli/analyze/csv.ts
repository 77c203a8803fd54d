import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { CsvScanner } from './csv-scan.ts'
import { UsageError } from './method.ts'

/** A file of rows that can be read again and again without being held in memory. */
export interface Csv {
  readonly name: string
  readonly columns: readonly string[]
  readonly delimiter: string
  /** How the file was read where it was not plain UTF-8 with commas. */
  readonly notes: readonly string[]
  /** Calls `visit` with the cells of every data row; a short row is filled with blanks. Stops when it returns false.
   * @returns the number of data rows visited
   */
  eachRow(visit: (cells: readonly string[], row: number) => unknown): Promise<number>
}

/** Told now and then while a file is read: rows so far, and the part of the file read, 0..1. */
export type Progress = (rows: number, part: number) => void

export interface CsvOptions {
  readonly delimiter?: string
  readonly encoding?: string
  readonly progress?: Progress
}

const HEAD_BYTES = 256 * 1024
// Characters; a longer row is a quote that was never closed.
const LONGEST_ROW = 1 << 23
const PROGRESS_ROWS = 100_000
const DELIMITERS = [',', ';', '\t', '|'] as const

interface Source {
  readonly name: string
  readonly size: number
  readonly head: Buffer
  stream(): Readable
}

/** Opens a CSV file: finds its delimiter and encoding, and reads its first row as the names of the columns.
 * @throws UsageError when the file cannot be read or is empty
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<Csv> {
  let source: Source
  try {
    const { size } = await stat(path)
    const handle = await open(path)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    await handle.close()
    const stream = () => createReadStream(path, { highWaterMark: 1 << 18 })
    source = { name: basename(path), size, head: buffer.subarray(0, bytesRead), stream }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new UsageError(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`)
  }
  return csvOf(source, options)
}

/** The same from a text, for examples. */
export async function csvFromText(name: string, text: string, options: CsvOptions = {}): Promise<Csv> {
  const head = Buffer.from(text)
  return csvOf({ name, size: head.length, head, stream: () => Readable.from([head]) }, options)
}

async function csvOf(source: Source, options: CsvOptions): Promise<Csv> {
  const encoding = options.encoding ?? guessEncoding(source.head, source.size > source.head.length)
  const headText = new TextDecoder(encoding).decode(source.head)
  const delimiter = options.delimiter ?? guessDelimiter(headText)
  if (delimiter.length !== 1) throw new UsageError('--delimiter is one character')

  const read = async (visit: (cells: string[]) => boolean, seen: (part: number) => void): Promise<void> => {
    const decoder = new TextDecoder(encoding)
    const scanner = new CsvScanner(delimiter, visit)
    let bytes = 0
    for await (const chunk of source.stream()) {
      bytes += (chunk as Buffer).length
      seen(source.size > 0 ? bytes / source.size : 1)
      scanner.push(decoder.decode(chunk as Buffer, { stream: true }))
      if (scanner.stopped) return
      if (scanner.waiting > LONGEST_ROW) {
        throw new UsageError(`${source.name}: a quote in row ${scanner.rows} is not closed`)
      }
    }
    scanner.push(decoder.decode())
    scanner.end()
  }

  let header: string[] | undefined
  await read(
    (cells) => {
      header = cells
      return false
    },
    () => {},
  )
  if (!header) throw new UsageError(`${source.name} is empty`)
  const columns = columnNames(header)
  const notes: string[] = []
  if (encoding !== 'utf-8') notes.push(`Read as ${encoding}.`)
  if (delimiter !== ',')
    notes.push(`Cells are separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}.`)

  return {
    name: source.name,
    columns,
    delimiter,
    notes,
    async eachRow(visit) {
      let rows = -1
      let part = 0
      await read(
        (cells) => {
          rows++
          if (rows === 0) return true
          while (cells.length < columns.length) cells.push('')
          if (visit(cells, rows - 1) === false) return false
          if (rows % PROGRESS_ROWS === 0) options.progress?.(rows, part)
          return true
        },
        (seen) => {
          part = seen
        },
      )
      if (rows > PROGRESS_ROWS && rows % PROGRESS_ROWS > 0) options.progress?.(rows, 1)
      return rows
    },
  }
}

// Old exports are Windows-1252; a text that is valid UTF-8 by chance is as good as never anything else.
function guessEncoding(head: Buffer, cut: boolean): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: cut })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

// The delimiter that occurs most often outside quotes in the first line.
function guessDelimiter(text: string): string {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (!quoted && character === '\n') break
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const best = DELIMITERS.map((delimiter) => ({ delimiter, count: counts.get(delimiter) ?? 0 }))
  best.sort((a, b) => b.count - a.count)
  return best[0]!.count > 0 ? best[0]!.delimiter : ','
}

// Blank and repeated names get a number, so that every column can be named.
function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>()
  return header.map((cell, i) => {
    const base = cell.trim() || `column${i + 1}`
    let name = base
    for (let k = 2; taken.has(name); k++) name = `${base}_${k}`
    taken.add(name)
    return name
  })
}
