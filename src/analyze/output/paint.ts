// For: how results are told at a terminal: numbers, tables, small charts, bold and faint.
// In: figures, and whether the reader's terminal has colours. Out: text.
// json.ts and schema.ts beside it are the same for --json.
import { type Interval, isNoValue, type OrReason } from '../../stats/interval.ts'

/** Colours of the terminal, or none. */
export interface Paint {
  bold(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
}

const plain = (text: string) => text
const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`

export function paintFor(isTTY: boolean): Paint {
  if (!isTTY) return { bold: plain, faint: plain, good: plain, bad: plain }
  return { bold: code(1, 22), faint: code(2, 22), good: code(32, 39), bad: code(31, 39) }
}

const NOISE = 1e-14

/** A number for reading: fixed decimals, or the reason why there is none. */
export function number(value: OrReason<number> | undefined, decimals = 3): string {
  if (value === undefined) return ''
  if (isNoValue(value)) return `- (${value.reason})`
  if (!Number.isFinite(value as number)) return '- (out of range)'
  // What is left of a sum that should be 0.
  const x = Math.abs(value as number) < NOISE ? 0 : (value as number)
  if (x !== 0 && ((decimals >= 3 && Math.abs(x) < 0.5 * 10 ** -decimals) || Math.abs(x) >= 1e9))
    return x.toExponential(2)
  const text = x.toFixed(decimals)
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** A p-value: four decimals, or "< 0.0001". */
export function pValue(p: OrReason<number> | undefined): string {
  if (p === undefined) return ''
  if (isNoValue(p)) return `- (${p.reason})`
  return (p as number) < 0.0001 ? '< 0.0001' : (p as number).toFixed(4)
}

/** low .. high */
export function interval(limits: OrReason<Interval> | undefined, decimals = 3): string {
  if (limits === undefined) return ''
  if (isNoValue(limits)) return `- (${limits.reason})`
  const [low, high] = limits as Interval
  return `${number(low, decimals)} .. ${number(high, decimals)}`
}

export function percent(share: OrReason<number>, decimals = 1): string {
  return isNoValue(share) ? `- (${share.reason})` : `${(100 * (share as number)).toFixed(decimals)} %`
}

/** A whole number with thousands set apart. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A table for a terminal: the first column to the left, the others to the right unless named in `left`. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const shown = rows.slice(0, MOST_ROWS)
  const widths = titles.map((title, j) =>
    Math.max(width(visible(title)), ...shown.map((row) => width(visible(row[j] ?? '')))),
  )
  const line = (cells: readonly string[]) =>
    titles
      .map((_, j) => {
        const cell = visible(cells[j] ?? '')
        const space = ' '.repeat(widths[j]! - width(cell))
        return left.includes(j) ? cell + space : space + cell
      })
      .join('  ')
      .trimEnd()
  const more =
    rows.length > shown.length ? [`... and ${count(rows.length - shown.length)} more; --json has all`] : []
  return [line(titles), widths.map((w) => '─'.repeat(w)).join('  '), ...shown.map(line), ...more].join('\n')
}

// A line break inside a cell would break the table.
const visible = (text: string) =>
  text.replace(/[\n\r\t]/g, (sign) => (sign === '\n' ? '\\n' : sign === '\r' ? '\\r' : '\\t'))

const MOST_ROWS = 300

// Colour codes take no room.
function width(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  return [...text.replace(/\u001b\[\d+m/g, '')].length
}

/** A bar of `size` places for value between 0 and most. */
export function bar(value: number, most: number, size = 24): string {
  if (!(most > 0) || !(value > 0)) return ''
  const eighths = Math.round((8 * size * Math.min(value, most)) / most)
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]!
  return '█'.repeat(Math.floor(eighths / 8)) + rest
}

/** A value with its interval on a scale: ···├──●──┤··· */
export function whiskers(value: number, limits: Interval, low: number, high: number, size = 31): string {
  const place = (x: number) =>
    Math.max(0, Math.min(size - 1, Math.round(((x - low) / (high - low || 1)) * (size - 1))))
  const cells = Array<string>(size).fill('·')
  for (let i = place(limits[0]); i <= place(limits[1]); i++) cells[i] = '─'
  cells[place(limits[0])] = '├'
  cells[place(limits[1])] = '┤'
  cells[place(value)] = '●'
  return cells.join('')
}

/** A line of blocks, one a value; a gap where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const present = values.filter((value): value is number => value !== null)
  const low = Math.min(...present)
  const high = Math.max(...present)
  return values
    .map((value) =>
      value === null ? ' ' : '▁▂▃▄▅▆▇█'[high > low ? Math.round((7 * (value - low)) / (high - low)) : 3]!,
    )
    .join('')
}
