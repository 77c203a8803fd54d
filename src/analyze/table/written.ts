import { CsvScanner } from './scan.ts'

// How a file is written, as its head shows it.
// In: the first bytes or their text. Out: encoding, delimiter, and the rows to know its shape by.

/** So many rows are looked at, at the most. */
export const FIRST_ROWS = 3000
const DELIMITERS = [',', ';', '\t', '|'] as const

/** The rows that lie wholly in the head; rows enough to tell the shape by. */
export function firstRows(head: string, delimiter: string, isWhole: boolean): string[][] {
  const rows: string[][] = []
  const scanner = new CsvScanner(delimiter, (cells) => rows.push(cells) < FIRST_ROWS)
  scanner.push(head)
  if (isWhole && !scanner.stopped) scanner.end()
  return rows
}

/** The encoding of a file. Old exports are Windows-1252; a text that is valid UTF-8 by chance is as good as never
 * anything else.
 * @param cut whether the file goes on after the head
 */
export function guessEncoding(head: Buffer, cut: boolean): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: cut })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The delimiter that occurs most often outside quotes in the first line; where that has none, as a title above the
 * table, the one that three of the next lines or more hold equally often.
 */
export function guessDelimiter(text: string): string {
  const lines: Map<string, number>[] = [new Map()]
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n') {
      if (lines.length > 12) break
      lines.push(new Map())
    } else lines.at(-1)!.set(character, (lines.at(-1)!.get(character) ?? 0) + 1)
  }
  const most = (counts: ReadonlyMap<string, number>) =>
    DELIMITERS.map((delimiter) => ({ delimiter, count: counts.get(delimiter) ?? 0 })).reduce((best, one) =>
      one.count > best.count ? one : best,
    )
  const first = most(lines[0]!)
  if (first.count > 0) return first.delimiter
  for (const line of lines.slice(1)) {
    const { delimiter, count } = most(line)
    if (count >= 2 && lines.filter((other) => other.get(delimiter) === count).length >= 3) return delimiter
  }
  return ','
}
